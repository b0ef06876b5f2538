package vivit.spark.exchange;

import java.io.Serializable;

/**
 * A JVM that serves slices.
 *
 * @param executor Spark's id of the executor
 * @param host name or address that other executors connect to
 * @param port of its slice server
 */
public record Peer(String executor, String host, int port) implements Serializable {

  @Override
  public String toString() {
    return "executor %s at %s:%d".formatted(executor, host, port);
  }
}
