package vivit.bench;

import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.engine.EngineTimes;

/** Computes the logits of a batch, as evaluation does. */
final class InferenceWork implements StepWork {

  private final ComputationGraph graph;
  private final INDArray tokens;
  private double logit;

  InferenceWork(BenchSettings settings) {
    graph = ViViTGraph.create(settings.model(), 0);
    tokens = StepWork.tokens(settings.model(), settings.batch(), new Random(0));
  }

  @Override
  public void step(EngineTimes times) {
    for (INDArray logits : ViViTGraph.logits(graph, tokens)) {
      logit = logits.getDouble(0);
      logits.close();
    }
  }

  @Override
  public ComputationGraph graph() {
    return graph;
  }

  @Override
  public long updateNanos() {
    return 0;
  }

  @Override
  public double result() {
    return logit;
  }

  @Override
  public void close() {
    graph.close();
    tokens.close();
  }
}
