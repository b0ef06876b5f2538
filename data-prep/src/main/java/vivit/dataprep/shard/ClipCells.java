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
import org.apache.hadoop.io.compress.CodecPool;
import org.apache.hadoop.io.compress.Decompressor;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.codec.Lz4RawCodec;
import org.apache.parquet.hadoop.codec.SnappyCodec;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.shard.ShardIndex.ShardColumn;
import vivit.dataprep.storage.WholeFile;

/**
 * The cells of a clip's row, parsed on demand from the checked bytes of its row group. Supports
 * only what this format writes: one page per column, plain values.
 *
 * <p>Every method throws {@link CorruptShardException} if the bytes do not parse.
 */
final class ClipCells {
  /** Largest plain page of a column that is not the tubelets: a list of class names. */
  private static final int MOST_CELL_BYTES = 1 << 24;

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

  /** The geometry that the row states. */
  TubeletCutter cutter() throws CorruptShardException {
    return attempt(
        "height and width",
        () ->
            new TubeletCutter(
                integer("frames"),
                integer("height"),
                integer("width"),
                integer("tubelet_frames"),
                integer("tubelet_height")));
  }

  /** Creates the exception for a row whose cells contradict each other. */
  CorruptShardException wrong(String problem) {
    return new CorruptShardException(
        "Cannot read %s: clip %d (row group %d, byte %d) %s; prepare this shard again"
            .formatted(path, rowGroup, rowGroup, index.start(rowGroup), problem));
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
    } catch (CorruptShardException e) { // of a cell that this one depends on
      throw e;
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
    PageHeader header = ParquetThrift.header(in);
    if (!header.isSetData_page_header()
        || header.getData_page_header().getEncoding() != Encoding.PLAIN) {
      throw new IOException(
          "found a page of type %s, expected plain values".formatted(header.getType()));
    }
    return new CellPage(header, chunk.slice((int) in.position(), header.getCompressed_page_size()));
  }

  /** The values of a column, after the page's header and the levels of a list. */
  private ByteBuffer values(ShardColumn column) throws IOException {
    CellPage stored = page(column);
    ByteBuffer page = stored.bytes();
    if (column.codec() != CompressionCodec.UNCOMPRESSED) {
      int size = stored.header().getUncompressed_page_size();
      requireSize(column, size, page);
      page = codecs.unpack(column.codec(), page, size);
    }
    page.order(ByteOrder.LITTLE_ENDIAN);
    if (column.list()) { // skips the levels: lists contain no nulls, so they add no information
      page.position(page.position() + Integer.BYTES + page.getInt(page.position()));
      page.position(page.position() + Integer.BYTES + page.getInt(page.position()));
    }
    return page;
  }

  /** Refuses a page that would unpack to more than its column can hold, before it is unpacked. */
  private void requireSize(ShardColumn column, int size, ByteBuffer packed) throws IOException {
    if (column.name().equals(ShardSchema.TUBELETS)) {
      int expected = TubeletPage.START + cutter().tubeletBytes();
      if (size != expected || size > WholeFile.mostClipBytes()) {
        throw new IOException(
            "its page unpacks to %d bytes, expected %d and at most %d in this heap"
                .formatted(size, expected, WholeFile.mostClipBytes()));
      }
    } else if (size < 0 || size > MOST_CELL_BYTES) {
      throw new IOException(
          "its page unpacks to %d bytes, expected at most %d".formatted(size, MOST_CELL_BYTES));
    }
    if (column.codec() == CompressionCodec.SNAPPY && snappySize(packed) != size) {
      throw new IOException(
          "its page unpacks to %d bytes, expected %d".formatted(snappySize(packed), size));
    }
  }

  /** The size at the beginning of Snappy's bytes, which its decompressor would allocate. */
  private static long snappySize(ByteBuffer packed) {
    long size = 0;
    for (int i = 0; i < Integer.BYTES + 1; i++) {
      byte part = packed.get(packed.position() + i);
      size |= (long) (part & 0x7f) << (7 * i);
      if (part >= 0) {
        return size;
      }
    }
    return -1;
  }

  /** Decompressors, created when the first compressed page is read. Not thread-safe. */
  static final class Codecs implements AutoCloseable {
    private CodecFactory factory; // of Zstandard
    private final Map<CompressionCodec, Decompressor> pooled =
        new EnumMap<>(CompressionCodec.class);

    /** Unpacks a page of a known size. */
    ByteBuffer unpack(CompressionCodec codec, ByteBuffer packed, int size) throws IOException {
      return switch (codec) {
        case SNAPPY -> unpack(of(codec, new SnappyCodec()), packed, size);
        case LZ4_RAW -> unpack(of(codec, new Lz4RawCodec()), packed, size);
        default -> {
          if (factory == null) {
            factory = new CodecFactory(new Configuration(false), 0);
          }
          yield factory
              .getDecompressor(CompressionCodecName.fromParquet(codec))
              .decompress(BytesInput.from(packed), size)
              .toByteBuffer()
              .slice();
        }
      };
    }

    private Decompressor of(
        CompressionCodec codec, org.apache.hadoop.io.compress.CompressionCodec hadoop) {
      return pooled.computeIfAbsent(codec, one -> CodecPool.getDecompressor(hadoop));
    }

    /** Unpacks in one call: Parquet's streams around these wait forever for bytes that lack. */
    private static ByteBuffer unpack(Decompressor codec, ByteBuffer packed, int size)
        throws IOException {
      byte[] input = new byte[packed.remaining()];
      packed.get(input);
      byte[] plain = new byte[size];
      try {
        codec.setInput(input, 0, input.length);
        int found = codec.decompress(plain, 0, size);
        if (found != size) {
          throw new IOException("its page unpacks to %d bytes, expected %d".formatted(found, size));
        }
        return ByteBuffer.wrap(plain);
      } finally {
        codec.reset();
      }
    }

    @Override
    public void close() {
      pooled.values().forEach(CodecPool::returnDecompressor);
      pooled.clear();
      if (factory != null) {
        factory.release();
      }
    }
  }
}
