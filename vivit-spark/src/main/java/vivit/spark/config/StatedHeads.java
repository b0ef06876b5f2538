package vivit.spark.config;

import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.config.Section;
import vivit.dataprep.label.LabelHead;
import vivit.model.Head;

/** Classification heads stated by {@code describe.classes}, for use without a shard set. */
public final class StatedHeads {
  private static final List<String> NAMES = List.of("noun", "verb");

  private StatedHeads() {}

  /** Reads the number of classes of each head; records problems instead of throwing them. */
  public static List<Integer> classes(Section describe) {
    List<Integer> classes = new ArrayList<>();
    for (String text : describe.texts("classes")) {
      if (text.matches("[0-9]{1,7}") && Integer.parseInt(text) >= 2) {
        classes.add(Integer.parseInt(text));
      } else {
        describe.problem("classes", "found " + text + "; expected numbers of at least 2");
      }
    }
    if (classes.isEmpty()) {
      classes.add(2);
    }
    return classes;
  }

  /**
   * Creates heads with these numbers of classes: a single head has the default name, two are noun
   * and verb.
   */
  public static List<Head> heads(List<Integer> classes) {
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
