package vivit.bench.smalldata;

import java.util.ArrayList;
import java.util.List;
import vivit.bench.smalldata.Setting.Start;
import vivit.spark.demo.DemoTask;

/** A question and the settings that are compared to answer it. */
enum ExperimentPart {
  /** The four models and the baseline, Tab. 2 of the paper in miniature. */
  A("The models side by side"),
  /** Regularisers, each in addition to the former, Tab. 4 of the paper in miniature. */
  B("Regularisers, each in addition to those above"),
  /** From scratch and from an image model, Tab. 1 of the paper in miniature. */
  C("From scratch and from an image model"),
  /** What is left to learn if the encoder of single time indices is that of an image model. */
  D("Spatial encoder frozen"),
  /** What averaging less often, or with fewer bytes, costs. */
  E("Averaging");

  private static final String SPACE_TIME = "model.variant=space-time";
  private static final String NO_TEMPORAL = "model.temporal-layers=null";

  /** So short that models and starts differ in what they have learned. */
  private static final String SHORT = "train.epochs=12";

  /** Not the tokens of this model, which the image model lacks. */
  private static final String FREEZE = "train.freeze=[\"embedding/**\", \"SpatialTransformer/**\"]";

  private final String title;

  ExperimentPart(String title) {
    this.title = title;
  }

  /** What the table shows. */
  String title() {
    return title;
  }

  /** The part's own size; the user's words win. */
  List<String> size() {
    return switch (this) {
      case A, C, D -> List.of(SHORT);
      case B, E -> List.of();
    };
  }

  /** What is compared, in the order of the table. */
  List<Setting> settings() {
    return switch (this) {
      case A -> models();
      case B -> regularisers();
      case C -> starts();
      case D -> frozen();
      case E -> averagings();
    };
  }

  /** The image model that others start from: one encoder of 2-D patches, for single frames. */
  static Setting imageModel() {
    return new Setting(
        "image model, shapes in stills",
        DemoTask.SHAPE,
        List.of(
            "model.variant=average-pool",
            NO_TEMPORAL,
            "model.clip.frames=1",
            "model.tubelet.frames=1",
            "model.sampled-frames=1",
            "train.averaging.every=1",
            "train.workers=2"),
        Start.SCRATCH);
  }

  private static List<Setting> models() {
    return List.of(
        Setting.of("Model 1, `space-time`", SPACE_TIME, NO_TEMPORAL),
        factorised("Model 2, `factorised-encoder`"),
        Setting.of(
            "Model 3, `factorised-self-attention`",
            "model.variant=factorised-self-attention",
            NO_TEMPORAL),
        Setting.of(
            "Model 4, `factorised-dot-product`",
            "model.variant=factorised-dot-product",
            NO_TEMPORAL),
        Setting.of("baseline, `average-pool`", "model.variant=average-pool", NO_TEMPORAL),
        Setting.of(
            "the same, tubelets of one frame",
            "model.variant=average-pool",
            NO_TEMPORAL,
            "model.tubelet.frames=1"));
  }

  private static Setting factorised(String name) {
    return Setting.of(name, "model.variant=factorised-encoder", "model.temporal-layers=2");
  }

  private static List<Setting> regularisers() {
    Setting none =
        Setting.of(
            "random crop alone",
            "train.flip=0",
            "train.scale-jitter.probability=0",
            "train.colour-jitter.probability=0",
            "train.colour-jitter.grey=0",
            "train.drop-path=0",
            "train.drop-path-rule=paper",
            "train.rand-augment.layers=0",
            "train.label-smoothing=0",
            "train.mixup=0",
            "train.cutmix=0");
    Setting flip =
        none.with(
            "+ flip, scale and colour jitter",
            "train.flip=0.5",
            "train.flip-direction=swap",
            "train.scale-jitter.probability=1",
            "train.colour-jitter.probability=0.8",
            "train.colour-jitter.grey=0.1");
    Setting depth = flip.with("+ stochastic depth 0.2", "train.drop-path=0.2");
    Setting randAugment =
        depth.with(
            "+ RandAugment 2, 15, instead of colour jitter",
            "train.colour-jitter.probability=0",
            "train.colour-jitter.grey=0",
            "train.rand-augment.layers=2",
            "train.rand-augment.magnitude=15");
    Setting smoothing = randAugment.with("+ label smoothing 0.2", "train.label-smoothing=0.2");
    Setting mixup = smoothing.with("+ mixup 0.1", "train.mixup=0.1");
    return List.of(none, flip, depth, randAugment, smoothing, mixup);
  }

  private static List<Setting> starts() {
    return List.of(
        Setting.of("from scratch", SPACE_TIME, NO_TEMPORAL),
        image("image model, central frame", "initialise.kernel=central-frame"),
        image("image model, average of frames", "initialise.kernel=average"),
        image(
            "image model, random embedding",
            "initialise.kernel=central-frame",
            "initialise.restore-embedding=false"));
  }

  private static Setting image(String name, String... keys) {
    return Setting.fromImages(name, SPACE_TIME, NO_TEMPORAL).with(name, keys);
  }

  private static List<Setting> frozen() {
    Setting full =
        Setting.fromImages(
            "image model, everything trained",
            "model.variant=factorised-encoder",
            "model.temporal-layers=2",
            "initialise.kernel=central-frame");
    return List.of(
        factorised("from scratch"),
        full,
        full.with("image model, embedding and spatial encoder frozen", FREEZE),
        full.with("the same, average of frames", FREEZE, "initialise.kernel=average"));
  }

  private static List<Setting> averagings() {
    Setting base = Setting.of("", SPACE_TIME, NO_TEMPORAL, "train.workers=4");
    String keep = "train.averaging.state=keep";
    String int8 = "train.averaging.wire=int8";
    String slowmo = "train.averaging.outer=slowmo";
    String nesterov = "train.averaging.outer=nesterov";
    String quadratic = "train.averaging.quadratic=0.002";
    List<Setting> settings = new ArrayList<>();
    settings.add(base.with("every step", "train.averaging.every=1"));
    String four = "train.averaging.every=4";
    settings.add(base.with("every 4, average", four));
    settings.add(base.with("QSR from 4, average", four, quadratic));
    settings.add(base.with("QSR from 4, average, keep, int8", four, quadratic, keep, int8));
    for (int every : new int[] {16, 64}) {
      String steps = "every " + every;
      String key = "train.averaging.every=" + every;
      settings.add(base.with(steps + ", average", key));
      settings.add(base.with(steps + ", slowmo", key, slowmo));
      settings.add(base.with(steps + ", nesterov", key, nesterov));
    }
    String rare = "train.averaging.every=64";
    settings.add(base.with("every 64, average, keep", rare, keep));
    settings.add(base.with("every 64, average, keep, int8", rare, keep, int8));
    settings.add(base.with("every 64, nesterov, keep, int8", rare, nesterov, keep, int8));
    return settings;
  }
}
