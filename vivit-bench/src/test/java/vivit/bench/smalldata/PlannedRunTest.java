package vivit.bench.smalldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import vivit.dataprep.config.ConfigException;

class PlannedRunTest {
  private static final Setting SETTING = Setting.of("one", "train.mixup=0.1");
  private static final List<String> WORDS = List.of("conf/small.conf", "train.epochs=3");

  private static PlannedRun run(Setting setting, long seed, String... more) {
    List<String> words = new ArrayList<>(WORDS);
    words.addAll(List.of(more));
    Optional<PlannedRun> start =
        setting.start() == Setting.Start.SCRATCH
            ? Optional.empty()
            : Optional.of(run(ExperimentPart.imageModel(), seed, more));
    return PlannedRun.of(setting, seed, words, "videos", start);
  }

  @Test
  void theKeyIsOfAllThatDecidesTheRun() {
    PlannedRun plain = run(SETTING, 1);
    List<PlannedRun> others =
        List.of(
            run(SETTING, 2),
            run(SETTING, 1, "train.epochs=4"),
            run(SETTING, 1, "model.width=64"),
            run(SETTING, 1, "evaluate.crops=3"),
            run(Setting.of("one", "train.mixup=0.2"), 1),
            PlannedRun.of(SETTING, 1, WORDS, "other videos", Optional.empty()),
            PlannedRun.of(SETTING, 1, WORDS, "videos", Optional.of(plain)));

    Set<String> keys = new HashSet<>(others.stream().map(PlannedRun::key).toList());
    keys.add(plain.key());
    assertThat(keys).hasSize(others.size() + 1);
  }

  @Test
  void namesAndPlacesDoNotMatter() {
    assertThat(run(Setting.of("another name", "train.mixup=0.1"), 1).key())
        .isEqualTo(run(SETTING, 1).key())
        .isEqualTo(run(SETTING, 1, "train.run=somewhere", "train.log-every=3").key());
  }

  @Test
  void theSettingWinsOverTheWords() {
    assertThat(run(SETTING, 1, "train.mixup=0.7").key()).isEqualTo(run(SETTING, 1).key());
  }

  @Test
  void aWrongKeyIsRefused() {
    assertThatThrownBy(() -> run(Setting.of("one", "train.mixip=1"), 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("did you mean train.mixup?");
  }

  /** With the same seed, so that a result of one part serves another. */
  @Test
  void settingsOfSeveralPartsShareTheirRuns() {
    Setting model = ExperimentPart.A.settings().get(0);
    Setting scratch = ExperimentPart.C.settings().get(0);
    assertThat(run(model, 1).key()).isEqualTo(run(scratch, 1).key());
    assertThat(run(ExperimentPart.A.settings().get(1), 1).key())
        .isEqualTo(run(ExperimentPart.D.settings().get(0), 1).key());
  }

  @Test
  void settingsOfAPartAllDiffer() {
    for (ExperimentPart part : ExperimentPart.values()) {
      assertThat(part.settings().stream().map(setting -> run(setting, 1).key()).toList())
          .as("part %s", part)
          .doesNotHaveDuplicates();
      assertThat(part.settings().stream().map(Setting::name).toList()).doesNotHaveDuplicates();
    }
  }
}
