package vivit.spark.evaluate;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * The averaged logits of one video.
 *
 * @param video id of the video
 * @param label its class id
 * @param views how many views were averaged
 * @param logits {@code [k]}; owned by this record, not changed after
 */
public record VideoScore(String video, int label, int views, double[] logits)
    implements Serializable {

  /**
   * Sums the logits of all views of one video in double, in the order of (clip, crop), and divides
   * by their number: the order in which they arrive does not matter.
   *
   * @throws IllegalStateException if a view occurs twice, the label differs between views, or a
   *     logit is not finite
   */
  public static VideoScore average(List<ViewLogits> views) {
    List<ViewLogits> ordered =
        views.stream()
            .sorted(Comparator.comparingInt(ViewLogits::clip).thenComparingInt(ViewLogits::crop))
            .toList();
    ViewLogits first = ordered.get(0);
    double[] sum = new double[first.logits().length];
    ViewLogits previous = null;
    for (ViewLogits view : ordered) {
      if (view.label() != first.label()) {
        throw new IllegalStateException(
            "found labels %d and %d for video %s, expected one; give every row of the video list an id of its own"
                .formatted(first.label(), view.label(), first.video()));
      }
      if (previous != null && previous.clip() == view.clip() && previous.crop() == view.crop()) {
        throw new IllegalStateException(
            "found clip %d, crop %d of video %s twice, expected once; prepare the shards again"
                .formatted(view.clip(), view.crop(), first.video()));
      }
      for (int k = 0; k < sum.length; k++) {
        if (!Float.isFinite(view.logits()[k])) {
          throw new IllegalStateException(
              "found logit %s of class %d for video %s (clip %d, crop %d), expected a finite number; the checkpoint holds a diverged model"
                  .formatted(view.logits()[k], k, first.video(), view.clip(), view.crop()));
        }
        sum[k] += view.logits()[k];
      }
      previous = view;
    }
    for (int k = 0; k < sum.length; k++) {
      sum[k] /= ordered.size();
    }
    return new VideoScore(first.video(), first.label(), ordered.size(), sum);
  }

  /** Softmax of the averaged logits, {@code [k]}. */
  public double[] probabilities() {
    double largest = logits[TopK.best(logits)];
    double[] probabilities = new double[logits.length];
    double total = 0;
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] = Math.exp(logits[k] - largest);
      total += probabilities[k];
    }
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] /= total;
    }
    return probabilities;
  }

  /** Cross-entropy of the label under the averaged logits, in nats. */
  public double loss() {
    double largest = logits[TopK.best(logits)];
    double total = 0;
    for (double logit : logits) {
      total += Math.exp(logit - largest);
    }
    return Math.log(total) + largest - logits[label];
  }
}
