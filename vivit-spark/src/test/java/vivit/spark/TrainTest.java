package vivit.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.StrictConfig;

class TrainTest {
  @Test
  void asksForItsPlaces() {
    assertThatThrownBy(() -> Train.run(null, StrictConfig.load("train.shards=shards")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("train.run: missing; give train.run=...");
    assertThatThrownBy(() -> Train.run(null, StrictConfig.load("train.run=run")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("train.shards: missing; give train.shards=...");
  }
}
