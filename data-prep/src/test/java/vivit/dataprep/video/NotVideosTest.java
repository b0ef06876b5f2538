package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.ClipSettings;

/** Files that are not videos, such as failed downloads and broken conversions leave. */
class NotVideosTest {
  private static final ClipSettings SETTINGS = new ClipSettings(4, 1, 10, 0, 1, 16);

  @TempDir Path folder;

  private static void assertRefused(Path file, String cause) {
    assertThatThrownBy(() -> Cuts.of(file, SETTINGS, 2))
        .as("%s", file)
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessageContaining(cause);
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.mp4", "a.webm", "a.mkv", "a.avi"})
  void noBytes(String name) throws IOException {
    assertRefused(file(name, new byte[0]), "the file is empty");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 9})
  void stubs(int kilobytes) throws IOException {
    byte[] large =
        Files.readAllBytes(
            MadeVideos.made(
                "large.mp4",
                "-f lavfi -i testsrc2=size=320x240:rate=25:duration=4 -c:v mpeg4 -b:v 1M"));
    byte[] random = new byte[kilobytes * 1024];
    new Random(kilobytes).nextBytes(random);
    assertRefused(file("head.mp4", Arrays.copyOf(large, kilobytes * 1024)), "truncated");
    assertRefused(file("zeros.mp4", new byte[kilobytes * 1024]), "not a video");
    assertRefused(file("random.mp4", random), "not a video");
    byte[] hole = Arrays.copyOf(large, large.length);
    Arrays.fill(hole, kilobytes * 1024, hole.length, (byte) 0);
    assertRefused(file("hole.mp4", hole), "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE html><html><head><title>404</title></head><body>Not found</body></html>",
        "{\"error\": \"video unavailable\"}",
        "#EXTM3U\nfile:///etc/passwd\n",
        "ffconcat version 1.0\nfile /etc/passwd\n",
        "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"></MPD>",
        "1\n00:00:00,000 --> 00:00:05,000\nA subtitle\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "a plain text"
      })
  void textNamedAsAVideo(String text) throws IOException {
    for (String name : new String[] {"a.mp4", "a.webm", "a.avi", "a.m3u8"}) {
      byte[] bytes = (text + "\n").repeat(30).getBytes(StandardCharsets.UTF_8);
      assertRefused(file(name, bytes), "it is not a video file");
    }
  }

  @Test
  void picturesAreNoVideos() throws IOException {
    for (String name : new String[] {"picture.png", "picture.jpg", "picture.bmp", "picture.webp"}) {
      Path picture = MadeVideos.made(name, MadeVideos.PATTERN + " -frames:v 1 -update 1");
      assertRefused(Files.copy(picture, folder.resolve(name + ".mp4")), "it is not a video file");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "mkv", "avi", "ts", "flv", "mov", "wmv"})
  void audioOnly(String container) {
    Path file =
        MadeVideos.made(
            "audio." + container, "-f lavfi -i sine=duration=1 -c:a aac -ac 1 -ar 16000");
    assertRefused(file, "it has no video stream");
  }

  @Test
  void aCoverIsNoVideo() {
    Path file =
        MadeVideos.made(
            "cover.mp4",
            "-f lavfi -i sine=duration=1 "
                + MadeVideos.PATTERN
                + " -map 0 -map 1 -c:a aac -c:v mjpeg -frames:v 1 -disposition:v:0 attached_pic");
    assertRefused(file, "it has a cover picture but no video stream");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none.mp4", "none.mkv", "none.avi", "none.ts", "none.webm"})
  void noFrames(String name) {
    String codec = name.endsWith("webm") ? "libvpx" : "mpeg4";
    Path file = MadeVideos.made(name, MadeVideos.PATTERN + " -frames:v 0 -c:v " + codec);
    assertThatThrownBy(() -> Cuts.of(file, SETTINGS, 2))
        .isInstanceOf(UndecodableVideoException.class);
  }

  @Test
  void subtitlesOnly() throws IOException {
    Path text =
        Files.writeString(folder.resolve("a.srt"), "1\n00:00:00,000 --> 00:00:05,000\nHello\n\n");
    Path file = folder.resolve("a.mkv");
    MadeVideos.ffmpeg(List.of("-i", text.toString(), file.toString()));
    assertRefused(file, "it has no video stream");
  }

  @Test
  void aFolderNamedAsAVideo() throws IOException {
    assertRefused(Files.createDirectory(folder.resolve("a.mp4")), "it is a folder");
  }

  @Test
  void linksThatLeadNowhere() throws IOException {
    Path loop = folder.resolve("loop.mp4");
    Files.createSymbolicLink(loop, loop);
    assertRefused(loop, "");
    Path gone = folder.resolve("gone.mp4");
    Files.createSymbolicLink(gone, folder.resolve("nothing.mp4"));
    assertRefused(gone, "the file does not exist");
  }

  @Test
  void aLinkToAVideoIsAVideo() throws IOException {
    Path link = folder.resolve("link.mp4");
    Files.createSymbolicLink(link, Encoding.H264.file());
    assertThat(Cuts.of(link, SETTINGS, 2)).hasSize(2);
  }
}
