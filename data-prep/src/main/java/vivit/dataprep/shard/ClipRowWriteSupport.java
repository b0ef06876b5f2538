package vivit.dataprep.shard;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import vivit.dataprep.clip.TubeletCutter;

/** Lays a clip out in the columns of {@link ShardSchema}. */
final class ClipRowWriteSupport extends WriteSupport<ClipRow> {
  private final ShardHeader header;
  private final List<String> checksums;
  private RecordConsumer consumer;
  private int field;

  /** Reads {@code checksums} when the footer is written, by then one per clip. */
  ClipRowWriteSupport(ShardHeader header, List<String> checksums) {
    this.header = header;
    this.checksums = checksums;
  }

  @Override
  public WriteContext init(Configuration configuration) {
    Map<String, String> footer = new TreeMap<>();
    footer.put(ShardSchema.KEY_VERSION, Integer.toString(ShardSchema.FORMAT_VERSION));
    footer.put(ShardSchema.KEY_PRODUCER, header.producer());
    footer.put(ShardSchema.KEY_GEOMETRY, FooterJson.geometry(header.purpose(), header.clip()));
    footer.put(ShardSchema.KEY_LABELS, FooterJson.list(header.labels().names()));
    footer.put(ShardSchema.KEY_LABELS_HASH, header.labels().hash());
    footer.put(ShardSchema.KEY_CONFIG, FooterJson.map(header.config()));
    return new WriteContext(ShardSchema.MESSAGE, footer);
  }

  @Override
  public FinalizedWriteContext finalizeWrite() {
    return new FinalizedWriteContext(
        Map.of(ShardSchema.KEY_CHECKSUMS, String.join(",", checksums)));
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    this.consumer = recordConsumer;
  }

  @Override
  public void write(ClipRow row) {
    StoredClip clip = row.clip();
    ClipOrigin origin = row.origin();
    TubeletCutter cutter = row.cutter();
    field = 0;
    consumer.startMessage();
    text(clip.clipId());
    text(clip.videoId());
    integer(clip.view());
    text(header.purpose().word());
    integer(clip.label());
    text(clip.labelName());
    integer(origin.startFrame());
    integer(origin.stride());
    real(origin.framesPerSecond());
    reals(origin.timestamps());
    integer(clip.frames());
    integer(clip.height());
    integer(clip.width());
    integer(cutter.tubeletFrames());
    integer(cutter.patch());
    integer(cutter.patch());
    integer(cutter.gridFrames());
    integer(cutter.gridHeight());
    integer(cutter.gridWidth());
    integer(origin.sourceHeight());
    integer(origin.sourceWidth());
    real(origin.sourceFrameRate());
    binary(Binary.fromConstantByteArray(row.tubelets()));
    consumer.endMessage();
  }

  private void text(String value) {
    binary(Binary.fromString(value));
  }

  private void binary(Binary value) {
    start();
    consumer.addBinary(value);
    end();
  }

  private void integer(int value) {
    start();
    consumer.addInteger(value);
    end();
  }

  private void real(double value) {
    start();
    consumer.addDouble(value);
    end();
  }

  private void reals(double[] values) {
    start();
    consumer.startGroup();
    if (values.length > 0) {
      consumer.startField("list", 0);
      for (double value : values) {
        consumer.startGroup();
        consumer.startField("element", 0);
        consumer.addDouble(value);
        consumer.endField("element", 0);
        consumer.endGroup();
      }
      consumer.endField("list", 0);
    }
    consumer.endGroup();
    end();
  }

  private void start() {
    consumer.startField(ShardSchema.MESSAGE.getFieldName(field), field);
  }

  private void end() {
    consumer.endField(ShardSchema.MESSAGE.getFieldName(field), field);
    field++;
  }
}
