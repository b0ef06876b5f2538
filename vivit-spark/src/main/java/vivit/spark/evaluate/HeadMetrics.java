package vivit.spark.evaluate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.Labelling;

/** Exact metrics of one head over a set of videos. */
public sealed interface HeadMetrics permits SingleLabelMetrics, MultiLabelMetrics {

  /** Computes the metrics for a head's labelling. */
  static HeadMetrics of(LabelHead head, List<HeadScore> scores) {
    return head.labelling() == Labelling.SINGLE_LABEL
        ? SingleLabelMetrics.of(head.map().names(), scores)
        : MultiLabelMetrics.of(head.map().names(), scores);
  }

  /** The names of the figures that a head has, in the order in which they are shown. */
  static List<String> names(LabelHead head) {
    return head.labelling() == Labelling.SINGLE_LABEL
        ? SingleLabelMetrics.names(head.classes())
        : List.of(MultiLabelMetrics.MEAN_AVERAGE_PRECISION, EvaluationMetrics.LOSS);
  }

  /** Class names by id. */
  List<String> labels();

  /** Mean loss of a video, in nats. */
  double loss();

  /** The figures by name, in the order in which they are shown; {@code loss} is one of them. */
  Map<String, Double> figures();

  /** Adds the figures per class, in fields whose names begin with {@code prefix}. */
  void putClasses(ObjectNode report, String prefix);
}
