package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avutil.av_max_alloc;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.shard.TubeletPage;
import vivit.dataprep.video.CutPass.LateBeginningException;
import vivit.dataprep.video.RequestCut.PlannedClip;

/**
 * Cuts the clips of all requests for a file: opens it once and decodes it once, forwards, each
 * needed stretch from the key frame before it to its last frame.
 *
 * <p>Every frame is converted and resized once, shared by the clips that show it, and released when
 * the last of them is complete. Besides the clip being delivered, at most two clips' worth of
 * frames are kept; where more clips overlap, another pass over the file cuts the rest. The memory
 * is reused for the next file. Not thread-safe.
 */
public final class VideoCutter {
  private static final int KEPT_CLIPS = 2;

  private final FrameStore store = new FrameStore();
  private final TubeletPage page = new TubeletPage();

  /**
   * A request for the clips of one video, or of an annotated part of one, in an open file.
   *
   * @param videoId name of the video; the random positions of its clips depend on it
   * @param span the part to cut from
   * @param placement number and positions of the clips
   */
  public record CutRequest(String videoId, TimeSpan span, ClipPlacement placement)
      implements Serializable {}

  /** A request with explicit offsets: one per clip, increasing, for a given grid length. */
  record OffsetRequest(TimeSpan span, IntFunction<int[]> offsets) {}

  /**
   * Cuts clips. The input stays open.
   *
   * @param sink receives {@code finished} or {@code failed} for every request
   * @throws IOException if the storage or the sink fails; a bad video does not throw
   */
  public void cut(VideoInput in, List<CutRequest> requests, CutSettings settings, CutSink sink)
      throws IOException {
    List<OffsetRequest> withOffsets =
        requests.stream()
            .map(
                request ->
                    new OffsetRequest(
                        request.span(),
                        length ->
                            request
                                .placement()
                                .offsets(length, settings.clip(), request.videoId())))
            .toList();
    cutAt(in, withOffsets, settings, sink);
  }

  /** Bounds every allocation of FFmpeg in this process, by default 1 GiB each. */
  public static void limitAllocations(long bytes) {
    Ffmpeg.load();
    av_max_alloc(bytes);
  }

  /** Cuts clips at explicit offsets. */
  void cutAt(VideoInput in, List<OffsetRequest> requests, CutSettings settings, CutSink sink)
      throws IOException {
    long startNanos = System.nanoTime();
    ContainerLength.Finding file;
    Demuxer demuxer;
    try {
      file = ContainerLength.check(in);
      if (file.truncated() != null && settings.truncated() == CutSettings.Truncated.REFUSE) {
        throw file.truncated();
      }
      demuxer = new Demuxer(in, settings.codecs(), settings.stream());
    } catch (UndecodableVideoException e) {
      for (int request = 0; request < requests.size(); request++) {
        sink.failed(request, e);
      }
      return;
    }
    try (demuxer;
        FrameScaler scaler = new FrameScaler(settings.picture())) {
      ClipOutput output = new ClipOutput(settings, sink, store, page, demuxer, startNanos);
      List<RequestCut> cuts = new ArrayList<>();
      for (int request = 0; request < requests.size(); request++) {
        cuts.add(new RequestCut(request));
      }
      try {
        Timeline timeline = TimelineReader.read(demuxer, file, settings.truncated());
        try {
          run(requests, cuts, timeline, true, settings, demuxer, scaler, output);
        } catch (LateBeginningException e) {
          demuxer.rewind();
          Timeline later = timeline.without(e.first());
          run(requests, cuts, later, false, settings, demuxer, scaler, output);
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

  /**
   * Plans and cuts the clips of all requests.
   *
   * @param mayBeginLater whether to end with a {@link LateBeginningException} if the first frame
   *     cannot be decoded
   */
  private void run(
      List<OffsetRequest> requests,
      List<RequestCut> cuts,
      Timeline timeline,
      boolean mayBeginLater,
      CutSettings settings,
      Demuxer demuxer,
      FrameScaler scaler,
      ClipOutput output)
      throws IOException {
    for (RequestCut cut : cuts) {
      if (!output.isOver(cut)) {
        plan(cut, requests.get(cut.number()), timeline, settings.clip(), output);
      }
    }
    int mostFrames = KEPT_CLIPS * settings.clip().frames();
    boolean first = mayBeginLater;
    List<PlannedClip> clips = PassPlan.choose(cuts, mostFrames);
    while (!clips.isEmpty()) {
      PassPlan.nonOverlapping(clips).forEach(clip -> clip.cutInto(page));
      new CutPass(demuxer, timeline, settings, scaler, store, output, clips, first).run();
      clips = PassPlan.choose(cuts, mostFrames);
      first = false;
      if (!clips.isEmpty()) {
        demuxer.rewind();
      }
    }
  }

  private static void plan(
      RequestCut cut,
      OffsetRequest request,
      Timeline timeline,
      ClipSettings clip,
      ClipOutput output)
      throws IOException {
    SamplingGrid grid;
    try {
      grid = SamplingGrid.over(timeline, request.span(), clip.framesPerSecond());
      if (isCutShort(request.span(), timeline)) {
        refuseLessThanAClip(grid, timeline, clip);
        cut.salvage(timeline.broken());
      }
    } catch (UndecodableVideoException e) {
      output.fail(cut, e);
      return;
    }
    cut.plan(grid, timeline.remarks());
    int[] offsets = request.offsets().apply(grid.length());
    for (int view = 0; view < offsets.length; view++) {
      cut.waiting().add(new PlannedClip(cut, view, offsets[view], clip));
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
