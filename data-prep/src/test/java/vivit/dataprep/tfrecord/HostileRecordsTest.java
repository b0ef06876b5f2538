package vivit.dataprep.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.fixture.HostileInput;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceSettings;
import vivit.dataprep.video.UndecodableVideoException;

/** Shards of any content take bounded memory, and are read or refused. */
class HostileRecordsTest {
  private static final Configuration CONF = new Configuration();
  private static final int MOST = 1000;
  private static final List<byte[]> FRAMES = TestJpegs.numbered(3, 16, 16);

  @TempDir Path folder;

  private org.apache.hadoop.fs.Path write(byte[] shard) throws IOException {
    return new org.apache.hadoop.fs.Path(Files.write(folder.resolve("shard"), shard).toUri());
  }

  private static RecordIndex index(org.apache.hadoop.fs.Path shard, int most) throws IOException {
    return RecordIndex.read(FileSystem.getLocal(CONF), shard, most);
  }

  /** Lists, labels and opens all records, as a preparation does. */
  private void read(byte[] bytes) throws IOException {
    org.apache.hadoop.fs.Path shard = write(bytes);
    List<LabelledVideo> videos =
        new RecordLabels(LabelColumns.DEFAULT, Optional.empty(), RecordSettings.DEFAULT)
            .label(List.of(index(shard, MOST)), CONF)
            .videos();
    for (LabelledVideo video : videos) {
      try (RecordVideo open = RecordVideo.open(FileSystem.getLocal(CONF), shard, video.record())) {
        open.read(0, new byte[64], 0, 64);
      } catch (UndecodableVideoException bad) {
        assertThat(bad).message().isNotEmpty();
      }
    }
  }

  private static byte[] example(int i) {
    return TestRecords.of(FRAMES).text("class " + i % 2).index(i % 2).file("f" + i).example();
  }

  /** Records whose content is hostile, and whose checksums are right. */
  private static byte[] shard(Random random) {
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      byte[] record = example(i);
      records.add(random.nextInt(3) == 0 ? record : HostileInput.bytes(record, random));
    }
    return TestRecords.shard(records.toArray(byte[][]::new));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  @Test
  void hostileRecords() {
    HostileInput.run(
        "records with right checksums", 60, SourceException.class, random -> read(shard(random)));
    HostileInput.run(
        "bytes of shards",
        50,
        SourceException.class,
        random -> read(HostileInput.bytes(shard(random), random)));
    HostileInput.run(
        "gzip shards",
        30,
        SourceException.class,
        random -> {
          byte[] packed = gzip(shard(random));
          read(random.nextBoolean() ? packed : HostileInput.bytes(packed, random));
        });
  }

  @Test
  void moreRecordsThanAShardMayHaveAreRefusedTogether() throws IOException {
    byte[][] empty = new byte[MOST + 1][0];
    RecordIndex refused = index(write(gzip(TestRecords.shard(empty))), MOST);
    assertThat(refused.records()).isEmpty();
    assertThat(refused.refusal())
        .startsWith("file:" + folder)
        .contains("found another record at byte 16000, expected at most 1000 in a shard")
        .contains("raise prepare.tfrecord.max-records");
    assertThat(index(write(TestRecords.shard(empty)), MOST + 1).records()).hasSize(MOST + 1);
  }

  @Test
  void textOfManyRecordsIsBoundedTogether() throws IOException {
    byte[] record = TestRecords.of(FRAMES).text("c".repeat(4000), "d".repeat(4000)).example();
    byte[][] few = new byte[20][];
    Arrays.fill(few, record);
    assertThat(index(write(TestRecords.shard(few)), 30).refusal())
        .contains("found more than 30720 bytes of labels and file names up to byte ");
    assertThat(index(write(TestRecords.shard(few)), 300).records()).hasSize(20);
  }

  @Test
  void gzipThatGrowsAThousandfoldIsRefused() throws IOException {
    Path file = folder.resolve("zeros");
    int length = 80 << 20;
    ByteBuffer header = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    header.putInt(Framing.maskedCrc(header.array(), 0, 8));
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(TestRecords.shard(example(0)));
      out.write(header.array());
      byte[] zeros = new byte[1 << 20];
      for (int written = 0; written < length; written += zeros.length) {
        out.write(zeros);
      }
    }
    List<RecordIndex.Entry> records =
        index(new org.apache.hadoop.fs.Path(file.toUri()), MOST).records();
    assertThat(records).hasSize(2);
    assertThat(records.get(0).example()).isNotNull();
    assertThat(records.get(1).problem())
        .contains(" bytes of gzip unpack to more than ")
        .endsWith(", expected at most 100 times as many; unpack the shard first");
  }

  /** The search for a record must not return to one whose bytes cannot be unpacked. */
  @Test
  void aRecordBeforeDamagedGzipIsPassedOnce() throws IOException {
    ByteArrayOutputStream shard = new ByteArrayOutputStream();
    shard.writeBytes("x".repeat(62_000).getBytes(StandardCharsets.ISO_8859_1));
    shard.writeBytes(TestRecords.shard(new byte[3900]));
    byte[] packed = gzip(shard.toByteArray());
    packed[packed.length - 5] ^= 1; // of the checksum
    assertThat(index(write(packed), MOST).records())
        .extracting(RecordIndex.Entry::problem)
        .satisfiesExactly(
            one -> assertThat(one).startsWith("from byte 0 to byte 62000 the shard cannot be"),
            two -> assertThat(two).contains("from byte 62000 on", "Corrupt GZIP trailer"));
  }

  @Test
  void featuresThatAreNotReadTakeNoMemory() throws IOException {
    TestRecords record = TestRecords.of(FRAMES).text("class");
    for (int i = 0; i < 2000; i++) {
      record.put("feature " + i, TestRecords.int64Feature(i));
    }
    assertThat(index(write(TestRecords.shard(record.example())), 9).records().get(0).example())
        .isEqualTo(new Example(List.of(), List.of("class"), "", -1, -1));
  }

  @Test
  void tooManyLabelsOrFramesMakeARecordBad() throws IOException {
    String[] names = new String[1001];
    Arrays.fill(names, "n");
    byte[] texts = TestRecords.of(FRAMES).text(names).example();
    byte[] numbers = TestRecords.of(FRAMES).index(new long[(1 << 16) + 1]).example();
    byte[] name = TestRecords.of(FRAMES).text("class").file("x".repeat(5000)).example();
    assertThat(index(write(TestRecords.shard(texts, numbers, name)), 9).records())
        .extracting(RecordIndex.Entry::problem)
        .satisfiesExactly(
            one -> assertThat(one).contains("a feature has more than 1000 texts or images"),
            two -> assertThat(two).contains("found more than 65536 numbers in a feature"),
            three -> assertThat(three).contains("a text of 5000 bytes, expected at most 4096"));
    byte[] frame = TestRecords.message(1, TestRecords.bytesFeature(new byte[0]));
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int i = 0; i < 100_001; i++) {
      frames.writeBytes(frame);
    }
    byte[] many = TestRecords.of(List.of()).list("image/encoded", frames.toByteArray()).example();
    org.apache.hadoop.fs.Path shard = write(TestRecords.shard(many));
    assertThatThrownBy(() -> RecordVideo.open(FileSystem.getLocal(CONF), shard, 0))
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessageContaining("more than 100000 frames");
  }

  @Test
  void longListsOfShardsAreRefused() throws IOException {
    Path list = folder.resolve("list.txt");
    Files.write(list, "s\n".repeat(200_001).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(
            () -> ShardNames.expand(CONF, SourceSettings.of(list.toString(), LabelColumns.DEFAULT)))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("lists more than 200000 shards");
  }
}
