package vivit.dataprep.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Visible;

/**
 * Recordings that GoPro cameras have split into several files, as their names show: {@code
 * GH010123.MP4} and {@code GH020123.MP4}, or {@code GOPR0123.MP4} and {@code GP010123.MP4}.
 */
public final class Chapters {
  /** What becomes of the files of such a recording. */
  public enum ChapterRule {
    /** Files of a class folder are joined to one video; a list names files. */
    JOIN,
    /** Each file is a video. */
    SEPARATE
  }

  private static final Logger LOG = LoggerFactory.getLogger(Chapters.class);

  private static final Pattern NAME = Pattern.compile("(?i)(.*/)?(G[HXLP])(\\d\\d)(\\d{4})\\.mp4");

  private static final Pattern FIRST = Pattern.compile("(?i)(.*/)?GOPR(\\d{4})\\.mp4");

  private Chapters() {}

  /** A recording's folder, kind and number, and the place of one of its files. */
  private record Chapter(String recording, int number) {
    static Optional<Chapter> of(String path) {
      Matcher first = FIRST.matcher(path);
      if (first.matches()) {
        return Optional.of(of(first.group(1), "GP", first.group(2), 0));
      }
      Matcher other = NAME.matcher(path);
      if (!other.matches()) {
        return Optional.empty();
      }
      String kind = other.group(2).toUpperCase(Locale.ROOT);
      int number = Integer.parseInt(other.group(3)) - (kind.equals("GP") ? 0 : 1);
      return number < (kind.equals("GP") ? 1 : 0)
          ? Optional.empty()
          : Optional.of(of(other.group(1), kind, other.group(4), number));
    }

    private static Chapter of(String folder, String kind, String recording, int number) {
      return new Chapter((folder == null ? "" : folder) + kind + recording, number);
    }
  }

  /** Folder, kind and number of the recording that a file is a chapter of, by its name. */
  public static Optional<String> recording(String path) {
    return Chapter.of(path).map(Chapter::recording);
  }

  /** The files of each recording with more than one, by number from 0. */
  private static SortedMap<String, SortedMap<Integer, List<String>>> recordings(
      Collection<String> paths) {
    SortedMap<String, SortedMap<Integer, List<String>>> recordings = new TreeMap<>();
    for (String path : paths) {
      Chapter.of(path)
          .ifPresent(
              chapter ->
                  recordings
                      .computeIfAbsent(chapter.recording, none -> new TreeMap<>())
                      .computeIfAbsent(chapter.number, none -> new ArrayList<>())
                      .add(path));
    }
    recordings
        .values()
        .removeIf(files -> files.size() == 1 && files.get(files.firstKey()).size() == 1);
    return recordings;
  }

  /**
   * The videos of some folders, those of one recording joined to one, which has the name of its
   * first file. Recordings of which a file is missing, or there twice in different spellings, are
   * left as they are.
   *
   * @param missing files that are named but do not exist
   */
  static List<LabelledVideo> joined(List<LabelledVideo> videos, List<String> missing) {
    Map<String, LabelledVideo> byPath = new TreeMap<>();
    for (LabelledVideo video : videos) {
      if (recording(video.path()).isPresent()) {
        byPath.put(video.path(), video);
      }
    }
    List<String> all = new ArrayList<>(byPath.keySet());
    all.addAll(missing);
    Map<LabelledVideo, LabelledVideo> firsts = new HashMap<>();
    Set<LabelledVideo> others = new HashSet<>();
    for (SortedMap<Integer, List<String>> chapters : recordings(all).values()) {
      List<String> files = chapters.values().stream().flatMap(List::stream).toList();
      boolean whole =
          chapters.firstKey() == 0
              && chapters.lastKey() == files.size() - 1
              && chapters.size() == files.size();
      if (whole && byPath.keySet().containsAll(files)) {
        LabelledVideo first = byPath.get(files.get(0));
        long bytes = files.stream().mapToLong(file -> byPath.get(file).size()).sum();
        List<String> later = files.subList(1, files.size());
        firsts.put(first, first.continuedBy(later, bytes));
        later.forEach(file -> others.add(byPath.get(file)));
      }
    }
    if (!firsts.isEmpty()) {
      LabelledVideo one = Collections.min(firsts.values(), Comparator.comparing(LabelledVideo::id));
      LOG.info(
          "{} of a GoPro camera in several files, such as {} with {}, are one video each; prepare.chapters=separate makes a video of each file",
          Figures.of(firsts.size(), "recording"),
          Visible.text(one.path()),
          Visible.text(one.chapters().get(0)));
    }
    return videos.stream()
        .filter(video -> !others.contains(video))
        .map(video -> firsts.getOrDefault(video, video))
        .toList();
  }

  /**
   * What to say about recordings in several files, each of which is a video; empty if there are
   * none.
   *
   * @param paths of all videos
   */
  public static Optional<String> advice(Collection<String> paths) {
    SortedMap<String, SortedMap<Integer, List<String>>> recordings = recordings(paths);
    if (recordings.isEmpty()) {
      return Optional.empty();
    }
    List<String> one =
        recordings.get(recordings.firstKey()).values().stream().flatMap(List::stream).toList();
    return Optional.of(
        "%s of a GoPro camera in several files, such as %s and %s: each file is a video of its own; prepare.chapters=join makes one of those in a class folder, if none is missing or there twice; join others first with ffmpeg -f concat and -c copy"
            .formatted(
                Figures.of(recordings.size(), "recording"), one.get(0), one.get(one.size() - 1)));
  }
}
