package vivit.dataprep.video;

import vivit.dataprep.clip.ClipSampler;
import vivit.dataprep.clip.ClipSettings;

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

  private final KeptFrame[] frames;
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
    frames = new KeptFrame[moments.length];
    missing = moments.length;
  }

  /** Puts a frame into its place, and keeps it until the clip is released. */
  void put(int i, KeptFrame frame) {
    frames[i] = frame;
    frame.keep();
    missing--;
  }

  boolean complete() {
    return missing == 0;
  }

  /** The frames, in the order of the clip. */
  KeptFrame[] frames() {
    return frames;
  }
}
