package vivit.dataprep.isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import vivit.dataprep.isolation.Spool.SpooledClip;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.CutSink.CutTubelets;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter.CutRequest;

/** The outcomes of all requests of one attempt, in request order. */
record Outcomes(List<Outcome> all) implements Spool.Journal {
  static Outcomes none(int requests) {
    return new Outcomes(Stream.generate(Outcome::new).limit(requests).toList());
  }

  Outcome of(int request) {
    return all.get(request);
  }

  /** The outcome of one request alone, cleared for a new attempt. */
  Outcomes only(int request) {
    of(request).clips.clear();
    return new Outcomes(List.of(of(request)));
  }

  boolean allClosed() {
    return all.stream().noneMatch(Outcome::isOpen);
  }

  /** Refuses a clip that is not one of the next of its request. */
  void requireNext(SpooledClip clip, List<CutRequest> requests) throws IOException {
    List<SpooledClip> clips = of(clip.request()).clips;
    int next = clips.isEmpty() ? 0 : clips.get(clips.size() - 1).view() + 1;
    int most = requests.get(clip.request()).placement().clips();
    if (!of(clip.request()).isOpen() || clip.view() < next || clip.view() >= most) {
      throw new IOException("clip %d, expected %d of %d".formatted(clip.view(), next, most));
    }
  }

  private void requireOpen(int request) throws IOException {
    if (!of(request).isOpen()) {
      throw new IOException("a second answer to request " + request);
    }
  }

  @Override
  public void clip(SpooledClip clip) {
    of(clip.request()).clips.add(clip);
  }

  @Override
  public void finished(int request, CutStatistics statistics) throws IOException {
    requireOpen(request);
    of(request).statistics = statistics;
  }

  @Override
  public void failed(int request, UndecodableVideoException cause) throws IOException {
    requireOpen(request);
    of(request).cause = cause;
  }

  /** The outcome of one request: spooled clips, completed by either statistics or a cause. */
  static final class Outcome {
    private final List<SpooledClip> clips = new ArrayList<>();
    private CutStatistics statistics;
    private UndecodableVideoException cause;

    /** Whether neither statistics nor a cause has arrived yet. */
    boolean isOpen() {
      return statistics == null && cause == null;
    }

    /** Hands over all clips, or the cause. */
    void deliver(int request, Spool spool, IsolatedDecoder.Results results) throws IOException {
      if (cause != null) {
        results.bad(request, cause);
        return;
      }
      try {
        results.video(request, () -> load(request, spool), statistics);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    /** Reads the clips one by one into the spool's memory. */
    private Iterator<CutTubelets> load(int request, Spool spool) {
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
}
