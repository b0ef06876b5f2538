package vivit.spark.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.video.VideoWriter;

/**
 * Writes labelled sets of real encoded videos, one folder per class.
 *
 * <p>Videos with the same number are equal across all classes except for what the task is about,
 * the order of their events for one: size, frame rate, container, codec, background, noise, and the
 * times and places of events. Therefore nothing else distinguishes the classes, even in a small
 * set.
 *
 * @param task what the classes differ in
 * @param perClass videos of each class
 * @param seed of all draws; another seed gives other videos
 */
public record DemoVideos(DemoTask task, int perClass, long seed) {

  /** Refuses an empty set. */
  public DemoVideos {
    if (perClass < 1) {
      throw new IllegalArgumentException(
          "found " + perClass + " videos per class, expected at least 1");
    }
  }

  /** Videos of {@link DemoTask#ORDER}. */
  public DemoVideos(int perClass, long seed) {
    this(DemoTask.ORDER, perClass, seed);
  }

  /** Number of videos. */
  public int count() {
    return perClass * task.labels().size();
  }

  /**
   * Writes {@code folder/<class>/<number>.<mp4|webm|avi>}, several at a time.
   *
   * @param written receives the number of videos written so far; called from several threads
   */
  public void write(FileSystem files, Path folder, IntConsumer written) throws IOException {
    List<Runnable> tasks = new ArrayList<>();
    for (int number = 0; number < perClass; number++) {
      for (int label = 0; label < task.labels().size(); label++) {
        int n = number;
        int id = label;
        tasks.add(() -> writeOne(files, folder, id, n));
      }
    }
    AtomicInteger done = new AtomicInteger();
    try {
      IntStream.range(0, tasks.size())
          .parallel()
          .forEach(
              i -> {
                tasks.get(i).run();
                written.accept(done.incrementAndGet());
              });
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }

  /** Container and codec of the videos with this number; the numbers cycle through all formats. */
  VideoWriter.VideoFormat format(int number) {
    VideoWriter.VideoFormat[] formats = VideoWriter.VideoFormat.values();
    return formats[number % formats.length];
  }

  /** The content of one video. */
  VideoScene scene(int label, int number) {
    return task.scene(label, seed * 1_000_003 + number);
  }

  private void writeOne(FileSystem files, Path folder, int label, int number) {
    VideoWriter.VideoFormat format = format(number);
    VideoScene scene = scene(label, number);
    Path file =
        new Path(
            new Path(folder, task.labels().get(label)),
            "%04d.%s".formatted(number, format.extension()));
    try {
      files.mkdirs(file.getParent());
      AtomicFile.write(
          files,
          file,
          out -> {
            try (VideoWriter writer =
                new VideoWriter(
                    out, format, scene.height(), scene.width(), scene.framesPerSecond())) {
              for (int i = 0; i < scene.frames(); i++) {
                writer.write(scene.frame(i));
              }
            }
          });
    } catch (IOException failed) {
      throw new UncheckedIOException("Cannot write " + file, failed);
    }
  }
}
