package vivit.spark.dl4j;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.spark.data.loader.RemoteFileSource;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import vivit.dataprep.storage.OpenFileSystem;

/** Loads minibatches from the objects that are sent to workers instead of them. */
interface Minibatches<T> extends Serializable {

  MultiDataSet load(T item) throws IOException;

  /** Writes a minibatch in DL4J's own file format, so that no tensor crosses JVMs. */
  static byte[] save(MultiDataSet batch) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    batch.save(bytes);
    return bytes.toByteArray();
  }

  /** Loads minibatches that {@link #save} wrote. */
  record Saved() implements Minibatches<byte[]> {
    @Override
    public MultiDataSet load(byte[] item) throws IOException {
      MultiDataSet batch = new org.nd4j.linalg.dataset.MultiDataSet();
      batch.load(new ByteArrayInputStream(item));
      return batch;
    }
  }

  /** Loads minibatches from files, on the worker; one of the loaders is null. */
  record InFiles(DataSetLoader single, MultiDataSetLoader multi, SerializableConfiguration conf)
      implements Minibatches<String> {
    @Override
    public MultiDataSet load(String item) throws IOException {
      Source file = new RemoteFileSource(item, OpenFileSystem.of(new Path(item), conf.value()));
      return multi != null ? multi.load(file) : single.load(file).toMultiDataSet();
    }
  }
}
