package vivit.tests.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.apache.hadoop.hdfs.protocol.ExtendedBlock;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;

/** A NameNode and two DataNodes in this JVM, with their files under one folder. */
public final class MiniHdfs implements AutoCloseable {
  private final MiniDFSCluster cluster;
  private final List<DataNodeProperties> stopped = new ArrayList<>();

  private MiniHdfs(MiniDFSCluster cluster) {
    this.cluster = cluster;
  }

  /** Starts and waits until the DataNodes have reported. */
  public static MiniHdfs start(Path folder) throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(2).build();
    cluster.waitActive();
    return new MiniHdfs(cluster);
  }

  /** {@code hdfs://localhost:port}, without a slash at the end. */
  public String uri() {
    return "hdfs://localhost:" + cluster.getNameNodePort();
  }

  /** The port of the NameNode's web page. */
  public int webPort() {
    return cluster.getNameNode().getHttpAddress().getPort();
  }

  /** A client of this cluster. */
  public FileSystem fileSystem() throws IOException {
    return cluster.getFileSystem();
  }

  /** Deletes the first block of a file from the disks of all DataNodes. */
  public void deleteBlock(org.apache.hadoop.fs.Path file) throws IOException {
    cluster.corruptBlockOnDataNodesByDeletingBlockFile(block(file));
  }

  /** Overwrites the first block of a file on the disks of all DataNodes. */
  public void corruptBlock(org.apache.hadoop.fs.Path file) throws IOException {
    cluster.corruptBlockOnDataNodes(block(file));
  }

  private ExtendedBlock block(org.apache.hadoop.fs.Path file) throws IOException {
    return cluster
        .getFileSystem()
        .getClient()
        .getLocatedBlocks(file.toUri().getPath(), 0)
        .get(0)
        .getBlock();
  }

  /** Stops the NameNode and starts it again; returns when it answers. */
  public void restartNameNode() throws IOException {
    cluster.restartNameNode(true);
  }

  /** Stops all DataNodes, in the middle of whatever they do. */
  public void stopDataNodes() {
    while (!cluster.getDataNodes().isEmpty()) {
      stopped.add(cluster.stopDataNode(0));
    }
  }

  /** Starts one of the DataNodes again that were stopped. */
  public void startDataNode() throws IOException {
    cluster.restartDataNode(stopped.remove(0), true);
  }

  /** Lets the NameNode enter or leave its safe mode. */
  public void safeMode(SafeModeAction action) throws IOException {
    cluster.getFileSystem().setSafeMode(action);
  }

  @Override
  public void close() {
    cluster.shutdown(true);
  }
}
