package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.PrivilegedExceptionAction;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.prepare.PrepareConfig;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.source.SourceSettings;
import vivit.dataprep.source.VideoSource;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.FolderLock;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.storage.WholeFile;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.model.Models;
import vivit.tests.cluster.MiniHdfs;

/** What users read when HDFS fails: a sentence with path, key and cure, then Hadoop's own text. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StorageFailureIT {
  private static final Command COMMAND = new Command("vivit test", List.of("train"));

  @TempDir static java.nio.file.Path folder;
  private MiniHdfs hdfs;

  @BeforeAll
  void start() throws IOException {
    hdfs = MiniHdfs.start(folder.resolve("hdfs"));
  }

  @AfterAll
  void stop() {
    hdfs.close();
  }

  private static Configuration quick() {
    Configuration conf = new Configuration();
    conf.setInt("ipc.client.connect.max.retries", 0);
    conf.setInt("dfs.client.retry.window.base", 1);
    conf.setInt("dfs.replication", 2);
    return conf;
  }

  /** What a command prints that fails, in one line. */
  private static String printed(String key, Object value, Command.Body body) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      assertThat(COMMAND.status(new String[] {key + "=" + value}, body)).isEqualTo(Command.FAILED);
    } finally {
      System.setErr(before);
    }
    String text = err.toString(StandardCharsets.UTF_8);
    assertThat(text.lines()).as(text).hasSize(1);
    return text;
  }

  private FileSystem fs() throws IOException {
    return FileSystem.newInstance(new Path(hdfs.uri()).toUri(), quick());
  }

  @Test
  void nobodyListens() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String place = "hdfs://localhost:" + port + "/videos";

    assertThat(printed("prepare.input", place, () -> OpenFileSystem.of(new Path(place), quick())))
        .startsWith(
            "Cannot use %s (prepare.input): nothing listens at localhost:%d; correct host and port (fs.defaultFS in the cluster's core-site.xml has them), or start the service. Hadoop says: ConnectException: Call From "
                .formatted(place, port));
  }

  @Test
  void anotherServiceListens() throws IOException {
    String place = "hdfs://localhost:" + hdfs.webPort() + "/run";

    assertThat(printed("train.run", place, () -> OpenFileSystem.of(new Path(place), quick())))
        .startsWith("Cannot use " + place + " (train.run): what listens there does not answer as a")
        .contains(" Hadoop says: ");
  }

  @Test
  void noSuchHost() {
    String place = "hdfs://no-such-host.invalid/run";

    assertThat(printed("train.run", place, () -> OpenFileSystem.of(new Path(place), quick())))
        .isEqualTo(
            "Cannot use hdfs://no-such-host.invalid/run (train.run): the host no-such-host.invalid has no address; correct the name, or, if it is the name service of a cluster, put the cluster's hdfs-site.xml into HADOOP_CONF_DIR\n");
  }

  @Test
  void accessIsDenied() throws Exception {
    Path secret = new Path(hdfs.uri() + "/secret");
    fs().mkdirs(secret);
    fs().setPermission(secret, new FsPermission("700"));
    Path inside = new Path(secret, "shards");

    String printed =
        UserGroupInformation.createUserForTesting("alice", new String[0])
            .doAs(
                (PrivilegedExceptionAction<String>)
                    () -> printed("train.shards", inside, () -> ShardSet.open(inside, quick())));

    assertThat(printed)
        .startsWith(
            "Cannot use /secret (train.shards): the user alice has no right to enter it; have it granted, or run the command as another user. Hadoop says: AccessControlException: Permission denied: user=alice, access=EXECUTE");
  }

  @Test
  void theNameNodeIsInSafeMode() throws IOException {
    Path run = new Path(hdfs.uri() + "/safe");
    hdfs.safeMode(SafeModeAction.SAFEMODE_ENTER);
    try {
      assertThat(printed("train.run", run, () -> FolderLock.acquire(fs(), run, "train").close()))
          .startsWith(
              "Cannot use /safe (train.run): HDFS is in safe mode and accepts no changes; wait until it has left it (hdfs dfsadmin -safemode get), then run the same command again. Hadoop says: SafeModeException: Cannot create directory /safe. Name node is in safe mode.");
    } finally {
      hdfs.safeMode(SafeModeAction.SAFEMODE_LEAVE);
    }
  }

  @Test
  void theQuotaIsUsedUp() throws IOException {
    Path run = new Path(hdfs.uri() + "/small");
    DistributedFileSystem fs = (DistributedFileSystem) fs();
    fs.mkdirs(run);
    fs.setQuota(run, 1, Long.MAX_VALUE);

    assertThat(
            printed(
                "train.run",
                run,
                () -> AtomicFile.write(fs, new Path(run, "a"), out -> out.write(1))))
        .startsWith(
            "Cannot use /small (train.run): its quota is used up; have it raised or delete what is not needed, then run the same command again. Hadoop says: NSQuotaExceededException: ");
  }

  /** HDFS looks for room for a whole block, here of 128 TiB. */
  @Test
  void theDisksAreFull() throws IOException {
    Path file = new Path(hdfs.uri() + "/huge/file");
    FileSystem fs = fs();

    assertThat(
            printed(
                "evaluate.output",
                file.getParent(),
                () -> {
                  try (OutputStream out = fs.create(file, true, 4096, (short) 2, 1L << 47)) {
                    out.write(1);
                  }
                }))
        .startsWith(
            "Cannot use /huge/file (evaluate.output): no DataNode takes the data: their disks are full, or none is up; make room or start them, then run the same command again. Hadoop says: IOException: File /huge/file could only be written to 0 of ");
  }

  /** A block size that HDFS does not have; its text has a stack trace of the NameNode. */
  @Test
  void whatNobodyForesawIsOneLineToo() throws IOException {
    Path file = new Path(hdfs.uri() + "/odd");
    FileSystem fs = fs();

    assertThat(
            printed(
                "evaluate.output",
                file,
                () -> fs.create(file, true, 4096, (short) 2, 1L << 60).close()))
        .startsWith(
            "Cannot use the file system: the NameNode refuses it. Hadoop says: IllegalArgumentException: ");
  }

  @Test
  void aBlockIsLost() throws IOException {
    Path file = new Path(hdfs.uri() + "/lost/file");
    AtomicFile.write(fs(), file, out -> out.write(new byte[100]));
    hdfs.deleteBlock(file);

    assertThat(printed("evaluate.run", file.getParent(), () -> WholeFile.read(fs(), file)))
        .startsWith(
            "Cannot use /lost/file (evaluate.run): a block of it is on no DataNode that is up; start the missing ones, or restore the file if they are lost (hdfs fsck tells). Hadoop says: BlockMissingException: ");
  }

  /** A path without a scheme is looked for on HDFS; what is on the local disk is said. */
  @Test
  void localPathsWhereHdfsIsTheDefault() throws IOException {
    Configuration conf = quick();
    conf.set("fs.defaultFS", hdfs.uri());
    java.nio.file.Path local = Files.createDirectories(folder.resolve("local"));
    String advice =
        "a path without a scheme is looked for on the default file system, and this machine's disk has it: write file://%s, if all executors see it there\n"
            .formatted(local);
    Path path = new Path(local.toString());

    assertThat(printed("train.shards", path, () -> ShardSet.open(path, conf)))
        .isEqualTo(
            "%s%s is not a finished shard set: there is no such folder; %s"
                .formatted(hdfs.uri(), local, advice));
    assertThat(printed("evaluate.run", path, () -> CheckpointStore.open(conf, path)))
        .isEqualTo("No checkpoint in %s%s; %s".formatted(hdfs.uri(), local, advice));
    assertThat(printed("initialise.from", path, () -> Models.tensors(conf, path).close()))
        .isEqualTo(
            "Cannot read %s%s: there is no such file or folder; %s"
                .formatted(hdfs.uri(), local, advice));

    SourceSettings videos =
        PrepareConfig.read(StrictConfig.load("prepare.input=" + path, "prepare.output=/x"))
            .source();
    assertThat(
            printed("prepare.input", path, () -> VideoSource.read(conf, videos, Optional.empty())))
        .isEqualTo("%s%s: no such file or folder; %s".formatted(hdfs.uri(), local, advice));

    Path nowhere = new Path("/no/such/shards");
    assertThat(printed("train.shards", nowhere, () -> ShardSet.open(nowhere, conf)))
        .isEqualTo(
            hdfs.uri()
                + "/no/such/shards is not a finished shard set: there is no such folder; check the path\n");
  }
}
