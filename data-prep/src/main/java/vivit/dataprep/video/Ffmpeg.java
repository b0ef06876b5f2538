package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_max_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/** The native library: loaded once, with its log switched off; errors reach the caller as codes. */
final class Ffmpeg {
  private static final int MESSAGE_BYTES = 256;

  /** Twice a frame of the most pixels and bytes; a container may claim an index of any length. */
  private static final long LARGEST_ALLOCATION = 1L << 30;

  static {
    Loader.load(avutil.class);
    Loader.load(avcodec.class);
    Loader.load(avformat.class);
    Loader.load(swscale.class);
    av_log_set_level(AV_LOG_QUIET);
    av_max_alloc(LARGEST_ALLOCATION);
  }

  private Ffmpeg() {}

  /** Loads the library; safe to call often. */
  static void load() {
    // The static initialiser has loaded it.
  }

  /** FFmpeg's description of an error code. */
  static String message(int error) {
    byte[] text = new byte[MESSAGE_BYTES];
    av_strerror(error, text, MESSAGE_BYTES);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  /** Returns a non-negative result; throws on an error code. */
  static int check(int result, String what) throws IOException {
    if (result < 0) {
      throw new IOException("FFmpeg cannot " + what + ": " + message(result));
    }
    return result;
  }

  /** Returns a pointer; throws on the null that FFmpeg returns for absence or lack of memory. */
  static <P extends Pointer> P present(P pointer, String what) throws IOException {
    if (pointer == null || pointer.isNull()) {
      throw new IOException("FFmpeg has no " + what + " (absent in this build, or out of memory)");
    }
    return pointer;
  }

  /**
   * Finds the Java object behind the opaque pointer that FFmpeg hands to a callback.
   *
   * <p>JavaCPP supports only ten instances of a callback type, fewer than the tasks an executor may
   * run. Each callback therefore exists once and looks its object up here.
   */
  static final class Handles<T> {
    private final Map<Long, T> objects = new ConcurrentHashMap<>();

    /** Registers an object; the returned pointer is its handle until {@link #release}. */
    LongPointer register(T object) {
      LongPointer handle = new LongPointer(1);
      objects.put(handle.address(), object);
      return handle;
    }

    /** The object of a handle. */
    T get(Pointer handle) {
      return objects.get(handle.address());
    }

    /** Removes the object and frees its handle. */
    void release(LongPointer handle) {
      objects.remove(handle.address());
      handle.close();
    }
  }
}
