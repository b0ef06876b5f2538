package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_DEFAULT;
import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_NONREF;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_EXPLODE;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import java.io.IOException;
import java.util.ArrayDeque;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.presets.avutil;

/** Decodes the frames of a demuxer's video stream one by one. */
final class FrameDecoder implements AutoCloseable {
  /** Most pixels of a frame: 8192 x 8192. */
  static final long MOST_PIXELS = 1L << 26;

  private static final int FAILED_SHARE = 10;

  private final Demuxer demuxer;
  private final AVCodecContext decoder;
  private final PresentationQueue queue;
  private final ArrayDeque<AVFrame> spare = new ArrayDeque<>();
  private final FrameChoice choice;
  private AVFrame current;
  private long currentTicks;
  private long lastTicks = Long.MIN_VALUE;
  private boolean drained;
  private int packets;
  private int failedPackets;
  private long frames;

  /**
   * Creates a decoder for the packets of a demuxer.
   *
   * @param choice the frames that are needed
   * @param threads of the decoder; 1 decodes on the calling thread
   */
  FrameDecoder(Demuxer demuxer, FrameChoice choice, int threads) throws IOException {
    this.demuxer = demuxer;
    this.choice = choice;
    this.queue = new PresentationQueue(choice.inOrder() ? 0 : PresentationQueue.USUAL_DELAY);
    int codecId = demuxer.stream().codecpar().codec_id();
    AVCodec codec = demuxer.codecs().decoder(codecId);
    decoder = Ffmpeg.present(avcodec_alloc_context3(codec), "memory for a decoder");
    avcodec_parameters_to_context(decoder, demuxer.stream().codecpar());
    decoder.pkt_timebase(demuxer.stream().time_base());
    decoder.thread_count(threads);
    decoder.max_pixels(MOST_PIXELS);
    if (choice.intraOnly()) { // otherwise damaged pictures come out grey or worse
      decoder.err_recognition(decoder.err_recognition() | AV_EF_EXPLODE);
    }
    int result = avcodec_open2(decoder, codec, (AVDictionary) null);
    if (result < 0) {
      avcodec_free_context(decoder);
      throw new UndecodableVideoException(
          "its %s stream cannot be decoded (%s)"
              .formatted(avcodec_get_name(codecId).getString(), Ffmpeg.message(result)));
    }
  }

  /** Discards all decoded frames, after a seek of the demuxer. */
  void flush() {
    release();
    while (!queue.isEmpty()) {
      release(queue.take());
    }
    avcodec_flush_buffers(decoder);
    lastTicks = Long.MIN_VALUE;
    drained = false;
  }

  /** Number of frames decoded so far. */
  long frames() {
    return frames;
  }

  /**
   * Moves to the next frame in presentation order.
   *
   * @return false after the last one
   */
  boolean next() throws IOException {
    fill();
    release();
    if (queue.isEmpty()) {
      return false;
    }
    currentTicks = queue.time();
    current = queue.take();
    return true;
  }

  /** The current frame, owned by this decoder and valid until {@link #next}. */
  AVFrame frame() {
    return current;
  }

  /** Presentation time of the frame, in seconds; does not decrease between two seeks. */
  double time() {
    return currentTicks * demuxer.tick();
  }

  /** Presentation time of the frame, in ticks. */
  long ticks() {
    return currentTicks;
  }

  /** Presentation time of the next frame, in seconds; infinite after the last. */
  double nextTime() throws IOException {
    fill();
    return queue.isEmpty() ? Double.POSITIVE_INFINITY : queue.time() * demuxer.tick();
  }

  /** The time stamp that FFmpeg reports for this frame, in seconds. */
  double timestamp() {
    long pts = current.pts() != AV_NOPTS_VALUE ? current.pts() : currentTicks;
    return pts * demuxer.tick();
  }

  @Override
  public void close() {
    release();
    while (!queue.isEmpty()) {
      release(queue.take());
    }
    while (!spare.isEmpty()) {
      av_frame_free(spare.remove());
    }
    avcodec_free_context(decoder);
  }

  private void fill() throws IOException {
    while (!queue.isFull() && !drained) {
      if (!receive()) {
        send();
      }
    }
  }

  private boolean receive() throws IOException {
    AVFrame frame =
        spare.isEmpty() ? Ffmpeg.present(av_frame_alloc(), "memory for a frame") : spare.remove();
    int result = avcodec_receive_frame(decoder, frame);
    if (result >= 0) {
      lastTicks = ticks(frame);
      queue.add(frame, lastTicks);
      frames++;
      return true;
    }
    spare.add(frame);
    if (result == AVERROR_EOF) {
      drained = true;
      refuseDamaged();
      return true;
    }
    if (result != avutil.AVERROR_EAGAIN()) {
      failedPackets++;
    }
    return false;
  }

  private void send() throws IOException {
    while (demuxer.next()) {
      if (demuxer.isVideo()) {
        if (choice.intraOnly() && choice.mayDrop(demuxer.packet())) {
          continue;
        }
        packets++;
        decoder.skip_frame(choice.mayDrop(demuxer.packet()) ? AVDISCARD_NONREF : AVDISCARD_DEFAULT);
        if (avcodec_send_packet(decoder, demuxer.packet()) < 0) {
          failedPackets++;
        }
        return;
      }
    }
    int result = avcodec_send_packet(decoder, null); // flush
    if (result < 0 && result != AVERROR_EOF) {
      drained = true;
    }
  }

  private void refuseDamaged() throws UndecodableVideoException {
    if (failedPackets > 0 && failedPackets * FAILED_SHARE >= packets) {
      throw new UndecodableVideoException(
          "%d of its %d packets cannot be decoded".formatted(failedPackets, packets));
    }
  }

  private long ticks(AVFrame frame) {
    if (frame.pts() != AV_NOPTS_VALUE) {
      return frame.pts();
    }
    if (frame.best_effort_timestamp() != AV_NOPTS_VALUE) {
      return frame.best_effort_timestamp();
    }
    if (lastTicks == Long.MIN_VALUE) {
      return 0;
    }
    double rate = demuxer.frameRate() > 0 ? demuxer.frameRate() : 25;
    return lastTicks + Math.max(1, Math.round(1 / rate / demuxer.tick()));
  }

  private void release() {
    if (current != null) {
      release(current);
      current = null;
    }
  }

  private void release(AVFrame frame) {
    av_frame_unref(frame);
    spare.add(frame);
  }
}
