package vivit.dataprep.inspect.statistics;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;

/**
 * The facts about the clips of one shard.
 *
 * @param clips the readable ones, in order
 * @param problems of the shard and of its unreadable clips, one sentence each, at most {@link
 *     #MAX_PROBLEMS} of them about clips
 */
public record ShardFacts(List<ClipFact> clips, List<String> problems) implements Serializable {
  private static final int MAX_PROBLEMS = 3;

  public ShardFacts {
    clips = List.copyOf(clips);
    problems = List.copyOf(problems);
  }

  /** Reads all columns except the tubelets; damage becomes a problem and the rest is kept. */
  public static ShardFacts read(ShardSet set, int shard) throws IOException {
    List<ClipFact> clips = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    int damaged = 0;
    try (ShardReader reader = set.reader(shard)) {
      for (int rowGroup = 0; rowGroup < reader.clips(); rowGroup++) {
        try {
          clips.add(ClipFact.of(shard, rowGroup, set.manifest().heads(), reader.columns(rowGroup)));
        } catch (CorruptShardException e) {
          damaged++;
          if (problems.size() < MAX_PROBLEMS) {
            problems.add(e.getMessage());
          }
        }
      }
    } catch (CorruptShardException e) {
      problems.add(e.getMessage());
    }
    if (damaged > MAX_PROBLEMS) {
      problems.add(
          "... and %d more clips of %s"
              .formatted(damaged - MAX_PROBLEMS, set.manifest().shards().get(shard).name()));
    }
    return new ShardFacts(clips, problems);
  }
}
