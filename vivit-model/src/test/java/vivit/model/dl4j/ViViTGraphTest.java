package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.Readout;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.AveragePool;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;

class ViViTGraphTest {

  private final ViViTConfig twoHeads = TinyModels.factorised(0.4, TinyModels.NOUN, TinyModels.VERB);
  private final ViViTConfig oneHead = TinyModels.factorised(0.4, TinyModels.CLASSES);

  @Test
  void survivesModelSerializerWithUpdaterState() throws IOException {
    ComputationGraph graph = ViViTGraph.create(twoHeads, 7);
    INDArray tokens = TinyModels.tokens(twoHeads, 3, DataType.FLOAT);
    INDArray[] labels = TinyModels.labels(twoHeads, 3, DataType.FLOAT);
    for (int i = 0; i < 3; i++) {
      graph.fit(new MultiDataSet(new INDArray[] {tokens}, labels));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(graph, bytes, true);
    ComputationGraph restored =
        ModelSerializer.restoreComputationGraph(
            new ByteArrayInputStream(bytes.toByteArray()), true);

    assertThat(ViViTGraph.config(restored)).isEqualTo(twoHeads);
    assertThat(restored.params()).isEqualTo(graph.params());
    assertThat(restored.getUpdater().getStateViewArray())
        .isEqualTo(graph.getUpdater().getStateViewArray());
    assertThat(restored.output(tokens)).isEqualTo(graph.output(tokens));
  }

  @Test
  void configurationSurvivesJson() {
    ViViTConfig baseline =
        new ViViTConfig(
            new ClipShape(7, 4, 6),
            new Tubelet(1, 2, 2),
            6,
            3,
            5,
            new AveragePool(1),
            Readout.MEAN,
            0,
            List.of(new Head("classes", 2)),
            3,
            0);
    ViViTConfig multiLabel =
        new ViViTConfig(
            new ClipShape(4, 4, 6),
            new Tubelet(2, 2, 2),
            6,
            2,
            5,
            new FactorisedSelfAttention(1, AttentionOrder.TIME_SPACE),
            Readout.MAX,
            0.2,
            List.of(new Head("classes", 3, Loss.SIGMOID)),
            0,
            7);
    for (ViViTConfig config : List.of(oneHead, twoHeads, baseline, multiLabel)) {
      ComputationGraphConfiguration written = ViViTGraph.configuration(config, 7, DataType.DOUBLE);
      ComputationGraph graph =
          new ComputationGraph(ComputationGraphConfiguration.fromJson(written.toJson()));
      graph.init();
      assertThat(ViViTGraph.config(graph)).isEqualTo(config);
      assertThat(graph.params()).isEqualTo(ViViTGraph.create(config, 7, DataType.DOUBLE).params());
    }
  }

  @Test
  void headsCannotBeCalledAsOtherPartsOfTheGraph() {
    for (String name : List.of(ViViTGraph.INPUT, ViViTGraph.BACKBONE)) {
      ViViTConfig config =
          new ViViTConfig(
              new ClipShape(4, 4, 6),
              new Tubelet(2, 2, 2),
              6,
              2,
              5,
              new AveragePool(1),
              Readout.MEAN,
              0,
              List.of(new Head(name, 2)));
      assertThatThrownBy(() -> ViViTGraph.create(config, 7))
          .hasMessageContaining("No head can be called '" + name + "'");
    }
  }

  @Test
  void trainsAndEvaluatesAsAnyOtherGraph() {
    ComputationGraph graph = ViViTGraph.create(oneHead, 7);
    DataSet batch =
        new DataSet(
            TinyModels.tokens(oneHead, 3, DataType.FLOAT),
            TinyModels.labels(oneHead, 3, DataType.FLOAT)[0]);
    double before = graph.score(batch);
    assertThat(before).isEqualTo(Math.log(4), within(1e-6));
    graph.setLearningRate(0.05);
    for (int i = 0; i < 40; i++) {
      graph.fit(batch);
    }
    assertThat(graph.score(batch)).isLessThan(0.2);
    Evaluation evaluation = new Evaluation(4);
    evaluation.eval(batch.getLabels(), graph.outputSingle(batch.getFeatures()));
    assertThat(evaluation.accuracy()).isEqualTo(1);
  }

  @Test
  void workspacesChangeNothing() {
    INDArray[] trained = new INDArray[2];
    for (int run = 0; run < 2; run++) {
      ComputationGraph graph = ViViTGraph.create(oneHead, 7);
      WorkspaceMode mode = run == 0 ? WorkspaceMode.NONE : WorkspaceMode.ENABLED;
      graph.getConfiguration().setTrainingWorkspaceMode(mode);
      graph.getConfiguration().setInferenceWorkspaceMode(mode);
      DataSet batch =
          new DataSet(
              TinyModels.tokens(oneHead, 3, DataType.FLOAT),
              TinyModels.labels(oneHead, 3, DataType.FLOAT)[0]);
      for (int i = 0; i < 3; i++) {
        graph.fit(batch);
        graph.outputSingle(batch.getFeatures());
      }
      trained[run] = graph.params();
    }
    assertThat(trained[1]).isEqualTo(trained[0]);
  }

  @Test
  void plainFitDropsPathsFromItsSeed() {
    INDArray[] trained = new INDArray[3];
    for (int run = 0; run < 3; run++) {
      ViViTConfig config = run < 2 ? oneHead : TinyModels.factorised(0, TinyModels.CLASSES);
      ComputationGraph graph = ViViTGraph.create(config, 7);
      DataSet batch =
          new DataSet(
              TinyModels.tokens(config, 3, DataType.FLOAT),
              TinyModels.labels(config, 3, DataType.FLOAT)[0]);
      for (int i = 0; i < 3; i++) {
        graph.fit(batch);
      }
      trained[run] = graph.params();
    }
    assertThat(trained[0]).isEqualTo(trained[1]);
    assertThat(trained[0]).isNotEqualTo(trained[2]);
  }

  @Test
  void logitsAreWhatTheSoftmaxSees() {
    ComputationGraph graph = ViViTGraph.create(twoHeads, 7, DataType.DOUBLE);
    ParameterIndex index = ViViTGraph.index(graph);
    graph.params().addi(Nd4j.rand(DataType.DOUBLE, index.length()));
    INDArray tokens = TinyModels.tokens(twoHeads, 3, DataType.DOUBLE);
    INDArray[] logits = ViViTGraph.logits(graph, tokens);
    INDArray[] outputs = graph.output(tokens);
    assertThat(logits).hasSize(2);
    for (int head = 0; head < 2; head++) {
      assertThat(Transforms.softmax(logits[head]).equalsWithEps(outputs[head], 1e-12)).isTrue();
    }
  }

  @Test
  void theIndexFindsEveryParameterInTheFlatVector() {
    ComputationGraph graph = ViViTGraph.create(twoHeads, 7);
    ParameterIndex index = ViViTGraph.index(graph);
    graph.params().assign(0);
    for (Parameter parameter : index.parameters()) {
      String key =
          parameter.name().startsWith("output_projection/")
              ? parameter.name().split("/", -1)[1]
                  + (parameter.name().endsWith("kernel") ? "_W" : "_b")
              : "vivit_" + parameter.name().replace('_', '-');
      INDArray view = graph.getParam(key);
      assertThat(view.length()).as(key).isEqualTo(parameter.length());
      view.assign(1);
      float[] flat = graph.params().dup().toFloatVector();
      assertThat(flat[(int) parameter.offset()]).as(key).isEqualTo(1);
      assertThat(flat[(int) (parameter.offset() + parameter.length() - 1)]).as(key).isEqualTo(1);
      view.assign(0);
    }
  }

  @Test
  void aGraphBelowTheTokensGetsItsGradient() {
    ComputationGraphConfiguration.GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.DOUBLE)
            .updater(new Momentum(0.1, 0.9))
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .graphBuilder()
            .addInputs("tokens")
            .addLayer(
                "vivit",
                new ViViTLayer.Builder(oneHead, 7)
                    .inputGradient(ViViTLayer.InputGradient.COMPUTE)
                    .build(),
                "tokens")
            .setOutputs("vivit");
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    INDArray tokens = TinyModels.tokens(oneHead, 3, DataType.DOUBLE);
    graph.setInputs(tokens);
    graph.feedForward(new INDArray[] {tokens}, true, false);
    graph.backpropGradient(Nd4j.ones(DataType.DOUBLE, 3, 14));
    assertThat(graph.gradient().gradient().norm2Number().doubleValue()).isGreaterThan(0);
  }

  @Test
  void refusesOtherGraphs() {
    ComputationGraph other =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", new OutputLayer.Builder().nIn(2).nOut(2).build(), "in")
                .setOutputs("out")
                .build());
    other.init();
    assertThatThrownBy(() -> ViViTGraph.config(other))
        .hasMessage("The graph has no layer vivit; is it a ViViT?");
  }
}
