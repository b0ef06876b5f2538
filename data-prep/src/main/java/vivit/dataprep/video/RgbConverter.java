package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;

/**
 * Turns decoded frames into RGB bytes of the same size, with the colour matrix and range that each
 * frame states. Bilinear chroma, no conversion of transfer curves: what FFmpeg's users usually get.
 */
final class RgbConverter implements AutoCloseable {
  private final SwsContext context;

  RgbConverter() throws IOException {
    context = Ffmpeg.present(sws_alloc_context(), "memory for a converter");
    context.flags(SWS_BILINEAR);
    context.threads(1);
  }

  /** Returns {@code [height, width, 3]}. */
  byte[] convert(AVFrame frame) throws IOException {
    int height = frame.height();
    int width = frame.width();
    AVFrame rgb = Ffmpeg.present(av_frame_alloc(), "memory for a frame");
    try {
      rgb.format(AV_PIX_FMT_RGB24).height(height).width(width);
      Ffmpeg.check(av_frame_get_buffer(rgb, 0), "allocate a frame");
      frame.color_trc(AVCOL_TRC_UNSPECIFIED);
      frame.color_primaries(AVCOL_PRI_UNSPECIFIED);
      int result = sws_scale_frame(context, rgb, frame);
      if (result < 0) {
        throw new UndecodableVideoException(
            "its pixels cannot be converted to RGB (%s)".formatted(Ffmpeg.message(result)));
      }
      byte[] pixels = new byte[Math.multiplyExact(height * 3, width)];
      BytePointer rows = rgb.data(0);
      for (int y = 0; y < height; y++) {
        rows.position((long) y * rgb.linesize(0)).get(pixels, y * width * 3, width * 3);
      }
      return pixels;
    } finally {
      av_frame_free(rgb);
    }
  }

  @Override
  public void close() {
    sws_free_context(context);
  }
}
