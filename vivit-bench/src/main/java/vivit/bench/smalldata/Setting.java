package vivit.bench.smalldata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vivit.spark.demo.DemoTask;

/**
 * What is compared: a configuration that is run with several seeds.
 *
 * @param name for people
 * @param task of its videos; of {@code SHAPE} it sees single frames
 * @param keys what it sets, as {@code key=value}; they win over the user's
 * @param start whether it starts from an image model
 */
record Setting(String name, DemoTask task, List<String> keys, Start start) {

  /** What a run starts from. */
  enum Start {
    SCRATCH,
    /** The image model of the same seed. */
    IMAGE_MODEL
  }

  static Setting of(String name, String... keys) {
    return new Setting(name, DemoTask.MOTION, List.of(keys), Start.SCRATCH);
  }

  static Setting fromImages(String name, String... keys) {
    return new Setting(name, DemoTask.MOTION, List.of(keys), Start.IMAGE_MODEL);
  }

  /** The same with more keys, which win over the former. */
  Setting with(String longer, String... more) {
    List<String> all = new ArrayList<>(keys);
    all.addAll(Arrays.asList(more));
    return new Setting(longer, task, List.copyOf(all), start);
  }
}
