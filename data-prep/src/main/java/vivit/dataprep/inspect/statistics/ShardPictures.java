package vivit.dataprep.inspect.statistics;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;

/**
 * Pictures of some clips of one shard.
 *
 * @param pictures of the readable clips
 * @param problems of the unreadable clips, one sentence each
 */
public record ShardPictures(List<ClipPicture> pictures, List<String> problems)
    implements Serializable {

  public ShardPictures {
    pictures = List.copyOf(pictures);
    problems = List.copyOf(problems);
  }

  /** Reads clips of one shard. */
  public static ShardPictures read(ShardSet set, List<ClipPlace> places) throws IOException {
    List<ClipPicture> pictures = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    try (ShardReader reader = set.reader(places.get(0).shard())) {
      for (ClipPlace place : places) {
        try {
          pictures.add(ClipPicture.read(reader, place));
        } catch (CorruptShardException e) {
          problems.add(e.getMessage());
        }
      }
    } catch (CorruptShardException e) {
      problems.add(e.getMessage());
    }
    return new ShardPictures(pictures, problems);
  }
}
