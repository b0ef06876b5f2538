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
  static final int HELLO = 0x56563032;

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
  }

  /** Reads a clip and checks it against the settings it was requested with. */
  static SpooledClip readClip(DataInputStream in, int requests, ClipSettings settings)
      throws IOException {
    int request = within("request", in.readInt(), requests - 1);
    int view = within("view", in.readInt(), Integer.MAX_VALUE);
    TubeletCutter cutter;
    try {
      cutter = settings.cutter(in.readInt(), in.readInt());
    } catch (IllegalArgumentException e) {
      throw new IOException("a clip of an impossible size", e);
    }
    long offset = in.readLong();
    if (offset < 0) {
      throw new IOException("tubelets at " + offset);
    }
    int startFrame = in.readInt();
    int stride = in.readInt();
    double framesPerSecond = in.readDouble();
    double[] timestamps = new double[within("timestamps", in.readInt(), settings.frames())];
    for (int i = 0; i < timestamps.length; i++) {
      timestamps[i] = in.readDouble();
    }
    ClipOrigin origin =
        new ClipOrigin(
            startFrame,
            stride,
            framesPerSecond,
            timestamps,
            in.readInt(),
            in.readInt(),
            in.readDouble());
    return new SpooledClip(request, view, cutter, origin, offset);
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
  }

  static void readFinished(DataInputStream in, int requests, Journal journal) throws IOException {
    int request = within("request", in.readInt(), requests - 1);
    journal.finished(
        request,
        new CutStatistics(
            in.readLong(), in.readLong(), in.readLong(), in.readDouble(), in.readUTF()));
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
      kind = BadKind.valueOf(in.readUTF());
    } catch (IllegalArgumentException e) {
      throw new IOException("unknown kind of bad video", e);
    }
    journal.failed(request, new UndecodableVideoException(kind, in.readUTF(), in.readUTF()));
  }

  static void writeText(DataOutputStream out, String text) throws IOException {
    String plain = String.valueOf(text);
    out.writeUTF(plain.substring(0, Math.min(plain.length(), MOST_CHARACTERS)));
  }

  private static int within(String what, int found, int most) throws IOException {
    if (found < 0 || found > most) {
      throw new IOException("%s %d, expected 0 to %d".formatted(what, found, most));
    }
    return found;
  }
}
