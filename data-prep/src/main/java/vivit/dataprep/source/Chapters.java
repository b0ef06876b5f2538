package vivit.dataprep.source;

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
import java.util.function.Function;
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

  private static final Pattern NAME =
      Pattern.compile("(?i)(.*/)?(G[HXLP])(\\d\\d)(\\d{4})\\.(mp4|360)");

  private static final Pattern FIRST = Pattern.compile("(?i)(.*/)?GOPR(\\d{4})\\.mp4");

  private Chapters() {}

  /** A recording's folder, kind and number, and the place of one of its files. */
  private record Chapter(String recording, int number) {
    static Optional<Chapter> of(String path) {
      Matcher first = FIRST.matcher(path);
      if (first.matches()) {
        return Optional.of(of(first.group(1), "GP", first.group(2), "mp4", 0));
      }
      Matcher other = NAME.matcher(path);
      if (!other.matches()) {
        return Optional.empty();
      }
      String kind = other.group(2).toUpperCase(Locale.ROOT);
      int number = Integer.parseInt(other.group(3)) - (kind.equals("GP") ? 0 : 1);
      return Optional.of(of(other.group(1), kind, other.group(4), other.group(5), number));
    }

    private static Chapter of(
        String folder, String kind, String recording, String end, int number) {
      return new Chapter(
          "%s/%s%s.%s".formatted(folder, kind, recording, end.toLowerCase(Locale.ROOT)), number);
    }
  }

  /** The files of each recording, by their number from 0. */
  private static <T> SortedMap<String, SortedMap<Integer, T>> recordings(
      Collection<T> files, Function<T, String> path) {
    SortedMap<String, SortedMap<Integer, T>> recordings = new TreeMap<>();
    for (T file : files) {
      Chapter.of(path.apply(file))
          .ifPresent(
              chapter ->
                  recordings
                      .computeIfAbsent(chapter.recording, none -> new TreeMap<>())
                      .put(chapter.number, file));
    }
    recordings.values().removeIf(chapters -> chapters.size() == 1);
    return recordings;
  }

  /**
   * The videos of some folders, those of one recording joined to one, which has the name of its
   * first file. Recordings of which a file is missing are left as they are.
   */
  static List<LabelledVideo> joined(List<LabelledVideo> videos) {
    Map<LabelledVideo, LabelledVideo> firsts = new HashMap<>();
    Set<LabelledVideo> others = new HashSet<>();
    for (SortedMap<Integer, LabelledVideo> chapters :
        recordings(videos, LabelledVideo::path).values()) {
      if (chapters.firstKey() == 0 && chapters.lastKey() == chapters.size() - 1) {
        List<LabelledVideo> all = List.copyOf(chapters.values());
        List<LabelledVideo> later = all.subList(1, all.size());
        long bytes = all.stream().mapToLong(LabelledVideo::size).sum();
        List<String> files = later.stream().map(LabelledVideo::path).toList();
        firsts.put(all.get(0), all.get(0).continuedBy(files, bytes));
        others.addAll(later);
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
    SortedMap<String, SortedMap<Integer, String>> recordings =
        recordings(paths, Function.identity());
    if (recordings.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<Integer, String> one = recordings.get(recordings.firstKey());
    return Optional.of(
        "%s of a GoPro camera in several files, such as %s and %s: each file is a video of its own; prepare.chapters=join makes one of those in a class folder, if none is missing; join others first with ffmpeg -f concat and -c copy"
            .formatted(
                Figures.of(recordings.size(), "recording"),
                one.get(one.firstKey()),
                one.get(one.lastKey())));
  }
}
