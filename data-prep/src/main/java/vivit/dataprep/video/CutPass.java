package vivit.dataprep.video;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.video.FrameStore.KeptFrame;
import vivit.dataprep.video.RequestCut.PlannedClip;

/**
 * One forward pass over a file: decodes the frames that some clips need, and seeks to key frames to
 * skip stretches that no clip needs.
 */
final class CutPass {
  /** A seek must save more frames than this. */
  private static final int LEAST_JUMP = 8;

  /** A frame of a clip, and the latest presentation time that it may show, in seconds. */
  private record ClipFrame(double latest, PlannedClip clip, int number) {}

  private final Demuxer demuxer;
  private final Timeline timeline;
  private final CutSettings settings;
  private final FrameScaler scaler;
  private final FrameStore store;
  private final ClipOutput output;
  private final List<ClipFrame> needed;
  private final FrameChoice choice;
  private boolean jumping;
  private long jumpedTo = Long.MIN_VALUE;
  private int next;
  private long counted;

  /** Plans a pass for some clips; the demuxer stands at its first packet. */
  CutPass(
      Demuxer demuxer,
      Timeline timeline,
      CutSettings settings,
      FrameScaler scaler,
      FrameStore store,
      ClipOutput output,
      List<PlannedClip> clips) {
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
                    IntStream.range(0, clip.latest.length)
                        .mapToObj(i -> new ClipFrame(clip.latest[i], clip, i)))
            .sorted(Comparator.comparingDouble(ClipFrame::latest))
            .toList();
    long[] wanted = // increasing, as the frames are sorted by time
        needed.stream().mapToLong(this::ticks).distinct().toArray();
    choice = new FrameChoice(timeline, demuxer.stream().codecpar(), wanted);
    jumping = demuxer.seekable() && timeline.statesTimes();
  }

  /**
   * Runs the pass.
   *
   * @throws UndecodableVideoException if the frames cannot be decoded; clips delivered before that
   *     remain delivered
   */
  void run() throws IOException {
    while (next < needed.size()) {
      try (FrameDecoder frames = new FrameDecoder(demuxer, choice, settings.decodeThreads())) {
        counted = 0;
        decode(frames);
      }
      if (next < needed.size()) { // a jump went wrong
        jumping = false;
        demuxer.rewind();
      }
    }
  }

  private long ticks(ClipFrame frame) {
    return timeline.ticks()[frame.clip.sources[frame.number]];
  }

  /** Decodes until all clips are complete, or a jump went wrong. */
  private void decode(FrameDecoder frames) throws IOException {
    if (isJumpWorthwhile(timeline.ticks()[0])) {
      if (!jump(frames)) {
        return;
      }
    } else if (!frames.next()) {
      throw new UndecodableVideoException("none of its frames can be decoded");
    }
    while (true) {
      give(frames, shownAtLeastUntil(frames.ticks()));
      if (next == needed.size()) {
        return;
      }
      if (isJumpWorthwhile(frames.ticks())) {
        if (!jump(frames)) {
          return;
        }
        continue;
      }
      give(frames, frames.nextTime());
      if (next == needed.size()) {
        return;
      }
      frames.next();
    }
  }

  /**
   * The next presentation time, in seconds; negative infinity if the container does not state it.
   */
  private double shownAtLeastUntil(long ticks) {
    if (!choice.inOrder()) {
      return Double.NEGATIVE_INFINITY;
    }
    int following = timeline.firstFrom(ticks + 1);
    return following < timeline.ticks().length
        ? timeline.ticks()[following] * timeline.tick()
        : Double.NEGATIVE_INFINITY;
  }

  private boolean isJumpWorthwhile(long now) {
    if (!jumping) {
      return false;
    }
    long key = timeline.keyBefore(ticks(needed.get(next)));
    return key > now
        && key > jumpedTo
        && timeline.firstFrom(key) - timeline.firstFrom(now) > LEAST_JUMP;
  }

  /**
   * Moves to the last key frame before the next needed frame.
   *
   * @return whether that key frame exists and can be decoded
   */
  private boolean jump(FrameDecoder frames) throws IOException {
    ClipFrame target = needed.get(next);
    jumpedTo = timeline.keyBefore(ticks(target));
    if (!demuxer.seek(jumpedTo)) {
      return false;
    }
    frames.flush();
    do {
      if (!frames.next()) {
        return false;
      }
    } while ((frames.frame().flags() & AVFrame.AV_FRAME_FLAG_KEY) == 0);
    return frames.time() <= target.latest();
  }

  /** Delivers the decoder's frame to every clip frame that must be filled before a time. */
  private void give(FrameDecoder frames, double until) throws IOException {
    List<KeptFrame> made = new ArrayList<>(1); // one per frame size of the requests
    while (next < needed.size() && until > needed.get(next).latest()) {
      ClipFrame target = needed.get(next++);
      PlannedClip clip = target.clip;
      if (output.isOver(clip.request)) {
        continue;
      }
      if (choice.intraOnly() && frames.ticks() != ticks(target)) {
        output.fail(
            clip.request,
            UndecodableVideoException.atSecond(
                ticks(target) * timeline.tick(), "one of its pictures cannot be decoded"));
        continue;
      }
      AVFrame frame = frames.frame();
      Orientation orientation = Orientation.of(frame);
      FrameSize shown = orientation.turned(new FrameSize(frame.height(), frame.width()));
      if (!output.fits(clip.request, shown)) {
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
      clip.put(target.number, kept);
      if (clip.complete()) {
        output.decoded(frames.frames() - counted);
        counted = frames.frames();
        output.deliver(clip.request);
      }
    }
    made.forEach(store::release);
  }
}
