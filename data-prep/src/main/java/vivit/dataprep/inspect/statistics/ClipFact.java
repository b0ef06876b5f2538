package vivit.dataprep.inspect.statistics;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.shard.ClipColumns;

/**
 * The properties of one clip that the statistics use, about a hundred bytes.
 *
 * @param shard number of its shard in the manifest
 * @param rowGroup its row group in the shard
 * @param video a hash of the id of its video
 * @param classes its classes, numbered through the classes of all heads, one head after the other
 * @param start source time of its first frame, in seconds
 * @param span source time from its first frame to its last, in seconds; can be negative if it loops
 * @param part length of the annotated part it was cut from, in seconds; NaN for a whole video
 * @param sourceRate average frames per second according to the container; 0 if unknown
 * @param sourceHeight of the decoded frames before resizing
 * @param sourceWidth of the decoded frames before resizing
 * @param height as stored
 * @param width as stored
 * @param storedBytes length of its tubelets in the file
 * @param plainBytes uncompressed length of its tubelets
 * @param loops whether the video was shorter than the clip and starts again within it
 */
public record ClipFact(
    int shard,
    int rowGroup,
    long video,
    List<Integer> classes,
    double start,
    double span,
    double part,
    double sourceRate,
    int sourceHeight,
    int sourceWidth,
    int height,
    int width,
    long storedBytes,
    long plainBytes,
    boolean loops)
    implements Serializable {
  private static final Pattern PART = Pattern.compile("#t=([0-9.]+),([0-9.]+)$");

  public ClipFact {
    classes = List.copyOf(classes);
  }

  /** Extracts the facts from a clip's columns. */
  static ClipFact of(int shard, int rowGroup, LabelHeads heads, ClipColumns clip) {
    List<Integer> classes = new ArrayList<>();
    List<List<Integer>> ids = clip.labels().ids();
    for (int head = 0; head < ids.size(); head++) {
      for (int id : ids.get(head)) {
        classes.add(heads.offset(head) + id);
      }
    }
    double[] times = clip.origin().timestamps();
    boolean loops = false;
    for (int i = 1; i < times.length; i++) {
      loops |= times[i] < times[i - 1];
    }
    return new ClipFact(
        shard,
        rowGroup,
        hash(clip.videoId()),
        classes,
        times.length == 0 ? 0 : times[0],
        times.length == 0 ? 0 : times[times.length - 1] - times[0],
        part(clip.videoId()),
        clip.origin().sourceFrameRate(),
        clip.origin().sourceHeight(),
        clip.origin().sourceWidth(),
        clip.height(),
        clip.width(),
        clip.storedBytes(),
        clip.plainBytes(),
        loops);
  }

  /** A 64-bit hash of a video id; a collision would only blur a statistic. */
  static long hash(String video) {
    byte[] text = video.getBytes(StandardCharsets.UTF_8);
    CRC32C crc = new CRC32C();
    crc.update(text);
    return (crc.getValue() << 32) ^ video.hashCode();
  }

  /** Length, in seconds, of the annotated part that a video id names, or NaN. */
  static double part(String video) {
    Matcher part = PART.matcher(video);
    if (!part.find()) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(part.group(2)) - Double.parseDouble(part.group(1));
    } catch (NumberFormatException e) {
      return Double.NaN; // the pattern is part of a file name
    }
  }
}
