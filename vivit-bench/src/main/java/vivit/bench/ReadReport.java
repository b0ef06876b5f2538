package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;

/**
 * The speed of one thread that reads clips in random order.
 *
 * @param shards the shard set's folder
 * @param clips number of clips to choose from at random
 * @param megabytesPerClip mean stored size; a megabyte is 10^6 bytes
 * @param warmup number of steps before measuring; a step reads a clip in each way
 * @param plain reading the file's bytes only
 * @param tubelets reading and checking clips as stored
 * @param crop reading, checking and assembling to frames the part that training cuts out: a random
 *     crop of the model's size, neither mirrored nor rescaled
 * @param pixels reading, checking and assembling whole frames
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
   * @param seconds time per clip
   * @param gigabytesPerSecond of stored bytes, at the median
   * @param share of the speed of plain reads
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
