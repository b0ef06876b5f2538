package vivit.dataprep.isolation;

/** Where videos are decoded. */
public enum Isolation {
  /** In a helper process: whatever its decoder does costs one video. */
  PROCESS,
  /** In this JVM: no limits, and a decoder that dies takes the JVM with it. */
  NONE
}
