package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vivit.model.TinyModels;
import vivit.model.checkpoint.TensorSource.Format;
import vivit.model.parameter.ParameterIndex;

class WholeModelTest {

  private final ParameterIndex one =
      ParameterIndex.of(TinyModels.factorised(0, TinyModels.CLASSES));
  private final ParameterIndex two =
      ParameterIndex.of(TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB));

  private static float[] counting(ParameterIndex index) {
    float[] values = new float[(int) index.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return values;
  }

  private static TensorSource scenic(ParameterIndex index) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TensorSource flat =
        new FlatSource(
            "model",
            index,
            (offset, into) -> {
              for (int i = 0; i < into.length; i++) {
                into[i] = offset + i;
              }
            },
            Map.of("step", "12"));
    ScenicWriter.write(flat, out);
    return Checkpoints.open(MemoryBytes.of("x.safetensors", out.toByteArray()));
  }

  @Test
  void oneHeadComesBack() throws IOException {
    try (TensorSource source = scenic(one)) {
      assertThat(source.format()).isEqualTo(Format.SAFETENSORS);
      assertThat(source.metadata()).containsExactly(Map.entry("step", "12"));
      assertThat(WholeModel.read(source, one)).isEqualTo(counting(one));
    }
  }

  @Test
  void severalHeadsLieSideBySideInTheFileAndComeBack() throws IOException {
    try (TensorSource source = scenic(two)) {
      assertThat(source.tensors())
          .extracting(TensorEntry::name)
          .doesNotContain("output_projection/noun/kernel");
      Map<String, Fixtures.Tensor> tensors = Fixtures.all(source);
      Fixtures.Tensor kernel = tensors.get("output_projection/kernel");
      Fixtures.Tensor bias = tensors.get("output_projection/bias");
      assertThat(kernel.shape()).containsExactly(14L, 8L);
      assertThat(bias.shape()).containsExactly(8L);
      FlatSource flat = FlatSource.of("flat", two, counting(two));
      float[] noun = flat.floats("output_projection/noun/kernel");
      float[] verb = flat.floats("output_projection/verb/kernel");
      for (int row = 0; row < 14; row++) {
        for (int column = 0; column < 8; column++) {
          assertThat(kernel.values().get(row * 8 + column))
              .isEqualTo(column < 5 ? noun[row * 5 + column] : verb[row * 3 + column - 5]);
        }
      }
      assertThat(bias.values().get(5)).isEqualTo(flat.floats("output_projection/verb/bias")[0]);
      assertThat(WholeModel.read(source, two)).isEqualTo(counting(two));
    }
  }

  @Test
  void headsUnderTheirOwnNamesAreReadToo() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ParameterFile.write(two, counting(two), out, Map.of());
    try (TensorSource source = Checkpoints.open(MemoryBytes.of("p", out.toByteArray()))) {
      assertThat(source.tensors())
          .extracting(TensorEntry::name)
          .contains("output_projection/verb/kernel");
      assertThat(WholeModel.read(source, two)).isEqualTo(counting(two));
    }
  }

  @Test
  void otherModelsAreRefusedWithTheFirstTensorThatDoesNotFit() throws IOException {
    try (TensorSource source = scenic(two)) {
      assertThatThrownBy(() -> WholeModel.read(source, one))
          .isInstanceOf(CorruptCheckpointException.class)
          .hasMessageContaining(
              "Cannot read x.safetensors: tensor output_projection/kernel has shape [14, 8],"
                  + " expected [14, 4] (byte ");
    }
    try (TensorSource source = scenic(one)) {
      assertThatThrownBy(() -> WholeModel.read(source, Fixtures.scenicIndex()))
          .hasMessageContaining("tensor embedding/kernel has shape [2, 2, 2, 3, 14], expected");
      ParameterIndex backbone =
          ParameterIndex.backbone(TinyModels.factorised(0, TinyModels.CLASSES));
      assertThatThrownBy(() -> WholeModel.read(source, backbone))
          .hasMessageContaining("tensor output_projection/")
          .hasMessageContaining("is not a parameter of this model");
    }
    try (TensorSource image = Checkpoints.open(Fixtures.path(Fixtures.IMAGE))) {
      assertThatThrownBy(() -> WholeModel.read(image, one))
          .hasMessageContaining("expected [2, 2, 2, 3, 14]");
    }
  }

  @Test
  void anyFormatCanBeWrittenInScenicsNames() throws IOException {
    for (String file : new String[] {Fixtures.SCENIC, Fixtures.IMAGE, Fixtures.HUGGING_FACE}) {
      try (TensorSource source = Checkpoints.open(Fixtures.path(file))) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ScenicWriter.write(source, out);
        try (TensorSource back = Checkpoints.open(MemoryBytes.of("x", out.toByteArray()))) {
          assertThat(Fixtures.all(back)).isEqualTo(Fixtures.all(source));
          assertThat(back.metadata()).isEqualTo(source.metadata());
        }
      }
    }
  }
}
