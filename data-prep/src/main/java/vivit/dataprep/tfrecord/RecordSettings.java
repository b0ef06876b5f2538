package vivit.dataprep.tfrecord;

import java.io.Serializable;

/**
 * Labels of records: the group {@code prepare.tfrecord}.
 *
 * @param classes feature that gives the class
 * @param labelOffset the id that records give the first class
 */
public record RecordSettings(RecordClasses classes, int labelOffset) implements Serializable {
  /** The feature that gives the class of a record: {@code prepare.tfrecord.classes}. */
  public enum RecordClasses {
    /** The names where there are some, else the ids; where there are both they have to agree. */
    AUTO,
    /** The names, {@code clip/label/text}; ids are not looked at. */
    TEXT,
    /** The ids, {@code clip/label/index}; names are not looked at. */
    INDEX
  }

  /** Names or ids, from 0. */
  public static final RecordSettings DEFAULT = new RecordSettings(RecordClasses.AUTO, 0);
}
