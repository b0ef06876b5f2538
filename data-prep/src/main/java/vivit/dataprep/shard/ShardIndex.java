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
import org.apache.parquet.format.Util;

/**
 * The positions of the clips in a shard, from its checked footer. With it a shard can be opened
 * again without reading the footer. Takes about a hundred bytes per clip; immutable and
 * thread-safe.
 */
public final class ShardIndex {
  /** The length of the metadata and the magic bytes {@code PAR1}, at the end of the file. */
  private static final int TAIL_BYTES = 8;

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

  private ShardIndex(FileMetaData metadata, int[] checksums) {
    List<RowGroup> rowGroups = metadata.getRow_groups();
    this.columns = columns(metadata);
    this.checksums = checksums;
    this.starts = new long[rowGroups.size()];
    this.lengths = new int[rowGroups.size()];
    this.pages = new int[rowGroups.size()][columns.size()];
    this.plainTubeletBytes = new int[rowGroups.size()];
    for (int i = 0; i < starts.length; i++) {
      List<ColumnChunk> chunks = rowGroups.get(i).getColumns();
      starts[i] = chunks.get(0).getMeta_data().getData_page_offset();
      long length = 0;
      for (int column = 0; column < chunks.size(); column++) {
        ColumnMetaData chunk = chunks.get(column).getMeta_data();
        pages[i][column] = Math.toIntExact(chunk.getData_page_offset() - starts[i]);
        length += chunk.getTotal_compressed_size();
      }
      lengths[i] = Math.toIntExact(length);
      plainTubeletBytes[i] =
          Math.toIntExact(
              chunks.get(chunks.size() - 1).getMeta_data().getTotal_uncompressed_size());
    }
  }

  /**
   * Parses a footer whose checksum has been compared.
   *
   * @param footer the end of the file: indexes, metadata, length, magic
   * @throws CorruptShardException if it is too new or does not match {@code file}
   * @throws IOException if it does not parse
   */
  static ShardIndex of(byte[] footer, Object path, ShardFile file) throws IOException {
    FileMetaData metadata = metadata(footer);
    Map<String, String> texts = texts(metadata);
    int version = Integer.parseInt(texts.getOrDefault(ShardSchema.KEY_VERSION, "0"));
    if (version > ShardSchema.FORMAT_VERSION) {
      throw CorruptShardException.tooNew(path, version, ShardSchema.FORMAT_VERSION);
    }
    String[] found = texts.getOrDefault(ShardSchema.KEY_CHECKSUMS, "").split(",", -1);
    int rowGroups = metadata.getRow_groups().size();
    if (version < 1 || rowGroups != file.clips() || (rowGroups > 0 && found.length != rowGroups)) {
      throw new CorruptShardException(
          "Cannot read %s: %d row groups with %d checksums, the manifest says %d clips; prepare this shard again"
              .formatted(path, rowGroups, found.length, file.clips()));
    }
    int[] checksums = new int[rowGroups];
    for (int i = 0; i < rowGroups; i++) {
      checksums[i] = Integer.parseUnsignedInt(found[i], 16);
    }
    return new ShardIndex(metadata, checksums);
  }

  /** Key-value metadata of a footer. */
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

  private static Map<String, ShardColumn> columns(FileMetaData metadata) {
    Map<String, ShardColumn> columns = new HashMap<>();
    if (metadata.getRow_groups().isEmpty()) {
      return columns;
    }
    Map<String, Boolean> lists = new HashMap<>();
    for (SchemaElement element : metadata.getSchema()) {
      lists.putIfAbsent(element.getName(), element.getNum_children() > 0);
    }
    for (ColumnChunk chunk : metadata.getRow_groups().get(0).getColumns()) {
      String name = chunk.getMeta_data().getPath_in_schema().get(0);
      columns.put(
          name,
          new ShardColumn(name, columns.size(), lists.get(name), chunk.getMeta_data().getCodec()));
    }
    return columns;
  }

  private static FileMetaData metadata(byte[] footer) throws IOException {
    int end = footer.length - TAIL_BYTES;
    int start = end - ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    return Util.readFileMetaData(new ByteArrayInputStream(footer, start, end - start));
  }

  private static Map<String, String> texts(FileMetaData metadata) {
    Map<String, String> texts = new HashMap<>();
    for (KeyValue text : metadata.getKey_value_metadata()) {
      texts.put(text.getKey(), text.getValue());
    }
    return texts;
  }
}
