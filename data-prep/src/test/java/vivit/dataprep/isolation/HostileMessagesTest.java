package vivit.dataprep.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.fixture.HostileInput;
import vivit.dataprep.isolation.Spool.SpooledClip;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.video.ClipPlacement;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter.CutRequest;

/** A helper that was taken over can send anything; the executor believes none of it. */
class HostileMessagesTest {
  private static final ClipSettings CLIP = new ClipSettings(4, 2, 10, 24, 2, 8);
  private static final long MOST_BYTES = 1 << 20;
  private static final CutRequest REQUEST =
      new CutRequest("v", TimeSpan.WHOLE, new ClipPlacement(Purpose.TRAINING, 2, 0));
  private static final List<CutRequest> REQUESTS = List.of(REQUEST, REQUEST);

  private static SpooledClip clip(int request, int view, int height, int width) {
    ClipOrigin origin = new ClipOrigin(3, 2, 10, new double[] {0, 0.2, 0.4, 0.6}, 48, 64, 25);
    return new SpooledClip(request, view, CLIP.cutter(height, width), origin, 0, 0);
  }

  private static byte[] answers() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    Wire.writeClip(out, clip(0, 0, 24, 32));
    Wire.writeClip(out, clip(0, 1, 24, 32));
    Wire.writeFinished(out, 0, new CutStatistics(9, 8, 700, 0.5, "", List.of()));
    Wire.writeFailed(out, 1, new UndecodableVideoException(BadKind.TRUNCATED, "it is cut", "at 1"));
    out.writeByte(Wire.DONE);
    return bytes.toByteArray();
  }

  /** What {@link HelperProcess} does with messages, without a process and a spool. */
  private static Outcomes read(byte[] answers) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(answers));
    Outcomes outcomes = Outcomes.none(REQUESTS.size());
    for (int tag = in.readByte(); tag != Wire.DONE; tag = in.readByte()) {
      switch (tag) {
        case Wire.CLIP -> {
          SpooledClip found = Wire.readClip(in, REQUESTS.size(), CLIP, MOST_BYTES);
          outcomes.requireNext(found, REQUESTS);
          outcomes.clip(found);
        }
        case Wire.FINISHED -> Wire.readFinished(in, REQUESTS.size(), outcomes);
        case Wire.FAILED -> Wire.readFailed(in, REQUESTS.size(), outcomes);
        default -> throw new IOException("message " + tag);
      }
    }
    return outcomes;
  }

  private static void assertRefused(SpooledClip clip, String why) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    Wire.writeClip(out, clip);
    assertThatThrownBy(() -> read(bytes.toByteArray()))
        .isInstanceOf(IOException.class)
        .hasMessage(why);
  }

  @Test
  void goodAnswersAreRead() throws IOException {
    assertThat(read(answers()).allClosed()).isTrue();
  }

  @Test
  void hostileAnswers() throws IOException {
    byte[] good = answers();
    Map<String, Integer> ends =
        HostileInput.run(
            "answers of a helper",
            1000,
            IOException.class,
            random -> read(HostileInput.bytes(good, random)));
    assertThat(ends).containsKeys("IOException", "EOFException");
  }

  @Test
  void clipsThatWereNotRequestedAreRefused() throws IOException {
    assertRefused(clip(0, 2, 24, 32), "clip 2, expected 0 of 2");
    assertRefused(clip(0, 0, 32, 48), "short side 32.0, expected 24.0");
    assertRefused(clip(2, 0, 24, 32), "request 2, expected 0 to 1");
    assertRefused(
        clip(0, 0, 24, 80_000), "a clip of 23040000 bytes, expected at most " + MOST_BYTES);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int view = 0; view < 3; view++) {
      Wire.writeClip(out, clip(1, view, 24, 32));
    }
    assertThatThrownBy(() -> read(bytes.toByteArray())).hasMessage("clip 2, expected 2 of 2");
  }

  @Test
  void aRequestIsAnsweredOnce() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    Wire.writeFinished(out, 0, new CutStatistics(1, 1, 1, 0.1, "", List.of()));
    Wire.writeFinished(out, 0, new CutStatistics(1, 1, 1, 0.1, "", List.of()));
    assertThatThrownBy(() -> read(bytes.toByteArray())).hasMessage("a second answer to request 0");
  }

  @Test
  void tubeletsMustBeInTheSpool() throws IOException {
    try (Spool spool = Spool.create()) {
      spool.unlink();
      assertThatThrownBy(() -> spool.requireHolds(clip(0, 0, 24, 32)))
          .hasMessage("tubelets up to 9216, the spool has 0");
    }
  }
}
