package vivit.model.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Merges the heads of a source side by side into Scenic's single {@code output_projection}, in the
 * order of the source; a source with one head is unchanged.
 */
public final class MergedHeads extends WrappedSource {

  private static final Pattern SPLIT = Pattern.compile("output_projection/([^/]+)/(kernel|bias)");

  /** The two tensors of a classifier. */
  private static final List<String> PARTS = List.of("kernel", "bias");

  private final List<TensorEntry> tensors = new ArrayList<>();

  /** Wraps a source; closing this closes it. */
  public MergedHeads(TensorSource source) throws CorruptCheckpointException {
    super(source);
    for (TensorEntry tensor : source.tensors()) {
      if (part(tensor.name()).isEmpty()) {
        tensors.add(tensor);
      }
    }
    for (String part : PARTS) {
      List<TensorEntry> heads = heads(part);
      if (!heads.isEmpty()) {
        tensors.add(merged(part, heads));
      }
    }
  }

  /** Scenic's name of the kernel or bias of all heads side by side. */
  static String whole(String part) {
    return "output_projection/" + part;
  }

  /** {@code kernel} or {@code bias} of {@code output_projection/<head>}; empty for other names. */
  static String part(String name) {
    Matcher matcher = SPLIT.matcher(name);
    return matcher.matches() ? matcher.group(2) : "";
  }

  private List<TensorEntry> heads(String part) {
    return source.tensors().stream().filter(t -> part(t.name()).equals(part)).toList();
  }

  private TensorEntry merged(String part, List<TensorEntry> heads)
      throws CorruptCheckpointException {
    TensorEntry first = heads.get(0);
    long[] shape = first.shape();
    int last = shape.length - 1;
    for (TensorEntry head : heads.subList(1, heads.size())) {
      long[] other = head.shape();
      boolean fits =
          last >= 0 && other.length == last + 1 && Arrays.equals(other, 0, last, shape, 0, last);
      if (!fits) {
        throw CorruptCheckpointException.at(
            source.name(),
            head.offset(),
            "tensor %s has shape %s, which cannot be joined with %s of %s"
                .formatted(
                    head.name(),
                    Arrays.toString(other),
                    Arrays.toString(first.shape()),
                    first.name()));
      }
      shape[last] += other[last];
    }
    return new TensorEntry(whole(part), first.type(), shape, first.offset());
  }

  @Override
  public float[] floats(String name) throws IOException {
    for (String part : PARTS) {
      List<TensorEntry> heads = heads(part);
      if (name.equals(whole(part)) && !heads.isEmpty()) {
        return sideBySide(heads);
      }
    }
    return source.floats(name);
  }

  private float[] sideBySide(List<TensorEntry> heads) throws IOException {
    long columns = 0;
    long all = 0;
    for (TensorEntry head : heads) {
      columns += lastSize(head);
      all += head.elements();
    }
    float[] merged = TooLargeException.floats(name(), "the tensor of all heads", all);
    int from = 0;
    for (TensorEntry head : heads) {
      float[] values = source.floats(head.name());
      int width = (int) lastSize(head);
      for (int row = 0; width > 0 && row < values.length / width; row++) {
        System.arraycopy(values, row * width, merged, Math.toIntExact(row * columns + from), width);
      }
      from += width;
    }
    return merged;
  }

  private static long lastSize(TensorEntry tensor) {
    long[] shape = tensor.shape();
    return shape[shape.length - 1];
  }

  @Override
  public List<TensorEntry> tensors() {
    return List.copyOf(tensors);
  }
}
