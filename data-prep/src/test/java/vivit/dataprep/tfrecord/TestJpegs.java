package vivit.dataprep.tfrecord;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;

/** JPEG images from FFmpeg's encoder, whose grey level tells their number. */
public final class TestJpegs {
  private TestJpegs() {}

  /** Images number {@code 0} to {@code count - 1}. */
  public static List<byte[]> numbered(int count, int height, int width) {
    return IntStream.range(0, count).mapToObj(i -> grey(level(i), height, width)).toList();
  }

  /** The grey level of image {@code number}. */
  public static int level(int number) {
    return 20 + 3 * number;
  }

  /** An image with a soft slope around a level. */
  public static byte[] grey(int level, int height, int width) {
    AVCodec codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    AVCodecContext encoder = avcodec_alloc_context3(codec);
    encoder
        .height(height)
        .width(width)
        .pix_fmt(AV_PIX_FMT_YUVJ420P)
        .color_range(AVCOL_RANGE_JPEG)
        .thread_count(1);
    AVRational second = new AVRational();
    encoder.time_base(second.num(1).den(25));
    AVFrame frame = av_frame_alloc();
    AVPacket packet = av_packet_alloc();
    try {
      require(avcodec_open2(encoder, codec, (AVDictionary) null));
      frame.format(AV_PIX_FMT_YUVJ420P).height(height).width(width);
      require(av_frame_get_buffer(frame, 0));
      for (int plane = 0; plane < 3; plane++) {
        fill(frame, plane, plane == 0 ? level : 128);
      }
      frame.pts(0);
      require(avcodec_send_frame(encoder, frame));
      require(avcodec_receive_packet(encoder, packet));
      byte[] image = new byte[packet.size()];
      packet.data().get(image);
      return image;
    } finally {
      av_packet_free(packet);
      av_frame_free(frame);
      avcodec_free_context(encoder);
      second.close();
    }
  }

  private static void fill(AVFrame frame, int plane, int level) {
    int rows = plane == 0 ? frame.height() : (frame.height() + 1) / 2;
    BytePointer data = frame.data(plane);
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < frame.linesize(plane); x++) {
        data.put((long) y * frame.linesize(plane) + x, (byte) (level + (plane == 0 ? y % 8 : 0)));
      }
    }
  }

  private static void require(int result) {
    if (result < 0) {
      throw new IllegalStateException("FFmpeg's error " + result);
    }
  }
}
