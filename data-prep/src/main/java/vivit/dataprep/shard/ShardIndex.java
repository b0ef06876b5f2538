package vivit.dataprep.shard;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;
import vivit.dataprep.text.Visible;

/**
 * The positions of the clips in a shard, from its checked footer. With it a shard can be opened
 * again without reading the footer. Takes about a hundred bytes per clip; immutable and
 * thread-safe.
 */
public final class ShardIndex {
  /** The length of the metadata and the magic bytes {@code PAR1}, at the end of the file. */
  private static final int TAIL_BYTES = 8;

  private static final int MOST_COLUMNS = 1000;

  private final Map<String, ShardColumn> columns;
  private final long[] starts;
  private final int[] lengths;
  private final int[] checksums;
  private final int[][] pages;
  private final int[] plainTubeletBytes;

  /**
   * A column of the schema; a list is one column.
   *
   * @param name in the schema
   * @param number in schema order
   * @param list whether a row has a list of values
   */
  record ShardColumn(String name, int number, boolean list, CompressionCodec codec) {}

  private ShardIndex(FileMetaData metadata, int[] checksums, ShardFile file) throws IOException {
    List<RowGroup> rowGroups = metadata.getRow_groups();
    this.columns = columns(metadata);
    this.checksums = checksums;
    this.starts = new long[rowGroups.size()];
    this.lengths = new int[rowGroups.size()];
    this.pages = new int[rowGroups.size()][];
    this.plainTubeletBytes = new int[rowGroups.size()];
    long end = ShardWriter.MAGIC.length();
    for (int i = 0; i < starts.length; i++) {
      List<ColumnChunk> chunks = rowGroups.get(i).getColumns();
      if (chunks.size() != columns.size()) {
        throw new IOException(
            "row group %d has %d columns, the first %d"
                .formatted(i, chunks.size(), columns.size()));
      }
      pages[i] = new int[chunks.size()];
      starts[i] = chunks.get(0).getMeta_data().getData_page_offset();
      if (starts[i] < end) {
        throw new IOException(
            "row group %d begins at byte %d, expected one from %d on".formatted(i, starts[i], end));
      }
      end = starts[i];
      for (int column = 0; column < chunks.size(); column++) {
        ColumnMetaData chunk = chunks.get(column).getMeta_data();
        long bytes = chunk.getTotal_compressed_size();
        if (chunk.getData_page_offset() != end || bytes < 1 || bytes > file.footerOffset() - end) {
          throw new IOException(
              "column %d of row group %d has %d bytes from byte %d on, expected some from byte %d to the footer at %d"
                  .formatted(
                      column, i, bytes, chunk.getData_page_offset(), end, file.footerOffset()));
        }
        pages[i][column] = length(i, end - starts[i]);
        end += bytes;
      }
      lengths[i] = length(i, end - starts[i]);
      ColumnMetaData tubelets = chunks.get(chunks.size() - 1).getMeta_data();
      plainTubeletBytes[i] = length(i, tubelets.getTotal_uncompressed_size());
    }
  }

  /** Refuses a length that does not fit into memory. */
  private static int length(int rowGroup, long bytes) throws IOException {
    if (bytes < 0) {
      throw new IOException("row group %d has %d bytes".formatted(rowGroup, bytes));
    }
    if (bytes > WholeFile.mostClipBytes()) {
      throw new OversizedFileException(
          "a clip (row group %d) of %d bytes".formatted(rowGroup, bytes),
          WholeFile.mostClipBytes());
    }
    return (int) bytes;
  }

  /**
   * Parses a footer whose checksum has been compared. Checksums do not protect from forgery, so
   * every number is compared with what the file can hold.
   *
   * @param footer the end of the file: indexes, metadata, length, magic
   * @throws CorruptShardException if it is too new, does not parse or does not match {@code file}
   */
  static ShardIndex of(byte[] footer, Object path, ShardFile file) throws CorruptShardException {
    try {
      return parsed(footer, path, file);
    } catch (CorruptShardException e) {
      throw e;
    } catch (OversizedFileException e) {
      throw CorruptShardException.tooLarge(path, e);
    } catch (IOException | RuntimeException e) { // such as a field that is not there
      throw new CorruptShardException(
          "Cannot read %s: its footer (byte %d) does not parse (%s); prepare this shard again"
              .formatted(path, file.footerOffset(), e.getMessage()),
          e);
    }
  }

  private static ShardIndex parsed(byte[] footer, Object path, ShardFile file) throws IOException {
    FileMetaData metadata = metadata(footer);
    Map<String, String> texts = texts(metadata);
    int version = Integer.parseInt(texts.getOrDefault(ShardSchema.KEY_VERSION, "0"));
    if (version > ShardSchema.FORMAT_VERSION) {
      throw CorruptShardException.tooNew(path, version, ShardSchema.FORMAT_VERSION);
    }
    String list = texts.getOrDefault(ShardSchema.KEY_CHECKSUMS, "");
    long found = list.isEmpty() ? 0 : 1 + list.chars().filter(c -> c == ',').count();
    int rowGroups = metadata.getRow_groups().size();
    if (version < 1 || rowGroups != file.clips() || found != rowGroups) {
      throw new CorruptShardException(
          "Cannot read %s: %d row groups with %d checksums, the manifest says %d clips; prepare this shard again"
              .formatted(path, rowGroups, found, file.clips()));
    }
    String[] each = list.split(",", -1);
    int[] checksums = new int[rowGroups];
    for (int i = 0; i < rowGroups; i++) {
      checksums[i] = Integer.parseUnsignedInt(each[i], 16);
    }
    return new ShardIndex(metadata, checksums, file);
  }

  /**
   * Key-value metadata of a footer.
   *
   * @throws IOException if it does not parse
   */
  static Map<String, String> texts(byte[] footer) throws IOException {
    return texts(metadata(footer));
  }

  /** Number of clips, each in the row group of its number. */
  int clips() {
    return starts.length;
  }

  /** First byte of a row group in the file. */
  public long start(int rowGroup) {
    return starts[rowGroup];
  }

  /** Bytes of a row group. */
  public int length(int rowGroup) {
    return lengths[rowGroup];
  }

  /** CRC-32C of a row group. */
  int checksum(int rowGroup) {
    return checksums[rowGroup];
  }

  /**
   * Looks up a column.
   *
   * @throws IllegalArgumentException if no column has that name
   */
  ShardColumn column(String name) {
    ShardColumn column = columns.get(name);
    if (column == null) {
      throw new IllegalArgumentException("it has no column " + name);
    }
    return column;
  }

  /** First byte of a column's only page within its row group. */
  int page(int rowGroup, ShardColumn column) {
    return pages[rowGroup][column.number()];
  }

  /** All columns. */
  Collection<ShardColumn> columns() {
    return columns.values();
  }

  /** Length of a row group up to its last column, the tubelets, in bytes. */
  int bytesBeforeTubelets(int rowGroup) {
    return page(rowGroup, column(ShardSchema.TUBELETS));
  }

  /** Stored length of a clip's tubelets, page header included, in bytes. */
  int tubeletBytes(int rowGroup) {
    return lengths[rowGroup] - bytesBeforeTubelets(rowGroup);
  }

  /** Uncompressed length of a clip's tubelets, page header included, in bytes. */
  int plainTubeletBytes(int rowGroup) {
    return plainTubeletBytes[rowGroup];
  }

  private static Map<String, ShardColumn> columns(FileMetaData metadata) throws IOException {
    Map<String, ShardColumn> columns = new HashMap<>();
    if (metadata.getRow_groups().isEmpty()) {
      return columns;
    }
    Map<String, Boolean> lists = new HashMap<>();
    for (SchemaElement element : metadata.getSchema()) {
      lists.putIfAbsent(element.getName(), element.getNum_children() > 0);
    }
    String last = "";
    for (ColumnChunk chunk : metadata.getRow_groups().get(0).getColumns()) {
      last = chunk.getMeta_data().getPath_in_schema().get(0);
      CompressionCodec codec = chunk.getMeta_data().getCodec();
      boolean list = lists.getOrDefault(last, false);
      if (columns.put(last, new ShardColumn(last, columns.size(), list, codec)) != null) {
        throw new IOException("it has the column %s twice".formatted(Visible.text(last)));
      }
      if (!Compression.isKnown(codec)) {
        throw new IOException(
            "column %s has the codec %s, expected one of prepare.compression"
                .formatted(Visible.text(last), codec));
      }
      if (columns.size() > MOST_COLUMNS) {
        throw new IOException("it has more than %d columns".formatted(MOST_COLUMNS));
      }
    }
    if (!last.equals(ShardSchema.TUBELETS)) {
      throw new IOException(
          "its last column is %s, expected %s".formatted(Visible.text(last), ShardSchema.TUBELETS));
    }
    return columns;
  }

  private static FileMetaData metadata(byte[] footer) throws IOException {
    int end = footer.length - TAIL_BYTES;
    int length = end < 0 ? -1 : ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    if (length < 0 || length > end) {
      throw new IOException(
          "found metadata of %d bytes in a footer of %d".formatted(length, footer.length));
    }
    return ParquetThrift.metadata(new ByteArrayInputStream(footer, end - length, length));
  }

  private static Map<String, String> texts(FileMetaData metadata) throws IOException {
    if (metadata.getKey_value_metadata() == null) {
      throw new IOException("it has no key-value metadata");
    }
    Map<String, String> texts = new HashMap<>();
    for (KeyValue text : metadata.getKey_value_metadata()) {
      texts.put(text.getKey(), text.getValue());
    }
    return texts;
  }
}
