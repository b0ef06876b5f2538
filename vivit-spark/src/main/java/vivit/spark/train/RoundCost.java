package vivit.spark.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import vivit.spark.exchange.Peer;
import vivit.spark.metrics.RoundPhases;
import vivit.spark.train.TaskPhases.Phase;

/**
 * What a round cost: the phases that everybody waited for, and what every executor received from
 * every other.
 */
public record RoundCost(RoundPhases phases, List<Transfer> transfers) {

  /** Bytes of slices that went from one executor to another. */
  public record Transfer(Peer from, Peer to, long bytes) {}

  /** What one task of an executor reports. */
  record TaskCost(Peer peer, TaskPhases phases) {}

  /**
   * Adds up a round.
   *
   * @param train seconds of the job that trained
   * @param trained its tasks
   * @param average seconds of the job that averaged
   * @param averaged its tasks
   */
  static RoundCost of(
      double train, List<TaskCost> trained, double average, List<TaskCost> averaged) {
    TaskPhases slowest = slowest(trained);
    TaskPhases last = slowest(averaged);
    List<TaskCost> tasks = new ArrayList<>(trained);
    tasks.addAll(averaged);
    List<Transfer> transfers = transfers(tasks);
    RoundPhases phases =
        new RoundPhases(
            train,
            slowest.of(Phase.GATHER),
            slowest.of(Phase.LOAD),
            slowest.of(Phase.STEPS),
            slowest.of(Phase.CONTRIBUTE),
            average,
            last.of(Phase.FETCH),
            last.of(Phase.UPDATE),
            train - slowest.total() + average - last.total(),
            most(transfers, Transfer::to),
            most(transfers, Transfer::from));
    return new RoundCost(phases, transfers);
  }

  private static TaskPhases slowest(List<TaskCost> tasks) {
    return tasks.stream()
        .map(TaskCost::phases)
        .max(Comparator.comparingDouble(TaskPhases::total))
        .orElseThrow();
  }

  private static List<Transfer> transfers(List<TaskCost> tasks) {
    Map<Peer, Map<Peer, Long>> bytes = new HashMap<>();
    for (TaskCost task : tasks) {
      Map<Peer, Long> received = bytes.computeIfAbsent(task.peer(), peer -> new HashMap<>());
      task.phases().received().forEach((from, some) -> received.merge(from, some, Long::sum));
    }
    List<Transfer> transfers = new ArrayList<>();
    bytes.forEach(
        (to, received) ->
            received.forEach((from, some) -> transfers.add(new Transfer(from, to, some))));
    return transfers;
  }

  private static long most(List<Transfer> transfers, Function<Transfer, Peer> side) {
    Map<Peer, Long> bytes = new HashMap<>();
    transfers.forEach(one -> bytes.merge(side.apply(one), one.bytes(), Long::sum));
    return bytes.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
