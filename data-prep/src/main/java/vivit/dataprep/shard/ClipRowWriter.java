package vivit.dataprep.shard;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.ClipLabels.Label;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.Labelling;

/** Lays a clip out in the columns of {@link ShardSchema}, all but its tubelets. */
final class ClipRowWriter {
  private final MessageType schema;
  private final ShardHeader header;
  private final RecordConsumer consumer;
  private int field;

  ClipRowWriter(MessageType schema, ShardHeader header, RecordConsumer consumer) {
    this.schema = schema;
    this.header = header;
    this.consumer = consumer;
  }

  void write(ClipRow clip, TubeletCutter cutter) {
    ClipOrigin origin = clip.origin();
    consumer.startMessage();
    text(clip.clipId());
    text(clip.videoId());
    integer(clip.view());
    text(header.purpose().word());
    labels(clip.labels());
    integer(origin.startFrame());
    integer(origin.stride());
    real(origin.framesPerSecond());
    list(Arrays.stream(origin.timestamps()).boxed().toList(), consumer::addDouble);
    integer(cutter.frames());
    integer(cutter.height());
    integer(cutter.width());
    integer(cutter.tubeletFrames());
    integer(cutter.patch());
    integer(cutter.patch());
    integer(cutter.gridFrames());
    integer(cutter.gridHeight());
    integer(cutter.gridWidth());
    integer(origin.sourceHeight());
    integer(origin.sourceWidth());
    real(origin.sourceFrameRate());
    consumer.endMessage();
  }

  private void labels(ClipLabels labels) {
    List<LabelHead> heads = header.heads().list();
    for (int i = 0; i < heads.size(); i++) {
      List<Label> found = labels.heads().get(i);
      if (heads.get(i).labelling() == Labelling.SINGLE_LABEL) {
        integer(found.get(0).id());
        text(found.get(0).name());
      } else {
        list(found, label -> consumer.addInteger(label.id()));
        list(found, label -> consumer.addBinary(Binary.fromString(label.name())));
      }
    }
  }

  private void text(String value) {
    start();
    consumer.addBinary(Binary.fromString(value));
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

  private <T> void list(List<T> values, Consumer<T> write) {
    start();
    consumer.startGroup();
    if (!values.isEmpty()) {
      consumer.startField("list", 0);
      for (T value : values) {
        consumer.startGroup();
        consumer.startField("element", 0);
        write.accept(value);
        consumer.endField("element", 0);
        consumer.endGroup();
      }
      consumer.endField("list", 0);
    }
    consumer.endGroup();
    end();
  }

  private void start() {
    consumer.startField(schema.getFieldName(field), field);
  }

  private void end() {
    consumer.endField(schema.getFieldName(field), field);
    field++;
  }
}
