package vivit.dataprep.tfrecord;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import vivit.dataprep.tfrecord.WireReader.ByteRange;

/**
 * The context of a {@code SequenceExample}.
 *
 * @param indices class ids, {@code clip/label/index}
 * @param texts class names, {@code clip/label/text}
 * @param fileName {@code video/filename}; empty if absent
 * @param startMicros {@code clip/start/timestamp}; -1 if absent
 * @param endMicros {@code clip/end/timestamp}; -1 if absent
 */
record Example(
    List<Long> indices, List<String> texts, String fileName, long startMicros, long endMicros)
    implements Serializable {
  private static final int CONTEXT = 1;
  private static final int FEATURE_LISTS = 2;
  private static final int ENTRY = 1; // of the maps Features.feature and FeatureLists.feature_list
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int FEATURE = 1;
  private static final int BYTES_LIST = 1;
  private static final int INT64_LIST = 3;
  private static final int LIST_VALUE = 1;
  private static final String IMAGES = "image/encoded";
  private static final String INDICES = "clip/label/index";
  private static final String TEXTS = "clip/label/text";
  private static final String FILE = "video/filename";
  private static final String START = "clip/start/timestamp";
  private static final String END = "clip/end/timestamp";

  /** The features that are read; others, however many, take no memory. */
  private static final Set<String> KEYS = Set.of(IMAGES, INDICES, TEXTS, FILE, START, END);

  private static final int MOST_TEXTS = 1000;
  private static final int MOST_NUMBERS = 1 << 16;
  private static final int MOST_FRAMES = 100_000;

  private static final int OBJECT_BYTES = 48; // of a text or a number in a list

  Example {
    indices = List.copyOf(indices);
    texts = List.copyOf(texts);
  }

  /** About the memory that it takes, in bytes. */
  long bytes() {
    long characters = fileName.length();
    for (String text : texts) {
      characters += text.length();
    }
    return characters + (3L + indices.size() + texts.size()) * OBJECT_BYTES;
  }

  /** Reads the context, wherever it is in the record, and skips the frames. */
  static Example read(ByteWindow bytes, ByteRange record) throws IOException {
    Map<String, ByteRange> features = entries(bytes, record, CONTEXT);
    List<String> file = texts(bytes, features.get(FILE));
    return new Example(
        numbers(bytes, features.get(INDICES)),
        texts(bytes, features.get(TEXTS)),
        file.isEmpty() ? "" : file.get(0),
        time(bytes, features.get(START)),
        time(bytes, features.get(END)));
  }

  /**
   * Positions of the images of a record, in the order of its frames.
   *
   * @throws DamagedRecordException if there are none, or a frame is not a single image
   */
  static List<ByteRange> images(ByteWindow bytes, ByteRange record) throws IOException {
    ByteRange list =
        Optional.ofNullable(entries(bytes, record, FEATURE_LISTS).get(IMAGES))
            .orElseThrow(
                () ->
                    new DamagedRecordException(
                        record.start(), "the record has no feature list " + IMAGES));
    List<ByteRange> images = new ArrayList<>();
    WireReader frames = new WireReader(bytes, list);
    while (frames.next()) {
      if (frames.isRange(FEATURE)) {
        List<ByteRange> values = values(bytes, frames.range());
        if (values.size() != 1) {
          throw new DamagedRecordException(
              frames.range().start(),
              "frame %d of %s has %d images, expected one"
                  .formatted(images.size(), IMAGES, values.size()));
        }
        if (images.size() == MOST_FRAMES) {
          throw new DamagedRecordException(
              frames.range().start(),
              "the record has more than %d frames, expected a clip".formatted(MOST_FRAMES));
        }
        images.add(values.get(0));
      }
    }
    if (images.isEmpty()) {
      throw new DamagedRecordException(list.start(), "the record has 0 frames in " + IMAGES);
    }
    return images;
  }

  /** The entries of a map of features; the last of a repeated key counts. */
  private static Map<String, ByteRange> entries(ByteWindow bytes, ByteRange record, int part)
      throws IOException {
    Map<String, ByteRange> entries = new HashMap<>();
    WireReader example = new WireReader(bytes, record);
    while (example.next()) {
      if (!example.isRange(part)) {
        continue;
      }
      WireReader map = example.message();
      while (map.next()) {
        if (map.isRange(ENTRY)) {
          WireReader entry = map.message();
          String key = "";
          ByteRange value = new ByteRange(record.start(), record.start());
          while (entry.next()) {
            if (entry.isRange(KEY)) {
              key = WireReader.text(bytes, entry.range());
            } else if (entry.isRange(VALUE)) {
              value = entry.range();
            }
          }
          if (KEYS.contains(key)) {
            entries.put(key, value);
          }
        }
      }
    }
    return entries;
  }

  /** The byte strings of a feature. */
  private static List<ByteRange> values(ByteWindow bytes, ByteRange feature) throws IOException {
    List<ByteRange> values = new ArrayList<>();
    WireReader lists = new WireReader(bytes, feature);
    while (lists.next()) {
      if (lists.isRange(BYTES_LIST)) {
        WireReader list = lists.message();
        while (list.next()) {
          if (list.isRange(LIST_VALUE)) {
            if (values.size() == MOST_TEXTS) {
              throw new DamagedRecordException(
                  list.range().start(),
                  "a feature has more than %d texts or images".formatted(MOST_TEXTS));
            }
            values.add(list.range());
          }
        }
      }
    }
    return values;
  }

  private static List<String> texts(ByteWindow bytes, ByteRange feature) throws IOException {
    List<String> texts = new ArrayList<>();
    if (feature != null) {
      for (ByteRange value : values(bytes, feature)) {
        texts.add(WireReader.text(bytes, value));
      }
    }
    return texts;
  }

  private static List<Long> numbers(ByteWindow bytes, ByteRange feature) throws IOException {
    List<Long> numbers = new ArrayList<>();
    if (feature != null) {
      WireReader lists = new WireReader(bytes, feature);
      while (lists.next()) {
        if (lists.isRange(INT64_LIST)) {
          WireReader list = lists.message();
          while (list.next()) {
            if (list.field() == LIST_VALUE) {
              list.numbers(numbers, MOST_NUMBERS);
            }
          }
        }
      }
    }
    return numbers;
  }

  private static long time(ByteWindow bytes, ByteRange feature) throws IOException {
    List<Long> times = numbers(bytes, feature);
    return times.isEmpty() ? -1 : times.get(0);
  }
}
