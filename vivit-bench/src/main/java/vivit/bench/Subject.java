package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Locale;
import vivit.dataprep.text.Kebab;
import vivit.model.Head;
import vivit.model.ViViTConfig;
import vivit.model.describe.ModelSummary;
import vivit.model.engine.Engine;
import vivit.model.engine.Threads;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.EncoderPlan;

/**
 * The measured model and the machine.
 *
 * @param variant as in the configuration
 * @param layers number of layers of each encoder
 * @param classes number of classes of each head
 * @param parameters number of parameters of the whole model
 * @param pass {@code training} or {@code inference}
 * @param batch number of clips per step
 * @param microBatch number of clips that go through the network together
 * @param recompute as in the configuration
 * @param multiplyAdds of a step's matrix products, without recomputation
 * @param threads number of threads that compute
 * @param cores number of cores that this process may use
 * @param engine the engine that computes
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Subject(
    String variant,
    ClipShape clip,
    Tubelet tubelet,
    int width,
    int attentionHeads,
    int mlpWidth,
    List<Integer> layers,
    List<Integer> classes,
    long parameters,
    String pass,
    int batch,
    int microBatch,
    String recompute,
    long multiplyAdds,
    int threads,
    int cores,
    String engine) {

  static Subject of(BenchSettings settings) {
    ViViTConfig model = settings.model();
    ModelSummary summary = ModelSummary.of(model);
    boolean training = settings.pass() == BenchSettings.StepKind.TRAINING;
    String engine;
    try (Engine used = settings.engine().create()) {
      engine = used.description();
    }
    return new Subject(
        Kebab.of(model.variant().kind()),
        model.clip(),
        model.tubelet(),
        model.width(),
        model.attentionHeads(),
        model.mlpWidth(),
        model.encoders().stream().map(EncoderPlan::layers).toList(),
        model.heads().stream().map(Head::classes).toList(),
        summary.parameters(),
        Kebab.of(settings.pass()),
        settings.batch(),
        settings.microBatches().get(0),
        Kebab.of(settings.training().updates().recompute()),
        settings.batch() * (training ? summary.training() : summary.forward()),
        settings.threads(),
        Threads.cores(),
        engine);
  }

  /** Formats two lines of text. */
  String text() {
    return String.format(
        Locale.ROOT,
        "%s, %s layers, width %d, %,d parameters%n"
            + "%s, batch %d, clips %d x %d x %d, threads %d of %d, %s%n",
        variant,
        String.join(" + ", layers.stream().map(String::valueOf).toList()),
        width,
        parameters,
        pass,
        batch,
        clip.frames(),
        clip.height(),
        clip.width(),
        threads,
        cores,
        engine);
  }

  /** The rate of a step of this duration, in GFLOP/s. */
  double gflops(double seconds) {
    return 2.0 * multiplyAdds / seconds / 1e9;
  }
}
