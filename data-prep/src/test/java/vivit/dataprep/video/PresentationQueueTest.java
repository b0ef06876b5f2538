package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.junit.jupiter.api.Test;

class PresentationQueueTest {
  @Test
  void exchangedTimesAreHandedOutInOrder() {
    Ffmpeg.load();
    long[] stated = {1, 2, 4, 3, 5, 7, 6, 8, 10, 9}; // as FFmpeg guesses them for AVI with B-frames
    PresentationQueue queue = new PresentationQueue(PresentationQueue.USUAL_DELAY);
    List<Long> times = new ArrayList<>();
    List<Long> stamps = new ArrayList<>();
    for (long pts : stated) {
      AVFrame frame = av_frame_alloc();
      frame.pts(pts);
      queue.add(frame, pts);
      if (queue.isFull()) {
        take(queue, times, stamps);
      }
    }
    while (!queue.isEmpty()) {
      take(queue, times, stamps);
    }

    assertThat(times).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    assertThat(stamps).containsExactly(1L, 2L, 4L, 3L, 5L, 7L, 6L, 8L, 10L, 9L);
  }

  private static void take(PresentationQueue queue, List<Long> times, List<Long> stamps) {
    times.add(queue.time());
    AVFrame frame = queue.take();
    stamps.add(frame.pts());
    av_frame_free(frame);
  }
}
