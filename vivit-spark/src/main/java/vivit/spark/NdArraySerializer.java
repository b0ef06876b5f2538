package vivit.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Writes tensors in ND4J's own format. Only DL4J's own Spark classes send tensors between JVMs, and
 * they check at start that a serialiser is registered.
 */
final class NdArraySerializer extends Serializer<INDArray> {

  @Override
  public void write(Kryo kryo, Output output, INDArray array) {
    try {
      DataOutputStream out = new DataOutputStream(output);
      Nd4j.write(array, out);
      out.flush();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public INDArray read(Kryo kryo, Input input, Class<INDArray> type) {
    try {
      return Nd4j.read(input);
    } catch (RuntimeException failed) {
      throw new IllegalStateException("Cannot read a tensor: " + failed.getMessage(), failed);
    }
  }
}
