package vivit.dataprep.isolation;

import java.io.Serializable;
import java.time.Duration;

/**
 * The place where videos are decoded, and the time and memory allowed per video.
 *
 * @param isolation where decoding happens; the limits hold in helper processes only
 * @param sandbox what confines helper processes
 * @param perVideo time for one request, not counting waits for storage
 * @param memoryBytes resident memory of a helper process
 */
public record DecodeLimits(
    Isolation isolation, SandboxChoice sandbox, Duration perVideo, long memoryBytes)
    implements Serializable {
  /** Smallest memory limit: enough for a Java virtual machine and a decoder of small videos. */
  public static final long LEAST_MEMORY_BYTES = 128L << 20;

  /** The place where videos are decoded. */
  public enum Isolation {
    /** A helper process; a failure there costs one video. */
    PROCESS,
    /** This JVM, without limits; a crash of the decoder ends the JVM. */
    NONE
  }

  /** What confines helper processes. */
  public enum SandboxChoice {
    /** The best of the others that works on the machine. */
    AUTO,
    /** The program of bubblewrap, and nothing else. */
    BWRAP,
    /** The program of util-linux, and nothing else. */
    UNSHARE,
    /** Nothing. */
    NONE
  }

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
