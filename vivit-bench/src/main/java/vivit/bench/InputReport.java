package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;

/**
 * The speed of turning clips into batches.
 *
 * @param shards the shard set's folder
 * @param clips number of clips in the shard set
 * @param batch number of clips per batch
 * @param threads number of threads that the input may use
 * @param warmup number of batches before measuring
 * @param seconds time between two batches
 * @param clipsPerSecond at the median
 * @param megabytesPerSecond of stored clips, at the median; a megabyte is 10^6 bytes
 * @param millisecondsPerClip at the median
 * @param readMilliseconds mean time to read a clip, on its thread
 * @param augmentMilliseconds mean time to convert a clip from stored tubelets to normalised tokens,
 *     on the same thread
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record InputReport(
    String shards,
    long clips,
    int batch,
    int threads,
    int warmup,
    Spread seconds,
    double clipsPerSecond,
    double megabytesPerSecond,
    double millisecondsPerClip,
    double readMilliseconds,
    double augmentMilliseconds)
    implements Report {

  @Override
  public String text() {
    return String.format(
        Locale.ROOT,
        "%s: %,d clips, batches of %d%n%n"
            + "%d batches after %d to warm up: median %.1f ms, p10 %.1f, p90 %.1f%n"
            + "%.2f clips/s, %.1f MB/s, %.2f ms a clip%n"
            + "on its thread: reading %.2f ms a clip, augmenting %.2f%n",
        shards,
        clips,
        batch,
        seconds.count(),
        warmup,
        1e3 * seconds.median(),
        1e3 * seconds.p10(),
        1e3 * seconds.p90(),
        clipsPerSecond,
        megabytesPerSecond,
        millisecondsPerClip,
        readMilliseconds,
        augmentMilliseconds);
  }
}
