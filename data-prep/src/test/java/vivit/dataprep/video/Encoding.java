package vivit.dataprep.video;

import java.io.IOException;
import java.nio.file.Path;

/** Ways to encode two seconds of the test pattern: 20 frames, 64 x 48 pixels. */
enum Encoding {
  H264("mp4", "-c:v libopenh264 -b:v 200k -g 8"),
  H264_FRONT("front.mp4", "-c:v libopenh264 -b:v 200k -g 8 -movflags +faststart"),
  H264_FRAGMENTED("fragmented.mp4", "-c:v libopenh264 -b:v 200k -g 8 -movflags +frag_keyframe"),
  H264_TS("ts", "-c:v libopenh264 -b:v 200k -g 8"),
  H264_FLV("flv", "-c:v libopenh264 -b:v 200k -g 8"),
  H264_B_FRAMES("h264-b-frames.mp4"),
  H264_OPEN_GOP("h264-open-gop.mkv"),
  H264_INTERLACED("h264-interlaced.mkv"),
  H264_FULL_RANGE("h264-full-range.mp4"),
  H264_10_BIT("h264-10bit.mp4"),
  H264_444("h264-444.mkv"),
  H264_GREY("h264-grey.mkv"),
  H264_RGB("h264-rgb.mp4"),
  HEVC("hevc.mp4"),
  HEVC_10_BIT("hevc-10bit.mp4"),
  HEVC_422_12_BIT("hevc-422-12bit.mkv"),
  VP8("webm", "-c:v libvpx -deadline realtime -cpu-used 8 -g 8"),
  VP9("webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 8"),
  VP9_ALT_REF("mkv", "-c:v libvpx-vp9 -cpu-used 8 -g 8 -auto-alt-ref 1 -lag-in-frames 16"),
  VP9_444("webm", "-pix_fmt yuv444p -c:v libvpx-vp9 -deadline realtime -cpu-used 8"),
  VP9_RGB("webm", "-pix_fmt gbrp -c:v libvpx-vp9 -deadline realtime -cpu-used 8"),
  VP9_ALPHA(
      "webm", "-pix_fmt yuva420p -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -auto-alt-ref 0"),
  AV1("mp4", "-c:v libaom-av1 -cpu-used 8 -usage realtime -g 8"),
  AV1_MKV("mkv", "-c:v libaom-av1 -cpu-used 8 -g 8 -lag-in-frames 12"),
  AV1_10_BIT("mp4", "-pix_fmt yuv420p10le -c:v libaom-av1 -cpu-used 8 -usage realtime"),
  AV1_GREY("mp4", "-pix_fmt gray -c:v libaom-av1 -cpu-used 8 -usage realtime"),
  MPEG4("avi", "-c:v mpeg4 -g 8"),
  MPEG4_B_FRAMES("mp4", "-c:v mpeg4 -bf 2 -g 8"),
  MPEG4_B_FRAMES_AVI("avi", "-c:v mpeg4 -bf 2 -g 8"),
  MPEG4_MKV("mkv", "-c:v mpeg4 -bf 2 -g 8"),
  MJPEG("avi", "-c:v mjpeg"),
  MJPEG_444("mov", "-pix_fmt yuvj444p -c:v mjpeg"),
  MPEG2("mpg", "-r 25 -c:v mpeg2video -bf 2 -g 8"),
  MPEG2_TS("ts", "-r 25 -c:v mpeg2video -bf 2 -g 8 -flags +ildct+ilme"),
  WMV2("wmv", "-c:v wmv2"),
  FLV1("flv", "-c:v flv"),
  GIF("gif", ""),
  PRORES_ALPHA("mov", "-vf format=yuva444p10le -c:v prores_ks -profile:v 4444"),
  PNG_ALPHA("mov", "-pix_fmt rgba -c:v png"),
  RLE_ALPHA("mov", "-pix_fmt argb -c:v qtrle"),
  FFV1("mkv", "-c:v ffv1"),
  FFV1_GREY("mkv", "-pix_fmt gray -c:v ffv1"),
  FFV1_GREY_16_BIT("mkv", "-pix_fmt gray16le -c:v ffv1");

  private final String end;
  private final String arguments;

  /** A kept file. */
  Encoding(String name) {
    this(name, null);
  }

  Encoding(String end, String arguments) {
    this.end = end;
    this.arguments = arguments;
  }

  Path file() {
    return arguments == null
        ? MadeVideos.kept(end)
        : MadeVideos.made(name() + "." + end, (MadeVideos.PATTERN + " " + arguments).strip());
  }

  /** The frames that FFmpeg's own program gives. */
  Oracle oracle() throws IOException {
    return switch (this) {
      case H264_10_BIT, HEVC_10_BIT -> Oracle.of(file(), "left");
      default -> Oracle.of(file());
    };
  }
}
