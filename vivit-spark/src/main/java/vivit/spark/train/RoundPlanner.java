package vivit.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import vivit.spark.config.TrainingSettings;
import vivit.spark.input.EpochPlan;
import vivit.spark.input.ReadAhead;
import vivit.spark.input.StepOrder;
import vivit.spark.input.StepOrder.StepPiece;
import vivit.spark.schedule.StepValues;

/**
 * Divides the run into rounds of {@code averaging.every} steps. Rounds end with the epoch, unless
 * they are at least as long as one.
 */
final class RoundPlanner {
  private final TrainingSettings settings;
  private final EpochPlan.PlanKey key;
  private final int workers;
  private final IntFunction<EpochPlan> epochs;
  private final Map<Integer, EpochPlan> plans = new HashMap<>();

  /**
   * One worker's share of a round.
   *
   * @param worker the worker's slot, from 0
   * @param orders its steps in order
   * @param later the first steps of its share of the next round, to be read ahead; none at the end
   *     of the run
   */
  record RoundWork(int worker, List<StepOrder> orders, List<StepOrder> later)
      implements Serializable {}

  /** Plans a run in which every epoch has all clips. */
  RoundPlanner(TrainingSettings settings, int clips, int workers) {
    this(settings, clips, Optional.empty(), workers);
  }

  /**
   * Plans a run.
   *
   * @param classes of all clips, if every epoch is to have as many of each class
   */
  RoundPlanner(TrainingSettings settings, int clips, Optional<int[]> classes, int workers) {
    this.settings = settings;
    this.key =
        new EpochPlan.PlanKey(settings.seed(), clips, settings.stepClips(), settings.group());
    this.workers = workers;
    this.epochs =
        epoch ->
            classes
                .map(known -> EpochPlan.balanced(key, known, epoch))
                .orElseGet(() -> EpochPlan.of(key, epoch));
  }

  long stepsPerEpoch() {
    return key.steps();
  }

  long totalSteps() {
    return settings.totalSteps(stepsPerEpoch());
  }

  /** The step that follows the round beginning at {@code step}. */
  long end(long step) {
    long steps = settings.roundSteps(step, stepsPerEpoch());
    long epochEnd = (step / stepsPerEpoch() + 1) * stepsPerEpoch();
    long last = steps < stepsPerEpoch() ? epochEnd : totalSteps();
    return Math.min(step + steps, last);
  }

  /** Whether the round that begins at {@code step} averages the gradients of a single step. */
  boolean averagesGradients(long step) {
    return settings.roundSteps(step, stepsPerEpoch()) == 1;
  }

  /** Plans the round that begins at {@code step}: one share per worker. */
  List<RoundWork> round(long step) {
    long end = end(step);
    long nextEnd = end < totalSteps() ? Math.min(end(end), end + ReadAhead.BUFFERS - 1) : end;
    plans.keySet().removeIf(epoch -> epoch < step / stepsPerEpoch());
    List<RoundWork> work = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      work.add(new RoundWork(worker, new ArrayList<>(), new ArrayList<>()));
    }
    for (long s = step; s < nextEnd; s++) {
      int epoch = Math.toIntExact(s / stepsPerEpoch());
      EpochPlan plan = plans.computeIfAbsent(epoch, epochs::apply);
      StepValues values = settings.values(s, stepsPerEpoch());
      List<StepPiece> pieces = plan.pieces((int) (s % stepsPerEpoch()), workers);
      for (RoundWork share : work) {
        List<StepOrder> orders = s < end ? share.orders() : share.later();
        orders.add(new StepOrder(s, epoch, pieces.get(share.worker()), values));
      }
    }
    return work;
  }

  /**
   * Lets workers that one task trains in turn read ahead for one another: each for the next ones,
   * the last ones for the first of the next round.
   */
  static List<RoundWork> inTurn(List<RoundWork> works) {
    List<RoundWork> inTurn = new ArrayList<>();
    for (int i = 0; i < works.size(); i++) {
      List<StepOrder> later = new ArrayList<>();
      works.subList(i + 1, works.size()).forEach(next -> later.addAll(next.orders()));
      works.forEach(next -> later.addAll(next.later()));
      List<StepOrder> first = later.subList(0, Math.min(later.size(), ReadAhead.BUFFERS - 1));
      RoundWork work = works.get(i);
      inTurn.add(new RoundWork(work.worker(), work.orders(), new ArrayList<>(first)));
    }
    return inTurn;
  }
}
