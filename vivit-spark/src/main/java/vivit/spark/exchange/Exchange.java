package vivit.spark.exchange;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.client.ChunkReceivedCallback;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.sasl.SecretKeyHolder;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.TransportConf;
import scala.Option;

/**
 * Serves this JVM's slices to other executors, and fetches theirs.
 *
 * <p>Listens on a port of its own, {@code spark.vivit.exchange.port} or any free one, on the
 * address of Spark's block manager. Knows Spark 3.5.
 */
public final class Exchange implements AutoCloseable {
  /** Setting of the port that executors serve slices on; 0, the default, for any free one. */
  public static final String PORT = "spark.vivit.exchange.port";

  private static final String MODULE = "vivit";

  private static final long INVENTORY_MILLIS = 10_000;

  private static Exchange ofThisJvm;

  private final SliceStore store = new SliceStore();

  /** Bytes of slices that have come from other executors since they were last taken. */
  private final ConcurrentMap<Peer, Long> received = new ConcurrentHashMap<>();

  private final TransportContext context;
  private final TransportServer server;
  private final TransportClientFactory clients;
  private final Peer self;

  /**
   * Starts a server with these settings on an address.
   *
   * @param secret of the application, if peers have to prove that they know it
   */
  Exchange(SparkConf conf, Optional<SecretKeyHolder> secret, String executor, String host) {
    TransportConf transport = SparkTransportConf.fromSparkConf(conf, MODULE, 0, Option.empty());
    List<TransportServerBootstrap> serverSide = List.of();
    List<TransportClientBootstrap> clientSide = List.of();
    if (secret.isPresent()) {
      serverSide = List.of(new AuthServerBootstrap(transport, secret.get()));
      clientSide = List.of(new AuthClientBootstrap(transport, conf.getAppId(), secret.get()));
    }
    context = new TransportContext(transport, new Handler(store, executor));
    server = context.createServer(host, conf.getInt(PORT, 0), serverSide);
    clients = context.createClientFactory(clientSide);
    self = new Peer(executor, host, server.getPort());
  }

  /** The exchange of this JVM; starts it on first use, in a task or on the driver. */
  public static synchronized Exchange get() {
    SparkEnv env = SparkEnv.get();
    if (ofThisJvm != null && !ofThisJvm.self.executor().equals(env.executorId())) {
      ofThisJvm.close();
      ofThisJvm = null;
    }
    if (ofThisJvm == null) {
      SecurityManager security = env.securityManager();
      ofThisJvm =
          new Exchange(
              env.conf(),
              security.isAuthenticationEnabled() ? Optional.of(security) : Optional.empty(),
              env.executorId(),
              env.blockManager().blockManagerId().host());
    }
    return ofThisJvm;
  }

  /** Drops the slices of a run that has ended, if this JVM has any. */
  public static synchronized void end(String run) {
    if (ofThisJvm != null) {
      ofThisJvm.store.drop(name -> name.run().equals(run));
      ofThisJvm.store.trim();
    }
  }

  /** The slices of this JVM. */
  public SliceStore store() {
    return store;
  }

  /** Where other executors find this one. */
  public Peer self() {
    return self;
  }

  /**
   * Fetches a slice from a peer, or from this JVM's store without the network.
   *
   * @param into receives the values; must have the slice's length
   * @return completes when all values are there; exceptionally with an {@link IOException} that
   *     names slice and peer
   */
  public CompletableFuture<Slice> fetch(Peer peer, SliceName name, Slice into) {
    CompletableFuture<Slice> done = new CompletableFuture<>();
    try {
      TransportClient client = clients.createClient(peer.host(), peer.port());
      client.sendRpc(
          question(SLICE, name.text()), new Receiver(client, peer, name, into, received, done));
    } catch (IOException | RuntimeException unreachable) {
      done.completeExceptionally(failed(peer, name, unreachable));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      done.completeExceptionally(new InterruptedIOException("Interrupted fetching " + name));
    }
    return done;
  }

  /**
   * Takes a slice from this JVM's store, or fetches it from the first holder that has it.
   *
   * @param length of the slice
   * @return pinned for the caller; completes exceptionally with an {@link IOException} if no holder
   *     has it
   */
  public CompletableFuture<Slice> obtain(List<Peer> holders, SliceName name, int length) {
    Optional<Slice> here = store.get(name);
    if (here.isPresent()) {
      return CompletableFuture.completedFuture(here.get());
    }
    return obtain(holders, 0, name, length);
  }

  private CompletableFuture<Slice> obtain(
      List<Peer> holders, int first, SliceName name, int length) {
    if (first == holders.size()) {
      return CompletableFuture.failedFuture(
          new IOException("Cannot fetch %s: none of %s has it".formatted(name, holders)));
    }
    Slice into = store.allocate(length);
    return fetch(holders.get(first), name, into)
        .exceptionallyComposeAsync(
            failure -> {
              into.close();
              return first + 1 < holders.size()
                  ? obtain(holders, first + 1, name, length)
                  : CompletableFuture.failedFuture(failure);
            });
  }

  /**
   * Bytes of slices that this JVM has received over the network since the last call, by sender. A
   * slice counts before it arrives at whoever waits for it.
   */
  public Map<Peer, Long> takeReceived() {
    Map<Peer, Long> taken = new HashMap<>();
    for (Peer sender : received.keySet()) {
      Long bytes = received.remove(sender);
      if (bytes != null) {
        taken.put(sender, bytes);
      }
    }
    return taken;
  }

  /**
   * The slices of a run that a peer has; throws if it cannot be reached, or if another executor
   * answers, which may listen on the same port after it.
   */
  public Set<SliceName> inventory(Peer peer, String run) throws IOException {
    try {
      TransportClient client = clients.createClient(peer.host(), peer.port());
      ByteBuffer answer = client.sendRpcSync(question(INVENTORY, run), INVENTORY_MILLIS);
      List<String> lines = StandardCharsets.UTF_8.decode(answer).toString().lines().toList();
      if (!lines.get(0).equals(peer.executor())) {
        throw new IOException("%s is gone: executor %s answers".formatted(peer, lines.get(0)));
      }
      return lines.stream().skip(1).map(SliceName::of).collect(Collectors.toUnmodifiableSet());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted asking " + peer);
    } catch (RuntimeException failed) {
      throw new IOException("Cannot ask %s for its slices".formatted(peer), failed);
    }
  }

  private static IOException failed(Peer peer, SliceName name, Throwable cause) {
    // A peer's answer ends with its stack trace.
    String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return new IOException("Cannot fetch %s from %s: %s".formatted(name, peer, reason), cause);
  }

  @Override
  public void close() {
    clients.close();
    server.close();
    context.close();
    store.drop(name -> true);
    store.trim();
  }

  /** First byte of a message: asks for a slice by its name; answered by the number of a stream. */
  private static final byte SLICE = 1;

  /**
   * First byte of a message: asks who is there, and for the names of all slices of a run, one per
   * line.
   */
  private static final byte INVENTORY = 2;

  private static ByteBuffer question(byte about, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + bytes.length).put(about).put(bytes).flip();
  }

  /** Asks for the bytes when the peer has found the slice, and copies them to their place. */
  private record Receiver(
      TransportClient client,
      Peer peer,
      SliceName name,
      Slice into,
      ConcurrentMap<Peer, Long> received,
      CompletableFuture<Slice> done)
      implements RpcResponseCallback, ChunkReceivedCallback {

    @Override
    public void onSuccess(ByteBuffer stream) {
      if (stream.remaining() != Long.BYTES) { // an exception here would end nobody's wait
        onFailure(
            new IOException(
                "it answers with %d bytes, expected %d".formatted(stream.remaining(), Long.BYTES)));
        return;
      }
      client.fetchChunk(stream.getLong(), 0, this);
    }

    @Override
    public void onSuccess(int chunk, ManagedBuffer found) {
      try {
        long expected = (long) into.length() * Float.BYTES;
        if (found.size() != expected) {
          throw new IOException("it has %d bytes, expected %d".formatted(found.size(), expected));
        }
        copy(found, into);
        received.merge(peer, expected, Long::sum);
        done.complete(into);
      } catch (IOException wrong) {
        done.completeExceptionally(failed(peer, name, wrong));
      }
    }

    /** Copies piece by piece as they came from the network, without an array of them all. */
    private static void copy(ManagedBuffer from, Slice to) throws IOException {
      ByteBuf pieces = (ByteBuf) from.convertToNetty();
      try {
        pieces.readBytes(to.bytes());
      } finally {
        pieces.release();
      }
    }

    @Override
    public void onFailure(Throwable cause) {
      done.completeExceptionally(failed(peer, name, cause));
    }

    @Override
    public void onFailure(int chunk, Throwable cause) {
      onFailure(cause);
    }
  }

  /** Streams that belong to the peer that asked for them. */
  private static final class Chunks extends OneForOneStreamManager {
    @Override
    public ManagedBuffer openStream(String name) {
      throw new UnsupportedOperationException("Slices are served as chunks only");
    }
  }

  /**
   * Answers peers. Slices go out as chunks, never as named streams, which Spark's transport serves
   * before a peer is authenticated.
   */
  private static final class Handler extends RpcHandler {
    private final SliceStore store;
    private final String executor;
    private final Chunks streams = new Chunks();

    Handler(SliceStore store, String executor) {
      this.store = store;
      this.executor = executor;
    }

    @Override
    public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
      byte about = message.get();
      String text = StandardCharsets.UTF_8.decode(message).toString();
      if (about == SLICE) {
        callback.onSuccess(open(client, SliceName.of(text)));
      } else {
        callback.onSuccess(inventory(text));
      }
    }

    private ByteBuffer open(TransportClient client, SliceName name) {
      Slice slice =
          store.get(name).orElseThrow(() -> new NoSuchElementException("it is not there"));
      List<ManagedBuffer> chunk = List.of(new SliceBytes(slice));
      long stream =
          streams.registerStream(client.getClientId(), chunk.iterator(), client.getChannel());
      return ByteBuffer.allocate(Long.BYTES).putLong(stream).flip();
    }

    private ByteBuffer inventory(String run) {
      Stream<String> names =
          store.names().stream().filter(name -> name.run().equals(run)).map(SliceName::text);
      return StandardCharsets.UTF_8.encode(
          Stream.concat(Stream.of(executor), names).collect(Collectors.joining("\n")));
    }

    @Override
    public StreamManager getStreamManager() {
      return streams;
    }
  }
}
