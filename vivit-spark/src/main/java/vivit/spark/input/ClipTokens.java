package vivit.spark.input;

import java.util.stream.IntStream;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.model.shape.TokenGrid;
import vivit.model.shape.Tubelet;

/**
 * Turns bytes into floats, the one place where that happens.
 *
 * <p>Clips {@code [T, H, W, 3]} of uint8 become tokens {@code [n, t*p*p*3]} of float32 in [-1, 1]:
 * {@code x * (2/255) - 1}. Tokens are ordered time first, then row, then column; the values of a
 * token time, row, column, channel. Trailing frames and pixels that fill no tubelet are dropped;
 * under uniform frame sampling only the sampled frames are read.
 */
public final class ClipTokens {
  private static final float[] NORMALISED = new float[256];

  static {
    for (int i = 0; i < NORMALISED.length; i++) {
      NORMALISED[i] = i * (2f / 255f) - 1f;
    }
  }

  private final ClipShape clip;
  private final Tubelet tubelet;
  private final TokenGrid grid;
  private final int[] frames;

  /** For the clips of a model. */
  public ClipTokens(ViViTConfig config) {
    this(
        config.clip(),
        config.tubelet(),
        config.grid(),
        config.sampledFrames() > 0
            ? config.sampledFrameIndices().stream().mapToInt(frame -> frame).toArray()
            : IntStream.range(0, config.clip().frames()).toArray());
  }

  /** For tubelets of all frames of a clip. */
  public ClipTokens(ClipShape clip, Tubelet tubelet) {
    this(clip, tubelet, clip.grid(tubelet), IntStream.range(0, clip.frames()).toArray());
  }

  private ClipTokens(ClipShape clip, Tubelet tubelet, TokenGrid grid, int[] frames) {
    if ((long) clip.height() * clip.width() * 3 > Integer.MAX_VALUE / clip.frames()
        || (long) grid.tokens() * tubelet.values() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          clip + " has more numbers than one array can hold; use a smaller model.clip");
    }
    this.clip = clip;
    this.tubelet = tubelet;
    this.grid = grid;
    this.frames = frames;
  }

  /** Token values of one clip. */
  public int values() {
    return grid.tokens() * tubelet.values();
  }

  /** Size of the clips. */
  ClipShape clip() {
    return clip;
  }

  /**
   * Bytes {@code [T, H, W, 3]} as floats in [-1, 1], in {@code room} if it has the right length,
   * otherwise in a new array.
   */
  float[] normalise(byte[] pixels, float[] room) {
    requireLength(pixels.length);
    float[] floats = room.length == pixels.length ? room : new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      floats[i] = NORMALISED[pixels[i] & 0xff];
    }
    return floats;
  }

  /**
   * Writes the tokens of {@code pixels}, {@code [T, H, W, 3]}, to {@code out} from {@code offset}.
   */
  public void write(byte[] pixels, float[] out, int offset) {
    requireLength(pixels.length);
    write(
        (from, at, count) -> {
          for (int i = 0; i < count; i++) {
            out[at + i] = NORMALISED[pixels[from + i] & 0xff];
          }
        },
        offset);
  }

  /** Writes the tokens of a clip {@code [T, H, W, 3]} that is normalised already. */
  public void write(float[] floats, float[] out, int offset) {
    requireLength(floats.length);
    write((from, at, count) -> System.arraycopy(floats, from, out, at, count), offset);
  }

  private void write(Run copy, int offset) {
    int run = tubelet.width() * 3;
    int at = offset;
    for (int n = 0; n < grid.tokens(); n++) {
      int time = n / grid.spatial();
      int row = n % grid.spatial() / grid.width();
      int column = n % grid.width();
      for (int t = 0; t < tubelet.frames(); t++) {
        for (int y = 0; y < tubelet.height(); y++) {
          int frame = frames[time * tubelet.frames() + t];
          int line = frame * clip.height() + row * tubelet.height() + y;
          copy.copy((line * clip.width() + column * tubelet.width()) * 3, at, run);
          at += run;
        }
      }
    }
  }

  private void requireLength(int length) {
    int values = clip.frames() * clip.height() * clip.width() * 3;
    if (length != values) {
      throw new IllegalArgumentException(
          "a clip of " + length + " values; " + clip + " has " + values);
    }
  }

  /** Copies values that lie together. */
  private interface Run {
    void copy(int from, int at, int count);
  }
}
