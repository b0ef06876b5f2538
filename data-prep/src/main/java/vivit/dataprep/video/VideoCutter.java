package vivit.dataprep.video;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.shard.TubeletPage;

/**
 * Cuts the clips of all requests of a file: opens it once and decodes it once, forwards, from the
 * key frame before each stretch that is needed to its last frame.
 *
 * <p>Every frame is converted and resized once, shared by the clips that show it, and dropped when
 * the last of them is complete. At most two clips' worth of frames is kept beside the clip that is
 * given out; where more clips overlap, the file is passed over again for the rest. That memory is
 * used again for the next file. For one thread at a time.
 */
public final class VideoCutter {
  private static final int KEPT_CLIPS = 2;

  private final FrameStore store = new FrameStore();
  private final TubeletPage page = new TubeletPage();

  /** Where the clips of a request start: one offset per clip, for a grid of so many moments. */
  @FunctionalInterface
  interface Offsets {
    int[] at(int gridLength);
  }

  /** A request whose offsets may be any. */
  record Wanted(TimeSpan span, Offsets offsets) {}

  /**
   * Cuts clips. The input stays open.
   *
   * @param requests what to cut; each ends with {@code finished} or {@code failed} at the sink
   * @throws IOException if the storage or the sink fails; a bad video does not throw
   */
  public void cut(VideoInput in, List<CutRequest> requests, CutSettings settings, CutSink sink)
      throws IOException {
    List<Wanted> wanted =
        requests.stream()
            .map(
                request ->
                    new Wanted(
                        request.span(),
                        length ->
                            request
                                .placement()
                                .offsets(length, settings.clip(), request.videoId())))
            .toList();
    cutWanted(in, wanted, settings, sink);
  }

  /** Cuts clips at any offsets, which increase within a request. */
  void cutWanted(VideoInput in, List<Wanted> requests, CutSettings settings, CutSink sink)
      throws IOException {
    long startNanos = System.nanoTime();
    ContainerLength.Finding file;
    Demuxer demuxer;
    try {
      file = ContainerLength.check(in);
      if (file.truncated() != null && settings.truncated() == Truncated.REFUSE) {
        throw file.truncated();
      }
      demuxer = new Demuxer(in);
    } catch (UndecodableVideoException e) {
      for (int request = 0; request < requests.size(); request++) {
        sink.failed(request, e);
      }
      return;
    }
    try (demuxer;
        FrameScaler scaler = new FrameScaler(settings.scaler())) {
      ClipOutput output = new ClipOutput(settings.clip(), sink, store, page, demuxer, startNanos);
      List<RequestCut> cuts = new ArrayList<>();
      for (int request = 0; request < requests.size(); request++) {
        cuts.add(new RequestCut(request));
      }
      try {
        Timeline timeline = TimelineReader.read(demuxer, file, settings.truncated());
        for (RequestCut cut : cuts) {
          plan(cut, requests.get(cut.number()), timeline, settings.clip(), output);
        }
        int mostFrames = KEPT_CLIPS * settings.clip().frames();
        List<PlannedClip> clips = PassPlan.choose(cuts, mostFrames);
        while (!clips.isEmpty()) {
          PassPlan.alone(clips).forEach(clip -> clip.cutInto(page));
          new CutPass(demuxer, timeline, settings, scaler, store, output, clips).run();
          clips = PassPlan.choose(cuts, mostFrames);
          if (!clips.isEmpty()) {
            demuxer.rewind();
          }
        }
      } catch (UndecodableVideoException e) {
        for (RequestCut cut : cuts) {
          if (!output.isOver(cut)) {
            output.fail(cut, e);
          }
        }
      }
    }
  }

  private static void plan(
      RequestCut cut, Wanted wanted, Timeline timeline, ClipSettings clip, ClipOutput output)
      throws IOException {
    SamplingGrid grid;
    try {
      grid = SamplingGrid.over(timeline, wanted.span(), clip.framesPerSecond());
      if (isCutShort(wanted.span(), timeline)) {
        refuseLessThanAClip(grid, timeline, clip);
        cut.salvage(timeline.broken());
      }
    } catch (UndecodableVideoException e) {
      output.fail(cut, e);
      return;
    }
    cut.layOver(grid);
    int[] offsets = wanted.offsets().at(grid.length());
    for (int view = 0; view < offsets.length; view++) {
      cut.waiting().add(new PlannedClip(cut, view, offsets[view], timeline, clip));
    }
  }

  private static boolean isCutShort(TimeSpan span, Timeline timeline) {
    return !timeline.broken().isEmpty() && timeline.containerStart() + span.end() > timeline.end();
  }

  private static void refuseLessThanAClip(SamplingGrid grid, Timeline timeline, ClipSettings clip)
      throws UndecodableVideoException {
    long needed = (clip.frames() - 1L) * clip.stride() + 1;
    if (grid.length() < needed) {
      throw UndecodableVideoException.atSecond(
          timeline.end(),
          "%s; what is left has %d moments, a whole clip %d"
              .formatted(timeline.broken(), grid.length(), needed));
    }
  }
}
