package vivit.bench.smalldata;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.bench.smalldata.Setting.Start;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.config.UsageException;
import vivit.spark.demo.DemoTask;

/**
 * Runs the experiments: makes the videos once, then trains and evaluates every setting with every
 * seed, unless its result is there already, and prints tables.
 *
 * <p>A run is known by a hash of all that decides it, so a changed configuration repeats the runs
 * that it changes and keeps the results of the others.
 */
public final class SmallDataBench {
  private static final String CONFIG = "conf/small.conf";

  /** The size of the experiments; the user's words win. Epochs have 24 steps. */
  private static final List<String> SIZE =
      List.of(
          "demo.train-videos=4",
          "demo.test-videos=64",
          "prepare.clips-per-video=16",
          "prepare.views=2",
          "model.tubelet.frames=4",
          "model.width=64",
          "model.mlp-width=128",
          "model.spatial-layers=2",
          "train.epochs=30",
          "train.min-steps=0",
          "train.batch-size=16",
          "train.workers=2",
          "train.log-every=1000000",
          "train.checkpoint.every=1000000 epochs",
          "train.checkpoint.keep=1",
          "train.checkpoint.keep-best=false");

  private final Path folder;
  private final PrintStream out;
  private final Map<DemoTask, VideoSet> sets = new EnumMap<>(DemoTask.class);

  /** By key, so that settings which are the same are run once. */
  private final Map<String, PlannedRun> runs = new LinkedHashMap<>();

  private final Map<ExperimentPart, Map<Setting, List<PlannedRun>>> parts =
      new EnumMap<>(ExperimentPart.class);
  private final List<PlannedRun> imageModels = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  /**
   * Plans the runs.
   *
   * @param chosen parts, such as {@code a} or {@code ce}; all if empty
   * @param seeds number of seeds, from 0 on
   * @param folder for videos, shards and results
   * @param words configuration of the user, which wins over the command's, but not over what
   *     settings are about
   * @throws vivit.dataprep.config.ConfigException if the configuration is wrong
   * @throws UsageException if a part is unknown, or the words give a seed
   */
  public SmallDataBench(
      String chosen, int seeds, Path folder, List<String> words, PrintStream out) {
    this.folder = folder;
    this.out = out;
    List<String> all = words(List.of(), words);
    for (DemoTask task : List.of(DemoTask.MOTION, DemoTask.SHAPE)) {
      sets.put(task, VideoSet.of(folder.resolve("sets").toAbsolutePath(), task, all));
    }
    for (ExperimentPart part : parts(chosen)) {
      plan(part, seeds, words(part.size(), words));
    }
  }

  /**
   * The configuration file, the size of the experiments and that of a part, and the user's words.
   */
  private static List<String> words(List<String> size, List<String> given) {
    if (given.stream().anyMatch(word -> word.startsWith("seed="))) {
      throw new UsageException("found seed=..., but every run has its own; use --seeds");
    }
    if (given.stream().anyMatch(word -> word.startsWith("demo.task="))) {
      throw new UsageException(
          "found demo.task=..., but the experiments are about motion; leave it out");
    }
    List<String> words = new ArrayList<>();
    words.add(given.stream().filter(word -> !word.contains("=")).findFirst().orElse(CONFIG));
    words.addAll(SIZE);
    words.addAll(size);
    given.stream().filter(word -> word.contains("=")).forEach(words::add);
    return words;
  }

  private static List<ExperimentPart> parts(String chosen) {
    List<ExperimentPart> all = List.of(ExperimentPart.values());
    List<ExperimentPart> parts = new ArrayList<>();
    for (int i = 0; i < chosen.length(); i++) {
      String letter = chosen.substring(i, i + 1);
      parts.add(
          all.stream()
              .filter(part -> part.name().equals(letter.toUpperCase(Locale.ROOT)))
              .findFirst()
              .orElseThrow(
                  () ->
                      new UsageException(
                          "--part: found %s, expected letters from a to e".formatted(chosen))));
    }
    return parts.isEmpty() ? all : parts;
  }

  private void plan(ExperimentPart part, int seeds, List<String> words) {
    Map<Setting, List<PlannedRun>> planned = new LinkedHashMap<>();
    for (Setting setting : part.settings()) {
      planned.put(setting, new ArrayList<>());
    }
    for (int seed = 0; seed < seeds; seed++) {
      for (Setting setting : part.settings()) {
        Optional<PlannedRun> start =
            setting.start() == Start.SCRATCH
                ? Optional.empty()
                : Optional.of(imageModel(seed, words));
        planned.get(setting).add(plan(setting, seed, words, start));
      }
    }
    parts.put(part, planned);
  }

  private PlannedRun imageModel(int seed, List<String> words) {
    PlannedRun model = plan(ExperimentPart.imageModel(), seed, words, Optional.empty());
    if (!imageModels.contains(model)) {
      imageModels.add(model);
    }
    return model;
  }

  private PlannedRun plan(
      Setting setting, int seed, List<String> words, Optional<PlannedRun> start) {
    String videos = sets.get(setting.task()).key();
    PlannedRun run = PlannedRun.of(setting, seed, words, videos, start);
    return runs.computeIfAbsent(run.key(), key -> run);
  }

  /**
   * Does what is left to do, and prints the tables.
   *
   * @throws Refusal at the end, if runs failed
   */
  public void run(JavaSparkContext sc) throws IOException {
    Files.createDirectories(folder);
    ResultsFile results = ResultsFile.open(folder);
    List<PlannedRun> left = new ArrayList<>();
    runs.values().stream().filter(run -> !isDone(run, results)).forEach(left::add);
    out.printf("%d runs, %d of them done, in %s%n", runs.size(), runs.size() - left.size(), folder);
    makeSets(sc, left);
    for (PlannedRun run : left) {
      of(run).check(sc);
    }
    while (!left.isEmpty()) {
      PlannedRun run = left.remove(0);
      report(run, attempt(sc, run, results), left, results);
    }
    parts.forEach((part, settings) -> out.print(table(part, settings, results)));
    if (!imageModels.isEmpty()) {
      out.printf("%nThe image models: %s.%n", imageModels(results));
    }
    if (!failures.isEmpty()) {
      throw new Refusal("Runs failed; start again to repeat them:\n" + String.join("\n", failures));
    }
  }

  private void makeSets(JavaSparkContext sc, List<PlannedRun> left) throws IOException {
    for (VideoSet set : sets.values()) {
      if (left.stream().anyMatch(run -> run.setting().task() == set.task())) {
        out.printf("videos and shards in %s%n", set.folder());
        set.make(sc);
      }
    }
  }

  /** Whether there is nothing to do: an image model must also still be there. */
  private boolean isDone(PlannedRun run, ResultsFile results) {
    return results.find(run.key()).isPresent()
        && (run.setting().task() != DemoTask.SHAPE
            || Files.isDirectory(ExperimentRun.folder(runFolder(), run)));
  }

  private Path runFolder() {
    return folder.toAbsolutePath().resolve("runs");
  }

  private ExperimentRun of(PlannedRun run) {
    return new ExperimentRun(run, sets.get(run.setting().task()), runFolder());
  }

  /** Does a run; a failure is noted, and others go on. */
  private Optional<RunResult> attempt(JavaSparkContext sc, PlannedRun run, ResultsFile results)
      throws IOException {
    RunResult result;
    try {
      if (run.start().isPresent() && results.find(run.start().get().key()).isEmpty()) {
        throw new Refusal("its image model failed");
      }
      result = of(run).result(sc);
    } catch (IOException | Refusal failed) {
      failures.add("%s, seed %d: %s".formatted(name(run), run.seed(), failed.getMessage()));
      return Optional.empty();
    }
    results.add(result);
    if (run.setting().task() != DemoTask.SHAPE) {
      org.apache.hadoop.fs.FileUtil.fullyDelete(ExperimentRun.folder(runFolder(), run).toFile());
    }
    return Optional.of(result);
  }

  private void report(
      PlannedRun run, Optional<RunResult> result, List<PlannedRun> left, ResultsFile results) {
    OptionalDouble seconds = new TimeLeft(results.all()).seconds(left);
    out.printf(
        Locale.ROOT,
        "%s, seed %d: %s; %d runs left%s%n",
        name(run),
        run.seed(),
        result
            .map(
                one ->
                    String.format(
                        Locale.ROOT,
                        "top-1 %.1f %%, loss %.3f, %.0f s",
                        100 * one.top1(),
                        one.loss(),
                        one.seconds()))
            .orElse("failed"),
        left.size(),
        seconds.isEmpty() || left.isEmpty()
            ? ""
            : String.format(
                Locale.ROOT, ", about %.0f minutes", Math.ceil(seconds.getAsDouble() / 60)));
  }

  private static String name(PlannedRun run) {
    return run.setting().name().replace("`", "");
  }

  private static String table(
      ExperimentPart part, Map<Setting, List<PlannedRun>> settings, ResultsFile results) {
    ResultTable table = new ResultTable(part);
    settings.forEach((setting, runs) -> table.add(setting.name(), found(runs, results)));
    return table.text();
  }

  private static List<RunResult> found(List<PlannedRun> runs, ResultsFile results) {
    return runs.stream().flatMap(run -> results.find(run.key()).stream()).toList();
  }

  private String imageModels(ResultsFile results) {
    List<Double> shares = found(imageModels, results).stream().map(RunResult::top1).toList();
    return shares.isEmpty()
        ? "none is finished"
        : "top-1 %s %% on held-out stills of 4 shapes"
            .formatted(MeanDeviation.of(shares).text(0.01, 1));
  }
}
