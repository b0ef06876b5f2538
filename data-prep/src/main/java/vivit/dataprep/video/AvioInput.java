package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FORCE;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.presets.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Lets FFmpeg read and seek in a {@link VideoInput}, without a copy on disk.
 *
 * <p>Reading stops when the thread is interrupted (Spark kills tasks that way), when the storage
 * fails, and when a demuxer has read the file so often that it must be in a loop.
 */
final class AvioInput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final long LEAST_READ_LIMIT = 1L << 28;
  private static final int READ_LIMIT_FACTOR = 100;
  private static final Ffmpeg.Handles<AvioInput> INPUTS = new Ffmpeg.Handles<>();
  private static final OnInputRead ON_READ = new OnInputRead();
  private static final OnInputSeek ON_SEEK = new OnInputSeek();
  private static final OnInterrupt ON_INTERRUPT = new OnInterrupt();

  private final VideoInput in;
  private final long length;
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final LongPointer handle = INPUTS.register(this);
  private final AVIOContext context;
  private long position;
  private long readable;
  private long bytesRead;
  private boolean pretending;
  private Throwable failure;

  /** Reads {@code in} from its beginning; {@link #close} leaves {@code in} open. */
  AvioInput(VideoInput in) throws IOException {
    this.in = in;
    this.length = in.length();
    this.readable = LEAST_READ_LIMIT + length * READ_LIMIT_FACTOR;
    BytePointer buffer =
        Ffmpeg.present(new BytePointer(av_malloc(BUFFER_BYTES)), "memory for a buffer");
    context =
        Ffmpeg.present(
            avio_alloc_context(buffer, BUFFER_BYTES, 0, handle, ON_READ, null, ON_SEEK),
            "memory for an input");
  }

  AVIOContext context() {
    return context;
  }

  /** Bytes read from the file so far. */
  long bytesRead() {
    return bytesRead;
  }

  /**
   * Makes reads within the file succeed without transferring bytes, for a demuxer that holds its
   * whole index and is only asked for times.
   */
  void pretend() {
    pretending = true;
  }

  /** Ends {@link #pretend}; the demuxer must seek next. */
  void readAgain() {
    pretending = false;
    forget();
  }

  /** Goes back to the first byte. */
  void restart() {
    forget();
    position = 0;
    context.pos(0);
  }

  /** Discards the context's buffer, so that it reads from the file again. */
  private void forget() {
    context.buf_ptr(context.buffer());
    context.buf_end(context.buffer());
    context.eof_reached(0);
    context.error(0);
  }

  /** Makes a demuxer stop waiting and searching when reading stops. */
  void interrupts(AVFormatContext format) {
    AVIOInterruptCB callback = format.interrupt_callback();
    callback.callback(ON_INTERRUPT);
    callback.opaque(handle);
  }

  /**
   * Throws the error that occurred while FFmpeg was reading. Storage errors and interrupts must not
   * count against the video.
   */
  void rethrow() throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw new IOException("Reading failed", failure);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("Interrupted while reading a video");
    }
    if (readable < 0) {
      throw new UndecodableVideoException(
          "its %d bytes send the reader in circles; the file is damaged".formatted(length));
    }
  }

  @Override
  public void close() {
    av_free(context.buffer());
    avio_context_free(context);
    INPUTS.release(handle);
  }

  private boolean stopped() {
    return failure != null || readable < 0 || Thread.currentThread().isInterrupted();
  }

  private int read(BytePointer to, int wanted) {
    if (stopped()) {
      return AVERROR_EXIT;
    }
    if (pretending) {
      int count = (int) Math.min(wanted, length - position);
      if (count <= 0) {
        return AVERROR_EOF;
      }
      position += count;
      readable -= count;
      return count;
    }
    try {
      int count = in.read(position, bytes, 0, Math.min(wanted, bytes.length));
      if (count < 0) {
        return AVERROR_EOF;
      }
      to.put(bytes, 0, count);
      bytesRead += count;
      position += count;
      readable -= count;
      return count;
    } catch (Throwable e) { // must not pass through native code; rethrow() throws it later
      failure = e;
      return avutil.AVERROR_EIO();
    }
  }

  private long seek(long offset, int whence) {
    long target;
    switch (whence & ~AVSEEK_FORCE) {
      case AVSEEK_SIZE:
        return length;
      case 0:
        target = offset;
        break;
      case 1:
        target = position + offset;
        break;
      case 2:
        target = length + offset;
        break;
      default:
        return avutil.AVERROR_EINVAL();
    }
    if (target < 0) {
      return avutil.AVERROR_EINVAL();
    }
    position = target; // beyond the end, the next read reports the end of the file
    return target;
  }

  private static final class OnInputRead extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer opaque, BytePointer to, int wanted) {
      return INPUTS.get(opaque).read(to, wanted);
    }
  }

  private static final class OnInputSeek extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer opaque, long offset, int whence) {
      return INPUTS.get(opaque).seek(offset, whence);
    }
  }

  private static final class OnInterrupt extends AVIOInterruptCB.Callback_Pointer {
    @Override
    public int call(Pointer opaque) {
      return INPUTS.get(opaque).stopped() ? 1 : 0;
    }
  }
}
