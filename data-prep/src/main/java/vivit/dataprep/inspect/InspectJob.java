package vivit.dataprep.inspect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.inspect.statistics.ClipFact;
import vivit.dataprep.inspect.statistics.ClipPicture;
import vivit.dataprep.inspect.statistics.ClipSelection;
import vivit.dataprep.inspect.statistics.ClipSelection.ClipPlace;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile.DecodeTiming;
import vivit.dataprep.inspect.statistics.Inspection;
import vivit.dataprep.inspect.statistics.SetStatistics;
import vivit.dataprep.inspect.statistics.ShardFacts;
import vivit.dataprep.inspect.statistics.ShardPictures;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.shard.ManifestFile;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.OpenFileSystem;

/**
 * Inspects a shard set: one Spark task per shard reads all columns except the tubelets for the
 * figures, then one per shard with clips to show reads those clips.
 */
public final class InspectJob {
  private final JavaSparkContext sc;
  private final InspectOptions options;
  private final FileSystem fs;
  private final List<String> problems = new ArrayList<>();

  private InspectJob(JavaSparkContext sc, InspectOptions options) throws IOException {
    this.sc = sc;
    this.options = options;
    this.fs = AtomicFile.raw(OpenFileSystem.of(options.folder(), sc.hadoopConfiguration()));
  }

  /**
   * Inspects a set and writes the results. Damaged clips and shards are reported and left out.
   *
   * @throws CorruptShardException if there is neither a set nor a list of videos left out
   * @throws IOException if the output folder holds other files
   */
  public static InspectReport run(JavaSparkContext sc, InspectOptions options) throws IOException {
    return new InspectJob(sc, options).run();
  }

  private InspectReport run() throws IOException {
    InspectionFolder out =
        new InspectionFolder(
            OpenFileSystem.of(options.out(), sc.hadoopConfiguration()), options.out());
    out.refuseForeign();
    Optional<ShardSet> set = Optional.empty();
    Inspection inspection;
    try {
      set = Optional.of(ShardSet.open(options.folder(), sc.hadoopConfiguration()));
      inspection = inspect(set.get());
    } catch (CorruptShardException e) {
      Optional<Quarantine> quarantined = ManifestFile.readQuarantine(fs, options.folder());
      if (quarantined.isEmpty()) {
        throw e;
      }
      inspection = Inspection.withoutSet(name(), quarantined.get(), e.getMessage());
    }
    InspectionFiles files = InspectionFiles.draw(inspection, set);
    files.write(out);
    if (options.json().isPresent()) {
      Path json = options.json().get();
      byte[] bytes = files.json();
      AtomicFile.write(
          OpenFileSystem.of(json, sc.hadoopConfiguration()), json, stream -> stream.write(bytes));
    }
    return new InspectReport(
        files.text(),
        new Path(options.out(), InspectionFolder.PAGE),
        files.isLettered(),
        inspection.isGood());
  }

  private Inspection inspect(ShardSet set) throws IOException {
    problems.addAll(set.listProblems());
    List<ClipFact> clips = facts(set);
    SetStatistics statistics = SetStatistics.of(set.manifest(), clips, timings(), options.seed());
    ClipSelection selection =
        ClipSelection.draw(
            clips,
            statistics.labels(),
            options.clips(),
            options.classes(),
            options.perClass(),
            options.seed());
    Map<ClipPlace, ClipPicture> pictures = pictures(selection.all());
    return new Inspection(
        name(),
        Optional.of(new Inspection.Described(set.manifest(), statistics)),
        statistics.quarantine(),
        selection,
        pictures,
        problems);
  }

  /** The qualified name of the folder. */
  private String name() {
    return fs.makeQualified(options.folder()).toString();
  }

  private List<ClipFact> facts(ShardSet set) throws IOException {
    List<ClipFact> clips = new ArrayList<>();
    String folder = options.folder().toString();
    List<Integer> shards = IntStream.range(0, set.shards()).boxed().toList();
    Tasks.Task<Integer, ShardFacts> task =
        (shard, hadoop) -> ShardFacts.read(ShardSet.open(new Path(folder), hadoop), shard);
    for (ShardFacts facts : Tasks.run(sc, shards, ShardFacts.class, task)) {
      clips.addAll(facts.clips());
      problems.addAll(facts.problems());
    }
    return clips;
  }

  private Optional<List<DecodeTiming>> timings() {
    try {
      return DecodeTimingsFile.read(fs, fs.makeQualified(options.folder()));
    } catch (IOException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  private Map<ClipPlace, ClipPicture> pictures(Collection<ClipPlace> places) throws IOException {
    Map<ClipPlace, ClipPicture> pictures = new HashMap<>();
    Map<Integer, ArrayList<ClipPlace>> byShard =
        places.stream()
            .collect(
                Collectors.groupingBy(
                    ClipPlace::shard, TreeMap::new, Collectors.toCollection(ArrayList::new)));
    String folder = options.folder().toString();
    Tasks.Task<ArrayList<ClipPlace>, ShardPictures> task =
        (some, hadoop) -> ShardPictures.read(ShardSet.open(new Path(folder), hadoop), some);
    List<ArrayList<ClipPlace>> shards = List.copyOf(byShard.values());
    for (ShardPictures some : Tasks.run(sc, shards, ShardPictures.class, task)) {
      some.pictures().forEach(picture -> pictures.put(picture.place(), picture));
      problems.addAll(some.problems());
    }
    return pictures;
  }
}
