package vivit.spark.probe;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.Head;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;
import vivit.spark.input.TokenBuffer;
import vivit.spark.input.TokenBuffer.TokenShape;
import vivit.spark.probe.FeatureFile.Features;

/** Batches of any rows of a set of features, prepared for probes. Not thread-safe. */
final class FeatureBatches implements AutoCloseable {
  private final FeatureSet set;
  private final List<Features> rows;
  private final Standardisation standard;
  private final List<Head> heads;
  private final int capacity;
  private final Map<ProbeKind, TokenBuffer> buffers = new EnumMap<>(ProbeKind.class);

  /**
   * Creates batches.
   *
   * @param rows all rows of the set, without their tokens
   * @param capacity largest batch
   */
  FeatureBatches(
      FeatureSet set,
      List<Features> rows,
      Standardisation standard,
      List<Head> heads,
      int capacity) {
    this.set = set;
    this.rows = rows;
    this.standard = standard;
    this.heads = heads;
    this.capacity = Math.min(capacity, rows.size());
  }

  List<Features> rows() {
    return rows;
  }

  int capacity() {
    return capacity;
  }

  /** What a kind of probes reads of these rows; valid until its next batch. */
  Tensor features(Engine engine, ProbeKind kind, List<Integer> batch) throws IOException {
    FeatureManifest sizes = set.manifest();
    TokenShape shape =
        kind == ProbeKind.LINEAR
            ? new TokenShape(1, sizes.representation())
            : new TokenShape(sizes.tokens(), sizes.width());
    TokenBuffer buffer = buffers.computeIfAbsent(kind, unused -> new TokenBuffer(shape, capacity));
    FloatBuffer room = buffer.clips(0, batch.size());
    for (int row : batch) {
      room.put(prepared(kind, row));
    }
    INDArray array = buffer.tokens(batch.size());
    return kind == ProbeKind.LINEAR
        ? engine.adopt(array).rowMajor(0, batch.size(), shape.values())
        : engine.adopt(array);
  }

  private float[] prepared(ProbeKind kind, int row) throws IOException {
    if (kind == ProbeKind.LINEAR) {
      return standard.apply(rows.get(row).representation());
    }
    float[] tokens = set.tokens(row);
    Standardisation.normaliseTokens(tokens, set.manifest().width());
    return tokens;
  }

  /** The labels of these rows, per head {@code [b, k]}. */
  List<double[]> labels(List<Integer> batch) {
    List<double[]> labels = new ArrayList<>();
    for (int head = 0; head < heads.size(); head++) {
      int classes = heads.get(head).classes();
      double[] ones = new double[batch.size() * classes];
      for (int i = 0; i < batch.size(); i++) {
        for (int id : rows.get(batch.get(i)).labels().get(head)) {
          ones[i * classes + id] = 1;
        }
      }
      labels.add(ones);
    }
    return labels;
  }

  @Override
  public void close() {
    buffers.values().forEach(TokenBuffer::close);
  }
}
