package vivit.spark.probe;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.shard.Clip;
import vivit.dataprep.shard.ClipBuffer;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.model.ModelDescription;
import vivit.model.ViViTConfig;
import vivit.spark.evaluate.ClipViews;
import vivit.spark.executor.ReplicaPool;
import vivit.spark.executor.SlicedBroadcast;
import vivit.spark.executor.WorkerDevice;
import vivit.spark.input.ClipSource;
import vivit.spark.input.ClipTokens;
import vivit.spark.input.PreparedBatches;
import vivit.spark.input.PreparedBatches.ItemPreparation;
import vivit.spark.input.PreparedBatches.PreparedBatch;
import vivit.spark.input.ReadAhead;
import vivit.spark.probe.FeatureFile.Features;
import vivit.spark.probe.FeatureManifest.FeaturePart;
import vivit.spark.probe.FeatureTask.FeatureRange;
import vivit.spark.probe.FrozenEncoder.Encoded;

/**
 * Writes one file of features: those of consecutive clips, in batches of consecutive clips. Files
 * therefore depend only on the shard set, the model and the settings, not on the cluster.
 */
record FeatureTask(Setup setup, LongAccumulator encoded)
    implements Tasks.Task<FeatureRange, FeaturePart> {

  /**
   * What all tasks share.
   *
   * @param owner name of this job; the owner of replicas in executors
   * @param model its configuration
   * @param backbone the flat parameters below the heads
   * @param shards folder of the shard set
   * @param folder where the files go
   * @param heads the classes
   * @param columns the large columns to write
   * @param viewBytes size of these columns in one row
   * @param crops crops of every clip
   * @param clipsPerBatch clips that go through the network together, with all their crops
   */
  record Setup(
      String owner,
      ModelDescription model,
      SlicedBroadcast backbone,
      String shards,
      String folder,
      LabelHeads heads,
      List<String> columns,
      long viewBytes,
      int crops,
      int clipsPerBatch)
      implements Serializable {}

  /** The clips of a file, from {@code first} to before {@code end}. */
  record FeatureRange(int part, int first, int end) implements Serializable {}

  /** A network with threads and memory to read clips ahead, kept between tasks. */
  private record FeatureReplica(FrozenEncoder encoder, ReadAhead ahead)
      implements ReplicaPool.Pooled {

    static FeatureReplica open(Setup setup, int threads) {
      ViViTConfig config = setup.model().config();
      return new FeatureReplica(
          new FrozenEncoder(config, setup.backbone()::copyTo),
          new ReadAhead(new ClipTokens(config).shape(), threads));
    }

    @Override
    public void close() {
      ahead.close();
      encoder.close();
    }
  }

  /** A stored clip without its pixels. */
  private record ClipKey(String video, List<List<Integer>> labels, int number) {}

  static String name(int part) {
    return "part-%05d.parquet".formatted(part);
  }

  @Override
  public FeaturePart run(FeatureRange range, Configuration hadoop) throws IOException {
    TaskContext context = TaskContext.get();
    WorkerDevice.prepare(context);
    FeatureReplica replica =
        ReplicaPool.take(
            setup.owner(),
            FeatureReplica.class,
            any -> true,
            () -> FeatureReplica.open(setup, context.cpus()));
    FeaturePart part;
    try {
      part = write(replica, range, hadoop);
    } catch (IOException | RuntimeException | Error failed) {
      replica.close();
      throw failed;
    }
    ReplicaPool.put(setup.owner(), replica);
    return part;
  }

  private FeaturePart write(FeatureReplica replica, FeatureRange range, Configuration hadoop)
      throws IOException {
    Path file = new Path(setup.folder(), name(range.part()));
    FileSystem fs = AtomicFile.raw(OpenFileSystem.of(file, hadoop));
    Path temporary = AtomicFile.temporaryName(file);
    try {
      writeTo(temporary, replica, range, hadoop);
      long bytes = fs.getFileStatus(temporary).getLen();
      AtomicFile.rename(fs, temporary, file);
      return new FeaturePart(file.getName(), (range.end() - range.first()) * setup.crops(), bytes);
    } finally {
      fs.delete(temporary, false);
      fs.delete(new Path(file.getParent(), "." + temporary.getName() + ".crc"), false);
    }
  }

  private void writeTo(Path file, FeatureReplica replica, FeatureRange range, Configuration hadoop)
      throws IOException {
    FeatureFile table = new FeatureFile(setup.heads());
    ShardSet shards = ShardSet.open(new Path(setup.shards()), hadoop);
    try (ClipSource source = new ClipSource(shards);
        ParquetWriter<Group> writer =
            table.writer(file, hadoop, setup.columns(), setup.viewBytes());
        PreparedBatches<Integer, ClipKey> ahead =
            new PreparedBatches<>(replica.ahead(), setup.crops(), () -> preparation(source))) {
      int batches = 0;
      for (int first = range.first(); first < range.end(); first += setup.clipsPerBatch()) {
        int end = Math.min(first + setup.clipsPerBatch(), range.end());
        ahead.order(IntStream.range(first, end).boxed().toList());
        batches++;
      }
      for (int batch = 0; batch < batches; batch++) {
        write(writer, table, replica.encoder(), ahead.next());
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while writing " + file);
    }
  }

  private ItemPreparation<Integer, ClipKey> preparation(ClipSource source) {
    ClipViews views = new ClipViews(setup.model().config(), setup.crops());
    ClipBuffer memory = new ClipBuffer();
    return (position, room) -> {
      Clip clip = source.read(position, memory);
      views.write(clip, room);
      return new ClipKey(clip.videoId(), clip.labels().ids(), clip.view());
    };
  }

  private static void requireFinite(float[] values, ClipKey clip) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new Refusal(
            "found the feature %s for video %s (clip %d), expected a finite number; the model has diverged"
                .formatted(value, clip.video(), clip.number()));
      }
    }
  }

  private void write(
      ParquetWriter<Group> writer,
      FeatureFile table,
      FrozenEncoder encoder,
      PreparedBatch<ClipKey> batch)
      throws IOException {
    Encoded features =
        setup.columns().contains(FeatureFile.TOKENS)
            ? encoder.all(batch.tokens())
            : encoder.representations(batch.tokens());
    for (int i = 0; i < features.representations().length; i++) {
      ClipKey clip = batch.results().get(i / setup.crops());
      requireFinite(features.representations()[i], clip);
      requireFinite(features.tokens()[i], clip);
      Features view =
          new Features(
              clip.video(),
              clip.number(),
              i % setup.crops(),
              clip.labels(),
              features.representations()[i],
              features.tokens()[i]);
      writer.write(table.row(view, setup.columns()));
    }
    encoded.add(batch.results().size());
  }
}
