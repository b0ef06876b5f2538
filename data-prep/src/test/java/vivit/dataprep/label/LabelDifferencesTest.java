package vivit.dataprep.label;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelDifferencesTest {
  private static List<String> compare(List<String> shards, List<String> checkpoint) {
    return LabelDifferences.between(
        LabelHeads.of(LabelMap.of(shards)), LabelHeads.of(LabelMap.of(checkpoint)));
  }

  private static LabelHeads heads(Labelling labelling, List<String> nouns, List<String> verbs) {
    return new LabelColumns(List.of("noun", "verb"), labelling)
        .with(List.of(LabelMap.of(nouns), LabelMap.of(verbs)));
  }

  @Test
  void acceptsTheSameNamesInTheSameOrder() {
    assertThat(compare(List.of("jump", "run"), List.of("jump", "run"))).isEmpty();
  }

  @Test
  void namesWhatDiffers() {
    assertThat(compare(List.of("jump", "walk", "swim"), List.of("jump", "run")))
        .containsExactly(
            "2 only in the shards: \"walk\", \"swim\"; 1 only in the checkpoint: \"run\"");
    assertThat(compare(List.of("jump"), List.of("jump", "run")))
        .containsExactly("1 only in the checkpoint: \"run\"");
  }

  @Test
  void namesTheIdsOfAnotherOrder() {
    assertThat(compare(List.of("jump", "walk", "run"), List.of("jump", "run", "walk")))
        .containsExactly(
            "the same 3 classes in another order: 1 is \"walk\" in the shards, \"run\" in the"
                + " checkpoint, 2 is \"run\" in the shards, \"walk\" in the checkpoint");
  }

  @Test
  void tenDifferencesAreEnough() {
    List<String> shards = IntStream.range(0, 15).mapToObj(i -> "s" + i).toList();
    List<String> trained = IntStream.range(0, 15).mapToObj(i -> "t" + i).toList();
    assertThat(compare(shards, trained).get(0)).endsWith("\"t9\" and 5 more");
  }

  @Test
  void namesTheHeadThatDiffers() {
    LabelHeads trained =
        heads(Labelling.SINGLE_LABEL, List.of("cup", "tap"), List.of("cut", "take"));
    LabelHeads otherVerb =
        heads(Labelling.SINGLE_LABEL, List.of("cup", "tap"), List.of("cut", "put"));
    assertThat(LabelDifferences.between(otherVerb, trained))
        .containsExactly("verb: 1 only in the shards: \"put\"; 1 only in the checkpoint: \"take\"");
    LabelHeads several =
        heads(Labelling.MULTI_LABEL, List.of("cup", "tap"), List.of("cut", "take"));
    assertThat(LabelDifferences.between(several, trained))
        .containsExactly(
            "noun: multi-label in the shards, single-label in the checkpoint",
            "verb: multi-label in the shards, single-label in the checkpoint");
    assertThat(LabelDifferences.between(LabelHeads.of(LabelMap.of(List.of("a"))), trained))
        .containsExactly("heads: [label] in the shards, [noun, verb] in the checkpoint");
  }
}
