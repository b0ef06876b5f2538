package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/** The native library: loaded once, quiet (its complaints reach the caller as errors). */
final class Ffmpeg {
  private static final int MESSAGE_BYTES = 256;

  static {
    Loader.load(org.bytedeco.ffmpeg.global.avutil.class);
    Loader.load(org.bytedeco.ffmpeg.global.avcodec.class);
    Loader.load(org.bytedeco.ffmpeg.global.avformat.class);
    Loader.load(org.bytedeco.ffmpeg.global.swscale.class);
    av_log_set_level(AV_LOG_QUIET);
  }

  private Ffmpeg() {}

  /** Loads the library; safe to call often. */
  static void load() {
    // The static initialiser did it.
  }

  /** FFmpeg's words for an error code. */
  static String message(int error) {
    byte[] text = new byte[MESSAGE_BYTES];
    av_strerror(error, text, MESSAGE_BYTES);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  /** Returns a non-negative result and throws the others. */
  static int check(int result, String what) throws IOException {
    if (result < 0) {
      throw new IOException("FFmpeg cannot " + what + ": " + message(result));
    }
    return result;
  }

  /** Refuses the null that FFmpeg returns when something is absent or memory ran out. */
  static <P extends Pointer> P present(P pointer, String what) throws IOException {
    if (pointer == null || pointer.isNull()) {
      throw new IOException("FFmpeg has no " + what + " (absent in this build, or out of memory)");
    }
    return pointer;
  }
}
