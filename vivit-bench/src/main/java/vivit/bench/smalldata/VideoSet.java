package vivit.bench.smalldata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.prepare.PrepareConfig;
import vivit.dataprep.prepare.PrepareJob;
import vivit.spark.demo.DemoSettings;
import vivit.spark.demo.DemoTask;
import vivit.spark.demo.DemoVideos;

/**
 * Generated videos and their shards, for training and held out; made once.
 *
 * @param folder of this set alone
 * @param task what the classes differ in
 * @param words configuration of the videos and their preparation
 * @param settings numbers of videos
 * @param key hash of everything that decides the set
 */
record VideoSet(Path folder, DemoTask task, List<String> words, DemoSettings settings, String key) {
  private static final String[] PARTS = {"train", "test"};

  /** Seeds of the videos; no two parts of any set share one. */
  private static final long FIRST_SEED = 1000;

  /** Single frames at random times. */
  private static final List<String> STILLS =
      List.of(
          "prepare.frames=1",
          "prepare.stride=1",
          "prepare.tubelet-frames=1",
          "prepare.clips-per-video=32");

  /**
   * Plans a set.
   *
   * @param root folder of all sets
   * @param words of the user and the command
   * @throws vivit.dataprep.config.ConfigException if the configuration is wrong
   */
  static VideoSet of(Path root, DemoTask task, List<String> words) {
    List<String> all = new ArrayList<>(words);
    if (task == DemoTask.SHAPE) {
      all.addAll(STILLS);
    }
    StrictConfig config = StrictConfig.load(all.toArray(String[]::new));
    DemoSettings settings = DemoSettings.read(config.section("demo"));
    PrepareConfig.read(config);
    config.check();
    SortedMap<String, String> values = new TreeMap<>(config.effective("demo", "prepare").values());
    values.put("task", task.name());
    String key = PlannedRun.key(values);
    Path folder = root.resolve("%s-%s".formatted(task.name().toLowerCase(Locale.ROOT), key));
    return new VideoSet(folder, task, List.copyOf(all), settings, key);
  }

  /** Folder of the shards of a part, {@code train} or {@code test}. */
  String shards(String part) {
    return folder.resolve("shards").resolve(part).toString();
  }

  /** Writes and prepares what is not there yet. */
  void make(JavaSparkContext sc) throws IOException {
    FileSystem files = FileSystem.getLocal(sc.hadoopConfiguration()).getRawFileSystem();
    for (int i = 0; i < PARTS.length; i++) {
      Path written = folder.resolve("videos-" + PARTS[i] + ".written");
      Path videos = folder.resolve("videos").resolve(PARTS[i]);
      if (!Files.exists(written)) {
        FileUtil.fullyDelete(videos.toFile());
        int perClass = i == 0 ? settings.trainVideos() : settings.testVideos();
        new DemoVideos(task, perClass, FIRST_SEED * (task == DemoTask.SHAPE ? 2 : 1) + i)
            .write(files, new org.apache.hadoop.fs.Path(videos.toUri()), done -> {});
        Files.createFile(written);
      }
      prepare(sc, PARTS[i], videos);
    }
  }

  private void prepare(JavaSparkContext sc, String part, Path videos) throws IOException {
    if (Files.exists(Path.of(shards(part), "_SUCCESS"))) {
      return;
    }
    List<String> keys = new ArrayList<>(words);
    keys.add("prepare.input=" + videos);
    keys.add("prepare.output=" + shards(part));
    if (part.equals("test")) {
      keys.add("prepare.purpose=evaluation");
      keys.add("prepare.labels=" + shards("train"));
    }
    StrictConfig config = StrictConfig.load(keys.toArray(String[]::new));
    PrepareConfig prepare = PrepareConfig.read(config);
    config.check();
    PrepareJob.run(sc, prepare);
  }
}
