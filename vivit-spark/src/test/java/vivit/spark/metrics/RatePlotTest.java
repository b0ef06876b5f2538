package vivit.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import vivit.spark.schedule.RateCurve;

class RatePlotTest {

  /** A fall, then an explosion to infinity, which stays in the picture. */
  @Test
  void drawsEveryStepInsideThePicture() throws Exception {
    RateCurve curve = new RateCurve(60);
    for (int step = 0; step < 50; step++) {
      curve.add(1e-5 * Math.pow(10, step / 10.0), step < 40 ? 3 - step / 20.0 : 3 + step);
    }
    curve.add(1, 1e300);

    String svg = RatePlot.svg(curve);

    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
            .getDocumentElement();
    NodeList lines = root.getElementsByTagName("polyline");
    assertThat(lines.getLength()).isEqualTo(2);
    for (int line = 0; line < 2; line++) {
      String[] points = ((Element) lines.item(line)).getAttribute("points").split(" ");
      assertThat(points).hasSize(curve.points().size());
      double before = 0;
      for (String point : points) {
        String[] place = point.split(",", -1);
        assertThat(Double.parseDouble(place[0])).isGreaterThan(before).isLessThanOrEqualTo(860);
        assertThat(Double.parseDouble(place[1])).isBetween(-400.0, 420.0);
        before = Double.parseDouble(place[0]);
      }
    }
    assertThat(svg).contains(">1e-5<", ">1e-2<", "steepest fall").doesNotContain("href", "NaN");
  }

  @Test
  void aSingleStepHasAPicture() {
    RateCurve curve = new RateCurve(60);
    curve.add(0.1, 2);

    assertThat(RatePlot.svg(curve)).contains("<polyline").doesNotContain("NaN", "Infinity");
  }
}
