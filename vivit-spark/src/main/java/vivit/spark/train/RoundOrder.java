package vivit.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;

/**
 * What all tasks of a round are told.
 *
 * @param state the vectors that the round starts from, and who holds them; without the optimiser's
 *     states if they begin at zero in every round
 * @param averaging whether the workers average gradients, after a single step, or the vectors
 *     themselves
 * @param workers number of workers of the run
 * @param written version that a checkpoint is being written of; -1 for none
 */
record RoundOrder(Slicing slicing, SliceTable state, Averaging averaging, int workers, long written)
    implements Serializable {
  static final String PARAMETERS = "parameters";
  static final String AVERAGE = "average";
  private static final String GRADIENT = "gradient";

  /** What travels between the workers. */
  enum Averaging {
    /** Gradients of one step: the owner of a slice updates it. */
    GRADIENTS,
    /** Parameters and the optimiser's states after several steps. */
    VECTORS
  }

  /** Vectors that every worker needs before it trains. */
  List<String> needed() {
    return averaging == Averaging.GRADIENTS ? List.of(PARAMETERS) : trained();
  }

  /** Vectors that the workers contribute. */
  List<String> contributed() {
    return averaging == Averaging.GRADIENTS ? List.of(GRADIENT) : trained();
  }

  /** The optimiser's states. */
  List<String> states() {
    return state.vectors().stream()
        .filter(vector -> !vector.equals(PARAMETERS) && !vector.equals(AVERAGE))
        .toList();
  }

  private List<String> trained() {
    List<String> trained = new ArrayList<>(List.of(PARAMETERS));
    trained.addAll(states());
    return trained;
  }

  /** Vectors that only the owner of a slice has, besides the executor that keeps a copy. */
  List<String> owned() {
    Set<String> needed = Set.copyOf(needed());
    return state.vectors().stream().filter(vector -> !needed.contains(vector)).toList();
  }
}
