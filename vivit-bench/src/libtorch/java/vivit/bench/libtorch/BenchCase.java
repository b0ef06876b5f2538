package vivit.bench.libtorch;

import java.util.List;
import vivit.model.Head;
import vivit.model.Preset;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;

/**
 * A factorised encoder, a batch and how often it is timed.
 *
 * @param name on the command line and in the table
 * @param config the model
 * @param clips clips of a step
 * @param turn steps that one side makes before it is the other's turn
 * @param rounds turns of each side that are measured
 */
record BenchCase(String name, ViViTConfig config, int clips, int turn, int rounds) {

  private static final int TEMPORAL_LAYERS = 4;
  private static final int CLASSES = 400;

  /**
   * The demo's model, small work where the overhead of calls shows; S/16x2 on small clips; B/16x2.
   */
  private static final List<BenchCase> ALL =
      List.of(
          new BenchCase(
              "tiny",
              new ViViTConfig(
                  new ClipShape(8, 32, 32),
                  new Tubelet(2, 8, 8),
                  48,
                  3,
                  96,
                  new FactorisedEncoder(1, 2),
                  Readout.TOKEN,
                  0,
                  List.of(new Head("label", 8))),
              8,
              50,
              20),
          new BenchCase("s", config(Preset.S, new ClipShape(16, 112, 112)), 4, 1, 8),
          new BenchCase("b", config(Preset.B, new ClipShape(32, 224, 224)), 1, 1, 4));

  private static ViViTConfig config(Preset preset, ClipShape clip) {
    return new ViViTConfig(
        clip,
        new Tubelet(2, 16, 16),
        preset.width(),
        preset.attentionHeads(),
        preset.mlpWidth(),
        new FactorisedEncoder(preset.layers(), TEMPORAL_LAYERS),
        Readout.TOKEN,
        0,
        List.of(new Head("label", CLASSES)));
  }

  /** The case of this name; others are refused. */
  static BenchCase of(String name) {
    return ALL.stream()
        .filter(one -> one.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No case is called '%s'; choose from %s"
                        .formatted(name, ALL.stream().map(BenchCase::name).toList())));
  }
}
