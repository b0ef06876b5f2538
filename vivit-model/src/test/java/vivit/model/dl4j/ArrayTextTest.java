package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.serde.base64.Nd4jBase64;

/**
 * Arrays in DL4J's JSON are Base64 text of several lines, written and read by Commons Net; some of
 * its versions do not read what they write.
 */
class ArrayTextTest {
  @Test
  void anArrayOfSeveralLinesIsReadBack() throws IOException {
    INDArray array = Nd4j.linspace(1, 105, 105).reshape(5, 3, 7);
    String text = Nd4jBase64.base64String(array);
    assertThat(text.trim()).contains("\r\n");
    assertThat(Nd4jBase64.fromBase64(text)).isEqualTo(array);
  }
}
