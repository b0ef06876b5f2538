package vivit.dataprep.inspect.statistics;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.StoredClip;

/**
 * Small versions of some frames of a clip, with their captions.
 *
 * @param labels class names per head
 * @param height of the stored frames
 * @param width of the stored frames
 * @param times source time of each frame shown, in seconds
 * @param frames evenly spaced from the first to the last
 * @param pixels statistics of all pixels of the clip
 */
public record ClipPicture(
    ClipPlace place,
    String videoId,
    int view,
    List<List<String>> labels,
    int height,
    int width,
    List<Double> times,
    List<Picture> frames,
    PixelStatistics pixels)
    implements Serializable {
  /** Shorter side of a small frame, in pixels. */
  public static final int SHORT_SIDE = 96;

  /** Largest number of frames shown of a clip. */
  public static final int FRAMES = 6;

  /**
   * Reads a clip and makes its picture.
   *
   * @throws CorruptShardException if the clip is damaged
   */
  static ClipPicture read(ShardReader reader, ClipPlace place) throws IOException {
    StoredClip clip = reader.read(place.rowGroup());
    ClipOrigin origin = reader.columns(place.rowGroup()).origin();
    List<Double> times = new ArrayList<>();
    List<Picture> frames = new ArrayList<>();
    for (int frame : shown(clip.frames())) {
      times.add(origin.timestamps()[frame]);
      frames.add(Picture.frame(clip.pixels(), frame, clip.height(), clip.width()).fit(SHORT_SIDE));
    }
    return new ClipPicture(
        place,
        clip.videoId(),
        clip.view(),
        clip.labels().heads().stream()
            .map(head -> head.stream().map(label -> label.name()).toList())
            .toList(),
        clip.height(),
        clip.width(),
        List.copyOf(times),
        List.copyOf(frames),
        PixelStatistics.of(clip.pixels()));
  }

  /** Numbers of the frames shown of a clip with {@code frames} frames. */
  public static List<Integer> shown(int frames) {
    int count = Math.min(FRAMES, frames);
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(count == 1 ? 0 : Math.round((float) i * (frames - 1) / (count - 1)));
    }
    return numbers;
  }

  /** Variance of its middle frame. */
  double contrast() {
    return frames.get(frames.size() / 2).variance();
  }
}
