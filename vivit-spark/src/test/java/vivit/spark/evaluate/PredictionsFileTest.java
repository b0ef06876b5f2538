package vivit.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;

class PredictionsFileTest {
  @TempDir Path folder;

  @Test
  void everyColumnComesBack() throws Exception {
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(folder.resolve("predictions.parquet").toUri());
    HeadScore head = new HeadScore(List.of(2), new double[] {0.1, 1 / 3.0, 0.2});
    VideoScore score = new VideoScore("clips/ä b.mp4", 12, List.of(head));
    PredictionsFile.write(
        file,
        new Configuration(),
        LabelHeads.of(LabelMap.of(List.of("x", "y", "z"))),
        List.of(score));
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).build()) {
      Group row = reader.read();
      assertThat(row.getString("video_id", 0)).isEqualTo("clips/ä b.mp4");
      assertThat(row.getInteger("label_id", 0)).isEqualTo(2);
      assertThat(row.getString("label_name", 0)).isEqualTo("z");
      assertThat(row.getInteger("predicted_id", 0)).isEqualTo(1);
      assertThat(row.getString("predicted_name", 0)).isEqualTo("y");
      assertThat(row.getInteger("views", 0)).isEqualTo(12);
      assertThat(list(row, "logits")).isEqualTo(head.logits());
      assertThat(list(row, "probabilities")).isEqualTo(head.softmax());
      assertThat(reader.read()).isNull();
    }
  }

  private static double[] list(Group row, String column) {
    Group list = row.getGroup(column, 0);
    double[] values = new double[list.getFieldRepetitionCount("list")];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.getGroup("list", i).getDouble("element", 0);
    }
    return values;
  }
}
