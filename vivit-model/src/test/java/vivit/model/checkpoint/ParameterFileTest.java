package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vivit.model.TinyModels;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;

class ParameterFileTest {

  private final ParameterIndex index =
      ParameterIndex.of(TinyModels.factorised(0, TinyModels.CLASSES));

  private static float[] counting(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i;
    }
    return values;
  }

  private InputStream written(float[] flat) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ParameterFile.write(index, flat, bytes, Map.of("step", "3"));
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  @Test
  void aFlatVectorComesBack() throws IOException {
    float[] flat = counting((int) index.length());
    assertThat(ParameterFile.read(index, written(flat), "p")).isEqualTo(flat);
  }

  @Test
  void kernelsAreStoredInRowMajorOrder() throws IOException {
    float[] flat = counting((int) index.length());
    Parameter kernel = index.parameter("output_projection/kernel");
    try (SafetensorsReader reader = SafetensorsReader.open(written(flat), "p")) {
      do {
        reader.next();
      } while (!reader.current().name().equals(kernel.name()));
      float[] stored = reader.floats();
      // row 2 (input 2), column 3 (class 3) of [14, 4]
      assertThat(stored[2 * 4 + 3]).isEqualTo(flat[(int) kernel.offset() + 3 * 14 + 2]);
    }
  }

  @Test
  void otherModelsFilesAreRefused() throws IOException {
    float[] flat = counting((int) index.length());
    ParameterIndex twoHeads =
        ParameterIndex.of(TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB));
    ParameterIndex otherClasses = ParameterIndex.of(TinyModels.factorised(0, TinyModels.NOUN));
    ParameterIndex backbone = ParameterIndex.backbone(TinyModels.factorised(0, TinyModels.NOUN));
    assertThatThrownBy(() -> ParameterFile.read(twoHeads, written(flat), "p"))
        .hasMessage(
            "Cannot read p: tensor output_projection/kernel is not a parameter of this model");
    assertThatThrownBy(() -> ParameterFile.read(otherClasses, written(flat), "p"))
        .hasMessage(
            "Cannot read p: tensor output_projection/kernel is F32 [14, 4], expected F32 [14, 5]");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ParameterFile.write(backbone, new float[(int) backbone.length()], bytes, Map.of());
    InputStream headless = new ByteArrayInputStream(bytes.toByteArray());
    assertThatThrownBy(() -> ParameterFile.read(index, headless, "p"))
        .hasMessage("Cannot read p: 2 parameters are missing, among them output_projection/bias");
    assertThatThrownBy(() -> written(new float[3]))
        .hasMessageContaining("The flat vector has 3 elements, expected");
  }
}
