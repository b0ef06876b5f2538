package vivit.spark.probe;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What became of the probes.
 *
 * @param results of all, in the grid's order
 * @param chosen index of the best on the held-out training videos
 * @param classes the chosen probe's figures per class on the evaluation set, JSON
 * @param training clips that probes were trained on
 * @param validationVideos training videos held out
 * @param validationViews their clips
 * @param videos of the evaluation set
 * @param views of these videos
 */
record ProbeOutcome(
    List<ProbeResult> results,
    int chosen,
    String classes,
    long training,
    long validationVideos,
    long validationViews,
    long videos,
    long views)
    implements Serializable {

  /**
   * The figures of one probe.
   *
   * @param loss mean over the clips of the last epoch, in nats
   * @param validation figures on the held-out training videos; empty if the probe diverged
   * @param evaluation figures on the evaluation set; likewise
   */
  record ProbeResult(
      ProbePoint point, double loss, Map<String, Double> validation, Map<String, Double> evaluation)
      implements Serializable {

    boolean diverged() {
      return validation.isEmpty() || evaluation.isEmpty();
    }
  }

  ProbeResult best() {
    return results.get(chosen);
  }
}
