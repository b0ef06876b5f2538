package vivit.spark.evaluate;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.AtomicFile;

/**
 * What came out of one evaluation.
 *
 * @param report the figures and where they come from
 * @param scores every video's averaged logits, by video id
 */
public record Evaluation(EvaluationReport report, List<VideoScore> scores) {
  /** File of the figures. */
  public static final String METRICS = "metrics.json";

  /** File of the predictions, one row a video. */
  public static final String PREDICTIONS = "predictions.parquet";

  /** Writes both files into {@code folder}; each appears only when complete. */
  public void write(Path folder, Configuration conf) throws IOException {
    FileSystem files = AtomicFile.raw(folder.getFileSystem(conf));
    files.mkdirs(folder);
    Path predictions = new Path(folder, PREDICTIONS);
    Path temporary = AtomicFile.temporaryName(predictions);
    try {
      PredictionsFile.write(temporary, conf, report.metrics().labels(), scores);
      AtomicFile.rename(files, temporary, predictions);
    } finally {
      files.delete(temporary, false);
      files.delete(new Path(folder, "." + temporary.getName() + ".crc"), false);
    }
    byte[] json = report.json();
    AtomicFile.write(files, new Path(folder, METRICS), out -> out.write(json));
  }
}
