package vivit.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkConf;
import org.apache.spark.network.sasl.SecretKeyHolder;
import org.apache.spark.package$;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two exchanges of one JVM, connected by the network. */
class ExchangeTest {
  private static final int LENGTH = 100_000;

  private final List<Exchange> open = new ArrayList<>();
  private final Exchange here = exchange("1", conf());
  private final Exchange there = exchange("2", conf());

  private static SparkConf conf() {
    return new SparkConf(false).set("spark.app.id", "test").set("spark.master", "local");
  }

  private Exchange exchange(String executor, SparkConf conf) {
    return opened(new Exchange(conf, Optional.empty(), executor, "127.0.0.1"));
  }

  private Exchange secured(String executor, String secret) {
    SecretKeyHolder holder =
        new SecretKeyHolder() {
          @Override
          public String getSaslUser(String app) {
            return "user";
          }

          @Override
          public String getSecretKey(String app) {
            return secret;
          }
        };
    SparkConf conf = conf().set("spark.network.crypto.enabled", "true");
    return opened(new Exchange(conf, Optional.of(holder), executor, "127.0.0.1"));
  }

  private Exchange opened(Exchange exchange) {
    open.add(exchange);
    return exchange;
  }

  @AfterEach
  void close() {
    open.forEach(Exchange::close);
  }

  /** The exchange is built on Spark's network library, which has no stable interface. */
  @Test
  void thisIsTheSparkThatTheExchangeKnows() {
    assertThat(package$.MODULE$.SPARK_VERSION())
        .as("Spark's version; for another one, compare its network-common with what Exchange uses")
        .startsWith("3.5.");
  }

  private static SliceName name(int slice) {
    return new SliceName("run", "parameters", 3, slice);
  }

  private static void put(Exchange exchange, SliceName name) {
    Slice slice = exchange.store().allocate(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      slice.floats().put(i, name.slice() * 1000f + i);
    }
    exchange.store().put(name, slice);
  }

  private static void check(Slice slice, int number) {
    for (int i = 0; i < LENGTH; i++) {
      assertThat(slice.floats().get(i)).isEqualTo(number * 1000f + i);
    }
  }

  @Test
  void slicesArriveWhole() throws Exception {
    for (int i = 0; i < 20; i++) {
      put(there, name(i));
    }
    List<CompletableFuture<Slice>> coming = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      coming.add(here.fetch(there.self(), name(i), here.store().allocate(LENGTH)));
    }
    for (int i = 0; i < 20; i++) {
      try (Slice slice = coming.get(i).get()) {
        check(slice, i);
      }
    }
  }

  @Test
  void aSliceOfThisJvmNeedsNoNetwork() throws Exception {
    put(here, name(1));
    Peer nobody = new Peer("3", "127.0.0.1", 1);

    try (Slice slice = here.obtain(List.of(nobody), name(1), LENGTH).get()) {
      check(slice, 1);
    }
  }

  @Test
  void onlyBytesFromTheNetworkAreCounted() throws Exception {
    put(here, name(1));
    put(there, name(2));
    put(there, name(3));
    for (int i = 1; i <= 3; i++) {
      here.obtain(List.of(there.self()), name(i), LENGTH).get().close();
    }
    assertThat(here.takeReceived()).containsExactly(Map.entry(there.self(), 2L * 4 * LENGTH));
    assertThat(here.takeReceived()).isEmpty();
    assertThat(there.takeReceived()).isEmpty();
  }

  @Test
  void theNextHolderIsAskedWhenOneIsGone() throws Exception {
    put(there, name(1));
    Exchange gone = exchange("3", conf());
    Peer peer = gone.self();
    gone.close();
    open.remove(gone);

    try (Slice slice = here.obtain(List.of(peer, there.self()), name(1), LENGTH).get()) {
      check(slice, 1);
    }
  }

  @Test
  void errorsNameSliceAndPeer() {
    assertThatThrownBy(() -> here.obtain(List.of(there.self()), name(7), LENGTH).get())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot fetch slice 7 of parameters, version 3 from executor 2 at 127.0.0.1:%d:"
                    .formatted(there.self().port())
                + " java.util.NoSuchElementException: it is not there");
    put(there, name(7));
    assertThatThrownBy(() -> here.obtain(List.of(there.self()), name(7), LENGTH + 1).get())
        .hasMessageContaining("it has 400000 bytes, expected 400004");
    assertThatThrownBy(() -> here.obtain(List.of(there.self()), name(7), LENGTH - 1).get())
        .hasMessageContaining("it has 400000 bytes, expected 399996");
  }

  @Test
  void aDroppedSliceLivesWhileItIsPinned() {
    put(here, name(1));
    Slice pinned = here.store().get(name(1)).orElseThrow();
    here.store().drop(name -> true);
    put(here, name(2));

    check(pinned, 1);
    assertThat(here.store().get(name(1))).isEmpty();
    pinned.close();
    assertThatThrownBy(pinned::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anInventoryNamesTheSlicesOfARun() throws IOException {
    put(there, name(1));
    put(there, name(2));
    put(there, new SliceName("other", "parameters", 3, 1));

    assertThat(here.inventory(there.self(), "run")).isEqualTo(Set.of(name(1), name(2)));
    assertThat(here.inventory(there.self(), "nothing")).isEmpty();
    there.close();
    // A connection that exists may live a little longer than the server.
    Exchange stranger = exchange("3", conf());
    assertThatThrownBy(() -> stranger.inventory(there.self(), "run"))
        .isInstanceOf(IOException.class);
    open.remove(there);
  }

  @Test
  void anotherExecutorOnThePortOfALostOneIsNotTakenForIt() {
    put(there, name(1));
    Peer lost = new Peer("9", "127.0.0.1", there.self().port());

    assertThatThrownBy(() -> here.inventory(lost, "run"))
        .isInstanceOf(IOException.class)
        .hasMessage("%s is gone: executor 2 answers".formatted(lost));
  }

  @Test
  void theSecretOfTheApplicationIsNeeded() throws Exception {
    Exchange owner = secured("4", "one");
    Exchange friend = secured("5", "one");
    Exchange stranger = secured("6", "other");
    put(owner, name(1));

    try (Slice slice = friend.obtain(List.of(owner.self()), name(1), LENGTH).get()) {
      check(slice, 1);
    }
    assertThatThrownBy(() -> stranger.obtain(List.of(owner.self()), name(1), LENGTH).get())
        .hasMessageContaining("Cannot fetch");
    assertThatThrownBy(() -> here.obtain(List.of(owner.self()), name(1), LENGTH).get())
        .hasMessageContaining("Cannot fetch");
  }
}
