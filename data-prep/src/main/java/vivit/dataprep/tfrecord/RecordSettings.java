package vivit.dataprep.tfrecord;

import java.io.Serializable;

/**
 * Labels of records: the group {@code prepare.tfrecord}.
 *
 * @param classes feature that states the class
 * @param labelOffset id of the first class in the records
 */
public record RecordSettings(RecordClasses classes, int labelOffset) implements Serializable {
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
  public static final RecordSettings DEFAULT = new RecordSettings(RecordClasses.AUTO, 0);
}
