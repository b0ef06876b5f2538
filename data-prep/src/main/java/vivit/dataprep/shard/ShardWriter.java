package vivit.dataprep.shard;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import vivit.dataprep.clip.TubeletCutter;

/**
 * Writes one shard: every clip becomes a row group of its own, with page checksums, and a checksum
 * of the whole row group in the footer. The same clips give the same bytes.
 */
public final class ShardWriter implements Closeable {
  private static final int PAGE_BYTES = 1 << 20;

  private final ShardHeader header;
  private final ChecksummedOutput out;
  private final ParquetWriter<ClipRow> writer;
  private final List<String> checksums = new ArrayList<>();
  private boolean closed;

  /**
   * Starts a shard on a stream, which stays open when the shard is finished.
   *
   * @throws IOException from the stream
   */
  public ShardWriter(OutputStream stream, ShardHeader header, Compression compression)
      throws IOException {
    this.header = header;
    this.out = new ChecksummedOutput(stream);
    this.writer =
        new Builder(out, new ClipRowWriteSupport(header, checksums))
            .withCompressionCodec(compression.codec())
            .withDictionaryEncoding(false)
            .withPageWriteChecksumEnabled(true)
            .withPageSize(PAGE_BYTES)
            .withRowGroupSize(1L)
            .withMinRowCountForPageSizeCheck(1)
            .withMaxRowCountForPageSizeCheck(1)
            .withMaxPaddingSize(0)
            .build();
  }

  /** Appends a clip. */
  public void write(StoredClip clip, ClipOrigin origin) throws IOException {
    if (clip.frames() != header.clip().frames()) {
      throw new IllegalArgumentException(
          "Clip %s has %d frames, expected %d"
              .formatted(clip.clipId(), clip.frames(), header.clip().frames()));
    }
    TubeletCutter cutter =
        new TubeletCutter(
            clip.frames(),
            clip.height(),
            clip.width(),
            header.clip().tubeletFrames(),
            header.clip().patch());
    if (checksums.isEmpty()) {
      out.takePartCrc(); // forgets the four bytes of magic before the first clip
    }
    writer.write(new ClipRow(clip, origin, cutter, cutter.cut(clip.pixels())));
    checksums.add(out.takePartCrc());
  }

  /** Clips written so far. */
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
    close();
    return new ShardFile(
        name, clips(), out.getPos(), out.wholeSha256(), footerOffset, out.partSha256());
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      writer.close();
    }
  }

  private static final class Builder extends ParquetWriter.Builder<ClipRow, Builder> {
    private final ClipRowWriteSupport support;

    Builder(OutputFile file, ClipRowWriteSupport support) {
      super(file);
      this.support = support;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<ClipRow> getWriteSupport(Configuration conf) {
      return support;
    }
  }
}
