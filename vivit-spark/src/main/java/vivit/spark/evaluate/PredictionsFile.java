package vivit.spark.evaluate;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import java.io.IOException;
import java.util.List;
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

/**
 * {@code predictions.parquet}: one row a video, sorted by id.
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
 */
final class PredictionsFile {
  static final MessageType SCHEMA =
      Types.buildMessage()
          .required(BINARY)
          .as(stringType())
          .named("video_id")
          .required(INT32)
          .named("label_id")
          .required(BINARY)
          .as(stringType())
          .named("label_name")
          .required(INT32)
          .named("predicted_id")
          .required(BINARY)
          .as(stringType())
          .named("predicted_name")
          .required(INT32)
          .named("views")
          .requiredList()
          .requiredElement(DOUBLE)
          .named("logits")
          .requiredList()
          .requiredElement(DOUBLE)
          .named("probabilities")
          .named("predictions");

  private PredictionsFile() {}

  /** Writes {@code scores} to {@code file}, which must not exist. */
  static void write(
      Path file, Configuration configuration, List<String> labels, List<VideoScore> scores)
      throws IOException {
    FileSystem files = file.getFileSystem(configuration);
    files.mkdirs(file.getParent());
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(HadoopOutputFile.fromPath(file, configuration))
            .withType(SCHEMA)
            .withConf(configuration)
            .withWriteMode(ParquetFileWriter.Mode.CREATE)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .build()) {
      for (VideoScore score : scores) {
        writer.write(row(labels, score));
      }
    }
  }

  private static Group row(List<String> labels, VideoScore score) {
    int predicted = TopK.best(score.logits());
    Group row = new SimpleGroup(SCHEMA);
    row.add("video_id", score.video());
    row.add("label_id", score.label());
    row.add("label_name", labels.get(score.label()));
    row.add("predicted_id", predicted);
    row.add("predicted_name", labels.get(predicted));
    row.add("views", score.views());
    list(row, "logits", score.logits());
    list(row, "probabilities", score.probabilities());
    return row;
  }

  private static void list(Group row, String column, double[] values) {
    Group list = row.addGroup(column);
    for (double value : values) {
      list.addGroup("list").add("element", value);
    }
  }
}
