package vivit.dataprep.isolation;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avfilter;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.Loader;
import vivit.dataprep.isolation.Spool.Journal;
import vivit.dataprep.isolation.Spool.SpoolException;
import vivit.dataprep.isolation.Spool.SpooledClip;
import vivit.dataprep.isolation.Wire.DecodeJob;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter;

/**
 * The helper process: takes jobs from its standard input until the input ends. Arguments: the file
 * of the pipe to its executor, the spool, the memory limit in bytes, and the process id of the
 * executor, unless a sandbox ends the helper with it.
 */
final class HelperMain {
  private static final long CHECK_EXECUTOR_MILLIS = 200;
  private static final int BUFFER_BYTES = 1 << 13;

  private static final List<Class<?>> LIBRARIES =
      List.of(avutil.class, avcodec.class, avformat.class, swscale.class, avfilter.class);

  private HelperMain() {}

  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT); // causes read the same on every machine
    System.setOut(System.err);
    if (args.length > 3) {
      exitWithExecutor(Long.parseLong(args[3]));
    }
    try (DataOutputStream out =
            new DataOutputStream(
                new BufferedOutputStream(new FileOutputStream(args[0]), BUFFER_BYTES));
        Spool spool = Spool.open(Path.of(args[1]))) {
      loadLibraries(); // must not count against the first video's time
      VideoCutter.limitAllocations(Long.parseLong(args[2]));
      out.writeInt(Wire.HELLO);
      out.flush();
      work(new DataInputStream(new FileInputStream(FileDescriptor.in)), out, spool);
    } catch (OutOfMemoryError e) {
      Runtime.getRuntime().halt(Wire.OUT_OF_MEMORY);
    }
    Runtime.getRuntime().halt(0); // decoder threads may still be running
  }

  /** Loads FFmpeg; in an executor this extracts the libraries for its helpers. */
  static void loadLibraries() {
    LIBRARIES.forEach(Loader::load);
  }

  /** Ends this process when its executor is gone, even in the middle of native code. */
  private static void exitWithExecutor(long executor) {
    Thread watchdog =
        new Thread(
            () -> {
              while (ProcessHandle.current()
                  .parent()
                  .filter(p -> p.pid() == executor)
                  .isPresent()) {
                try {
                  Thread.sleep(CHECK_EXECUTOR_MILLIS);
                } catch (InterruptedException e) {
                  break;
                }
              }
              Runtime.getRuntime().halt(1);
            },
            "executor watchdog");
    watchdog.setDaemon(true);
    watchdog.start();
  }

  private static void work(DataInputStream in, DataOutputStream out, Spool spool)
      throws IOException {
    VideoCutter cutter = new VideoCutter();
    while (true) {
      DecodeJob job;
      try {
        job = Wire.readJob(in);
      } catch (EOFException e) {
        return;
      }
      spool.rewind();
      try {
        cutter.cut(
            new PipedInput(in, out, job.length()),
            job.requests(),
            job.settings(),
            spool.sink(new PipedJournal(out)));
        out.writeByte(Wire.DONE);
      } catch (SpoolException e) {
        out.writeByte(Wire.SPOOL);
        Wire.writeText(out, e.getCause().getMessage());
      } catch (IOException | RuntimeException e) {
        out.writeByte(Wire.BROKEN);
        Wire.writeText(out, e instanceof IOException ? e.getMessage() : e.toString());
      }
      out.flush();
    }
  }

  /** Sends the journal to the executor. */
  private record PipedJournal(DataOutputStream out) implements Journal {
    @Override
    public void clip(SpooledClip clip) throws IOException {
      Wire.writeClip(out, clip);
    }

    @Override
    public void finished(int request, CutStatistics statistics) throws IOException {
      Wire.writeFinished(out, request, statistics);
      out.flush();
    }

    @Override
    public void failed(int request, UndecodableVideoException cause) throws IOException {
      Wire.writeFailed(out, request, cause);
      out.flush();
    }
  }
}
