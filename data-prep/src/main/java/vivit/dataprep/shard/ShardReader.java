package vivit.dataprep.shard;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.storage.PositionedInput;
import vivit.dataprep.storage.Sha256;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;

/**
 * Reads clips of one shard in any order, with one positioned read per clip; uncompressed data is
 * not copied.
 *
 * <p>Checksums are compared before anything is parsed: the footer against the manifest when the
 * shard is first opened, a row group against the footer when it is read. {@link #columns} is the
 * exception. Not thread-safe.
 */
public final class ShardReader implements Closeable {
  private final Path path;
  private final ShardFile file;
  private final LabelHeads heads;
  private final PositionedInput in;
  private final ShardIndex index;
  private final ClipCells.Codecs codecs = new ClipCells.Codecs();
  private final CRC32C crc = new CRC32C();
  private ClipBuffer own;

  /**
   * Opens a shard and checks its footer.
   *
   * @param file the entry of the manifest
   * @param heads the classification heads
   * @throws CorruptShardException if it is missing, truncated, corrupt or too new
   */
  ShardReader(FileSystem fs, Path path, ShardFile file, LabelHeads heads) throws IOException {
    this.path = path;
    this.file = file;
    this.heads = heads;
    CorruptShardException.refuseLink(fs, path);
    checkLength(fs);
    this.in = open(fs);
    try {
      this.index = ShardIndex.of(checkedFooter(), path, file);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Opens a shard whose footer has been checked before. */
  ShardReader(FileSystem fs, Path path, ShardFile file, LabelHeads heads, ShardIndex index)
      throws IOException {
    this.path = path;
    this.file = file;
    this.heads = heads;
    CorruptShardException.refuseLink(fs, path);
    this.in = open(fs);
    this.index = index;
  }

  /** Number of clips, each in the row group of its number. */
  public int clips() {
    return file.clips();
  }

  /** Path of the file. */
  public Path path() {
    return path;
  }

  /** Positions of its clips, for opening the shard again. */
  public ShardIndex index() {
    return index;
  }

  /** Reads the footer's key-value metadata, which {@code SHARDS.md} lists. */
  public Map<String, String> footer() throws IOException {
    byte[] footer = checkedFooter();
    try {
      return ShardIndex.texts(footer);
    } catch (IOException e) {
      throw new CorruptShardException(
          "Cannot read %s: its footer does not parse (%s)".formatted(path, e.getMessage()), e);
    }
  }

  /**
   * Reads and assembles a clip, in fresh memory.
   *
   * @param rowGroup from 0
   * @throws CorruptShardException if its bytes do not match their checksum
   */
  public StoredClip read(int rowGroup) throws IOException {
    return tubelets(rowGroup, own()).assembled();
  }

  /**
   * Reads a clip as it is stored.
   *
   * @param rowGroup from 0
   * @param memory to read into; the clip is valid until the next use of this memory
   * @throws CorruptShardException if its bytes do not match their checksum
   */
  public TubeletClip tubelets(int rowGroup, ClipBuffer memory) throws IOException {
    ClipCells row = row(rowGroup, memory);
    TubeletCutter cutter = row.cutter();
    ByteBuffer tubelets = row.binary(ShardSchema.TUBELETS);
    if (tubelets.remaining() != cutter.tubeletBytes()) {
      throw wrong(
          rowGroup,
          "has %d bytes of tubelets, expected %d"
              .formatted(tubelets.remaining(), cutter.tubeletBytes()));
    }
    return new TubeletClip(
        row.text("clip_id"),
        row.text("video_id"),
        row.integer("view"),
        labels(rowGroup, row),
        cutter,
        tubelets);
  }

  /**
   * Reads all columns of a clip except the tubelets, a few kilobytes.
   *
   * <p>Compares the CRC of every page that it reads, and the labels with the manifest. Does not
   * detect damage among the tubelets.
   *
   * @param rowGroup from 0
   * @throws CorruptShardException if the columns are damaged or the labels do not match
   */
  public ClipColumns columns(int rowGroup) throws IOException {
    requireRowGroup(rowGroup);
    ByteBuffer bytes = own().stored(index.bytesBeforeTubelets(rowGroup));
    readFully(index.start(rowGroup), bytes);
    ClipCells row = new ClipCells(index, rowGroup, path, bytes.rewind(), codecs);
    row.checkPages();
    ClipLabels labels = labels(rowGroup, row);
    ClipOrigin origin = origin(row);
    if (origin.timestamps().length != row.integer("frames")) {
      throw wrong(
          rowGroup,
          "has %d time stamps, expected %d"
              .formatted(origin.timestamps().length, row.integer("frames")));
    }
    return new ClipColumns(
        row.text("video_id"),
        row.integer("view"),
        labels,
        row.integer("height"),
        row.integer("width"),
        origin,
        index.tubeletBytes(rowGroup),
        index.plainTubeletBytes(rowGroup));
  }

  /** Reads the labels of a clip and compares them with the manifest. */
  private ClipLabels labels(int rowGroup, ClipCells row) throws CorruptShardException {
    ClipLabels labels = LabelCells.read(heads, row);
    String problem = LabelCells.problem(heads, labels);
    if (problem != null) {
      throw wrong(rowGroup, problem);
    }
    return labels;
  }

  private CorruptShardException wrong(int rowGroup, String problem) {
    return new CorruptShardException(
        "Cannot read %s: clip %d (row group %d, byte %d) %s; prepare this shard again"
            .formatted(path, rowGroup, rowGroup, index.start(rowGroup), problem));
  }

  private static ClipOrigin origin(ClipCells row) throws CorruptShardException {
    return new ClipOrigin(
        row.integer("start_frame"),
        row.integer("stride"),
        row.real("frames_per_second"),
        row.reals("frame_timestamps"),
        row.integer("source_height"),
        row.integer("source_width"),
        row.real("source_frame_rate"));
  }

  /** Offset of a clip's row group in the file, in bytes. */
  long offset(int rowGroup) {
    return index.start(rowGroup);
  }

  @Override
  public void close() throws IOException {
    codecs.close();
    in.close();
  }

  /** Checks the bytes before the first clip, which have no checksum. */
  void checkStart() throws IOException {
    ByteBuffer start = ByteBuffer.allocate(ShardWriter.MAGIC.length());
    readFully(0, start);
    String found = new String(start.array(), StandardCharsets.ISO_8859_1);
    if (!found.equals(ShardWriter.MAGIC)) {
      throw new CorruptShardException(
          "Cannot read %s: it begins with %s, expected %s; prepare this shard again"
              .formatted(
                  path,
                  HexFormat.of().formatHex(start.array()),
                  HexFormat.of()
                      .formatHex(ShardWriter.MAGIC.getBytes(StandardCharsets.ISO_8859_1))));
    }
  }

  /** Reads and checks one row group. */
  ClipCells row(int rowGroup, ClipBuffer memory) throws IOException {
    requireRowGroup(rowGroup);
    ByteBuffer bytes = memory.stored(index.length(rowGroup));
    int found = readFully(index.start(rowGroup), bytes);
    if (found != index.checksum(rowGroup)) {
      throw CorruptShardException.checksum(
          path,
          "clip %d (row group %d)".formatted(rowGroup, rowGroup),
          index.start(rowGroup),
          HexFormat.of().toHexDigits(found),
          HexFormat.of().toHexDigits(index.checksum(rowGroup)));
    }
    return new ClipCells(index, rowGroup, path, bytes.rewind(), codecs);
  }

  private void requireRowGroup(int rowGroup) {
    if (rowGroup < 0 || rowGroup >= index.clips()) {
      throw new IndexOutOfBoundsException(
          "%s has row groups 0 to %d, not %d".formatted(path, index.clips() - 1, rowGroup));
    }
  }

  private ClipBuffer own() {
    if (own == null) {
      own = new ClipBuffer();
    }
    return own;
  }

  private void checkLength(FileSystem fs) throws IOException {
    long length;
    try {
      length = fs.getFileStatus(path).getLen();
    } catch (FileNotFoundException e) {
      throw missing(e);
    }
    if (length < file.bytes()) {
      throw CorruptShardException.truncated(path, length, file.bytes());
    }
    if (length > file.bytes()) {
      throw new CorruptShardException(
          "Cannot read %s: it is corrupt, %d bytes where the manifest says %d; prepare this shard again"
              .formatted(path, length, file.bytes()));
    }
  }

  private PositionedInput open(FileSystem fs) throws IOException {
    try {
      return PositionedInput.open(fs, path);
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw missing(e);
    }
  }

  private CorruptShardException missing(IOException e) {
    return new CorruptShardException(
        "Cannot read %s: it is missing, the manifest lists it with %d clips; restore it or prepare again"
            .formatted(path, file.clips()),
        e);
  }

  private byte[] checkedFooter() throws IOException {
    long length = file.bytes() - file.footerOffset();
    if (length > WholeFile.mostBytes()) {
      throw CorruptShardException.tooLarge(
          path,
          new OversizedFileException(
              "a footer of %d bytes".formatted(length), WholeFile.mostBytes()));
    }
    byte[] bytes = new byte[(int) length];
    readFully(file.footerOffset(), ByteBuffer.wrap(bytes));
    String found = Sha256.of(bytes);
    if (!found.equals(file.footerSha256())) {
      throw CorruptShardException.checksum(
          path, "its footer", file.footerOffset(), found, file.footerSha256());
    }
    return bytes;
  }

  /** Fills a buffer; returns the CRC-32C of the bytes. */
  private int readFully(long position, ByteBuffer to) throws IOException {
    crc.reset();
    try {
      in.readFully(position, to, crc);
    } catch (EOFException e) {
      throw new CorruptShardException(
          "Cannot read %s: it is truncated, it ends before byte %d of %d; copy or prepare this shard again"
              .formatted(path, position + to.limit(), file.bytes()),
          e);
    }
    return (int) crc.getValue();
  }
}
