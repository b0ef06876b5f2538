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
import java.util.HashSet;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.presets.avutil;
import vivit.dataprep.video.PictureSettings.Deinterlace;

/**
 * Decodes the frames of a demuxer's video stream one by one, each with its index in the timeline.
 *
 * <p>FFmpeg carries a packet's presentation time to the frame made from it, so packets are sent
 * with the index instead. Where the container states different times for all frames, the index
 * follows from the time, so that the demuxer may stand anywhere; elsewhere from the number of
 * frames since the first packet.
 */
final class FrameDecoder implements AutoCloseable {
  /** Most pixels of a frame: 8192 x 8192. */
  static final long MOST_PIXELS = 1L << 26;

  private final Demuxer demuxer;
  private final AVCodecContext decoder;
  private final PresentationQueue queue;
  private final ArrayDeque<AVFrame> spare = new ArrayDeque<>();
  private final Timeline timeline;
  private final FrameChoice choice;
  private final Set<Integer> lost = new HashSet<>();
  private final ArrayDeque<Integer> sent = new ArrayDeque<>(); // the latest last
  private final int framesUnderWay;
  private final Deinterlacer deinterlacer; // null if frames stay as they are
  private AVFrame current;
  private int currentIndex;
  private int lastIndex = -1;
  private int inFile;
  private boolean drained;
  private int packets;
  private int failedPackets;
  private long frames;

  /**
   * Creates a decoder for the packets of a demuxer, which stands at its first packet.
   *
   * @param choice the frames that are needed
   */
  FrameDecoder(Demuxer demuxer, Timeline timeline, FrameChoice choice) throws IOException {
    this(demuxer, timeline, choice, 1, Deinterlace.OFF);
  }

  /**
   * Creates a decoder with the number of threads and the filter that the settings demand; the
   * demuxer stands at its first packet.
   */
  FrameDecoder(Demuxer demuxer, Timeline timeline, FrameChoice choice, CutSettings settings)
      throws IOException {
    this(demuxer, timeline, choice, settings.decodeThreads(), settings.picture().deinterlace());
  }

  private FrameDecoder(
      Demuxer demuxer, Timeline timeline, FrameChoice choice, int threads, Deinterlace deinterlace)
      throws IOException {
    this.deinterlacer = deinterlace == Deinterlace.OFF ? null : new Deinterlacer(deinterlace);
    this.demuxer = demuxer;
    this.timeline = timeline;
    this.choice = choice;
    this.queue = new PresentationQueue(choice.heldBack());
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
    framesUnderWay =
        (decoder.active_thread_type() & AVCodecContext.FF_THREAD_FRAME) != 0 ? threads - 1 : 0;
  }

  /** Discards all decoded frames, after a seek of the demuxer. */
  void flush() {
    forget();
    avcodec_flush_buffers(decoder);
    sent.clear();
    lastIndex = -1;
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
    currentIndex = queue.index();
    current = queue.take();
    return true;
  }

  /** The current frame, owned by this decoder and valid until {@link #next}. */
  AVFrame frame() {
    return current;
  }

  /** Index of the frame in the timeline; does not decrease between two seeks. */
  int index() {
    return currentIndex;
  }

  /** Index of the next frame; {@code Integer.MAX_VALUE} after the last. */
  int nextIndex() throws IOException {
    fill();
    return queue.isEmpty() ? Integer.MAX_VALUE : queue.index();
  }

  /** Whether the frame is a key frame. */
  boolean isKey() {
    return (current.flags() & AVFrame.AV_FRAME_FLAG_KEY) != 0;
  }

  /** Whether the decoder had to make up parts of the frame. */
  boolean isDamaged() {
    return (current.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0
        || current.decode_error_flags() != 0;
  }

  /** Whether the packet of a frame that should have come by now could not be decoded. */
  boolean isLost(int index) {
    return lost.contains(index);
  }

  /**
   * The container's time for this frame, in seconds. Where the container states none, this is
   * FFmpeg's estimate, which may be that of a neighbour.
   */
  double timestamp() {
    return timeline.seconds(current.pts() != AV_NOPTS_VALUE ? (int) current.pts() : currentIndex);
  }

  @Override
  public void close() {
    forget();
    while (!spare.isEmpty()) {
      av_frame_free(spare.remove());
    }
    avcodec_free_context(decoder);
  }

  /** Releases all frames, those in the filter too. */
  private void forget() {
    release();
    while (!queue.isEmpty()) {
      release(queue.take());
    }
    if (deinterlacer != null) {
      deinterlacer.close();
    }
  }

  private void fill() throws IOException {
    while (!queue.isFull() && !drained) {
      if (!receive()) {
        send();
      }
    }
  }

  private boolean receive() throws IOException {
    AVFrame frame = frame(spare);
    int result = avcodec_receive_frame(decoder, frame);
    if (result >= 0) {
      lastIndex = frame.pts() != AV_NOPTS_VALUE ? (int) frame.pts() : lastIndex + 1;
      frames++;
      if (deinterlacer == null) {
        queue.add(frame, lastIndex);
      } else {
        frame.pts(lastIndex);
        try {
          deinterlacer.put(frame, spare).forEach(this::queue);
        } finally {
          release(frame);
        }
      }
      return true;
    }
    spare.add(frame);
    if (result == AVERROR_EOF) {
      drained = true;
      refuseDamaged();
      if (deinterlacer != null) {
        deinterlacer.end(spare).forEach(this::queue);
      }
      return true;
    }
    if (result != avutil.AVERROR_EAGAIN()) {
      failed();
    }
    return false;
  }

  private void queue(AVFrame frame) {
    queue.add(frame, (int) frame.pts());
  }

  /** An empty frame, a new one if there is none to spare. */
  static AVFrame frame(ArrayDeque<AVFrame> spare) throws IOException {
    return spare.isEmpty()
        ? Ffmpeg.present(av_frame_alloc(), "memory for a frame")
        : spare.remove();
  }

  private void send() throws IOException {
    while (demuxer.next()) {
      if (!demuxer.isVideo()) {
        continue;
      }
      AVPacket packet = demuxer.packet();
      long pts = AV_NOPTS_VALUE;
      boolean dropped = false;
      if (demuxer.isFrame()) {
        int index = index(packet);
        dropped = choice.mayDrop(index);
        pts = index;
      }
      if (choice.intraOnly() && dropped) {
        continue;
      }
      packets++;
      packet.pts(pts);
      decoder.skip_frame(dropped ? AVDISCARD_NONREF : AVDISCARD_DEFAULT);
      sent.add((int) Math.max(-1, pts));
      if (sent.size() > framesUnderWay + 1) {
        sent.remove();
      }
      if (avcodec_send_packet(decoder, packet) < 0) {
        failed();
      }
      return;
    }
    int result = avcodec_send_packet(decoder, null); // flush
    if (result < 0 && result != AVERROR_EOF) {
      drained = true;
    }
  }

  private void refuseDamaged() throws UndecodableVideoException {
    if (frames == 0 && failedPackets > 0) {
      throw new UndecodableVideoException(
          "%d of its %d packets cannot be decoded".formatted(failedPackets, packets));
    }
  }

  /** Counts a packet that cannot be decoded: with threads, an error comes that much later. */
  private void failed() {
    if (sent.size() > framesUnderWay) {
      lost.add(sent.element());
      failedPackets++;
    }
  }

  /** The index of the frame in a packet. */
  private int index(AVPacket packet) {
    if (!timeline.statesTimes()) {
      return inFile < timeline.order().length ? timeline.order()[inFile++] : inFile++;
    }
    return timeline.firstFrom(packet.pts());
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
