package vivit.dataprep.source;

import vivit.dataprep.text.Kebab;

/** The form of the list of videos: {@code prepare.format}. */
public enum SourceFormat {
  /** Guessed from the names and first lines of the files. */
  AUTO,
  /** A folder with one folder of videos per class. */
  FOLDERS,
  /** A CSV file {@code path,label[,start,end]}. */
  CSV,
  /** Kinetics-400, 600 or 700: the CSV or text lists of the distribution. */
  KINETICS,
  /** Something-Something v2: {@code train.json}, {@code validation.json}, {@code labels.json}. */
  SOMETHING_SOMETHING,
  /** EPIC-Kitchens-100: {@code EPIC_100_train.csv} and similar. */
  EPIC_KITCHENS,
  /** Moments in Time: {@code trainingSet.csv} and similar. */
  MOMENTS,
  /** TFRecord shards of JPEG frames, as in the original code. */
  TFRECORD;

  /** The word in the configuration. */
  public String word() {
    return Kebab.of(this);
  }
}
