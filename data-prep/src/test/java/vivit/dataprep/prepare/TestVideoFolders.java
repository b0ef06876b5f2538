package vivit.dataprep.prepare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.video.VideoWriter.VideoFormat;

/** Small inputs of a preparation, and its settings. */
final class TestVideoFolders {
  static final ClipSettings CLIP = new ClipSettings(6, 2, 10, 24, 2, 16);

  private TestVideoFolders() {}

  /** Three classes with two videos each, of all formats, and different sizes and rates. */
  static Path write(Path folder) throws IOException {
    Path input = folder.resolve("videos");
    TestVideos.write(input.resolve("close/a.mp4"), VideoFormat.H264_MP4, 48, 64, 10, 30);
    TestVideos.write(input.resolve("close/b.webm"), VideoFormat.VP9_WEBM, 64, 48, 25, 40);
    TestVideos.write(input.resolve("open/a.avi"), VideoFormat.MPEG4_AVI, 32, 48, 12.5, 20);
    TestVideos.write(input.resolve("open/c.mp4"), VideoFormat.H264_MP4, 36, 64, 30, 45);
    TestVideos.write(input.resolve("wave/d.webm"), VideoFormat.VP9_WEBM, 48, 48, 10, 25);
    TestVideos.write(input.resolve("wave/e.avi"), VideoFormat.MPEG4_AVI, 48, 64, 25, 9);
    return input;
  }

  /** Small clips, two of every training video and three of every evaluation video. */
  static PrepareConfig config(Path input, Path output, Purpose purpose, String... more) {
    List<String> keys = keys(input, output, purpose);
    keys.addAll(List.of(more));
    StrictConfig config = StrictConfig.load(keys.toArray(String[]::new));
    PrepareConfig prepare = PrepareConfig.read(config);
    config.check();
    return prepare;
  }

  /** The same as arguments of a command. */
  static List<String> keys(Path input, Path output, Purpose purpose) {
    return new ArrayList<>(
        List.of(
            "prepare.input=" + input,
            "prepare.output=" + output,
            "prepare.purpose=" + purpose.word(),
            "prepare.frames=6",
            "prepare.stride=2",
            "prepare.frames-per-second=10",
            "prepare.short-side=24",
            "prepare.clips-per-video=2",
            "prepare.views=3",
            "prepare.clips-per-shard=4",
            "prepare.max-bad-share=0",
            "prepare.isolation=none",
            "seed=7"));
  }
}
