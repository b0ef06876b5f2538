package vivit.spark.checkpoint;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A long vector of floats divided into slices, so that no array, message or file write is as long
 * as the vector.
 *
 * <p>All slices have {@code sliceLength} values except the last, which may be shorter. The arrays
 * belong to the vector; callers must not change them.
 */
public final class SlicedVector {
  private final long length;
  private final int sliceLength;
  private final float[][] slices;

  /** Creates a vector of zeros. */
  public SlicedVector(long length, int sliceLength) {
    if (length < 1 || sliceLength < 1) {
      throw new IllegalArgumentException(
          "a vector of " + length + " values in slices of " + sliceLength + "; expected 1 or more");
    }
    this.length = length;
    this.sliceLength = sliceLength;
    this.slices = new float[count(length, sliceLength)][];
    for (int i = 0; i < slices.length; i++) {
      slices[i] = new float[(int) Math.min(sliceLength, length - (long) i * sliceLength)];
    }
  }

  /** Wraps {@code values} as a vector of one slice; the array then belongs to the vector. */
  public static SlicedVector of(float[] values) {
    SlicedVector vector = new SlicedVector(values.length);
    vector.slices[0] = values;
    return vector;
  }

  private SlicedVector(int length) {
    this.length = length;
    this.sliceLength = length;
    this.slices = new float[1][];
  }

  /** Copies the vector and its arrays. */
  public SlicedVector copy() {
    SlicedVector copy = new SlicedVector(length, sliceLength);
    for (int i = 0; i < slices.length; i++) {
      copy.slices[i] = slices[i].clone();
    }
    return copy;
  }

  /** {@code v <- kept v + (1 - kept) other}, in place, in double. */
  public void blend(double kept, SlicedVector other) {
    for (int i = 0; i < slices.length; i++) {
      float[] mine = slices[i];
      float[] theirs = other.slices[i];
      for (int j = 0; j < mine.length; j++) {
        mine[j] = (float) (kept * mine[j] + (1 - kept) * theirs[j]);
      }
    }
  }

  /** Number of slices of a vector of {@code length} values. */
  public static int count(long length, int sliceLength) {
    return Math.toIntExact((length + sliceLength - 1) / sliceLength);
  }

  /** Copies a flat float32 array of any rank. */
  public static SlicedVector of(INDArray array, int sliceLength) {
    SlicedVector vector = new SlicedVector(array.length(), sliceLength);
    for (int i = 0; i < vector.slices.length; i++) {
      vector.slices[i] = slice(array, i, sliceLength);
    }
    return vector;
  }

  /** Copies one slice of a flat float32 array. */
  public static float[] slice(INDArray array, int index, int sliceLength) {
    try (INDArray copy = window(array, index, sliceLength).dup()) {
      return copy.toFloatVector();
    }
  }

  /** Copies one slice to its place in a flat float32 array. */
  public static void place(float[] slice, INDArray array, int index, int sliceLength) {
    try (INDArray values = Nd4j.createFromArray(slice)) {
      window(array, index, sliceLength).assign(values);
    }
  }

  /** Copies all slices into a flat float32 array of the same length. */
  public void copyTo(INDArray array) {
    if (array.length() != length) {
      throw new IllegalArgumentException(
          "cannot copy " + length + " values into an array of " + array.length());
    }
    for (int i = 0; i < slices.length; i++) {
      place(slices[i], array, i, sliceLength);
    }
  }

  /** Copies {@code into.length} values, starting at {@code offset}. */
  public void read(long offset, float[] into) {
    for (int done = 0; done < into.length; ) {
      float[] slice = slices[(int) ((offset + done) / sliceLength)];
      int at = (int) ((offset + done) % sliceLength);
      int count = Math.min(into.length - done, slice.length - at);
      System.arraycopy(slice, at, into, done, count);
      done += count;
    }
  }

  /** Stores values, starting at {@code offset}. */
  public void write(long offset, float[] values) {
    for (int done = 0; done < values.length; ) {
      float[] slice = slices[(int) ((offset + done) / sliceLength)];
      int at = (int) ((offset + done) % sliceLength);
      int count = Math.min(values.length - done, slice.length - at);
      System.arraycopy(values, done, slice, at, count);
      done += count;
    }
  }

  /** Number of values in all slices together. */
  public long length() {
    return length;
  }

  /** Number of values in every slice but the last. */
  public int sliceLength() {
    return sliceLength;
  }

  /** Number of slices. */
  public int count() {
    return slices.length;
  }

  /** One slice; the vector's own array. */
  public float[] slice(int index) {
    return slices[index];
  }

  /** Replaces one slice; the array then belongs to the vector. */
  public void slice(int index, float[] values) {
    if (values.length != slices[index].length) {
      throw new IllegalArgumentException(
          "slice " + index + " has " + values.length + " values; expected " + slices[index].length);
    }
    slices[index] = values;
  }

  private static INDArray window(INDArray array, int index, int sliceLength) {
    long from = (long) index * sliceLength;
    long to = Math.min(from + sliceLength, array.length());
    return array.reshape(array.length()).get(NDArrayIndex.interval(from, to));
  }
}
