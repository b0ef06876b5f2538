package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.isolation.DecodeLimits;
import vivit.dataprep.isolation.DecodeLimits.Isolation;
import vivit.dataprep.isolation.DecodeLimits.SandboxChoice;
import vivit.dataprep.isolation.IsolatedDecoder;
import vivit.dataprep.video.ClipPlacement;
import vivit.dataprep.video.CutSettings;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.CutSink.CutTubelets;
import vivit.dataprep.video.HadoopVideoInput;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter.CutRequest;
import vivit.dataprep.video.VideoWriter;
import vivit.tests.cluster.LocalCluster;

/**
 * A helper process finds its classes among the jars that Spark brought to the executor, whose own
 * class path has none of them.
 */
class HelperProcessIT {
  @TempDir static Path folder;

  /** Decodes a video on an executor and returns the sizes of its clips. */
  static final class Decode implements Function<String, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String call(String video) throws IOException {
      StringBuilder answer = new StringBuilder();
      IsolatedDecoder.cut(
          () ->
              HadoopVideoInput.open(
                  FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(video)),
          List.of(
              new CutRequest("video", TimeSpan.WHOLE, new ClipPlacement(Purpose.EVALUATION, 3, 0))),
          CutSettings.reference(new ClipSettings(4, 1, 10, 0, 2, 16)),
          new DecodeLimits(
              Isolation.PROCESS, SandboxChoice.AUTO, Duration.ofMinutes(1), 512L << 20),
          new IsolatedDecoder.Results() {
            @Override
            public void video(int request, Iterable<CutTubelets> clips, CutStatistics statistics) {
              clips.forEach(clip -> answer.append(clip.pixels().length).append(' '));
            }

            @Override
            public void bad(int request, UndecodableVideoException cause) {
              answer.append(cause.getMessage());
            }
          });
      return answer
          + (System.getProperty("java.class.path").contains("ffmpeg") ? "FFmpeg" : "no FFmpeg")
          + " on the class path";
    }
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
  void decodesWithJarsThatSparkBrought() throws IOException {
    List<String> shipped = new ArrayList<>();
    List<String> there = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      boolean ours = Files.isDirectory(Path.of(entry)) || entry.contains("data-prep");
      if (ours || entry.contains("javacpp") || entry.contains("ffmpeg")) {
        shipped.add(jar(Path.of(entry), shipped.size()).toString());
      } else {
        there.add(entry);
      }
    }
    Path video = folder.resolve("video.mp4");
    TestVideos.write(video, VideoWriter.VideoFormat.H264_MP4, 48, 64, 10, 20);
    SparkConf conf =
        LocalCluster.conf(1)
            .set("spark.executor.extraClassPath", String.join(File.pathSeparator, there))
            .set("spark.jars", String.join(",", shipped))
            .set("spark.serializer", "org.apache.spark.serializer.JavaSerializer")
            .remove("spark.kryo.registrator");
    try (JavaSparkContext sc = new JavaSparkContext(conf)) {
      assertThat(sc.parallelize(List.of(video.toUri().toString()), 1).map(new Decode()).collect())
          .containsExactly("36864 36864 36864 no FFmpeg on the class path");
    }
  }

  /** A jar as it is, a folder of classes packed into one. */
  private static Path jar(Path entry, int number) throws IOException {
    if (!Files.isDirectory(entry)) {
      return entry;
    }
    Path jar = folder.resolve("classes " + number + ".jar"); // a name with a blank
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(entry)) {
      for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
        out.putNextEntry(new ZipEntry(entry.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
    return jar;
  }
}
