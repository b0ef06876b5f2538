package vivit.dataprep.shard;

import java.util.EnumMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** What takes compressed pages apart; made when the first such page is met. For one thread. */
final class Codecs implements AutoCloseable {
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
