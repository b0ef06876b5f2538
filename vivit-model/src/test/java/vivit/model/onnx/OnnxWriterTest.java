package vivit.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import onnx.Onnx;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.GradientCheck;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.Preset;
import vivit.model.Readout;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.FlatSource;
import vivit.model.checkpoint.UnsupportedModelException;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.golden.GoldenCase;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.AveragePool;
import vivit.model.variant.FactorisedDotProduct;
import vivit.model.variant.FactorisedEncoder;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.SpaceTime;
import vivit.model.variant.Variant;

/** The result of a written graph against the network. */
class OnnxWriterTest {

  /** Weights and constants are float32 in the file; everything else is double on both sides. */
  private static final double EXACT = 1e-6;

  static Stream<ViViTConfig> models() {
    List<Variant> variants =
        List.of(
            new SpaceTime(1),
            new FactorisedEncoder(1, 2),
            new AveragePool(2),
            new FactorisedSelfAttention(2, AttentionOrder.SPACE_TIME),
            new FactorisedSelfAttention(1, AttentionOrder.TIME_SPACE),
            new FactorisedDotProduct(2));
    List<ViViTConfig> models = new ArrayList<>();
    for (Variant variant : variants) {
      boolean placed =
          variant instanceof FactorisedSelfAttention || variant instanceof FactorisedDotProduct;
      for (Readout readout : Readout.values()) {
        if (readout != Readout.TOKEN || !placed) {
          models.add(model(variant, readout, 0, 0, TinyModels.CLASSES));
        }
      }
    }
    models.add(model(new SpaceTime(1), Readout.MEAN, 3, 0, TinyModels.CLASSES));
    models.add(model(new FactorisedEncoder(1, 1), Readout.TOKEN, 7, 5, TinyModels.CLASSES));
    models.add(model(new AveragePool(1), Readout.TOKEN, 0, 9, TinyModels.NOUN, TinyModels.VERB));
    return models.stream();
  }

  /** Time 3, height 2, width 5; tubelets leave a frame, a row and a column over. */
  private static ViViTConfig model(
      Variant variant, Readout readout, int sampled, int representation, Head... heads) {
    return new ViViTConfig(
        new ClipShape(7, 5, 11),
        new Tubelet(sampled > 0 ? 1 : 2, 2, 2),
        12,
        4,
        11,
        variant,
        readout,
        0,
        List.of(heads),
        sampled,
        representation);
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyVariantAndReadOutGivesTheNetworksLogits(ViViTConfig config) throws IOException {
    ParameterIndex index = ParameterIndex.of(config);
    float[] flat = floats(GradientCheck.gaussian(5, index.length()), 0.3);
    byte[] file = write(config, flat, List.of());
    ClipShape clip = config.clip();
    ComputationGraph graph = ViViTGraph.create(config, 1, DataType.DOUBLE);
    graph.params().assign(Nd4j.createFromArray(flat).castTo(DataType.DOUBLE));
    for (int clips : new int[] {1, 2}) {
      int[] shape = {clips, clip.frames(), clip.height(), clip.width(), Tubelet.CHANNELS};
      double[] pixels = GradientCheck.gaussian(clips, Values.elements(shape));
      Map<String, Values> found =
          OnnxInterpreter.run(file, Map.of(OnnxWriter.INPUT, new Values(shape, pixels)));
      INDArray tokens =
          Nd4j.createFromArray(GoldenCase.cut(pixels, clips, config))
              .reshape(clips, config.grid().tokens(), config.tubelet().values());
      INDArray[] expected = ViViTGraph.logits(graph, tokens);
      for (int i = 0; i < expected.length; i++) {
        Head head = config.heads().get(i);
        Values logits = found.get(OnnxWriter.output(config, head));
        assertThat(logits.shape()).containsExactly(clips, head.classes());
        check(logits.data(), expected[i].dup('c').reshape(-1).toDoubleVector());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> givesTheReferencesLogits() throws IOException {
    return GoldenCase.undisturbed().stream()
        .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> checkLogits(golden)));
  }

  private static void checkLogits(GoldenCase golden) throws IOException {
    ViViTConfig config = golden.config();
    ParameterIndex index = ParameterIndex.of(config);
    float[] flat = floats(golden.flat("param/", index, config.heads()), 1);
    int[] shape =
        Arrays.stream(golden.shapes().get(golden.clips())).mapToInt(Math::toIntExact).toArray();
    Values clip = new Values(shape, golden.tensors().get(golden.clips()));
    Map<String, Values> found =
        OnnxInterpreter.run(write(config, flat, List.of()), Map.of(OnnxWriter.INPUT, clip));
    List<Values> logits =
        config.heads().stream().map(head -> found.get(OnnxWriter.output(config, head))).toList();
    check(Values.concat(1, logits).data(), golden.tensors().get("logits"));
  }

  @Test
  void saysWhatGoesInAndWhatComesOut() throws IOException {
    Head verb = new Head("verb", 3, Loss.SIGMOID);
    ViViTConfig config =
        model(new FactorisedEncoder(1, 2), Readout.TOKEN, 0, 0, TinyModels.NOUN, verb);
    float[] flat = new float[(int) ParameterIndex.of(config).length()];
    List<List<String>> labels = List.of(List.of(), List.of("take", "\"put\"", "wäsch"));
    Onnx.ModelProto model = Onnx.ModelProto.parseFrom(write(config, flat, labels));
    assertThat(model.getIrVersion()).isEqualTo(8);
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(17);
    assertThat(model.getMetadataPropsList())
        .extracting(Onnx.StringStringEntryProto::getKey, Onnx.StringStringEntryProto::getValue)
        .containsExactly(tuple("labels_verb", "[\"take\",\"\\\"put\\\"\",\"wäsch\"]"));
    assertThat(model.getGraph().getInputList()).hasSize(1);
    assertThat(sizes(model.getGraph().getInput(0))).containsExactly("batch", "7", "5", "11", "3");
    assertThat(model.getGraph().getOutputList())
        .extracting(Onnx.ValueInfoProto::getName)
        .containsExactly("logits_noun", "logits_verb");
    assertThat(sizes(model.getGraph().getOutput(1))).containsExactly("batch", "3");
    assertThat(model.getGraph().getOutput(0).getDocString()).endsWith("softmax");
    assertThat(model.getGraph().getOutput(1).getDocString()).endsWith("sigmoid");
  }

  @Test
  void modelsAboveTwoGigabytesAreRefusedBeforeAnyNumberIsRead() {
    ViViTConfig huge = TinyModels.published(Variant.Kind.SPACE_TIME, Preset.H, 0, 14, 32, 224, 400);
    FlatSource source =
        new FlatSource(
            "huge",
            ParameterIndex.of(huge),
            (offset, into) -> {
              throw new AssertionError("read");
            },
            Map.of());
    assertThatThrownBy(
            () -> OnnxWriter.write(huge, source, List.of(), OutputStream.nullOutputStream()))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(
            "Cannot write huge as ONNX: its 636945040 parameters take 2547780160 bytes, but an"
                + " ONNX file has at most 2147483647; write safetensors instead");
  }

  @Test
  void labelsOfOtherModelsAreRefused() {
    ViViTConfig config = TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB);
    float[] flat = new float[(int) ParameterIndex.of(config).length()];
    assertThatThrownBy(() -> write(config, flat, List.of(List.of())))
        .hasMessage("There are labels for 1 heads, expected 2");
    assertThatThrownBy(() -> write(config, flat, List.of(List.of(), List.of("a", "b"))))
        .hasMessage("Head 'verb' has 2 labels, expected one per class, 3");
  }

  private static List<String> sizes(Onnx.ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList().stream()
        .map(size -> size.hasDimParam() ? size.getDimParam() : "" + size.getDimValue())
        .toList();
  }

  private static byte[] write(ViViTConfig config, float[] flat, List<List<String>> labels)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FlatSource source = FlatSource.of("model", ParameterIndex.of(config), flat);
    OnnxWriter.write(config, source, labels, out);
    return out.toByteArray();
  }

  private static float[] floats(double[] values, double scale) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) (values[i] * scale);
    }
    return floats;
  }

  private static void check(double[] found, double[] expected) {
    double largest = DoubleStream.of(expected).map(Math::abs).max().orElseThrow();
    assertThat(found).containsExactly(expected, within(EXACT * largest));
  }
}
