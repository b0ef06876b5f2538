package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.video.CutSettings.Truncated;
import vivit.dataprep.video.PictureSettings.Scaler;

class CodecsTest {
  private static final ClipSettings CLIP = new ClipSettings(4, 1, 10, 0, 1, 16);

  @TempDir Path folder;

  private static List<CutPixels> cut(Path file, Codecs codecs) throws IOException {
    CutSettings settings =
        new CutSettings(
            CLIP,
            PictureSettings.of(Scaler.REFERENCE),
            StreamChoice.BEST,
            Truncated.REFUSE,
            CutSettings.USUAL_MADE_UP,
            1,
            codecs);
    return Cuts.of(file, settings, Cuts.request(TimeSpan.WHOLE, 2)).get(0);
  }

  /** FFmpeg has decoders for these, and each is somebody's old program. */
  @ParameterizedTest
  @CsvSource({"zmbv, avi", "flashsv, flv", "snow, nut", "asv1, avi"})
  void anUnusualCodecIsRefused(String codec, String container) {
    Path file =
        MadeVideos.made(
            "unusual-" + codec + "." + container, MadeVideos.PATTERN + " -strict -2 -c:v " + codec);

    assertThatThrownBy(() -> cut(file, Codecs.USUAL))
        .isInstanceOfSatisfying(
            UndecodableVideoException.class,
            bad -> assertThat(bad.kind()).isEqualTo(BadKind.UNDECODABLE))
        .hasMessageMatching(
            "its codec, "
                + codec
                + ", is not among those of prepare.codecs \\(h264, hevc, av1, vp9, vp8, mpeg4,"
                + " mpeg2video, mpeg1video and \\d+ more\\); add it there or convert it");
  }

  @Test
  void theListDecides() throws IOException {
    Path file = Encoding.VP9.file();

    assertThat(cut(file, new Codecs(List.of("vp9")))).hasSize(2);
    assertThatThrownBy(() -> cut(file, new Codecs(List.of("h264", "vp8"))))
        .hasMessage(
            "its codec, vp9, is not among those of prepare.codecs (h264, vp8); add it there or"
                + " convert it");
  }

  @Test
  void onlyDecodersInSoftwareAreOpened() {
    Ffmpeg.load();
    List<String> decoders = List.of(Codecs.USUAL.decoders().split(",", -1));

    assertThat(decoders)
        .contains("h264", "hevc", "vp9", "mpeg4")
        .noneMatch(name -> name.matches(".*_(qsv|cuvid|v4l2m2m|mediacodec|videotoolbox)"))
        .doesNotContain("aac", "mp3", "opus", "ass", "zmbv");
    assertThat(new Codecs(List.of("no_such_codec")).decoders()).isEqualTo("none");
  }

  @Test
  void aListOfNothingAndNamesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> new Codecs(List.of())).hasMessageStartingWith("found no codec; ");
    assertThatThrownBy(() -> new Codecs(List.of("h264", "h264,zmbv")))
        .hasMessageStartingWith("found \"h264,zmbv\"; expected the name of a codec");
  }

  /**
   * QuickTime can keep samples in another file and name it; the frames here are the movie's own.
   */
  @Test
  void aMovieThatNamesAnotherFileReadsItself() throws IOException {
    Path movie = MadeVideos.made("own.mov", MadeVideos.PATTERN + " -c:v mpeg4 -g 8");
    Path other = Files.writeString(folder.resolve("other.mov"), "not to be opened");
    Path naming = folder.resolve("naming.mov");
    Files.write(naming, naming(Files.readAllBytes(movie), other));

    List<CutPixels> clips = cut(movie, Codecs.USUAL);
    List<CutPixels> found = cut(naming, Codecs.USUAL);
    assertThat(found).hasSameSizeAs(clips);
    for (int i = 0; i < clips.size(); i++) {
      assertThat(found.get(i).pixels()).isEqualTo(clips.get(i).pixels());
    }
  }

  /** The movie with an alias in the place of its reference to itself. */
  private static byte[] naming(byte[] movie, Path other) {
    byte[] name = other.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer alias = ByteBuffer.allocate(12 + 150 + 4 + name.length + 4);
    alias.putInt(alias.capacity()).put("alis".getBytes(StandardCharsets.US_ASCII)).putInt(0);
    alias.position(12 + 10).put((byte) 4).put("disk".getBytes(StandardCharsets.US_ASCII));
    alias.position(12 + 50).put((byte) 9).put("other.mov".getBytes(StandardCharsets.US_ASCII));
    alias.position(12 + 130).putShort((short) 1).putShort((short) 1);
    alias.position(12 + 150).putShort((short) 18).putShort((short) name.length).put(name);
    alias.putShort((short) -1).putShort((short) 0);
    int url = find(movie, "url ", find(movie, "dref", 0)) - 4;
    ByteBuffer named = ByteBuffer.allocate(movie.length - 12 + alias.capacity());
    named.put(movie, 0, url).put(alias.array()).put(movie, url + 12, movie.length - url - 12);
    int from = 0;
    for (String box : List.of("moov", "trak", "mdia", "minf", "dinf", "dref")) {
      from = find(movie, box, from);
      named.putInt(from - 4, named.getInt(from - 4) + alias.capacity() - 12);
    }
    return named.array();
  }

  private static int find(byte[] bytes, String text, int from) {
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text, from);
    assertThat(at).isPositive();
    return at;
  }
}
