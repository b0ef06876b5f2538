package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.Readout;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedDotProduct;
import vivit.model.variant.SpaceTime;

class HuggingFaceConfigTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static ObjectNode golden() throws IOException {
    return (ObjectNode) JSON.readTree(Fixtures.bytes(Fixtures.HUGGING_FACE + "/config.json"));
  }

  private static HuggingFaceConfig read(ObjectNode json) throws IOException {
    return HuggingFaceConfig.read(MemoryBytes.of("config.json", JSON.writeValueAsBytes(json)));
  }

  @Test
  void theGoldenFileIsModelOne() throws IOException {
    HuggingFaceConfig config = read(golden());
    assertThat(config)
        .isEqualTo(
            new HuggingFaceConfig(
                new ClipShape(8, 12, 12),
                new Tubelet(2, 4, 4),
                10,
                2,
                2,
                22,
                List.of(
                    "class a", "class b", "class c", "class d", "class e", "class f", "class g"),
                Loss.SOFTMAX));
    assertThat(config.model().variant()).isEqualTo(new SpaceTime(2));
    assertThat(ParameterIndex.of(config.model()).parameters()).hasSize(16 * 2 + 8);
  }

  @Test
  void theLibrarysNonSquareFileIsRead() throws IOException {
    HuggingFaceConfig config =
        HuggingFaceConfig.read(
            Bytes.of(Fixtures.path("checkpoints/transformers/published_names/config.json")));
    assertThat(config.clip()).isEqualTo(new ClipShape(6, 8, 12));
    assertThat(config.labels()).containsExactly("walk", "run", "jump \"high\"", "sit\u00e9");
  }

  @Test
  void whatIsWrittenComesBack() throws IOException {
    for (ClipShape clip : List.of(new ClipShape(8, 12, 12), new ClipShape(8, 12, 20))) {
      for (Loss loss : Loss.values()) {
        HuggingFaceConfig config =
            new HuggingFaceConfig(
                clip, new Tubelet(2, 3, 4), 12, 5, 3, 40, List.of("b\u00e9", "a", "\"c\""), loss);
        assertThat(HuggingFaceConfig.read(MemoryBytes.of("c", config.toJson()))).isEqualTo(config);
        assertThat(HuggingFaceConfig.of(config.model(), config.labels())).isEqualTo(config);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "layer_norm_eps;1e-5;layer_norm_eps is 1.0E-5, but this model is always 1.0E-6",
        "layer_norm_eps;\"x\";",
        "hidden_act;\"gelu\";hidden_act is gelu, expected the tanh form gelu_fast",
        "hidden_act;\"gelu_new\";",
        "hidden_act;\"gelu_pytorch_tanh\";",
        "qkv_bias;false;qkv_bias is false, but this model is always true",
        "num_channels;1;num_channels is 1, but this model is always 3",
        "model_type;\"vit\";model_type is vit, but this model is always vivit",
        "num_attention_heads;3;3 attention heads do not divide hidden_size 10",
        "num_attention_heads;0;0 attention heads do not divide hidden_size 10",
        "head_dim;7;head_dim is 7, expected hidden_size / num_attention_heads",
        "head_dim;5;",
        "tubelet_size;[2, 4];tubelet_size is [2, 4], expected frames, height and width",
        "tubelet_size;[2, 4, 0];has a size below 1",
        "tubelet_size;[2, 4, 99];smaller than one tubelet",
        "image_size;[];image_size is empty",
        "image_size;[12, 12, 12];image_size is [12, 12, 12], expected one number or two",
        "image_size;\"12\";image_size is \"12\", expected a whole number",
        "hidden_size;10.5;hidden_size is 10.5, expected a whole number",
        "hidden_size;1152921504606846976;expected a whole number",
        "num_hidden_layers;0;num_hidden_layers is 0",
        "id2label;{\"0\": \"a\", \"2\": \"b\"};id2label has 2 names, but none for class 1",
        "id2label;{};there is no class",
        "num_frames;null;num_frames is null, expected a whole number"
      })
  void whatOurModelCannotBeIsRefused(String key, String value, String message) throws IOException {
    ObjectNode json = golden();
    json.set(key, JSON.readTree(value));
    if (message == null) {
      assertThat(read(json).hiddenSize()).isEqualTo(10);
      return;
    }
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("Cannot read config.json: ")
        .hasMessageContaining(message);
  }

  @Test
  void sizesMustBeThereAndDefaultLabelsNeedNot() throws IOException {
    ObjectNode without = golden();
    without.remove("num_attention_heads");
    assertThatThrownBy(() -> read(without)).hasMessageContaining("num_attention_heads is missing");
    ObjectNode nameless = golden();
    nameless.remove("id2label");
    assertThat(read(nameless).labels()).containsExactly("LABEL_0", "LABEL_1");
  }

  @Test
  void onlyModelOneCanBeDescribed() throws IOException {
    ViViTConfig model = HuggingFaceConfigTest.model(Readout.TOKEN, 0, new Head("a", 3));
    assertThat(HuggingFaceConfig.of(model, List.of()).labels())
        .containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    assertThatThrownBy(() -> HuggingFaceConfig.of(model, List.of("x")))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("there are 1 labels for 3 classes");
    assertThatThrownBy(
            () -> HuggingFaceConfig.of(TinyModels.factorised(0, TinyModels.CLASSES), List.of()))
        .hasMessageContaining("Cannot write this model in Hugging Face format: its variant is")
        .hasMessageContaining("knows only Model 1; write safetensors in Scenic's names instead");
    assertThatThrownBy(
            () -> HuggingFaceConfig.of(model(Readout.MEAN, 0, new Head("a", 3)), List.of()))
        .hasMessageContaining("class token");
    assertThatThrownBy(
            () -> HuggingFaceConfig.of(model(Readout.TOKEN, 4, new Head("a", 3)), List.of()))
        .hasMessageContaining("only one head, directly on the class token");
    ViViTConfig two = model(Readout.TOKEN, 0, new Head("noun", 3), new Head("verb", 2));
    assertThatThrownBy(() -> HuggingFaceConfig.of(two, List.of()))
        .hasMessageContaining("only one head");
    ViViTConfig four =
        new ViViTConfig(
            new ClipShape(4, 4, 4),
            new Tubelet(2, 2, 2),
            4,
            2,
            6,
            new FactorisedDotProduct(1),
            Readout.MEAN,
            0,
            List.of(new Head("a", 2)));
    assertThatThrownBy(() -> HuggingFaceConfig.of(four, List.of()))
        .hasMessageContaining("FactorisedDotProduct");
  }

  static ViViTConfig model(Readout readout, int representation, Head... heads) {
    return new ViViTConfig(
        new ClipShape(6, 6, 8),
        new Tubelet(2, 3, 2),
        12,
        3,
        10,
        new SpaceTime(2),
        readout,
        0,
        List.of(heads),
        0,
        representation);
  }
}
