package vivit.dataprep.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.isolation.Spool.SpooledClip;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.video.ClipPlacement;
import vivit.dataprep.video.VideoCutter.CutRequest;

/** Answers of a helper to two requests, read without a process and a spool. */
final class HelperAnswers {
  static final long MOST_BYTES = 1 << 20;
  private static final ClipSettings CLIP = new ClipSettings(4, 2, 10, 24, 2, 8);
  private static final CutRequest REQUEST =
      new CutRequest("v", TimeSpan.WHOLE, new ClipPlacement(Purpose.TRAINING, 2, 0));
  private static final List<CutRequest> REQUESTS = List.of(REQUEST, REQUEST);

  private HelperAnswers() {}

  static SpooledClip clip(int request, int view, int height, int width) {
    ClipOrigin origin = new ClipOrigin(3, 2, 10, new double[] {0, 0.2, 0.4, 0.6}, 48, 64, 25);
    return new SpooledClip(request, view, CLIP.cutter(height, width), origin, 1, 0);
  }

  /** What {@link HelperProcess} does with messages. */
  static Outcomes read(byte[] answers) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(answers));
    Outcomes outcomes = Outcomes.none(REQUESTS.size());
    for (int tag = in.readByte(); tag != Wire.DONE; tag = in.readByte()) {
      switch (tag) {
        case Wire.CLIP -> {
          SpooledClip found = Wire.readClip(in, REQUESTS.size(), CLIP, MOST_BYTES);
          outcomes.requireNext(found, REQUESTS);
          assertThat(found.cutter().tubeletBytes()).isBetween(1, (int) MOST_BYTES);
          outcomes.clip(found);
        }
        case Wire.FINISHED -> Wire.readFinished(in, REQUESTS.size(), outcomes);
        case Wire.FAILED -> Wire.readFailed(in, REQUESTS.size(), outcomes);
        case Wire.BROKEN, Wire.SPOOL -> Wire.readText(in);
        default -> throw new IOException("message " + tag);
      }
    }
    return outcomes;
  }
}
