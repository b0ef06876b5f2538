package vivit.dataprep.video;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses the clips that are cut in one pass over a file, so that the frames kept at any moment
 * stay within a limit; where clips overlap too much, some are left for a further pass.
 */
final class PassPlan {
  private PassPlan() {}

  /**
   * Chooses from the clips that wait, in order of time; of each request the first ones.
   *
   * @param mostFrames that may be kept at a time, at least those of one clip
   * @return at least one clip, if one waits
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

  /** Those of a pass that are over before the next one begins; in order of time as given. */
  static List<PlannedClip> alone(List<PlannedClip> chosen) {
    List<PlannedClip> alone = new ArrayList<>();
    int until = -1;
    for (int i = 0; i < chosen.size(); i++) {
      PlannedClip clip = chosen.get(i);
      boolean last = i + 1 == chosen.size() || clip.last < chosen.get(i + 1).first;
      if (until < clip.first && last) {
        alone.add(clip);
      }
      until = Math.max(until, clip.last);
    }
    return alone;
  }

  /** The most frames that the clips keep at a moment: each from its own until its last clip's. */
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
