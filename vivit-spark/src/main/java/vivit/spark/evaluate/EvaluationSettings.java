package vivit.spark.evaluate;

import vivit.dataprep.config.Section;

/**
 * The section {@code evaluate}.
 *
 * @param shards folder of the shard set, prepared for evaluation
 * @param run run folder, or one of its checkpoints
 * @param output folder of {@code metrics.json} and {@code predictions.parquet}
 * @param crops crops of every stored clip, 1 or 3
 * @param batchSize views that go through the network together
 */
public record EvaluationSettings(
    String shards, String run, String output, int crops, int batchSize) {

  /** Reads the section; records problems instead of throwing them. */
  public static EvaluationSettings read(Section section) {
    int crops = section.integer("crops", 1, 3);
    if (crops == 2) {
      section.problem("crops", "found 2; expected 1 (centre) or 3 (along the longer side)");
    }
    String run = section.place("run");
    String output = section.place("output");
    return new EvaluationSettings(
        section.place("shards"),
        run,
        output.isEmpty() ? run + "/evaluation" : output,
        crops,
        section.integer("batch-size", 1, 65_536));
  }
}
