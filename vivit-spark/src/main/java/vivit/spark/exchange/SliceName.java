package vivit.spark.exchange;

import java.io.Serializable;

/**
 * Names a slice of a vector on an executor.
 *
 * @param run the execution of training that it belongs to
 * @param vector which vector, such as {@code parameters}; without slashes
 * @param version counts the vector's changes
 * @param slice number of the slice, from 0
 */
public record SliceName(String run, String vector, long version, int slice)
    implements Serializable {

  /** The name as peers send it to one another. */
  String text() {
    return run + '/' + vector + '/' + version + '/' + slice;
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException if a peer sends something else
   */
  static SliceName of(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("Not the name of a slice");
    }
    return new SliceName(parts[0], parts[1], Long.parseLong(parts[2]), Integer.parseInt(parts[3]));
  }

  @Override
  public String toString() {
    return "slice %d of %s, version %d".formatted(slice, vector, version);
  }
}
