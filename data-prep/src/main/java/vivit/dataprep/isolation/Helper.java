package vivit.dataprep.isolation;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.video.CutRequest;
import vivit.dataprep.video.CutSettings;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoInput;

/** A helper process and the spool that it shares with this one. For one thread at a time. */
final class Helper implements Closeable {
  /** What a helper did before. */
  enum History {
    NONE,
    SOME
  }

  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final long GRACE_MILLIS = 2000;
  private static final int CHUNK_BYTES = 1 << 16;

  private final long memoryBytes;
  private final Spool spool;
  private final Process process;
  private final Messages messages;
  private final DataInputStream answers;
  private final DataOutputStream orders;
  private byte[] bytes = new byte[0];
  private History history = History.NONE;
  private boolean fit = true;
  private long position;
  private long idleSince;

  private Helper(long memoryBytes, Spool spool, Process process) {
    this.memoryBytes = memoryBytes;
    this.spool = spool;
    this.process = process;
    this.messages = new Messages(process.getErrorStream());
    this.answers = new DataInputStream(process.getInputStream());
    this.orders = new DataOutputStream(process.getOutputStream());
  }

  /**
   * Starts a helper and waits until it is ready.
   *
   * @throws IOException with its last words if it does not start, which is no video's fault
   */
  static Helper start(long memoryBytes) throws IOException {
    Spool spool = Spool.create();
    Helper helper;
    try {
      helper = new Helper(memoryBytes, spool, HelperCommand.of(memoryBytes, spool.path()).start());
    } catch (IOException e) {
      spool.unlink();
      spool.close();
      throw new IOException(
          "Cannot start a helper process to decode in; prepare.isolation=none does without", e);
    }
    try {
      helper.awaitHello();
      return helper;
    } catch (IOException e) {
      helper.close();
      throw e;
    } finally {
      spool.unlink();
    }
  }

  private void awaitHello() throws IOException {
    try (Watch watch = Watch.begin(process, START_LIMIT, Long.MAX_VALUE)) {
      String found;
      try {
        int hello = answers.readInt();
        if (hello == Wire.HELLO) {
          return;
        }
        found = "another version of this program answers";
      } catch (IOException e) {
        found = lastWords();
      }
      refuseInterrupt(watch);
      throw new IOException(
          "Cannot start a helper process to decode in (%s); prepare.isolation=none does without"
              .formatted(
                  watch.verdict() == Watch.Verdict.TOO_LONG
                      ? "not ready after " + LastWords.words(START_LIMIT)
                      : found));
    }
  }

  long memoryBytes() {
    return memoryBytes;
  }

  Spool spool() {
    return spool;
  }

  History history() {
    return history;
  }

  /** Whether it can take another job. */
  boolean fit() {
    return fit && process.isAlive();
  }

  void idleSince(long nanos) {
    idleSince = nanos;
  }

  long idleNanos() {
    return System.nanoTime() - idleSince;
  }

  /**
   * Cuts clips into the spool. Whatever is thrown, the process has ended then.
   *
   * @param outcomes of the requests; those that are still open afterwards were not reached
   * @throws LostHelperException if the helper did not come to the end
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if the input or the spool fail
   */
  void work(
      VideoInput in,
      List<CutRequest> requests,
      CutSettings settings,
      Duration limit,
      Outcomes outcomes)
      throws IOException, LostHelperException {
    history = History.SOME;
    fit = false;
    position = 0;
    try (Watch watch = Watch.begin(process, limit, memoryBytes)) {
      try {
        Wire.writeJob(orders, in.length(), requests, settings);
        while (answer(in, requests.size(), settings.clip(), outcomes, watch)) {
          continue;
        }
      } catch (NotTheVideoException e) {
        refuseInterrupt(watch);
        throw e.why;
      } catch (IOException e) { // the pipe broke, or what came out of it makes no sense
        throw lost(watch, limit);
      }
      if (!outcomes.allClosed()) {
        throw new IOException("The cutter left requests without an answer");
      }
      fit = watch.verdict() == Watch.Verdict.NONE;
    } finally {
      if (!fit) {
        end();
      }
    }
  }

  /** Takes one message; false after the last. */
  private boolean answer(
      VideoInput in, int requests, ClipSettings clip, Outcomes outcomes, Watch watch)
      throws IOException, LostHelperException {
    int tag = answers.readByte();
    switch (tag) {
      case Wire.READ -> serve(in, answers.readLong(), answers.readInt(), watch);
      case Wire.CLIP -> outcomes.clip(Wire.readClip(answers, requests, clip));
      case Wire.FINISHED -> {
        Wire.readFinished(answers, requests, outcomes);
        watch.restart();
      }
      case Wire.FAILED -> {
        Wire.readFailed(answers, requests, outcomes);
        watch.restart();
      }
      case Wire.DONE -> {
        return false;
      }
      case Wire.BROKEN ->
          throw new LostHelperException(
              new UndecodableVideoException(
                  BadKind.UNDECODABLE, "the decoder failed: " + answers.readUTF(), at()));
      case Wire.SPOOL -> throw new NotTheVideoException(new IOException(answers.readUTF()));
      default -> throw new IOException("message " + tag);
    }
    return true;
  }

  /** Sends bytes of the file; as many as are wanted, but at its end. */
  private void serve(VideoInput in, long from, int count, Watch watch) throws IOException {
    if (from < 0 || count < 1 || count > PipedInput.LARGEST_BLOCK) {
      throw new IOException("%d bytes wanted from %d".formatted(count, from));
    }
    if (bytes.length < count) {
      bytes = new byte[count];
    }
    watch.pause();
    int filled = 0;
    try {
      while (filled < count) {
        int found = in.read(from + filled, bytes, filled, count - filled);
        if (found <= 0) {
          break;
        }
        filled += found;
      }
    } catch (IOException e) {
      throw new NotTheVideoException(e);
    } finally {
      watch.resume();
    }
    position = Math.max(position, from + filled);
    orders.writeInt(filled);
    for (int at = 0; at < filled; at += CHUNK_BYTES) { // large pieces cost an allocation
      orders.write(bytes, at, Math.min(CHUNK_BYTES, filled - at));
    }
    orders.flush();
  }

  private LostHelperException lost(Watch watch, Duration limit) throws IOException {
    String how = lastWords();
    refuseInterrupt(watch);
    return new LostHelperException(
        switch (watch.verdict()) {
          case TOO_LONG -> LastWords.tooLong(limit);
          case TOO_MUCH -> LastWords.tooMuch(memoryBytes);
          default ->
              process.exitValue() == Wire.OUT_OF_MEMORY
                  ? LastWords.tooMuch(memoryBytes)
                  : new UndecodableVideoException(
                      BadKind.DIED, "the decoder died (%s)".formatted(how), at());
        });
  }

  private static void refuseInterrupt(Watch watch) throws InterruptedIOException {
    if (watch.verdict() == Watch.Verdict.INTERRUPTED || Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("Interrupted while decoding");
    }
  }

  private String at() {
    return "byte " + position;
  }

  /** How a process ended whose pipe broke. */
  private String lastWords() {
    Waiting.uninterruptibly(() -> process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS));
    if (process.isAlive()) {
      end();
      return "its messages make no sense";
    }
    return LastWords.how(process.exitValue(), messages.text());
  }

  /** Makes sure that the process has ended. */
  private void end() {
    process.destroyForcibly();
    Waiting.uninterruptibly(process::waitFor);
    messages.awaitEnd();
    for (Closeable pipe : List.of(answers, orders)) {
      try {
        pipe.close();
      } catch (IOException e) {
        // What could not be sent is not wanted any more; the descriptor is closed.
      }
    }
  }

  /** Ends the process and gives the spool back. */
  @Override
  public void close() {
    fit = false;
    end();
    spool.close();
  }

  /** An error of the storage or the spool, to be passed on. */
  private static final class NotTheVideoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final IOException why;

    NotTheVideoException(IOException why) {
      super(why);
      this.why = why;
    }
  }
}
