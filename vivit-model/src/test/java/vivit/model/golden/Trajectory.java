package vivit.model.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.Optimiser;
import vivit.model.dl4j.TrainingStep;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.parameter.ParameterIndex;
import vivit.model.regularise.LabelSmoothing;
import vivit.model.regularise.Mixup;
import vivit.model.regularise.Randomness;

/** A golden run: workers with a graph each, averaged at intervals. */
final class Trajectory implements AutoCloseable {

  private final GoldenCase golden;
  private final DataType type;
  private final ViViTConfig config;
  private final JsonNode training;
  private final int rows;
  private final List<TrainingStep> workers = new ArrayList<>();
  private double[] losses;
  private double[] norms;

  Trajectory(GoldenCase golden, DataType type) {
    this.golden = golden;
    this.type = type;
    config = golden.config();
    training = golden.json().get("training");
    int count = training.path("workers").asInt(1);
    rows = training.path("rows_per_worker").asInt(batch() / count);
    Optimiser optimiser =
        new Optimiser(
            training.path("momentum").asDouble(0.9), training.path("max_grad_norm").asDouble(0));
    for (int worker = 0; worker < count; worker++) {
      ComputationGraph graph = ViViTGraph.create(config, 1, type);
      ParameterIndex index = ViViTGraph.index(graph);
      graph
          .params()
          .assign(GoldenVectorsTest.vector(golden.flat("param/", index, config.heads()), type));
      workers.add(new TrainingStep(graph, optimiser));
    }
  }

  void run() {
    int steps = training.get("steps").asInt();
    int count = workers.size();
    losses = new double[steps * count];
    norms = new double[steps * count];
    for (int step = 0; step < steps; step++) {
      for (int worker = 0; worker < count; worker++) {
        TrainingStep.Result result = step(step, worker);
        losses[step * count + worker] = result.lossSum() / result.clips();
        norms[step * count + worker] = result.gradientNorm();
      }
      if ((step + 1) % training.path("average_every").asInt(1) == 0 || step == steps - 1) {
        average(workers.stream().map(TrainingStep::parameters).toList());
        average(workers.stream().map(worker -> worker.states().get(0)).toList());
      }
    }
  }

  private TrainingStep.Result step(int step, int worker) {
    int batch = step % training.get("batches").asInt();
    // the original code's clips are bytes converted in float32
    INDArray clips =
        pick("input/uint8", batch, worker)
            .castTo(DataType.FLOAT)
            .muli(2f / 255)
            .subi(1)
            .castTo(type);
    INDArray[] labels = labels(batch, worker);
    if (training.path("mixup").asBoolean()) {
      double lambda = golden.tensors().get("mixup_lambda")[step];
      Mixup.mix(clips, lambda);
      for (INDArray label : labels) {
        Mixup.mix(label, lambda);
      }
    }
    for (INDArray label : labels) {
      LabelSmoothing.smooth(label, training.path("label_smoothing").asDouble());
    }
    double[] tokens =
        GoldenCase.cut(
            clips.reshape(clips.length()).castTo(DataType.DOUBLE).toDoubleVector(), rows, config);
    INDArray input =
        GoldenVectorsTest.vector(tokens, type)
            .reshape(rows, config.grid().tokens(), config.tubelet().values());
    Randomness masks =
        golden.drops()
            ? new Randomness(
                new GoldenVectorsTest.GivenMasks(
                    golden.tensors(), step, batch(), worker * rows, rows))
            : Randomness.none(rows);
    return workers
        .get(worker)
        .step(input, labels, golden.tensors().get("learning_rate")[step], masks);
  }

  /** The worker's rows of a batch of {@code [batches, B, ...]}. */
  private INDArray pick(String tensor, int batch, int worker) {
    return golden
        .array(tensor, type)
        .slice(batch)
        .get(NDArrayIndex.interval((long) worker * rows, (worker + 1L) * rows))
        .dup('c');
  }

  /** Clips in a batch of all workers. */
  private int batch() {
    return (int) golden.shapes().get("input/uint8")[1];
  }

  /** Label rows per head, from class ids, or the given rows with several labels per clip. */
  private INDArray[] labels(int batch, int worker) {
    if (config.heads().get(0).loss() == Loss.SIGMOID) {
      return new INDArray[] {pick("input/labels", batch, worker)};
    }
    INDArray ids = pick("input/labels", batch, worker).reshape(rows, config.heads().size());
    List<INDArray> labels = new ArrayList<>();
    for (int head = 0; head < config.heads().size(); head++) {
      Head of = config.heads().get(head);
      INDArray oneHot = Nd4j.create(type, rows, of.classes());
      for (int row = 0; row < rows; row++) {
        oneHot.putScalar(row, ids.getInt(row, head), 1);
      }
      labels.add(oneHot);
    }
    return labels.toArray(INDArray[]::new);
  }

  private static void average(List<INDArray> vectors) {
    INDArray mean = vectors.get(0).dup();
    vectors.subList(1, vectors.size()).forEach(mean::addi);
    mean.divi(vectors.size());
    vectors.forEach(vector -> vector.assign(mean));
  }

  double[] losses() {
    return losses;
  }

  double[] norms() {
    return norms;
  }

  double[] parameters() {
    return workers.get(0).parameters().castTo(DataType.DOUBLE).toDoubleVector();
  }

  double[] momentum() {
    return workers.get(0).states().get(0).castTo(DataType.DOUBLE).toDoubleVector();
  }

  @Override
  public void close() {
    workers.forEach(TrainingStep::close);
  }
}
