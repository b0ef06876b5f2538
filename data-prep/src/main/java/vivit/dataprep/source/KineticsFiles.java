package vivit.dataprep.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.text.Figures;

/**
 * The clips of Kinetics under a folder, flat or in folders of classes.
 *
 * <p>Files are called {@code <youtube_id>_<start>_<end>}; some downloaders leave out leading zeros,
 * some the times. The distributed replacements of corrupt clips take precedence.
 */
final class KineticsFiles {
  private static final Logger LOG = LoggerFactory.getLogger(KineticsFiles.class);
  private static final int YOUTUBE_ID = 11;

  private final VideoFiles files;
  private final Optional<VideoFiles> replacements;
  private final Map<String, List<VideoFiles.Found>> byClip = new HashMap<>();
  private final Map<String, VideoFiles.Found> byReplacedId = new HashMap<>();
  private int untimed;

  /** The file of a clip. */
  record ClipFile(Path path, long size) {}

  private KineticsFiles(VideoFiles files, Optional<VideoFiles> replacements) {
    this.files = files;
    this.replacements = replacements;
  }

  static KineticsFiles index(VideoFiles files, Optional<VideoFiles> replacements) {
    KineticsFiles clips = new KineticsFiles(files, replacements);
    files.forEach(
        found ->
            clips
                .byClip
                .computeIfAbsent(
                    KineticsReader.clip(found.stem()).orElseGet(found::stem),
                    clip -> new ArrayList<>(1))
                .add(found));
    replacements.ifPresent(
        folder ->
            folder.forEach(
                found -> {
                  String stem = found.stem();
                  int end = Math.min(YOUTUBE_ID, stem.length());
                  clips.byReplacedId.put(stem.substring(0, end), found);
                }));
    return clips;
  }

  /**
   * The file of a clip.
   *
   * @param onlyOne whether this is the only clip of its YouTube video, so that a file named by the
   *     video's id alone must be this clip
   */
  Optional<ClipFile> find(String clip, String youtubeId, String label, boolean onlyOne) {
    VideoFiles.Found replaced = byReplacedId.get(youtubeId);
    if (replaced != null) {
      return Optional.of(new ClipFile(replacements.orElseThrow().path(replaced), replaced.size()));
    }
    List<VideoFiles.Found> found = byClip.getOrDefault(clip, List.of());
    if (found.isEmpty() && onlyOne) {
      found = byClip.getOrDefault(youtubeId, List.of());
      untimed += found.isEmpty() ? 0 : 1;
    }
    return VideoFiles.best(found, label, "mp4")
        .map(file -> new ClipFile(files.path(file), file.size()));
  }

  /** Logs replacements and files without times in their names. */
  void log() {
    if (!byReplacedId.isEmpty()) {
      LOG.info(
          "Replacements of corrupt clips are taken from {}", replacements.orElseThrow().root());
    }
    if (untimed > 0) {
      LOG.warn(
          "Files without times in their names are taken as already cut: {} under {}",
          Figures.of(untimed, "file"),
          files.root());
    }
  }

  Path root() {
    return files.root();
  }
}
