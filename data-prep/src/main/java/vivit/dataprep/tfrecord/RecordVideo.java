package vivit.dataprep.tfrecord;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.tfrecord.Framing.Frame;
import vivit.dataprep.tfrecord.WireReader.ByteRange;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoInput;

/**
 * Presents a record of a shard as a video file: a movie of JPEG images with a generated header,
 * whose media are the bytes of the record, read from the shard on demand. Its frames are exactly
 * those of the record.
 *
 * <p>Records have no time per frame. The frames are spread evenly from {@code clip/start/timestamp}
 * to {@code clip/end/timestamp}, the first at zero; if these are absent or implausible (less than
 * 0.1 or more than 1000 frames per second), the rate is 25 frames per second.
 */
public final class RecordVideo implements VideoInput {
  private static final int TICKS = 90_000;
  private static final double USUAL_RATE = 25;
  private static final double LEAST_RATE = 0.1;
  private static final double MOST_RATE = 1000;

  private final ShardBytes bytes;
  private final byte[] header;
  private final ByteRange media;

  private RecordVideo(ShardBytes bytes, byte[] header, ByteRange media) {
    this.bytes = bytes;
    this.header = header;
    this.media = media;
  }

  /**
   * Opens a record; checks its checksum, and the beginning and end of each image.
   *
   * @param record byte offset of the record in the unpacked shard
   * @throws UndecodableVideoException if the record or an image in it is damaged
   * @throws IOException if the storage fails
   */
  public static RecordVideo open(FileSystem fs, Path shard, long record) throws IOException {
    ShardBytes bytes = null;
    try {
      bytes = ShardBytes.open(fs, shard);
      boolean packed = bytes instanceof GzipBytes;
      Frame frame =
          new Framing(bytes, new ByteWindow(bytes))
              .frame(record)
              .orElseThrow(() -> new DamagedRecordException(record, "the shard ends before it"));
      if (packed) { // decoders go back and forth
        ShardBytes unpacked = MemoryBytes.of(bytes, frame);
        bytes.close();
        bytes = unpacked;
      }
      return open(bytes, frame);
    } catch (DamagedRecordException e) {
      close(bytes);
      throw new UndecodableVideoException(e.kind(), e.getMessage(), "byte " + e.position());
    } catch (IOException | RuntimeException e) {
      close(bytes);
      throw e;
    }
  }

  private static RecordVideo open(ShardBytes bytes, Frame frame) throws IOException {
    ByteWindow window = new ByteWindow(bytes);
    Framing framing = new Framing(bytes, window);
    framing.requireWhole(frame);
    framing.check(frame);
    ByteRange record = new ByteRange(frame.payload(), frame.payloadEnd());
    List<ByteRange> images = Example.images(window, record);
    for (int i = 0; i < images.size(); i++) {
      JpegImage.check(window, images.get(i), i);
    }
    MovieHeader movie =
        new MovieHeader(
            images,
            JpegImage.size(window, images.get(0)),
            times(Example.read(window, record), images.size()),
            TICKS);
    return new RecordVideo(bytes, movie.bytes(record), record);
  }

  private static int[] times(Example example, int frames) throws DamagedRecordException {
    double seconds = (example.endMicros() - example.startMicros()) / 1e6;
    boolean known =
        example.startMicros() >= 0
            && frames / seconds >= LEAST_RATE
            && frames / seconds <= MOST_RATE;
    double period = known ? seconds / frames : 1 / USUAL_RATE;
    if (frames * period * TICKS > Integer.MAX_VALUE) {
      throw new DamagedRecordException(
          0, "it has %d frames in %.0f s, more than 6 hours".formatted(frames, frames * period));
    }
    int[] times = new int[frames + 1];
    for (int i = 0; i <= frames; i++) {
      times[i] = (int) Math.round(i * period * TICKS);
    }
    return times;
  }

  @Override
  public long length() {
    return header.length + media.length();
  }

  @Override
  public int read(long position, byte[] to, int offset, int count) throws IOException {
    if (position >= length()) {
      return -1;
    }
    if (position < header.length) {
      int found = (int) Math.min(count, header.length - position);
      System.arraycopy(header, (int) position, to, offset, found);
      return found;
    }
    int wanted = (int) Math.min(count, length() - position);
    int found = bytes.read(position - header.length + media.start(), to, offset, wanted);
    if (found < 0) {
      throw new EOFException("The shard became shorter while it was read");
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }

  private static void close(ShardBytes bytes) throws IOException {
    if (bytes != null) {
      bytes.close();
    }
  }
}
