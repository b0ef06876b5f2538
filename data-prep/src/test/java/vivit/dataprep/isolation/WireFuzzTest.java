package vivit.dataprep.isolation;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.fixture.FuzzedReader;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.UndecodableVideoException;

/** The answers of a decoder's process, read as {@link HelperProcess} does. */
class WireFuzzTest extends FuzzedReader {
  @Override
  protected Map<String, byte[]> seeds() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    Wire.writeClip(out, HelperAnswers.clip(0, 0, 24, 32));
    Wire.writeClip(out, HelperAnswers.clip(0, 1, 24, 32));
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
      HelperAnswers.read(input);
    } catch (EOFException e) {
      return; // the process has ended
    }
  }
}
