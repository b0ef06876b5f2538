package vivit.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import vivit.spark.config.AveragingSettings.States;
import vivit.spark.exchange.Packing;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;

/**
 * What all tasks of a round are told.
 *
 * @param state the vectors that the round starts from, and who holds them
 * @param averaging whether the workers average gradients, after a single step, or the vectors
 *     themselves
 * @param states names of the optimiser's states, and what becomes of them
 * @param wire how differences of parameters travel
 * @param workers number of workers of the run
 * @param written version that a checkpoint is being written of; -1 for none
 */
record RoundOrder(
    Slicing slicing,
    SliceTable state,
    Averaging averaging,
    WorkerStates states,
    Packing wire,
    int workers,
    long written)
    implements Serializable {
  static final String PARAMETERS = "parameters";
  static final String AVERAGE = "average";
  static final String OUTER = "outer-momentum";
  private static final String GRADIENT = "gradient";

  /** What travels between the workers. */
  enum Averaging {
    /** Gradients of one step: the owner of a slice updates it. */
    GRADIENTS,
    /** Parameters and the optimiser's states after several steps. */
    VECTORS
  }

  /**
   * The states of the workers' optimisers.
   *
   * @param names of {@code UpdateRule.states}
   * @param fate what becomes of them in rounds that average vectors
   */
  record WorkerStates(List<String> names, States fate) implements Serializable {}

  /** Vectors that every worker needs before it trains. */
  List<String> needed() {
    return averaging == Averaging.GRADIENTS ? List.of(PARAMETERS) : trained();
  }

  /** Vectors that the workers contribute. */
  List<String> contributed() {
    return averaging == Averaging.GRADIENTS ? List.of(GRADIENT) : trained();
  }

  /** The states of the optimiser that the workers have in common; none if each has its own. */
  List<String> commonStates() {
    return states.fate() == States.AVERAGE ? states.names() : List.of();
  }

  private List<String> trained() {
    List<String> trained = new ArrayList<>(List.of(PARAMETERS));
    trained.addAll(commonStates());
    return trained;
  }

  /** Vectors that are not a worker's own. */
  List<String> common() {
    return state.vectors().stream().filter(vector -> !WorkerVectors.isOwn(vector)).toList();
  }

  /** Whether what a node of the tree contributes of the parameters travels packed. */
  boolean isPacked(SumTree.Node node) {
    return averaging == Averaging.VECTORS && wire != Packing.FLOAT32 && node.isLeaf();
  }

  /** The names of the vectors of a run, in all its versions. */
  static List<String> vectors(
      WorkerStates states, Packing wire, boolean outer, boolean average, int workers) {
    List<String> vectors = new ArrayList<>(List.of(PARAMETERS));
    if (states.fate() == States.AVERAGE) {
      vectors.addAll(states.names());
    }
    if (outer) {
      vectors.add(OUTER);
    }
    if (average) {
      vectors.add(AVERAGE);
    }
    for (int worker = 0; worker < workers; worker++) {
      if (states.fate() == States.KEEP) {
        for (String name : states.names()) {
          vectors.add(WorkerVectors.name(name, worker));
        }
      }
      if (wire == Packing.INT8) {
        vectors.add(WorkerVectors.name(WorkerVectors.RESIDUAL, worker));
      }
    }
    return vectors;
  }

  /** Vectors that only the owner of a slice has, besides the executor that keeps a copy. */
  List<String> owned() {
    Set<String> needed = Set.copyOf(needed());
    return common().stream().filter(vector -> !needed.contains(vector)).toList();
  }
}
