package vivit.spark.train;

import java.util.ArrayList;
import java.util.List;
import vivit.spark.config.TrainingSettings;
import vivit.spark.input.EpochPlan;
import vivit.spark.input.StepOrder;
import vivit.spark.input.StepPiece;
import vivit.spark.schedule.StepValues;

/**
 * Cuts the run into rounds: {@code averaging-frequency} steps each, counted anew in every epoch, so
 * that no round crosses the border of an epoch.
 */
final class RoundPlanner {
  private final TrainingSettings settings;
  private final EpochPlan.Key key;
  private final int workers;
  private EpochPlan plan;
  private long planned = -1;

  RoundPlanner(TrainingSettings settings, int clips, int workers) {
    this.settings = settings;
    this.key = new EpochPlan.Key(settings.seed(), clips, settings.batchSize(), settings.group());
    this.workers = workers;
  }

  long stepsPerEpoch() {
    return key.steps();
  }

  long totalSteps() {
    return stepsPerEpoch() * settings.epochs();
  }

  /** The step that follows the round which begins at {@code step}. */
  long end(long step) {
    long inEpoch = step % stepsPerEpoch();
    long epochStart = step - inEpoch;
    long frequency = settings.averagingFrequency();
    long next = (inEpoch / frequency + 1) * frequency;
    return epochStart + Math.min(next, stepsPerEpoch());
  }

  /** One share per worker of the round that begins at {@code step}. */
  List<RoundWork> round(long step) {
    int epoch = Math.toIntExact(step / stepsPerEpoch());
    if (planned != epoch) {
      plan = EpochPlan.of(key, epoch);
      planned = epoch;
    }
    List<List<StepOrder>> orders = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      orders.add(new ArrayList<>());
    }
    for (long s = step; s < end(step); s++) {
      StepValues values = settings.values(s, stepsPerEpoch());
      List<StepPiece> pieces = plan.pieces((int) (s % stepsPerEpoch()), workers);
      for (int worker = 0; worker < workers; worker++) {
        orders.get(worker).add(new StepOrder(s, epoch, pieces.get(worker), values));
      }
    }
    List<RoundWork> work = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      work.add(new RoundWork(worker, orders.get(worker)));
    }
    return work;
  }
}
