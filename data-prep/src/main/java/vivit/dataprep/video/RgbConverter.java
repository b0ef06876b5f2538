package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import vivit.dataprep.clip.FrameSize;

/**
 * Turns decoded frames into RGB, with the colour matrix and range that each frame states, and no
 * conversion of transfer curves: what FFmpeg's users usually get. Holds the last frame converted,
 * in native memory that is reused.
 */
final class RgbConverter implements AutoCloseable {
  private static final int CHANNELS = 3;

  private final SwsContext context;
  private AVFrame rgb;
  private FrameSize size;
  private int rowBytes;
  private ByteBuffer pixels;

  /**
   * A converter.
   *
   * @param flags of FFmpeg's scaler
   */
  RgbConverter(int flags) throws IOException {
    context = Ffmpeg.present(sws_alloc_context(), "memory for a converter");
    context.flags(flags);
    context.threads(1);
  }

  /** Converts a frame, and scales it if the size is not its own. */
  void convert(AVFrame frame, FrameSize to) throws IOException {
    if (!to.equals(size)) {
      allocate(to);
    }
    frame.color_trc(AVCOL_TRC_UNSPECIFIED);
    frame.color_primaries(AVCOL_PRI_UNSPECIFIED);
    // Interlaced frames stay woven, as FFmpeg's users see them; the converter refuses them as such.
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
