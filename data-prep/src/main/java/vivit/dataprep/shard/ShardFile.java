package vivit.dataprep.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;

/**
 * One file of a shard set, as its manifest vouches for it.
 *
 * @param name file name in the set's folder
 * @param clips number of clips, one per row group
 * @param bytes length of the file
 * @param sha256 of the whole file, hexadecimal, in sets of older releases; else empty
 * @param footerOffset where the clips end and the footer begins
 * @param footerSha256 of the bytes from there to the end, which hold a checksum of every clip
 */
public record ShardFile(
    String name, int clips, long bytes, String sha256, long footerOffset, String footerSha256)
    implements Serializable {

  /** As in the manifest. */
  public ObjectNode toJson() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", name)
            .put("clips", clips)
            .put("bytes", bytes);
    if (!sha256.isEmpty()) {
      json.put("sha256", sha256);
    }
    return json.put("footer_offset", footerOffset).put("footer_sha256", footerSha256);
  }

  /** What stands for all of its bytes. */
  public String checksum() {
    return sha256.isEmpty() ? footerSha256 : sha256;
  }

  /** Its number in the set: that of its name. */
  public int number() {
    return Integer.parseInt(name.replaceAll("[^0-9]", ""));
  }

  /** Reads what {@link #toJson} wrote. */
  public static ShardFile of(JsonNode json) {
    return new ShardFile(
        json.path("name").asText(),
        json.path("clips").asInt(),
        json.path("bytes").asLong(),
        json.path("sha256").asText(),
        json.path("footer_offset").asLong(),
        json.path("footer_sha256").asText());
  }
}
