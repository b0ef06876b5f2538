package vivit.dataprep.source;

import vivit.dataprep.label.LabelColumns;

/**
 * What the readers of annotations are told.
 *
 * @param format how videos are listed
 * @param input annotation file, or folder
 * @param videos folder of the video files; empty for the usual places beside the annotation file
 * @param labels {@code prepare.labels}: a list of class names, or a shard set that has one; empty
 *     for none
 * @param columns the heads of the set
 */
public record SourceSettings(
    SourceFormat format, String input, String videos, String labels, LabelColumns columns) {

  /** Tells the format itself, and looks beside the input for the rest. */
  public static SourceSettings of(String input, LabelColumns columns) {
    return new SourceSettings(SourceFormat.AUTO, input, "", "", columns);
  }
}
