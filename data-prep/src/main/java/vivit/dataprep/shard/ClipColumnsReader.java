package vivit.dataprep.shard;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.schema.MessageType;
import vivit.dataprep.source.ClipLabels;
import vivit.dataprep.source.LabelHeads;

/**
 * Reads all columns of clips but the tubelets, some kilobytes each: one positioned read per clip.
 *
 * <p>The footer is checked as {@link ShardReader} does; of a clip the pages that are read, each by
 * its own CRC, and its labels against the manifest. Damage among the tubelets is not seen.
 */
public final class ClipColumnsReader implements Closeable {
  private static final String TUBELETS = "tubelets";
  private static final ParquetReadOptions OPTIONS =
      ParquetReadOptions.builder().usePageChecksumVerification(true).build();

  private final Path path;
  private final LabelHeads heads;
  private final FSDataInputStream in;
  private final MemoryWindow window;
  private final ParquetFileReader parquet;
  private final MessageType schema;

  /**
   * Opens a shard, after {@link ShardReader} has checked its footer.
   *
   * @throws CorruptShardException if it changed since
   */
  ClipColumnsReader(FileSystem fs, Path path, ShardFile file, LabelHeads heads) throws IOException {
    this.path = path;
    this.heads = heads;
    this.in = fs.open(path);
    this.window = new MemoryWindow(file.bytes());
    ParquetFileReader opened = null;
    try {
      byte[] footer =
          readFully(file.footerOffset(), Math.toIntExact(file.bytes() - file.footerOffset()));
      String found = Checksums.sha256(footer);
      if (!found.equals(file.footerSha256())) {
        throw CorruptShardException.checksum(
            path, "its footer", file.footerOffset(), found, file.footerSha256());
      }
      window.show(footer, file.footerOffset());
      opened = ParquetFileReader.open(window, OPTIONS);
      this.parquet = opened;
      MessageType all = parquet.getFileMetaData().getSchema();
      this.schema =
          new MessageType(
              all.getName(),
              all.getFields().stream().filter(f -> !f.getName().equals(TUBELETS)).toList());
      parquet.setRequestedSchema(schema);
    } catch (IOException | RuntimeException e) {
      in.close();
      if (opened != null) {
        opened.close();
      }
      throw e;
    }
  }

  /** Number of clips, each in the row group of its number. */
  public int clips() {
    return parquet.getRowGroups().size();
  }

  /**
   * Reads the columns of a clip.
   *
   * @param rowGroup from 0
   * @throws CorruptShardException if they are not what was written
   */
  public ClipColumns read(int rowGroup) throws IOException {
    BlockMetaData block = parquet.getRowGroups().get(rowGroup);
    List<ColumnChunkMetaData> chunks = block.getColumns();
    ColumnChunkMetaData tubelets = chunks.get(chunks.size() - 1);
    long start = block.getStartingPos();
    window.show(readFully(start, Math.toIntExact(tubelets.getStartingPos() - start)), start);
    Group row;
    try {
      row =
          new ColumnIOFactory()
              .getColumnIO(schema)
              .getRecordReader(parquet.readRowGroup(rowGroup), new GroupRecordConverter(schema))
              .read();
    } catch (IOException | RuntimeException e) {
      throw corrupt(rowGroup, start, "does not parse (" + e.getMessage() + ")", e);
    }
    ClipLabels labels = LabelCells.read(heads, row);
    String problem = LabelCells.problem(heads, labels);
    if (problem != null) {
      throw corrupt(rowGroup, start, problem, null);
    }
    return new ClipColumns(
        row.getString("video_id", 0),
        row.getInteger("view", 0),
        labels,
        row.getInteger("height", 0),
        row.getInteger("width", 0),
        origin(row),
        tubelets.getTotalSize(),
        tubelets.getTotalUncompressedSize());
  }

  private static ClipOrigin origin(Group row) {
    Group list = row.getGroup("frame_timestamps", 0);
    double[] timestamps = new double[list.getFieldRepetitionCount("list")];
    for (int i = 0; i < timestamps.length; i++) {
      timestamps[i] = list.getGroup("list", i).getDouble("element", 0);
    }
    return new ClipOrigin(
        row.getInteger("start_frame", 0),
        row.getInteger("stride", 0),
        row.getDouble("frames_per_second", 0),
        timestamps,
        row.getInteger("source_height", 0),
        row.getInteger("source_width", 0),
        row.getDouble("source_frame_rate", 0));
  }

  private CorruptShardException corrupt(int rowGroup, long start, String problem, Exception cause) {
    return new CorruptShardException(
        "Cannot read %s: clip %d (row group %d, byte %d) %s; prepare this shard again"
            .formatted(path, rowGroup, rowGroup, start, problem),
        cause);
  }

  private byte[] readFully(long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    try {
      in.readFully(position, bytes);
    } catch (EOFException e) {
      throw new CorruptShardException(
          "Cannot read %s: it ends before byte %d; it was cut off while it was read"
              .formatted(path, position + length),
          e);
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    parquet.close();
    in.close();
  }
}
