package vivit.spark.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import vivit.dataprep.config.Refusal;

/**
 * The averaged logits of one video.
 *
 * @param video id of the video
 * @param views number of averaged views
 * @param heads averaged logits of each head
 */
public record VideoScore(String video, int views, List<HeadScore> heads) implements Serializable {

  /**
   * The logits of one view: one stored clip, cropped.
   *
   * @param video id of the video
   * @param labels class ids per head; none for an unlabelled video
   * @param clip index of the stored clip within the video
   * @param crop index of the crop within the clip
   * @param logits per head {@code [k]}; owned by this record and never changed
   */
  public record ViewLogits(
      String video, List<List<Integer>> labels, int clip, int crop, float[][] logits)
      implements Serializable {}

  /** Copies the list. */
  public VideoScore {
    heads = List.copyOf(heads);
  }

  /**
   * Averages the logits of all views of one video: sums them in double in the order of (clip,
   * crop), independent of their order of arrival, and divides by their number.
   *
   * @throws Refusal if a view occurs twice, the labels differ between views, or a logit is not
   *     finite
   */
  public static VideoScore average(List<ViewLogits> views) {
    List<ViewLogits> ordered =
        views.stream()
            .sorted(Comparator.comparingInt(ViewLogits::clip).thenComparingInt(ViewLogits::crop))
            .toList();
    ViewLogits first = ordered.get(0);
    refuseContradictions(ordered);
    List<HeadScore> heads = new ArrayList<>();
    for (int head = 0; head < first.logits().length; head++) {
      double[] mean = new double[first.logits()[head].length];
      for (ViewLogits view : ordered) {
        add(view, head, mean);
      }
      for (int k = 0; k < mean.length; k++) {
        mean[k] /= ordered.size();
      }
      List<Integer> labels = first.labels().isEmpty() ? List.of() : first.labels().get(head);
      heads.add(new HeadScore(labels, mean));
    }
    return new VideoScore(first.video(), ordered.size(), heads);
  }

  private static void refuseContradictions(List<ViewLogits> ordered) {
    ViewLogits first = ordered.get(0);
    ViewLogits previous = null;
    for (ViewLogits view : ordered) {
      if (!view.labels().equals(first.labels())) {
        throw new Refusal(
            "found labels %s and %s for video %s, expected the same; give every row of the video list a unique id"
                .formatted(first.labels(), view.labels(), first.video()));
      }
      if (previous != null && previous.clip() == view.clip() && previous.crop() == view.crop()) {
        throw new Refusal(
            "found clip %d, crop %d of video %s twice, expected once; prepare the shards again"
                .formatted(view.clip(), view.crop(), first.video()));
      }
      previous = view;
    }
  }

  private static void add(ViewLogits view, int head, double[] sum) {
    for (int k = 0; k < sum.length; k++) {
      float logit = view.logits()[head][k];
      if (!Float.isFinite(logit)) {
        throw new Refusal(
            "found logit %s of class %d for video %s (clip %d, crop %d), expected a finite number; the checkpoint holds a diverged model"
                .formatted(logit, k, view.video(), view.clip(), view.crop()));
      }
      sum[k] += logit;
    }
  }
}
