package vivit.dataprep.video;

import java.io.IOException;

/**
 * Receives what a {@link VideoCutter} cuts. For every request comes either {@link #finished} or
 * {@link #failed}, once and last; clips of a request that failed later are to be thrown away.
 */
public interface CutSink {
  /** Takes a clip. Those of one request come in order of their views; requests may interleave. */
  void clip(CutTubelets clip) throws IOException;

  /** All clips of a request were given. */
  void finished(int request, CutStatistics statistics) throws IOException;

  /** A request yields no clips. */
  void failed(int request, UndecodableVideoException cause) throws IOException;
}
