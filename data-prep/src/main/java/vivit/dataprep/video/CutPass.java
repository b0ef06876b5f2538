package vivit.dataprep.video;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import vivit.dataprep.clip.FrameSize;

/**
 * One pass over a file, forwards: decodes what some clips need, and nothing between that a seek to
 * a key frame can leave out.
 */
final class CutPass {
  /** A seek that saves fewer frames than this is not worth it. */
  private static final int LEAST_JUMP = 8;

  /** A frame of a clip, and the latest time of what it shows, in seconds. */
  private record Point(double latest, PlannedClip clip, int place) {}

  private final Demuxer demuxer;
  private final Timeline timeline;
  private final CutSettings settings;
  private final FrameScaler scaler;
  private final FrameStore store;
  private final ClipOutput output;
  private final List<Point> points;
  private final FrameChoice choice;
  private boolean jumping;
  private long jumpedTo = Long.MIN_VALUE;
  private int next;
  private long counted;

  /** A pass for some clips; the demuxer stands at its first packet. */
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
    points =
        clips.stream()
            .flatMap(
                clip ->
                    IntStream.range(0, clip.latest.length)
                        .mapToObj(i -> new Point(clip.latest[i], clip, i)))
            .sorted(Comparator.comparingDouble(Point::latest))
            .toList();
    long[] wanted =
        points.stream().mapToLong(this::ticks).distinct().toArray(); // increasing, as points are
    choice = new FrameChoice(timeline, demuxer.stream().codecpar(), wanted);
    jumping = demuxer.seekable() && timeline.statesTimes();
  }

  /**
   * Runs the pass.
   *
   * @throws UndecodableVideoException if the frames cannot be decoded; clips that were given out
   *     before stay so
   */
  void run() throws IOException {
    while (next < points.size()) {
      try (FrameDecoder frames = new FrameDecoder(demuxer, choice, settings.decodeThreads())) {
        counted = 0;
        decode(frames);
      }
      if (next < points.size()) { // a jump went wrong
        jumping = false;
        demuxer.rewind();
      }
    }
  }

  private long ticks(Point point) {
    return timeline.ticks()[point.clip.sources[point.place]];
  }

  /** Decodes until all points have their frames, or a jump went wrong. */
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
      if (next == points.size()) {
        return;
      }
      if (isJumpWorthwhile(frames.ticks())) {
        if (!jump(frames)) {
          return;
        }
        continue;
      }
      give(frames, frames.nextTime());
      if (next == points.size()) {
        return;
      }
      frames.next();
    }
  }

  /** When the frame after this one is to be shown, if the container says so, in seconds. */
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
    long key = timeline.keyBefore(ticks(points.get(next)));
    return key > now
        && key > jumpedTo
        && timeline.firstFrom(key) - timeline.firstFrom(now) > LEAST_JUMP;
  }

  /**
   * Moves to the last key frame before the next point.
   *
   * @return whether it is there and can be decoded
   */
  private boolean jump(FrameDecoder frames) throws IOException {
    Point target = points.get(next);
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

  /** Gives the decoder's frame to all points before a time. */
  private void give(FrameDecoder frames, double until) throws IOException {
    List<KeptFrame> made = new ArrayList<>(1); // one for each size that requests have
    while (next < points.size() && until > points.get(next).latest()) {
      Point point = points.get(next++);
      if (output.isOver(point.clip.request)) {
        continue;
      }
      if (choice.alone() && frames.ticks() != ticks(point)) {
        output.fail(
            point.clip.request,
            UndecodableVideoException.atSecond(
                ticks(point) * timeline.tick(), "one of its pictures cannot be decoded"));
        continue;
      }
      AVFrame frame = frames.frame();
      Orientation orientation = Orientation.of(frame);
      FrameSize shown = orientation.turned(new FrameSize(frame.height(), frame.width()));
      if (!output.fits(point.clip.request, shown)) {
        continue;
      }
      FrameSize size = point.clip.request.size();
      KeptFrame kept = null;
      for (KeptFrame one : made) {
        kept = one.size().equals(size) ? one : kept;
      }
      if (kept == null) {
        kept = new KeptFrame(store.take(size), size, frames.timestamp());
        scaler.scale(frame, orientation, size, kept.pixels());
        output.kept();
        kept.keep();
        made.add(kept);
      }
      point.clip.put(point.place, kept);
      if (point.clip.complete()) {
        output.decoded(frames.frames() - counted);
        counted = frames.frames();
        output.give(point.clip.request);
      }
    }
    made.forEach(store::release);
  }
}
