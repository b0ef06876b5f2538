package vivit.dataprep.video;

/** What to do with a file that breaks off. */
public enum Truncated {
  /** It is a bad video. */
  REFUSE,
  /** Its valid part is a video, if it holds at least one whole clip. */
  SALVAGE
}
