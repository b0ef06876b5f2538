package vivit.bench.libtorch;

import java.util.Random;

/**
 * Random clips and their classes, the same for both sides.
 *
 * @param clips clips b
 * @param tokens tokens of a clip n
 * @param values numbers of a token p
 * @param pixels {@code [b, n, p]}, from -1 to 1; not copied
 * @param classes one per clip; not copied
 */
record Batch(int clips, int tokens, int values, float[] pixels, long[] classes) {

  static Batch random(BenchCase bench, long seed) {
    Random random = new Random(seed);
    int tokens = bench.config().grid().tokens();
    int values = bench.config().tubelet().values();
    float[] pixels = new float[bench.clips() * tokens * values];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 2 * random.nextFloat() - 1;
    }
    int count = bench.config().heads().get(0).classes();
    return new Batch(
        bench.clips(), tokens, values, pixels, random.longs(bench.clips(), 0, count).toArray());
  }
}
