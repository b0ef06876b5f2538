package vivit.spark.train;

import static vivit.spark.evaluate.ClipListing.UNKNOWN;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.label.LabelDifferences;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.text.Kebab;
import vivit.dataprep.text.Visible;
import vivit.spark.config.Experiment;
import vivit.spark.config.ValidationSettings;
import vivit.spark.evaluate.ClipListing;
import vivit.spark.evaluate.EvaluationMetrics;

/** What must hold of the shards of {@code train.validate} before a run begins. */
public final class ValidationChecks {
  private static final Logger LOG = LoggerFactory.getLogger(ValidationChecks.class);
  private static final int NAMED = 3;

  private ValidationChecks() {}

  /**
   * Records a problem for every contradiction between validation, model and training shards; none
   * if the run is not validated.
   */
  public static void check(
      Experiment experiment, Manifest training, StrictConfig config, Configuration hadoop)
      throws IOException {
    ValidationSettings settings = experiment.training().validation();
    Section section = config.section("train.validate");
    if (!settings.isOn()) {
      if (settings.patience() > 0) {
        section.problem(
            "patience",
            "found %d, but nothing is validated; give train.validate.shards=..., or set it to 0"
                .formatted(settings.patience()));
      }
      return;
    }
    Manifest shards = ShardSet.open(new Path(settings.shards()), hadoop).manifest();
    if (shards.purpose() != Purpose.EVALUATION) {
      section.problem(
          "shards",
          "the shards are for %s; prepare them for evaluation"
              .formatted(Kebab.of(shards.purpose())));
    }
    if (shards.clips() == 0) {
      section.problem("shards", "the shards have no clips; validation needs at least one");
    }
    List<String> differences =
        LabelDifferences.between(
            shards.heads(), "the shards", training.heads(), "the training set");
    if (differences.isEmpty()) {
      checkMetric(settings, shards, section);
    } else {
      section.problem(
          "shards",
          "the classes are not those of train.shards; %s; prepare them with prepare.labels=%s"
              .formatted(String.join("; ", differences), experiment.training().shards()));
    }
    checkSize("frames", experiment.model().clip().frames(), shards.frames(), section);
    if (shards.shortSide() > 0) {
      checkSize("rows", experiment.model().clip().height(), shards.shortSide(), section);
      checkSize("columns", experiment.model().clip().width(), shards.shortSide(), section);
    }
  }

  private static void checkMetric(ValidationSettings settings, Manifest shards, Section section) {
    List<String> figures = EvaluationMetrics.names(shards.heads());
    settings
        .metric()
        .filter(metric -> !figures.contains(metric))
        .ifPresent(
            metric ->
                section.problem(
                    "metric",
                    "found %s, but the figures of these shards are %s; choose one of them"
                        .formatted(metric, String.join(", ", figures))));
  }

  private static void checkSize(String what, int model, int stored, Section section) {
    if (model > stored) {
      section.problem(
          "shards",
          "the stored clips have %d %s, fewer than the model's %d; prepare larger clips"
              .formatted(stored, what, model));
    }
  }

  /** Warns of videos that are in both sets, if the run is validated. */
  public static void warnOfSharedVideos(
      JavaSparkContext sc, Experiment experiment, ShardSet training) throws IOException {
    ValidationSettings settings = experiment.training().validation();
    if (!settings.isOn()) {
      return;
    }
    ShardSet shards = ShardSet.open(new Path(settings.shards()), sc.hadoopConfiguration());
    warnOfShared(ClipListing.videos(sc, shards), ClipListing.videos(sc, training));
  }

  /**
   * Warns of videos that are in both sets, by their ids. Ids are often names of files, which two
   * folders may number alike: files of different lengths are other ones, or were converted.
   *
   * @param validation lengths of the files by id
   * @param training the same
   */
  static void warnOfShared(SortedMap<String, Long> validation, SortedMap<String, Long> training) {
    List<String> same = new ArrayList<>();
    List<String> namesakes = new ArrayList<>();
    validation.forEach(
        (video, bytes) -> {
          Long other = training.get(video);
          if (other != null) {
            boolean differs =
                bytes != UNKNOWN && other != UNKNOWN && bytes.longValue() != other.longValue();
            (differs ? namesakes : same).add(video);
          }
        });
    if (!same.isEmpty()) {
      LOG.warn(
          "{} of the {} videos of train.validate.shards are training videos by their ids, such as {};"
              + " validation says nothing about new ones then",
          same.size(),
          validation.size(),
          named(same));
    }
    if (!namesakes.isEmpty()) {
      LOG.info(
          "{} of the {} videos of train.validate.shards have the ids of training videos, but files of"
              + " other lengths, such as {}",
          namesakes.size(),
          validation.size(),
          named(namesakes));
    }
  }

  private static String named(List<String> videos) {
    return Visible.text(String.join(", ", videos.subList(0, Math.min(NAMED, videos.size()))));
  }
}
