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
import vivit.dataprep.shard.Clip;
import vivit.dataprep.shard.ClipBuffer;
import vivit.dataprep.shard.ShardSet;
import vivit.model.ViViTConfig;
import vivit.spark.evaluate.VideoScore.ViewLogits;
import vivit.spark.executor.ReplicaPool;
import vivit.spark.executor.WorkerDevice;
import vivit.spark.input.ClipSource;
import vivit.spark.input.ClipTokens;
import vivit.spark.input.PreparedBatches;
import vivit.spark.input.PreparedBatches.ItemPreparation;
import vivit.spark.input.PreparedBatches.PreparedBatch;
import vivit.spark.input.ReadAhead;

/** Scores some batches of clips, by their numbers. Clips are read ahead of scoring. */
record ScoringTask(Scoring setup, LongAccumulator scored)
    implements PairFlatMapFunction<Iterator<Integer>, String, ViewLogits> {

  /**
   * A network with threads and memory to read clips ahead; kept in the executor between tasks of a
   * scoring.
   */
  private record ScoringReplica(ClipScorer scorer, ReadAhead ahead) implements ReplicaPool.Pooled {

    /** Builds the network, with {@code threads} threads that read clips. */
    static ScoringReplica open(Scoring setup, int threads) throws IOException {
      ViViTConfig config = setup.model().config();
      return new ScoringReplica(
          new ClipScorer(config, setup.parameters()),
          new ReadAhead(new ClipTokens(config).shape(), threads));
    }

    @Override
    public void close() {
      ahead.close();
      scorer.close();
    }
  }

  /** The view that the tokens of a clip belong to. */
  private record View(String video, List<List<Integer>> labels, int number) {}

  @Override
  public Iterator<Tuple2<String, ViewLogits>> call(Iterator<Integer> batches)
      throws IOException, InterruptedException {
    if (!batches.hasNext()) {
      return List.<Tuple2<String, ViewLogits>>of().iterator();
    }
    TaskContext context = TaskContext.get();
    WorkerDevice.prepare(context);
    ScoringReplica replica =
        ReplicaPool.take(
            setup.name(),
            ScoringReplica.class,
            any -> true,
            () -> ScoringReplica.open(setup, context.cpus()));
    List<Tuple2<String, ViewLogits>> views;
    try {
      views = score(replica, batches);
    } catch (IOException | InterruptedException | RuntimeException | Error failed) {
      replica.close();
      throw failed;
    }
    ReplicaPool.put(setup.name(), replica);
    return views.iterator();
  }

  private List<Tuple2<String, ViewLogits>> score(ScoringReplica replica, Iterator<Integer> batches)
      throws IOException, InterruptedException {
    List<Tuple2<String, ViewLogits>> views = new ArrayList<>();
    ShardSet shards = ShardSet.open(new Path(setup.shards()), setup.conf().value());
    try (ClipSource source = new ClipSource(shards);
        PreparedBatches<Integer, View> ahead =
            new PreparedBatches<>(replica.ahead(), setup.crops(), () -> preparation(source))) {
      int ordered = 0;
      for (; batches.hasNext(); ordered++) {
        ahead.order(setup.clips().batch(batches.next()));
      }
      for (int batch = 0; batch < ordered; batch++) {
        score(replica.scorer(), ahead.next(), views);
      }
    }
    return views;
  }

  private ItemPreparation<Integer, View> preparation(ClipSource source) {
    ClipViews views = new ClipViews(setup.model().config(), setup.crops());
    ClipBuffer memory = new ClipBuffer();
    return (position, room) -> {
      Clip clip = source.read(position, memory);
      views.write(clip, room);
      return new View(clip.videoId(), clip.labels().ids(), clip.view());
    };
  }

  private void score(
      ClipScorer scorer, PreparedBatch<View> batch, List<Tuple2<String, ViewLogits>> views) {
    float[][][] logits = scorer.logits(batch.tokens());
    for (int i = 0; i < logits.length; i++) {
      View view = batch.results().get(i / setup.crops());
      int crop = i % setup.crops();
      views.add(
          new Tuple2<>(
              view.video(),
              new ViewLogits(view.video(), view.labels(), view.number(), crop, logits[i])));
    }
    scored.add(batch.results().size());
  }
}
