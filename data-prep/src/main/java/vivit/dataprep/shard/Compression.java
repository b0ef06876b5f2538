package vivit.dataprep.shard;

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
}
