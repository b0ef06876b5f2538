package vivit.dataprep.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import vivit.dataprep.shard.ShardIndex.ShardColumn;

/**
 * The cells of a clip's row, parsed on demand from the checked bytes of its row group. Supports
 * only what this format writes: one page per column, plain values.
 *
 * <p>Every method throws {@link CorruptShardException} if the bytes do not parse.
 */
final class ClipCells {
  private final ShardIndex index;
  private final int rowGroup;
  private final Object path;
  private final ByteBuffer bytes;
  private final Codecs codecs;

  /** Reads the value of a cell from the bytes of its page. */
  private interface Parser<T> {
    T parse(ByteBuffer values);
  }

  private interface PageAction<T> {
    T run() throws IOException;
  }

  /** A page as it is stored. */
  private record CellPage(PageHeader header, ByteBuffer bytes) {}

  /**
   * Wraps a row group.
   *
   * @param path named in errors
   * @param bytes of the row group, from its position on
   */
  ClipCells(ShardIndex index, int rowGroup, Object path, ByteBuffer bytes, Codecs codecs) {
    this.index = index;
    this.rowGroup = rowGroup;
    this.path = path;
    this.bytes = bytes;
    this.codecs = codecs;
  }

  int integer(String column) throws CorruptShardException {
    return parse(column, ByteBuffer::getInt);
  }

  double real(String column) throws CorruptShardException {
    return parse(column, ByteBuffer::getDouble);
  }

  String text(String column) throws CorruptShardException {
    return parse(column, ClipCells::text);
  }

  /** The bytes of a binary cell; a view of the row group if it is not compressed. */
  ByteBuffer binary(String column) throws CorruptShardException {
    return parse(column, ClipCells::binary);
  }

  List<Integer> integers(String column) throws CorruptShardException {
    return list(column, ByteBuffer::getInt);
  }

  List<String> texts(String column) throws CorruptShardException {
    return list(column, ClipCells::text);
  }

  double[] reals(String column) throws CorruptShardException {
    return list(column, ByteBuffer::getDouble).stream().mapToDouble(value -> value).toArray();
  }

  /**
   * Checks the CRC of every page inside the bytes, for row groups whose own checksum was not
   * compared.
   */
  void checkPages() throws CorruptShardException {
    for (ShardColumn column : index.columns()) {
      if (index.page(rowGroup, column) < bytes.remaining()) {
        attempt(column.name(), () -> check(page(column)));
      }
    }
  }

  private static Void check(CellPage page) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(page.bytes().duplicate());
    if (!page.header().isSetCrc() || page.header().getCrc() != (int) crc.getValue()) {
      throw new IOException(
          "its page has CRC %08x, expected %08x"
              .formatted((int) crc.getValue(), page.header().getCrc()));
    }
    return null;
  }

  private static ByteBuffer binary(ByteBuffer values) {
    ByteBuffer binary = values.slice(values.position() + Integer.BYTES, values.getInt());
    values.position(values.position() + binary.remaining());
    return binary;
  }

  private static String text(ByteBuffer values) {
    return StandardCharsets.UTF_8.decode(binary(values)).toString();
  }

  private <T> List<T> list(String column, Parser<T> element) throws CorruptShardException {
    return parse(
        column,
        values -> {
          List<T> list = new ArrayList<>();
          while (values.hasRemaining()) {
            list.add(element.parse(values));
          }
          return list;
        });
  }

  private <T> T parse(String name, Parser<T> parser) throws CorruptShardException {
    return attempt(name, () -> parser.parse(values(index.column(name))));
  }

  private <T> T attempt(String name, PageAction<T> action) throws CorruptShardException {
    try {
      return action.run();
    } catch (IOException | RuntimeException e) {
      throw new CorruptShardException(
          "Cannot read %s: clip %d (row group %d, byte %d) does not parse (%s: %s); prepare this shard again"
              .formatted(path, rowGroup, rowGroup, index.start(rowGroup), name, e.getMessage()),
          e);
    }
  }

  private CellPage page(ShardColumn column) throws IOException {
    int start = bytes.position() + index.page(rowGroup, column);
    ByteBuffer chunk = bytes.slice(start, bytes.limit() - start);
    ByteBufferInputStream in = ByteBufferInputStream.wrap(chunk);
    PageHeader header = Util.readPageHeader(in);
    if (!header.isSetData_page_header()
        || header.getData_page_header().getEncoding() != Encoding.PLAIN) {
      throw new IOException("found a page " + header + ", expected plain values");
    }
    return new CellPage(header, chunk.slice((int) in.position(), header.getCompressed_page_size()));
  }

  /** The values of a column, after the page's header and the levels of a list. */
  private ByteBuffer values(ShardColumn column) throws IOException {
    CellPage stored = page(column);
    ByteBuffer page = stored.bytes();
    if (column.codec() != CompressionCodec.UNCOMPRESSED) {
      BytesInput plain =
          codecs
              .of(column.codec())
              .decompress(BytesInput.from(page), stored.header().getUncompressed_page_size());
      page = plain.toByteBuffer().slice();
    }
    page.order(ByteOrder.LITTLE_ENDIAN);
    if (column.list()) { // skips the levels: lists contain no nulls, so they add no information
      page.position(page.position() + Integer.BYTES + page.getInt(page.position()));
      page.position(page.position() + Integer.BYTES + page.getInt(page.position()));
    }
    return page;
  }

  /** Decompressors, created when the first compressed page is read. Not thread-safe. */
  static final class Codecs implements AutoCloseable {
    private final Map<CompressionCodec, BytesInputDecompressor> decompressors =
        new EnumMap<>(CompressionCodec.class);
    private CodecFactory factory;

    BytesInputDecompressor of(CompressionCodec codec) {
      if (factory == null) {
        factory = new CodecFactory(new Configuration(false), 0);
      }
      return decompressors.computeIfAbsent(
          codec, one -> factory.getDecompressor(CompressionCodecName.fromParquet(one)));
    }

    @Override
    public void close() {
      if (factory != null) {
        factory.release();
      }
    }
  }
}
