package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.model.engine.Engine.Descent;
import vivit.model.engine.UpdateRule.AdamW;

/**
 * Figures of {@code torch.optim.AdamW} 2.13 in float64: 100 steps along a cosine from 0.01 on 21
 * values, which begin as {@code sin(0.7 i) / 2}, with the gradients {@code sin(0.37 i + 0.11 t) /
 * 10^(i mod 7)}.
 */
class AdamWTest {
  private static final int STEPS = 100;

  @ParameterizedTest
  @CsvSource({
    "0.9, 0.999, 1e-8, 0.05, -0.208607075 0.121200946 0.323858788 0.301757237 0.084465204"
        + " -0.204035150 -0.404107340 -0.393999763 -0.147200315 0.217478444 0.494867552 0.619426314"
        + " 0.515658040 0.211480764 -0.172018181 -0.481229717 -0.599028496 -0.519952246"
        + " -0.175804259 0.170717953 0.365764168",
    "0.8, 0.95, 1e-3, 0, -0.179543876 0.168405649 0.387343772 0.389545848 0.162585552 -0.175545718"
        + " -0.435762379 -0.407834983 -0.177215314 0.155749468 0.389170879 0.502990254 0.428005816"
        + " 0.159584526 -0.198768032 -0.498689486 -0.587558091 -0.371215684 0.006418849 0.333734376"
        + " 0.495217964",
    "0.9, 0.99, 1e-6, 1, -0.138134167 0.068974730 0.197590494 0.187100721 0.056059902 -0.119032148"
        + " -0.253400724 -0.233549871 -0.080959040 0.141968450 0.309691181 0.382633765 0.311386291"
        + " 0.112055091 -0.113617833 -0.306542231 -0.380171099 -0.329377865 -0.112623974 0.113124964"
        + " 0.262208523"
  })
  void equalsPyTorch(double beta1, double beta2, double epsilon, double decay, String figures) {
    String[] expected = figures.split(" ", -1);
    int n = expected.length;
    float[] parameters = new float[n];
    for (int i = 0; i < n; i++) {
      parameters[i] = (float) (Math.sin(0.7 * i) / 2);
    }
    float[][] states = new float[2][n];
    for (int t = 0; t < STEPS; t++) {
      float[] gradient = new float[n];
      for (int i = 0; i < n; i++) {
        gradient[i] = (float) (Math.sin(0.37 * i + 0.11 * t) / Math.pow(10, i % 7));
      }
      double rate = 0.01 * 0.5 * (1 + Math.cos(Math.PI * t / STEPS));
      AdamW rule = new AdamW(beta1, beta2, epsilon);
      Descending.apply(
          parameters,
          states,
          gradient,
          n,
          new Descent(rule, t + 1, 1, 1, rate, 1, 1 - rate * decay));
    }
    for (int i = 0; i < n; i++) {
      assertThat(parameters[i]).isCloseTo(Float.parseFloat(expected[i]), within(1e-6f));
    }
  }
}
