package vivit.dataprep.job;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.util.ArrayList;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Registers with Kryo the classes that {@link Tasks} sends, so that {@code
 * spark.kryo.registrationRequired=true} works.
 */
public final class TaskRegistrator implements KryoRegistrator {
  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(byte[].class);
    kryo.register(byte[][].class);
    kryo.register(Object[].class);
    kryo.register(ArrayList.class);
    kryo.register(SerializableConfiguration.class, new JavaSerializer());
  }
}
