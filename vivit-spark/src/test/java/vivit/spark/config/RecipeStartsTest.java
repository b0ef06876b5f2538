package vivit.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.model.Preset;
import vivit.model.checkpoint.TensorSource;
import vivit.model.initialise.InitialisationReport;
import vivit.model.initialise.Initialiser;

/** Every recipe can start from the checkpoint that its header names; docs/vivit.md, 4. */
class RecipeStartsTest {

  /** What is left to chance, as a pattern, and how many of the file's tensors are not used. */
  @ParameterizedTest
  @CsvSource({
    "vivit-b-16x2-k400,           output_projection/.*, 4",
    "vivit-b-16x2-fe-k400, output_projection/.*|TemporalTransformer/.*|cls_.*, 5",
    "vivit-b-16x2-fe-frozen-k400, output_projection/.*|TemporalTransformer/.*|cls_.*, 5",
    "vivit-b-16x2-fsa-k400, output_projection/.*|.*/LayerNorm_time/.*, 5",
    "vivit-b-16x2-fdp-k400,       output_projection/.*, 5",
    "vivit-b-16x2-fe-epic,        output_projection/.*, 2",
    "vivit-l-16x2-k400,           output_projection/.*, 4",
    "vivit-l-16x2-fe-k400, output_projection/.*|TemporalTransformer/.*|cls_.*, 5",
    "vivit-l-16x2-fe-k600, output_projection/.*|TemporalTransformer/.*|cls_.*, 5",
    "vivit-l-16x2-fe-mit, output_projection/.*|TemporalTransformer/.*|cls_.*, 5",
    // 20 surplus layers of 16 tensors, and the classifier
    "vivit-l-16x2-fe-epic,        output_projection/.*, 322",
    "vivit-l-16x2-fe-ssv2,        output_projection/.*, 322"
  })
  void recipesStartFromWhatTheirHeadersName(String name, String random, int unused)
      throws IOException {
    InitialisationReport report = report(new Recipe(name), List.of());

    assertThat(report.lines())
        .allSatisfy(
            line ->
                assertThat(line.isSet())
                    .as(line.parameter().name())
                    .isEqualTo(!line.parameter().name().matches(random)));
    assertThat(report.unused()).hasSize(unused);
  }

  @Test
  void theOtherFiguresOfTheHeadersDoToo() throws IOException {
    for (String name : Recipe.names()) {
      Recipe recipe = new Recipe(name);
      for (Map.Entry<String, List<String>> result : recipe.results().entrySet()) {
        InitialisationReport report = report(recipe, result.getValue());
        assertThat(report.lines()).as(name + " " + result.getKey()).anyMatch(line -> line.isSet());
      }
    }
  }

  private static InitialisationReport report(Recipe recipe, List<String> overrides)
      throws IOException {
    List<String> train = recipe.commands().get(2);
    List<String> keys = new ArrayList<>(train.subList(2, train.size()));
    keys.addAll(overrides);
    Experiment experiment = recipe.experiment(keys.toArray(String[]::new));
    return Initialiser.plan(
        source(experiment.initialisation().from().orElseThrow()),
        experiment.model().withHeads(recipe.heads()),
        experiment.initialisation().options());
  }

  private static TensorSource source(String from) {
    switch (from) {
      case "ViT-B_16.npz":
        return Outline.image(from, Preset.B);
      case "ViT-L_16.npz":
        return Outline.image(from, Preset.L);
      default:
        Recipe earlier =
            Recipe.names().stream()
                .map(Recipe::new)
                .filter(recipe -> recipe.commands().toString().contains("train.run=" + from + ","))
                .findFirst()
                .orElseThrow();
        return Outline.run(from, earlier.experiment().model().withHeads(earlier.heads()));
    }
  }
}
