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
  void exchangedIndicesAreHandedOutInOrder() {
    Ffmpeg.load();
    int[] stated = {1, 2, 4, 3, 5, 7, 6, 8, 10, 9}; // as FFmpeg guesses them for AVI with B-frames
    PresentationQueue queue = new PresentationQueue(PresentationQueue.USUAL_DELAY);
    List<Integer> indices = new ArrayList<>();
    List<Long> stamps = new ArrayList<>();
    for (int pts : stated) {
      AVFrame frame = av_frame_alloc();
      frame.pts(pts);
      queue.add(frame, pts);
      if (queue.isFull()) {
        take(queue, indices, stamps);
      }
    }
    while (!queue.isEmpty()) {
      take(queue, indices, stamps);
    }

    assertThat(indices).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(stamps).containsExactly(1L, 2L, 4L, 3L, 5L, 7L, 6L, 8L, 10L, 9L);
  }

  private static void take(PresentationQueue queue, List<Integer> indices, List<Long> stamps) {
    indices.add(queue.index());
    AVFrame frame = queue.take();
    stamps.add(frame.pts());
    av_frame_free(frame);
  }
}
