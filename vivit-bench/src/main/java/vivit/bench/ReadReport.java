package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;

/**
 * The speed of one thread that reads clips in random order.
 *
 * @param shards the shard set's folder
 * @param clips number of clips to choose from at random
 * @param megabytesPerClip as stored, mean; a megabyte is 10^6 bytes
 * @param warmup steps before; a step reads a clip in each way
 * @param plain reading the file's bytes and nothing else
 * @param tubelets checked, as they are stored
 * @param crop checked, and the part that training cuts out assembled to frames: a random crop of
 *     the model's size, neither mirrored nor rescaled
 * @param pixels checked, and assembled to whole frames
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ReadReport(
    String shards,
    int clips,
    double megabytesPerClip,
    int warmup,
    ReadSpeed plain,
    ReadSpeed tubelets,
    ReadSpeed crop,
    ReadSpeed pixels)
    implements Report {

  /**
   * The speed of one way of reading.
   *
   * @param seconds of a clip
   * @param gigabytesPerSecond as stored, at the median
   * @param share of the plain reads' speed
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record ReadSpeed(Spread seconds, double gigabytesPerSecond, double share) {
    private String text(String name) {
      return seconds.row(
          name, String.format(Locale.ROOT, "%8.2f %7.2f", gigabytesPerSecond, share));
    }
  }

  @Override
  public String text() {
    return String.format(
            Locale.ROOT,
            "%s: %,d clips of %.2f MB, one thread, %d of each way after %d to warm up%n%n",
            shards,
            clips,
            megabytesPerClip,
            plain.seconds().count(),
            warmup)
        + Spread.heading("a clip", "ms", String.format("%8s %7s", "GB/s", "share"))
        + plain.text("plain read")
        + tubelets.text("as stored")
        + crop.text("crop for training")
        + pixels.text("whole, as pixels");
  }
}
