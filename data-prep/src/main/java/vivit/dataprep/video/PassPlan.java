package vivit.dataprep.video;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import vivit.dataprep.video.RequestCut.PlannedClip;

/**
 * Chooses the clips to cut in one pass over a file, such that the number of frames kept at any
 * moment stays within a limit. Clips that overlap too much are left for another pass.
 */
final class PassPlan {
  private PassPlan() {}

  /**
   * Chooses among the waiting clips, in time order; from each request, its first ones.
   *
   * @param mostFrames limit of frames kept at a time; at least the frames of one clip
   * @return at least one clip if any is waiting
   */
  static List<PlannedClip> choose(Collection<RequestCut> requests, int mostFrames) {
    List<PlannedClip> candidates =
        requests.stream()
            .flatMap(request -> request.waiting().stream())
            .sorted(
                Comparator.<PlannedClip>comparingInt(clip -> clip.first)
                    .thenComparingInt(clip -> clip.request.number())
                    .thenComparingInt(clip -> clip.view))
            .toList();
    List<PlannedClip> chosen = new ArrayList<>();
    List<PlannedClip> active = new ArrayList<>();
    Set<RequestCut> left = new HashSet<>();
    for (PlannedClip clip : candidates) {
      active.removeIf(other -> other.last < clip.first);
      active.add(clip);
      if (!left.contains(clip.request) && kept(active) <= mostFrames) {
        chosen.add(clip);
      } else {
        active.remove(active.size() - 1);
        left.add(clip.request);
      }
    }
    return chosen;
  }

  /** The clips of a pass, given in time order, that overlap no other clip of the pass. */
  static List<PlannedClip> nonOverlapping(List<PlannedClip> chosen) {
    List<PlannedClip> found = new ArrayList<>();
    int until = -1;
    for (int i = 0; i < chosen.size(); i++) {
      PlannedClip clip = chosen.get(i);
      boolean last = i + 1 == chosen.size() || clip.last < chosen.get(i + 1).first;
      if (until < clip.first && last) {
        found.add(clip);
      }
      until = Math.max(until, clip.last);
    }
    return found;
  }

  /**
   * The largest number of frames that the clips keep at any moment. A frame is kept until the last
   * clip that shows it is complete.
   */
  private static int kept(List<PlannedClip> clips) {
    int[] frames =
        clips.stream()
            .flatMapToInt(clip -> Arrays.stream(clip.sources))
            .sorted()
            .distinct()
            .toArray();
    int[] until = new int[frames.length];
    for (PlannedClip clip : clips) {
      int last = Arrays.binarySearch(frames, clip.last);
      for (int source : clip.sources) {
        int at = Arrays.binarySearch(frames, source);
        until[at] = Math.max(until[at], last);
      }
    }
    int[] change = new int[frames.length + 1];
    for (int i = 0; i < frames.length; i++) {
      change[i]++;
      change[until[i] + 1]--;
    }
    int most = 0;
    int now = 0;
    for (int step : change) {
      now += step;
      most = Math.max(most, now);
    }
    return most;
  }
}
