package vivit.spark.train;

import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import vivit.dataprep.label.ClipLabels;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.regularise.LabelSmoothing;
import vivit.model.regularise.Mixup;

/**
 * Training targets of a batch: per head {@code [b, k]}, initially 1 for every class of a clip and 0
 * elsewhere. Owns its arrays.
 */
final class LabelRows implements AutoCloseable {
  private final List<Head> heads;
  private final INDArray[] rows;

  /** Creates the rows of these clips, in order. */
  LabelRows(List<Head> heads, List<ClipLabels> clips) {
    this.heads = heads;
    this.rows =
        IntStream.range(0, heads.size())
            .mapToObj(head -> rows(head, heads.get(head).classes(), clips))
            .toArray(INDArray[]::new);
  }

  private static INDArray rows(int head, int classes, List<ClipLabels> clips) {
    INDArray rows = Nd4j.create(DataType.FLOAT, clips.size(), classes);
    for (int clip = 0; clip < clips.size(); clip++) {
      for (ClipLabels.Label label : clips.get(clip).heads().get(head)) {
        rows.putScalar(clip, label.id(), 1);
      }
    }
    return rows;
  }

  /** Mixes the clips from {@code first} to before {@code end} in every head. */
  void mix(int first, int end, double lambda) {
    for (INDArray head : rows) {
      Mixup.mix(head.get(NDArrayIndex.interval(first, end)), lambda);
    }
  }

  /** Smooths the rows of the softmax heads, each over its own classes. */
  void smooth(double share) {
    for (int head = 0; head < rows.length; head++) {
      if (heads.get(head).loss() == Loss.SOFTMAX) {
        LabelSmoothing.smooth(rows[head], share);
      }
    }
  }

  /** The rows, in the order of the heads. */
  INDArray[] rows() {
    return rows;
  }

  @Override
  public void close() {
    for (INDArray head : rows) {
      head.close();
    }
  }
}
