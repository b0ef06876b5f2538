package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.dataprep.video.NumberedVideos.cut;
import static vivit.dataprep.video.NumberedVideos.made;
import static vivit.dataprep.video.NumberedVideos.numbers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MP4 files that show parts of their frames, in another order, or twice. */
class EditListsTest {
  private static final int MOVIE_CLOCK = 1000; // per second, as FFmpeg writes it
  private static final int MEDIA_CLOCK = 12800;
  private static final int RATE = 25;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "10-30 40-60, -g 12",
    "40-60 0-20, -g 12",
    "0-10 0-10 20-30, -g 12",
    "3-5 50-60 20-21 7-40, -g 6",
    "10-30 40-60, -g 12 -bf 2",
    "40-60 0-20, -g 12 -bf 2",
  })
  void severalEdits(String edits, String encoding) throws IOException {
    Path source =
        made(
            "edits%s.mp4".formatted(encoding).replace(" ", ""),
            0,
            60,
            "-c:v mpeg4 -q:v 2 " + encoding);
    int delay = encoding.contains("-bf") ? MEDIA_CLOCK / RATE : 0;
    byte[] bytes = Files.readAllBytes(source);
    int[][] parts =
        Arrays.stream(edits.split(" ", -1))
            .map(part -> part.split("-", -1))
            .map(part -> new int[] {Integer.parseInt(part[0]), Integer.parseInt(part[1])})
            .toArray(int[][]::new);
    Path file = Files.write(folder.resolve("edited.mp4"), edited(bytes, parts, delay));
    int[] expected =
        Arrays.stream(parts).flatMapToInt(part -> IntStream.range(part[0], part[1])).toArray();

    for (double rate : new double[] {0, RATE}) {
      CutClips clips = cut(file, expected.length, rate, 1);
      assertThat(numbers(clips.only().get(0))).containsExactly(expected);
    }
    for (CutPixels clip : cut(file, 3, RATE, 5).only()) { // each after a jump
      int start = clip.origin().startFrame();
      assertThat(numbers(clip))
          .containsExactly(expected[start], expected[start + 1], expected[start + 2]);
    }
  }

  /** Replaces the edit list of a file whose index is at its end. */
  private static byte[] edited(byte[] file, int[][] parts, int delay) throws IOException {
    ByteBuffer list = ByteBuffer.allocate(24 + 12 * parts.length);
    list.putInt(list.capacity()).put(name("edts"));
    list.putInt(list.capacity() - 8).put(name("elst")).putInt(0).putInt(parts.length);
    for (int[] part : parts) {
      list.putInt((part[1] - part[0]) * MOVIE_CLOCK / RATE);
      list.putInt(part[0] * MEDIA_CLOCK / RATE + delay);
      list.putInt(1 << 16); // the usual speed
    }
    return rewritten(file, list.array());
  }

  private static byte[] rewritten(byte[] boxes, byte[] list) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer in = ByteBuffer.wrap(boxes);
    while (in.hasRemaining()) {
      byte[] box = new byte[in.getInt(in.position())];
      in.get(box);
      String name = new String(box, 4, 4, StandardCharsets.ISO_8859_1);
      switch (name) {
        case "moov", "trak" -> {
          byte[] inner = rewritten(Arrays.copyOfRange(box, 8, box.length), list);
          out.write(ByteBuffer.allocate(8).putInt(8 + inner.length).put(name(name)).array());
          out.write(inner);
        }
        case "edts" -> {}
        case "tkhd" -> {
          out.write(box);
          out.write(list);
        }
        default -> out.write(box);
      }
    }
    return out.toByteArray();
  }

  private static byte[] name(String box) {
    return box.getBytes(StandardCharsets.ISO_8859_1);
  }
}
