package vivit.dataprep.shard;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import vivit.dataprep.storage.Sha256;

/** The two checksums of the format: SHA-256 for files, CRC-32C for clips. */
final class Checksums {
  private Checksums() {}

  static MessageDigest sha256() {
    return Sha256.digest();
  }

  static String sha256(byte[] bytes) {
    return Sha256.of(bytes);
  }

  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  /** CRC-32C as eight hexadecimal digits. */
  static String crc32c(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return hex(crc);
  }

  static String hex(CRC32C crc) {
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
