package vivit.dataprep.isolation;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import vivit.dataprep.isolation.HelperProcess.HelperKind;
import vivit.dataprep.video.CutSettings;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.CutSink.CutTubelets;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter;
import vivit.dataprep.video.VideoCutter.CutRequest;
import vivit.dataprep.video.VideoInput;

/** Cuts clips from videos; a bad video costs only its own clips. */
public final class IsolatedDecoder {
  private IsolatedDecoder() {}

  /**
   * Finds out, once in this JVM, what confines its helper processes.
   *
   * @throws IOException if the sandbox that the limits name does not work here
   */
  public static Confinement confinement(DecodeLimits limits) throws IOException {
    return Confinement.of(limits.sandbox());
  }

  /** Opens a video. */
  @FunctionalInterface
  public interface VideoOpener {
    /**
     * Opens the video; the caller closes it.
     *
     * @throws UndecodableVideoException if it is missing or damaged
     * @throws IOException if the storage fails
     */
    VideoInput open() throws IOException;
  }

  /** Receives the results, in request order. */
  public interface Results {
    /**
     * Takes all clips of a request.
     *
     * @param clips iterable once, before this method returns; each clip overwrites the memory of
     *     the previous one
     */
    void video(int request, Iterable<CutTubelets> clips, CutStatistics statistics)
        throws IOException;

    /** Takes the reason why a request has no clips. */
    void bad(int request, UndecodableVideoException cause) throws IOException;
  }

  /**
   * Cuts clips from a video. Every request yields either all its clips or a cause.
   *
   * @param limits time and memory per request; a request that exceeds them is bad
   * @throws InterruptedIOException if the thread was interrupted
   * @throws IOException if the storage, the spool or {@code results} fails
   */
  public static void cut(
      VideoOpener opener,
      List<CutRequest> requests,
      CutSettings settings,
      DecodeLimits limits,
      Results results)
      throws IOException {
    VideoInput in;
    try {
      in = opener.open();
    } catch (UndecodableVideoException e) {
      for (int request = 0; request < requests.size(); request++) {
        results.bad(request, e);
      }
      return;
    }
    try (in) {
      cut(in, requests, settings, limits, results);
    }
  }

  /** Cuts clips from an input that stays open. */
  static void cut(
      VideoInput in,
      List<CutRequest> requests,
      CutSettings settings,
      DecodeLimits limits,
      Results results)
      throws IOException {
    if (limits.isolation() == DecodeLimits.Isolation.NONE) {
      cutHere(in, requests, settings, results);
    } else {
      cutInHelpers(in, requests, settings, limits, results);
    }
  }

  private static void cutHere(
      VideoInput in, List<CutRequest> requests, CutSettings settings, Results results)
      throws IOException {
    Outcomes outcomes = Outcomes.none(requests.size());
    try (Spool spool = Spool.create()) {
      spool.unlink();
      new VideoCutter().cut(in, requests, settings, spool.sink(outcomes));
      for (int request = 0; request < requests.size(); request++) {
        outcomes.of(request).deliver(request, spool, results);
      }
    }
  }

  /**
   * Cuts all requests in one helper. If that helper is lost, every request it leaves open gets a
   * new, separate helper, so that only the culprit fails.
   */
  private static void cutInHelpers(
      VideoInput in,
      List<CutRequest> requests,
      CutSettings settings,
      DecodeLimits limits,
      Results results)
      throws IOException {
    Outcomes outcomes = Outcomes.none(requests.size());
    HelperKind kind = new HelperKind(confinement(limits).sandbox(), limits.memoryBytes());
    HelperProcess first = HelperPool.take(kind);
    HelperProcess last = first;
    try {
      HelperProcess.History history = first.history();
      try {
        first.work(in, requests, settings, limits.perVideo(), outcomes);
      } catch (LostHelperException e) {
        if (requests.size() == 1 && e.isConclusive(history)) {
          outcomes.failed(0, e.verdict());
        }
      }
      for (int request = 0; request < requests.size(); request++) {
        Spool spool = first.spool();
        if (outcomes.of(request).isOpen()) {
          closeUnless(last, first);
          last = HelperProcess.start(kind);
          spool = last.spool();
          cutAlone(last, in, requests.get(request), settings, limits, outcomes.only(request));
        }
        outcomes.of(request).deliver(request, spool, results);
      }
    } finally {
      closeUnless(first, last);
      HelperPool.give(last);
    }
  }

  private static void cutAlone(
      HelperProcess helper,
      VideoInput in,
      CutRequest request,
      CutSettings settings,
      DecodeLimits limits,
      Outcomes outcome)
      throws IOException {
    try {
      helper.work(in, List.of(request), settings, limits.perVideo(), outcome);
    } catch (LostHelperException e) {
      outcome.failed(0, e.verdict());
    }
  }

  private static void closeUnless(HelperProcess helper, HelperProcess kept) {
    if (helper != kept) {
      helper.close();
    }
  }
}
