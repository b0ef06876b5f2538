package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.CutSink.CutTubelets;
import vivit.dataprep.video.VideoCutter.CutRequest;

/**
 * Cuts clips of a file within a time limit, for tests of unusual files, and checks that the cutter
 * keeps its contract with the sink whatever the file contains.
 */
final class Cuts {
  private static final Configuration CONF = new Configuration(); // costs more than some cuts
  private static final long LIMIT_SECONDS = 60;

  private Cuts() {}

  /** Evenly spaced clips of a file. */
  static List<CutPixels> of(Path file, ClipSettings clip, int views) throws IOException {
    return of(file, CutSettings.reference(clip), request(TimeSpan.WHOLE, views)).get(0);
  }

  /** Evenly spaced clips of a part of a file. */
  static CutRequest request(TimeSpan span, int views) {
    return new CutRequest("a video", span, new ClipPlacement(Purpose.EVALUATION, views, 0));
  }

  /**
   * The clips of every request.
   *
   * @throws UndecodableVideoException if one of them fails
   */
  static List<List<CutPixels>> of(Path file, CutSettings settings, CutRequest... requests)
      throws IOException {
    FutureTask<List<List<CutPixels>>> task =
        new FutureTask<>(() -> cut(file, settings, List.of(requests)));
    Thread thread = new Thread(task, "cut " + file.getFileName());
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new AssertionError("Cutting " + file + " ended with " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      AssertionError hanging = new AssertionError("Cutting " + file + " hangs", e);
      hanging.setStackTrace(thread.getStackTrace());
      throw hanging;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private static List<List<CutPixels>> cut(
      Path file, CutSettings settings, List<CutRequest> requests) throws IOException {
    Collected collected = new Collected(settings.clip(), requests);
    try (VideoInput in =
        HadoopVideoInput.open(
            FileSystem.getLocal(CONF), new org.apache.hadoop.fs.Path(file.toUri()))) {
      new VideoCutter().cut(in, requests, settings, collected);
    }
    assertThat(collected.ended).as("requests that ended").doesNotContain(false);
    if (collected.failure != null) {
      throw collected.failure;
    }
    return collected.clips;
  }

  private static final class Collected implements CutSink {
    private final ClipSettings settings;
    private final List<CutRequest> requests;
    private final List<List<CutPixels>> clips = new ArrayList<>();
    private final List<Boolean> ended = new ArrayList<>();
    private UndecodableVideoException failure;

    Collected(ClipSettings settings, List<CutRequest> requests) {
      this.settings = settings;
      this.requests = requests;
      for (int i = 0; i < requests.size(); i++) {
        clips.add(new ArrayList<>());
        ended.add(false);
      }
    }

    @Override
    public void clip(CutTubelets cut) {
      CutPixels clip = CutPixels.of(cut);
      assertThat(ended.get(clip.request())).isFalse();
      List<CutPixels> before = clips.get(clip.request());
      int next = before.isEmpty() ? 0 : before.get(before.size() - 1).view() + 1;
      assertThat(clip.view()).isBetween(next, requests.get(clip.request()).placement().clips() - 1);
      int bytes = settings.frames() * clip.height() * clip.width() * 3;
      assertThat(clip.pixels()).hasSize(bytes);
      assertThat(clip.origin().timestamps()).hasSize(settings.frames());
      assertThat(clip.origin().sourceHeight()).isPositive();
      assertThat(clip.origin().sourceWidth()).isPositive();
      if (settings.shortSide() > 0) {
        assertThat(Math.min(clip.height(), clip.width())).isEqualTo(settings.shortSide());
      }
      clips.get(clip.request()).add(clip);
    }

    @Override
    public void finished(int request, CutStatistics statistics) {
      assertThat(ended.set(request, true)).isFalse();
      int wanted = requests.get(request).placement().clips();
      assertThat(clips.get(request)).hasSizeBetween(1, wanted);
      if (clips.get(request).size() < wanted) {
        assertThat(statistics.remarks()).anyMatch(remark -> remark.startsWith("left out"));
      }
    }

    @Override
    public void failed(int request, UndecodableVideoException cause) {
      assertThat(ended.set(request, true)).isFalse();
      assertThat(cause.getMessage()).isNotBlank();
      failure = cause;
    }
  }
}
