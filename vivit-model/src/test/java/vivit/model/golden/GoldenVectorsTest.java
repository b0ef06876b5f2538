package vivit.model.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.Checkpoints;
import vivit.model.checkpoint.TensorSource;
import vivit.model.checkpoint.WholeModel;
import vivit.model.dl4j.Optimiser;
import vivit.model.dl4j.TrainingStep;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.engine.Engine;
import vivit.model.engine.Nd4jEngine;
import vivit.model.engine.OneDnnEngine;
import vivit.model.engine.Tensor;
import vivit.model.network.Backbone;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.regularise.Randomness;
import vivit.model.regularise.Randomness.DropMasks;

/** The network against an independent float64 implementation; see the folder's README. */
class GoldenVectorsTest {

  private static final String HUGGING_FACE = "huggingface_checkpoint";
  private static final String SCENIC = "scenic_checkpoint";

  private static final Path FOLDER = GoldenFolder.chosen();

  @Test
  void theFolderHasCases() {
    assertThat(
            Stream.of("forward_backward", "trajectory", "initialisation", HUGGING_FACE, SCENIC)
                .flatMap(kind -> GoldenFolder.cases(FOLDER, kind).stream()))
        .as("cases in %s", FOLDER)
        .isNotEmpty();
  }

  /** A check of a case in one number type. */
  private interface Check {
    void run(Path file, DataType type) throws IOException;
  }

  private static Stream<DynamicTest> inBothTypes(String kind, Check check) {
    return GoldenFolder.cases(FOLDER, kind).stream()
        .flatMap(
            file ->
                Stream.of(DataType.FLOAT, DataType.DOUBLE)
                    .map(
                        type ->
                            DynamicTest.dynamicTest(
                                name(file) + " " + type, () -> check.run(file, type))));
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  @TestFactory
  Stream<DynamicTest> givesTheReferencesLogitsLossAndGradients() {
    return inBothTypes("forward_backward", GoldenVectorsTest::logitsLossAndGradients);
  }

  @TestFactory
  Stream<DynamicTest> givesTheReferencesActivationsAndInputGradient() {
    return inBothTypes("forward_backward", GoldenVectorsTest::activationsAndInputGradient);
  }

  @TestFactory
  Stream<DynamicTest> followsTheReferencesTrajectory() {
    return inBothTypes("trajectory", GoldenVectorsTest::trajectory);
  }

  @TestFactory
  Stream<DynamicTest> initialisesAsTheReferenceDoes() {
    return GoldenFolder.cases(FOLDER, "initialisation").stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    name(file), () -> InitialisationFixturesTest.check(file, true)));
  }

  /** A checkpoint of each format gives the expected logits on the expected clip. */
  @TestFactory
  Stream<DynamicTest> readsCheckpointsToTheReferencesLogits() {
    return Stream.of(HUGGING_FACE, SCENIC)
        .flatMap(kind -> GoldenFolder.cases(FOLDER, kind).stream())
        .flatMap(
            file ->
                Stream.of(DataType.FLOAT, DataType.DOUBLE)
                    .map(
                        type ->
                            DynamicTest.dynamicTest(
                                name(file) + " " + type, () -> checkpoint(file, type))));
  }

  private static void checkpoint(Path file, DataType type) throws IOException {
    GoldenCase golden = GoldenCase.read(file);
    ViViTConfig config = golden.config();
    ComputationGraph graph = ViViTGraph.create(config, 1, type);
    ParameterIndex index = ViViTGraph.index(graph);
    String source = golden.json().path("source").asText("");
    Path path = source.isEmpty() ? file.getParent() : file.resolveSibling(source);
    try (TensorSource checkpoint = Checkpoints.open(path)) {
      graph.params().assign(Nd4j.createFromArray(WholeModel.read(checkpoint, index)));
    }
    double[] clips = golden.tensors().get("clip");
    int batch = (int) golden.shapes().get("clip")[0];
    INDArray tokens =
        vector(GoldenCase.cut(clips, batch, config), type)
            .reshape(batch, config.grid().tokens(), config.tubelet().values());
    Tolerances.of(type)
        .check(
            "logits",
            Nd4j.concat(1, ViViTGraph.logits(graph, tokens)),
            golden.tensors().get("logits"),
            0);
  }

  private static void logitsLossAndGradients(Path file, DataType type) throws IOException {
    GoldenCase golden = GoldenCase.read(file);
    ViViTConfig config = golden.config();
    Tolerances tolerances = Tolerances.of(type);
    ComputationGraph graph = ViViTGraph.create(config, 1, type);
    ParameterIndex index = ViViTGraph.index(graph);
    assertThat(index.length())
        .isEqualTo(golden.json().path("parameter_count").asLong(index.length()));
    graph.params().assign(vector(golden.flat("param/", index, config.heads()), type));
    INDArray tokens = tokens(golden, type);
    int batch = (int) tokens.size(0);

    if (!golden.drops()) {
      INDArray[] logits = ViViTGraph.logits(graph, tokens);
      tolerances.check("logits", Nd4j.concat(1, logits), golden.tensors().get("logits"), 0);
    }
    try (TrainingStep step = new TrainingStep(graph, new Optimiser(0, 0))) {
      INDArray[] labels = golden.labels("target/smoothed", config.heads(), type);
      double before = graph.params().sumNumber().doubleValue();
      TrainingStep.Result result = step.step(tokens, labels, 0, masks(golden, batch));
      assertThat(graph.params().sumNumber().doubleValue()).isEqualTo(before);
      assertThat(result.lossSum() / batch)
          .isEqualTo(
              golden.tensors().get("loss/mean")[0],
              within(tolerances.value() * golden.tensors().get("loss/mean")[0]));
      double[] expected = golden.flat("grad/", index, config.heads());
      double largest = Tolerances.largest(expected);
      double[] found =
          step.states().get(0).reshape(index.length()).castTo(DataType.DOUBLE).toDoubleVector();
      index
          .parameters()
          .forEach(
              p ->
                  tolerances.checkGradient(
                      p.name(),
                      slice(found, p.offset(), p.length()),
                      slice(expected, p.offset(), p.length()),
                      largest));
    }
  }

  private static void activationsAndInputGradient(Path file, DataType type) throws IOException {
    for (Recompute recompute : Recompute.values()) {
      activationsAndInputGradient(file, type, recompute, new Nd4jEngine(type));
      if (type == DataType.FLOAT) {
        activationsAndInputGradient(file, type, recompute, new OneDnnEngine());
      }
    }
  }

  /** Closes the engine. */
  private static void activationsAndInputGradient(
      Path file, DataType type, Recompute recompute, Engine fresh) throws IOException {
    GoldenCase golden = GoldenCase.read(file);
    ViViTConfig config = golden.config();
    Tolerances tolerances = Tolerances.of(type);
    ParameterIndex index = ParameterIndex.of(config);
    ParameterIndex backboneIndex = ParameterIndex.backbone(config);
    double[] all = golden.flat("param/", index, config.heads());
    INDArray parameters = vector(slice(all, 0, backboneIndex.length()), type);
    INDArray gradients = Nd4j.create(type, backboneIndex.length());
    INDArray tokens = tokens(golden, type);
    int batch = (int) tokens.size(0);
    INDArray representations = Nd4j.create(type, batch, config.representation());
    INDArray tokenGradient = Nd4j.create(type, tokens.shape());
    try (Engine engine = fresh) {
      Backbone backbone = new Backbone(engine, config, recompute, engine.adopt(parameters));
      backbone.bindGradients(engine.adopt(gradients));
      Set<String> seen = new HashSet<>();
      backbone.observe(
          (name, values) -> {
            seen.add("act/" + name);
            checkActivation(golden, engine, type, name, values);
          });
      backbone.train(engine.adopt(tokens), masks(golden, batch), engine.adopt(representations));
      assertThat(seen).containsAll(golden.activations());
      tolerances.check("pre_head", representations, golden.tensors().get("act/pre_head"), 0);
      INDArray gradient = vector(headGradient(golden, config), type);
      backbone.backward(
          engine.adopt(gradient.reshape(batch, config.representation())),
          engine.adopt(tokenGradient));
    }
    double[] expected = GoldenCase.cut(golden.tensors().get("grad/input"), batch, config);
    double largest = Tolerances.largest(golden.flat("grad/", index, config.heads()));
    tolerances.checkGradient(
        "input",
        tokenGradient.castTo(DataType.DOUBLE).reshape(tokenGradient.length()).toDoubleVector(),
        expected,
        largest);
  }

  /** Every token's numbers; where only the first token is normalised, that one's. */
  private static void checkActivation(
      GoldenCase golden, Engine engine, DataType type, String name, Tensor values) {
    double[] expected = golden.tensors().get("act/" + name);
    INDArray copy = Nd4j.create(type, values.length());
    engine.copy(values.rowMajor(0, values.length()), engine.adopt(copy));
    double[] found = copy.castTo(DataType.DOUBLE).toDoubleVector();
    if (found.length < expected.length) {
      long[] shape = golden.shapes().get("act/" + name);
      int width = (int) shape[shape.length - 1];
      int tokens = (int) shape[shape.length - 2];
      expected = GoldenCase.firstRows(expected, tokens, width);
    }
    double limit = Tolerances.of(type).value() * Tolerances.largest(expected);
    Tolerances.check(name, found, expected, limit);
  }

  private static void trajectory(Path file, DataType type) throws IOException {
    GoldenCase golden = GoldenCase.read(file);
    ParameterIndex index = ParameterIndex.of(golden.config());
    double exact = type == DataType.FLOAT ? 1e-4 : 1e-7;
    try (Trajectory trajectory = new Trajectory(golden, type)) {
      trajectory.run();
      Map<String, double[]> expected = golden.tensors();
      assertThat(trajectory.losses()).containsExactly(expected.get("loss"), within(exact));
      assertThat(trajectory.norms()).containsExactly(expected.get("gradient_norm"), within(exact));
      checkFinal(
          index,
          trajectory.parameters(),
          golden.flat("final/param/", index, golden.config().heads()),
          exact,
          exact / 100);
      checkFinal(
          index,
          trajectory.momentum(),
          golden.flat("final/momentum/", index, golden.config().heads()),
          10 * exact,
          exact / 10);
    }
  }

  private static void checkFinal(
      ParameterIndex index, double[] found, double[] expected, double relative, double absolute) {
    for (Parameter p : index.parameters()) {
      double[] values = slice(expected, p.offset(), p.length());
      Tolerances.check(
          p.name(),
          slice(found, p.offset(), p.length()),
          values,
          relative * Tolerances.largest(values) + absolute);
    }
  }

  /** (probabilities - targets) kernel^T / (heads batch), in plain loops. */
  private static double[] headGradient(GoldenCase golden, ViViTConfig config) {
    double[] probabilities = golden.tensors().get("probabilities");
    double[] targets = golden.tensors().get("target/smoothed");
    double[] kernel = golden.tensors().get("param/output_projection/kernel");
    int width = config.representation();
    int classes = kernel.length / width;
    int batch = probabilities.length / classes;
    double[] gradient = new double[batch * width];
    for (int b = 0; b < batch; b++) {
      for (int j = 0; j < width; j++) {
        for (int c = 0; c < classes; c++) {
          gradient[b * width + j] +=
              (probabilities[b * classes + c] - targets[b * classes + c])
                  * kernel[j * classes + c]
                  / (batch * config.heads().size());
        }
      }
    }
    return gradient;
  }

  static Randomness masks(GoldenCase golden, int clips) {
    return golden.drops()
        ? new Randomness(new GivenMasks(golden.tensors(), 0, clips, 0, clips))
        : Randomness.none(clips);
  }

  /** Masks {@code [steps,] L, 2, B} of a file, of some clips of a batch. */
  record GivenMasks(Map<String, double[]> tensors, int step, int batch, int first, int clips)
      implements DropMasks {
    @Override
    public double factor(String encoder, int layer, int layers, int branch, int clip) {
      double[] masks = tensors.get("drop/" + encoder);
      return 1 - masks[((step * layers + layer) * 2 + branch) * batch + first + clip];
    }
  }

  private static INDArray tokens(GoldenCase golden, DataType type) {
    String tokens = "act/tokens";
    if (golden.tensors().containsKey(tokens)) {
      return golden.array(tokens, type);
    }
    ViViTConfig config = golden.config();
    int batch = (int) golden.shapes().get(golden.clips())[0];
    double[] cut = GoldenCase.cut(golden.tensors().get(golden.clips()), batch, config);
    return vector(cut, type).reshape(batch, config.grid().tokens(), config.tubelet().values());
  }

  static INDArray vector(double[] values, DataType type) {
    return Nd4j.createFromArray(values).castTo(type);
  }

  private static double[] slice(double[] values, long from, long length) {
    return Arrays.copyOfRange(values, (int) from, (int) (from + length));
  }
}
