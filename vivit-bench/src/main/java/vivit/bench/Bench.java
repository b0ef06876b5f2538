package vivit.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import vivit.bench.smalldata.SmallDataBench;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.job.SparkCommand;
import vivit.dataprep.prepare.PrepareConfig;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.VideoSource;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.video.ClipPlacement;
import vivit.model.ViViTConfig;
import vivit.model.engine.Threads;
import vivit.spark.config.Experiment;
import vivit.spark.config.StatedHeads;
import vivit.spark.config.TrainingSettings;
import vivit.spark.input.RandomClips;
import vivit.spark.train.TrainingDriver;

/**
 * Measures speed: of this machine in this JVM, of rounds on the executors of Spark; and accuracy,
 * of experiments on a small set of videos.
 */
public final class Bench {
  private static final String SMALL_DATA = "small-data";
  private static final Set<String> WHAT =
      Set.of("step", "attention", "gemm", "input", "read", "decode", "round", SMALL_DATA);
  private static final Set<String> OPTIONS =
      Set.of(
          "json",
          "batch",
          "steps",
          "warmup",
          "threads",
          "engine",
          "workers",
          "rounds",
          "frequency",
          "part",
          "seeds",
          "out");
  private static final Set<String> FLAGS = Set.of("serve", "inference", "regularise");
  private static final int MOST_VIDEOS = 32;
  private static final int MOST_CLIPS = 10_000_000;
  private static final int MANY = 1_000_000;
  private static final int SEEDS = 5;

  private static final Command COMMAND =
      new Command(
          """
vivit bench step|attention|gemm|input|read|decode|round|small-data [VIDEO ...] [config] [key=value ...] [options]

step       one optimiser step on random clips: forward, backward, clipping, update; in
           all, and by its parts
attention  every distinct attention of a step, forward and gradient
gemm       every distinct linear operation of a step: rows x in x out, forward, gradient
           of the input, gradient of the parameters
input      batches of train.shards, read, augmented and normalised as for training
read       clips of train.shards in random order on one thread: as they are stored, with a
           crop for training assembled to pixels, and whole; in turns with plain reads of as
           many bytes of the same files
decode     clips cut on one thread as by prepare, from the videos given or the first 32 of
           prepare.input, and written over the same file every time; in turns with the
           ffmpeg program, one thread of its decoder, on the same spans and from the start
           to the last of them
round      rounds of training with --workers workers on as many executors, on random clips or
           on train.shards; after each round its bytes once more over plain sockets between
           the same executors. On the cluster of --master; without one, on executors that it
           starts on this machine (--executor-memory, --executor-cores, --off-heap)
small-data experiments on generated videos, each over --seeds seeds: a, the four models and the
           baseline; b, regularisers; c, from scratch and from an image model; d, a frozen
           encoder; e, averaging. Prints accuracy on held-out videos as mean and standard
           deviation. Started again with the same --out, it goes on where it was. Hours for
           all; conf/small.conf has the model, and keys win over the size of the experiments

Warms up, measures, and prints medians with the 10th and 90th percentile. GFLOP/s are
two times the multiply-adds that describe counts, per second; what train.recompute
computes again is not counted. The share is relative to the rate at which this machine
multiplies large float32 matrices with as many threads, measured before, in between and
after: of the engine's linear operation, its gradient, and ND4J's BLAS, each at its
median, the fastest.

options
  --batch N      clips of a step; if not given, a worker's share: train.batch-size /
                 train.workers, or where the latter is not set train.micro-batch, or 1.
                 train.micro-batch cuts the step as in training
  --steps N      steps, batches, clips or rounds to measure; if not given, for 10 s, at least 5
  --warmup N     before that; if not given, for 4 s (decode: 15 s), at least 2
  --threads N    threads that compute; if not given, all cores
  --engine NAME  nd4j for plain ND4J instead of default, what training uses here
  --inference    a step is a forward pass, as in evaluation
  --regularise   with drop path and dropout, each at the largest value of its schedule;
                 off if not given
  --workers N    of round: workers, at least 2
  --rounds N     of round: rounds to measure; if not given, for 10 s, at least 5
  --frequency N  of round: steps of a round; if not given, train.averaging.every
  --part LETTERS of small-data: such as a or ce; if not given, all
  --seeds N      of small-data: seeds, from 0 on; if not given, 5
  --out DIR      of small-data: videos, shards and results.jsonl; if not given, small-data
  --json FILE    writes the figures as a JSON object; - for standard output, where the
                 table then goes to standard error
  --serve        only for step: prints a line of JSON when warm, the fields subject,
                 warmup and gemm of --json; then for every line on standard input makes
                 a step and prints {"seconds": ...}. Nothing else goes to standard
                 output. Ends when its input ends

JSON of step: subject (variant, clip, tubelet, width, attention_heads, mlp_width,
layers, classes, parameters, pass, batch, micro_batch, recompute, multiply_adds, threads,
cores, engine), warmup, seconds (count, median, p10, p90, least), clips_per_second,
gflops, gemm (gflops, sources, probes, size), share, result (loss or a logit),
parts_steps, parts_milliseconds, parts (name, milliseconds, share, gflops).
JSON of attention and gemm: subject, warmup, gemm, operations (name, shape, count in a
step, seconds, gflops, share).
JSON of input: shards, clips, batch, threads, warmup, seconds of a batch,
clips_per_second, megabytes_per_second, milliseconds_per_clip, and of a thread's time for
a clip read_milliseconds, augment_milliseconds.
JSON of read: shards, clips, megabytes_per_clip, warmup, plain, tubelets, crop, pixels (each
seconds of a clip, gigabytes_per_second, share of plain).
JSON of decode: videos, clips, frames, frames_decoded, frames_to_the_last, warmup, ours,
spans, sequential (each cpu_seconds, seconds, frames_per_second), of_spans, of_sequential.
JSON of round: subject, workers, frequency, warmup, rounds, phases (name, seconds), round,
step, overhead, raw (each median, least and most of seconds), bytes_in, bytes_out,
bytes_in_per_parameter, bytes_out_per_parameter, overhead_to_raw, break_even, five_percent.
""",
          List.of(
              "seed", "model", "initialise", "train", "describe", "prepare", "evaluate", "demo"));

  private Bench() {}

  /**
   * {@code step|attention|gemm|input|read|decode|round|small-data [VIDEO ...] [config] [key=value
   * ...] [options]}
   */
  public static void main(String[] args) {
    PrintStream out = System.out;
    COMMAND.main(args, () -> bench(System.in, out, args));
  }

  /** Runs the command; does not end the JVM. */
  static void bench(InputStream in, PrintStream out, String... args)
      throws IOException, InterruptedException {
    Arguments arguments = Arguments.parse(OPTIONS, FLAGS, args);
    String what = what(arguments);
    boolean serve = arguments.flag("serve");
    boolean jsonOut = arguments.option("json").filter("-"::equals).isPresent();
    PrintStream before = System.out;
    if (serve || jsonOut) {
      System.setOut(System.err); // output of libraries must not mix with the JSON
    }
    try {
      if (serve) {
        BenchSettings settings = settings(arguments, arguments.load());
        try (StepBench bench = new StepBench(settings)) {
          StepServer.serve(bench, in, out);
        }
        return;
      }
      if (what.equals(SMALL_DATA)) {
        smallData(arguments, out);
        return;
      }
      Report report =
          switch (what) {
            case "input" -> input(arguments);
            case "read" -> read(arguments);
            case "decode" -> decode(arguments);
            case "round" -> round(arguments);
            default -> compute(what, arguments);
          };
      PrintStream table = jsonOut ? System.err : out;
      table.print(report.text());
      if (jsonOut) {
        out.println(report.json());
      } else if (arguments.option("json").isPresent()) {
        write(report, new Path(arguments.option("json").get()));
      }
    } finally {
      System.setOut(before);
    }
  }

  private static String what(Arguments arguments) {
    List<String> places = arguments.places();
    String what = places.isEmpty() ? "" : places.get(0);
    if (!WHAT.contains(what) || (places.size() != 1 && !what.equals("decode"))) {
      throw new UsageException(
          "found %s, expected one of step, attention, gemm, input, read, decode, round, small-data"
              .formatted(places));
    }
    if (arguments.flag("serve") && !what.equals("step")) {
      throw new UsageException("--serve is for step, not for " + what);
    }
    if (what.equals(SMALL_DATA) && arguments.option("json").isPresent()) {
      throw new UsageException(
          "--json is not for small-data, which writes results.jsonl into --out");
    }
    if (arguments.flag("serve") && arguments.option("json").isPresent()) {
      throw new UsageException("--serve prints JSON by itself; leave --json out");
    }
    return what;
  }

  private static void smallData(Arguments arguments, PrintStream out) throws IOException {
    SmallDataBench bench =
        new SmallDataBench(
            arguments.option("part").orElse(""),
            number(arguments, "seeds").orElse(SEEDS),
            java.nio.file.Path.of(arguments.option("out").orElse(SMALL_DATA)),
            arguments.config(),
            out);
    new SparkCommand(
            "vivit bench small-data",
            COMMAND,
            conf -> conf.setIfMissing("spark.kryo.registrator", "vivit.spark.VivitRegistrator"))
        .run(bench::run);
  }

  private static Report compute(String what, Arguments arguments) {
    BenchSettings settings = settings(arguments, arguments.load());
    return switch (what) {
      case "attention" -> OperationBench.attention(settings);
      case "gemm" -> OperationBench.gemm(settings);
      default -> {
        try (StepBench bench = new StepBench(settings)) {
          yield bench.measure();
        }
      }
    };
  }

  private static Report input(Arguments arguments) throws IOException, InterruptedException {
    StrictConfig config = arguments.load();
    config.require("train.shards");
    BenchSettings settings = settings(arguments, config);
    Experiment experiment = Experiment.read(config);
    ShardSet shards = ShardSet.open(new Path(experiment.training().shards()), hadoop());
    experiment.checkAgainst(shards.manifest(), config);
    config.check();
    return InputBench.measure(settings, shards);
  }

  private static Report read(Arguments arguments) throws IOException {
    StrictConfig config = arguments.load();
    config.require("train.shards");
    Experiment experiment = Experiment.read(config);
    config.check();
    Configuration hadoop = hadoop();
    ShardSet shards = ShardSet.open(new Path(experiment.training().shards()), hadoop);
    experiment.checkAgainst(shards.manifest(), config);
    config.check();
    return ReadBench.measure(
        shards,
        hadoop,
        experiment.model().clip(),
        experiment.training().seed(),
        repeats(arguments, "warmup", Repeats.WARM_UP),
        repeats(arguments, "steps", Repeats.MEASURE));
  }

  private static Report decode(Arguments arguments) throws IOException, InterruptedException {
    List<String> named = arguments.places().subList(1, arguments.places().size());
    StrictConfig config = arguments.load();
    if (named.isEmpty()) {
      config.require("prepare.input");
    }
    PrepareConfig prepare = PrepareConfig.read(config);
    config.check();
    Configuration hadoop = hadoop();
    List<LabelledVideo> videos = new ArrayList<>();
    for (String video : named) {
      videos.add(new LabelledVideo(video, video, List.of(), TimeSpan.WHOLE));
    }
    if (named.isEmpty()) {
      VideoSource.read(hadoop, prepare.source(), Optional.empty()).videos().stream()
          .limit(MOST_VIDEOS)
          .forEach(videos::add);
    }
    return DecodeBench.measure(
        videos,
        prepare.cut(),
        new ClipPlacement(prepare.purpose(), prepare.clipsOfAVideo(), prepare.seed()),
        hadoop,
        repeats(arguments, "warmup", Repeats.LONG_WARM_UP),
        repeats(arguments, "steps", Repeats.MEASURE));
  }

  private static Report round(Arguments arguments) throws IOException {
    int workers = number(arguments, "workers").orElse(0);
    if (workers < 2) {
      throw new UsageException(
          "--workers: found %s, expected a whole number from 2"
              .formatted(arguments.option("workers").orElse("none")));
    }
    StrictConfig config = roundConfig(arguments, workers);
    BenchSettings settings = settings(arguments, config);
    Experiment experiment = Experiment.read(config);
    Manifest shards = manifest(settings);
    experiment.checkAgainst(shards, config);
    config.check();
    List<Report> reports = new ArrayList<>();
    new SparkCommand("vivit bench round", COMMAND, conf -> RoundBench.settings(conf, workers))
        .run(
            sc -> {
              TrainingDriver driver = new TrainingDriver(sc, experiment, shards);
              Repeats rounds = repeats(arguments, "rounds", Repeats.MEASURE);
              reports.add(RoundBench.measure(sc, settings, workers, rounds, driver));
            });
    return reports.get(0);
  }

  /** The configuration, with what options say instead; noise is trained on in small steps. */
  private static StrictConfig roundConfig(Arguments arguments, int workers) {
    List<String> words = new ArrayList<>(arguments.config());
    words.add("train.workers=" + workers);
    number(arguments, "frequency").ifPresent(h -> words.add("train.averaging.every=" + h));
    number(arguments, "batch").ifPresent(b -> words.add("train.batch-size=" + b * workers));
    if (words.stream().noneMatch(word -> word.startsWith("train.shards="))) {
      words.add("train.learning-rate.base=0.001");
    }
    return StrictConfig.load(words.toArray(String[]::new));
  }

  /** Describes the shards, or random clips for a hundred rounds an epoch. */
  private static Manifest manifest(BenchSettings settings) throws IOException {
    TrainingSettings training = settings.training();
    if (!training.shards().isEmpty()) {
      return ShardSet.open(new Path(training.shards()), hadoop()).manifest();
    }
    long clips = 100 * training.roundSteps(0, 1) * training.batchSize();
    return RandomClips.manifest(
        settings.model().clip(), settings.model().heads(), (int) Math.min(clips, MOST_CLIPS));
  }

  private static Repeats repeats(Arguments arguments, String option, Repeats otherwise) {
    return number(arguments, option).map(Repeats::exactly).orElse(otherwise);
  }

  /** Reads the settings of a command line; refuses a wrong configuration. */
  static BenchSettings settings(Arguments arguments, StrictConfig config) {
    Experiment experiment = Experiment.read(config);
    List<Integer> classes = StatedHeads.classes(config.section("describe"));
    config.check();
    TrainingSettings training = experiment.training();
    ViViTConfig model = experiment.model().withHeads(StatedHeads.heads(classes));
    return new BenchSettings(
        model,
        training,
        arguments.flag("inference")
            ? BenchSettings.StepKind.INFERENCE
            : BenchSettings.StepKind.TRAINING,
        arguments.flag("regularise") ? BenchSettings.Drops.CONFIGURED : BenchSettings.Drops.NONE,
        engine(arguments),
        number(arguments, "batch").orElseGet(() -> share(training)),
        number(arguments, "threads").orElseGet(Threads::cores),
        repeats(arguments, "warmup", Repeats.WARM_UP),
        repeats(arguments, "steps", Repeats.MEASURE));
  }

  /** Number of clips that one worker trains on per step. */
  private static int share(TrainingSettings training) {
    return training.workers().isPresent()
        ? Math.max(1, training.batchSize() / training.workers().getAsInt())
        : Math.max(1, training.updates().microBatch());
  }

  private static EngineChoice engine(Arguments arguments) {
    String word = arguments.option("engine").orElse("default");
    return switch (word) {
      case "default" -> EngineChoice.DEFAULT;
      case "nd4j" -> EngineChoice.ND4J;
      default -> throw new UsageException("--engine: found " + word + ", expected default or nd4j");
    };
  }

  private static Optional<Integer> number(Arguments arguments, String option) {
    return arguments
        .option(option)
        .map(
            text -> {
              if (!text.matches("[0-9]{1,7}")
                  || Integer.parseInt(text) < 1
                  || Integer.parseInt(text) > MANY) {
                throw new UsageException(
                    "--%s: found %s, expected a whole number from 1 to %d"
                        .formatted(option, text, MANY));
              }
              return Integer.valueOf(text);
            });
  }

  private static void write(Report report, Path file) throws IOException {
    byte[] json = report.json().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(OpenFileSystem.of(file, hadoop()), file, out -> out.write(json));
  }

  private static Configuration hadoop() {
    return SparkHadoopUtil.get().newConfiguration(new SparkConf());
  }
}
