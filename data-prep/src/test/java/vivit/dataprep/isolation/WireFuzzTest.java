package vivit.dataprep.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.fixture.FuzzedReader;
import vivit.dataprep.isolation.Spool.SpooledClip;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.video.ClipPlacement;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter.CutRequest;

/** The answers of a decoder's process, read as {@link HelperProcess} does. */
class WireFuzzTest extends FuzzedReader {
  private static final ClipSettings CLIP = new ClipSettings(4, 2, 10, 24, 2, 8);
  private static final long MOST_BYTES = 1 << 20;
  private static final CutRequest REQUEST =
      new CutRequest("v", TimeSpan.WHOLE, new ClipPlacement(Purpose.TRAINING, 2, 0));
  private static final List<CutRequest> REQUESTS = List.of(REQUEST, REQUEST);

  private static SpooledClip clip(int request, int view) {
    ClipOrigin origin = new ClipOrigin(3, 2, 10, new double[] {0, 0.2, 0.4, 0.6}, 48, 64, 25);
    return new SpooledClip(request, view, CLIP.cutter(24, 32), origin, 1, 0);
  }

  @Override
  protected Map<String, byte[]> seeds() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    Wire.writeClip(out, clip(0, 0));
    Wire.writeClip(out, clip(0, 1));
    Wire.writeFinished(out, 0, new CutStatistics(9, 8, 700, 0.5, "a part", List.of("odd")));
    Wire.writeFailed(out, 1, new UndecodableVideoException(BadKind.TRUNCATED, "it is cut", "at 1"));
    out.writeByte(Wire.DONE);
    return Map.of("answers", bytes.toByteArray());
  }

  @Override
  protected boolean isDocumented(Exception e) {
    return e instanceof IOException;
  }

  @Override
  protected void read(byte[] input) throws IOException {
    try {
      answers(input);
    } catch (EOFException e) {
      return; // the process has ended
    }
  }

  private static void answers(byte[] answers) throws IOException {
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
  }
}
