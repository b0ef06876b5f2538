package vivit.dataprep.video;

import vivit.dataprep.clip.ClipSampler;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.shard.TubeletPage;

/** A clip to cut: which frames of the video it has, and those that came already. */
final class PlannedClip {
  final RequestCut request;
  final int view;
  final int offset;

  /** Per frame of the clip, the latest time of what it shows, in seconds. */
  final double[] latest;

  /** Per frame of the clip, the index of what it shows in the timeline. */
  final int[] sources;

  /** Indices of the first and the last frame that it needs. */
  final int first;

  final int last;

  private final double[] timestamps;
  private final KeptFrame[] frames;
  private TubeletPage page;
  private int missing;

  PlannedClip(RequestCut request, int view, int offset, Timeline timeline, ClipSettings clip) {
    this.request = request;
    this.view = view;
    this.offset = offset;
    SamplingGrid grid = request.grid();
    int[] moments = ClipSampler.indices(grid.length(), clip.frames(), clip.stride(), offset);
    latest = new double[moments.length];
    sources = new int[moments.length];
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (int i = 0; i < moments.length; i++) {
      latest[i] = grid.latest(moments[i]);
      sources[i] = timeline.frameAt(latest[i]);
      least = Math.min(least, sources[i]);
      most = Math.max(most, sources[i]);
    }
    first = least;
    last = most;
    timestamps = new double[moments.length];
    frames = new KeptFrame[moments.length];
    missing = moments.length;
  }

  /**
   * Has frames cut into a page as they come, while they are in the core's cache: for a clip during
   * which no other one needs the page.
   */
  void cutInto(TubeletPage of) {
    page = of;
  }

  /** Puts a frame into its place; keeps it until the clip is taken, if it cannot be cut at once. */
  void put(int i, KeptFrame frame) {
    timestamps[i] = frame.timestamp();
    if (page == null) {
      frames[i] = frame;
      frame.keep();
    } else {
      if (missing == frames.length) {
        page.begin(request.cutter());
      }
      page.put(i, frame.pixels());
    }
    missing--;
  }

  boolean complete() {
    return missing == 0;
  }

  /** The sources' own presentation times of its frames, in seconds. */
  double[] timestamps() {
    return timestamps;
  }

  /** Puts the complete clip into a page, where it may be already, and gives its frames back. */
  void take(TubeletPage into, FrameStore store) {
    if (page == null) {
      into.begin(request.cutter());
      for (int i = 0; i < frames.length; i++) {
        into.put(i, frames[i].pixels());
        store.release(frames[i]);
      }
    }
  }
}
