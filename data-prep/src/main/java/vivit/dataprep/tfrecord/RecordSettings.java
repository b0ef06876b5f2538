package vivit.dataprep.tfrecord;

import java.io.Serializable;

/**
 * How records are read: the group {@code prepare.tfrecord}.
 *
 * @param classes feature that states the class
 * @param labelOffset id of the first class in the records
 * @param maxRecords most records of a shard; bounds the memory of the task that lists it
 */
public record RecordSettings(RecordClasses classes, int labelOffset, int maxRecords)
    implements Serializable {
  /** The feature that states the class of a record: {@code prepare.tfrecord.classes}. */
  public enum RecordClasses {
    /** The names if there are any, else the ids; if there are both, they must agree. */
    AUTO,
    /** The names, {@code clip/label/text}; ids are ignored. */
    TEXT,
    /** The ids, {@code clip/label/index}; names are ignored. */
    INDEX
  }

  /** Names or ids, from 0. */
  public static final RecordSettings DEFAULT = new RecordSettings(RecordClasses.AUTO, 0, 100_000);

  public RecordSettings {
    if (maxRecords < 1) {
      throw new IllegalArgumentException(
          "found at most %d records of a shard, expected 1 or more".formatted(maxRecords));
    }
  }
}
