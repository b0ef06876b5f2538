package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FORCE;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.presets.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/** Collects the output of a muxer in memory; the muxer may seek back to complete its headers. */
final class AvioOutput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;
  private static final Ffmpeg.Handles<AvioOutput> SINKS = new Ffmpeg.Handles<>();
  private static final OnOutputWrite ON_WRITE = new OnOutputWrite();
  private static final OnOutputSeek ON_SEEK = new OnOutputSeek();

  private final LongPointer handle = SINKS.register(this);
  private final AVIOContext context;
  private byte[] bytes = new byte[BUFFER_BYTES];
  private int length;
  private long cursor;

  AvioOutput() throws IOException {
    BytePointer buffer =
        Ffmpeg.present(new BytePointer(av_malloc(BUFFER_BYTES)), "memory for a buffer");
    context =
        Ffmpeg.present(
            avio_alloc_context(buffer, BUFFER_BYTES, 1, handle, null, ON_WRITE, ON_SEEK),
            "memory for an output");
  }

  AVIOContext context() {
    return context;
  }

  void copyTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }

  @Override
  public void close() {
    av_free(context.buffer());
    avio_context_free(context);
    SINKS.release(handle);
  }

  private int write(BytePointer from, int count) {
    long end = cursor + count;
    if (end > LARGEST_ARRAY) {
      return avutil.AVERROR_ENOSPC();
    }
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(LARGEST_ARRAY, Math.max(end, bytes.length * 2L)));
    }
    from.get(bytes, (int) cursor, count);
    cursor = end;
    length = Math.max(length, (int) end);
    return count;
  }

  private long seek(long offset, int whence) {
    switch (whence & ~AVSEEK_FORCE) {
      case AVSEEK_SIZE:
        return length;
      case 0:
        cursor = offset;
        return cursor;
      case 1:
        cursor += offset;
        return cursor;
      case 2:
        cursor = length + offset;
        return cursor;
      default:
        return avutil.AVERROR_EINVAL();
    }
  }

  private static final class OnOutputWrite extends Write_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer opaque, BytePointer from, int count) {
      try {
        return SINKS.get(opaque).write(from, count);
      } catch (RuntimeException | OutOfMemoryError e) { // must not pass through native code
        return avutil.AVERROR_ENOMEM();
      }
    }
  }

  private static final class OnOutputSeek extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer opaque, long offset, int whence) {
      return SINKS.get(opaque).seek(offset, whence);
    }
  }
}
