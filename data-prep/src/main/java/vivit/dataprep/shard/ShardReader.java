package vivit.dataprep.shard;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.source.LabelHeads;

/**
 * Reads clips of one shard in any order: one positioned read per clip.
 *
 * <p>Nothing is parsed before its checksum was compared: the footer against the manifest when the
 * shard is opened, a row group against the footer when it is read. One thread at a time.
 */
public final class ShardReader implements Closeable {
  /** Page checksums are left alone, the row group's covers them; and no clip comes in pieces. */
  private static final ParquetReadOptions OPTIONS =
      ParquetReadOptions.builder()
          .usePageChecksumVerification(false)
          .withMaxAllocationInBytes(Integer.MAX_VALUE)
          .build();

  private final Path path;
  private final ShardFile file;
  private final LabelHeads heads;
  private final FSDataInputStream in;
  private final MemoryWindow window;
  private final ParquetFileReader parquet;
  private final MessageColumnIO columns;
  private final Map<String, String> footer;
  private final String[] checksums;

  /**
   * Opens a shard and checks its footer.
   *
   * @param file what the manifest says about it
   * @param heads what its clips are classified by
   * @throws CorruptShardException if it is missing, truncated, corrupt or too new
   */
  ShardReader(FileSystem fs, Path path, ShardFile file, LabelHeads heads) throws IOException {
    this.path = path;
    this.file = file;
    this.heads = heads;
    this.in = openChecked(fs, path, file);
    this.window = new MemoryWindow(file.bytes());
    ParquetFileReader opened = null;
    try {
      window.show(checkedFooter(), file.footerOffset());
      opened = ParquetFileReader.open(window, OPTIONS);
      this.parquet = opened;
      this.footer = parquet.getFileMetaData().getKeyValueMetaData();
      this.checksums = checkedChecksums();
      this.columns = new ColumnIOFactory().getColumnIO(parquet.getFileMetaData().getSchema());
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
    return file.clips();
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** Key-value metadata of the footer, as {@code SHARDS.md} lists it. */
  public Map<String, String> footer() {
    return Map.copyOf(footer);
  }

  /**
   * Reads a clip.
   *
   * @param rowGroup from 0
   * @throws CorruptShardException if its bytes are not those that were written
   */
  public StoredClip read(int rowGroup) throws IOException {
    Group row = row(rowGroup);
    TubeletCutter cutter =
        new TubeletCutter(
            row.getInteger("frames", 0),
            row.getInteger("height", 0),
            row.getInteger("width", 0),
            row.getInteger("tubelet_frames", 0),
            row.getInteger("tubelet_height", 0));
    return new StoredClip(
        row.getString("clip_id", 0),
        row.getString("video_id", 0),
        row.getInteger("view", 0),
        LabelCells.read(heads, row),
        cutter.frames(),
        cutter.height(),
        cutter.width(),
        cutter.assemble(row.getBinary("tubelets", 0).toByteBuffer()));
  }

  /** Reads where a clip came from. Reads the whole row group, as {@link #read} does. */
  public ClipOrigin origin(int rowGroup) throws IOException {
    Group row = row(rowGroup);
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

  /** Where a clip's row group starts in the file, in bytes. */
  long offset(int rowGroup) {
    return parquet.getRowGroups().get(rowGroup).getStartingPos();
  }

  @Override
  public void close() throws IOException {
    parquet.close();
    in.close();
  }

  /** One checked row group as a record; {@code VerifyShards} looks at every column of it. */
  Group row(int rowGroup) throws IOException {
    List<BlockMetaData> blocks = parquet.getRowGroups();
    if (rowGroup < 0 || rowGroup >= blocks.size()) {
      throw new IndexOutOfBoundsException(
          "%s has row groups 0 to %d, not %d".formatted(path, blocks.size() - 1, rowGroup));
    }
    BlockMetaData block = blocks.get(rowGroup);
    long start = block.getStartingPos();
    byte[] bytes = readFully(start, Math.toIntExact(block.getCompressedSize()));
    String found = Checksums.crc32c(bytes);
    if (!found.equals(checksums[rowGroup])) {
      throw CorruptShardException.checksum(
          path,
          "clip %d (row group %d)".formatted(rowGroup, rowGroup),
          start,
          found,
          checksums[rowGroup]);
    }
    window.show(bytes, start);
    try {
      PageReadStore pages = parquet.readRowGroup(rowGroup);
      return columns
          .getRecordReader(pages, new GroupRecordConverter(parquet.getFileMetaData().getSchema()))
          .read();
    } catch (RuntimeException e) {
      throw new CorruptShardException(
          "Cannot read %s: clip %d (row group %d, byte %d) does not parse (%s); prepare this shard again"
              .formatted(path, rowGroup, rowGroup, start, e.getMessage()),
          e);
    }
  }

  private static FSDataInputStream openChecked(FileSystem fs, Path path, ShardFile file)
      throws IOException {
    long length;
    try {
      length = fs.getFileStatus(path).getLen();
    } catch (FileNotFoundException e) {
      throw new CorruptShardException(
          "Cannot read %s: it is missing, the manifest lists it with %d clips; restore it or prepare again"
              .formatted(path, file.clips()),
          e);
    }
    if (length < file.bytes()) {
      throw CorruptShardException.truncated(path, length, file.bytes());
    }
    if (length > file.bytes()) {
      throw new CorruptShardException(
          "Cannot read %s: it is corrupt, %d bytes where the manifest says %d; prepare this shard again"
              .formatted(path, length, file.bytes()));
    }
    return fs.open(path);
  }

  private byte[] checkedFooter() throws IOException {
    byte[] bytes =
        readFully(file.footerOffset(), Math.toIntExact(file.bytes() - file.footerOffset()));
    String found = Checksums.sha256(bytes);
    if (!found.equals(file.footerSha256())) {
      throw CorruptShardException.checksum(
          path, "its footer", file.footerOffset(), found, file.footerSha256());
    }
    return bytes;
  }

  private String[] checkedChecksums() throws IOException {
    int version = Integer.parseInt(footer.getOrDefault(ShardSchema.KEY_VERSION, "0"));
    if (version > ShardSchema.FORMAT_VERSION) {
      throw CorruptShardException.tooNew(path, version, ShardSchema.FORMAT_VERSION);
    }
    String[] found = footer.getOrDefault(ShardSchema.KEY_CHECKSUMS, "").split(",", -1);
    int rowGroups = parquet.getRowGroups().size();
    if (version < 1 || rowGroups != file.clips() || (rowGroups > 0 && found.length != rowGroups)) {
      throw new CorruptShardException(
          "Cannot read %s: %d row groups with %d checksums, the manifest says %d clips; prepare this shard again"
              .formatted(path, rowGroups, found.length, file.clips()));
    }
    return found;
  }

  private byte[] readFully(long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    try {
      in.readFully(position, bytes);
    } catch (EOFException e) {
      throw CorruptShardException.truncated(path, position, file.bytes());
    }
    return bytes;
  }
}
