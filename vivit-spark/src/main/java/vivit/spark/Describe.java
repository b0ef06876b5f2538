package vivit.spark;

import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.source.LabelHead;
import vivit.model.Head;
import vivit.model.describe.ModelSummary;
import vivit.spark.config.ModelSettings;

/** Prints what a model costs; needs neither data nor Spark. */
public final class Describe {
  private static final List<String> NAMES = List.of("noun", "verb");
  private static final Command COMMAND =
      new Command(
          """
          vivit describe [config] [key=value ...]

          Prints the layers of a model with their parameters and multiply-adds (half the
          floating-point operations), the memory of its activations per clip with and without
          recomputing, and the size of one averaging round.
          """,
          List.of("describe", "model"));

  private Describe() {}

  /** {@code [config] key=value ...} */
  public static void main(String[] args) {
    COMMAND.main(args, () -> System.out.print(summary(args).text()));
  }

  /** The summary of a configuration's model. */
  static ModelSummary summary(String... args) {
    StrictConfig config = StrictConfig.load(args);
    ModelSettings model = ModelSettings.read(config.section("model"));
    List<Head> heads = heads(classes(config.section("describe")));
    config.check();
    return ModelSummary.of(model.withHeads(heads));
  }

  /** Classes of each head; what is wrong is noted. */
  static List<Integer> classes(Section describe) {
    List<Integer> classes = new ArrayList<>();
    for (String text : describe.texts("classes")) {
      if (text.matches("[0-9]{1,7}") && Integer.parseInt(text) >= 2) {
        classes.add(Integer.parseInt(text));
      } else {
        describe.problem("classes", "found " + text + "; expected numbers from 2 up");
      }
    }
    if (classes.isEmpty()) {
      classes.add(2);
    }
    return classes;
  }

  /** Heads of these many classes: one is called as the shards' only one, two are noun and verb. */
  static List<Head> heads(List<Integer> classes) {
    List<Head> heads = new ArrayList<>();
    for (int head = 0; head < classes.size(); head++) {
      String name =
          classes.size() == 1
              ? LabelHead.DEFAULT_NAME
              : head < NAMES.size() ? NAMES.get(head) : "head" + head;
      heads.add(new Head(name, classes.get(head)));
    }
    return heads;
  }
}
