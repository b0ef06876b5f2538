package vivit.model;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.Variant;

/** Small models and batches for tests. */
public final class TinyModels {

  public static final Head CLASSES = new Head("classes", 4);
  public static final Head NOUN = new Head("noun", 5);
  public static final Head VERB = new Head("verb", 3);

  private TinyModels() {}

  /** Time 3, height 2, width 5. */
  public static ViViTConfig factorised(double dropPathRate, Head... heads) {
    return new ViViTConfig(
        new ClipShape(6, 4, 10),
        new Tubelet(2, 2, 2),
        14,
        2,
        11,
        new FactorisedEncoder(2, 3),
        Readout.TOKEN,
        dropPathRate,
        List.of(heads));
  }

  /**
   * A model of the paper: tubelets of 2 frames; 397 classes are the two heads of EPIC-Kitchens.
   *
   * @param patch side of a tubelet
   * @param pixels side of a clip
   */
  public static ViViTConfig published(
      Variant.Kind kind,
      Preset preset,
      int temporalLayers,
      int patch,
      int frames,
      int pixels,
      int classes) {
    Variant variant = kind.of(preset.layers(), temporalLayers, AttentionOrder.SPACE_TIME);
    boolean token = kind != Variant.Kind.FACTORISED_SELF_ATTENTION;
    return new ViViTConfig(
        new ClipShape(frames, pixels, pixels),
        new Tubelet(2, patch, patch),
        preset.width(),
        preset.attentionHeads(),
        preset.mlpWidth(),
        variant,
        token && kind != Variant.Kind.FACTORISED_DOT_PRODUCT ? Readout.TOKEN : Readout.MEAN,
        0,
        classes == 397
            ? List.of(new Head("noun", 300), new Head("verb", 97))
            : List.of(new Head("classes", classes)));
  }

  /** Seeded tokens in [-1, 1]. */
  public static INDArray tokens(ViViTConfig config, int clips, DataType type) {
    double[] values =
        GradientCheck.gaussian(
            clips, (long) clips * config.grid().tokens() * config.tubelet().values());
    return Nd4j.createFromArray(values)
        .castTo(type)
        .reshape(clips, config.grid().tokens(), config.tubelet().values());
  }

  /** Label rows per head: clip i is of class {@code i mod k}. */
  public static INDArray[] labels(ViViTConfig config, int clips, DataType type) {
    return config.heads().stream()
        .map(
            head -> {
              INDArray rows = Nd4j.create(type, clips, head.classes());
              for (int clip = 0; clip < clips; clip++) {
                rows.putScalar(clip, clip % head.classes(), 1);
              }
              return rows;
            })
        .toArray(INDArray[]::new);
  }
}
