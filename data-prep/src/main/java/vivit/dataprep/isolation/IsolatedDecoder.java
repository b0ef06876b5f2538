package vivit.dataprep.isolation;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.video.CutRequest;
import vivit.dataprep.video.CutSettings;
import vivit.dataprep.video.CutStatistics;
import vivit.dataprep.video.CutTubelets;
import vivit.dataprep.video.HadoopVideoInput;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter;
import vivit.dataprep.video.VideoInput;

/** Cuts clips from videos so that a bad one costs nothing but itself. */
public final class IsolatedDecoder {
  private IsolatedDecoder() {}

  /** Receives what was cut, in the order of the requests. */
  public interface Results {
    /**
     * Takes the clips of a request; all of them are there.
     *
     * @param clips to be read once, one by one, before this returns; each is overwritten by the
     *     next
     */
    void video(int request, Iterable<CutTubelets> clips, CutStatistics statistics)
        throws IOException;

    /** Takes the reason why there are no clips of a request. */
    void bad(int request, UndecodableVideoException cause) throws IOException;
  }

  /**
   * Cuts clips from a file: for every request either all clips or a cause.
   *
   * @param requests what to cut from it
   * @param limits of time and memory per request; whoever passes them is bad
   * @throws java.io.InterruptedIOException if the thread was interrupted
   * @throws IOException if the storage, the spool or {@code results} fail
   */
  public static void cut(
      FileSystem fs,
      Path file,
      List<CutRequest> requests,
      CutSettings settings,
      DecodeLimits limits,
      Results results)
      throws IOException {
    VideoInput in;
    try {
      in = HadoopVideoInput.open(fs, file);
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

  /** As above, from an input that stays open. */
  public static void cut(
      VideoInput in,
      List<CutRequest> requests,
      CutSettings settings,
      DecodeLimits limits,
      Results results)
      throws IOException {
    if (limits.isolation() == Isolation.NONE) {
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
      new VideoCutter().cut(in, requests, settings, new SpoolingSink(spool, outcomes));
      for (int request = 0; request < requests.size(); request++) {
        outcomes.of().get(request).deliver(request, spool, results);
      }
    }
  }

  /**
   * All requests in one go; those that a lost helper leaves open then each alone in a helper of its
   * own, so that only the culprit is lost, whatever was decoded before or beside it.
   */
  private static void cutInHelpers(
      VideoInput in,
      List<CutRequest> requests,
      CutSettings settings,
      DecodeLimits limits,
      Results results)
      throws IOException {
    Outcomes outcomes = Outcomes.none(requests.size());
    Helper first = HelperPool.take(limits.memoryBytes());
    Helper last = first;
    try {
      Helper.History history = first.history();
      try {
        first.work(in, requests, settings, limits.perVideo(), outcomes);
      } catch (LostHelperException e) {
        if (requests.size() == 1 && e.decides(history)) {
          outcomes.failed(0, e.why());
        }
      }
      for (int request = 0; request < requests.size(); request++) {
        Spool spool = first.spool();
        if (outcomes.of().get(request).open()) {
          close(last, first);
          last = Helper.start(limits.memoryBytes());
          spool = last.spool();
          cutAlone(last, in, requests.get(request), settings, limits, outcomes.only(request));
        }
        outcomes.of().get(request).deliver(request, spool, results);
      }
    } finally {
      close(first, last);
      HelperPool.give(last);
    }
  }

  private static void cutAlone(
      Helper helper,
      VideoInput in,
      CutRequest request,
      CutSettings settings,
      DecodeLimits limits,
      Outcomes outcome)
      throws IOException {
    try {
      helper.work(in, List.of(request), settings, limits.perVideo(), outcome);
    } catch (LostHelperException e) {
      outcome.failed(0, e.why());
    }
  }

  private static void close(Helper helper, Helper butNot) {
    if (helper != butNot) {
      helper.close();
    }
  }
}
