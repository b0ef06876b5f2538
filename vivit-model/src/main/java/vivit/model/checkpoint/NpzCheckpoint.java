package vivit.model.checkpoint;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vivit.model.checkpoint.TensorSource.Format;
import vivit.model.checkpoint.ZipMember.ZipMemberInput;

/**
 * A zip of NumPy arrays, stored or deflated: published image ViTs (bare keys), and training states
 * with the parameters under {@code opt/target/} or {@code params/}; docs/vivit.md, 3.5. Pre-Linen
 * names become Linen's. Reading an array verifies its CRC-32.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">.npy</a>
 */
final class NpzCheckpoint implements TensorSource {

  private static final String SUFFIX = ".npy";
  private static final List<String> PREFIXES = List.of("params/", "opt/target/");
  private static final String STEP_KEY = "opt/state/step" + SUFFIX;

  private record StoredArray(ZipMember member, NpyHeader header, TensorEntry entry) {}

  private final Bytes file;
  private final Map<String, StoredArray> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private List<String> others = List.of();

  /** Reads the directory and the arrays' headers. */
  NpzCheckpoint(Bytes file, List<ZipMember> members) throws IOException {
    this.file = file;
    String prefix = "";
    for (String candidate : PREFIXES) {
      if (prefix.isEmpty() && members.stream().anyMatch(m -> m.name().startsWith(candidate))) {
        prefix = candidate;
      }
    }
    Map<String, ZipMember> keys = new LinkedHashMap<>();
    for (ZipMember member : members) {
      if (!member.name().endsWith(SUFFIX)) {
        throw CorruptCheckpointException.at(
            file.name(),
            member.header(),
            "member %s is not an %s array".formatted(member.name(), SUFFIX));
      }
      if (member.name().startsWith(prefix)) {
        int end = member.name().length() - SUFFIX.length();
        keys.put(member.name().substring(Math.min(prefix.length(), end), end), member);
      } else if (member.name().equals(STEP_KEY)) {
        metadata.put(STEP, Long.toString(integer(member)));
      }
    }
    Set<String> unused =
        keys.keySet().stream().filter(key -> !ScenicTree.isInModule(key)).collect(toSet());
    if (unused.size() < keys.size()) { // otherwise these are not a model, which is said below
      keys.keySet().removeAll(unused);
      others = unused.stream().sorted().toList();
    }
    for (Map.Entry<String, String> name : LinenNames.of(keys.keySet()).entrySet()) {
      tensors.put(name.getValue(), stored(name.getValue(), keys.get(name.getKey())));
    }
    ScenicTree.check(file.name(), tensors());
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public Format format() {
    return Format.VIT_NPZ;
  }

  @Override
  public List<TensorEntry> tensors() {
    return tensors.values().stream().map(StoredArray::entry).toList();
  }

  @Override
  public float[] floats(String name) throws IOException {
    StoredArray tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("No tensor of " + name() + " is called " + name);
    }
    try (ZipMemberInput in = new ZipMemberInput(file, tensor.member())) {
      in.skipNBytes(tensor.header().bytes());
      float[] values = tensor.entry().read(in, tensor.header().byteOrder(), name());
      in.requireIntact();
      return tensor.header().columnMajor()
          ? Axes.fromColumnMajor(values, tensor.entry().shape())
          : values;
    }
  }

  @Override
  public Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Keys outside the model's modules, such as a step or a text that someone added. */
  @Override
  public List<String> others() {
    return others;
  }

  private StoredArray stored(String name, ZipMember member) throws IOException {
    try (ZipMemberInput in = new ZipMemberInput(file, member)) {
      NpyHeader header = NpyHeader.read(in, member, file.name());
      ElementType type = header.type();
      if (type == null || !type.isFloating()) {
        throw CorruptCheckpointException.at(
            file.name(),
            member.data(),
            "tensor %s has NumPy type %s, expected floats such as <f4"
                .formatted(name, header.descriptor()));
      }
      try {
        TensorEntry entry = new TensorEntry(name, type, header.shape(), member.data());
        if (entry.bytes() == member.size() - header.bytes()) {
          entry.requireReadable(file.name());
          return new StoredArray(member, header, entry);
        }
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw CorruptCheckpointException.at(
            file.name(), member.data(), "tensor %s has an impossible shape".formatted(name), e);
      }
      throw CorruptCheckpointException.at(
          file.name(),
          member.data(),
          "tensor %s of type %s and shape %s cannot fill %d bytes"
              .formatted(
                  name,
                  header.descriptor(),
                  Arrays.toString(header.shape()),
                  member.size() - header.bytes()));
    }
  }

  /** The value of a counter. */
  private long integer(ZipMember member) throws IOException {
    try (ZipMemberInput in = new ZipMemberInput(file, member)) {
      NpyHeader header = NpyHeader.read(in, member, file.name());
      byte[] raw = in.readNBytes(Long.BYTES + 1);
      in.requireIntact();
      ByteBuffer number = ByteBuffer.wrap(raw).order(header.byteOrder());
      if (header.type() == ElementType.I64 && raw.length == Long.BYTES) {
        return number.getLong();
      }
      if (header.type() == ElementType.I32 && raw.length == Integer.BYTES) {
        return number.getInt();
      }
      throw CorruptCheckpointException.at(
          file.name(), member.data(), "tensor %s is not a single integer".formatted(member.name()));
    }
  }
}
