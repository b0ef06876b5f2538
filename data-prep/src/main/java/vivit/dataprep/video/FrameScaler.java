package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;

import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import vivit.dataprep.clip.FrameCutter;
import vivit.dataprep.clip.FrameSize;

/** Brings decoded frames to RGB bytes as they are shown, of a wanted size. */
final class FrameScaler implements AutoCloseable {
  private static final int CHANNELS = 3;

  private final Scaler kind;
  private final RgbConverter converter;
  private RgbConverter reducer; // FFmpeg's scaler, once it is needed
  private FrameCutter resizer;
  private FrameSize resizedFrom;
  private FrameSize resizedTo;
  private byte[] stored = new byte[0];
  private byte[] shown = new byte[0];

  FrameScaler(Scaler kind) throws IOException {
    Ffmpeg.load();
    this.kind = kind;
    this.converter = new RgbConverter(SWS_BILINEAR);
  }

  /**
   * Converts, turns and resizes a frame.
   *
   * @param size the wanted one, as shown
   * @param out {@code [height, width, 3]}, written
   */
  void scale(AVFrame frame, Orientation orientation, FrameSize size, byte[] out)
      throws IOException {
    FrameSize own = new FrameSize(frame.height(), frame.width());
    FrameSize wanted = orientation.turned(size); // as stored: turning twice is turning back
    if (kind == Scaler.ANTIALIAS && !own.equals(wanted)) {
      if (reducer == null) {
        reducer = new RgbConverter(SWS_BICUBIC | SWS_ACCURATE_RND);
      }
      reducer.convert(frame, wanted);
      turn(reducer, orientation, wanted, out);
      return;
    }
    converter.convert(frame, own);
    if (own.equals(wanted)) {
      turn(converter, orientation, own, out);
    } else if (orientation.equals(Orientation.UPRIGHT)) {
      resizer(own, size).cut(converter::copy, out);
    } else {
      shown = room(shown, own);
      turn(converter, orientation, own, shown);
      byte[] turned = shown;
      resizer(orientation.turned(own), size)
          .cut((y, row) -> System.arraycopy(turned, y * row.length, row, 0, row.length), out);
    }
  }

  @Override
  public void close() {
    converter.close();
    if (reducer != null) {
      reducer.close();
    }
  }

  private void turn(RgbConverter from, Orientation orientation, FrameSize size, byte[] out) {
    if (orientation.equals(Orientation.UPRIGHT)) {
      from.copy(out);
      return;
    }
    stored = room(stored, size);
    from.copy(stored);
    orientation.turn(stored, size, out);
  }

  private FrameCutter resizer(FrameSize from, FrameSize to) {
    if (!from.equals(resizedFrom) || !to.equals(resizedTo)) {
      resizer = new FrameCutter(from, to, FrameCutter.Window.whole(to));
      resizedFrom = from;
      resizedTo = to;
    }
    return resizer;
  }

  private static byte[] room(byte[] bytes, FrameSize size) {
    int length = Math.multiplyExact(size.height() * CHANNELS, size.width());
    return bytes.length >= length ? bytes : new byte[length];
  }
}
