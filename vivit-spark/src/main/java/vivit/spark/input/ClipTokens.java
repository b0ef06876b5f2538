package vivit.spark.input;

import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import vivit.dataprep.config.Refusal;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.model.shape.TokenGrid;
import vivit.model.shape.Tubelet;
import vivit.spark.input.TokenBuffer.TokenShape;

/**
 * Converts bytes to floats, here only.
 *
 * <p>Clips {@code [T, H, W, 3]} of uint8 become tokens {@code [n, t*p*p*3]} of float32 in [-1, 1]:
 * {@code x * (2/255) - 1}. Tokens are ordered time first, then row, then column; the values of a
 * token time, row, column, channel. Trailing frames and pixels that do not fill a tubelet are
 * dropped; under uniform frame sampling only the sampled frames are read.
 */
public final class ClipTokens {
  /** A number from -1 to 1 for every byte, taken as 0 to 255. */
  static final float[] NORMALISED = new float[256];

  static {
    for (int i = 0; i < NORMALISED.length; i++) {
      NORMALISED[i] = i * (2f / 255f) - 1f;
    }
  }

  private final ClipShape clip;
  private final Tubelet tubelet;
  private final TokenGrid grid;
  private final int[] frames;

  /** Creates the conversion for the clips of a model. */
  public ClipTokens(ViViTConfig config) {
    this(
        config.clip(),
        config.tubelet(),
        config.grid(),
        config.sampledFrames() > 0
            ? config.sampledFrameIndices().stream().mapToInt(frame -> frame).toArray()
            : IntStream.range(0, config.clip().frames()).toArray());
  }

  /** Creates the conversion for tubelets of all frames of a clip. */
  public ClipTokens(ClipShape clip, Tubelet tubelet) {
    this(clip, tubelet, clip.grid(tubelet), IntStream.range(0, clip.frames()).toArray());
  }

  private ClipTokens(ClipShape clip, Tubelet tubelet, TokenGrid grid, int[] frames) {
    if ((long) clip.height() * clip.width() * 3 > Integer.MAX_VALUE / clip.frames()
        || (long) grid.tokens() * tubelet.values() > Integer.MAX_VALUE) {
      throw new Refusal(
          clip + " has more numbers than one array can hold; use a smaller model.clip");
    }
    this.clip = clip;
    this.tubelet = tubelet;
    this.grid = grid;
    this.frames = frames;
  }

  /** Number of token values of one clip. */
  public int values() {
    return grid.tokens() * tubelet.values();
  }

  /** Size of the clips. */
  ClipShape clip() {
    return clip;
  }

  /** Number of tokens {@code n} of a clip and of values {@code v} of a token. */
  public TokenShape shape() {
    return new TokenShape(grid.tokens(), tubelet.values());
  }

  /** Number of tokens along time. */
  int times() {
    return grid.time();
  }

  /** Number, in the clip, of frame {@code t} of the tubelets at {@code time}. */
  int frame(int time, int t) {
    return frames[time * tubelet.frames() + t];
  }

  /** Number of frames of a tubelet. */
  int tubeletFrames() {
    return tubelet.frames();
  }

  /**
   * Writes the tokens of {@code pixels}, {@code [T, H, W, 3]}, to {@code out} and advances its
   * position by {@link #values}.
   */
  public void write(byte[] pixels, FloatBuffer out) {
    requireLength(pixels.length);
    float[] token = new float[tubelet.values()];
    int run = tubelet.width() * 3;
    for (int n = 0; n < grid.tokens(); n++) {
      int at = 0;
      for (int t = 0; t < tubelet.frames(); t++) {
        int from = corner(n, frame(n / grid.spatial(), t));
        for (int y = 0; y < tubelet.height(); y++) {
          for (int i = from; i < from + run; i++) {
            token[at++] = NORMALISED[pixels[i] & 0xff];
          }
          from += clip.width() * 3;
        }
      }
      out.put(token);
    }
  }

  /** Writes the tokens of a clip {@code [T, H, W, 3]} that is already normalised. */
  public void write(float[] floats, FloatBuffer out) {
    requireLength(floats.length);
    int[] of = new int[tubelet.frames()];
    for (int time = 0; time < grid.time(); time++) {
      for (int t = 0; t < of.length; t++) {
        of[t] = frame(time, t);
      }
      write(floats, of, out);
    }
  }

  /**
   * Writes the tokens of one time.
   *
   * @param slab {@code [t, H, W, 3]}: the frames of these tubelets, normalised
   */
  void writeTime(float[] slab, FloatBuffer out) {
    write(slab, IntStream.range(0, tubelet.frames()).toArray(), out);
  }

  /** Writes the tokens of one time, whose tubelets have these frames. */
  private void write(float[] floats, int[] of, FloatBuffer out) {
    float[] token = new float[tubelet.values()];
    int run = tubelet.width() * 3;
    int line = clip.width() * 3;
    for (int spatial = 0; spatial < grid.spatial(); spatial++) {
      int at = 0;
      for (int frame : of) {
        int from = corner(spatial, frame);
        for (int y = 0; y < tubelet.height(); y++) {
          System.arraycopy(floats, from + y * line, token, at, run);
          at += run;
        }
      }
      out.put(token);
    }
  }

  /** Index of the top left corner of a token in a frame of {@code [T, H, W, 3]}. */
  private int corner(int token, int frame) {
    int row = token % grid.spatial() / grid.width() * tubelet.height();
    int column = token % grid.width() * tubelet.width();
    return ((frame * clip.height() + row) * clip.width() + column) * 3;
  }

  private void requireLength(int length) {
    int values = clip.frames() * clip.height() * clip.width() * 3;
    if (length != values) {
      throw new IllegalArgumentException(
          "a clip of " + length + " values; " + clip + " has " + values);
    }
  }
}
