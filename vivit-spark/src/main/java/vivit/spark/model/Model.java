package vivit.spark.model;

import java.io.Closeable;
import java.io.IOException;
import vivit.dataprep.label.LabelHeads;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.TensorSource;
import vivit.model.checkpoint.WholeModel;
import vivit.model.parameter.ParameterIndex;

/**
 * A whole model and the classes that it predicts.
 *
 * @param config the model
 * @param heads names of its classes; numbers if the file has no names
 * @param source its parameters; closed with the record
 */
public record Model(ViViTConfig config, LabelHeads heads, TensorSource source)
    implements Closeable {

  /** Reads the flat parameters, in the order of {@code ParameterIndex.of(config())}. */
  public float[] parameters() throws IOException {
    return WholeModel.read(source, ParameterIndex.of(config));
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
