package vivit.model.dl4j;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;

/** A ViViT as an ordinary DL4J graph. */
public final class ViViTGraph {

  /** The graph's one input. */
  public static final String INPUT = "tokens";

  /** The backbone's vertex. */
  public static final String BACKBONE = "vivit";

  private ViViTGraph() {}

  /** A float32 graph, initialised from the seed. */
  public static ComputationGraph create(ViViTConfig config, long seed) {
    return create(config, seed, DataType.FLOAT);
  }

  /** A graph in float or double. */
  public static ComputationGraph create(ViViTConfig config, long seed, DataType type) {
    throw new UnsupportedOperationException("soon");
  }

  /** Names, shapes and places of the parameters in {@code graph.params()}. */
  public static ParameterIndex index(ComputationGraph graph) {
    throw new UnsupportedOperationException("soon");
  }

  /** The model a graph was created for. */
  public static ViViTConfig config(ComputationGraph graph) {
    throw new UnsupportedOperationException("soon");
  }

  /** Logits per head, {@code [b, k]} each; the caller closes them. */
  public static INDArray[] logits(ComputationGraph graph, INDArray tokens) {
    throw new UnsupportedOperationException("soon");
  }
}
