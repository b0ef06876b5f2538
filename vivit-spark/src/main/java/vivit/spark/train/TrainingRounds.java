package vivit.spark.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.job.FailedJob;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.text.Visible;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.Packing;
import vivit.spark.exchange.Peer;
import vivit.spark.exchange.SliceName;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;
import vivit.spark.executor.ReplicaPool;
import vivit.spark.train.RoundCost.TaskCost;
import vivit.spark.train.RoundOrder.Averaging;
import vivit.spark.train.RoundOrder.WorkerStates;
import vivit.spark.train.RoundPart.WorkerReport;
import vivit.spark.train.RoundPlanner.RoundWork;
import vivit.spark.train.TrainTask.Share;
import vivit.spark.train.TrainTask.Trained;
import vivit.spark.train.UpdateTask.Change;
import vivit.spark.train.UpdateTask.Contributed;
import vivit.spark.train.UpdateTask.Part;
import vivit.spark.train.UpdateTask.Updated;
import vivit.spark.train.VectorWriting.Written;

/**
 * The rounds of a run on the driver: two Spark jobs each, one that trains and one that averages.
 * The vectors are on the executors; the driver knows who holds which slice.
 */
final class TrainingRounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRounds.class);
  private static final int MOST_ATTEMPTS = 10;

  /** Before work is repeated that failed although no executor was lost, in seconds. */
  private static final List<Integer> PAUSES = List.of(1, 5, 25);

  private final JavaSparkContext sc;
  private final String run;
  private final Tasks tasks;
  private final HungTasks hung;
  private final Broadcast<RunSetup> setup;
  private final Slicing slicing;
  private final int workers;
  private final WorkerStates states;
  private final Packing wire;
  private SliceTable state;
  private Optional<SliceTable> before = Optional.empty();

  /** What executors are to write of a checkpoint, in the next round. */
  private List<VectorWriting> writings = List.of();

  /** The version that a checkpoint is being written of; -1 for none. */
  private long beingWritten = -1;

  private final List<Written> written = new ArrayList<>();

  /** The round that led to the present version. */
  private Optional<Round> lastRound = Optional.empty();

  /** The executors of the last round. */
  private List<Peer> peers;

  private RoundCost lastCost;
  private double lastMoved;

  /** Whether executors or jobs failed since this was last asked. */
  private boolean lost;

  /** Whether nothing is to be repeated any more. */
  private final BooleanSupplier ending;

  /**
   * A round.
   *
   * @param work of every worker
   * @param averaging what travels at its end
   * @param change of the vectors at its end
   */
  record Round(List<RoundWork> work, Averaging averaging, Change change) {}

  /**
   * Creates rounds that start from these vectors.
   *
   * @param ending asked when a job has failed; true lets the failure end the run
   */
  TrainingRounds(
      JavaSparkContext sc,
      RunSetup setup,
      Slicing slicing,
      int workers,
      WorkerStates states,
      Packing wire,
      SliceTable state,
      BooleanSupplier ending) {
    this.sc = sc;
    this.ending = ending;
    this.run = setup.run();
    this.tasks = new Tasks(sc);
    this.hung = new HungTasks(sc);
    this.setup = sc.broadcast(setup);
    this.slicing = slicing;
    this.workers = workers;
    this.states = states;
    this.wire = wire;
    this.state = state;
    this.peers = List.copyOf(state.peers());
    sc.setLocalProperty("spark.job.interruptOnCancel", "true"); // what failed leaves no busy cores
  }

  /** How the vectors are cut. */
  Slicing slicing() {
    return slicing;
  }

  /** Who holds the vectors. */
  SliceTable state() {
    return state;
  }

  /** Who holds a version of the vectors, the newest or the one before it; empty for others. */
  Optional<SliceTable> version(long number) {
    return Stream.concat(Stream.of(state), before.stream())
        .filter(table -> table.version() == number)
        .findFirst();
  }

  /** The executors of the last round. */
  List<Peer> peers() {
    return peers;
  }

  /** What the last round cost, without attempts that failed. */
  RoundCost lastCost() {
    return lastCost;
  }

  /** Squared distance of the workers' average from where they started, in the last round. */
  double lastMoved() {
    return lastMoved;
  }

  /** Lets executors begin to write in the next round, and keeps this version until they have. */
  void write(List<VectorWriting> next) {
    writings = List.copyOf(next);
    beingWritten = state.version();
  }

  /** Files of a checkpoint that executors have written since the last call. */
  List<Written> takeWritten() {
    List<Written> taken = List.copyOf(written);
    written.clear();
    return taken;
  }

  /** Whether executors or jobs failed since the last call, and perhaps what they wrote is lost. */
  boolean takeLoss() {
    boolean taken = lost;
    lost = false;
    return taken;
  }

  /** The version of the last checkpoint is not needed any more. */
  void endWriting() {
    writings = List.of();
    beingWritten = -1;
  }

  private List<VectorWriting> writings(int task, int tasks) {
    List<VectorWriting> ofTask = new ArrayList<>();
    for (int i = task; i < writings.size(); i += tasks) {
      ofTask.add(writings.get(i));
    }
    return ofTask;
  }

  /**
   * Trains one round on all workers and averages them. A round with NaN or infinity on a worker
   * leaves the vectors unchanged.
   *
   * @param retries number of times that such a round is retried
   * @return one report per worker, in the order of the workers
   * @throws NonFiniteException if the last attempt also has NaN or infinity
   */
  List<WorkerReport> train(Round round, int retries) throws IOException {
    for (int attempt = 0; ; attempt++) {
      List<WorkerReport> reports = new ArrayList<>();
      String problem = train(round, reports);
      if (problem.isEmpty()) {
        return reports;
      }
      if (attempt >= retries) {
        throw new NonFiniteException(
            "Training stopped, nothing of this round was kept: "
                + problem
                + ". Lower train.learning-rate.base, limit train.max-gradient-norm, or look at"
                + " these clips; then start train again to continue from the last checkpoint");
      }
      LOG.warn("Retrying the round ({} of {}): {}", attempt + 1, retries, problem);
    }
  }

  private String train(Round round, List<WorkerReport> reports) throws IOException {
    return insist(
        () -> {
          String problem = trainOnce(round, reports);
          if (problem.isEmpty()) {
            lastRound = Optional.of(round);
          }
          return problem;
        });
  }

  /** Work of executors on the newest vectors; may be repeated. */
  @FunctionalInterface
  interface Work<T> {
    /** Does the work. */
    T run() throws IOException;
  }

  /**
   * Does some work, again and again while executors are lost and the others still have the vectors,
   * and some more times, with pauses, while it fails for other reasons that may pass.
   *
   * @throws LostVectorsException if the vectors are lost
   * @throws IOException if the work loses executors each time
   */
  <T> T insist(Work<T> work) throws IOException {
    int failures = 0;
    int attempt = 0; // that lost executors
    while (true) {
      try {
        return work.run();
      } catch (Exception failed) { // Spark throws checked exceptions that it does not declare
        List<Peer> gone =
            ending.getAsBoolean() || sc.sc().isStopped() ? List.of() : findVectors(failed);
        if (gone.isEmpty()) {
          if (failures == PAUSES.size() || !mayPass(failed)) {
            throw failed;
          }
          pause(PAUSES.get(failures++), failed);
          continue;
        }
        lost = true;
        attempt++;
        if (attempt == MOST_ATTEMPTS) {
          throw new IOException(
              ("Gave up after %d attempts at the round to version %d, each of which lost executors,"
                      + " at last %s: %s; their logs say why. If they lack memory, raise"
                      + " spark.executor.memoryOverhead (--off-heap) or --executor-memory")
                  .formatted(attempt, state.version() + 1, gone, FailedJob.message(failed)),
              failed);
        }
      }
    }
  }

  /** Whether a failure may have a cause that passes: one of a job, other than a wrong input. */
  private boolean mayPass(Exception failed) {
    return failed instanceof SparkException
        && !ending.getAsBoolean()
        && !sc.sc().isStopped()
        && !FailedJob.isOfInput(failed);
  }

  /** Waits; what is being written of a checkpoint has to be begun anew. */
  private void pause(int seconds, Exception failed) throws IOException {
    LOG.warn(
        "A job has failed, although no executor was lost; it is repeated in {} s: {}",
        seconds,
        Visible.text(FailedJob.message(failed)));
    writings = List.of();
    lost = true;
    Pause.until(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds), ending);
  }

  /**
   * After a failed job: finds the newest version that the remaining executors have completely, and
   * repeats the last round if that is the version before it.
   *
   * @return the executors that were lost; none if the failure has another cause
   * @throws LostVectorsException if no version is left
   */
  private List<Peer> findVectors(Exception failed) throws IOException {
    Map<Peer, Set<SliceName>> found = new HashMap<>();
    List<Peer> gone = new ArrayList<>();
    Set<Peer> known = new LinkedHashSet<>(state.peers());
    known.addAll(peers);
    before.ifPresent(table -> known.addAll(table.peers()));
    for (Peer peer : known) {
      try {
        found.put(peer, Exchange.get().inventory(peer, run));
      } catch (IOException unreachable) {
        gone.add(peer);
      }
    }
    if (gone.isEmpty()) {
      return gone;
    }
    peers = peers.stream().filter(found::containsKey).toList();
    // Whoever is gone must not be missed again when the next job fails.
    SliceTable left = state.on(found);
    before = before.map(table -> table.on(found));
    if (left.isWhole()) {
      LOG.warn("Lost {}; repeating the round on the others", gone);
      state = left;
    } else if (before.isPresent() && before.get().isWhole() && lastRound.isPresent()) {
      LOG.warn("Lost {} and the newest vectors; repeating the last two rounds", gone);
      state = before.get();
      before = Optional.empty();
      String problem = train(lastRound.get(), new ArrayList<>());
      if (!problem.isEmpty()) {
        throw new NonFiniteException("A repeated round differs from the first time: " + problem);
      }
    } else {
      throw new LostVectorsException(
          "Lost %s, and with them vectors of which no other executor has a copy".formatted(gone),
          failed);
    }
    return gone;
  }

  private String trainOnce(Round round, List<WorkerReport> reports) throws IOException {
    reports.clear();
    Slots slots = Slots.of(sc); // asks Spark's block manager
    RoundOrder order =
        new RoundOrder(slicing, state, round.averaging(), states, wire, workers, beingWritten);
    sc.setJobDescription("Round to version " + (state.version() + 1) + ": train");
    long trainBegan = System.nanoTime();
    List<Trained> trained =
        run(
            "train",
            shares(slots, order, round.work()),
            Share::place,
            Trained.class,
            new TrainTask(setup, order));
    long trainEnded = System.nanoTime();
    writings = List.of();
    for (Trained task : trained) {
      reports.addAll(task.reports());
      written.addAll(task.written());
    }
    reports.sort(Comparator.comparingInt(WorkerReport::worker));
    note(order, trained);
    String problem = NonFiniteException.describe(reports);
    if (!problem.isEmpty()) {
      return problem;
    }
    sc.setJobDescription("Round to version " + (state.version() + 1) + ": average");
    long averageBegan = System.nanoTime();
    List<Updated> updated =
        run(
            "average",
            parts(slots.cores()),
            Part::place,
            Updated.class,
            new UpdateTask(order, contributed(trained), round.change()));
    lastCost =
        RoundCost.of(
            (trainEnded - trainBegan) / 1e9,
            trained.stream().map(task -> new TaskCost(task.peer(), task.phases())).toList(),
            (System.nanoTime() - averageBegan) / 1e9,
            updated.stream().map(task -> new TaskCost(task.peer(), task.phases())).toList());
    lastMoved = 0;
    for (Updated task : updated) { // in the order of the slices, so that the sum is always the same
      for (double slice : task.moved()) {
        lastMoved += slice;
      }
    }
    if (!updated.stream().allMatch(Updated::finite)) {
      return "the averaged parameters or the optimiser's states are not finite after the clips "
          + reports.stream()
              .flatMap(r -> r.steps().stream())
              .flatMap(s -> s.clipIds().stream())
              .toList();
    }
    SliceTable next = new SliceTable(run, state.version() + 1, slicing.count(), state.vectors());
    for (Updated task : updated) {
      for (String vector : order.common()) {
        for (int slice = task.part().from(); slice < task.part().to(); slice++) {
          next.add(vector, slice, task.peer());
        }
      }
    }
    trained.forEach(task -> noteOwn(task, next));
    before = Optional.of(state);
    state = next;
    return "";
  }

  /** Notes who now has the vectors that the round started from. */
  private void note(RoundOrder order, List<Trained> trained) {
    List<Peer> seen = new ArrayList<>();
    for (Trained task : trained) {
      if (!seen.contains(task.peer())) {
        seen.add(task.peer());
      }
      for (String vector : order.needed()) {
        for (int slice = 0; slice < slicing.count(); slice++) {
          state.add(vector, slice, task.peer());
        }
      }
      for (String vector : order.owned()) {
        task.copies().forEach(slice -> state.add(vector, slice, task.peer()));
      }
    }
    seen.sort(Comparator.comparing(Peer::executor));
    peers = List.copyOf(seen);
  }

  /** Notes who has the workers' own vectors of the next version. */
  private static void noteOwn(Trained task, SliceTable next) {
    for (WorkerReport report : task.reports()) {
      for (String vector : next.vectors()) {
        if (WorkerVectors.isOwn(vector) && WorkerVectors.isOf(vector, report.worker())) {
          for (int slice = 0; slice < next.slices(); slice++) {
            next.add(vector, slice, task.peer());
          }
        }
      }
    }
  }

  private static Contributed contributed(List<Trained> trained) {
    List<WeightedSum> sums = new ArrayList<>();
    List<Peer> holders = new ArrayList<>();
    for (Trained task : trained) {
      for (WeightedSum sum : task.sums()) {
        sums.add(sum);
        holders.add(task.peer());
      }
    }
    return new Contributed(sums, holders);
  }

  /** Deals the workers to as many tasks as can run at once, neighbours together. */
  private List<Share> shares(Slots slots, RoundOrder order, List<RoundWork> work) {
    int tasks = Math.min(slots.count(), work.size());
    int perExecutor = (tasks + slots.executors() - 1) / slots.executors();
    List<Share> shares = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      int executor = task / perExecutor;
      shares.add(
          new Share(
              RoundPlanner.inTurn(work.subList(cut(task, tasks, work), cut(task + 1, tasks, work))),
              task % perExecutor == 0 ? copies(order, executor) : List.of(),
              writings(task, tasks),
              Math.max(slots.cpus(), slots.cores() / perExecutor),
              place(executor)));
    }
    return shares;
  }

  private static int cut(int task, int tasks, List<RoundWork> work) {
    return (int) ((long) task * work.size() / tasks);
  }

  /** The slices of which an executor keeps a copy: those of the executor after it. */
  private List<Integer> copies(RoundOrder order, int executor) {
    List<Integer> copies = new ArrayList<>();
    List<String> owned = order.owned();
    if (!owned.isEmpty() && peers.size() > 1 && executor < peers.size()) {
      Peer other = peers.get((executor + 1) % peers.size());
      for (int slice = 0; slice < slicing.count(); slice++) {
        if (state.holders(owned.get(0), slice).get(0).equals(other)) {
          copies.add(slice);
        }
      }
    }
    return copies;
  }

  /** Deals the slices to the executors. */
  private List<Part> parts(int threads) {
    int tasks = Math.min(peers.size(), slicing.count());
    List<Part> parts = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      int from = (int) ((long) task * slicing.count() / tasks);
      int to = (int) ((long) (task + 1) * slicing.count() / tasks);
      parts.add(new Part(from, to, threads, place(task)));
    }
    return parts;
  }

  /** An executor of the last round as a place for a task; empty if there is none, or only one. */
  private String place(int executor) {
    return sc.isLocal() || executor >= peers.size()
        ? ""
        : Tasks.place(peers.get(executor).host(), peers.get(executor).executor());
  }

  private <A extends Serializable, R extends Serializable> List<R> run(
      String kind, List<A> items, Function<A, String> place, Class<R> type, Tasks.Task<A, R> task)
      throws IOException {
    return hung.watch(
        kind,
        () ->
            tasks.run(
                items,
                item -> Optional.of(place.apply(item)).filter(p -> !p.isEmpty()),
                type,
                task));
  }

  @Override
  public void close() {
    hung.close();
    setup.destroy();
    tasks.close();
    ReplicaPool.end(run);
    Exchange.end(run);
  }
}
