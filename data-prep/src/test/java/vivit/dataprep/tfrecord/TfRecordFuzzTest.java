package vivit.dataprep.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.fixture.FuzzedReader;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceSettings;
import vivit.dataprep.source.SourceVideos;
import vivit.dataprep.video.UndecodableVideoException;

/**
 * Shards and their parts. The first byte of an input says what the others are, so that a search
 * need not guess checksums.
 */
class TfRecordFuzzTest extends FuzzedReader {
  private static final Configuration CONF = new Configuration();
  private static final int MOST_RECORDS = 100;
  private static final LabelHeads CLASSES =
      LabelHeads.of(LabelMap.of(List.of("class 0", "class 1")));

  private enum Part {
    SHARD,
    RECORD,
    GZIP,
    IMAGE,
    LIST
  }

  @Override
  protected Map<String, byte[]> seeds() throws IOException {
    List<byte[]> frames = TestJpegs.numbered(2, 16, 16);
    byte[] one = TestRecords.of(frames).text("class 0").index(0).file("f").example();
    byte[] other = TestRecords.of(frames).text("class 1").times(0, 40_000).contextLast();
    Map<String, byte[]> seeds = new TreeMap<>();
    seeds.put("shard", input(Part.SHARD, TestRecords.shard(one, other)));
    seeds.put("gzip shard", input(Part.SHARD, gzip(TestRecords.shard(one, other))));
    seeds.put("record", input(Part.RECORD, one));
    seeds.put("record, context last", input(Part.RECORD, other));
    seeds.put("record in gzip", input(Part.GZIP, TestRecords.shard(one)));
    seeds.put("image", input(Part.IMAGE, frames.get(0)));
    seeds.put("list", input(Part.LIST, "s-00000-of-00001\n"));
    return seeds;
  }

  @Override
  protected boolean isDocumented(Exception e) {
    return e instanceof SourceException;
  }

  @Override
  protected void read(byte[] input) throws IOException {
    byte[] bytes = content(input);
    switch (form(Part.class, input)) {
      case SHARD -> shard(bytes);
      case RECORD -> shard(TestRecords.shard(bytes));
      case GZIP -> shard(gzip(bytes));
      case IMAGE ->
          shard(TestRecords.shard(TestRecords.of(List.of(bytes)).text("class 1").example()));
      case LIST -> {
        Files.write(folder.resolve("s-00000-of-00001"), new byte[0]);
        java.nio.file.Path list = Files.write(folder.resolve("list.txt"), bytes);
        ShardNames.expand(CONF, SourceSettings.of(list.toString(), LabelColumns.DEFAULT));
      }
    }
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  /** Lists, labels and opens all records, as a preparation does. */
  private void shard(byte[] bytes) throws IOException {
    FileSystem fs = FileSystem.getLocal(CONF).getRaw();
    Path shard = new Path(Files.write(folder.resolve("shard"), bytes).toUri());
    RecordIndex index = RecordIndex.read(fs, shard, MOST_RECORDS);
    Optional<LabelHeads> given = Optional.of(CLASSES).filter(c -> bytes.length % 2 == 0);
    SourceVideos source =
        new RecordLabels(LabelColumns.DEFAULT, given, RecordSettings.DEFAULT)
            .label(List.of(index), CONF);
    assertThat(source.missing()).allMatch(bad -> !bad.cause().isBlank());
    for (LabelledVideo video : source.videos()) {
      try (RecordVideo open = RecordVideo.open(fs, shard, video.record())) {
        byte[] some = new byte[512];
        for (long at = 0; at < Math.min(open.length(), 1 << 16); at += some.length) {
          open.read(at, some, 0, some.length);
        }
      } catch (UndecodableVideoException bad) {
        assertThat(bad).message().isNotBlank();
      }
    }
  }
}
