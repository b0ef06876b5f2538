package vivit.model.checkpoint;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A source with one classifier, {@code output_projection}, whose classes are in another order; all
 * other tensors are unchanged.
 */
public final class ReorderedClasses extends WrappedSource {
  private final int[] from;

  /**
   * Wraps a source; closing this closes it.
   *
   * @param from for every class, its id in the source: each id once
   */
  public ReorderedClasses(TensorSource source, List<Integer> from) {
    super(source);
    this.from = from.stream().mapToInt(Integer::intValue).toArray();
    int[] sorted = Arrays.stream(this.from).sorted().toArray();
    if (!Arrays.equals(sorted, IntStream.range(0, sorted.length).toArray())) {
      throw new IllegalArgumentException("not an order of %d classes".formatted(sorted.length));
    }
  }

  @Override
  public float[] floats(String name) throws IOException {
    float[] values = source.floats(name);
    if (!name.equals(MergedHeads.whole("kernel")) && !name.equals(MergedHeads.whole("bias"))) {
      return values;
    }
    float[] reordered = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int row = i / from.length;
      reordered[i] = values[row * from.length + from[i % from.length]];
    }
    return reordered;
  }
}
