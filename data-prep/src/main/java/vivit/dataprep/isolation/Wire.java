package vivit.dataprep.isolation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.isolation.Spool.Journal;
import vivit.dataprep.isolation.Spool.SpooledClip;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.video.CutSettings;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter.CutRequest;

/**
 * The protocol between an executor and its helper. The executor sends a {@link DecodeJob}, then the
 * bytes that the helper requests. The helper sends messages that begin with a tag. The executor
 * checks every field against its bounds, because a decoder that went wrong may have written it.
 */
final class Wire {
  /** First message of a helper: the version of the protocol. */
  static final int HELLO = 0x56563033;

  /** Requests bytes: position and count follow. */
  static final int READ = 1;

  /** A clip is in the spool. */
  static final int CLIP = 2;

  /** A request is complete. */
  static final int FINISHED = 3;

  /** A request is bad. */
  static final int FAILED = 4;

  /** All requests are answered. */
  static final int DONE = 5;

  /** The cutter failed; the helper can take another job. */
  static final int BROKEN = 6;

  /** The spool cannot be written. */
  static final int SPOOL = 7;

  /** Exit status with which a JVM ends when its heap is exhausted. */
  static final int OUT_OF_MEMORY = 3;

  private static final int MOST_CHARACTERS = 10_000;
  private static final int MOST_REMARKS = 20;
  private static final long MOST_COUNTED = 1L << 48; // so that sums do not overflow

  private Wire() {}

  /** The work for a helper: requests for one file of {@code length} bytes. */
  record DecodeJob(long length, ArrayList<CutRequest> requests, CutSettings settings)
      implements Serializable {}

  static void writeJob(
      DataOutputStream out, long length, List<CutRequest> requests, CutSettings settings)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
      objects.writeObject(new DecodeJob(length, new ArrayList<>(requests), settings));
    }
    out.writeInt(bytes.size());
    bytes.writeTo(out);
    out.flush();
  }

  /** Waits for the next job. */
  static DecodeJob readJob(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (DecodeJob) objects.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException("The helper process runs another version of this program", e);
    }
  }

  static void writeClip(DataOutputStream out, SpooledClip clip) throws IOException {
    out.writeByte(CLIP);
    out.writeInt(clip.request());
    out.writeInt(clip.view());
    out.writeInt(clip.cutter().height());
    out.writeInt(clip.cutter().width());
    out.writeLong(clip.offset());
    ClipOrigin origin = clip.origin();
    out.writeInt(origin.startFrame());
    out.writeInt(origin.stride());
    out.writeDouble(origin.framesPerSecond());
    out.writeInt(origin.timestamps().length);
    for (double timestamp : origin.timestamps()) {
      out.writeDouble(timestamp);
    }
    out.writeInt(origin.sourceHeight());
    out.writeInt(origin.sourceWidth());
    out.writeDouble(origin.sourceFrameRate());
    out.writeInt(clip.madeUp());
  }

  /**
   * Reads a clip and checks it against the settings it was requested with.
   *
   * @param mostBytes of its tubelets
   */
  static SpooledClip readClip(
      DataInputStream in, int requests, ClipSettings settings, long mostBytes) throws IOException {
    int request = within("request", in.readInt(), requests - 1);
    int view = within("view", in.readInt(), Integer.MAX_VALUE);
    TubeletCutter cutter = cutter(in.readInt(), in.readInt(), settings);
    if (cutter.tubeletBytes() > mostBytes) {
      throw new IOException(
          "a clip of %d bytes, expected at most %d".formatted(cutter.tubeletBytes(), mostBytes));
    }
    long offset = within("tubelets at", in.readLong(), Long.MAX_VALUE - cutter.tubeletBytes());
    int startFrame = within("start frame", in.readInt(), Integer.MAX_VALUE);
    require("stride", in.readInt(), settings.stride());
    require("frames per second", in.readDouble(), settings.framesPerSecond());
    require("timestamps", in.readInt(), settings.frames());
    double[] timestamps = new double[settings.frames()];
    for (int i = 0; i < timestamps.length; i++) {
      timestamps[i] = finite("timestamp", in.readDouble());
    }
    ClipOrigin origin =
        new ClipOrigin(
            startFrame,
            settings.stride(),
            settings.framesPerSecond(),
            timestamps,
            within("source height", in.readInt(), Integer.MAX_VALUE),
            within("source width", in.readInt(), Integer.MAX_VALUE),
            finite("frame rate", in.readDouble()));
    int madeUp = within("made-up frames", in.readInt(), settings.frames());
    return new SpooledClip(request, view, cutter, origin, madeUp, offset);
  }

  private static TubeletCutter cutter(int height, int width, ClipSettings settings)
      throws IOException {
    if (settings.shortSide() > 0) {
      require("short side", Math.min(height, width), settings.shortSide());
    }
    try {
      return settings.cutter(height, width);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException("a clip of an impossible size", e);
    }
  }

  static void writeFinished(DataOutputStream out, int request, CutStatistics statistics)
      throws IOException {
    out.writeByte(FINISHED);
    out.writeInt(request);
    out.writeLong(statistics.framesDecoded());
    out.writeLong(statistics.framesKept());
    out.writeLong(statistics.bytesRead());
    out.writeDouble(statistics.seconds());
    writeText(out, statistics.salvaged());
    List<String> remarks = statistics.remarks();
    out.writeInt(Math.min(MOST_REMARKS, remarks.size()));
    for (String remark : remarks.subList(0, Math.min(MOST_REMARKS, remarks.size()))) {
      writeText(out, remark);
    }
  }

  static void readFinished(DataInputStream in, int requests, Journal journal) throws IOException {
    int request = within("request", in.readInt(), requests - 1);
    journal.finished(
        request,
        new CutStatistics(
            within("frames decoded", in.readLong(), MOST_COUNTED),
            within("frames kept", in.readLong(), MOST_COUNTED),
            within("bytes read", in.readLong(), MOST_COUNTED),
            finite("seconds", in.readDouble()),
            readText(in),
            readRemarks(in)));
  }

  private static List<String> readRemarks(DataInputStream in) throws IOException {
    List<String> remarks = new ArrayList<>();
    for (int left = within("remarks", in.readInt(), MOST_REMARKS); left > 0; left--) {
      remarks.add(readText(in));
    }
    return remarks;
  }

  static void writeFailed(DataOutputStream out, int request, UndecodableVideoException cause)
      throws IOException {
    out.writeByte(FAILED);
    out.writeInt(request);
    out.writeUTF(cause.kind().name());
    writeText(out, cause.getMessage());
    writeText(out, cause.position());
  }

  static void readFailed(DataInputStream in, int requests, Journal journal) throws IOException {
    int request = within("request", in.readInt(), requests - 1);
    BadKind kind;
    try {
      kind = BadKind.valueOf(readText(in));
    } catch (IllegalArgumentException e) {
      throw new IOException("unknown kind of bad video", e);
    }
    journal.failed(request, new UndecodableVideoException(kind, readText(in), readText(in)));
  }

  static void writeText(DataOutputStream out, String text) throws IOException {
    String plain = String.valueOf(text);
    out.writeUTF(plain.substring(0, Math.min(plain.length(), MOST_CHARACTERS)));
  }

  /** Reads what {@link #writeText} wrote. */
  static String readText(DataInputStream in) throws IOException {
    String text = in.readUTF();
    within("characters", text.length(), MOST_CHARACTERS);
    return text;
  }

  private static int within(String what, int found, int most) throws IOException {
    return (int) within(what, (long) found, most);
  }

  private static long within(String what, long found, long most) throws IOException {
    if (found < 0 || found > most) {
      throw new IOException("%s %d, expected 0 to %d".formatted(what, found, most));
    }
    return found;
  }

  private static void require(String what, double found, double expected) throws IOException {
    if (found != expected) {
      throw new IOException("%s %s, expected %s".formatted(what, found, expected));
    }
  }

  private static double finite(String what, double found) throws IOException {
    if (!Double.isFinite(found)) {
      throw new IOException("%s %s, expected a number".formatted(what, found));
    }
    return found;
  }
}
