package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.video.VideoCutter.CutRequest;

/** Recordings in several files: every frame of each once, on one line of time. */
class JoinedMovieTest {
  @TempDir Path folder;

  private static JoinedMovie open(Path... files) throws IOException {
    List<org.apache.hadoop.fs.Path> paths =
        Stream.of(files).map(file -> new org.apache.hadoop.fs.Path(file.toString())).toList();
    return JoinedMovie.open(FileSystem.getLocal(new Configuration()), paths);
  }

  private static CutClips cut(int frames, double rate, CutRequest request, Path... files)
      throws IOException {
    ClipSettings clip = new ClipSettings(frames, 1, rate, 0, 1, 16);
    try (JoinedMovie movie = open(files)) {
      return CutClips.of(movie, CutSettings.reference(clip), request);
    }
  }

  private static Path chapter(int number, String arguments, String end) {
    String name = "joined-%d-%d.%s".formatted(number, arguments.hashCode(), end);
    return NumberedVideos.made(name, 30 * number, 30, arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c:v mpeg4 -bf 2 -g 12",
        "-c:v mpeg4 -bf 0 -g 300 -video_track_timescale 90000",
        "-c:v mjpeg -movflags +faststart",
        "-c:v mpeg4 -bf 2 -use_editlist 0",
        "-c:v mpeg4 -bf 2 -movflags +negative_cts_offsets",
      })
  void everyFrameIsShownOnce(String arguments) throws IOException {
    Path[] files = {
      chapter(0, arguments, "mp4"), chapter(1, arguments, "mp4"), chapter(2, arguments, "mp4")
    };
    for (double rate : new double[] {0, 25}) {
      CutClips clips = cut(90, rate, Cuts.request(TimeSpan.WHOLE, 1), files);
      assertThat(NumberedVideos.remarks(clips)).isEmpty();
      NumberedVideos.assertLine(only(clips), 0, 90);
      assertThat(only(clips).origin().timestamps()[0]).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-bf 2", "-bf 2 -use_editlist 0", "-bf 0"})
  void gapsStayAndNoFrameIsLost(String arguments) throws IOException {
    String gap = "-vf setpts='PTS+gte(N\\,28)/TB' -fps_mode vfr -c:v mpeg4 " + arguments;
    Path[] files = {chapter(0, gap, "mp4"), chapter(1, gap, "mp4"), chapter(2, gap, "mp4")};
    CutPixels clip = only(cut(90, 0, Cuts.request(TimeSpan.WHOLE, 1), files));
    assertThat(NumberedVideos.numbers(clip)).containsExactly(NumberedVideos.range(0, 90));
    double[] times = clip.origin().timestamps();
    for (int i = 1; i < 90; i++) {
      assertThat(times[i] - times[i - 1])
          .as("before frame %d", i)
          .isCloseTo(i % 30 == 28 ? 1.04 : 0.04, within(0.001));
    }
  }

  @Test
  void rotationOfTheFileStays() throws IOException {
    Path[] files = new Path[2];
    for (int i = 0; i < 2; i++) {
      byte[] bytes = Files.readAllBytes(chapter(i, "-c:v mpeg4", "mp4"));
      int header = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("mvhd");
      ByteBuffer matrix = ByteBuffer.wrap(bytes, header + 40, 36);
      for (int value : new int[] {0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30}) { // a quarter
        matrix.putInt(value);
      }
      files[i] = Files.write(folder.resolve("turned-%d.mp4".formatted(i)), bytes);
    }
    CutPixels alone = only(NumberedVideos.cut(files[0], 30, 0, 1));
    assertThat(alone.height()).isGreaterThan(alone.width());
    CutPixels clip = only(cut(60, 0, Cuts.request(TimeSpan.WHOLE, 1), files));
    assertThat(Arrays.copyOf(clip.pixels(), alone.pixels().length)).isEqualTo(alone.pixels());
  }

  @Test
  void oneFrameIsAFile() throws IOException {
    Path[] files = {
      chapter(0, "-c:v mpeg4 -bf 2", "mp4"),
      NumberedVideos.made("joined-one.mp4", 30, 1, "-c:v mpeg4 -bf 2"),
      NumberedVideos.made("joined-rest.mp4", 31, 29, "-c:v mpeg4 -bf 2")
    };
    NumberedVideos.assertLine(only(cut(60, 0, Cuts.request(TimeSpan.WHOLE, 1), files)), 0, 60);
  }

  @Test
  void tooManyFramesAreRefusedBeforeTheyTakeMemory() throws IOException {
    byte[] bytes = Files.readAllBytes(chapter(0, "-c:v mjpeg", "mp4"));
    int table = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("stsz");
    ByteBuffer.wrap(bytes).putInt(table + 8, 1).putInt(table + 12, 1 << 30);
    Path file = Files.write(folder.resolve("many.mp4"), bytes);
    assertThatThrownBy(() -> open(file, file))
        .hasMessageContaining("found 1073741824 frames, expected at most 1048576 in all files");
  }

  @Test
  void soundChangesNothing() throws IOException {
    Path[] files = new Path[2];
    for (int i = 0; i < 2; i++) {
      Path silent = chapter(i, "-c:v mpeg4 -bf 2", "mp4");
      files[i] =
          MadeVideos.made(
              "joined-sound-%d.mov".formatted(i),
              "-i %s -f lavfi -i sine=duration=1.4 -c:v copy -c:a pcm_s16le".formatted(silent));
    }
    NumberedVideos.assertLine(only(cut(60, 0, Cuts.request(TimeSpan.WHOLE, 1), files)), 0, 60);
  }

  @Test
  void framesOfH264ThatReferToLaterOnesKeepTheirOrder() throws IOException {
    Path file =
        MadeVideos.made(
            "joined-h264.mp4", "-i %s -c copy".formatted(MadeVideos.kept("h264-8-b-frames.mkv")));
    int[] alone = NumberedVideos.numbers(only(NumberedVideos.cut(file, 60, 0, 1)));
    int[] twice =
        NumberedVideos.numbers(only(cut(120, 0, Cuts.request(TimeSpan.WHOLE, 1), file, file)));
    assertThat(Arrays.copyOf(twice, 60)).containsExactly(alone);
    assertThat(Arrays.copyOfRange(twice, 60, 120)).containsExactly(alone);
  }

  @Test
  void partsAndClipsReachAcrossTheFiles() throws IOException {
    String arguments = "-c:v mpeg4 -bf 2 -g 12";
    Path[] files = {
      chapter(0, arguments, "mp4"), chapter(1, arguments, "mp4"), chapter(2, arguments, "mp4")
    };
    CutClips clips = cut(8, 25, Cuts.request(new TimeSpan(1, 2.6), 5), files);
    assertThat(clips.clips.get(0)).hasSize(5);
    for (CutPixels clip : clips.clips.get(0)) {
      int first = NumberedVideos.numbers(clip)[0];
      NumberedVideos.assertLine(clip, first, first + 8);
      assertThat(first).isEqualTo((int) Math.round(clip.origin().timestamps()[0] * 25));
      assertThat(first).isBetween(25, 58);
    }
    CutClips last = cut(4, 25, Cuts.request(new TimeSpan(3.2, 3.36), 1), files);
    NumberedVideos.assertLine(only(last), 80, 84);
  }

  @Test
  void pixelsAreThoseOfTheFileThatFfmpegMakesOfThem() throws IOException {
    String arguments = "-c:v mpeg4 -bf 0 -g 12";
    Path[] files = {chapter(0, arguments, "mp4"), chapter(1, arguments, "mp4")};
    Path list =
        Files.writeString(
            folder.resolve("list.txt"), "file '%s'\nfile '%s'\n".formatted(files[0], files[1]));
    Path joined =
        MadeVideos.made("joined-by-ffmpeg.mp4", "-f concat -safe 0 -i %s -c copy".formatted(list));
    CutPixels expected = only(NumberedVideos.cut(joined, 60, 25, 1));
    CutPixels found = only(cut(60, 25, Cuts.request(TimeSpan.WHOLE, 1), files));
    assertThat(found.pixels()).isEqualTo(expected.pixels());
    assertThat(found.origin().timestamps()).isEqualTo(expected.origin().timestamps());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-c:v mjpeg | mp4 | another rotation or header of the codec",
        "-c:v ffv1 | mp4 | picture: found FFV1, 96 x 64, expected mp4v, 96 x 64",
        "-c:v mpeg4 -vf scale=48:32 | mp4 | picture: found mp4v, 48 x 32, expected mp4v, 96 x",
        "-c:v mpeg4 -video_track_timescale 1000 | mp4 | ticks per second: found 1000, expected 12800",
        "-c:v mpeg4 -flags +qpel | mp4 | another rotation or header of the codec",
        "-c:v mpeg4 -movflags frag_keyframe+empty_moov | mp4 | it is fragmented",
        "-c:v mpeg4 | mkv | no MP4 file with one list of its frames",
      })
  void fileThatIsUnlikeTheFirstIsNamed(String arguments, String end, String cause)
      throws IOException {
    Path first = chapter(0, "-c:v mpeg4", "mp4");
    Path other = chapter(1, arguments, end);
    assertThatThrownBy(() -> open(first, other))
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessageStartingWith("its file %s cannot be joined".formatted(other.getFileName()))
        .hasMessageContaining(cause);
  }

  @Test
  void fileThatHidesFramesIsNamed() throws IOException {
    Path first = chapter(0, "-c:v mpeg4 -g 300", "mp4");
    Path late = MadeVideos.made("joined-late.mp4", "-ss 0.4 -i %s -c copy".formatted(first));
    assertThatThrownBy(() -> open(first, late))
        .hasMessageContaining("joined-late.mp4")
        .hasMessageContaining("its edit list leaves frames out");
  }

  @Test
  void missingEmptyAndTruncatedFilesAreNamed() throws IOException {
    Path first = chapter(0, "-c:v mpeg4", "mp4");
    Path cut = folder.resolve("GH030001.MP4");
    byte[] bytes = Files.readAllBytes(first);
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> open(first, first, cut))
        .hasMessageContaining("GH030001.MP4")
        .hasMessageContaining("it is truncated")
        .satisfies(e -> assertThat(kind(e)).isEqualTo(BadKind.TRUNCATED));
    assertThatThrownBy(() -> open(first, folder.resolve("GH020001.MP4")))
        .hasMessageContaining(
            "GH020001.MP4 cannot be joined to the others: the file does not exist")
        .satisfies(e -> assertThat(kind(e)).isEqualTo(BadKind.MISSING));
    Path empty = Files.createFile(folder.resolve("GH040001.MP4"));
    assertThatThrownBy(() -> open(first, empty)).hasMessageContaining("the file is empty");
  }

  @Test
  void damagedTablesAreRefusedOrRead() throws IOException {
    Path first = chapter(0, "-c:v mpeg4 -bf 2", "mp4");
    byte[] good = Files.readAllBytes(first);
    int header = new String(good, StandardCharsets.ISO_8859_1).indexOf("moov");
    Path damaged = folder.resolve("damaged.mp4");
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bad = good.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = header + random.nextInt(good.length - header);
        bad[at] =
            random.nextBoolean() ? (byte) random.nextInt() : (byte) (random.nextBoolean() ? -1 : 0);
      }
      Files.write(damaged, bad);
      try (JoinedMovie movie = open(first, damaged)) {
        assertThat(movie.length()).isGreaterThan(2L * good.length);
      } catch (UndecodableVideoException e) {
        assertThat(e).hasMessageContaining("damaged.mp4");
        refused++;
      }
    }
    assertThat(refused).isBetween(100, 1900);
  }

  private static CutPixels only(CutClips clips) {
    assertThat(clips.failed).isEmpty();
    assertThat(clips.clips.get(0)).hasSize(1);
    return clips.clips.get(0).get(0);
  }

  private static BadKind kind(Throwable e) {
    return ((UndecodableVideoException) e).kind();
  }
}
