package vivit.dataprep.tfrecord;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.tfrecord.Framing.Frame;
import vivit.dataprep.tfrecord.WireReader.Range;
import vivit.dataprep.video.UndecodableVideoException;

/**
 * The records of a shard, told by a few kilobytes of each: the frames are jumped over (in gzip they
 * are unpacked and forgotten), and so not checked yet.
 *
 * @param shard path of the file
 * @param records in their order
 */
public record ShardIndex(String shard, List<Entry> records) implements Serializable {
  public ShardIndex {
    records = List.copyOf(records);
  }

  /**
   * A record.
   *
   * @param number from 0
   * @param start its first byte
   * @param length its bytes; 0 if unknown
   * @param example what it says; null if that cannot be read
   * @param problem why it cannot be read; empty if it can
   */
  record Entry(int number, long start, long length, Example example, String problem)
      implements Serializable {}

  /**
   * Looks at all records. Where one cannot be read because its length is damaged, or the shard
   * breaks off, it is the last one listed, and its problem says so.
   *
   * @throws IOException if the storage fails
   */
  public static ShardIndex read(FileSystem fs, Path shard) throws IOException {
    try (ShardBytes bytes = ShardOpener.open(fs, shard)) {
      return new ShardIndex(shard.toString(), entries(bytes));
    } catch (DamagedRecordException | UndecodableVideoException e) {
      return new ShardIndex(shard.toString(), List.of(lost(0, 0, e)));
    }
  }

  static List<Entry> entries(ShardBytes bytes) throws IOException {
    List<Entry> records = new ArrayList<>();
    Window window = new Window(bytes);
    Framing framing = new Framing(bytes, window);
    long at = 0;
    try {
      for (Optional<Frame> next = framing.frame(0); next.isPresent(); next = framing.frame(at)) {
        Frame frame = next.get();
        Entry entry = entry(window, frame, records.size());
        framing.requireWhole(frame);
        records.add(entry);
        at = frame.end();
      }
    } catch (DamagedRecordException e) {
      records.add(lost(records.size(), at, e));
    }
    return records;
  }

  private static Entry lost(int number, long at, IOException cause) {
    String problem =
        "from byte %d on the shard cannot be read, so nobody knows how many records are lost: %s"
            .formatted(at, cause.getMessage());
    return new Entry(number, at, 0, null, problem);
  }

  private static Entry entry(Window window, Frame frame, int number) throws IOException {
    long length = frame.end() - frame.start();
    try {
      Example example = Example.read(window, new Range(frame.payload(), frame.payloadEnd()));
      return new Entry(number, frame.start(), length, example, "");
    } catch (DamagedRecordException e) {
      return new Entry(number, frame.start(), length, null, e.getMessage());
    }
  }
}
