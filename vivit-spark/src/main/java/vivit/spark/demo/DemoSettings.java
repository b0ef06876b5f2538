package vivit.spark.demo;

import vivit.dataprep.config.Section;

/**
 * The section {@code demo}.
 *
 * @param task what the classes differ in
 * @param trainVideos training videos of each class
 * @param testVideos held-out videos of each class
 */
public record DemoSettings(DemoTask task, int trainVideos, int testVideos) {
  private static final int MOST = 9_999;

  /** Reads the section; records problems instead of throwing them. */
  public static DemoSettings read(Section section) {
    return new DemoSettings(
        section.choice("task", DemoTask.class),
        section.integer("train-videos", 1, MOST),
        section.integer("test-videos", 1, MOST));
  }
}
