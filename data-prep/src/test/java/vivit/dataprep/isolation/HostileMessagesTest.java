package vivit.dataprep.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.fixture.HostileInput;
import vivit.dataprep.isolation.Spool.SpooledClip;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.UndecodableVideoException;

/** A helper that was taken over can send anything; the executor believes none of it. */
class HostileMessagesTest {
  private static byte[] answers() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    Wire.writeClip(out, HelperAnswers.clip(0, 0, 24, 32));
    Wire.writeClip(out, HelperAnswers.clip(0, 1, 24, 32));
    Wire.writeFinished(out, 0, new CutStatistics(9, 8, 700, 0.5, "", List.of()));
    Wire.writeFailed(out, 1, new UndecodableVideoException(BadKind.TRUNCATED, "it is cut", "at 1"));
    out.writeByte(Wire.DONE);
    return bytes.toByteArray();
  }

  private static void assertRefused(SpooledClip clip, String why) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    Wire.writeClip(out, clip);
    assertThatThrownBy(() -> HelperAnswers.read(bytes.toByteArray()))
        .isInstanceOf(IOException.class)
        .hasMessage(why);
  }

  @Test
  void goodAnswersAreRead() throws IOException {
    assertThat(HelperAnswers.read(answers()).allClosed()).isTrue();
  }

  @Test
  void hostileAnswers() throws IOException {
    byte[] good = answers();
    Map<String, Integer> ends =
        HostileInput.run(
            "answers of a helper",
            1000,
            IOException.class,
            random -> HelperAnswers.read(HostileInput.bytes(good, random)));
    assertThat(ends).containsKeys("IOException", "EOFException");
  }

  @Test
  void clipsThatWereNotRequestedAreRefused() throws IOException {
    assertRefused(HelperAnswers.clip(0, 2, 24, 32), "clip 2, expected 0 of 2");
    assertRefused(HelperAnswers.clip(0, 0, 32, 48), "short side 32.0, expected 24.0");
    assertRefused(HelperAnswers.clip(2, 0, 24, 32), "request 2, expected 0 to 1");
    assertRefused(
        HelperAnswers.clip(0, 0, 24, 80_000),
        "a clip of 23040000 bytes, expected at most " + HelperAnswers.MOST_BYTES);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int view = 0; view < 3; view++) {
      Wire.writeClip(out, HelperAnswers.clip(1, view, 24, 32));
    }
    assertThatThrownBy(() -> HelperAnswers.read(bytes.toByteArray()))
        .hasMessage("clip 2, expected 2 of 2");
  }

  @Test
  void aRequestIsAnsweredOnce() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    Wire.writeFinished(out, 0, new CutStatistics(1, 1, 1, 0.1, "", List.of()));
    Wire.writeFinished(out, 0, new CutStatistics(1, 1, 1, 0.1, "", List.of()));
    assertThatThrownBy(() -> HelperAnswers.read(bytes.toByteArray()))
        .hasMessage("a second answer to request 0");
  }

  @Test
  void tubeletsMustBeInTheSpool() throws IOException {
    try (Spool spool = Spool.create()) {
      spool.unlink();
      assertThatThrownBy(() -> spool.requireHolds(HelperAnswers.clip(0, 0, 24, 32)))
          .hasMessage("tubelets up to 9216, the spool has 0");
    }
  }
}
