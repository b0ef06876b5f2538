package vivit.dataprep.video;

import java.io.IOException;
import java.util.List;

/** Cuts the clips of all requests of a file. */
public final class VideoCutter {
  private VideoCutter() {}

  /**
   * Cuts clips. The input stays open.
   *
   * @param requests what to cut; each ends with {@code finished} or {@code failed} at the sink
   * @throws IOException if the storage or the sink fails; a bad video does not throw
   */
  public static void cut(
      VideoInput in, List<CutRequest> requests, CutSettings settings, CutSink sink)
      throws IOException {
    for (int request = 0; request < requests.size(); request++) {
      long start = System.nanoTime();
      CutRequest wanted = requests.get(request);
      List<CutPixels> clips;
      try {
        clips = VideoClips.cut(in, request, wanted, settings.clip());
      } catch (UndecodableVideoException e) {
        sink.failed(request, e);
        continue;
      }
      for (CutPixels clip : clips) {
        sink.clip(clip);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      sink.finished(request, new CutStatistics(0, 0, 0, seconds, ""));
    }
  }
}
