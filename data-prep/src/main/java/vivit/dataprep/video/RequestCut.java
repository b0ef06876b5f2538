package vivit.dataprep.video;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import vivit.dataprep.clip.ClipSampler;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.shard.TubeletPage;
import vivit.dataprep.text.Figures;
import vivit.dataprep.video.FrameStore.KeptFrame;

/** The progress of one request: its geometry, and the clips that are still to be cut. */
final class RequestCut {
  private static final int SHOWN = 20;

  private final int number;
  private final ArrayDeque<PlannedClip> waiting = new ArrayDeque<>();
  private SamplingGrid grid;
  private final List<Integer> leftOut = new ArrayList<>();
  private List<String> timelineRemarks = List.of();
  private String salvaged = "";
  private int delivered;
  private int patched;
  private int mostMadeUp;
  private FrameSize source;
  private TubeletCutter cutter;

  /** A request whose clips are not planned yet. */
  RequestCut(int number) {
    this.number = number;
  }

  /** Begins to plan its clips. */
  void plan(SamplingGrid grid, List<String> remarks) {
    this.grid = grid;
    this.timelineRemarks = remarks;
    waiting.clear();
  }

  /** Records, in words, which part of its video is missing. */
  void salvage(String missing) {
    this.salvaged = missing;
  }

  /** Counts a clip that is delivered. */
  void delivered(PlannedClip clip) {
    delivered++;
    if (clip.madeUp() > 0) {
      patched++;
      mostMadeUp = Math.max(mostMadeUp, clip.madeUp());
    }
  }

  /** Counts a clip that is not, because too many of its frames are made up. */
  void leftOut(PlannedClip clip) {
    leftOut.add(clip.view);
  }

  /** Number of clips that were delivered. */
  int delivered() {
    return delivered;
  }

  /** What is to be said about its video, once all clips are cut. */
  List<String> remarks() {
    List<String> all = new ArrayList<>(timelineRemarks);
    if (patched > 0) {
      all.add(
          "frames of %s cannot be decoded, up to %d of a clip; others stand for them"
              .formatted(Figures.of(patched, "clip"), mostMadeUp));
    }
    if (!leftOut.isEmpty()) {
      String views =
          leftOut.stream().limit(SHOWN).map(String::valueOf).collect(Collectors.joining(", "));
      all.add(
          "left out, since too many of their frames cannot be decoded: %s (%s%s)"
              .formatted(
                  Figures.of(leftOut.size(), "clip"),
                  views,
                  leftOut.size() > SHOWN ? " and so on" : ""));
    }
    return all;
  }

  int number() {
    return number;
  }

  SamplingGrid grid() {
    return grid;
  }

  /** The missing part of its video, in words; empty if the video is whole. */
  String salvaged() {
    return salvaged;
  }

  /** Clips that are not delivered yet, in view order. */
  ArrayDeque<PlannedClip> waiting() {
    return waiting;
  }

  /** Size of its first frame as shown; null before that frame arrives. */
  FrameSize source() {
    return source;
  }

  /** Geometry of its clips; null before the first frame arrives. */
  TubeletCutter cutter() {
    return cutter;
  }

  /** Frame size of its clips, once the first frame has arrived. */
  FrameSize size() {
    return new FrameSize(cutter.height(), cutter.width());
  }

  /** Sets the sizes, once. */
  void sizes(FrameSize source, TubeletCutter cutter) {
    this.source = source;
    this.cutter = cutter;
  }

  /** A clip to be cut: the frames of the video that it shows, and those already decoded. */
  static final class PlannedClip {
    final RequestCut request;
    final int view;
    final int offset;

    /** Per frame of the clip, the index in the timeline of the frame that it shows. */
    final int[] sources;

    /** Indices in the timeline of the first and the last frame that the clip shows. */
    final int first;

    final int last;

    private final double[] timestamps;
    private final KeptFrame[] frames;
    private TubeletPage page;
    private int missing;
    private int madeUp;

    PlannedClip(RequestCut request, int view, int offset, ClipSettings clip) {
      this.request = request;
      this.view = view;
      this.offset = offset;
      SamplingGrid grid = request.grid();
      int[] moments = ClipSampler.indices(grid.length(), clip.frames(), clip.stride(), offset);
      sources = new int[moments.length];
      int least = Integer.MAX_VALUE;
      int most = 0;
      for (int i = 0; i < moments.length; i++) {
        sources[i] = grid.frames().applyAsInt(moments[i]);
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
     * Cuts frames into a page as they arrive, while they are in the core's cache. No other clip may
     * use the page until this one is complete.
     */
    void cutInto(TubeletPage target) {
      page = target;
    }

    /**
     * Adds frame {@code i}; a frame that cannot be cut at once is kept until the clip is taken.
     *
     * @param invented whether the frame stands in for one that cannot be decoded
     */
    void put(int i, KeptFrame frame, boolean invented) {
      timestamps[i] = frame.timestamp();
      madeUp += invented ? 1 : 0;
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

    /** Number of its frames that could not be decoded, or not wholly. */
    int madeUp() {
      return madeUp;
    }

    /** Presentation times of its frames in the source, in seconds. */
    double[] timestamps() {
      return timestamps;
    }

    /** Cuts the complete clip into a page, unless it is there already, and releases its frames. */
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
}
