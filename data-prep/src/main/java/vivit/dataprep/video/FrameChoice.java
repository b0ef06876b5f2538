package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.Arrays;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Which frames of a video are looked at, so that a decoder may leave others out.
 *
 * <p>Left out are, beside pictures of Motion JPEG, only frames of H.264 that no other frame refers
 * to, in containers that state every frame's time, and only if the decoder knows beforehand how far
 * frames are reordered: then the remaining frames are, bit for bit, those of a full decoding, in
 * the same order.
 */
final class FrameChoice {
  /** Codecs whose frames leave the decoder in the order of their packets. */
  private static final Set<Integer> NEVER_REORDERED =
      Set.of(AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1, AV_CODEC_ID_MJPEG);

  private final Timeline timeline;
  private final long[] wanted;
  private final boolean dropping;
  private final boolean inOrder;
  private final boolean alone;

  /**
   * A choice of frames.
   *
   * @param wanted times of the frames that are looked at, in ticks, increasing
   */
  FrameChoice(Timeline timeline, AVCodecParameters codec, long[] wanted) {
    this.timeline = timeline;
    this.wanted = wanted;
    boolean reordered = timeline.reordering() > 0;
    this.dropping =
        timeline.statesTimes()
            && codec.codec_id() == AV_CODEC_ID_H264
            && codec.video_delay() >= timeline.reordering();
    this.alone = timeline.statesTimes() && codec.codec_id() == AV_CODEC_ID_MJPEG;
    // Times that follow the file's order, of a codec that may reorder, are rather decoding times.
    this.inOrder =
        timeline.statesTimes() && (reordered || NEVER_REORDERED.contains(codec.codec_id()));
  }

  /** Whether frames leave the decoder in the order of the times that the container states. */
  boolean inOrder() {
    return inOrder;
  }

  /**
   * Whether every packet is a picture that needs no other, shown at its own time: those that are
   * not looked at are not even decoded, and none is shown in place of one that is damaged.
   */
  boolean alone() {
    return alone;
  }

  /** Whether the packet's frame is not looked at. */
  boolean mayDrop(AVPacket packet) {
    return (dropping || alone)
        && packet.pts() != AV_NOPTS_VALUE
        && Arrays.binarySearch(wanted, packet.pts()) < 0
        && Arrays.binarySearch(timeline.ticks(), packet.pts()) >= 0;
  }
}
