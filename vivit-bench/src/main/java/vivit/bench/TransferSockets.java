package vivit.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * An executor's plain sockets to all others, one connection for each direction. They last as long
 * as the executor's JVM, which ends with the command.
 */
final class TransferSockets {
  private static final int BUFFER = 1 << 22;
  private static TransferSockets ofThisJvm;

  private final ServerSocketChannel server;
  private final Map<Integer, SocketChannel> out = new HashMap<>();
  private final Map<Integer, SocketChannel> in = new HashMap<>();
  private final Map<SocketChannel, ByteBuffer> buffers = new HashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "raw transfer");
            thread.setDaemon(true);
            return thread;
          });

  /** Where an executor listens. */
  record Address(String host, int port) implements Serializable {}

  private TransferSockets(ServerSocketChannel server) {
    this.server = server;
  }

  /** Listens on any free port of an address; returns the port. */
  static synchronized int listen(String host, int executors) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(host, 0), executors);
    ofThisJvm = new TransferSockets(server);
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  static synchronized TransferSockets get() {
    return ofThisJvm;
  }

  /**
   * Connects to all others, which connect to this one at the same time.
   *
   * @param self number of this executor among all
   * @param token that only they know
   */
  void connect(int self, List<Address> all, long token) throws IOException {
    for (int other = 0; other < all.size(); other++) {
      if (other != self) {
        Address address = all.get(other);
        SocketChannel channel =
            SocketChannel.open(new InetSocketAddress(address.host(), address.port()));
        write(channel, greeting().putLong(token).putInt(self).flip());
        put(out, other, channel);
      }
    }
    while (in.size() < all.size() - 1) {
      SocketChannel channel = server.accept();
      ByteBuffer greeting = greeting();
      read(channel, greeting);
      if (greeting.flip().getLong() == token) {
        put(in, greeting.getInt(), channel);
      } else {
        channel.close();
      }
    }
    server.close();
  }

  private static ByteBuffer greeting() {
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES);
  }

  private void put(Map<Integer, SocketChannel> side, int other, SocketChannel channel) {
    side.put(other, channel);
    buffers.put(channel, ByteBuffer.allocateDirect(BUFFER));
  }

  /**
   * Waits until all executors are here, then sends to all and receives from all at once.
   *
   * @param sent bytes for each executor
   * @param received bytes from each executor
   * @return seconds until all of it has gone and come
   */
  double transfer(long[] sent, long[] received) throws IOException {
    for (SocketChannel channel : out.values()) {
      write(channel, ByteBuffer.allocate(1));
    }
    for (SocketChannel channel : in.values()) {
      read(channel, ByteBuffer.allocate(1));
    }
    long began = System.nanoTime();
    List<Future<?>> running = new ArrayList<>();
    out.forEach((other, channel) -> running.add(threads.submit(send(channel, sent[other]))));
    in.forEach((other, channel) -> running.add(threads.submit(receive(channel, received[other]))));
    for (Future<?> one : running) {
      await(one);
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private static void await(Future<?> running) throws IOException {
    try {
      running.get();
    } catch (ExecutionException failed) {
      throw new IOException("A raw transfer failed: " + failed.getCause(), failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Stopped during a raw transfer");
    }
  }

  private Callable<Void> send(SocketChannel channel, long bytes) {
    return () -> {
      ByteBuffer buffer = buffers.get(channel);
      for (long left = bytes; left > 0; left -= buffer.limit()) {
        write(channel, buffer.clear().limit((int) Math.min(left, BUFFER)));
      }
      return null;
    };
  }

  private Callable<Void> receive(SocketChannel channel, long bytes) {
    return () -> {
      ByteBuffer buffer = buffers.get(channel);
      for (long left = bytes; left > 0; left -= buffer.limit()) {
        read(channel, buffer.clear().limit((int) Math.min(left, BUFFER)));
      }
      return null;
    };
  }

  private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void read(SocketChannel channel, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the other executor has closed the connection");
      }
    }
  }
}
