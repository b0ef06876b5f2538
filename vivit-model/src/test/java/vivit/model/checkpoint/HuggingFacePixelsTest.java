package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.model.shape.ClipShape;

/** Folders whose processor scales pixels in its own way. */
class HuggingFacePixelsTest {
  private static final String FOLDER = "checkpoints/transformers/published_names";
  private static final String TENSORS = "model.safetensors";
  private static final String IMAGENET =
      "\"image_mean\": [0.485, 0.456, 0.406], \"image_std\": [0.229, 0.224, 0.225]";

  private static HuggingFaceCheckpoint open(String processor) throws IOException {
    Map<String, byte[]> files = HuggingFaceCheckpointTest.folder(FOLDER);
    if (!processor.isEmpty()) {
      files.put("preprocessor_config.json", processor.getBytes(StandardCharsets.UTF_8));
    }
    return (HuggingFaceCheckpoint) Checkpoints.open(MemoryBytes.in(files, TENSORS));
  }

  /** A tubelet of bytes gives the token that the library gives it, by its formula. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"do_rescale\": true, \"rescale_factor\": 0.00392156862745098, \"offset\": false, "
            + IMAGENET
            + "}",
        "{\"offset\": true, " + IMAGENET + "}",
        "{\"do_rescale\": false, \"do_normalize\": true, \"image_mean\": 127, \"image_std\": 64}",
        "{\"do_normalize\": false, \"rescale_factor\": 0.01, \"offset\": false}",
        "{\"image_processor_type\": \"VideoMAEImageProcessor\", " + IMAGENET + "}",
        "{\"do_rescale\": false, \"do_normalize\": false}"
      })
  void theEmbeddingGivesTheTokensOfTheLibrary(String processor) throws IOException {
    try (HuggingFaceCheckpoint plain = open("");
        HuggingFaceCheckpoint changed = open(processor)) {
      float[] kernel = plain.floats("embedding/kernel");
      float[] bias = plain.floats("embedding/bias");
      float[] kernelHere = changed.floats("embedding/kernel");
      float[] biasHere = changed.floats("embedding/bias");
      int width = bias.length;
      Random random = new Random(5);
      double[] there = new double[width];
      double[] here = new double[width];
      double size = 0;
      JsonNode json = new ObjectMapper().readTree(processor);
      for (int i = 0; i < kernel.length / width; i++) {
        int pixel = random.nextInt(256);
        double u = processed(json, pixel, i % 3);
        double v = pixel / 127.5 - 1;
        size = Math.max(size, Math.abs(u));
        for (int j = 0; j < width; j++) {
          there[j] += u * kernel[i * width + j];
          here[j] += v * kernelHere[i * width + j];
        }
      }
      for (int j = 0; j < width; j++) {
        assertThat(here[j] + biasHere[j]).isCloseTo(there[j] + bias[j], within(size * 1e-4));
      }
      assertThat(changed.floats("cls")).isEqualTo(plain.floats("cls"));
      assertThat(changed.note().orElseThrow()).contains("the embedding is changed to match");
      assertThat(plain.note()).isEmpty();
    }
  }

  private static double processed(JsonNode json, int pixel, int channel) {
    double value = pixel;
    if (json.path("do_rescale").asBoolean(true)) {
      boolean other = json.has("image_processor_type");
      value *= json.path("rescale_factor").asDouble(other ? 1 / 255.0 : 1 / 127.5);
      value -= json.path("offset").asBoolean(!other) ? 1 : 0;
    }
    if (json.path("do_normalize").asBoolean(true)) {
      value = (value - channel(json, "image_mean", channel)) / channel(json, "image_std", channel);
    }
    return value;
  }

  private static double channel(JsonNode json, String key, int channel) {
    JsonNode value = json.path(key);
    return value.isArray() ? value.get(channel).asDouble() : value.asDouble(0.5);
  }

  @Test
  void theTwofoldNormalisationOfPublishedModelsIsNotApplied() throws IOException {
    for (String published :
        List.of(
            "{\"do_normalize\": true, \"do_rescale\": true, \"image_mean\": [0.5, 0.5, 0.5],"
                + " \"image_std\": [0.5, 0.5, 0.5], \"offset\": true,"
                + " \"rescale_factor\": 0.00784313725490196}",
            "{}")) {
      try (HuggingFaceCheckpoint plain = open("");
          HuggingFaceCheckpoint folder = open(published)) {
        assertThat(folder.floats("embedding/kernel")).isEqualTo(plain.floats("embedding/kernel"));
        assertThat(folder.floats("embedding/bias")).isEqualTo(plain.floats("embedding/bias"));
        assertThat(folder.note().orElseThrow())
            .contains("2.00 v -1.00", "normalises twice", "is not applied");
      }
    }
  }

  /** Bytes over 255, less a half, over a half, is what this program does. */
  @Test
  void videoMaesProcessorCanScaleAsThisProgramDoes() throws IOException {
    try (HuggingFaceCheckpoint folder =
        open(
            "{\"image_processor_type\": \"VideoMAEImageProcessor\", \"image_mean\": 0.5,"
                + " \"image_std\": 0.5, \"rescale_factor\": 0.00392156862745098}")) {
      assertThat(folder.note()).isEmpty();
    }
  }

  @Test
  void whatIsWrittenIsWhatThisProgramDoes() throws IOException {
    String written =
        new String(HuggingFacePixels.write(new ClipShape(8, 32, 48)), StandardCharsets.UTF_8);
    try (HuggingFaceCheckpoint folder = open(written)) {
      assertThat(folder.note()).isEmpty();
    }
    JsonNode json = new ObjectMapper().readTree(written);
    assertThat(json.path("crop_size").path("height").asInt()).isEqualTo(32);
    assertThat(json.path("crop_size").path("width").asInt()).isEqualTo(48);
    assertThat(json.path("size").path("shortest_edge").asInt()).isEqualTo(54);
    assertThat(json.path("image_processor_type").asText()).isEqualTo("VivitImageProcessor");
    assertThat(json.path("rescale_factor").asDouble()).isEqualTo(1 / 127.5);
    assertThat(json.path("offset").asBoolean()).isTrue();
    assertThat(json.path("do_normalize").asBoolean(true)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"image_std\": [0.2, 0, 0.2]} | image_std is [0.2,0,0.2], expected numbers above 0",
        "{\"image_mean\": [0.5, 0.5]} | image_mean is [0.5,0.5], expected 3 numbers",
        "{\"image_mean\": \"half\"} | image_mean is \"half\", expected a number",
        "{\"offset\": 1} | offset is 1, expected true or false",
        "{\"rescale_factor\": \"1/255\"} | rescale_factor is \"1/255\", expected a number",
      })
  void whatCannotBeIsRefused(String processor, String message) {
    assertThatThrownBy(() -> open(processor).close())
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("preprocessor_config.json")
        .hasMessageContaining(message);
  }
}
