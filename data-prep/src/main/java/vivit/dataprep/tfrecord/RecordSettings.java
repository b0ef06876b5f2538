package vivit.dataprep.tfrecord;

import java.io.Serializable;

/**
 * How the labels of records are read: the group {@code prepare.tfrecord}.
 *
 * @param classes which feature says the class
 * @param labelOffset the id that records give the first class
 */
public record RecordSettings(RecordClasses classes, int labelOffset) implements Serializable {
  /** Names or ids, from 0. */
  public static final RecordSettings DEFAULT = new RecordSettings(RecordClasses.AUTO, 0);
}
