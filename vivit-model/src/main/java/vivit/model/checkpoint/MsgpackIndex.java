package vivit.model.checkpoint;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import vivit.model.checkpoint.MsgpackCursor.Token;
import vivit.model.checkpoint.MsgpackCursor.TokenKind;

/**
 * Indexes a msgpack file written by Flax: nested maps with integers and arrays as leaves. Extension
 * types 1 and 3 hold a NumPy array or scalar as msgpack of (shape, type name, raw bytes);
 * docs/vivit.md, 3.5.
 */
final class MsgpackIndex {

  private static final int DEEPEST = 32;
  private static final int LONGEST_KEY = 256;
  private static final int MOST_AXES = 64;
  private static final int MOST_NAMES = 1 << 17;
  private static final long MOST_NAME_CHARACTERS = 1 << 24;
  private static final int ARRAY_EXTENSION = 1;
  private static final int SCALAR_EXTENSION = 3;

  /** A leaf of the tree. */
  sealed interface Leaf {
    /** First byte of the value. */
    long position();
  }

  /** A plain integer or boolean. */
  record Whole(long value, long position) implements Leaf {}

  /**
   * A NumPy array.
   *
   * @param data first byte of its numbers
   * @param bytes of its numbers
   */
  record Array(String type, long[] shape, long data, long bytes, long position) implements Leaf {}

  /** Any other value. */
  record Other(TokenKind kind, long position) implements Leaf {}

  private final MsgpackCursor cursor;
  private final Map<String, Leaf> leaves = new LinkedHashMap<>();
  private int names;
  private long nameCharacters;

  private MsgpackIndex(MsgpackCursor cursor) {
    this.cursor = cursor;
  }

  /** All leaves by their keys, joined by {@code /}; reads no array. */
  static Map<String, Leaf> read(Bytes file) throws IOException {
    MsgpackIndex index = new MsgpackIndex(new MsgpackCursor(file));
    Token root = index.cursor.next();
    if (root.kind() != TokenKind.MAP) {
      throw index.cursor.at(0, "found %s, expected a msgpack map".formatted(root.kind()));
    }
    index.map(root, "", 1);
    if (!index.cursor.atEnd()) {
      throw index.cursor.at(
          index.cursor.position(), "data continues after the map, up to byte " + file.size());
    }
    return index.leaves;
  }

  private void map(Token map, String prefix, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw cursor.at(map.position(), "maps are nested deeper than " + DEEPEST);
    }
    Set<String> keys = new HashSet<>();
    for (long i = 0; i < map.value(); i++) {
      Token head = cursor.next();
      String key = cursor.text(head, LONGEST_KEY);
      nameCharacters += prefix.length() + key.length();
      if (nameCharacters > MOST_NAME_CHARACTERS || ++names > MOST_NAMES) {
        throw cursor.at(head.position(), "there are too many names for a checkpoint");
      }
      if (key.indexOf('/') >= 0 || !keys.add(key)) {
        throw cursor.at(
            head.position(), "key '%s%s' occurs twice or holds a slash".formatted(prefix, key));
      }
      Token value = cursor.next();
      if (value.kind() == TokenKind.MAP) {
        map(value, prefix + key + "/", depth + 1);
      } else {
        leaves.put(prefix + key, leaf(value, prefix + key));
      }
    }
  }

  private Leaf leaf(Token value, String name) throws IOException {
    boolean array =
        value.kind() == TokenKind.EXTENSION
            && (value.extension() == ARRAY_EXTENSION || value.extension() == SCALAR_EXTENSION);
    if (array) {
      return array(value, name);
    }
    cursor.skipInside(value);
    return value.kind() == TokenKind.INTEGER || value.kind() == TokenKind.BOOLEAN
        ? new Whole(value.value(), value.position())
        : new Other(value.kind(), value.position());
  }

  private Array array(Token extension, String name) throws IOException {
    long end = cursor.position() + extension.value();
    Token tuple = cursor.next();
    Token axes = cursor.next();
    boolean plausible =
        tuple.kind() == TokenKind.ARRAY
            && tuple.value() == 3
            && axes.kind() == TokenKind.ARRAY
            && axes.value() <= MOST_AXES;
    if (!plausible) {
      throw cursor.at(extension.position(), "tensor %s is not a NumPy array".formatted(name));
    }
    long[] shape = new long[(int) axes.value()];
    for (int axis = 0; axis < shape.length; axis++) {
      Token size = cursor.next();
      if (size.kind() != TokenKind.INTEGER || size.value() < 0) {
        throw cursor.at(
            size.position(), "tensor %s has a shape of something other than sizes".formatted(name));
      }
      shape[axis] = size.value();
    }
    String type = cursor.text(cursor.next(), LONGEST_KEY);
    Token data = cursor.next();
    long start = cursor.position();
    if ((data.kind() != TokenKind.BINARY && data.kind() != TokenKind.TEXT)
        || start + data.value() != end) {
      throw cursor.at(
          data.position(),
          "tensor %s has %s of %d bytes, which do not end where the array ends, at byte %d"
              .formatted(name, data.kind(), data.value(), end));
    }
    cursor.skip(data.value());
    return new Array(type, shape, start, data.value(), extension.position());
  }
}
