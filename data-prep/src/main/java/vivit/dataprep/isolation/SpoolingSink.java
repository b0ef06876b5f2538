package vivit.dataprep.isolation;

import java.io.IOException;
import vivit.dataprep.video.CutSink;
import vivit.dataprep.video.CutStatistics;
import vivit.dataprep.video.CutTubelets;
import vivit.dataprep.video.UndecodableVideoException;

/** Puts the tubelets of clips into a spool and everything else into a journal. */
record SpoolingSink(Spool spool, Journal journal) implements CutSink {
  @Override
  public void clip(CutTubelets clip) throws IOException {
    long offset;
    try {
      offset = spool.append(clip.tubelets());
    } catch (IOException e) {
      throw new SpoolException(
          "Cannot write decoded clips to %s; make room there or set java.io.tmpdir"
              .formatted(spool.path().getParent()),
          e);
    }
    journal.clip(
        new SpooledClip(
            clip.request(), clip.view(), clip.tubelets().cutter(), clip.origin(), offset));
  }

  @Override
  public void finished(int request, CutStatistics statistics) throws IOException {
    journal.finished(request, statistics);
  }

  @Override
  public void failed(int request, UndecodableVideoException cause) throws IOException {
    journal.failed(request, cause);
  }
}
