package vivit.dataprep.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.hadoop.hdfs.protocol.DSQuotaExceededException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import vivit.dataprep.shard.CorruptShardException;

/** The texts are those of Hadoop 3.3.4; what a real HDFS throws is an integration test. */
class StorageFailureTest {

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of(
            new ConnectException(
                "Call From a/10.0.0.1 to nn:8020 failed on connection exception: java.net.ConnectException: Connection refused; For more details see: x"),
            "Cannot use nn:8020: nothing listens at nn:8020; correct host and port"),
        Arguments.of(
            new SocketTimeoutException(
                "Call From a/10.0.0.1 to nn:8020 failed on socket timeout exception: x"),
            "Cannot use nn:8020: it does not answer; check host, port, network and firewalls."),
        Arguments.of(
            new NoRouteToHostException("No Route to Host from a/10.0.0.1 to nn:8020 failed on x"),
            "Cannot use nn:8020: it does not answer;"),
        Arguments.of(
            new UnknownHostException(
                "Invalid host name: local host is: (unknown); destination host is: \"nn\":8020; java.net.UnknownHostException: nn"),
            "Cannot use the file system: the host nn has no address; correct the name, or"),
        Arguments.of(
            new EOFException("End of File Exception between local host is: \"a/10.0.0.1\""),
            "Cannot use the file system: what listens there does not answer as a NameNode;"),
        Arguments.of(
            new IOException(
                "DestHost:destPort nn:9870 , LocalHost:localPort a/10.0.0.1:0. Failed on local exception: org.apache.hadoop.ipc.RpcException: RPC response has invalid length"),
            "Cannot use the file system: what listens there"),
        Arguments.of(
            new RemoteException(
                "org.apache.hadoop.ipc.StandbyException",
                "Operation category READ is not supported in state standby. Visit x\n\tat y"),
            "Cannot use the file system: that NameNode is on standby; name the cluster's name"),
        Arguments.of(
            new AccessControlException(
                "SIMPLE authentication is not enabled.  Available:[TOKEN, KERBEROS]"),
            "Cannot use the file system: it wants to know who you are by Kerberos; run kinit, or"),
        Arguments.of(
            new AccessControlException(
                "Permission denied: user=alice, access=WRITE, inode=\"/data\":hdfs:hdfs:drwxr-xr-x\n\tat x"),
            "Cannot use /data: the user alice has no right to write it; have it granted, or run"),
        Arguments.of(
            new AccessDeniedException("s3a://bucket/x", null, "getFileStatus: 403 Forbidden"),
            "Cannot use s3a://bucket/x: access is denied;"),
        Arguments.of(
            new AccessDeniedException("/out/report.html"),
            "Cannot use /out/report.html: access is denied;"),
        Arguments.of(
            new FileNotFoundException("/out/my runs/_lock (Permission denied)"),
            "Cannot use /out/my runs/_lock: access is denied;"),
        Arguments.of(
            new RemoteException(
                "org.apache.hadoop.hdfs.server.namenode.SafeModeException",
                "Cannot create file/runs/_lock. Name node is in safe mode.\nIt was turned on"),
            "Cannot use /runs/_lock: HDFS is in safe mode and accepts no changes; wait until"),
        Arguments.of(
            new DSQuotaExceededException(
                "The DiskSpace quota of /data is exceeded: quota = 1 B = 1 B but"),
            "Cannot use /data: its quota is used up; have it raised or delete what is not"),
        Arguments.of(
            new RemoteException(
                "java.io.IOException",
                "File /data/a could only be written to 0 of the 1 minReplication nodes."),
            "Cannot use /data/a: no DataNode takes the data: their disks are full, or none is up;"),
        Arguments.of(
            new RemoteException(
                "org.apache.hadoop.util.DiskChecker$DiskErrorException", "No space left on device"),
            "Cannot use the file system: the disk is full; make room there, then run the same"),
        Arguments.of(
            new BlockMissingException("/data/a", "Could not obtain block: b file=/data/a", 0),
            "Cannot use /data/a: a block of it is on no DataNode that is up; start the missing"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void everyKindIsASentenceAndThenTheFirstLineOfHadoop(Throwable failed, String begin) {
    String name =
        failed instanceof RemoteException remote
            ? remote.getClassName().replaceAll(".*[.$]", "")
            : failed.getClass().getSimpleName();
    assertThat(StorageFailure.sentence(failed).orElseThrow())
        .startsWith(begin)
        .endsWith(
            " Hadoop says: %s: %s"
                .formatted(name, failed.getMessage().lines().findFirst().orElseThrow()));
  }

  @Test
  void whatHasASentenceKeepsIt() {
    assertThat(StorageFailure.sentence(new IOException("Cannot write x: No space left on device")))
        .isEmpty();
    assertThat(StorageFailure.sentence(new CorruptShardException("Permission denied"))).isEmpty();
    assertThat(StorageFailure.sentence(new IllegalStateException("Connection refused"))).isEmpty();
  }

  @Test
  void whatIsWrongWithOneFileIsNotWrongWithAll() {
    Path path = new Path("hdfs://nn/runs");

    assertThat(StorageFailure.unreachable(path, new AccessControlException("Permission denied")))
        .isEmpty();
    assertThat(StorageFailure.unreachable(path, new ConnectException("Connection refused")))
        .get()
        .extracting(IOException::getMessage)
        .asString()
        .startsWith("Cannot use hdfs://nn/runs: nothing listens at that address; ");
  }
}
