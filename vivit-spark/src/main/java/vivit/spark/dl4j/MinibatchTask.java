package vivit.spark.dl4j;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import scala.Tuple2;
import vivit.spark.dl4j.RoundWorker.RoundResult;
import vivit.spark.executor.WorkerDevice;
import vivit.spark.train.RoundPart;

/** Trains one worker's minibatches of a round, in their order. */
final class MinibatchTask<T>
    implements PairFlatMapFunction<Iterator<Tuple2<Long, T>>, Integer, RoundPart> {
  private static final long serialVersionUID = 1L;

  private final RoundWorker worker;
  private final Minibatches<T> minibatches;

  MinibatchTask(RoundWorker worker, Minibatches<T> minibatches) {
    this.worker = worker;
    this.minibatches = minibatches;
  }

  @Override
  public Iterator<Tuple2<Integer, RoundPart>> call(Iterator<Tuple2<Long, T>> items)
      throws IOException {
    WorkerDevice.prepare(TaskContext.get());
    List<Tuple2<Long, T>> ordered = new ArrayList<>();
    items.forEachRemaining(ordered::add);
    if (ordered.isEmpty()) {
      return Collections.emptyIterator();
    }
    ordered.sort(Comparator.comparing(Tuple2::_1));
    ComputationGraph graph = worker.getInitialModelGraph();
    RoundResult result = null;
    for (int i = 0; i < ordered.size(); i++) {
      MultiDataSet batch = minibatches.load(ordered.get(i)._2());
      result = worker.processMinibatch(batch, graph, i == ordered.size() - 1);
    }
    return result.contributions(TaskContext.getPartitionId());
  }
}
