package vivit.model.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Detects the kind of a file from its first bytes; refuses files other than checkpoints, and names
 * their format.
 */
enum FileKind {
  ZIP,
  SAFETENSORS,
  MSGPACK,
  JSON;

  private static final int LOOK = 256;

  private record Stranger(String start, String what) {}

  /** Files commonly mistaken for a checkpoint; their first bytes in ISO 8859-1. */
  private static final List<Stranger> STRANGERS =
      List.of(
          new Stranger(
              "version https://git-lfs",
              "a pointer of Git LFS, not the file itself; fetch it with git lfs pull"),
          new Stranger("\u0089HDF\r\n", "an HDF5 file (Keras); convert it to safetensors first"),
          new Stranger("\u0093NUMPY", "a single NumPy array, expected an .npz of all of them"),
          new Stranger("\u001f\u008b", "packed by gzip; unpack it first"),
          new Stranger("BZh", "packed by bzip2; unpack it first"),
          new Stranger("\u00fd7zXZ", "packed by xz; unpack it first"),
          new Stranger("(\u00b5/\u00fd", "packed by Zstandard; unpack it first"),
          new Stranger("PAR1", "a Parquet file"),
          new Stranger("GGUF", "a GGUF file"));

  static FileKind of(Bytes file) throws IOException {
    byte[] head = new byte[(int) Math.min(LOOK, file.size())];
    file.read(0, head, 0, head.length);
    String text = new String(head, StandardCharsets.ISO_8859_1);
    refuseStrangers(file, text);
    if (text.startsWith("PK\3\4") || text.startsWith("PK\5\6")) {
      return ZIP;
    }
    if (isSafetensors(head)) {
      return SAFETENSORS;
    }
    if (text.stripLeading().startsWith("{")) {
      return JSON;
    }
    int first = head[0] & 0xFF;
    if ((first > 0x80 && first <= 0x8F) || first == 0xDE || first == 0xDF) {
      return MSGPACK;
    }
    throw refuse(
        file,
        "this is none of .npz, msgpack and safetensors; it begins with %s".formatted(hex(head)));
  }

  private static void refuseStrangers(Bytes file, String text) throws CorruptCheckpointException {
    if (text.isEmpty()) {
      throw refuse(file, "the file is empty");
    }
    for (Stranger stranger : STRANGERS) {
      if (text.startsWith(stranger.start())) {
        throw refuse(file, "this is " + stranger.what());
      }
    }
    String start = text.stripLeading().toLowerCase(Locale.ROOT);
    if (start.startsWith("<!doctype") || start.startsWith("<html") || start.startsWith("<?xml")) {
      throw refuse(file, "this is a web page or XML, not a file; the download went wrong");
    }
    if (text.length() > 2 && text.charAt(0) == 0x80 && text.charAt(1) <= 5) {
      throw refuse(
          file,
          "this is a Python pickle (PyTorch's old format); save the model as safetensors first");
    }
    if (text.chars().allMatch(c -> c == 0)) {
      throw refuse(file, "it begins with zeros only; the download or copy was cut off");
    }
  }

  /** Eight bytes of length, little-endian, and then JSON. */
  private static boolean isSafetensors(byte[] head) {
    return head.length > Long.BYTES
        && head[Long.BYTES] == '{'
        && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong() >>> 32 == 0;
  }

  private static String hex(byte[] head) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < Math.min(8, head.length); i++) {
      hex.append(i == 0 ? "" : " ").append("%02x".formatted(head[i]));
    }
    return hex.toString();
  }

  private static CorruptCheckpointException refuse(Bytes file, String problem) {
    return CorruptCheckpointException.at(file.name(), 0, problem);
  }
}
