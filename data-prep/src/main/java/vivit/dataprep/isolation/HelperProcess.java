package vivit.dataprep.isolation;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.isolation.Spool.SpooledClip;
import vivit.dataprep.video.CutSettings;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter.CutRequest;
import vivit.dataprep.video.VideoInput;

/** A helper process and the spool that this process shares with it. Not thread-safe. */
final class HelperProcess implements Closeable {
  /** Distinguishes a new helper from one that has decoded before. */
  enum History {
    NONE,
    SOME
  }

  /**
   * The settings that a helper is started with.
   *
   * @param sandbox that confines it
   * @param memoryBytes resident memory that it may take
   */
  record HelperKind(Sandbox sandbox, long memoryBytes) {}

  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final long GRACE_MILLIS = 2000;
  private static final int CHUNK_BYTES = 1 << 16;

  /** A helper may read a file again for every pass, but reading does not count against its time. */
  private static final long LEAST_SERVED = 1L << 30;

  private static final long MOST_TIMES_SERVED = 1000;

  private final HelperKind kind;
  private final Spool spool;
  private final Process process;
  private final ErrorOutput errorOutput;
  private final DataInputStream answers;
  private final DataOutputStream orders;
  private ProcessHandle decoder;
  private byte[] bytes = new byte[0];
  private History history = History.NONE;
  private boolean usable = true;
  private long position;
  private long served;
  private long idleSince;

  private HelperProcess(HelperKind kind, Spool spool, Process process) {
    this.kind = kind;
    this.spool = spool;
    this.process = process;
    this.decoder = process.toHandle();
    this.errorOutput = new ErrorOutput(process.getErrorStream());
    this.answers = new DataInputStream(process.getInputStream());
    this.orders = new DataOutputStream(process.getOutputStream());
  }

  /**
   * Starts a helper and waits until it is ready.
   *
   * @throws IOException with the reason if it does not start, which is not the fault of a video
   */
  static HelperProcess start(HelperKind kind) throws IOException {
    try {
      return startOrSay(kind);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (StartException e) {
      throw new IOException(
          "Cannot start a helper process to decode in (%s); prepare.isolation=none does without"
              .formatted(e.getMessage()),
          e.getCause());
    }
  }

  /**
   * Starts a helper and waits until it is ready.
   *
   * @throws StartException with the bare reason if it does not start
   * @throws IOException if there is no spool
   */
  static HelperProcess startOrSay(HelperKind kind) throws IOException {
    Spool spool = Spool.create();
    HelperProcess helper;
    try {
      ProcessBuilder command = HelperCommand.of(kind.sandbox(), kind.memoryBytes(), spool.path());
      helper = new HelperProcess(kind, spool, Starter.start(command));
    } catch (IOException e) {
      spool.unlink();
      spool.close();
      throw new StartException(e.getMessage(), e);
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
    try (Watch watch = Watch.begin(process, process.pid(), START_LIMIT, Long.MAX_VALUE)) {
      String found;
      try {
        int hello = answers.readInt();
        if (hello == Wire.HELLO) {
          decoder = innermost(process.toHandle());
          return;
        }
        found = "another version of this program answers";
      } catch (IOException e) {
        found = describeExit();
      }
      refuseInterrupt(watch);
      throw new StartException(
          watch.verdict() == Watch.Verdict.TOO_LONG
              ? "not ready after " + LostHelperException.words(START_LIMIT)
              : found,
          null);
    }
  }

  /** The process that decodes: sandboxes start it as their only child's only child and so on. */
  private static ProcessHandle innermost(ProcessHandle process) {
    return process.children().findFirst().map(HelperProcess::innermost).orElse(process);
  }

  HelperKind kind() {
    return kind;
  }

  Spool spool() {
    return spool;
  }

  History history() {
    return history;
  }

  /** Whether it can take another job. */
  boolean isUsable() {
    return usable && process.isAlive();
  }

  void idleSince(long nanos) {
    idleSince = nanos;
  }

  long idleNanos() {
    return System.nanoTime() - idleSince;
  }

  /**
   * Cuts clips into the spool. If it throws, the process has ended.
   *
   * @param outcomes one per request; those still open afterwards were not reached
   * @throws LostHelperException if the helper ended before the job was done
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
    usable = false;
    position = 0;
    served = 0;
    try (Watch watch = Watch.begin(process, decoder.pid(), limit, kind.memoryBytes())) {
      try {
        Wire.writeJob(orders, in.length(), requests, settings);
        while (answer(in, requests, settings.clip(), outcomes, watch)) {
          continue;
        }
      } catch (NotTheVideoException e) {
        refuseInterrupt(watch);
        throw e.storageError;
      } catch (IOException e) { // the pipe broke, or its content is invalid
        throw lost(watch, limit);
      }
      if (!outcomes.allClosed()) {
        throw new IOException("The cutter left requests without an answer");
      }
      usable = watch.verdict() == Watch.Verdict.NONE;
    } finally {
      if (!usable) {
        end();
      }
    }
  }

  /** Most bytes of a clip: what fits into the helper's heap, and here. */
  private long mostClipBytes() {
    return Math.min(kind.memoryBytes(), Runtime.getRuntime().maxMemory()) / 2;
  }

  /** Handles one message; false after the last. */
  private boolean answer(
      VideoInput in, List<CutRequest> requests, ClipSettings clip, Outcomes outcomes, Watch watch)
      throws IOException, LostHelperException {
    int tag = answers.readByte();
    switch (tag) {
      case Wire.READ -> serve(in, answers.readLong(), answers.readInt(), watch);
      case Wire.CLIP -> {
        SpooledClip found = Wire.readClip(answers, requests.size(), clip, mostClipBytes());
        outcomes.requireNext(found, requests);
        spool.requireHolds(found);
        outcomes.clip(found);
      }
      case Wire.FINISHED -> {
        Wire.readFinished(answers, requests.size(), outcomes);
        watch.restart();
      }
      case Wire.FAILED -> {
        Wire.readFailed(answers, requests.size(), outcomes);
        watch.restart();
      }
      case Wire.DONE -> {
        return false;
      }
      case Wire.BROKEN ->
          throw new LostHelperException(
              new UndecodableVideoException(
                  BadKind.UNDECODABLE, "the decoder failed: " + Wire.readText(answers), at()));
      case Wire.SPOOL ->
          throw new NotTheVideoException(
              new IOException(spool.unwritable() + ": " + Wire.readText(answers)));
      default -> throw new IOException("message " + tag);
    }
    return true;
  }

  /** Sends bytes of the file: exactly {@code count}, or fewer at the end of the file. */
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
    served += filled;
    if (served > LEAST_SERVED + MOST_TIMES_SERVED * in.length()) {
      throw new IOException("%d bytes wanted of %d".formatted(served, in.length()));
    }
    position = Math.max(position, from + filled);
    orders.writeInt(filled);
    for (int at = 0; at < filled; at += CHUNK_BYTES) { // larger writes allocate native memory
      orders.write(bytes, at, Math.min(CHUNK_BYTES, filled - at));
    }
    orders.flush();
  }

  private LostHelperException lost(Watch watch, Duration limit) throws IOException {
    String exit = describeExit();
    refuseInterrupt(watch);
    return switch (watch.verdict()) {
      case TOO_LONG -> LostHelperException.tooLong(limit);
      case TOO_MUCH -> LostHelperException.tooMuch(kind.memoryBytes());
      default ->
          process.exitValue() == Wire.OUT_OF_MEMORY
              ? LostHelperException.tooMuch(kind.memoryBytes())
              : new LostHelperException(
                  new UndecodableVideoException(
                      BadKind.DIED, "the decoder died (%s)".formatted(exit), at()));
    };
  }

  private static void refuseInterrupt(Watch watch) throws InterruptedIOException {
    if (watch.verdict() == Watch.Verdict.INTERRUPTED || Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("Interrupted while decoding");
    }
  }

  private String at() {
    return "byte " + position;
  }

  /** Describes how the process ended, after its pipe broke. */
  private String describeExit() {
    Waiting.uninterruptibly(() -> process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS));
    if (process.isAlive()) {
      end();
      return "its messages make no sense";
    }
    return LostHelperException.describeExit(process.exitValue(), errorOutput.text());
  }

  /** Kills the process and waits until it has ended, with all that a sandbox started. */
  private void end() {
    process.destroyForcibly();
    Waiting.uninterruptibly(process::waitFor);
    long start = System.nanoTime();
    while (decoder.isAlive() && System.nanoTime() - start < GRACE_MILLIS * 1_000_000) {
      Waiting.uninterruptibly(() -> Thread.sleep(1));
    }
    errorOutput.awaitEnd();
    for (Closeable pipe : List.of(answers, orders)) {
      try {
        pipe.close();
      } catch (IOException e) {
        // Unsent data is not needed any more; the descriptor is closed.
      }
    }
  }

  /** Ends the process and deletes the spool. */
  @Override
  public void close() {
    usable = false;
    end();
    spool.close();
  }

  /** A helper that does not start; the message is the bare reason. */
  static final class StartException extends IOException {
    private static final long serialVersionUID = 1L;

    private StartException(String reason, Throwable cause) {
      super(reason, cause);
    }
  }

  /**
   * Starts processes on a thread that never ends: Linux ends a sandbox together with the thread
   * that started it, and threads of Spark tasks come and go.
   */
  private static final class Starter {
    private static final Executor THREAD =
        Executors.newSingleThreadExecutor(
            work -> {
              // No inherited thread locals: they belong to the Spark task that came first.
              Thread thread = new Thread(null, work, "decoder starter", 0, false);
              thread.setDaemon(true);
              thread.setContextClassLoader(null);
              return thread;
            });

    /** Starts a process; an interrupt does not cut it short. */
    static Process start(ProcessBuilder command) throws IOException {
      try {
        return CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return command.start();
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                },
                THREAD)
            .join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof UncheckedIOException failed
            ? failed.getCause()
            : new IOException(e);
      }
    }
  }

  /** Wraps an error of the storage or the spool, so that it is not handled as a decoder failure. */
  private static final class NotTheVideoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final IOException storageError;

    NotTheVideoException(IOException storageError) {
      super(storageError);
      this.storageError = storageError;
    }
  }
}
