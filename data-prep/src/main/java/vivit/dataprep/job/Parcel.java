package vivit.dataprep.job;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/**
 * Objects as byte arrays between driver and tasks: whatever serializer Spark is set to, it knows
 * byte arrays, also where every class must be registered.
 */
public final class Parcel {
  private Parcel() {}

  public static byte[] pack(Serializable object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  public static <T> T unpack(byte[] parcel, Class<T> type) throws IOException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(parcel))) {
      return type.cast(in.readObject());
    } catch (ClassNotFoundException e) {
      throw new IOException("Driver and executors run different versions of this program", e);
    }
  }
}
