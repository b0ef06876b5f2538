package vivit.dataprep.shard;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import vivit.dataprep.storage.Sha256;

/** The checksums of the format, hexadecimal: SHA-256 of files, CRC-32C of clips. */
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

  /** Eight hexadecimal digits. */
  static String hex(CRC32C crc) {
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
