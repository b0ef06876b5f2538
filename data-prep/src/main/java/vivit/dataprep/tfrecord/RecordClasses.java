package vivit.dataprep.tfrecord;

/** Which feature says what class a record is of: {@code prepare.tfrecord.classes}. */
public enum RecordClasses {
  /** The names where there are some, else the ids; where there are both they have to agree. */
  AUTO,
  /** The names, {@code clip/label/text}; ids are not looked at. */
  TEXT,
  /** The ids, {@code clip/label/index}; names are not looked at. */
  INDEX
}
