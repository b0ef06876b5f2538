package vivit.dataprep.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.fixture.FuzzedReader;
import vivit.dataprep.isolation.DecodeLimits.Isolation;
import vivit.dataprep.isolation.DecodeLimits.SandboxChoice;
import vivit.dataprep.video.MadeVideos;

/**
 * Containers of video, decoded in another process: every request has its clips, or a cause. Native
 * code has no coverage, so the search is as good as blind.
 */
class VideoFuzzTest extends FuzzedReader {
  private static final DecodeLimits LIMITS =
      new DecodeLimits(Isolation.PROCESS, SandboxChoice.AUTO, Duration.ofSeconds(20), 512L << 20);

  @AfterAll
  static void noHelpers() {
    Helpers.closeIdle();
    assertThat(Helpers.alive()).isEmpty();
  }

  @Override
  protected Map<String, byte[]> seeds() throws IOException {
    Map<String, byte[]> seeds = new TreeMap<>();
    for (String name :
        List.of("h264-b-frames.mp4", "h264-grey.mkv", "h264-open-gop.mkv", "hevc.mp4")) {
      seeds.put(name, Files.readAllBytes(MadeVideos.kept(name)));
    }
    return seeds;
  }

  @Override
  protected boolean isDocumented(Exception e) {
    return false; // causes are results
  }

  @Override
  protected void read(byte[] video) throws IOException {
    Collected cut =
        Collected.cut(HookedInput.plain(video), LIMITS, TimeSpan.WHOLE, new TimeSpan(0, 1));
    assertThat(cut.order).containsExactly(0, 1);
    assertThat(cut.videos).allSatisfy(whole -> assertThat(whole.clips()).hasSizeBetween(1, 2));
    assertThat(cut.bad).allSatisfy(cause -> assertThat(cause).message().isNotBlank());
  }
}
