package vivit.dataprep.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.fixture.TinyShardSet;

class ShardWriterTest {
  @TempDir Path folder;

  private static byte[] write(Compression compression, StoredClip... clips) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ShardWriter writer = new ShardWriter(out, TinyShardSet.header(), compression)) {
      for (StoredClip clip : clips) {
        writer.write(clip, TinyShardSet.origin(0));
      }
      writer.finish("part-00000.parquet");
    }
    return out.toByteArray();
  }

  /** Every page is compared with its CRC. */
  @ParameterizedTest
  @EnumSource
  void parquetsOwnReaderReadsIt(Compression compression) throws IOException {
    StoredClip[] clips = {TinyShardSet.clip(0), TinyShardSet.clip(1), TinyShardSet.clip(2)};
    Path file = folder.resolve("part-00000.parquet");
    Files.write(file, write(compression, clips));

    Configuration conf = new Configuration();
    conf.setBoolean("parquet.page.verify-checksum.enabled", true);
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
            .withConf(conf)
            .build()) {
      for (StoredClip clip : clips) {
        Group row = reader.read();
        assertThat(row.getString("clip_id", 0)).isEqualTo(clip.clipId());
        assertThat(row.getBinary("tubelets", 0).getBytes())
            .isEqualTo(new TubeletCutter(6, clip.height(), clip.width(), 2, 4).cut(clip.pixels()));
      }
      assertThat(reader.read()).isNull();
    }
  }

  /** Parquet bounds values in footers and cannot shorten an upper bound that is all ones. */
  @ParameterizedTest
  @ValueSource(ints = {0, 127, 255})
  void whatIsInAClipDoesNotGrowTheFooter(int value) throws IOException {
    StoredClip clip = TinyShardSet.clip(0);
    int ordinary = write(Compression.NONE, clip).length;
    Arrays.fill(clip.pixels(), (byte) value);

    assertThat(write(Compression.NONE, clip).length).isLessThan(ordinary + 10);
  }

  @Test
  void theSameClipsGiveTheSameBytesWhateverWasWrittenBefore() throws IOException {
    byte[] first = write(Compression.ZSTD, TinyShardSet.clip(0), TinyShardSet.clip(2));
    write(Compression.ZSTD, TinyShardSet.clip(1));

    assertThat(write(Compression.ZSTD, TinyShardSet.clip(0), TinyShardSet.clip(2)))
        .isEqualTo(first);
  }

  /** Parquet shares one factory of encodings among all writers of the JVM. */
  @Test
  void otherWritersOfTheJvmChangeNothing() throws IOException {
    byte[] first = writeWithEqualTimestamps();
    ParquetProperties.builder().withDictionaryEncoding(true).build();

    assertThat(writeWithEqualTimestamps()).isEqualTo(first);
  }

  /** A dictionary would make this list shorter. */
  private static byte[] writeWithEqualTimestamps() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ShardWriter writer = new ShardWriter(out, TinyShardSet.header(), Compression.NONE)) {
      writer.write(TinyShardSet.clip(0), new ClipOrigin(0, 1, 12.5, new double[6], 48, 64, 25));
      writer.finish("part-00000.parquet");
    }
    return out.toByteArray();
  }
}
