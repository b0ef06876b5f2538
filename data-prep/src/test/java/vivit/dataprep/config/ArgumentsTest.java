package vivit.dataprep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

  private static Arguments parse(String... words) {
    return Arguments.parse(Set.of("json", "clip"), words);
  }

  @Test
  void wordsArePlacesOptionsAndConfiguration() {
    Arguments arguments =
        parse(
            "run", "--json", "a=b", "conf/tiny.conf", "--clip=c", "model.width=3", "x=y", "seed=1");
    assertThat(arguments.places()).containsExactly("run", "x=y");
    assertThat(arguments.option("json")).contains("a=b");
    assertThat(arguments.option("clip")).contains("c");
    assertThat(arguments.config()).containsExactly("conf/tiny.conf", "model.width=3", "seed=1");
    assertThat(arguments.describesModel()).isTrue();
    assertThat(parse("predict.top=3").describesModel()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--json=", "--json --clip"})
  void optionsNeedAValue(String words) {
    assertThatThrownBy(() -> parse(words.split(" ", -1)))
        .isInstanceOf(UsageException.class)
        .hasMessage("--json needs a value");
  }

  @Test
  void unknownAndRepeatedOptionsAreRefused() {
    assertThatThrownBy(() -> parse("--jason=x"))
        .hasMessage("found option --jason, expected one of [clip, json]");
    assertThatThrownBy(() -> parse("--json=x", "--json=y")).hasMessage("--json is given twice");
  }

  @Test
  void flagsAreOptionsWithoutAValue() {
    Arguments arguments = Arguments.parse(Set.of("json"), Set.of("serve"), "--serve", "a.conf");
    assertThat(arguments.flag("serve")).isTrue();
    assertThat(arguments.config()).containsExactly("a.conf");
    assertThat(Arguments.parse(Set.of("json"), Set.of("serve")).flag("serve")).isFalse();
    assertThatThrownBy(() -> Arguments.parse(Set.of("json"), Set.of("serve"), "--serve=1"))
        .hasMessage("--serve takes no value");
    assertThatThrownBy(() -> Arguments.parse(Set.of("json"), Set.of("serve"), "--jason"))
        .hasMessage("found option --jason, expected one of [json, serve]");
  }
}
