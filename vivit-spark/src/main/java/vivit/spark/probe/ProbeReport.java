package vivit.spark.probe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Kebab;
import vivit.spark.probe.ProbeOutcome.ProbeResult;

/**
 * The figures of all probes and their origin.
 *
 * @param outcome the figures
 * @param select name of the figure that chose
 * @param origin names and values of what was probed: model, shard sets, hashes
 * @param crops of every stored clip of the evaluation set
 * @param epochs of training
 */
public record ProbeReport(
    ProbeOutcome outcome, String select, Map<String, String> origin, int crops, int epochs) {
  /** File of the figures. */
  public static final String METRICS = "metrics.json";

  /** Writes {@code metrics.json} into the folder. */
  void write(Path folder, Configuration conf) throws IOException {
    FileSystem files = AtomicFile.raw(OpenFileSystem.of(folder, conf));
    byte[] json = json();
    AtomicFile.write(files, new Path(folder, METRICS), out -> out.write(json));
  }

  /**
   * The chosen probe's figures on the evaluation set, as those of an evaluation; how it was chosen;
   * and the figures of all probes.
   */
  byte[] json() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    put(root, outcome.best().evaluation());
    root.put("videos", outcome.videos());
    root.put("views", outcome.views());
    root.put("crops", crops);
    ObjectNode chosen = root.putObject("chosen");
    put(chosen, outcome.best());
    chosen.put("select", select);
    chosen.put("videos_held_out", outcome.validationVideos());
    chosen.put("clips_held_out", outcome.validationViews());
    chosen.put("clips_trained_on", outcome.training());
    root.put("epochs", epochs);
    origin.forEach(root::put);
    ArrayNode probes = root.putArray("probes");
    for (ProbeResult result : outcome.results()) {
      ObjectNode probe = probes.addObject();
      put(probe, result);
      probe.put("diverged", result.diverged());
      put(probe.putObject("validation"), result.validation());
      put(probe.putObject("evaluation"), result.evaluation());
    }
    root.setAll((ObjectNode) mapper.readTree(outcome.classes()));
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  private static void put(ObjectNode node, ProbeResult result) {
    node.put("kind", Kebab.of(result.point().kind()));
    node.put("rate", result.point().rate());
    node.put("weight_decay", result.point().weightDecay());
    node.put("training_loss", result.loss());
  }

  private static void put(ObjectNode node, Map<String, Double> figures) {
    figures.forEach(node::put);
  }

  /** A table of all probes, and on what the best was chosen. */
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "  %-10s %10s %12s %10s  held out: %-12s evaluation%n",
            "probe", "rate", "weight decay", "loss", select));
    for (int i = 0; i < outcome.results().size(); i++) {
      ProbeResult result = outcome.results().get(i);
      text.append(
          String.format(
              Locale.ROOT,
              "%s %-10s %10s %12s %10.4f  %22s  %s%n",
              i == outcome.chosen() ? "*" : " ",
              Kebab.of(result.point().kind()),
              result.point().rate(),
              result.point().weightDecay(),
              result.loss(),
              result.diverged() ? "diverged" : figure(select, result.validation().get(select)),
              figures(result.evaluation())));
    }
    text.append(
        String.format(
            "* chosen by %s on %d training videos (%d clips) that no probe was trained on; the %d videos of the evaluation had no part in it%n",
            select, outcome.validationVideos(), outcome.validationViews(), outcome.videos()));
    return text.toString();
  }

  private static String figures(Map<String, Double> figures) {
    StringBuilder text = new StringBuilder();
    figures.forEach(
        (name, value) ->
            text.append(text.length() == 0 ? "" : ", ")
                .append(name)
                .append(' ')
                .append(figure(name, value)));
    return text.toString();
  }

  private static String figure(String name, double value) {
    return name.endsWith("loss")
        ? String.format(Locale.ROOT, "%.4f", value)
        : String.format(Locale.ROOT, "%.1f %%", 100 * value);
  }
}
