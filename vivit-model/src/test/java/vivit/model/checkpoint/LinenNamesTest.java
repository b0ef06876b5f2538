package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinenNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LayerNorm_0 MultiHeadDotProductAttention_1 LayerNorm_2 MlpBlock_3"
            + "|LayerNorm_0 MultiHeadDotProductAttention_0 LayerNorm_1 MlpBlock_0",
        "LayerNorm_0 MultiHeadDotProductAttention_0 LayerNorm_1 MlpBlock_0"
            + "|LayerNorm_0 MultiHeadDotProductAttention_0 LayerNorm_1 MlpBlock_0",
        "LayerNorm_space MlpBlock LayerNorm_time|LayerNorm_space MlpBlock LayerNorm_time",
        "encoderblock_0 encoderblock_10 encoderblock_2|encoderblock_0 encoderblock_10 encoderblock_2",
        "Dense_0 Dense_1|Dense_0 Dense_1",
        // what is missing stays missing
        "MultiHeadDotProductAttention_1 LayerNorm_2 MlpBlock_3"
            + "|MultiHeadDotProductAttention_1 LayerNorm_2 MlpBlock_3",
        "LayerNorm_0 LayerNorm_2 MlpBlock_3|LayerNorm_0 LayerNorm_2 MlpBlock_3",
        "a_0 b_01|a_0 b_01",
        "_0 a_1|_0 a_1"
      })
  void modulesOfOneParentAreNumberedPerClass(String old, String expected) {
    List<String> paths =
        Stream.of(old.split(" ")).map(name -> "Transformer/encoderblock_7/" + name + "/x").toList();
    assertThat(LinenNames.of(paths).values())
        .containsExactlyElementsOf(
            Arrays.stream(expected.split(" "))
                .map(name -> "Transformer/encoderblock_7/" + name + "/x")
                .toList());
  }

  @Test
  void parentsAreIndependentAndOrderDoesNotMatter() {
    assertThat(
            LinenNames.of(
                List.of("A_0/MlpBlock_1/Dense_1/kernel", "cls", "A_0/LayerNorm_0/bias", "A_1/b_0")))
        .containsEntry("A_0/MlpBlock_1/Dense_1/kernel", "A_0/MlpBlock_0/Dense_1/kernel")
        .containsEntry("A_0/LayerNorm_0/bias", "A_0/LayerNorm_0/bias")
        .containsEntry("A_1/b_0", "A_1/b_0")
        .containsEntry("cls", "cls");
  }

  @Test
  void endlessPathsAreLeftAlone() {
    String path = "a_0/b_1/".repeat(20_000);
    assertThat(LinenNames.of(List.of(path))).containsEntry(path, path);
  }
}
