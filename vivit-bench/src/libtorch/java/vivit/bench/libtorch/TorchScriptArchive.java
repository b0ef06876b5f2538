package vivit.bench.libtorch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module of one class in PyTorch's file format: a zip of the class's source and a
 * pickle of its one object. The object's attributes are empty lists of tensors, so the file holds
 * no tensor.
 */
final class TorchScriptArchive {

  /** Version of the operators' signatures; the first that has GELU's tanh form is 8. */
  private static final String OPERATORS = "10\n";

  private static final byte[] EMPTY_TUPLE = latin("\u0080\u0002).");

  private TorchScriptArchive() {}

  /**
   * The file's bytes.
   *
   * @param name the class
   * @param lists its attributes of type {@code List[Tensor]}, in the order of the source
   * @param source as PyTorch writes it to {@code code/__torch__.py}
   */
  static InputStream of(String name, List<String> lists, String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry :
          List.of(
              Map.entry("data.pkl", object(name, lists)),
              Map.entry("code/__torch__.py", source.getBytes(StandardCharsets.UTF_8)),
              Map.entry("constants.pkl", EMPTY_TUPLE),
              Map.entry("version", latin(OPERATORS)))) {
        zip.putNextEntry(new ZipEntry("module/" + entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  /** A pickle, protocol 2: class, no arguments, new object, its attributes, build, stop. */
  private static byte[] object(String name, List<String> lists) {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(latin("\u0080\u0002c__torch__\n" + name + "\n)\u0081}("));
    pickle.writeBytes(key("training"));
    pickle.writeBytes(latin("\u0088"));
    pickle.writeBytes(key("_is_full_backward_hook"));
    pickle.writeBytes(latin("N"));
    for (String list : lists) {
      pickle.writeBytes(key(list));
      pickle.writeBytes(latin("ctorch.jit._pickle\nbuild_tensorlist\n(](etR"));
    }
    pickle.writeBytes(latin("ub."));
    return pickle.toByteArray();
  }

  private static byte[] key(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(5 + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 'X')
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
