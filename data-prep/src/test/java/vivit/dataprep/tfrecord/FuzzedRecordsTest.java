package vivit.dataprep.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.prepare.Damage;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceSettings;
import vivit.dataprep.source.SourceVideos;
import vivit.dataprep.video.UndecodableVideoException;

/** Whatever happens to a shard, what is whole in it is found, and nothing else is believed. */
class FuzzedRecordsTest {
  private static final Configuration CONF = new Configuration();
  private static final int RECORDS = 6;
  private static final List<byte[]> FRAMES = TestJpegs.numbered(4, 16, 16);

  private static final LabelHeads CLASSES =
      LabelHeads.of(LabelMap.of(List.of("class 0", "class 1", "class 2")));

  @TempDir Path folder;

  private static byte[] record(int i) {
    TestRecords record = TestRecords.of(FRAMES).text("class " + i / 2).file("f" + i);
    return TestRecords.shard(i % 2 == 0 ? record.example() : record.contextLast());
  }

  private static List<byte[]> records() {
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      records.add(record(i));
    }
    return records;
  }

  /** Videos by where they start: those that open. All others say why not. */
  private Map<Long, LabelledVideo> readable(byte[] shard, Optional<LabelHeads> given)
      throws IOException {
    FileSystem fs = FileSystem.getLocal(CONF);
    org.apache.hadoop.fs.Path path =
        new org.apache.hadoop.fs.Path(Files.write(folder.resolve("shard"), shard).toUri());
    Map<Long, LabelledVideo> readable = new HashMap<>();
    SourceVideos source;
    try {
      source =
          new RecordLabels(LabelColumns.DEFAULT, given, RecordSettings.DEFAULT)
              .label(List.of(RecordIndex.read(fs, path, 9)), CONF);
    } catch (SourceException none) {
      assertThat(none).hasMessageStartingWith("found no readable record in 1 shard");
      return readable;
    }
    assertThat(source.missing()).allMatch(bad -> !bad.cause().isEmpty() && bad.kind() != null);
    for (LabelledVideo video : source.videos()) {
      try (RecordVideo open = RecordVideo.open(fs, path, video.record())) {
        assertThat(open.length()).isPositive();
        readable.put(video.record(), video);
      } catch (UndecodableVideoException bad) {
        assertThat(bad).message().isNotEmpty();
      }
    }
    return readable;
  }

  @Test
  void wholeRecordsAreFoundAmongDamage() throws IOException {
    List<byte[]> records = records();
    byte[] good = TestRecords.join(records);
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      byte[] bad = Damage.of(good, random);
      Map<Long, LabelledVideo> readable =
          readable(bad, Optional.of(CLASSES).filter(given -> random.nextBoolean()));
      String text = new String(bad, StandardCharsets.ISO_8859_1);
      int whole = 0;
      for (int i = 0; i < RECORDS; i++) {
        long at = text.indexOf(new String(records.get(i), StandardCharsets.ISO_8859_1));
        if (at >= 0) {
          whole++;
          assertThat(readable).as("seed %d, record %d at %d", seed, i, at).containsKey(at);
          assertThat(readable.get(at).label()).isEqualTo("class " + i / 2);
        }
      }
      assertThat(readable).as("seed %d", seed).hasSize(whole);
    }
  }

  @Test
  void damagedGzipIsNoWorse() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(TestRecords.join(records()));
    }
    for (int seed = 0; seed < 300; seed++) {
      byte[] bad = Damage.of(packed.toByteArray(), new Random(seed));
      assertThat(readable(bad, Optional.empty()).values())
          .as("seed %d", seed)
          .allMatch(video -> video.label().matches("class [012]"));
    }
  }

  @Test
  void damagedListsOfShardsAreRefusedOrRead() throws IOException {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < RECORDS; i++) {
      Files.write(folder.resolve("s-0000" + i + "-of-00006"), record(i));
      list.append("s-0000").append(i).append("-of-00006\r\n");
    }
    byte[] good = list.toString().getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("list.txt");
    int refused = 0;
    for (int seed = 0; seed < 300; seed++) {
      Files.write(file, Damage.of(good, new Random(seed)));
      try {
        assertThat(
                ShardNames.expand(CONF, SourceSettings.of(file.toString(), LabelColumns.DEFAULT)))
            .hasSizeLessThanOrEqualTo(RECORDS);
      } catch (SourceException wrong) {
        refused++;
        assertThat(wrong.problems())
            .as("seed %d", seed)
            .allMatch(line -> line.contains(folder.toString()));
      }
    }
    assertThat(refused).isBetween(200, 299);
  }
}
