package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vivit.spark.exchange.Peer;
import vivit.spark.metrics.RoundPhases;
import vivit.spark.train.RoundCost.TaskCost;
import vivit.spark.train.RoundCost.Transfer;
import vivit.spark.train.TaskPhases.Phase;

class RoundCostTest {
  private static final Peer A = new Peer("1", "a", 1);
  private static final Peer B = new Peer("2", "b", 1);
  private static final Peer C = new Peer("3", "c", 1);

  private static TaskCost trained(Peer peer, double steps, Map<Peer, Long> received) {
    return new TaskCost(
        peer,
        new TaskPhases(
            Map.of(Phase.GATHER, 1.0, Phase.LOAD, 0.5, Phase.STEPS, steps, Phase.CONTRIBUTE, 0.25),
            received));
  }

  private static TaskCost averaged(Peer peer, double fetch, Map<Peer, Long> received) {
    return new TaskCost(
        peer, new TaskPhases(Map.of(Phase.FETCH, fetch, Phase.UPDATE, 0.125), received));
  }

  @Test
  void thePhasesAreThoseOfTheSlowestTaskAndAddUpToTheJobs() {
    RoundPhases phases =
        RoundCost.of(
                8,
                List.of(trained(A, 3, Map.of()), trained(B, 5, Map.of())),
                2,
                List.of(averaged(A, 1.5, Map.of()), averaged(B, 0.5, Map.of())))
            .phases();
    assertThat(phases).isEqualTo(new RoundPhases(8, 1, 0.5, 5, 0.25, 2, 1.5, 0.125, 1.625, 0, 0));
    assertThat(
            phases.secondsGather()
                + phases.secondsLoad()
                + phases.secondsSteps()
                + phases.secondsContribute()
                + phases.secondsFetch()
                + phases.secondsUpdate()
                + phases.secondsOutside())
        .isEqualTo(phases.secondsTrain() + phases.secondsAverage(), within(1e-12));
  }

  @Test
  void bytesAreThoseOfTheExecutorWithMost() {
    RoundCost cost =
        RoundCost.of(
            1,
            List.of(trained(A, 0, Map.of(B, 10L)), trained(B, 0, Map.of(A, 20L, C, 5L))),
            1,
            List.of(averaged(A, 0, Map.of(B, 7L)), averaged(C, 0, Map.of(A, 1L))));
    assertThat(cost.transfers())
        .containsExactlyInAnyOrder(
            new Transfer(B, A, 17),
            new Transfer(A, B, 20),
            new Transfer(C, B, 5),
            new Transfer(A, C, 1));
    assertThat(cost.phases().bytesIn()).isEqualTo(25);
    assertThat(cost.phases().bytesOut()).isEqualTo(21);
  }
}
