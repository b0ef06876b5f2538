package vivit.dataprep.video;

import java.util.ArrayDeque;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.clip.TubeletCutter;

/** How far the cutting of one request is. */
final class RequestCut {
  private final int number;
  private final ArrayDeque<PlannedClip> waiting = new ArrayDeque<>();
  private SamplingGrid grid;
  private String salvaged = "";
  private FrameSize source;
  private TubeletCutter cutter;

  /** A request whose clips are yet to be planned. */
  RequestCut(int number) {
    this.number = number;
  }

  /** States its sampling grid. */
  void layOver(SamplingGrid grid) {
    this.grid = grid;
  }

  /** States what is missing of its video, in words. */
  void salvage(String missing) {
    this.salvaged = missing;
  }

  int number() {
    return number;
  }

  SamplingGrid grid() {
    return grid;
  }

  /** What is missing of its video, in words; empty if nothing. */
  String salvaged() {
    return salvaged;
  }

  /** Clips that are not cut yet, in order of their views. */
  ArrayDeque<PlannedClip> waiting() {
    return waiting;
  }

  /** Size of its first frame as shown; null before that came. */
  FrameSize source() {
    return source;
  }

  /** Knows the sizes of its clips; null before the first frame came. */
  TubeletCutter cutter() {
    return cutter;
  }

  /** Size of the frames of its clips, once the first one came. */
  FrameSize size() {
    return new FrameSize(cutter.height(), cutter.width());
  }

  /** States the sizes, once. */
  void sizes(FrameSize source, TubeletCutter cutter) {
    this.source = source;
    this.cutter = cutter;
  }
}
