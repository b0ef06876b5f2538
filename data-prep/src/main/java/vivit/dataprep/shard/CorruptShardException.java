package vivit.dataprep.shard;

import java.io.IOException;

/**
 * A shard set, or a file of one, that cannot be trusted. The message says whether it is truncated,
 * corrupt or too new, where, and what to do.
 */
public final class CorruptShardException extends IOException {
  private static final long serialVersionUID = 1L;

  public CorruptShardException(String message) {
    super(message);
  }

  public CorruptShardException(String message, Throwable cause) {
    super(message, cause);
  }

  static CorruptShardException truncated(Object file, long found, long expected) {
    return new CorruptShardException(
        ("Cannot read %s: it is truncated, %d bytes where the manifest says %d;"
                + " copy or prepare this shard again")
            .formatted(file, found, expected));
  }

  static CorruptShardException checksum(
      Object file, String what, long offset, String found, String expected) {
    return new CorruptShardException(
        "Cannot read %s: %s (byte %d) has checksum %s, expected %s; prepare this shard again"
            .formatted(file, what, offset, found, expected));
  }

  static CorruptShardException tooNew(Object file, int found, int known) {
    return new CorruptShardException(
        ("Cannot read %s: it has format version %d, this release reads up to version %d;"
                + " use a newer release of ViViT on Spark")
            .formatted(file, found, known));
  }
}
