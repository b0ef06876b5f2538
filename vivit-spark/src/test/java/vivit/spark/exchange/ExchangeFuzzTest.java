package vivit.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportServer;
import org.junit.jupiter.api.AfterEach;
import scala.Option;
import vivit.dataprep.fixture.FuzzedReader;

/** Messages between exchanges, over the network: whatever a peer sends, every question ends. */
class ExchangeFuzzTest extends FuzzedReader {
  private static final int LENGTH = 5;
  private static final long LIMIT_SECONDS = 50;
  private static final SliceName NAME = new SliceName("run", "parameters", 3, 0);

  private final SparkConf conf =
      new SparkConf(false).set("spark.app.id", "test").set("spark.master", "local");
  private final Exchange exchange = new Exchange(conf, Optional.empty(), "1", "127.0.0.1");
  private final Stranger stranger = new Stranger();
  private final TransportContext context =
      new TransportContext(
          SparkTransportConf.fromSparkConf(conf, "stranger", 1, Option.empty()), stranger);
  private final TransportServer server = context.createServer("127.0.0.1", 0, List.of());
  private final TransportClientFactory clients = context.createClientFactory();
  private boolean quiet;
  private final Peer peer = new Peer("2", "127.0.0.1", server.getPort());

  private enum Message {
    QUESTION,
    STREAM,
    CHUNK,
    INVENTORY
  }

  /** A peer that answers anything with the same bytes. */
  private static final class Stranger extends RpcHandler {
    private ByteBuffer answer;
    private ByteBuffer chunk;

    @Override
    public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
      callback.onSuccess(answer.duplicate());
    }

    @Override
    public StreamManager getStreamManager() {
      return new StreamManager() {
        @Override
        public ManagedBuffer getChunk(long stream, int number) {
          return new NioManagedBuffer(chunk.duplicate());
        }
      };
    }
  }

  @AfterEach
  void close() {
    exchange.close();
    clients.close();
    server.close();
    context.close();
  }

  /** Connections are the point, and one of the two makes Netty fail. */
  @Override
  protected List<String> options() {
    String hooks = "com.code_intelligence.jazzer.sanitizers.";
    return List.of(
        "--disabled_hooks=%sServerSideRequestForgery:%sUnsafeSanitizer".formatted(hooks, hooks));
  }

  @Override
  protected Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new TreeMap<>();
    seeds.put("slice", input(Message.QUESTION, "\u0001" + NAME.text()));
    seeds.put("who", input(Message.QUESTION, "\u0002run"));
    seeds.put("stream", input(Message.STREAM, new byte[Long.BYTES]));
    seeds.put("chunk", input(Message.CHUNK, new byte[LENGTH * Float.BYTES]));
    seeds.put("inventory", input(Message.INVENTORY, "2\n" + NAME.text()));
    return seeds;
  }

  @Override
  protected boolean isDocumented(Exception e) {
    return false; // refusals are checked where they occur
  }

  @Override
  protected void read(byte[] input) throws Exception {
    if (!quiet) { // Spark logs every refusal with its stack, and sets up its log late
      Configurator.setAllLevels("org.apache.spark", Level.OFF);
      quiet = true;
    }
    ByteBuffer bytes = ByteBuffer.wrap(content(input));
    stranger.answer = bytes;
    stranger.chunk = ByteBuffer.allocate(LENGTH * Float.BYTES);
    switch (form(Message.class, input)) {
      case QUESTION -> ask(bytes);
      case STREAM -> fetch();
      case CHUNK -> {
        stranger.answer = ByteBuffer.allocate(Long.BYTES);
        stranger.chunk = bytes.order(ByteOrder.nativeOrder());
        fetch();
      }
      case INVENTORY -> {
        try {
          assertThat(exchange.inventory(peer, "run")).doesNotContainNull();
        } catch (IOException refused) {
          assertThat(refused).message().isNotBlank();
        }
      }
    }
  }

  private void ask(ByteBuffer question) throws Exception {
    Slice slice = exchange.store().allocate(LENGTH);
    exchange.store().put(NAME, slice);
    CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
    RpcResponseCallback callback =
        new RpcResponseCallback() {
          @Override
          public void onSuccess(ByteBuffer found) {
            answer.complete(found);
          }

          @Override
          public void onFailure(Throwable cause) {
            answer.completeExceptionally(cause);
          }
        };
    clients.createClient("127.0.0.1", exchange.self().port()).sendRpc(question, callback);
    try {
      answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException refused) {
      assertThat(refused.getCause()).message().isNotBlank();
    }
  }

  private void fetch() throws Exception {
    Slice into = exchange.store().allocate(LENGTH);
    try {
      exchange.fetch(peer, NAME, into).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException refused) {
      assertThat(refused.getCause())
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot fetch slice 0 of parameters, version 3 from executor 2");
    } finally {
      into.close();
    }
  }
}
