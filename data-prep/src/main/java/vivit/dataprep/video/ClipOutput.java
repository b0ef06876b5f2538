package vivit.dataprep.video;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.TubeletPage;

/** Puts complete clips together and gives them to the sink, with what they took. */
final class ClipOutput {
  private final ClipSettings settings;
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
   * An output for all requests of a file.
   *
   * @param startNanos when the work on the file began
   */
  ClipOutput(
      ClipSettings settings,
      CutSink sink,
      FrameStore store,
      TubeletPage page,
      Demuxer demuxer,
      long startNanos) {
    this.settings = settings;
    this.sink = sink;
    this.store = store;
    this.page = page;
    this.demuxer = demuxer;
    this.frameRate = demuxer.frameRate();
    this.lastNanos = startNanos;
  }

  /** Counts frames that a decoder gave. */
  void decoded(long frames) {
    decoded += frames;
  }

  /** Counts a frame that was converted. */
  void kept() {
    kept++;
  }

  /** Whether a request was finished or failed. */
  boolean isOver(RequestCut request) {
    return over.contains(request);
  }

  /** Ends a request without clips. */
  void fail(RequestCut request, UndecodableVideoException cause) throws IOException {
    over.add(request);
    request.waiting().clear();
    sink.failed(request.number(), cause);
  }

  /**
   * Fixes the size of a request's clips with its first frame.
   *
   * @param shown size of that frame
   * @return false if such clips cannot be held; the request has failed then
   */
  boolean fits(RequestCut request, FrameSize shown) throws IOException {
    if (request.cutter() != null) {
      return true;
    }
    try {
      FrameSize size = FrameSize.ofShortSide(shown.height(), shown.width(), settings.shortSide());
      request.sizes(shown, settings.cutter(size.height(), size.width()));
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

  /** Gives out the clips of a request that are complete and whose turn it is. */
  void give(RequestCut request) throws IOException {
    while (!request.waiting().isEmpty() && request.waiting().element().complete()) {
      give(request, request.waiting().remove());
    }
    if (request.waiting().isEmpty()) {
      over.add(request);
      long now = System.nanoTime();
      long bytes = demuxer.bytesRead();
      sink.finished(
          request.number(),
          new CutStatistics(
              decoded, kept, bytes - lastBytes, (now - lastNanos) / 1e9, request.salvaged()));
      lastNanos = now;
      lastBytes = bytes;
      decoded = 0;
      kept = 0;
    }
  }

  private void give(RequestCut request, PlannedClip clip) throws IOException {
    clip.take(page, store);
    ClipOrigin origin =
        new ClipOrigin(
            clip.offset,
            settings.stride(),
            settings.framesPerSecond(),
            clip.timestamps(),
            request.source().height(),
            request.source().width(),
            frameRate);
    sink.clip(new CutTubelets(request.number(), clip.view, page, origin));
  }
}
