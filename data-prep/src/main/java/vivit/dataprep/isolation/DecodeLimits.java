package vivit.dataprep.isolation;

import java.io.Serializable;
import java.time.Duration;

/**
 * What one video may take, and where it is decoded.
 *
 * @param isolation where; without helper processes the limits cannot be kept and are not
 * @param perVideo time that a decoder may work on one request, without waiting for storage
 * @param memoryBytes resident memory of a helper process
 */
public record DecodeLimits(Isolation isolation, Duration perVideo, long memoryBytes)
    implements Serializable {
  /** Least memory of a helper process: a Java virtual machine and a decoder of small videos. */
  public static final long LEAST_MEMORY_BYTES = 128L << 20;

  public DecodeLimits {
    if (perVideo.isNegative() || perVideo.isZero()) {
      throw new IllegalArgumentException(
          "time limit is %s, expected more than 0".formatted(perVideo));
    }
    if (memoryBytes < LEAST_MEMORY_BYTES) {
      throw new IllegalArgumentException(
          "memory limit is %d bytes, expected at least %d"
              .formatted(memoryBytes, LEAST_MEMORY_BYTES));
    }
  }
}
