package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list as long as that of Kinetics-600. */
class KineticsSizeTest {
  private static final int ROWS = 300_000;

  @TempDir Path folder;

  @Test
  void readsThreeHundredThousandRows() throws IOException {
    StringBuilder csv = new StringBuilder("label,youtube_id,time_start,time_end,split,is_cc\n");
    for (int i = 0; i < ROWS; i++) {
      csv.append(
          "\"class number %d\",v%010d,%d,%d,train,0\n"
              .formatted(i % 600, i, i % 300, i % 300 + 10));
    }
    DataSetFolder data = new DataSetFolder(folder).text("train.csv", csv.toString());
    data.videos("train/v0000000299_000299_000309.mp4", "train/v0000299999_000299_000309.mp4");

    SourceVideos source = data.read("train.csv");

    assertThat(source.videos())
        .extracting(LabelledVideo::label)
        .containsExactly("class number 299", "class number 599");
    assertThat(source.missing()).hasSize(ROWS - 2);
    assertThat(source.missing().get(0).video().labels())
        .as("one object for a class")
        .isSameAs(source.missing().get(599).video().labels());
  }
}
