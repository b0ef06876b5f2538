package vivit.spark;

import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.StrictConfig;
import vivit.model.Head;
import vivit.model.describe.ModelSummary;
import vivit.spark.config.ModelSettings;

/** Prints what a model costs; needs neither data nor Spark. */
public final class Describe {
  private static final int MANY = 1_000_000;
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
    List<Head> heads = heads(config.section("describe"));
    config.check();
    return ModelSummary.of(model.withHeads(heads));
  }

  private static List<Head> heads(Section describe) {
    List<Head> heads = new ArrayList<>();
    for (String text : describe.texts("classes")) {
      int classes = 2;
      if (text.matches("[0-9]{1,7}") && Integer.parseInt(text) >= 2) {
        classes = Math.min(MANY, Integer.parseInt(text));
      } else {
        describe.problem("classes", "found " + text + "; expected numbers from 2 up");
      }
      heads.add(new Head(name(describe, heads.size()), classes));
    }
    return heads;
  }

  private static String name(Section describe, int head) {
    boolean one = describe.texts("classes").size() == 1;
    return one ? "label" : head < 2 ? List.of("noun", "verb").get(head) : "head" + head;
  }
}
