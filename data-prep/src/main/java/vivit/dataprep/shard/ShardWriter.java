package vivit.dataprep.shard;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.factory.DefaultV1ValuesWriterFactory;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.internal.column.columnindex.BinaryTruncator;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import vivit.dataprep.clip.TubeletCutter;

/**
 * Writes one shard. Every clip is one row group, with page checksums; the footer holds a checksum
 * of every row group. The same clips always give the same bytes.
 */
public final class ShardWriter implements Closeable {
  /** First bytes of every Parquet file. */
  static final String MAGIC = "PAR1";

  private static final int PAGE_BYTES = 1 << 20;
  private static final int STATISTICS_BYTES = 64;
  private static final ParquetProperties PROPERTIES =
      ParquetProperties.builder()
          .withDictionaryEncoding(false)
          // Parquet's own factory is one for the JVM, and follows whoever built properties last.
          .withValuesWriterFactory(new DefaultV1ValuesWriterFactory())
          .withPageSize(PAGE_BYTES)
          .withColumnIndexTruncateLength(STATISTICS_BYTES)
          .build();

  private final ShardHeader header;
  private final MessageType small;
  private final MessageColumnIO smallColumns;
  private final ColumnDescriptor tubelets;
  private final TubeletPage own = new TubeletPage();
  private final ChecksummedOutput out;
  private final CodecFactory codecs = new CodecFactory(new Configuration(false), PAGE_BYTES);
  private final Compression compression;
  private final ParquetFileWriter parquet;
  private final List<String> checksums = new ArrayList<>();

  /**
   * Starts a shard on a stream, which stays open after the shard is finished.
   *
   * @throws IOException from the stream
   */
  public ShardWriter(OutputStream stream, ShardHeader header, Compression compression)
      throws IOException {
    this.header = header;
    MessageType schema = ShardSchema.message(header.heads());
    this.tubelets = schema.getColumnDescription(new String[] {ShardSchema.TUBELETS});
    this.small =
        new MessageType(
            schema.getName(), schema.getFields().subList(0, schema.getFieldCount() - 1));
    this.smallColumns = new ColumnIOFactory().getColumnIO(small);
    this.out = new ChecksummedOutput(stream);
    this.compression = compression;
    this.parquet =
        new ParquetFileWriter(
            out,
            schema,
            ParquetFileWriter.Mode.CREATE,
            Long.MAX_VALUE,
            0,
            STATISTICS_BYTES,
            STATISTICS_BYTES,
            true);
    parquet.start();
    out.takePartCrc(); // the four bytes of magic belong to no clip
  }

  /** Appends a clip, given as pixels. */
  public void write(StoredClip clip, ClipOrigin origin) throws IOException {
    ClipRow row = new ClipRow(clip.clipId(), clip.videoId(), clip.view(), clip.labels(), origin);
    requireFrames(row, clip.frames());
    own.fill(header.clip().cutter(clip.height(), clip.width()), clip.pixels());
    write(row, own);
  }

  /**
   * Appends a clip.
   *
   * @param page its tubelets, of the geometry of this shard
   */
  public void write(ClipRow row, TubeletPage page) throws IOException {
    TubeletCutter cutter = page.cutter();
    requireFrames(row, cutter.frames());
    if (!cutter.equals(header.clip().cutter(cutter.height(), cutter.width()))) {
      throw new IllegalArgumentException(
          "Clip %s is cut as %s, expected %s".formatted(row.clipId(), cutter, header.clip()));
    }
    String problem = LabelCells.problem(header.heads(), row.labels());
    if (problem != null) {
      throw new IllegalArgumentException("Clip " + row.clipId() + " " + problem);
    }
    writeRowGroup(row, page);
    checksums.add(out.takePartCrc());
  }

  /** Number of clips written so far. */
  public int clips() {
    return checksums.size();
  }

  /**
   * Writes the footer and describes the file.
   *
   * @param name of the file in its set
   */
  public ShardFile finish(String name) throws IOException {
    long footerOffset = out.getPos();
    out.beginFooter();
    Map<String, String> footer = ManifestJson.footer(header);
    footer.put(ShardSchema.KEY_CHECKSUMS, String.join(",", checksums));
    parquet.end(footer);
    String footerSha256 = out.endFooter();
    return new ShardFile(name, clips(), out.getPos(), "", footerOffset, footerSha256);
  }

  @Override
  public void close() {
    codecs.release();
  }

  private void requireFrames(ClipRow row, int frames) {
    if (frames != header.clip().frames()) {
      throw new IllegalArgumentException(
          "Clip %s has %d frames, expected %d"
              .formatted(row.clipId(), frames, header.clip().frames()));
    }
  }

  private void writeRowGroup(ClipRow row, TubeletPage page) throws IOException {
    ColumnChunkPageWriteStore pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(compression.codec()),
            small,
            PROPERTIES.getAllocator(),
            STATISTICS_BYTES,
            true);
    ColumnWriteStore columns = PROPERTIES.newColumnWriteStore(small, pages);
    RecordConsumer consumer = smallColumns.getRecordWriter(columns);
    new ClipRowWriter(small, header, consumer).write(row, page.cutter());
    consumer.flush();
    parquet.startBlock(1);
    columns.flush();
    pages.flushToFileWriter(parquet);
    writeTubelets(page);
    parquet.endBlock();
    columns.close();
  }

  /** Writes the last column without Parquet's buffers, which would copy it several times. */
  @SuppressWarnings("deprecation") // the level encoding of a column without levels; no page index
  private void writeTubelets(TubeletPage page) throws IOException {
    StoredPage plain = new StoredPage(page);
    BytesInput stored =
        compression == Compression.NONE
            ? plain
            : codecs.getCompressor(compression.codec()).compress(plain);
    int bytes = Math.toIntExact(plain.size());
    Statistics<?> bounds = plain.bounds(tubelets.getPrimitiveType(), STATISTICS_BYTES);
    Encoding levels = Encoding.BIT_PACKED;
    parquet.startColumn(tubelets, 1, compression.codec());
    if (bounds.hasNonNullValue()) {
      parquet.writeDataPage(1, bytes, stored, bounds, 1, levels, levels, Encoding.PLAIN);
    } else {
      parquet.writeDataPage(1, bytes, stored, bounds, levels, levels, Encoding.PLAIN);
    }
    parquet.endColumn();
  }

  /** Presents a {@link TubeletPage} to Parquet without copying it. */
  private static final class StoredPage extends BytesInput {
    /** Parquet writes no page index for two bounds of at least this length. */
    private static final int BOUND_BYTES = 2049;

    private final byte[] bytes;

    StoredPage(TubeletPage page) {
      this.bytes = page.whole();
    }

    /**
     * Bounds of the page's only value, which Parquet truncates to {@code most} bytes in the footer.
     * None if the upper bound cannot be truncated, as for a clip that begins with white: the footer
     * would contain it in full. A prefix of the value suffices and takes less memory.
     */
    Statistics<?> bounds(PrimitiveType type, int most) {
      int end = Math.min(bytes.length, TubeletPage.START + BOUND_BYTES);
      byte[] bound = Arrays.copyOfRange(bytes, TubeletPage.START, end);
      BinaryTruncator truncator = BinaryTruncator.getTruncator(type);
      if (truncator.truncateMax(Binary.fromConstantByteArray(bound), most).length() > most) {
        return Statistics.createStats(type);
      }
      return Statistics.getBuilderForReading(type)
          .withMin(bound)
          .withMax(bound)
          .withNumNulls(0)
          .build();
    }

    @Override
    public void writeAllTo(OutputStream out) throws IOException {
      out.write(bytes);
    }

    @Override
    public byte[] toByteArray() {
      return bytes;
    }

    @Override
    public ByteBuffer toByteBuffer() {
      return ByteBuffer.wrap(bytes);
    }

    @Override
    public long size() {
      return bytes.length;
    }
  }
}
