package vivit.dataprep.isolation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.video.ClipPlacement;
import vivit.dataprep.video.CutPixels;
import vivit.dataprep.video.CutSettings;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.CutSink.CutTubelets;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter.CutRequest;
import vivit.dataprep.video.VideoInput;

/** Collects results; also defines the requests and settings that these tests share. */
final class Collected implements IsolatedDecoder.Results {
  static final CutSettings SETTINGS = CutSettings.reference(new ClipSettings(4, 2, 10, 24, 2, 8));

  /** The result of a request, with copies of its clips. */
  record Video(int request, List<CutPixels> clips, CutStatistics statistics) {}

  final List<Integer> order = new ArrayList<>();
  final List<Video> videos = new ArrayList<>();
  final List<UndecodableVideoException> bad = new ArrayList<>();

  /** Decodes two clips per span. */
  static Collected cut(VideoInput in, DecodeLimits limits, TimeSpan... spans) throws IOException {
    Collected collected = new Collected();
    IsolatedDecoder.cut(in, requests(spans), SETTINGS, limits, collected);
    return collected;
  }

  static List<CutRequest> requests(TimeSpan... spans) {
    List<CutRequest> requests = new ArrayList<>();
    for (TimeSpan span : spans) {
      requests.add(
          new CutRequest(
              "video" + requests.size(), span, new ClipPlacement(Purpose.EVALUATION, 2, 0)));
    }
    return requests;
  }

  /** The numbers of the frames of a request's clips, in order. */
  List<Integer> numbers(int request) {
    List<Integer> numbers = new ArrayList<>();
    for (Video video : videos) {
      if (video.request == request) {
        for (CutPixels clip : video.clips) {
          int frame = clip.height() * clip.width() * 3;
          for (int at = 0; at < clip.pixels().length; at += frame) {
            numbers.add(TestVideos.number(clip.pixels(), at, frame));
          }
        }
      }
    }
    return numbers;
  }

  @Override
  public void video(int request, Iterable<CutTubelets> clips, CutStatistics statistics) {
    List<CutPixels> copies = new ArrayList<>();
    clips.forEach(clip -> copies.add(CutPixels.of(clip)));
    order.add(request);
    videos.add(new Video(request, copies, statistics));
  }

  @Override
  public void bad(int request, UndecodableVideoException cause) {
    order.add(request);
    bad.add(cause);
  }
}
