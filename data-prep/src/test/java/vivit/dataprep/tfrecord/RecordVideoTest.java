package vivit.dataprep.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.video.ClipPlacement;
import vivit.dataprep.video.CutClips;
import vivit.dataprep.video.CutPixels;
import vivit.dataprep.video.CutSettings;
import vivit.dataprep.video.HadoopVideoInput;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter.CutRequest;
import vivit.dataprep.video.VideoInput;

class RecordVideoTest {
  private static final ClipSettings CLIP = new ClipSettings(4, 2, 0, 0, 2, 16);
  private static final List<byte[]> IMAGES = TestJpegs.numbered(40, 48, 66);

  @TempDir Path folder;
  private FileSystem fs;

  @BeforeEach
  void open() throws IOException {
    fs = FileSystem.getLocal(new Configuration());
  }

  private org.apache.hadoop.fs.Path file(String name, byte[] bytes) throws IOException {
    return new org.apache.hadoop.fs.Path(Files.write(folder.resolve(name), bytes).toUri());
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static List<CutPixels> cut(VideoInput input) throws IOException {
    CutRequest request =
        new CutRequest("v", TimeSpan.WHOLE, new ClipPlacement(Purpose.EVALUATION, 3, 0));
    return CutClips.of(input, CutSettings.reference(CLIP).withoutMadeUp(), request).only();
  }

  private List<CutPixels> cut(org.apache.hadoop.fs.Path shard, long record) throws IOException {
    try (RecordVideo video = RecordVideo.open(fs, shard, record)) {
      return cut(video);
    }
  }

  @Test
  void theFramesOfARecordAreThoseOfTheSameImagesAsAVideo() throws IOException {
    byte[] first = TestRecords.of(TestJpegs.numbered(3, 16, 16)).example();
    byte[] second = TestRecords.of(IMAGES).times(0, 1_600_000).example();
    byte[] bytes = TestRecords.shard(first, second);
    long record = TestRecords.shard(first).length;
    org.apache.hadoop.fs.Path movie = file("images.mjpeg", TestRecords.join(IMAGES));

    List<CutPixels> clips = cut(file("s.tfrecord", bytes), record);
    List<CutPixels> expected;
    try (VideoInput input = HadoopVideoInput.open(fs, movie)) {
      expected = cut(input);
    }

    assertThat(clips).extracting(clip -> clip.origin().startFrame()).containsExactly(0, 16, 32);
    for (int view = 0; view < 3; view++) {
      CutPixels clip = clips.get(view);
      assertThat(clip.pixels()).isEqualTo(expected.get(view).pixels());
      assertThat(clip.height()).isEqualTo(48);
      assertThat(clip.width()).isEqualTo(66);
      int[] frames = {16 * view, 16 * view + 2, 16 * view + 4, 16 * view + 6};
      assertThat(clip.origin().timestamps())
          .usingComparatorWithPrecision(1e-9)
          .containsExactly(Arrays.stream(frames).mapToDouble(f -> f / 25.0).toArray());
      for (int i = 0; i < 4; i++) {
        int pixel = clip.pixels()[i * 48 * 66 * 3] & 0xff;
        assertThat(pixel)
            .isCloseTo(TestJpegs.level(frames[i]), org.assertj.core.data.Offset.offset(2));
      }
    }
    assertThat(cut(file("s.tfrecord.gz", gzip(bytes)), record).get(1).pixels())
        .isEqualTo(clips.get(1).pixels());
    assertThat(cut(file("unnamed", gzip(bytes)), record).get(2).pixels())
        .isEqualTo(clips.get(2).pixels());
    byte[] turned = TestRecords.shard(TestRecords.of(IMAGES).index(1).contextLast());
    assertThat(cut(file("turned", turned), 0).get(2).pixels()).isEqualTo(clips.get(2).pixels());
  }

  @Test
  void framesAreSpreadOverTheStatedTime() throws IOException {
    byte[] bytes = TestRecords.shard(TestRecords.of(IMAGES).times(7_000_000, 11_000_000).example());
    CutPixels clip = cut(file("s", bytes), 0).get(0);
    assertThat(clip.origin().timestamps())
        .usingComparatorWithPrecision(1e-9)
        .containsExactly(0, 0.2, 0.4, 0.6);
    assertThat(clip.origin().sourceFrameRate()).isEqualTo(10);
  }

  @Test
  void onlyTheFramesOfClipsAreRead() throws IOException {
    List<byte[]> images = TestJpegs.numbered(25, 480, 640);
    List<byte[]> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.addAll(images);
    }
    byte[] bytes = TestRecords.shard(TestRecords.of(many).example());
    try (RecordVideo video = RecordVideo.open(fs, file("s", bytes), 0)) {
      CountingInput counting = new CountingInput(video);
      assertThat(cut(counting)).hasSize(3);
      assertThat(counting.read).isLessThan(video.length() / 2);
    }
  }

  private static final class CountingInput implements VideoInput {
    private final VideoInput input;
    private long read;

    CountingInput(VideoInput input) {
      this.input = input;
    }

    @Override
    public long length() {
      return input.length();
    }

    @Override
    public int read(long position, byte[] to, int offset, int count) throws IOException {
      int found = input.read(position, to, offset, count);
      read += Math.max(found, 0);
      return found;
    }

    @Override
    public void close() {
      // The test closes it.
    }
  }

  @Test
  void aDamagedRecordIsRefusedWithItsPosition() throws IOException {
    byte[] record = TestRecords.of(IMAGES).example();
    byte[] bytes = TestRecords.shard(record, record);
    bytes[bytes.length / 4] ^= 1;
    org.apache.hadoop.fs.Path shard = file("s", bytes);
    assertThatThrownBy(() -> cut(shard, 0))
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessageMatching("the record has checksum [0-9a-f]{8}, expected [0-9a-f]{8}; copy.*")
        .extracting(e -> ((UndecodableVideoException) e).position())
        .isEqualTo("byte 12");
    assertThat(cut(shard, bytes.length / 2)).hasSize(3);
    assertThatThrownBy(() -> cut(shard, bytes.length)).hasMessage("the shard ends before it");
    assertThatThrownBy(
            () -> cut(file("cut", Arrays.copyOf(bytes, bytes.length - 9)), bytes.length / 2))
        .hasMessageStartingWith("it is truncated inside a record of " + record.length + " bytes");
    byte[] packed = gzip(TestRecords.shard(record));
    assertThatThrownBy(() -> cut(file("g", Arrays.copyOf(packed, packed.length / 2)), 0))
        .hasMessageStartingWith("the gzip data breaks off after ");
  }

  @Test
  void brokenImagesAreRefusedWithTheirNumber() throws IOException {
    byte[] half = Arrays.copyOf(IMAGES.get(2), IMAGES.get(2).length / 2);
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
    byte[] sizeless = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xd9};
    assertRefused(List.of(IMAGES.get(0), IMAGES.get(1), half))
        .hasMessage("frame 2, a JPEG image of %d bytes, is truncated".formatted(half.length));
    assertRefused(List.of(IMAGES.get(0), png))
        .hasMessage("frame 1 begins with 89 50, expected a JPEG image, ff d8");
    assertRefused(List.of(sizeless))
        .hasMessage("frame 0 is a JPEG image that does not state its size");
    assertRefused(List.of(new byte[0])).hasMessageStartingWith("frame 0 begins with");
    assertRefused(List.of()).hasMessage("the record has 0 frames in image/encoded");
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      List<byte[]> images) throws IOException {
    org.apache.hadoop.fs.Path shard =
        file("bad", TestRecords.shard(TestRecords.of(images).example()));
    return assertThatThrownBy(() -> RecordVideo.open(fs, shard, 0))
        .isInstanceOf(UndecodableVideoException.class);
  }

  @Test
  void anImageThatCannotBeDecodedCostsItsClip() throws IOException {
    List<byte[]> images = new ArrayList<>();
    for (byte[] image : TestJpegs.numbered(40, 240, 320)) {
      byte[] damaged = image.clone();
      for (int i = scan(damaged); i + 1 < damaged.length - 2; i += 2) {
        damaged[i] = (byte) 0xff; // ones only, which are no code
        damaged[i + 1] = 0;
      }
      images.add(images.size() == 2 ? damaged : image);
    }
    org.apache.hadoop.fs.Path shard =
        file("damaged", TestRecords.shard(TestRecords.of(images).example()));
    assertThat(cut(shard, 0)).extracting(CutPixels::view).containsExactly(1, 2);
  }

  /** Where the compressed pixels begin. */
  private static int scan(byte[] image) {
    int at = 2;
    while ((image[at + 1] & 0xff) != 0xda) {
      at += 2 + ((image[at + 2] & 0xff) << 8 | (image[at + 3] & 0xff));
    }
    return at + 2 + ((image[at + 2] & 0xff) << 8 | (image[at + 3] & 0xff));
  }
}
