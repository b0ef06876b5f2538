package vivit.dataprep.source;

import vivit.dataprep.text.Kebab;

/** The form of the list of videos: {@code prepare.format}. */
public enum SourceFormat {
  /** Guessed from the names and first lines of the files. */
  AUTO,
  /** A folder with a folder of videos per class. */
  FOLDERS,
  /** A CSV file {@code path,label[,start,end]}. */
  CSV,
  /** Kinetics-400, 600 or 700: the CSV or text lists that the data set is distributed with. */
  KINETICS,
  /** Something-Something v2: {@code train.json}, {@code validation.json}, {@code labels.json}. */
  SOMETHING_SOMETHING,
  /** EPIC-Kitchens-100: {@code EPIC_100_train.csv} and its like. */
  EPIC_KITCHENS,
  /** Moments in Time: {@code trainingSet.csv} and its like. */
  MOMENTS,
  /** TFRecord shards of JPEG frames, as the original code has them. */
  TFRECORD;

  /** The word in the configuration. */
  public String word() {
    return Kebab.of(this);
  }
}
