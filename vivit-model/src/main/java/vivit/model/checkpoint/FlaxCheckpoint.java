package vivit.model.checkpoint;

import java.io.IOException;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vivit.model.checkpoint.MsgpackIndex.Array;
import vivit.model.checkpoint.MsgpackIndex.Leaf;
import vivit.model.checkpoint.MsgpackIndex.Whole;
import vivit.model.checkpoint.TensorSource.Format;

/**
 * A training state as Scenic and Flax save it, one msgpack map; reference section 2.5. Parameters
 * lie under {@code optimizer/target}, or under {@code params} in states of newer Flax; momentum
 * under {@code optimizer/state/param_states}. Other keys are ignored.
 */
final class FlaxCheckpoint implements TensorSource {

  private static final List<String> PARAMETERS =
      List.of("optimizer/target/params/", "optimizer/target/", "params/params/", "params/", "");
  private static final String MOMENTUM = "optimizer/state/param_states/";
  private static final Pattern MOMENTUM_LEAF = Pattern.compile("(.+)/momentum(/[^/]+.*)?");
  private static final List<String> STEPS = List.of("global_step", "step", "optimizer/state/step");

  private final Bytes file;
  private final FlaxTree parameters;
  private final Optional<TensorSource> momentum;
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
          "found neither optimizer/target nor params, so this is no ViViT; it holds %s"
              .formatted(leaves.keySet().stream().limit(3).toList()));
    }
    this.parameters = new FlaxTree(file, tree);
    ScenicTree.check(file.name(), parameters.tensors());
    this.metadata = steps(leaves);
    Map<String, Leaf> states = momentum(leaves);
    this.momentum =
        states.isEmpty()
            ? Optional.empty()
            : Optional.of(new Part(new FlaxTree(file, states), metadata));
    if (momentum.isPresent()) {
      ScenicTree.check(file.name() + " (momentum)", momentum.get().tensors());
    }
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
  public Optional<TensorSource> momentum() {
    return momentum;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** The leaves behind a prefix, named by the rest. */
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

  /** Each parameter's state is a map with the one key {@code momentum}. */
  private static Map<String, Leaf> momentum(Map<String, Leaf> leaves) {
    Map<String, Leaf> states = below(MOMENTUM, leaves);
    String wrapped = "params/";
    if (!states.isEmpty() && states.keySet().stream().allMatch(n -> n.startsWith(wrapped))) {
      states = below(wrapped, states);
    }
    Map<String, Leaf> tree = new LinkedHashMap<>();
    states.forEach(
        (name, leaf) -> {
          Matcher matcher = MOMENTUM_LEAF.matcher(name);
          if (matcher.matches()) {
            tree.put(matcher.group(1) + (matcher.group(2) == null ? "" : matcher.group(2)), leaf);
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

  /** The one integer of an array without axes, or of a NumPy scalar. */
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

  /** Another part of the same file; closed with the whole. */
  private final class Part implements TensorSource {
    private final FlaxTree tree;
    private final Map<String, String> metadata;

    Part(FlaxTree tree, Map<String, String> metadata) {
      this.tree = tree;
      this.metadata = metadata;
    }

    @Override
    public String name() {
      return FlaxCheckpoint.this.name() + " (momentum)";
    }

    @Override
    public Format format() {
      return Format.SCENIC_MSGPACK;
    }

    @Override
    public List<TensorEntry> tensors() {
      return tree.tensors();
    }

    @Override
    public float[] floats(String name) throws IOException {
      return tree.floats(name);
    }

    @Override
    public Map<String, String> metadata() {
      return metadata;
    }

    @Override
    public void close() {
      // the file belongs to the whole
    }
  }
}
