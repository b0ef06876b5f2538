package vivit.dataprep.video;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import vivit.dataprep.clip.BadKind;

/** The boxes in a box of an MP4 or QuickTime file, by name. */
record BoxList(Map<String, List<ByteBuffer>> byName) {
  private static final int HEADER = 8;
  private static final int LONG_HEADER = 16;
  private static final int MOST = 1000;

  static BoxList of(ByteBuffer in) throws UndecodableVideoException {
    Map<String, List<ByteBuffer>> byName = new HashMap<>();
    int found = 0;
    int at = 0;
    while (in.limit() - at >= HEADER && in.getLong(at) != 0) { // QuickTime ends lists with zeros
      int left = in.limit() - at;
      long size = in.getInt(at) & 0xffffffffL;
      int header = HEADER;
      if (size == 1 && left >= LONG_HEADER) {
        size = in.getLong(at + HEADER);
        header = LONG_HEADER;
      } else if (size == 0) {
        size = left;
      }
      String name = text(in, at + 4);
      if (++found > MOST) {
        throw damaged("a box has more than %d others in it".formatted(MOST));
      }
      if (size < header || size > left) {
        throw damaged("its box %s has %d bytes, %d are left".formatted(name, size, left));
      }
      byName
          .computeIfAbsent(name, none -> new ArrayList<>())
          .add(in.slice(at + header, (int) size - header));
      at += (int) size;
    }
    return new BoxList(byName);
  }

  static String text(ByteBuffer in, int at) throws UndecodableVideoException {
    require(in, at + 4L);
    return StandardCharsets.ISO_8859_1.decode(in.slice(at, 4)).toString();
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  List<ByteBuffer> all(String name) {
    return byName.getOrDefault(name, List.of());
  }

  ByteBuffer only(String name) throws UndecodableVideoException {
    List<ByteBuffer> found = all(name);
    if (found.size() != 1) {
      throw damaged("found %d boxes %s, expected 1".formatted(found.size(), name));
    }
    require(found.get(0), 4);
    return found.get(0);
  }

  static UndecodableVideoException damaged(String what) {
    return new UndecodableVideoException(
        BadKind.UNDECODABLE, "its MP4 header is damaged: " + what, "");
  }

  static int integer(ByteBuffer in, int at) throws UndecodableVideoException {
    require(in, at + 4L);
    return in.getInt(at);
  }

  static void require(ByteBuffer in, long bytes) throws UndecodableVideoException {
    if (bytes > in.limit()) {
      throw damaged("a table ends after %d bytes of %d".formatted(in.limit(), bytes));
    }
  }
}
