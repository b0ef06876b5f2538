package vivit.dataprep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.Purpose;
import vivit.dataprep.source.LabelColumns;
import vivit.dataprep.video.TestVideos;
import vivit.dataprep.video.VideoWriter.Format;

/** Small inputs of a preparation. */
final class TestVideoFolders {
  static final ClipSettings CLIP = new ClipSettings(6, 2, 10, 24, 2, 16);

  private TestVideoFolders() {}

  /** Three classes with two videos each, of all formats, and different sizes and rates. */
  static Path write(Path folder) throws IOException {
    Path input = folder.resolve("videos");
    video(input.resolve("close/a.mp4"), Format.H264_MP4, 48, 64, 10, 30);
    video(input.resolve("close/b.webm"), Format.VP9_WEBM, 64, 48, 25, 40);
    video(input.resolve("open/a.avi"), Format.MPEG4_AVI, 32, 48, 12.5, 20);
    video(input.resolve("open/c.mp4"), Format.H264_MP4, 36, 64, 30, 45);
    video(input.resolve("wave/d.webm"), Format.VP9_WEBM, 48, 48, 10, 25);
    video(input.resolve("wave/e.avi"), Format.MPEG4_AVI, 48, 64, 25, 9);
    return input;
  }

  static void video(
      Path file, Format format, int height, int width, double framesPerSecond, int frames)
      throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, TestVideos.encode(format, height, width, framesPerSecond, frames));
  }

  static PrepareConfig config(Path input, Path output, Purpose purpose) {
    return new PrepareConfig(
        input.toString(),
        output.toString(),
        "",
        LabelColumns.DEFAULT,
        purpose,
        CLIP,
        2,
        3,
        4,
        Compression.NONE,
        0,
        7);
  }

  static PrepareConfig withLabels(PrepareConfig c, String labels) {
    return new PrepareConfig(
        c.input(),
        c.output(),
        labels,
        c.columns(),
        c.purpose(),
        c.clip(),
        c.clipsPerVideo(),
        c.views(),
        c.clipsPerShard(),
        c.compression(),
        c.maxBadShare(),
        c.seed());
  }

  static PrepareConfig withMaxBadShare(PrepareConfig c, double share) {
    return new PrepareConfig(
        c.input(),
        c.output(),
        c.labels(),
        c.columns(),
        c.purpose(),
        c.clip(),
        c.clipsPerVideo(),
        c.views(),
        c.clipsPerShard(),
        c.compression(),
        share,
        c.seed());
  }
}
