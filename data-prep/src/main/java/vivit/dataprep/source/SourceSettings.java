package vivit.dataprep.source;

import java.util.List;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.source.Chapters.ChapterRule;

/**
 * The settings of the annotation readers.
 *
 * @param format form of the list of videos
 * @param input annotation file, or folder
 * @param videos folder of the video files; empty for the usual places next to the annotation file
 * @param labels {@code prepare.labels}: a list of class names, a folder with one per head, or a
 *     shard set; empty for none
 * @param columns the heads of the set
 * @param chapters what becomes of recordings in several files
 * @param otherFileSystems that the list may name files on, such as {@code hdfs://namenode:8020}
 */
public record SourceSettings(
    SourceFormat format,
    String input,
    String videos,
    String labels,
    LabelColumns columns,
    ChapterRule chapters,
    List<String> otherFileSystems) {

  public SourceSettings {
    otherFileSystems = List.copyOf(otherFileSystems);
  }

  /** Settings that guess the format and look for files next to the input. */
  public static SourceSettings of(String input, LabelColumns columns) {
    return new SourceSettings(
        SourceFormat.AUTO, input, "", "", columns, ChapterRule.JOIN, List.of());
  }
}
