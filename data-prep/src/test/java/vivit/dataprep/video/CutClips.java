package vivit.dataprep.video;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.CutSink.CutTubelets;
import vivit.dataprep.video.VideoCutter.CutRequest;
import vivit.dataprep.video.VideoCutter.OffsetRequest;

/** A sink that keeps everything, with ways to fill it from files in memory. */
public final class CutClips implements CutSink {
  final Map<Integer, List<CutPixels>> clips = new HashMap<>();
  final Map<Integer, CutStatistics> finished = new HashMap<>();
  final Map<Integer, UndecodableVideoException> failed = new HashMap<>();

  static CutClips of(byte[] file, CutSettings settings, OffsetRequest... requests)
      throws IOException {
    CutClips sink = new CutClips();
    new VideoCutter().cutAt(input(file), List.of(requests), settings, sink);
    return sink;
  }

  /** Decodes requests from any input. */
  public static CutClips of(VideoInput input, CutSettings settings, CutRequest... requests)
      throws IOException {
    CutClips sink = new CutClips();
    new VideoCutter().cut(input, List.of(requests), settings, sink);
    return sink;
  }

  /**
   * The clips of the only request.
   *
   * @throws UndecodableVideoException if it failed
   */
  public List<CutPixels> only() throws UndecodableVideoException {
    if (failed.containsKey(0)) {
      throw failed.get(0);
    }
    return clips.get(0);
  }

  /** A file in memory. */
  static VideoInput input(byte[] bytes) {
    return new VideoInput() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public int read(long position, byte[] to, int offset, int count) {
        if (position >= bytes.length) {
          return -1;
        }
        int found = (int) Math.min(count, bytes.length - position);
        System.arraycopy(bytes, (int) position, to, offset, found);
        return found;
      }

      @Override
      public void close() {}
    };
  }

  /** A video from the test resources. */
  static byte[] golden(String name) throws IOException {
    try (InputStream in = CutClips.class.getResourceAsStream("/golden/video/" + name)) {
      return in.readAllBytes();
    }
  }

  /** One frame of a clip, {@code [height, width, 3]}. */
  static byte[] frame(CutPixels clip, int number) {
    int bytes = clip.height() * clip.width() * 3;
    return Arrays.copyOfRange(clip.pixels(), number * bytes, (number + 1) * bytes);
  }

  @Override
  public void clip(CutTubelets clip) {
    List<CutPixels> of = clips.computeIfAbsent(clip.request(), r -> new ArrayList<>());
    boolean later = of.isEmpty() || clip.view() > of.get(of.size() - 1).view();
    if (!later || finished.containsKey(clip.request())) {
      throw new IllegalStateException("out of order: " + clip);
    }
    of.add(CutPixels.of(clip));
  }

  @Override
  public void finished(int request, CutStatistics statistics) {
    finished.put(request, statistics);
  }

  @Override
  public void failed(int request, UndecodableVideoException cause) {
    failed.put(request, cause);
  }
}
