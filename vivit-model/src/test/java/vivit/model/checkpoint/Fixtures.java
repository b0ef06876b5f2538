package vivit.model.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;

/** Files of the test resources and their expected content. */
final class Fixtures {

  static final String SCENIC = "golden/v1/checkpoint/scenic/checkpoint_70000";
  static final String IMAGE = "golden/v1/checkpoint/image_vit/image_same_grid.npz";
  static final String HUGGING_FACE = "golden/v1/checkpoint/huggingface";

  private Fixtures() {}

  /** A tensor by value; bits decide, so that NaN equals NaN. */
  record Tensor(List<Long> shape, List<Float> values) {
    static Tensor of(long[] shape, float[] values) {
      return new Tensor(
          Arrays.stream(shape).boxed().toList(),
          IntStream.range(0, values.length).mapToObj(i -> values[i]).toList());
    }
  }

  static Path path(String resource) {
    try {
      return Path.of(Fixtures.class.getResource("/" + resource).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(String resource) throws IOException {
    return Files.readAllBytes(path(resource));
  }

  /** The floating tensors of a plain safetensors file under a prefix, without it. */
  static Map<String, Tensor> expected(String resource, String prefix) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (SafetensorsReader reader =
        SafetensorsReader.open(new ByteArrayInputStream(bytes(resource)), resource)) {
      while (reader.next()) {
        TensorEntry entry = reader.current();
        if (entry.name().startsWith(prefix) && entry.type().isFloating()) {
          tensors.put(
              entry.name().substring(prefix.length()), Tensor.of(entry.shape(), reader.floats()));
        }
      }
    }
    return tensors;
  }

  /** All tensors of a source. */
  static Map<String, Tensor> all(TensorSource source) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorEntry entry : source.tensors()) {
      tensors.put(entry.name(), Tensor.of(entry.shape(), source.floats(entry.name())));
    }
    return tensors;
  }

  static Map<String, Tensor> all(String resource) throws IOException {
    try (TensorSource source = Checkpoints.open(path(resource))) {
      return all(source);
    }
  }

  /** The model of {@link #SCENIC}. */
  static ParameterIndex scenicIndex() {
    return ParameterIndex.of(
        new ViViTConfig(
            new ClipShape(6, 8, 8),
            new Tubelet(2, 4, 4),
            10,
            2,
            22,
            new FactorisedEncoder(2, 3),
            Readout.TOKEN,
            0,
            List.of(new Head("classes", 7))));
  }
}
