package vivit.dataprep.shard;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vivit.dataprep.text.Visible;

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
  private static final Pattern NAME = Pattern.compile("part-([0-9]{5,10})\\.parquet");

  /** Refuses names that are not those of a shard in its set's folder, and impossible numbers. */
  public ShardFile {
    requireName(name);
    if (clips < 0) {
      throw new IllegalArgumentException(
          "%s: found %d clips, expected 0 or more".formatted(name, clips));
    }
    if (footerOffset < 0 || footerOffset > bytes) {
      throw new IllegalArgumentException(
          "%s: found a footer at byte %d of %d, expected one inside"
              .formatted(name, footerOffset, bytes));
    }
  }

  /**
   * Checks the name of a shard, which becomes part of a path.
   *
   * @throws IllegalArgumentException if it is not {@code part-}, the number of the shard with five
   *     digits or more, and {@code .parquet}
   */
  static void requireName(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches() || !isNumber(matcher.group(1))) {
      throw new IllegalArgumentException(
          "found a shard called \"%s\", expected a name such as %s"
              .formatted(Visible.text(name), ShardFolder.shardName(0)));
    }
  }

  /** Whether these are the digits of an {@code int} as {@link ShardFolder#shardName} has them. */
  private static boolean isNumber(String digits) {
    long number = Long.parseLong(digits);
    return number <= Integer.MAX_VALUE
        && ShardFolder.shardName((int) number).contains("-" + digits + ".");
  }

  /** The checksum that covers all of its bytes, directly or through the footer. */
  public String checksum() {
    return sha256.isEmpty() ? footerSha256 : sha256;
  }

  /** Number of the shard in the set, taken from the file name. */
  public int number() {
    return Integer.parseInt(name.replaceAll("[^0-9]", ""));
  }
}
