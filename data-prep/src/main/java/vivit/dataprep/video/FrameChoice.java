package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG1VIDEO;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG2VIDEO;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;

import java.util.Arrays;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;

/**
 * The frames of a video that are needed, so that a decoder may skip others.
 *
 * <p>Apart from pictures of Motion JPEG, only frames of H.264 that no other frame refers to are
 * skipped, in containers that state every frame's time, and only if the decoder knows in advance
 * how far frames are reordered. The remaining frames are then, bit for bit and in the same order,
 * those of a full decoding.
 */
final class FrameChoice {
  /** Codecs whose frames leave the decoder in packet order. */
  private static final Set<Integer> NEVER_REORDERED =
      Set.of(AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1, AV_CODEC_ID_MJPEG);

  /** Codecs that may have many B-frames in a row. */
  private static final Set<Integer> LONG_REORDERED =
      Set.of(
          AV_CODEC_ID_H264,
          AV_CODEC_ID_HEVC,
          AV_CODEC_ID_MPEG4,
          AV_CODEC_ID_MPEG2VIDEO,
          AV_CODEC_ID_MPEG1VIDEO);

  private final int[] wanted;
  private final boolean dropping;
  private final boolean inOrder;
  private final boolean intraOnly;
  private final boolean longDelay;

  /**
   * Chooses frames.
   *
   * @param wanted indices of the frames that are needed, increasing
   */
  FrameChoice(Timeline timeline, AVCodecParameters codec, int[] wanted) {
    this.wanted = wanted;
    boolean reordered = timeline.reordering() > 0;
    this.dropping =
        timeline.statesTimes()
            && codec.codec_id() == AV_CODEC_ID_H264
            && codec.video_delay() >= timeline.reordering();
    this.intraOnly = timeline.statesTimes() && codec.codec_id() == AV_CODEC_ID_MJPEG;
    this.longDelay =
        !timeline.statesTimes() && LONG_REORDERED.contains(codec.codec_id()) && timeline.guessed();
    // A codec that may reorder, with times in file order: these are likely decoding times.
    this.inOrder =
        timeline.statesTimes() && (reordered || NEVER_REORDERED.contains(codec.codec_id()));
  }

  /** Whether frames leave the decoder in the order of the container's presentation times. */
  boolean inOrder() {
    return inOrder;
  }

  /**
   * Whether every packet is a picture that needs no other and is shown at its own time. Pictures
   * that are not needed are then not decoded at all.
   */
  boolean intraOnly() {
    return intraOnly;
  }

  private FrameChoice(FrameChoice some) {
    this.wanted = new int[0];
    this.dropping = false;
    this.intraOnly = false;
    this.inOrder = some.inOrder;
    this.longDelay = some.longDelay;
  }

  /** Every frame. */
  static FrameChoice all(Timeline timeline, AVCodecParameters codec) {
    return new FrameChoice(new FrameChoice(timeline, codec, new int[0]));
  }

  /** How many frames have to be held back until their order is certain. */
  int heldBack() {
    return inOrder ? 0 : longDelay ? PresentationQueue.LONG_DELAY : PresentationQueue.USUAL_DELAY;
  }

  /** Whether a frame is not needed. */
  boolean mayDrop(int index) {
    return (dropping || intraOnly) && Arrays.binarySearch(wanted, index) < 0;
  }
}
