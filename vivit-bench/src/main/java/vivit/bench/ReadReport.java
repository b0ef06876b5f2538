package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;

/**
 * How fast one thread reads clips in random order.
 *
 * @param shards the shard set's folder
 * @param clips among which the order is random
 * @param megabytesPerClip as stored, mean; a megabyte is 10^6 bytes
 * @param warmup steps before; a step reads a clip in each way
 * @param plain the file's bytes, nothing else
 * @param tubelets checked, as they are stored
 * @param crop checked, and what training cuts out put together to frames: a random part of the
 *     model's size, neither mirrored nor rescaled
 * @param pixels checked, and put together to frames whole
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ReadReport(
    String shards,
    int clips,
    double megabytesPerClip,
    int warmup,
    Way plain,
    Way tubelets,
    Way crop,
    Way pixels)
    implements Report {

  /**
   * A way of reading.
   *
   * @param seconds of a clip
   * @param gigabytesPerSecond as stored, at the median
   * @param share of the plain reads' speed
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Way(Spread seconds, double gigabytesPerSecond, double share) {
    private String text(String name) {
      return String.format(
          Locale.ROOT,
          "%-18s %s %8.2f %7.2f%n",
          name,
          seconds.milliseconds(),
          gigabytesPerSecond,
          share);
    }
  }

  @Override
  public String text() {
    return String.format(
            Locale.ROOT,
            "%s: %,d clips of %.2f MB, one thread, %d of each way after %d to warm up%n%n"
                + "%-18s %s %8s %7s%n",
            shards,
            clips,
            megabytesPerClip,
            plain.seconds().count(),
            warmup,
            "a clip",
            Spread.heading("ms"),
            "GB/s",
            "share")
        + plain.text("plain read")
        + tubelets.text("as stored")
        + crop.text("crop for training")
        + pixels.text("whole, as pixels");
  }
}
