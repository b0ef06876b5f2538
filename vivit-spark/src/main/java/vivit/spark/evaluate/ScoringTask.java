package vivit.spark.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;
import vivit.spark.device.WorkerDevice;
import vivit.spark.input.ClipSource;

/**
 * Scores batches of consecutive clips: batch {@code i} holds the clips from {@code i *
 * clipsPerBatch} on. Which clips go through the network together so depends on the shard set alone,
 * and the logits are the same to the bit on any partitioning.
 */
record ScoringTask(ScoringSetup setup, LongAccumulator scored)
    implements PairFlatMapFunction<Iterator<Integer>, String, ViewLogits> {

  @Override
  public Iterator<Tuple2<String, ViewLogits>> call(Iterator<Integer> batches) throws IOException {
    List<Tuple2<String, ViewLogits>> views = new ArrayList<>();
    if (!batches.hasNext()) {
      return views.iterator();
    }
    WorkerDevice.prepare(TaskContext.get());
    ShardSet shards = ShardSet.open(new Path(setup.shards()), setup.conf().value());
    try (ClipSource source = new ClipSource(shards)) {
      ClipScorer scorer = ScorerPool.take(setup);
      while (batches.hasNext()) {
        score(source, scorer, batches.next(), views);
      }
      ScorerPool.put(setup.key(), scorer);
    }
    return views.iterator();
  }

  private void score(
      ClipSource source, ClipScorer scorer, int batch, List<Tuple2<String, ViewLogits>> views)
      throws IOException {
    int first = batch * setup.clipsPerBatch();
    int end = Math.min(first + setup.clipsPerBatch(), source.clips());
    List<StoredClip> clips = new ArrayList<>();
    for (int position = first; position < end; position++) {
      clips.add(source.read(position));
    }
    float[][][] logits = scorer.logits(clips, setup.crops());
    for (int i = 0; i < logits.length; i++) {
      StoredClip clip = clips.get(i / setup.crops());
      int crop = i % setup.crops();
      views.add(
          new Tuple2<>(
              clip.videoId(),
              new ViewLogits(clip.videoId(), clip.labels().ids(), clip.view(), crop, logits[i])));
    }
    scored.add(clips.size());
  }
}
