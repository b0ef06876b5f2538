package vivit.spark.probe;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;

/**
 * The Parquet table of features, one row per view, in the order of the shard set's clips and their
 * crops.
 *
 * <pre>
 * video_id        string
 * clip            int32        index of the stored clip within its video
 * crop            int32        index of the crop within the clip
 * label_id        int32        its class; label_ids list&lt;int32&gt; of a multi-label head
 * representation  binary       float32 [r], little-endian
 * tokens          binary       float32 [m, d], row-major, little-endian; only for attentive probes
 * </pre>
 *
 * <p>With several heads the columns of classes begin with the head's name. With tokens every row is
 * a row group, so that rows can be read in any order.
 */
record FeatureFile(LabelHeads heads) {
  static final String REPRESENTATION = "representation";
  static final String TOKENS = "tokens";

  /**
   * The features of one view.
   *
   * @param labels class ids per head
   * @param representation {@code [r]}; empty if it was not read
   * @param tokens {@code [m d]}; empty if there are none, or they were not read
   */
  record Features(
      String video,
      int clip,
      int crop,
      List<List<Integer>> labels,
      float[] representation,
      float[] tokens) {}

  /** The columns, with these of the two large ones. */
  MessageType schema(List<String> large) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    message.required(BINARY).as(stringType()).named("video_id");
    message.required(INT32).named("clip");
    message.required(INT32).named("crop");
    for (int i = 0; i < heads.count(); i++) {
      if (isMultiLabel(i)) {
        message.requiredList().requiredElement(INT32).named(label(i) + "_ids");
      } else {
        message.required(INT32).named(label(i) + "_id");
      }
    }
    large.forEach(column -> message.required(BINARY).named(column));
    return message.named("features");
  }

  private boolean isMultiLabel(int head) {
    return heads.get(head).labelling() == Labelling.MULTI_LABEL;
  }

  private String label(int head) {
    return heads.count() == 1 ? LabelHead.DEFAULT_NAME : heads.get(head).name();
  }

  /**
   * Opens a new file.
   *
   * @param large the large columns that it has
   * @param viewBytes size of these columns in one row
   */
  ParquetWriter<Group> writer(Path file, Configuration conf, List<String> large, long viewBytes)
      throws IOException {
    ExampleParquetWriter.Builder builder =
        ExampleParquetWriter.builder(HadoopOutputFile.fromPath(file, conf))
            .withType(schema(large))
            .withConf(conf)
            .withWriteMode(ParquetFileWriter.Mode.CREATE)
            .withDictionaryEncoding(false)
            .withPageWriteChecksumEnabled(true)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED);
    if (large.contains(TOKENS)) {
      // Parquet ends a row group when less than two more rows fit, which is after the first.
      builder.withMinRowCountForPageSizeCheck(1).withRowGroupSize(2 * viewBytes);
    }
    return builder.build();
  }

  /** Converts a view to a row. */
  Group row(Features view, List<String> large) {
    Group row = new SimpleGroup(schema(large));
    row.add("video_id", view.video());
    row.add("clip", view.clip());
    row.add("crop", view.crop());
    for (int i = 0; i < heads.count(); i++) {
      List<Integer> ids = view.labels().get(i);
      if (isMultiLabel(i)) {
        Group list = row.addGroup(label(i) + "_ids");
        ids.forEach(id -> list.addGroup("list").add("element", id));
      } else {
        row.add(label(i) + "_id", ids.get(0));
      }
    }
    row.add(REPRESENTATION, bytes(view.representation()));
    if (large.contains(TOKENS)) {
      row.add(TOKENS, bytes(view.tokens()));
    }
    return row;
  }

  /** Converts a row to a view. */
  Features view(Group row, List<String> large) {
    List<List<Integer>> labels = new ArrayList<>();
    for (int i = 0; i < heads.count(); i++) {
      List<Integer> ids = new ArrayList<>();
      if (isMultiLabel(i)) {
        Group list = row.getGroup(label(i) + "_ids", 0);
        for (int k = 0; k < list.getFieldRepetitionCount(0); k++) {
          ids.add(list.getGroup(0, k).getInteger("element", 0));
        }
      } else {
        ids.add(row.getInteger(label(i) + "_id", 0));
      }
      labels.add(List.copyOf(ids));
    }
    return new Features(
        row.getString("video_id", 0),
        row.getInteger("clip", 0),
        row.getInteger("crop", 0),
        List.copyOf(labels),
        large.contains(REPRESENTATION) ? floats(row.getBinary(REPRESENTATION, 0)) : new float[0],
        large.contains(TOKENS) ? floats(row.getBinary(TOKENS, 0)) : new float[0]);
  }

  private static Binary bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Binary.fromConstantByteArray(bytes.array());
  }

  /** The numbers of a binary column. */
  static float[] floats(Binary bytes) {
    FloatBuffer stored = bytes.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[stored.remaining()];
    stored.get(values);
    return values;
  }
}
