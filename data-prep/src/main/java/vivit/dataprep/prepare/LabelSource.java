package vivit.dataprep.prepare;

import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
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
import vivit.dataprep.storage.MissingPath;
import vivit.dataprep.storage.OpenFileSystem;

/** Finds the label map of every head: in {@code prepare.labels}, or in the videos' annotations. */
final class LabelSource {
  private static final Logger LOG = LoggerFactory.getLogger(LabelSource.class);

  /** Cyrillic and Greek letters, and below them the Latin ones that they look like. */
  private static final String LIKE_LATIN =
      "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425"
          + "\u03bf\u03bd\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7";

  private static final String LATIN = "aeopcyxisjABEKMHOPCTX" + "ovABEZHIKMNOPTYX";

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
    if (source.official().isEmpty()) {
      refuseAlike(videos);
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

  /** Refuses class names that people would take for one. */
  private void refuseAlike(List<LabelledVideo> videos) throws SourceException {
    List<String> alike = new ArrayList<>();
    for (int head = 0; head < config.columns().heads().size(); head++) {
      SortedMap<String, String> seen = new TreeMap<>();
      for (String name : new TreeSet<>(classes(videos, head))) {
        String before = seen.putIfAbsent(folded(name), name);
        if (before != null) {
          alike.add(
              "%s: found the classes \"%s\" and \"%s\", which differ in case or in characters that look alike only%s; correct one of them, or list the classes in prepare.labels"
                  .formatted(config.input(), before, name, codes(before, name)));
        }
      }
    }
    if (!alike.isEmpty()) {
      throw new SourceException(alike);
    }
  }

  /**
   * Compatible forms and cases of a character are one, Cyrillic and Greek letters are the Latin
   * ones that they look like, and joiners are none.
   */
  private static String folded(String name) {
    StringBuilder latin = new StringBuilder();
    for (char letter : Normalizer.normalize(name, Normalizer.Form.NFKC).toCharArray()) {
      int like = LIKE_LATIN.indexOf(letter);
      latin.append(like < 0 ? letter : LATIN.charAt(like));
    }
    return latin
        .toString()
        .replaceAll("\\p{Cf}", "")
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  /** The first characters that differ, if they are no letters of a keyboard. */
  private static String codes(String one, String other) {
    int at = 0;
    while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    boolean plain = (one + other).chars().allMatch(c -> c < 0x80);
    return plain || at == Math.min(one.length(), other.length())
        ? ""
        : " (U+%04X and U+%04X)".formatted(one.codePointAt(at), other.codePointAt(at));
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
      throw wrong(
          "%s: no such file or folder; %s"
              .formatted(
                  MissingPath.name(fs, source),
                  MissingPath.advice(fs, source, "correct prepare.labels")));
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
