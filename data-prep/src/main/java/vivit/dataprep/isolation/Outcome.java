package vivit.dataprep.isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import vivit.dataprep.video.CutStatistics;
import vivit.dataprep.video.CutTubelets;
import vivit.dataprep.video.UndecodableVideoException;

/** What became of a request: clips in a spool so far, then either statistics or a cause. */
final class Outcome {
  private final List<SpooledClip> clips = new ArrayList<>();
  private CutStatistics statistics;
  private UndecodableVideoException cause;

  boolean open() {
    return statistics == null && cause == null;
  }

  void clip(SpooledClip clip) {
    clips.add(clip);
  }

  void finished(CutStatistics figures) {
    statistics = figures;
  }

  void failed(UndecodableVideoException why) {
    cause = why;
  }

  /** Forgets the clips of an attempt that did not come to its end. */
  void again() {
    clips.clear();
  }

  /** Hands over all clips or the cause. */
  void deliver(int request, Spool spool, IsolatedDecoder.Results results) throws IOException {
    if (cause != null) {
      results.bad(request, cause);
      return;
    }
    try {
      results.video(request, () -> loaded(request, spool), statistics);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The clips, read one by one into the same memory. */
  private Iterator<CutTubelets> loaded(int request, Spool spool) {
    Iterator<SpooledClip> left = clips.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return left.hasNext();
      }

      @Override
      public CutTubelets next() {
        try {
          return left.next().load(request, spool);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }
}
