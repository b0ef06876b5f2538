package vivit.dataprep.source;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vivit.dataprep.text.Figures;

/**
 * Recordings that GoPro cameras have split into several files, as their names show: {@code
 * GH010123.MP4} and {@code GH020123.MP4}, or {@code GOPR0123.MP4} and {@code GP010123.MP4}.
 */
public final class Chapters {
  private static final Pattern NAME =
      Pattern.compile("(.*/)?(G[HXLP])(\\d\\d)(\\d{4})\\.(?i:mp4|360)");

  private static final Pattern FIRST = Pattern.compile("(.*/)?GOPR(\\d{4})\\.(?i:mp4)");

  private Chapters() {}

  /**
   * What to say about such recordings; empty if there are none.
   *
   * @param paths of all videos
   */
  public static Optional<String> advice(Collection<String> paths) {
    SortedMap<String, SortedSet<String>> recordings = new TreeMap<>();
    for (String path : paths) {
      Matcher first = FIRST.matcher(path);
      Matcher later = NAME.matcher(path);
      if (first.matches()) {
        add(recordings, first.group(1) + "GP " + first.group(2), path);
      } else if (later.matches()) {
        add(recordings, later.group(1) + later.group(2) + " " + later.group(4), path);
      }
    }
    recordings.values().removeIf(files -> files.size() == 1);
    if (recordings.isEmpty()) {
      return Optional.empty();
    }
    SortedSet<String> one = recordings.get(recordings.firstKey());
    return Optional.of(
        "%s of a GoPro camera in several files, such as %s and %s: each file is a video of its own; to make one of them, join them first with ffmpeg -f concat and -c copy"
            .formatted(Figures.of(recordings.size(), "recording"), one.first(), one.last()));
  }

  private static void add(
      SortedMap<String, SortedSet<String>> recordings, String recording, String path) {
    recordings.computeIfAbsent(recording, none -> new TreeSet<>()).add(path);
  }
}
