package vivit.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vivit.model.checkpoint.MsgpackIndex.Array;
import vivit.model.checkpoint.MsgpackIndex.Leaf;
import vivit.model.checkpoint.MsgpackIndex.Whole;

/** The arrays of a subtree of a Flax file under Linen's names; large arrays may be in chunks. */
final class FlaxTree {

  private static final String CHUNKED = "__msgpack_chunked_array__";
  private static final int MOST_AXES = 64;

  private record ArrayPieces(TensorEntry entry, List<Array> pieces) {}

  private final Bytes file;
  private final Map<String, ArrayPieces> tensors = new LinkedHashMap<>();

  /**
   * Collects the arrays of a subtree.
   *
   * @param leaves named without the subtree's prefix
   */
  FlaxTree(Bytes file, Map<String, Leaf> leaves) throws CorruptCheckpointException {
    this.file = file;
    Map<String, ArrayPieces> flax = new LinkedHashMap<>();
    Map<String, Integer> chunked = new LinkedHashMap<>();
    for (Map.Entry<String, Leaf> leaf : leaves.entrySet()) {
      String name = leaf.getKey();
      int chunk = chunkedEnd(name, leaves);
      if (chunk < 0) {
        flax.put(name, whole(name, leaf.getValue()));
      } else {
        chunked.merge(name.substring(0, chunk), 1, Integer::sum);
      }
    }
    for (Map.Entry<String, Integer> array : chunked.entrySet()) {
      flax.put(array.getKey(), chunked(array.getKey(), array.getValue(), leaves));
    }
    LinenNames.of(flax.keySet())
        .forEach((old, linen) -> tensors.put(linen, renamed(flax.get(old), linen)));
  }

  List<TensorEntry> tensors() {
    return tensors.values().stream().map(ArrayPieces::entry).toList();
  }

  float[] floats(String name) throws IOException {
    ArrayPieces tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("No tensor of " + file.name() + " is called " + name);
    }
    List<InputStream> pieces = new ArrayList<>();
    for (Array piece : tensor.pieces()) {
      pieces.add(new BytesInput(file, piece.data(), piece.data() + piece.bytes()));
    }
    try (InputStream in = new SequenceInputStream(Collections.enumeration(pieces))) {
      return tensor.entry().read(in, ByteOrder.LITTLE_ENDIAN, file.name());
    }
  }

  private static ArrayPieces renamed(ArrayPieces stored, String name) {
    TensorEntry old = stored.entry();
    return new ArrayPieces(
        new TensorEntry(name, old.type(), old.shape(), old.offset()), stored.pieces());
  }

  /** End of the name of the chunked array that a leaf belongs to; -1 for other leaves. */
  private static int chunkedEnd(String name, Map<String, Leaf> leaves) {
    int end = name.lastIndexOf('/');
    if (end >= 0 && name.substring(end + 1).equals(CHUNKED)) {
      return end;
    }
    int before = end < 0 ? -1 : name.lastIndexOf('/', end - 1);
    return before >= 0 && leaves.containsKey(name.substring(0, before) + "/" + CHUNKED)
        ? before
        : -1;
  }

  private ArrayPieces whole(String name, Leaf leaf) throws CorruptCheckpointException {
    if (!(leaf instanceof Array array)) {
      throw at(leaf, "tensor %s is not an array".formatted(name));
    }
    TensorEntry entry = entry(name, array, array.shape());
    if (entry.bytes() != array.bytes()) {
      throw at(
          array,
          "tensor %s of type %s and shape %s cannot fill %d bytes"
              .formatted(name, array.type(), Arrays.toString(array.shape()), array.bytes()));
    }
    return new ArrayPieces(entry, List.of(array));
  }

  private ArrayPieces chunked(String name, int parts, Map<String, Leaf> leaves)
      throws CorruptCheckpointException {
    Leaf marker = leaves.get(name + "/" + CHUNKED);
    List<Leaf> sizes = numbered(name + "/shape/", leaves);
    List<Leaf> chunks = numbered(name + "/chunks/", leaves);
    if (parts != 1 + sizes.size() + chunks.size() || chunks.isEmpty() || sizes.size() > MOST_AXES) {
      throw at(marker, "tensor %s has something other than a shape and chunks".formatted(name));
    }
    long[] shape = new long[sizes.size()];
    for (int axis = 0; axis < shape.length; axis++) {
      if (!(sizes.get(axis) instanceof Whole size) || size.value() < 0) {
        throw at(sizes.get(axis), "tensor %s has an impossible size".formatted(name));
      }
      shape[axis] = size.value();
    }
    List<Array> pieces = new ArrayList<>();
    long bytes = 0;
    for (Leaf chunk : chunks) {
      if (!(chunk instanceof Array piece)
          || (!pieces.isEmpty() && !piece.type().equals(pieces.get(0).type()))) {
        throw at(
            chunk, "tensor %s has a chunk that is not an array like the first".formatted(name));
      }
      TensorEntry entry = entry(name, piece, piece.shape());
      if (entry.bytes() != piece.bytes()) {
        throw at(piece, "tensor %s has a chunk of the wrong size".formatted(name));
      }
      bytes += piece.bytes();
      pieces.add(piece);
    }
    TensorEntry entry = entry(name, pieces.get(0), shape);
    if (entry.bytes() != bytes) {
      throw at(
          marker,
          "tensor %s of shape %s has chunks of together %d bytes, expected %d"
              .formatted(name, Arrays.toString(shape), bytes, entry.bytes()));
    }
    return new ArrayPieces(entry, pieces);
  }

  /** The leaves 0, 1, 2, ... below a prefix, up to the first gap. */
  private static List<Leaf> numbered(String prefix, Map<String, Leaf> leaves) {
    List<Leaf> found = new ArrayList<>();
    while (leaves.containsKey(prefix + found.size())) {
      found.add(leaves.get(prefix + found.size()));
    }
    return found;
  }

  private TensorEntry entry(String name, Array array, long[] shape)
      throws CorruptCheckpointException {
    ElementType type =
        switch (array.type()) {
          case "float32" -> ElementType.F32;
          case "float64" -> ElementType.F64;
          case "float16" -> ElementType.F16;
          case "bfloat16" -> ElementType.BF16;
          default ->
              throw at(
                  array,
                  "tensor %s has type '%s', expected float32, float64, float16 or bfloat16"
                      .formatted(name, array.type()));
        };
    try {
      TensorEntry entry = new TensorEntry(name, type, shape, array.data());
      entry.bytes();
      return entry;
    } catch (ArithmeticException e) {
      throw CorruptCheckpointException.at(
          file.name(),
          array.position(),
          "tensor %s has the impossible shape %s".formatted(name, Arrays.toString(shape)),
          e);
    }
  }

  private CorruptCheckpointException at(Leaf leaf, String problem) {
    return CorruptCheckpointException.at(file.name(), leaf.position(), problem);
  }
}
