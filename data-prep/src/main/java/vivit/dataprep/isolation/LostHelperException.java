package vivit.dataprep.isolation;

import vivit.dataprep.clip.BadKind;
import vivit.dataprep.video.UndecodableVideoException;

/** A helper that did not come to the end of its job, through no fault of the storage. */
final class LostHelperException extends Exception {
  private static final long serialVersionUID = 1L;

  private final UndecodableVideoException why;

  LostHelperException(UndecodableVideoException why) {
    super(why.getMessage());
    this.why = why;
  }

  /** What to say of the video if it is the culprit. */
  UndecodableVideoException why() {
    return why;
  }

  /**
   * Whether this says enough of a video that was alone: its time does not depend on what the helper
   * did before, its memory does, and a process may be killed by anyone.
   *
   * @param history of the helper before
   */
  boolean decides(Helper.History history) {
    return why.kind() == BadKind.TIMEOUT
        || (why.kind() != BadKind.DIED && history == Helper.History.NONE);
  }
}
