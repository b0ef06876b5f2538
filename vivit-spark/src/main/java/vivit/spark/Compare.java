package vivit.spark;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.text.Visible;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.model.checkpoint.MergedHeads;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TensorSource;
import vivit.model.dl4j.LayerActivations;
import vivit.model.shape.ClipShape;
import vivit.spark.model.ClipTensor;
import vivit.spark.model.Model;
import vivit.spark.model.Models;

/** Prints the differences between two checkpoints. */
public final class Compare {
  private static final String CLIP = "clip";
  private static final Command COMMAND =
      new Command(
          """
          vivit compare <a> <b> [--clip clip.safetensors] [config] [key=value ...]

          Prints the largest difference of every parameter of two checkpoints of any formats. With a
          clip, a tensor [T, H, W, 3] of uint8, or of floats in [-1, 1], also the largest difference
          of every layer's output and of the logits. Checkpoints that do not describe their model
          then need a configuration (section model).
          """,
          List.of("model", "describe"));

  private Compare() {}

  /** {@code <a> <b> [--clip FILE] [config] [key=value ...]} */
  public static void main(String[] args) {
    COMMAND.main(args, () -> Command.print(compare(args)));
  }

  /** Formats the two tables of differences. */
  static String compare(String... args) throws IOException {
    Arguments arguments = Arguments.parse(Set.of(CLIP), args);
    if (arguments.places().size() != 2) {
      throw new UsageException("found %s, expected two checkpoints".formatted(arguments.places()));
    }
    Configuration conf = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    String a = arguments.places().get(0);
    String b = arguments.places().get(1);
    StringBuilder text = new StringBuilder();
    if (arguments.option(CLIP).isEmpty()) {
      try (TensorSource first = merged(Models.tensors(conf, new Path(a)));
          TensorSource second = merged(Models.tensors(conf, new Path(b)))) {
        Models.warn(first);
        Models.warn(second);
        parameters(first, second, text);
      }
      return text.toString();
    }
    ClipTensor clip = ClipTensor.read(conf, arguments.option(CLIP).get());
    Optional<ClipShape> shape = Optional.of(clip.shape());
    try (Model first = Models.open(conf, a, arguments, shape);
        Model second = Models.open(conf, b, arguments, shape)) {
      parameters(merged(first.source()), merged(second.source()), text);
      text.append('\n');
      layers(activations(first, clip), activations(second, clip), text);
    }
    return text.toString();
  }

  private static TensorSource merged(TensorSource source) throws CorruptCheckpointException {
    return new MergedHeads(source);
  }

  private static Map<String, float[]> activations(Model model, ClipTensor clip) throws IOException {
    return LayerActivations.of(model.config(), model.parameters(), clip.tokens(model.config()));
  }

  private static void parameters(TensorSource a, TensorSource b, StringBuilder text)
      throws IOException {
    Map<String, TensorEntry> first = byName(a);
    Map<String, TensorEntry> second = byName(b);
    Set<String> names = new LinkedHashSet<>(first.keySet());
    names.addAll(second.keySet());
    text.append(row("parameter", "difference", "largest in a"));
    for (String name : names) {
      TensorEntry mine = first.get(name);
      TensorEntry other = second.get(name);
      if (mine == null || other == null) {
        text.append(row(name, "only in " + (mine == null ? "b" : "a"), ""));
      } else if (!Arrays.equals(mine.shape(), other.shape())) {
        text.append(
            row(
                name,
                Arrays.toString(mine.shape()) + " and " + Arrays.toString(other.shape()),
                ""));
      } else {
        text.append(difference(name, a.floats(name), b.floats(name)));
      }
    }
  }

  private static void layers(Map<String, float[]> a, Map<String, float[]> b, StringBuilder text) {
    text.append(row("layer", "difference", "largest in a"));
    for (Map.Entry<String, float[]> layer : a.entrySet()) {
      Optional<float[]> other = Optional.ofNullable(b.get(layer.getKey()));
      if (other.isEmpty() || other.get().length != layer.getValue().length) {
        text.append(row(layer.getKey(), "not in both", ""));
      } else {
        text.append(difference(layer.getKey(), layer.getValue(), other.get()));
      }
    }
  }

  private static String difference(String name, float[] a, float[] b) {
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = Math.abs((double) a[i] - b[i]);
      worst = Double.isNaN(difference) ? Double.NaN : Math.max(worst, difference);
      largest = Math.max(largest, Math.abs(a[i]));
    }
    return row(
        name,
        String.format(Locale.ROOT, "%.3e", worst),
        String.format(Locale.ROOT, "%.3e", largest));
  }

  private static String row(String name, String difference, String largest) {
    return String.format(
        Locale.ROOT, "%-80s %12s  %12s%n", Visible.text(name), difference, largest);
  }

  private static Map<String, TensorEntry> byName(TensorSource source) {
    return source.tensors().stream()
        .collect(
            Collectors.toMap(TensorEntry::name, t -> t, (one, same) -> one, LinkedHashMap::new));
  }
}
