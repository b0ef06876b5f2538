package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  /** A disk that says of itself what object stores do. */
  public static final class WithoutAppend extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("store://bucket");
    }

    @Override
    public String getScheme() {
      return "store";
    }

    @Override
    public boolean hasPathCapability(org.apache.hadoop.fs.Path path, String capability) {
      return false;
    }
  }

  @Test
  void aFileSystemWithoutAppendIsRefusedBeforeItIsWrittenTo(@TempDir Path folder) {
    Configuration conf = new Configuration();
    conf.setClass("fs.store.impl", WithoutAppend.class, RawLocalFileSystem.class);
    String run = "store://bucket" + folder.resolve("run");

    assertThatThrownBy(() -> RunFolder.open(new org.apache.hadoop.fs.Path(run), conf))
        .hasMessage(
            "Cannot use %s: files on store:// cannot be appended to, as metrics.jsonl of a run is; give a folder on HDFS or on a shared disk, and copy the run when it is finished"
                .formatted(run));
    assertThat(folder.resolve("run")).doesNotExist();
  }
}
