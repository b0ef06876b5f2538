package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_CAP_HARDWARE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_CAP_HYBRID;
import static org.bytedeco.ffmpeg.global.avcodec.av_codec_is_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.av_codec_iterate;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * The codecs whose videos are decoded. FFmpeg has decoders for 250, most of them for the formats of
 * old games and programs, which no data set has; what is not opened cannot be attacked.
 *
 * @param names of FFmpeg, such as {@code h264}
 */
public record Codecs(List<String> names) implements Serializable {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]+");
  private static final int SHOWN = 8;

  /** Codecs of cameras, of the web and its past, of editing and of archives. */
  public static final Codecs USUAL =
      new Codecs(
          List.of(
              ("h264 hevc av1 vp9 vp8 mpeg4 mpeg2video mpeg1video mjpeg mjpegb h263 h263p h263i"
                      + " msmpeg4v1 msmpeg4v2 msmpeg4v3 wmv1 wmv2 wmv3 vc1 flv1 vp6 vp6f vp6a vp3"
                      + " theora rv10 rv20 rv30 rv40 svq1 svq3 cinepak indeo3 indeo4 indeo5 msvideo1"
                      + " qtrle dvvideo prores dnxhd cfhd jpeg2000 ffv1 huffyuv ffvhuff utvideo"
                      + " rawvideo v210 png gif amv")
                  .split(" ", -1)));

  /** Copies the list; refuses one that is empty or holds what is no name. */
  public Codecs {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "found no codec; expected names such as h264, as ffmpeg -codecs lists them");
    }
    for (String name : names) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "found \"%s\"; expected the name of a codec such as h264, as ffmpeg -codecs lists them"
                .formatted(name));
      }
    }
  }

  /**
   * The decoder for a codec.
   *
   * @throws UndecodableVideoException if there is none, or it may not be used
   */
  AVCodec decoder(int codecId) throws UndecodableVideoException {
    String name = avcodec_get_name(codecId).getString();
    AVCodec decoder = avcodec_find_decoder(codecId);
    if (decoder == null || decoder.isNull()) {
      throw new UndecodableVideoException("there is no decoder for its codec, " + name);
    }
    if (!names.contains(name) || !isSoftware(decoder)) {
      throw new UndecodableVideoException(
          "its codec, %s, is not among those of prepare.codecs (%s%s); add it there or convert it"
              .formatted(
                  name,
                  String.join(", ", names.subList(0, Math.min(SHOWN, names.size()))),
                  names.size() > SHOWN ? " and %d more".formatted(names.size() - SHOWN) : ""));
    }
    return decoder;
  }

  /** The names of all decoders for these codecs, separated by commas; none uses other hardware. */
  String decoders() {
    List<String> decoders = new ArrayList<>();
    try (PointerPointer<Pointer> place = new PointerPointer<>(1)) {
      place.put(0, (Pointer) null);
      for (AVCodec codec = av_codec_iterate(place);
          codec != null && !codec.isNull();
          codec = av_codec_iterate(place)) {
        if (av_codec_is_decoder(codec) != 0
            && names.contains(avcodec_get_name(codec.id()).getString())
            && isSoftware(codec)) {
          decoders.add(codec.name().getString());
        }
      }
    }
    // FFmpeg reads an empty list as no restriction.
    return decoders.isEmpty() ? "none" : String.join(",", decoders);
  }

  private static boolean isSoftware(AVCodec codec) {
    return (codec.capabilities() & (AV_CODEC_CAP_HARDWARE | AV_CODEC_CAP_HYBRID)) == 0;
  }
}
