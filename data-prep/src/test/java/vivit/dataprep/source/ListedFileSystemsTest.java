package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.source.Chapters.ChapterRule;
import vivit.dataprep.tfrecord.ShardNames;

/** Lists that name files on other machines. */
class ListedFileSystemsTest {
  private static final String WEB =
      "expected the path of a file: files are read from local disks and Hadoop file systems such as"
          + " hdfs://, not from %s://; download it first";

  @TempDir Path folder;

  @Test
  void rowsOnOtherMachinesAreReportedTogether() throws Exception {
    SourceException wrong =
        refused(
            """
            path,label
            http://127.0.0.1:8931/two.mp4,a
            HTTPS://example.com/one.mp4,b
            ftp://example.com/one.mp4,b
            hdfs://namenode/one.mp4,b
            s3a://bucket/one.mp4,b
            C:/videos/one.mp4,b
            a.mp4,b
            """);

    String list = folder.resolve("list.csv").toUri().toString().replace("///", "/");
    String other =
        "expected a file on file://, where the list is; if %1$s may be read too, give prepare.other-file-systems=[\"%1$s\"]";
    assertThat(wrong.problems())
        .containsExactly(
            list + ": 2: path: found \"http://127.0.0.1:8931/two.mp4\", " + WEB.formatted("http"),
            list + ": 3: path: found \"HTTPS://example.com/one.mp4\", " + WEB.formatted("HTTPS"),
            list + ": 4: path: found \"ftp://example.com/one.mp4\", " + WEB.formatted("ftp"),
            list
                + ": 5: path: found \"hdfs://namenode/one.mp4\", "
                + other.formatted("hdfs://namenode:8020"),
            list + ": 6: path: found \"s3a://bucket/one.mp4\", " + other.formatted("s3a://bucket"),
            list
                + ": 7: path: found \"C:/videos/one.mp4\", expected a path on the file system of the list, not one with a Windows drive; give the path that this machine knows");
  }

  @Test
  void noConnectionIsMadeBeforeTheListIsChecked() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(1);
      int port = server.getLocalPort();
      String there = "://127.0.0.1:" + port + "/a.mp4,b\n";

      refused("hdfs" + there + "http" + there + "webhdfs" + there + "a.mp4,b\n");

      assertThatThrownBy(server::accept).isInstanceOf(java.net.SocketTimeoutException.class);
    }
  }

  @Test
  void aFileSystemThatIsAllowedIsUsed() throws Exception {
    Files.writeString(folder.resolve("list.csv"), "s3a://bucket/a.mp4,b\nnosuch://x/b.mp4,c\n");

    assertThatThrownBy(() -> read("list.csv", List.of("s3a://bucket/", "nosuch://x")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot use s3a://bucket/: there is no file system for s3a:// here; add its jars, --packages org.apache.hadoop:hadoop-aws:3.3.4, or download the files first");
  }

  @Test
  void otherFoldersOfTheSameFileSystemAreAllowed() throws Exception {
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Files.writeString(folder.resolve("a.mp4"), "1");
    Files.writeString(
        sub.resolve("list.csv"),
        "../a.mp4,b\n%1$s/./a.mp4,b\nfile:%1$s/a.mp4,b\nFILE://%1$s/sub/../a.mp4,b\n"
            .formatted(folder));

    assertThat(read("sub/list.csv", List.of()).videos()).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void filesOfAnotherHostAreRefused() throws Exception {
    Files.writeString(folder.resolve("a.mp4"), "1");
    Files.writeString(folder.resolve("list.csv"), "a.mp4,b\nfile://else.where/x/a.mp4,b\n");

    assertThatThrownBy(() -> read("list.csv", List.of()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("list.csv: 2: ")
        .hasMessageContaining(
            "expected a file of this machine, such as file:///a/b.mp4; no files of the host"
                + " else.where can be read");
  }

  @Test
  void backslashesAreNoSeparators() throws Exception {
    Files.createDirectory(folder.resolve("videos"));
    Files.writeString(folder.resolve("videos/0.mp4"), "1");
    Files.writeString(folder.resolve("win.csv"), "path,label\r\nvideos\\0.mp4,run\r\n");

    assertThatThrownBy(() -> read("win.csv", List.of()))
        .hasMessageContaining("(backslashes are part of a name here; write / between folders)");
  }

  @Test
  void shardsOnOtherMachinesAreReportedWithTheirLines() throws Exception {
    Files.writeString(folder.resolve("one.tfrecord"), "1");
    Path list =
        Files.writeString(
            folder.resolve("list.txt"),
            "one.tfrecord\n\nhttp://127.0.0.1:8931/two.tfrecord\ns3a://bucket/x@8\n");

    SourceException wrong =
        catchThrowableOfType(
            () ->
                ShardNames.expand(
                    new Configuration(), SourceSettings.of(list.toString(), LabelColumns.DEFAULT)),
            SourceException.class);

    assertThat(wrong.problems())
        .containsExactly(
            list + ": 3: found \"http://127.0.0.1:8931/two.tfrecord\", " + WEB.formatted("http"),
            list
                + ": 4: found \"s3a://bucket/x@8\", expected a file on file://, where the list is; if s3a://bucket may be read too, give prepare.other-file-systems=[\"s3a://bucket\"]");
  }

  @Test
  void namesOfDataSetsAreNeverAddresses() throws Exception {
    Files.createDirectory(folder.resolve("training"));
    Files.writeString(folder.resolve("training/b.mp4"), "1");
    Files.writeString(
        folder.resolve("trainingSet.csv"),
        "http://127.0.0.1:8931/a.mp4,b,1,0\n//127.0.0.1/c.mp4,b,1,0\nb.mp4,b,1,0\n");

    SourceVideos videos = read("trainingSet.csv", List.of());

    assertThat(videos.videos()).hasSize(1);
    assertThat(videos.missing())
        .allMatch(one -> one.video().path().startsWith("file:/"), "a local path")
        .hasSize(2);
  }

  private SourceException refused(String list) throws IOException {
    Files.writeString(folder.resolve("list.csv"), list);
    return catchThrowableOfType(() -> read("list.csv", List.of()), SourceException.class);
  }

  private SourceVideos read(String list, List<String> others) throws IOException {
    SourceSettings settings =
        new SourceSettings(
            SourceFormat.AUTO,
            folder.resolve(list).toString(),
            "",
            "",
            LabelColumns.DEFAULT,
            ChapterRule.JOIN,
            others);
    return VideoSource.read(new Configuration(), settings, Optional.empty());
  }
}
