package vivit.dataprep.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.tfrecord.RecordIndex.Entry;

class RecordIndexTest {
  private static final int MOST = RecordSettings.DEFAULT.maxRecords();
  private static final List<byte[]> FRAMES = Collections.nCopies(30, new byte[100_000]);

  @TempDir Path folder;

  private List<Entry> index(byte[] shard) throws IOException {
    Path file = Files.write(folder.resolve("shard"), shard);
    return RecordIndex.read(
            FileSystem.getLocal(new Configuration()),
            new org.apache.hadoop.fs.Path(file.toUri()),
            MOST)
        .records();
  }

  private static byte[] record(int index) {
    TestRecords record = TestRecords.of(FRAMES).index(index).text("class " + index);
    return index % 2 == 0 ? record.example() : record.contextLast();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  @Test
  void listsRecordsWithTheirPlaces() throws IOException {
    byte[] shard = TestRecords.shard(record(0), record(1), record(2));
    List<Entry> entries = index(shard);
    assertThat(entries).extracting(Entry::number).containsExactly(0, 1, 2);
    assertThat(entries)
        .extracting(entry -> entry.example().indices().get(0))
        .containsExactly(0L, 1L, 2L);
    assertThat(entries.get(1).start()).isEqualTo(record(0).length + 16);
    assertThat(entries.get(2).start() + entries.get(2).length()).isEqualTo(shard.length);
    assertThat(index(gzip(shard))).isEqualTo(entries);
    assertThat(index(new byte[0])).isEmpty();
    assertThat(index(gzip(new byte[0]))).isEmpty();
  }

  @Test
  void theContextsAreReadAndTheFramesAreNot() throws IOException {
    byte[] shard = TestRecords.shard(record(0), record(1), record(2), record(3));
    MemoryBytes bytes = new MemoryBytes(0, shard);
    long[] read = new long[1];
    ShardBytes counting =
        new ShardBytes() {
          @Override
          public int read(long position, byte[] to, int offset, int count) {
            int found = bytes.read(position, to, offset, count);
            read[0] += Math.max(found, 0);
            return found;
          }

          @Override
          public void close() {
            // Memory needs no closing.
          }
        };
    assertThat(RecordIndex.entries(counting, 9)).hasSize(4);
    assertThat(read[0]).isLessThan(4 * 20_000); // of 4 x 3 MB
  }

  @Test
  void aRecordThatIsNoMessageIsListedAlone() throws IOException {
    List<Entry> entries = index(TestRecords.shard(record(0), new byte[] {7, 7, 7}, record(2)));
    assertThat(entries).hasSize(3);
    assertThat(entries.get(1).example()).isNull();
    assertThat(entries.get(1).problem())
        .isEqualTo(
            "the record is no SequenceExample: found field number 0 at byte "
                + (record(0).length + 16 + 12));
    assertThat(entries.get(2).example().texts()).containsExactly("class 2");
  }

  @Test
  void afterADamagedLengthTheNextRecordIsFound() throws IOException {
    byte[] shard = TestRecords.shard(record(0), record(1), record(2));
    int second = record(0).length + 16;
    shard[second + 2] ^= 1;
    for (byte[] bytes : List.of(shard, gzip(shard))) {
      List<Entry> entries = index(bytes);
      assertThat(entries).hasSize(3);
      assertThat(entries.get(1).start()).isEqualTo(second);
      assertThat(entries.get(1).kind()).isEqualTo(BadKind.UNDECODABLE);
      assertThat(entries.get(1).problem())
          .startsWith(
              "from byte %d to byte %d the shard cannot be read, so nobody knows how many records are lost: the length of a record has checksum "
                  .formatted(second, second + record(1).length + 16));
      assertThat(entries.get(2).example().texts()).containsExactly("class 2");
    }
  }

  @Test
  void aRecordThatLacksBytesHidesNoOther() throws IOException {
    byte[] shard = TestRecords.shard(record(0), record(1), record(2), record(3));
    int third = record(0).length + record(1).length + 32;
    byte[] cut = new byte[shard.length - 5000];
    System.arraycopy(shard, 0, cut, 0, third + 7000);
    System.arraycopy(shard, third + 12000, cut, third + 7000, cut.length - third - 7000);
    assertThat(index(cut))
        .extracting(entry -> entry.example().texts().get(0))
        .containsExactly("class 0", "class 1", "class 2", "class 3");
    assertThat(index(cut).get(3).start()).isEqualTo(third + record(2).length + 16 - 5000);
  }

  @Test
  void aTruncatedShardLosesItsLastRecord() throws IOException {
    byte[] shard = TestRecords.shard(record(0), record(1));
    for (byte[] cut :
        List.of(
            Arrays.copyOf(shard, shard.length - 1), Arrays.copyOf(shard, shard.length / 2 + 60))) {
      for (byte[] bytes : List.of(cut, gzip(cut))) {
        List<Entry> entries = index(bytes);
        assertThat(entries).hasSize(2);
        assertThat(entries.get(0).example()).isNotNull();
        assertThat(entries.get(1).example()).isNull();
        assertThat(entries.get(1).kind()).isEqualTo(BadKind.TRUNCATED);
        assertThat(entries.get(1).problem()).contains("it is truncated inside a record of 3000");
      }
    }
    byte[] packed = gzip(shard);
    List<Entry> entries = index(Arrays.copyOf(packed, packed.length - 20));
    assertThat(entries.get(entries.size() - 1).problem())
        .contains("the gzip data breaks off after");
    packed[packed.length / 2] ^= 1;
    List<Entry> damaged = index(packed);
    assertThat(damaged.get(damaged.size() - 1).problem()).contains("cannot be read");
  }

  @Test
  void whatIsNoShardIsListedAsUnreadable() throws IOException {
    List<Entry> entries =
        index("path,label\na.mp4,b\n".repeat(20).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).problem()).endsWith("this is no TFRecord file, or damaged");
  }
}
