package vivit.dataprep.video;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.TubeletPage;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.CutSink.CutTubelets;
import vivit.dataprep.video.RequestCut.PlannedClip;

/** Assembles complete clips and delivers them to the sink, together with their cost. */
final class ClipOutput {
  private final ClipSettings settings;
  private final double mostMadeUp;
  private final CutSink sink;
  private final FrameStore store;
  private final TubeletPage page;
  private final Demuxer demuxer;
  private final double frameRate;
  private final Set<RequestCut> over = new HashSet<>();
  private long lastNanos;
  private long lastBytes;
  private long decoded;
  private long kept;

  /**
   * Creates the output for all requests of a file.
   *
   * @param startNanos start of the work on the file
   */
  ClipOutput(
      CutSettings cut,
      CutSink sink,
      FrameStore store,
      TubeletPage page,
      Demuxer demuxer,
      long startNanos) {
    this.settings = cut.clip();
    this.mostMadeUp = cut.mostMadeUp();
    this.sink = sink;
    this.store = store;
    this.page = page;
    this.demuxer = demuxer;
    this.frameRate = demuxer.frameRate();
    this.lastNanos = startNanos;
  }

  /** Counts decoded frames. */
  void decoded(long frames) {
    decoded += frames;
  }

  /** Counts one converted frame. */
  void kept() {
    kept++;
  }

  /** Whether a request is finished or has failed. */
  boolean isOver(RequestCut request) {
    return over.contains(request);
  }

  /** Fails a request. */
  void fail(RequestCut request, UndecodableVideoException cause) throws IOException {
    over.add(request);
    request.waiting().clear();
    sink.failed(request.number(), cause);
  }

  /**
   * Derives the size of a request's clips from its first frame.
   *
   * @param own size of that frame, turned
   * @param shown the same with the wanted shape of pixels
   * @return false if clips of that size are too large, in which case the request has failed
   */
  boolean fits(RequestCut request, FrameSize own, FrameSize shown) throws IOException {
    if (request.cutter() != null) {
      return true;
    }
    int most = (int) Math.min(Runtime.getRuntime().maxMemory() / 2, Integer.MAX_VALUE);
    try {
      FrameSize size = FrameSize.ofShortSide(shown.height(), shown.width(), settings.shortSide());
      TubeletCutter cutter = settings.cutter(size.height(), size.width());
      if (cutter.tubeletBytes() > most) {
        fail(
            request,
            new UndecodableVideoException(
                "its frames of %d x %d pixels (height x width) make clips of %d bytes, more than half of the heap; set a smaller short side, or give more memory"
                    .formatted(shown.height(), shown.width(), cutter.tubeletBytes())));
        return false;
      }
      request.sizes(own, cutter);
      return true;
    } catch (ArithmeticException | IllegalArgumentException e) {
      fail(
          request,
          new UndecodableVideoException(
              "its frames of %d x %d pixels (height x width) make clips of more than 2 GB at a short side of %s"
                  .formatted(
                      shown.height(),
                      shown.width(),
                      settings.shortSide() == 0 ? "their own" : settings.shortSide())));
      return false;
    }
  }

  /** Delivers the complete clips of a request, up to the first incomplete one. */
  void deliver(RequestCut request) throws IOException {
    while (!request.waiting().isEmpty() && request.waiting().element().complete()) {
      deliver(request, request.waiting().remove());
    }
    if (request.waiting().isEmpty() && request.delivered() == 0) {
      fail(
          request,
          new UndecodableVideoException(
              mostMadeUp == 0
                  ? "each of its clips has a frame that cannot be decoded"
                  : "none of its clips is left: more than %.0f %% of the frames of each cannot be decoded (prepare.max-made-up)"
                      .formatted(100 * mostMadeUp)));
    } else if (request.waiting().isEmpty()) {
      over.add(request);
      long now = System.nanoTime();
      long bytes = demuxer.bytesRead();
      sink.finished(
          request.number(),
          new CutStatistics(
              decoded,
              kept,
              bytes - lastBytes,
              (now - lastNanos) / 1e9,
              request.salvaged(),
              request.remarks()));
      lastNanos = now;
      lastBytes = bytes;
      decoded = 0;
      kept = 0;
    }
  }

  private void deliver(RequestCut request, PlannedClip clip) throws IOException {
    clip.take(page, store);
    if (clip.madeUp() > mostMadeUp * settings.frames()) {
      request.leftOut(clip);
      return;
    }
    request.delivered(clip);
    ClipOrigin origin =
        new ClipOrigin(
            clip.offset,
            settings.stride(),
            settings.framesPerSecond(),
            clip.timestamps(),
            request.source().height(),
            request.source().width(),
            frameRate);
    sink.clip(new CutTubelets(request.number(), clip.view, page, origin, clip.madeUp()));
  }
}
