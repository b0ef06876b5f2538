package vivit.dataprep.shard;

import java.util.Arrays;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Compression codecs of shards. Spark ships all of them, so no machine needs anything installed.
 */
public enum Compression {
  NONE(CompressionCodecName.UNCOMPRESSED),
  SNAPPY(CompressionCodecName.SNAPPY),
  LZ4(CompressionCodecName.LZ4_RAW),
  ZSTD(CompressionCodecName.ZSTD);

  private final CompressionCodecName codec;

  Compression(CompressionCodecName codec) {
    this.codec = codec;
  }

  CompressionCodecName codec() {
    return codec;
  }

  /** Whether a column with this codec can be one of this format. */
  static boolean isKnown(CompressionCodec codec) {
    return Arrays.stream(values()).anyMatch(one -> one.codec.getParquetCompressionCodec() == codec);
  }
}
