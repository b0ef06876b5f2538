package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.LabelMapDifference;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.source.ClassList;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceSettings;
import vivit.dataprep.source.SourceVideos;
import vivit.dataprep.storage.OpenFileSystem;

/** Finds the label map of every head: in {@code prepare.labels}, or in the videos' annotations. */
final class LabelSource {
  private static final Logger LOG = LoggerFactory.getLogger(LabelSource.class);

  private final SourceSettings config;
  private final Configuration hadoop;

  LabelSource(SourceSettings config, Configuration hadoop) {
    this.config = config;
    this.hadoop = hadoop;
  }

  /**
   * The heads that {@code prepare.labels} gives, if it is set.
   *
   * @throws SourceException if they differ from {@code prepare.heads}
   */
  Optional<LabelHeads> given() throws IOException {
    return config.labels().isEmpty()
        ? Optional.empty()
        : Optional.of(given(new Path(config.labels())));
  }

  /**
   * The heads of a set of these videos: the given ones, or else the data set's own, or else all
   * annotated names, sorted.
   *
   * @throws SourceException if the given maps lack a video's class
   */
  LabelHeads heads(SourceVideos source, Optional<LabelHeads> given) throws IOException {
    List<LabelledVideo> videos = source.annotated().toList();
    if (given.isPresent()) {
      refuseOthers(source, given.get());
      refuseUnknown(videos, given.get());
      return given.get();
    }
    return config
        .columns()
        .with(
            source
                .official()
                .orElseGet(
                    () ->
                        IntStream.range(0, config.columns().heads().size())
                            .mapToObj(head -> LabelMap.sorted(classes(videos, head)))
                            .toList()));
  }

  /** Refuses given classes that differ from those of the data set; ids may differ. */
  private void refuseOthers(SourceVideos source, LabelHeads given) throws IOException {
    List<String> others = new ArrayList<>();
    for (int i = 0; i < given.count() && source.official().isPresent(); i++) {
      LabelHead head = given.get(i);
      LabelMapDifference difference =
          new LabelMapDifference(head.map(), source.official().get().get(i));
      if (!difference.sameNames()) {
        others.add(
            "%s: its classes of %s are not those of the data set: %s; give the data set's own list, or none"
                .formatted(
                    config.labels(), head.name(), difference.text("this list", "the data set")));
      } else if (!difference.isEmpty()) {
        LOG.info("Class ids are those of {}, not the data set's own", config.labels());
      }
    }
    if (!others.isEmpty()) {
      throw new SourceException(others);
    }
  }

  private static List<String> classes(List<LabelledVideo> videos, int head) {
    return videos.stream().flatMap(video -> video.labels().get(head).stream()).toList();
  }

  private LabelHeads given(Path source) throws IOException {
    FileSystem fs = OpenFileSystem.of(source, hadoop);
    LabelColumns columns = config.columns();
    if (!fs.exists(source)) {
      throw wrong(source + ": no such file or folder; correct prepare.labels");
    }
    if (fs.getFileStatus(source).isDirectory()) {
      return fs.exists(new Path(source, Manifest.FILE_NAME))
              || classList(fs, source, columns.heads().get(0)).isEmpty()
          ? fromShards(source, columns)
          : fromFolder(fs, source, columns);
    }
    if (columns.heads().size() > 1) {
      throw wrong(
          "%s: one list of class names, but there are the heads %s; give a folder with a file %s.txt and so on, or a shard set"
              .formatted(source, columns.heads(), columns.heads().get(0)));
    }
    return columns.with(List.of(ClassList.read(fs, source)));
  }

  private static LabelHeads fromFolder(FileSystem fs, Path folder, LabelColumns columns)
      throws IOException {
    List<LabelMap> maps = new ArrayList<>();
    for (String head : columns.heads()) {
      Optional<Path> file = classList(fs, folder, head);
      if (file.isEmpty()) {
        throw wrong(
            new Path(folder, head + ".txt")
                + ": no such file; expected the class names of this head, one per line");
      }
      maps.add(ClassList.read(fs, file.get()));
    }
    return columns.with(maps);
  }

  /** The file {@code <head>.txt}, or the list that EPIC-Kitchens distributes. */
  private static Optional<Path> classList(FileSystem fs, Path folder, String head)
      throws IOException {
    for (String name : ClassList.fileNames(head)) {
      Path file = new Path(folder, name);
      if (fs.exists(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private LabelHeads fromShards(Path folder, LabelColumns columns) throws IOException {
    LabelHeads heads = ShardSet.open(folder, hadoop).manifest().heads();
    List<String> names = heads.names();
    boolean same =
        names.equals(columns.heads())
            && heads.list().stream().allMatch(head -> head.labelling() == columns.labelling());
    if (!same) {
      throw wrong(
          "%s: a shard set with the heads %s, %s, but prepare.heads is %s, %s; give both the same"
              .formatted(
                  folder,
                  names,
                  heads.get(0).labelling().word(),
                  columns.heads(),
                  columns.labelling().word()));
    }
    return heads;
  }

  private void refuseUnknown(List<LabelledVideo> videos, LabelHeads heads) throws IOException {
    List<String> unknown = new ArrayList<>();
    for (LabelledVideo video : videos) {
      for (int i = 0; i < heads.count(); i++) {
        LabelHead head = heads.get(i);
        for (String name : video.labels().get(i)) {
          if (head.map().id(name).isEmpty()) {
            unknown.add(
                "%s: the %s \"%s\" is not among the %d of %s"
                    .formatted(video.id(), head.name(), name, head.classes(), config.labels()));
          }
        }
      }
    }
    if (!unknown.isEmpty()) {
      throw new SourceException(unknown);
    }
  }

  private static SourceException wrong(String problem) {
    return new SourceException(List.of(problem));
  }
}
