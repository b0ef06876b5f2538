package vivit.model.checkpoint;

import java.io.IOException;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vivit.model.checkpoint.MsgpackIndex.Array;
import vivit.model.checkpoint.MsgpackIndex.Leaf;
import vivit.model.checkpoint.MsgpackIndex.Whole;
import vivit.model.checkpoint.TensorSource.Format;

/**
 * A training state of Scenic and Flax, one msgpack map; docs/vivit.md, 3.5. The parameters are
 * under {@code optimizer/target}, or under {@code params} in states of newer Flax. Keys other than
 * parameters and steps are ignored.
 */
final class FlaxCheckpoint implements TensorSource {

  private static final List<String> PARAMETERS =
      List.of("optimizer/target/params/", "optimizer/target/", "params/params/", "params/", "");
  private static final List<String> STEPS = List.of("global_step", "step", "optimizer/state/step");

  private final Bytes file;
  private final FlaxTree parameters;
  private final Map<String, String> metadata;

  /** Indexes the file; reads no array. */
  FlaxCheckpoint(Bytes file) throws IOException {
    this.file = file;
    Map<String, Leaf> leaves = MsgpackIndex.read(file);
    String prefix = "";
    for (String candidate : PARAMETERS) {
      if (leaves.keySet().stream().anyMatch(name -> name.startsWith(candidate))) {
        prefix = candidate;
        break;
      }
    }
    Map<String, Leaf> tree = below(prefix, leaves);
    if (prefix.isEmpty() && tree.keySet().stream().noneMatch(this::isEmbedding)) {
      throw CorruptCheckpointException.at(
          file.name(),
          0,
          "found neither optimizer/target nor params, so this is not a ViViT; it holds %s"
              .formatted(leaves.keySet().stream().limit(3).toList()));
    }
    this.parameters = new FlaxTree(file, tree);
    ScenicTree.check(file.name(), parameters.tensors());
    this.metadata = steps(leaves);
  }

  private boolean isEmbedding(String name) {
    return name.startsWith("embedding/");
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public Format format() {
    return Format.SCENIC_MSGPACK;
  }

  @Override
  public List<TensorEntry> tensors() {
    return parameters.tensors();
  }

  @Override
  public float[] floats(String name) throws IOException {
    return parameters.floats(name);
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** The leaves below a prefix, without it. */
  private static Map<String, Leaf> below(String prefix, Map<String, Leaf> leaves) {
    Map<String, Leaf> tree = new LinkedHashMap<>();
    leaves.forEach(
        (name, leaf) -> {
          if (name.startsWith(prefix)) {
            tree.put(name.substring(prefix.length()), leaf);
          }
        });
    return tree;
  }

  private Map<String, String> steps(Map<String, Leaf> leaves) throws IOException {
    for (String name : STEPS) {
      if (leaves.get(name) instanceof Whole whole) {
        return Map.of(STEP, Long.toString(whole.value()));
      }
      if (leaves.get(name) instanceof Array array) {
        return Map.of(STEP, integer(name, array).toString());
      }
    }
    return Map.of();
  }

  /** The value of an integer array without axes, or of a NumPy scalar. */
  private BigInteger integer(String name, Array array) throws IOException {
    boolean possible =
        array.type().matches("u?int(8|16|32|64)")
            && array.bytes() == Integer.parseInt(array.type().replaceAll("\\D", "")) / 8;
    if (!possible) {
      throw CorruptCheckpointException.at(
          file.name(),
          array.position(),
          "%s has type '%s' and %d bytes, expected one integer"
              .formatted(name, array.type(), array.bytes()));
    }
    byte[] raw = new byte[(int) array.bytes()];
    file.read(array.data(), raw, 0, raw.length);
    byte[] reversed = new byte[raw.length];
    for (int i = 0; i < raw.length; i++) {
      reversed[i] = raw[raw.length - 1 - i];
    }
    return array.type().startsWith("u") ? new BigInteger(1, reversed) : new BigInteger(reversed);
  }
}
