package vivit.bench.smalldata;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import vivit.dataprep.config.StrictConfig;
import vivit.spark.config.Experiment;
import vivit.spark.evaluate.EvaluationSettings;

/**
 * A setting with a seed.
 *
 * @param words its configuration, without the places of files
 * @param start the run whose model it starts from, if any
 * @param key hash of everything that decides the run: its configuration, its videos and where it
 *     starts
 */
record PlannedRun(
    Setting setting, long seed, List<String> words, Optional<PlannedRun> start, String key) {

  /** Changes when the same configuration no longer means the same run. */
  private static final String VERSION = "small-data 2";

  private static final List<String> PLACES =
      List.of(
          "train.shards",
          "train.run",
          "train.log-every",
          "initialise.from",
          "evaluate.shards",
          "evaluate.run",
          "evaluate.output");
  private static final int KEY_LENGTH = 16;

  /**
   * Plans a run.
   *
   * @param words of the user and the command; those of the setting win
   * @param videos key of the set of videos
   * @param start the run whose model it starts from, if any
   * @throws vivit.dataprep.config.ConfigException if the configuration is wrong
   */
  static PlannedRun of(
      Setting setting, long seed, List<String> words, String videos, Optional<PlannedRun> start) {
    List<String> all = new ArrayList<>(words);
    all.addAll(setting.keys());
    all.add("seed=" + seed);
    StrictConfig config = StrictConfig.load(all.toArray(String[]::new));
    Experiment.read(config);
    EvaluationSettings.read(config.section("evaluate"));
    config.check();
    SortedMap<String, String> values =
        new TreeMap<>(
            config.effective("seed", "model", "initialise", "train", "evaluate").values());
    values.keySet().removeAll(PLACES);
    values.put("videos", videos);
    start.ifPresent(from -> values.put("start", from.key()));
    return new PlannedRun(setting, seed, List.copyOf(all), start, key(values));
  }

  /** The run's configuration, with the places of its files. */
  StrictConfig config(String... places) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(places));
    return StrictConfig.load(all.toArray(String[]::new));
  }

  /** A hash of some values. */
  static String key(Map<String, String> values) {
    StringBuilder text = new StringBuilder(VERSION);
    values.forEach((key, value) -> text.append('\n').append(key).append('=').append(value));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, KEY_LENGTH);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible); // every Java has it
    }
  }
}
