package vivit.spark.train;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.evaluate.Scoring;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.Slice;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;

/**
 * One vector of a version as the parameters of a network, fetched by each executor from whoever has
 * the slices. Nothing is kept besides the network.
 */
record VersionParameters(Slicing slicing, SliceTable table, String vector)
    implements Scoring.Parameters {

  /** Slices that are on the way while one is copied. */
  private static final int AHEAD = 4;

  @Override
  public void copyTo(INDArray flat) throws IOException {
    Exchange exchange = Exchange.get();
    Deque<ComingSlice> coming = new ArrayDeque<>();
    try {
      int next = 0;
      for (int slice = 0; slice < slicing.count(); slice++) {
        for (; next < slicing.count() && next <= slice + AHEAD; next++) {
          coming.add(ComingSlice.of(exchange, table, slicing, vector, next));
        }
        try (ComingSlice arrived = coming.remove()) {
          Slice here = arrived.await();
          float[] values = new float[here.length()];
          here.floats().get(values);
          SlicedVector.place(values, flat, slice, slicing.sliceLength());
        }
      }
    } finally {
      coming.forEach(ComingSlice::close);
    }
  }
}
