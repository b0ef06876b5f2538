package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.video.FrameStore.KeptFrame;
import vivit.dataprep.video.PictureSettings.Deinterlace;
import vivit.dataprep.video.RequestCut.PlannedClip;

/**
 * One forward pass over a file: decodes the frames that some clips need, and seeks to key frames to
 * skip stretches that no clip needs.
 */
final class CutPass {
  /** A seek must save more frames than this. */
  private static final int LEAST_JUMP = 8;

  /** Codecs whose packets are frames or fields that are shown. */
  private static final Set<Integer> SHOWS_EVERY_PACKET =
      Set.of(AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_AV1, AV_CODEC_ID_VP9);

  /** Frame {@code number} of a clip, and the index of the video's frame that it shows. */
  private record ClipFrame(int source, PlannedClip clip, int number) {}

  private final Demuxer demuxer;
  private final Timeline timeline;
  private final CutSettings settings;
  private final FrameScaler scaler;
  private final FrameStore store;
  private final ClipOutput output;
  private final List<ClipFrame> needed;
  private final FrameChoice choice;
  private final int framesBefore; // that a needed frame depends on besides its own packets
  private final boolean gapsMean;
  private final int leastGap; // second fields of H.264 may be packets of their own
  private final boolean mayBeginLater;
  private boolean jumping;
  private long jumpedTo = Long.MIN_VALUE;
  private int next;
  private long counted;

  /** The first frame turns out to be another; nothing was delivered. */
  static final class LateBeginningException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int first;

    private LateBeginningException(int first) {
      this.first = first;
    }

    /** Index of the first frame that can be decoded. */
    int first() {
      return first;
    }
  }

  /**
   * Plans a pass for some clips; the demuxer stands at its first packet.
   *
   * @param mayBeginLater whether a first frame that cannot be decoded ends the pass
   */
  CutPass(
      Demuxer demuxer,
      Timeline timeline,
      CutSettings settings,
      FrameScaler scaler,
      FrameStore store,
      ClipOutput output,
      List<PlannedClip> clips,
      boolean mayBeginLater) {
    this.mayBeginLater = mayBeginLater;
    this.demuxer = demuxer;
    this.timeline = timeline;
    this.settings = settings;
    this.scaler = scaler;
    this.store = store;
    this.output = output;
    needed =
        clips.stream()
            .flatMap(
                clip ->
                    IntStream.range(0, clip.sources.length)
                        .mapToObj(i -> new ClipFrame(clip.sources[i], clip, i)))
            .sorted(Comparator.comparingInt(ClipFrame::source))
            .toList();
    int[] wanted = needed.stream().mapToInt(ClipFrame::source).distinct().toArray();
    boolean independent = settings.picture().deinterlace() == Deinterlace.OFF;
    choice =
        independent
            ? new FrameChoice(timeline, demuxer.stream().codecpar(), wanted)
            : FrameChoice.all(timeline, demuxer.stream().codecpar());
    framesBefore = independent ? 0 : 1;
    jumping = timeline.statesTimes();
    int codec = demuxer.stream().codecpar().codec_id();
    gapsMean = SHOWS_EVERY_PACKET.contains(codec);
    leastGap = codec == AV_CODEC_ID_H264 && !timeline.statesTimes() ? 2 : 1;
  }

  /**
   * Runs the pass.
   *
   * @throws UndecodableVideoException if the frames cannot be decoded; clips delivered before that
   *     remain delivered
   * @throws LateBeginningException before any clip is delivered
   */
  void run() throws IOException {
    while (next < needed.size()) {
      try (FrameDecoder frames = new FrameDecoder(demuxer, timeline, choice, settings)) {
        counted = 0;
        decode(frames);
      }
      if (next < needed.size()) { // a jump went wrong
        jumping = false;
        demuxer.rewind();
      }
    }
  }

  /** Decodes until all clips are complete, or a jump went wrong. */
  private void decode(FrameDecoder frames) throws IOException {
    if (isJumpWorthwhile(0)) {
      if (!jump(frames)) {
        return;
      }
    } else if (!frames.next()) {
      throw new UndecodableVideoException("none of its frames can be decoded");
    } else if (mayBeginLater && !choice.mayDrop(timeline.from())) {
      beginLater(frames);
    }
    while (true) {
      if (choice.inOrder()) { // what is shown next comes next
        give(frames, frames.index() + 1);
      }
      if (next == needed.size()) {
        return;
      }
      if (isJumpWorthwhile(frames.index())) {
        if (!jump(frames)) {
          return;
        }
        continue;
      }
      give(frames, frames.nextIndex());
      if (next == needed.size()) {
        return;
      }
      frames.next();
    }
  }

  /** Refuses to begin with a frame after the first, or with what a decoder invents for it. */
  private void beginLater(FrameDecoder frames) throws IOException {
    boolean invented =
        TimelineReader.invents(demuxer.stream())
            && (frames.isLost(timeline.from()) || frames.isDamaged());
    while (invented && frames.nextIndex() < timeline.ticks().length) {
      frames.next();
      invented = !frames.isKey();
    }
    if (frames.index() > timeline.from()) {
      throw new LateBeginningException(frames.index());
    }
  }

  private boolean isJumpWorthwhile(int now) {
    if (!jumping) {
      return false;
    }
    long key = key(needed.get(next));
    return key > timeline.ticks()[Math.min(now, timeline.ticks().length - 1)]
        && key > jumpedTo
        && timeline.firstFrom(key) - now > LEAST_JUMP;
  }

  /** Presentation time of the key frame to begin with for a frame, in ticks. */
  private long key(ClipFrame target) {
    return timeline.keyBefore(timeline.ticks()[Math.max(0, target.source - framesBefore)]);
  }

  /**
   * Moves to the last key frame before the next needed frame.
   *
   * @return whether that key frame exists and can be decoded
   */
  private boolean jump(FrameDecoder frames) throws IOException {
    ClipFrame target = needed.get(next);
    jumpedTo = key(target);
    if (!demuxer.seek(jumpedTo)) {
      return false;
    }
    frames.flush();
    do {
      if (!frames.next()) {
        return false;
      }
    } while (!frames.isKey());
    return frames.index() <= target.source;
  }

  /** Delivers the decoder's frame to every clip frame that shows a frame before an index. */
  private void give(FrameDecoder frames, int before) throws IOException {
    List<KeptFrame> made = new ArrayList<>(1); // one per frame size of the requests
    while (next < needed.size() && needed.get(next).source < before) {
      ClipFrame target = needed.get(next++);
      PlannedClip clip = target.clip;
      if (output.isOver(clip.request)) {
        continue;
      }
      AVFrame frame = frames.frame();
      Orientation orientation = Orientation.of(frame);
      FrameSize own = orientation.turned(new FrameSize(frame.height(), frame.width()));
      FrameSize shown = orientation.turned(scaler.shown(frame, demuxer.pixel(frame)));
      if (!output.fits(clip.request, own, shown)) {
        continue;
      }
      FrameSize size = clip.request.size();
      KeptFrame kept = null;
      for (KeptFrame one : made) {
        kept = one.size().equals(size) ? one : kept;
      }
      if (kept == null) {
        kept = store.take(size, frames.timestamp());
        scaler.scale(frame, orientation, size, kept.pixels());
        output.kept();
        made.add(kept);
      }
      clip.put(target.number, kept, isMadeUp(frames, target.source));
      if (clip.complete()) {
        output.decoded(frames.frames() - counted);
        counted = frames.frames();
        output.deliver(clip.request);
      }
    }
    made.forEach(store::release);
  }

  /**
   * Whether the decoder's frame stands in for a frame that cannot be decoded. Packets of some
   * codecs are no frames of their own, such as those that repeat the frame before, or a second
   * field; where that is unlikely, so is a run of them.
   */
  private boolean isMadeUp(FrameDecoder frames, int source) {
    int index = frames.index();
    if (index == source) {
      return frames.isDamaged();
    }
    return index > source || frames.isLost(source) || (gapsMean && source - index >= leastGap);
  }
}
