package vivit.dataprep.isolation;

import java.io.IOException;
import vivit.dataprep.video.CutStatistics;
import vivit.dataprep.video.UndecodableVideoException;

/** Notes what a cutter gave, once the tubelets are in the spool. */
interface Journal {
  void clip(SpooledClip clip) throws IOException;

  void finished(int request, CutStatistics statistics) throws IOException;

  void failed(int request, UndecodableVideoException cause) throws IOException;
}
