package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.inspect.InspectJob;
import vivit.dataprep.inspect.InspectOptions;
import vivit.dataprep.inspect.InspectReport;
import vivit.dataprep.prepare.PrepareConfig;
import vivit.dataprep.prepare.PrepareJob;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.storage.FolderInUseException;
import vivit.dataprep.storage.FolderLock;
import vivit.dataprep.verify.VerifyJob;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.spark.Evaluate;
import vivit.spark.Probe;
import vivit.spark.Train;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.demo.DemoVideos;
import vivit.tests.cluster.LocalCluster;
import vivit.tests.cluster.MiniHdfs;

/**
 * The whole path on HDFS and two executor JVMs, Kryo registration required. Everything is prepared,
 * trained and evaluated once; the tests look at what came of it, and each passes on its own.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class PrepareThenTrainIT {
  private static final int CLASSES = 8;
  private static final int TRAIN_VIDEOS = 3;
  private static final int TEST_VIDEOS = 2;
  private static final int EPOCHS = 3;

  @TempDir static java.nio.file.Path folder;

  private MiniHdfs hdfs;
  private FileSystem files;
  private JavaSparkContext sc;

  @BeforeAll
  void prepareTrainAndEvaluate() throws Exception {
    hdfs = MiniHdfs.start(folder);
    files = hdfs.fileSystem();
    new DemoVideos(TRAIN_VIDEOS, 1).write(files, path("/videos/train"), done -> {});
    new DemoVideos(TEST_VIDEOS, 2).write(files, path("/videos/test"), done -> {});
    String someClass = files.listStatus(path("/videos/train"))[0].getPath().getName();
    write("/videos/train/" + someClass + "/empty.mp4", "");
    write("/videos/train/" + someClass + "/text.mp4", "this is no video");
    prepare(
        "train",
        "prepare.purpose=training",
        "prepare.clips-per-video=2",
        "prepare.max-bad-share=0.1");
    prepare("test", "prepare.purpose=evaluation", "prepare.labels=" + path("/shards/train"));
    Train.run(cluster(), trainConfig());
    Evaluate.run(
        cluster(),
        StrictConfig.load(
            "conf/tiny.conf",
            "evaluate.shards=" + path("/shards/test"),
            "evaluate.run=" + path("/run"),
            "evaluate.output=" + path("/evaluation")));
  }

  /** Starts the cluster unless it runs. */
  private JavaSparkContext cluster() throws IOException {
    if (sc == null) {
      sc = new JavaSparkContext(LocalCluster.conf(2));
    }
    return sc;
  }

  private void stopCluster() {
    if (sc != null) {
      sc.close();
      sc = null;
    }
  }

  @AfterAll
  void stop() {
    stopCluster();
    if (hdfs != null) {
      hdfs.close();
    }
  }

  @Test
  void preparesShardsAndQuarantinesWhatIsNoVideo() throws Exception {
    Manifest train = manifest("train");
    assertThat(train.clips()).isEqualTo(CLASSES * TRAIN_VIDEOS * 2L);
    assertThat(train.labels()).hasSize(CLASSES);
    assertThat(train.quarantined())
        .extracting(bad -> bad.video().replaceAll(".*/", ""))
        .containsExactlyInAnyOrder("empty.mp4", "text.mp4");
    assertThat(manifest("test").labelsHash()).isEqualTo(train.labelsHash());
    assertThat(VerifyJob.run(cluster(), path("/shards/train")).isGood()).isTrue();
  }

  @Test
  void inspectsASetThereAndWritesThere() throws Exception {
    InspectReport report =
        InspectJob.run(
            cluster(),
            InspectOptions.parse(
                path("/shards/train").toString(),
                "--out=" + path("/inspection"),
                "--json=" + path("/figures.json"),
                "--clips=4",
                "--classes=2"));
    assertThat(report.isGood()).isTrue();
    assertThat(report.text())
        .contains(path("/shards/train") + ": 48 training clips of 24 videos in ")
        .contains("Decode times", "2 videos left out");
    JsonNode figures = new ObjectMapper().readTree(text("/figures.json"));
    assertThat(figures.path("readable_clips").asInt()).isEqualTo(48);
    assertThat(text("/inspection/statistics.json")).isEqualTo(text("/figures.json"));
    assertThat(text("/inspection/index.html")).contains("empty.mp4", "data:image/png");
    assertThat(files.exists(path("/inspection/tubelets.png"))).isTrue();
    assertNothingTemporary("/inspection");
  }

  @Test
  void trainsEveryClipOncePerEpochOnTwoWorkers() throws Exception {
    TreeMap<Integer, List<String>> clips = new TreeMap<>();
    List<Integer> workers = new ArrayList<>();
    for (JsonNode line : jsonLines("/run/ledger.jsonl")) {
      List<String> ids =
          clips.computeIfAbsent(line.get("epoch").asInt(), epoch -> new ArrayList<>());
      line.get("clips").forEach(clip -> ids.add(clip.asText()));
      workers.add(line.get("worker").asInt());
    }
    List<String> all = new ArrayList<>(clips.get(0));
    assertThat(all).hasSize((int) manifest("train").clips()).doesNotHaveDuplicates();
    assertThat(clips).hasSize(EPOCHS);
    assertThat(clips.values())
        .allSatisfy(epoch -> assertThat(epoch).containsExactlyInAnyOrderElementsOf(all));
    assertThat(workers).contains(0, 1);
  }

  @Test
  void evaluatesEveryVideoOnce() throws Exception {
    JsonNode metrics = new ObjectMapper().readTree(text("/evaluation/metrics.json"));
    assertThat(metrics.get("videos").asInt()).isEqualTo(CLASSES * TEST_VIDEOS);
    assertThat(metrics.get("top1").asDouble()).isBetween(0.0, 1.0);
    assertThat(metrics.get("top5").asDouble()).isBetween(metrics.get("top1").asDouble(), 1.0);
    List<JsonNode> validated =
        jsonLines("/run/metrics.jsonl").stream()
            .filter(line -> line.has("validation_top1"))
            .toList();
    assertThat(validated).extracting(line -> line.get("epoch").asInt()).containsExactly(1, 2);
    for (String figure : List.of("top1", "top5", "loss")) {
      assertThat(validated.get(1).get("validation_" + figure)).isEqualTo(metrics.get(figure));
    }
  }

  @Test
  void refusesFoldersThatAreInUse() throws Exception {
    try (FolderLock mine = FolderLock.acquire(files, path("/run"), "train")) {
      assertThatThrownBy(() -> Train.run(cluster(), trainConfig()))
          .isInstanceOf(FolderInUseException.class)
          .hasMessageContaining("/run is in use by train");
      mine.ensureHeld();
    }
    try (FolderLock mine = FolderLock.acquire(files, path("/shards/other"), "prepare")) {
      assertThatThrownBy(() -> prepare("other", "prepare.input=" + path("/videos/test")))
          .isInstanceOf(FolderInUseException.class)
          .hasMessageContaining("/shards/other is in use by prepare");
      mine.ensureHeld();
    }
    assertNothingTemporary("/run");
    assertNothingTemporary("/shards/other");
  }

  /** Everything that crosses JVMs for the regularisers, with the starting weights on HDFS. */
  @Test
  void finetunesARegularisedModelFromARunOnHdfs() throws Exception {
    Train.run(
        cluster(),
        StrictConfig.load(
            "conf/tiny.conf",
            "train.shards=" + path("/shards/train"),
            "train.run=" + path("/finetuned"),
            "initialise.from=" + path("/run"),
            "train.freeze=[\"embedding/**\", \"SpatialTransformer/**\"]",
            "train.epochs=1",
            "train.batch-size=10",
            "train.learning-rate.warmup=2 steps",
            "train.learning-rate.layer-decay=0.9",
            "train.rand-augment.layers=2",
            "train.random-erasing=0.25",
            "train.mixup=0.3",
            "train.label-smoothing=0.1",
            "train.drop-path=0.2",
            "train.dropout=0.1",
            "train.weight-decay=0.01",
            "train.ema-decay=0.9",
            "train.micro-batch=2",
            "train.recompute=blocks"));

    assertThat(text("/finetuned/initialisation.txt")).contains("embedding/kernel");
    Checkpoint trained = CheckpointStore.open(new Configuration(), path("/finetuned"));
    float[] before = parameters(CheckpointStore.open(new Configuration(), path("/run")));
    float[] after = parameters(trained);
    for (Parameter parameter : ParameterIndex.of(trained.config()).parameters()) {
      int from = (int) parameter.offset();
      int to = from + (int) parameter.length();
      boolean frozen = parameter.name().matches("(embedding|SpatialTransformer)/.*");
      if (frozen) {
        assertThat(Arrays.copyOfRange(after, from, to))
            .as(parameter.name())
            .isEqualTo(Arrays.copyOfRange(before, from, to));
      }
    }
    assertThat(after).isNotEqualTo(before);
    assertNothingTemporary("/finetuned");
  }

  private static float[] parameters(Checkpoint checkpoint) throws IOException {
    return checkpoint.evaluated(Math.toIntExact(checkpoint.parameterCount())).slice(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/shards/train", "/shards/test", "/run", "/evaluation", "/videos"})
  void leavesNothingTemporaryBehind(String tree) throws IOException {
    assertThat(files.listStatus(path(tree))).isNotEmpty();
    assertNothingTemporary(tree);
  }

  /** Stops the cluster to probe once more without one. */
  @Test
  @Order(Integer.MAX_VALUE - 1)
  void probesOfTwoExecutorsAreThoseOfOneThread() throws Exception {
    JsonNode there = probe(cluster(), "/probe");
    assertNothingTemporary("/probe");
    stopCluster();
    SparkConf alone =
        new SparkConf().setMaster("local[1]").setAppName("probe").set("spark.ui.enabled", "false");
    try (JavaSparkContext here = new JavaSparkContext(alone)) {
      JsonNode same = probe(here, "/probe-alone");
      for (String field : List.of("probes", "chosen", "confusion", "top1", "loss")) {
        assertThat(there.get(field)).as(field).isNotNull().isEqualTo(same.get(field));
      }
    }
    assertThat(there.path("probes")).hasSize(4);
    assertThat(there.path("videos").asInt()).isEqualTo(CLASSES * TEST_VIDEOS);
  }

  private JsonNode probe(JavaSparkContext context, String output) throws IOException {
    Probe.run(
        context,
        Arguments.parse(
            Set.of(),
            "probe.model=" + path("/run"),
            "probe.training-shards=" + path("/shards/train"),
            "probe.evaluation-shards=" + path("/shards/test"),
            "probe.output=" + path(output),
            "probe.kinds=[linear, attentive]",
            "probe.rates=[1e-3, 1e-2]",
            "probe.weight-decays=[0]",
            "probe.epochs=3"));
    return new ObjectMapper().readTree(text(output + "/metrics.json"));
  }

  /**
   * Spark SQL has classes of its own that nobody registers with Kryo, so this test stops the
   * cluster; it comes last to spare the others a second start.
   */
  @Test
  @Order(Integer.MAX_VALUE)
  void shardsAndPredictionsAreTablesOfSparkSql() {
    stopCluster();
    try (SparkSession session =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", false).getOrCreate()) {
      Dataset<Row> shards = session.read().parquet(path("/shards/train").toString());
      Dataset<Row> predictions =
          session.read().parquet(path("/evaluation/predictions.parquet").toString());

      assertThat(shards.groupBy("label_id", "label_name").count().collectAsList())
          .hasSize(CLASSES)
          .allSatisfy(row -> assertThat(row.getLong(2)).isEqualTo(TRAIN_VIDEOS * 2L));
      assertThat(predictions.select("video_id").distinct().count())
          .isEqualTo(CLASSES * TEST_VIDEOS);
    }
  }

  private void assertNothingTemporary(String tree) throws IOException {
    List<String> names = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> all = files.listFiles(path(tree), true);
    while (all.hasNext()) {
      names.add(all.next().getPath().toString());
    }
    assertThat(names).noneMatch(name -> name.contains(".tmp") || name.endsWith("_lock"));
  }

  private void prepare(String split, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("conf/tiny.conf"));
    arguments.add("prepare.input=" + path("/videos/" + split));
    arguments.add("prepare.output=" + path("/shards/" + split));
    arguments.addAll(List.of(more));
    PrepareJob.run(
        cluster(), PrepareConfig.read(StrictConfig.load(arguments.toArray(String[]::new))));
  }

  private StrictConfig trainConfig() {
    return StrictConfig.load(
        "conf/tiny.conf",
        "train.shards=" + path("/shards/train"),
        "train.run=" + path("/run"),
        "train.epochs=" + EPOCHS,
        "train.batch-size=10",
        "train.averaging.every=2",
        "train.learning-rate.warmup=1 epoch",
        "train.validate.shards=" + path("/shards/test"),
        "train.validate.every=2 epochs",
        "train.validate.crops=3", // as evaluate in conf/tiny.conf
        "train.ledger=true");
  }

  private Manifest manifest(String split) throws IOException {
    return ShardSet.open(path("/shards/" + split), new Configuration()).manifest();
  }

  private List<JsonNode> jsonLines(String file) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text(file).lines().toList()) {
      lines.add(json.readTree(line));
    }
    return lines;
  }

  private String text(String file) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(files.open(path(file)), StandardCharsets.UTF_8))) {
      return reader.lines().reduce("", (text, line) -> text + line + "\n");
    }
  }

  private void write(String file, String text) throws IOException {
    try (OutputStream out = files.create(path(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private Path path(String name) {
    return new Path(hdfs.uri() + name);
  }
}
