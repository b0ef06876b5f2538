package vivit.spark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterGlobTest {

  @ParameterizedTest
  @CsvSource({
    "embedding/kernel,          embedding/kernel,                             true",
    "embedding/*,               embedding/kernel,                             true",
    "embedding,                 embedding/kernel,                             false",
    "*,                         embedding/kernel,                             false",
    "**,                        embedding/kernel,                             true",
    "**/kernel,                 Transformer/encoderblock_0/LayerNorm_0/scale, false",
    "*/encoderblock_?/**,       Transformer/encoderblock_0/LayerNorm_0/scale, true",
    "*/encoderblock_?/**,       Transformer/encoderblock_10/MlpBlock_3/bias,  false",
    "*/encoderblock_?/*,        Transformer/encoderblock_0/LayerNorm_0/scale, false",
    "a.c,                       abc,                                          false"
  })
  void matchesWholeNames(String glob, String name, boolean expected) {
    assertThat(new ParameterGlob(glob).matches(name)).isEqualTo(expected);
  }

  @Test
  void refusesNothing() {
    assertThatThrownBy(() -> new ParameterGlob(" ")).hasMessageContaining("an empty pattern");
  }
}
