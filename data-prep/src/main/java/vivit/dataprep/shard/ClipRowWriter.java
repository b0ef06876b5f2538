package vivit.dataprep.shard;

import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import vivit.dataprep.clip.TubeletCutter;

/** Lays a clip out in the columns of {@link ShardSchema}. */
final class ClipRowWriter {
  private final Purpose purpose;
  private final RecordConsumer consumer;
  private int field;

  ClipRowWriter(Purpose purpose, RecordConsumer consumer) {
    this.purpose = purpose;
    this.consumer = consumer;
  }

  void write(ClipRow row) {
    StoredClip clip = row.clip();
    ClipOrigin origin = row.origin();
    TubeletCutter cutter = row.cutter();
    consumer.startMessage();
    text(clip.clipId());
    text(clip.videoId());
    integer(clip.view());
    text(purpose.word());
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
