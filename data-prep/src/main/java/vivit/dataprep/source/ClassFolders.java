package vivit.dataprep.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.source.Chapters.ChapterRule;
import vivit.dataprep.source.SourceVideos.MissingVideo;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Lists;
import vivit.dataprep.text.Visible;

/**
 * A folder with one folder of videos per class, named after the class. If {@code prepare.labels}
 * lists the classes, folder names may differ from them in spaces and punctuation.
 */
final class ClassFolders {
  private static final Logger LOG = LoggerFactory.getLogger(ClassFolders.class);
  private static final Set<String> SPLITS =
      Set.of("train", "training", "val", "valid", "validate", "validation", "test", "testing");

  private final Reading reading;
  private final FileSystem fs;
  private final List<LabelledVideo> videos = new ArrayList<>();
  private final List<MissingVideo> missing = new ArrayList<>();
  private final List<String> empty = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();

  private ClassFolders(Reading reading) throws IOException {
    this.reading = reading;
    this.fs = reading.fs();
  }

  static SourceVideos read(Reading reading) throws IOException {
    if (reading.columns().heads().size() > 1) {
      throw reading.wrong(
          reading.input()
              + ": a folder of class folders gives one class per video, but prepare.heads lists "
              + reading.columns().heads()
              + "; give a CSV file with these columns");
    }
    return new ClassFolders(reading).read();
  }

  private SourceVideos read() throws IOException {
    Path root = reading.input();
    ClassNames classes = new ClassNames(reading.given(0), reading.settings().labels());
    List<FileStatus> found = VideoFiles.sorted(fs, root);
    refuseSplits(found);
    VideoFiles.broken(root).forEach((name, target) -> refuseBroken(root, name, target));
    for (FileStatus status : found) {
      String name = status.getPath().getName();
      if (status.isDirectory()) {
        int before = videos.size() + missing.size();
        Optional<String> label = classes.ofFolder(name);
        addVideos(status.getPath(), label.orElse(name), name);
        if (videos.size() + missing.size() == before) {
          empty.add(name);
        } else if (label.isEmpty()) {
          String expected = classes.expected(name);
          reading
              .problems()
              .add(
                  Problems.ProblemKind.CLASS,
                  root,
                  "found the folder \"%s\" with %s, expected %s"
                      .formatted(
                          name,
                          Figures.of(videos.size() + missing.size() - before, "video"),
                          expected));
        }
      } else {
        ignored.add(name);
      }
    }
    reading.problems().check();
    Optional<String> loose = ignored.stream().filter(VideoNames::isVideo).findFirst();
    if (videos.isEmpty() && loose.isPresent()) {
      throw reading.wrong(
          "%s: its videos, such as %s, are in no class folder; put each into a folder named after its class, or list them in a CSV file, path,label"
              .formatted(root, loose.get()));
    }
    if (videos.isEmpty() && !missing.isEmpty()) {
      throw reading.wrong(
          "%s: none of %s exists, such as %s: %s"
              .formatted(
                  root,
                  Figures.of(missing.size(), "video"),
                  missing.get(0).video().id(),
                  missing.get(0).cause()));
    }
    if (videos.isEmpty()) {
      throw reading.wrong(
          root
              + ": found no videos; expected a folder per class with files such as .mp4, .webm"
              + " or .avi in it, or the path of an annotation file");
    }
    if (!ignored.isEmpty()) {
      LOG.warn(
          "Ignored under {}, with no class folder or no video's extension: {}, such as {}",
          root,
          Figures.of(ignored.size(), "file"),
          Visible.text(ignored.get(0)));
    }
    if (!empty.isEmpty()) {
      LOG.warn(
          "{}: {}; they become no classes", root, Lists.some(empty, "folders without a video"));
    }
    boolean join = reading.settings().chapters() == ChapterRule.JOIN;
    List<String> gone = missing.stream().map(one -> one.video().path()).toList();
    return new SourceVideos(
        join ? Chapters.joined(videos, gone) : videos, missing, Optional.empty());
  }

  private void refuseBroken(Path folder, String name, String target) {
    reading
        .problems()
        .add(
            Problems.ProblemKind.FILE,
            folder,
            "the link \"%s\" leads to %s, which does not exist, so that what is in it is unknown; mend it or remove it"
                .formatted(name, target));
  }

  private void refuseSplits(List<FileStatus> found) throws SourceException {
    List<String> folders =
        found.stream().filter(FileStatus::isDirectory).map(one -> one.getPath().getName()).toList();
    List<String> splits =
        folders.stream().filter(name -> SPLITS.contains(name.toLowerCase(Locale.ROOT))).toList();
    if (splits.size() > 1 && reading.settings().format() == SourceFormat.AUTO) {
      throw reading.wrong(
          "%s: its folders %s are splits, not classes; give one of them, prepare.input=%s, or its annotation file, or say prepare.format=folders"
              .formatted(reading.input(), splits, new Path(reading.input(), splits.get(0))));
    }
  }

  private void addVideos(Path folder, String label, String relative) throws IOException {
    List<List<String>> labels = List.of(List.of(label));
    VideoFiles.broken(folder)
        .forEach(
            (name, target) -> {
              if (VideoNames.isVideo(name)) {
                LabelledVideo video =
                    new LabelledVideo(relative + "/" + name, "", labels, TimeSpan.WHOLE)
                        .in(new Path(folder, name).toString(), -1);
                String cause = "a link to " + target + ", which does not exist";
                missing.add(new MissingVideo(video, BadKind.MISSING, cause));
              } else {
                refuseBroken(folder, name, target);
              }
            });
    for (FileStatus status : VideoFiles.sorted(fs, folder)) {
      String name = status.getPath().getName();
      String id = relative + "/" + name;
      VideoFiles.refuseTooMany(reading.input(), videos.size() + ignored.size() + 1);
      if (status.isDirectory()) {
        addVideos(status.getPath(), label, id);
      } else if (VideoNames.isVideo(name)) {
        videos.add(
            new LabelledVideo(id, "", labels, TimeSpan.WHOLE)
                .in(status.getPath().toString(), status.getLen()));
      } else {
        ignored.add(id);
      }
    }
  }
}
