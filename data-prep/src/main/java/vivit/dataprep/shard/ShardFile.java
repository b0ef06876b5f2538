package vivit.dataprep.shard;

import java.io.Serializable;

/**
 * One file of a shard set, as listed in the manifest.
 *
 * @param name file name in the set's folder
 * @param clips number of clips, one per row group
 * @param bytes length of the file
 * @param sha256 of the whole file, hexadecimal, in sets of older releases; else empty
 * @param footerOffset end of the clips and start of the footer, in bytes
 * @param footerSha256 of the bytes from there to the end, which contain a checksum of every clip
 */
public record ShardFile(
    String name, int clips, long bytes, String sha256, long footerOffset, String footerSha256)
    implements Serializable {

  /** The checksum that covers all of its bytes, directly or through the footer. */
  public String checksum() {
    return sha256.isEmpty() ? footerSha256 : sha256;
  }

  /** Number of the shard in the set, taken from the file name. */
  public int number() {
    return Integer.parseInt(name.replaceAll("[^0-9]", ""));
  }
}
