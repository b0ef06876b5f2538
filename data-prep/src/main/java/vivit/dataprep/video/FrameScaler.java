package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_ARIB_STD_B67;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_SMPTE2084;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_INTENT_PERCEPTUAL;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import vivit.dataprep.clip.FrameCutter;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.video.PictureSettings.Aspect;
import vivit.dataprep.video.PictureSettings.Scaler;
import vivit.dataprep.video.PictureSettings.ToneMap;

/** Converts decoded frames to RGB bytes of a given size, oriented as a player shows them. */
final class FrameScaler implements AutoCloseable {
  private static final int CHANNELS = 3;

  private final PictureSettings settings;
  private final RgbConverter converter;
  private RgbConverter reducer; // FFmpeg's scaler, created on first use
  private FrameCutter resizer;
  private FrameSize resizedFrom;
  private FrameSize resizedTo;
  private byte[] stored = new byte[0];
  private byte[] shown = new byte[0];

  FrameScaler(PictureSettings settings) throws IOException {
    Ffmpeg.load();
    this.settings = settings;
    this.converter = new RgbConverter(SWS_BILINEAR, settings.toneMap());
  }

  /**
   * The size in which a frame is shown, before it is turned.
   *
   * @param pixel the shape of its pixels, width by height
   */
  FrameSize shown(AVFrame frame, AVRational pixel) {
    FrameSize own = new FrameSize(frame.height(), frame.width());
    if (settings.aspect() == Aspect.STORED || pixel.num() <= 0 || pixel.den() <= 0) {
      return own;
    }
    long width = Math.round(own.width() * (double) pixel.num() / pixel.den());
    boolean plausible = width >= 1 && width * own.height() <= FrameDecoder.MOST_PIXELS;
    return plausible ? new FrameSize(own.height(), (int) width) : own;
  }

  /**
   * Converts, turns and resizes a frame.
   *
   * @param size of the result, as shown
   * @param out receives {@code [height, width, 3]}
   */
  void scale(AVFrame frame, Orientation orientation, FrameSize size, byte[] out)
      throws IOException {
    FrameSize own = new FrameSize(frame.height(), frame.width());
    FrameSize wanted = orientation.turned(size); // as stored: turning is its own inverse
    if (settings.scaler() == Scaler.ANTIALIAS && !own.equals(wanted)) {
      if (reducer == null) {
        reducer = new RgbConverter(SWS_BICUBIC | SWS_ACCURATE_RND, settings.toneMap());
      }
      reducer.convert(frame, wanted);
      turn(reducer, orientation, wanted, out);
      return;
    }
    converter.convert(frame, own);
    if (own.equals(wanted)) {
      turn(converter, orientation, own, out);
    } else if (orientation.equals(Orientation.UPRIGHT)) {
      resizer(own, size).cut(converter::copy, out);
    } else {
      shown = room(shown, own);
      turn(converter, orientation, own, shown);
      byte[] turned = shown;
      resizer(orientation.turned(own), size)
          .cut((y, row) -> System.arraycopy(turned, y * row.length, row, 0, row.length), out);
    }
  }

  @Override
  public void close() {
    converter.close();
    if (reducer != null) {
      reducer.close();
    }
  }

  private void turn(RgbConverter from, Orientation orientation, FrameSize size, byte[] out) {
    if (orientation.equals(Orientation.UPRIGHT)) {
      from.copy(out);
      return;
    }
    stored = room(stored, size);
    from.copy(stored);
    orientation.turn(stored, size, out);
  }

  private FrameCutter resizer(FrameSize from, FrameSize to) {
    if (!from.equals(resizedFrom) || !to.equals(resizedTo)) {
      resizer = new FrameCutter(from, to, FrameCutter.Window.whole(to));
      resizedFrom = from;
      resizedTo = to;
    }
    return resizer;
  }

  private static byte[] room(byte[] bytes, FrameSize size) {
    int length = Math.multiplyExact(size.height() * CHANNELS, size.width());
    return bytes.length >= length ? bytes : new byte[length];
  }

  /**
   * Converts decoded frames to RGB with the colour matrix and range that each frame states, and
   * without converting transfer curves, as FFmpeg does by default, unless those of high dynamic
   * range are to be mapped. Holds the last converted frame in native memory, which is reused.
   */
  private static final class RgbConverter implements AutoCloseable {
    private final SwsContext context;
    private final ToneMap toneMap;
    private AVFrame rgb;
    private FrameSize size;
    private int rowBytes;
    private ByteBuffer pixels;

    /** Creates a converter with flags of FFmpeg's scaler. */
    RgbConverter(int flags, ToneMap toneMap) throws IOException {
      this.toneMap = toneMap;
      context = Ffmpeg.present(sws_alloc_context(), "memory for a converter");
      context.flags(flags);
      context.threads(1);
      context.intent(SWS_INTENT_PERCEPTUAL);
    }

    /** Converts a frame, and scales it if the size differs from its own. */
    void convert(AVFrame frame, FrameSize to) throws IOException {
      if (!to.equals(size)) {
        allocate(to);
      }
      int curve = frame.color_trc();
      boolean high = curve == AVCOL_TRC_SMPTE2084 || curve == AVCOL_TRC_ARIB_STD_B67;
      if (high && toneMap == ToneMap.SDR) {
        rgb.color_trc(AVCOL_TRC_BT709);
        rgb.color_primaries(AVCOL_PRI_BT709);
      } else {
        frame.color_trc(AVCOL_TRC_UNSPECIFIED);
        frame.color_primaries(AVCOL_PRI_UNSPECIFIED);
        rgb.color_trc(AVCOL_TRC_UNSPECIFIED);
        rgb.color_primaries(AVCOL_PRI_UNSPECIFIED);
      }
      // Keeps interlaced frames interleaved, as FFmpeg does by default; the converter would refuse
      // them if they were marked as interlaced.
      frame.flags(frame.flags() & ~AVFrame.AV_FRAME_FLAG_INTERLACED);
      int result = sws_scale_frame(context, rgb, frame);
      if (result < 0) {
        throw new UndecodableVideoException(
            "its pixels cannot be converted to RGB (%s)".formatted(Ffmpeg.message(result)));
      }
    }

    /** Copies a row of the last frame, {@code [width, 3]}. */
    void copy(int y, byte[] row) {
      pixels.get(y * rowBytes, row, 0, size.width() * CHANNELS);
    }

    /** Copies the last frame, {@code [height, width, 3]}. */
    void copy(byte[] to) {
      int row = size.width() * CHANNELS;
      if (row == rowBytes) {
        pixels.get(0, to, 0, row * size.height());
        return;
      }
      for (int y = 0; y < size.height(); y++) {
        pixels.get(y * rowBytes, to, y * row, row);
      }
    }

    @Override
    public void close() {
      if (rgb != null) {
        av_frame_free(rgb);
      }
      sws_free_context(context);
    }

    private void allocate(FrameSize to) throws IOException {
      if (rgb != null) {
        av_frame_free(rgb);
      }
      size = null;
      rgb = Ffmpeg.present(av_frame_alloc(), "memory for a frame");
      rgb.format(AV_PIX_FMT_RGB24).height(to.height()).width(to.width());
      Ffmpeg.check(av_frame_get_buffer(rgb, 0), "allocate a frame");
      rowBytes = rgb.linesize(0);
      pixels = rgb.data(0).capacity((long) rowBytes * to.height()).asByteBuffer();
      size = to;
    }
  }
}
