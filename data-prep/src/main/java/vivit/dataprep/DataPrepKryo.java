package vivit.dataprep;

/** What this module sends between JVMs, for the registrator of the application. */
public final class DataPrepKryo {
  private DataPrepKryo() {}

  /** Classes to register with Kryo, with its default serializers. */
  public static Class<?>[] classes() {
    return new Class<?>[] {byte[].class, byte[][].class, Object[].class};
  }
}
