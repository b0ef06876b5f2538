package vivit.dataprep.tfrecord;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.tfrecord.Framing.Frame;
import vivit.dataprep.tfrecord.WireReader.ByteRange;
import vivit.dataprep.video.UndecodableVideoException;

/**
 * The records of a shard, listed from a few kilobytes of each: frames are skipped (in gzip,
 * unpacked and dropped), so their checksums are not verified yet.
 *
 * @param shard path of the file
 * @param records in their order
 * @param refusal why the shard must not be used, although it may be intact; empty if it may be
 */
public record RecordIndex(String shard, List<Entry> records, String refusal)
    implements Serializable {
  /** Bytes of labels and file names of a record, on average, that a list may keep. */
  private static final long BYTES_PER_RECORD = 1 << 10;

  public RecordIndex {
    records = List.copyOf(records);
  }

  RecordIndex(String shard, List<Entry> records) {
    this(shard, records, "");
  }

  /** A shard whose list of records would take too much memory. */
  private static final class TooManyException extends IOException {
    private static final long serialVersionUID = 1L;

    TooManyException(String message) {
      super(message);
    }
  }

  /**
   * A record.
   *
   * @param number from 0
   * @param start its first byte
   * @param length its length in bytes; 0 if unknown
   * @param example its context; null if that cannot be read
   * @param kind kind of damage; null if it can be read
   * @param problem why it cannot be read; empty if it can
   */
  record Entry(int number, long start, long length, Example example, BadKind kind, String problem)
      implements Serializable {
    /** An entry for a readable record. */
    Entry(int number, long start, long length, Example example) {
      this(number, start, length, example, null, "");
    }

    /** The same entry, marked as unreadable. */
    Entry bad(BadKind bad, String why) {
      return new Entry(number, start, length, null, bad, why);
    }
  }

  /**
   * Lists all records. If a record cannot be read because its length is damaged or bytes are
   * missing, one bad entry stands for it and all that follow, up to the next record with a valid
   * length. A shard with too many records is refused as a whole: with a part of them, a set would
   * silently lack the rest.
   *
   * @param most records of a shard, {@code prepare.tfrecord.max-records}
   * @throws IOException if the storage fails
   */
  public static RecordIndex read(FileSystem fs, Path shard, int most) throws IOException {
    try (ShardBytes bytes = ShardBytes.open(fs, shard)) {
      return new RecordIndex(shard.toString(), entries(bytes, most));
    } catch (TooManyException e) {
      return new RecordIndex(shard.toString(), List.of(), shard + ": " + e.getMessage());
    } catch (DamagedRecordException e) {
      return unreadable(shard, e.kind(), e);
    } catch (UndecodableVideoException e) {
      return unreadable(shard, e.kind(), e);
    }
  }

  private static RecordIndex unreadable(Path shard, BadKind kind, IOException cause) {
    Entry first = new Entry(0, 0, 0, null);
    return new RecordIndex(
        shard.toString(), List.of(first.bad(kind, lost(0, OptionalLong.empty(), cause))));
  }

  static List<Entry> entries(ShardBytes bytes, int most) throws IOException {
    List<Entry> records = new ArrayList<>();
    long kept = 0; // bytes in memory
    ByteWindow window = new ByteWindow(bytes);
    Framing framing = new Framing(bytes, window);
    OptionalLong at = OptionalLong.of(0);
    long after = 0; // end of the last record with a valid length
    while (at.isPresent()) {
      long start = at.getAsLong();
      try {
        Optional<Frame> next = framing.frame(start);
        if (next.isEmpty()) {
          return records;
        }
        after = next.get().payload();
        Entry entry = entry(window, next.get(), records.size());
        framing.requireWhole(next.get());
        kept += entry.example() == null ? 0 : entry.example().bytes();
        refuseTooMany(records.size(), kept, most, start);
        records.add(entry);
        at = OptionalLong.of(next.get().end());
      } catch (DamagedRecordException e) {
        at = framing.find(after);
        if (at.isPresent() && at.getAsLong() == start) { // a header without readable bytes after it
          after = start + 1;
          at = framing.find(after);
        }
        if (at.isEmpty()
            || at.getAsLong() > start) { // otherwise the previous record lacks some bytes
          refuseTooMany(records.size(), kept, most, start);
          Entry lost = new Entry(records.size(), start, 0, null);
          records.add(lost.bad(e.kind(), lost(start, at, e)));
        }
      }
    }
    return records;
  }

  private static void refuseTooMany(int records, long kept, int most, long position)
      throws TooManyException {
    if (records >= most) {
      throw new TooManyException(
          "found another record at byte %d, expected at most %d in a shard; raise prepare.tfrecord.max-records if the shard is right, or leave it out"
              .formatted(position, most));
    }
    if (kept > most * BYTES_PER_RECORD) {
      throw new TooManyException(
          "found more than %d bytes of labels and file names up to byte %d, expected %d per record on average and %d records; raise prepare.tfrecord.max-records if the shard is right, or leave it out"
              .formatted(most * BYTES_PER_RECORD, position, BYTES_PER_RECORD, most));
    }
  }

  private static String lost(long from, OptionalLong to, IOException cause) {
    return "from byte %d %s the shard cannot be read, so nobody knows how many records are lost: %s"
        .formatted(from, to.isPresent() ? "to byte " + to.getAsLong() : "on", cause.getMessage());
  }

  private static Entry entry(ByteWindow window, Frame frame, int number) throws IOException {
    long length = frame.end() - frame.start();
    try {
      Example example = Example.read(window, new ByteRange(frame.payload(), frame.payloadEnd()));
      return new Entry(number, frame.start(), length, example);
    } catch (DamagedRecordException e) {
      return new Entry(number, frame.start(), length, null).bad(e.kind(), e.getMessage());
    }
  }
}
