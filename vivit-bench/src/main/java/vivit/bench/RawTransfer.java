package vivit.bench;

import java.io.IOException;
import java.io.Serializable;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.bench.TransferSockets.Address;
import vivit.dataprep.job.Tasks;
import vivit.spark.exchange.Peer;
import vivit.spark.train.RoundCost.Transfer;

/**
 * Moves bytes between executors over plain sockets, as fast as the network goes: on the addresses
 * that rounds use, without Spark and without a copy beyond the socket's.
 */
final class RawTransfer {
  private final JavaSparkContext sc;
  private final List<Peer> peers;

  /** Connects every executor with every other. */
  RawTransfer(JavaSparkContext sc, List<Peer> peers) throws IOException {
    this.sc = sc;
    this.peers = peers;
    int executors = peers.size();
    List<Integer> ports =
        onEach(
            peers,
            Integer.class,
            (peer, hadoop) -> TransferSockets.listen(here(peer).host(), executors));
    List<Address> addresses = new ArrayList<>();
    for (int i = 0; i < executors; i++) {
      addresses.add(new Address(peers.get(i).host(), ports.get(i)));
    }
    long token = new SecureRandom().nextLong();
    onEach(
        peers,
        Integer.class,
        (peer, hadoop) -> {
          TransferSockets.get().connect(peers.indexOf(here(peer)), addresses, token);
          return 0;
        });
  }

  /** The part of an executor in a transfer: bytes to and from each of the others. */
  private record Share(Peer peer, long[] sent, long[] received) implements Serializable {}

  /** Moves these bytes, all at once; returns the seconds that the slowest executor needed. */
  double seconds(List<Transfer> transfers) throws IOException {
    List<Share> shares = new ArrayList<>();
    for (Peer peer : peers) {
      shares.add(new Share(peer, new long[peers.size()], new long[peers.size()]));
    }
    for (Transfer one : transfers) {
      int from = peers.indexOf(one.from());
      int to = peers.indexOf(one.to());
      shares.get(from).sent()[to] += one.bytes();
      shares.get(to).received()[from] += one.bytes();
    }
    List<Double> seconds =
        Tasks.run(
            sc,
            shares,
            share -> place(share.peer()),
            Double.class,
            (share, hadoop) -> {
              here(share.peer());
              return TransferSockets.get().transfer(share.sent(), share.received());
            });
    return seconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  private <R extends Serializable> List<R> onEach(
      List<Peer> executors, Class<R> type, Tasks.Task<Peer, R> task) throws IOException {
    return Tasks.run(sc, executors, RawTransfer::place, type, task);
  }

  private static Optional<String> place(Peer peer) {
    return Optional.of(Tasks.place(peer.host(), peer.executor()));
  }

  /** Refuses to run on another executor than the one that is meant. */
  private static Peer here(Peer peer) throws IOException {
    String executor = SparkEnv.get().executorId();
    if (!executor.equals(peer.executor())) {
      throw new IOException(
          "A task for %s ran on executor %s; measure again when all executors are free"
              .formatted(peer, executor));
    }
    return peer;
  }
}
