package vivit.spark.evaluate;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import java.io.IOException;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.storage.OpenFileSystem;

/**
 * Writes {@code predictions.parquet}: one row per video, sorted by id.
 *
 * <pre>
 * video_id        string         the shard set's id of the video
 * label_id        int32          its class
 * label_name      string
 * predicted_id    int32          class with the highest averaged logit
 * predicted_name  string
 * views           int32          views that were averaged
 * logits          list&lt;double&gt;   averaged over the views, by class id
 * probabilities   list&lt;double&gt;   softmax of logits
 * </pre>
 *
 * <p>With several heads there are {@code noun_id, noun_name, noun_predicted_id,
 * noun_predicted_name, noun_logits, noun_probabilities} for each. A multi-label head has the lists
 * {@code label_ids} and {@code label_names} instead of the four columns of classes, and its
 * probabilities are sigmoids.
 */
final class PredictionsFile {
  private final LabelHeads heads;
  private final MessageType schema;

  private PredictionsFile(LabelHeads heads) {
    this.heads = heads;
    this.schema = schema(heads);
  }

  /** Writes {@code scores} to {@code file}, which must not exist. */
  static void write(
      Path file, Configuration configuration, LabelHeads heads, List<VideoScore> scores)
      throws IOException {
    PredictionsFile predictions = new PredictionsFile(heads);
    FileSystem files = OpenFileSystem.of(file, configuration);
    files.mkdirs(file.getParent());
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(HadoopOutputFile.fromPath(file, configuration))
            .withType(predictions.schema)
            .withConf(configuration)
            .withWriteMode(ParquetFileWriter.Mode.CREATE)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .build()) {
      for (VideoScore score : scores) {
        writer.write(predictions.row(score));
      }
    }
  }

  private static MessageType schema(LabelHeads heads) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    message.required(BINARY).as(stringType()).named("video_id");
    for (int i = 0; i < heads.count(); i++) {
      String label = label(heads, i);
      if (isMultiLabel(heads, i)) {
        message.requiredList().requiredElement(INT32).named(label + "_ids");
        message.requiredList().requiredElement(BINARY).as(stringType()).named(label + "_names");
      } else {
        String predicted = EvaluationMetrics.prefix(heads, i) + "predicted";
        message.required(INT32).named(label + "_id");
        message.required(BINARY).as(stringType()).named(label + "_name");
        message.required(INT32).named(predicted + "_id");
        message.required(BINARY).as(stringType()).named(predicted + "_name");
      }
    }
    message.required(INT32).named("views");
    for (int i = 0; i < heads.count(); i++) {
      String prefix = EvaluationMetrics.prefix(heads, i);
      message.requiredList().requiredElement(DOUBLE).named(prefix + "logits");
      message.requiredList().requiredElement(DOUBLE).named(prefix + "probabilities");
    }
    return message.named("predictions");
  }

  private static boolean isMultiLabel(LabelHeads heads, int head) {
    return heads.get(head).labelling() == Labelling.MULTI_LABEL;
  }

  /** Prefix of the columns of a head's true classes. */
  private static String label(LabelHeads heads, int head) {
    return heads.count() == 1 ? LabelHead.DEFAULT_NAME : heads.get(head).name();
  }

  private Group row(VideoScore score) {
    Group row = new SimpleGroup(schema);
    row.add("video_id", score.video());
    row.add("views", score.views());
    for (int i = 0; i < heads.count(); i++) {
      HeadScore head = score.heads().get(i);
      LabelMap map = heads.get(i).map();
      String label = label(heads, i);
      String prefix = EvaluationMetrics.prefix(heads, i);
      list(row, prefix + "logits", head.logits());
      if (isMultiLabel(heads, i)) {
        List<Integer> ids = head.labels();
        list(row, label + "_ids", ids.size(), (to, k) -> to.add("element", ids.get(k)));
        list(row, label + "_names", ids.size(), (to, k) -> to.add("element", map.name(ids.get(k))));
        list(row, prefix + "probabilities", head.sigmoid());
      } else {
        int predicted = TopK.best(head.logits());
        row.add(label + "_id", head.label());
        row.add(label + "_name", map.name(head.label()));
        row.add(prefix + "predicted_id", predicted);
        row.add(prefix + "predicted_name", map.name(predicted));
        list(row, prefix + "probabilities", head.softmax());
      }
    }
    return row;
  }

  private static void list(Group row, String column, double[] values) {
    list(row, column, values.length, (to, k) -> to.add("element", values[k]));
  }

  private static void list(Group row, String column, int size, ObjIntConsumer<Group> element) {
    Group list = row.addGroup(column);
    for (int k = 0; k < size; k++) {
      element.accept(list.addGroup("list"), k);
    }
  }
}
