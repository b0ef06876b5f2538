package vivit.spark;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.job.SparkCommand;
import vivit.dataprep.prepare.PrepareConfig;
import vivit.dataprep.prepare.PrepareJob;
import vivit.spark.config.Experiment;
import vivit.spark.demo.DemoFolder;
import vivit.spark.demo.DemoSettings;
import vivit.spark.demo.DemoTask;
import vivit.spark.demo.DemoVideos;
import vivit.spark.evaluate.Evaluation;
import vivit.spark.evaluate.EvaluationMetrics;
import vivit.spark.train.TrainingDriver.TrainingReport;

/**
 * Demonstrates the product on generated videos: writes them, runs {@code prepare}, {@code train}
 * and {@code evaluate}, and prints where the results are.
 */
public final class Demo {
  private static final String CONFIG = "conf/tiny.conf";
  private static final String SMALL = "conf/small.conf";
  private static final String TASK = "demo.task=";
  private static final String VARIANT = "model.variant=";
  private static final String QUICK = "quick";

  /** Half of the videos and 480 steps instead of 720. */
  private static final List<String> QUICK_KEYS =
      List.of("demo.train-videos=24", "demo.test-videos=8", "train.epochs=40");

  private static final Command OUTSIDE =
      new Command(
          """
          vivit demo [--quick] [--out DIR] [key=value ...]

          Writes videos, prepares, trains and evaluates; conf/tiny.conf has the settings, and all
          keys of the other commands work. With demo.task=motion or shape, conf/small.conf has.

            --quick                       fewer videos and steps: half of the time
            --out DIR                     default: demo-1, demo-2, ... under the working directory
            model.variant=VARIANT         space-time, factorised-self-attention, ...; average-pool
                                          is the baseline that does not see the order
          """,
          List.of("demo", "seed"),
          "its folder is incomplete; delete it and begin anew");
  private static final SparkCommand COMMAND =
      new SparkCommand("vivit demo", OUTSIDE, SparkSettings::complete);
  private static final String[] SETS = {"train", "test"};

  private final JavaSparkContext sc;
  private final DemoFolder folder;
  private final String[] arguments;
  private final PrintStream out;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  private Demo(JavaSparkContext sc, DemoFolder folder, String[] arguments, PrintStream out) {
    this.sc = sc;
    this.folder = folder;
    this.arguments = arguments;
    this.out = out;
  }

  /** {@code [--out DIR] key=value ...} */
  public static void main(String[] args) {
    COMMAND.main(args, Demo::demo);
  }

  private static SparkCommand.SparkBody demo(String... args) {
    Arguments words = Arguments.parse(Set.of("out"), Set.of(QUICK), args);
    String[] arguments = withConfig(words);
    StrictConfig config = StrictConfig.load(arguments);
    DemoSettings.read(config.section("demo"));
    Experiment.read(config);
    config.check();
    Optional<String> out = words.option("out");
    return sc -> {
      DemoFolder folder =
          out.isEmpty()
              ? DemoFolder.next("demo", sc.hadoopConfiguration())
              : DemoFolder.at(out.get(), sc.hadoopConfiguration());
      new Demo(sc, folder, arguments, System.out).run();
    };
  }

  /** Puts the demo's configuration before the overrides, unless another is named. */
  private static String[] withConfig(Arguments given) {
    List<String> words = new ArrayList<>(given.config());
    words.addAll(given.places()); // files of other names; other words are refused
    List<String> arguments = new ArrayList<>();
    if (words.stream().allMatch(word -> word.contains("="))) {
      boolean order =
          words.stream().noneMatch(word -> word.startsWith(TASK) && !word.equals(TASK + "order"));
      arguments.add(order ? CONFIG : SMALL);
    }
    if (given.flag(QUICK)) {
      arguments.addAll(QUICK_KEYS);
    }
    arguments.addAll(words);
    if (words.stream().anyMatch(Demo::hasNoTemporalEncoder)
        && words.stream().noneMatch(word -> word.startsWith("model.temporal-layers="))) {
      arguments.add("model.temporal-layers=null");
    }
    return arguments.toArray(String[]::new);
  }

  private static boolean hasNoTemporalEncoder(String word) {
    return word.startsWith(VARIANT) && !word.equals(VARIANT + "factorised-encoder");
  }

  private static StrictConfig withPlaces(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return StrictConfig.load(all.toArray(String[]::new));
  }

  private void run() throws IOException {
    out.printf("Demo in %s%n", folder.shown("."));
    StrictConfig config = StrictConfig.load(arguments);
    DemoSettings settings = DemoSettings.read(config.section("demo"));
    long seed = config.section("").whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    config.check();
    stage("1/4 videos", () -> writeVideos(settings, seed));
    stage("2/4 prepare", this::prepare);
    TrainingReport[] training = new TrainingReport[1];
    stage("3/4 train", () -> training[0] = train());
    Evaluation[] evaluation = new Evaluation[1];
    stage("4/4 evaluate", () -> evaluation[0] = evaluate());
    summary(settings.task(), training[0], evaluation[0].report().metrics());
  }

  private void writeVideos(DemoSettings settings, long seed) throws IOException {
    out.printf(
        "    %d for training, %d held out; %d classes, %s%n",
        settings.trainVideos() * settings.task().labels().size(),
        settings.testVideos() * settings.task().labels().size(),
        settings.task().labels().size(),
        settings.task().difference());
    DemoVideos train = new DemoVideos(settings.task(), settings.trainVideos(), 2 * seed);
    DemoVideos test = new DemoVideos(settings.task(), settings.testVideos(), 2 * seed + 1);
    train.write(folder.files(), folder.place("videos/train"), done -> show(done, train.count()));
    test.write(folder.files(), folder.place("videos/test"), done -> show(done, test.count()));
  }

  private void show(int done, int all) {
    if (done % Math.max(1, all / 4) == 0) {
      out.printf("    %d of %d%n", done, all);
    }
  }

  private void prepare() throws IOException {
    for (String set : SETS) {
      List<String> keys = new ArrayList<>();
      keys.add("prepare.input=" + folder.place("videos/" + set));
      keys.add("prepare.output=" + folder.place("shards/" + set));
      if (set.equals("test")) {
        keys.add("prepare.purpose=evaluation");
        keys.add("prepare.labels=" + folder.place("shards/train"));
      }
      StrictConfig config = withPlaces(arguments, keys.toArray(String[]::new));
      PrepareConfig prepare = PrepareConfig.read(config);
      config.check();
      out.println("    " + PrepareJob.run(sc, prepare).summary());
    }
  }

  private TrainingReport train() throws IOException {
    return Train.run(
        sc,
        withPlaces(
            arguments,
            "train.shards=" + folder.place("shards/train"),
            "train.run=" + folder.place("run")));
  }

  private Evaluation evaluate() throws IOException {
    return Evaluate.run(
        sc,
        withPlaces(
            arguments,
            "evaluate.shards=" + folder.place("shards/test"),
            "evaluate.run=" + folder.place("run"),
            "evaluate.output=" + folder.place("evaluation")));
  }

  private void summary(DemoTask task, TrainingReport training, EvaluationMetrics metrics) {
    double total = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    out.println();
    seconds.forEach((stage, took) -> out.printf(Locale.ROOT, "%-14s %6.1f s%n", stage, took));
    out.printf(Locale.ROOT, "%-14s %6.1f s%n%n", "together", total);
    out.printf(
        "top-1 %s, top-5 %s on %d held-out videos (chance %s), after %d steps on %d workers%n%n",
        Evaluate.percent(metrics.figures().get("top1")),
        Evaluate.percent(metrics.figures().get("top5")),
        metrics.videos(),
        Evaluate.percent(1.0 / metrics.labels().classes()),
        training.step(),
        training.workers());
    place("videos", "videos");
    place("shards", "shards");
    place("run", "run");
    place("metrics", "evaluation/" + Evaluation.METRICS);
    place("predictions", "evaluation/" + Evaluation.PREDICTIONS);
    Path video = folder.place("videos/test/" + task.labels().get(0) + "/0000.mp4");
    out.printf("%nnext: bin/vivit predict %s %s%n", folder.shown("run"), video.toUri().getPath());
  }

  private void place(String what, String name) {
    out.printf("%-14s %s%n", what, folder.shown(name));
  }

  private void stage(String name, Stage body) throws IOException {
    out.println(name);
    long began = System.nanoTime();
    body.run();
    double took = (System.nanoTime() - began) / 1e9;
    seconds.put(name.substring(name.indexOf(' ') + 1), took);
    out.printf(Locale.ROOT, "    %.1f s%n", took);
  }

  /** One of the demo's stages. */
  @FunctionalInterface
  private interface Stage {
    void run() throws IOException;
  }
}
