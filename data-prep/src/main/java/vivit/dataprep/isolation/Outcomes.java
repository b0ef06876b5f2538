package vivit.dataprep.isolation;

import java.util.List;
import java.util.stream.Stream;
import vivit.dataprep.video.CutStatistics;
import vivit.dataprep.video.UndecodableVideoException;

/** What became of the requests of one attempt, in their order. */
record Outcomes(List<Outcome> of) implements Journal {
  static Outcomes none(int requests) {
    return new Outcomes(Stream.generate(Outcome::new).limit(requests).toList());
  }

  /** Only one of them, for another attempt at it. */
  Outcomes only(int request) {
    of.get(request).again();
    return new Outcomes(List.of(of.get(request)));
  }

  boolean allClosed() {
    return of.stream().noneMatch(Outcome::open);
  }

  @Override
  public void clip(SpooledClip clip) {
    of.get(clip.request()).clip(clip);
  }

  @Override
  public void finished(int request, CutStatistics statistics) {
    of.get(request).finished(statistics);
  }

  @Override
  public void failed(int request, UndecodableVideoException cause) {
    of.get(request).failed(cause);
  }
}
