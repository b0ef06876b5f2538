package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Files with sound and no picture. */
final class TestAudio {
  private static final int RATE = 16_000;

  private TestAudio() {}

  /** A second of noise as AAC in the container. */
  static byte[] aac(String container) throws IOException {
    Ffmpeg.load();
    AVFormatContext format = new AVFormatContext(null);
    AVPacket packet = av_packet_alloc();
    AVFrame frame = av_frame_alloc();
    AVCodec codec = avcodec_find_encoder_by_name("aac");
    AVCodecContext encoder = avcodec_alloc_context3(codec);
    try (AvioOutput sink = new AvioOutput()) {
      encoder.sample_rate(RATE).sample_fmt(AV_SAMPLE_FMT_FLTP).bit_rate(32_000);
      encoder.time_base(av_make_q(1, RATE)).flags(AV_CODEC_FLAG_GLOBAL_HEADER);
      av_channel_layout_default(encoder.ch_layout(), 1);
      Ffmpeg.check(avcodec_open2(encoder, codec, (AVDictionary) null), "open the encoder");
      Ffmpeg.check(avformat_alloc_output_context2(format, null, container, null), "write");
      format.pb(sink.context());
      AVStream stream = avformat_new_stream(format, null);
      avcodec_parameters_from_context(stream.codecpar(), encoder);
      stream.time_base(encoder.time_base());
      Ffmpeg.check(avformat_write_header(format, (AVDictionary) null), "write the header");
      frame.format(AV_SAMPLE_FMT_FLTP).nb_samples(encoder.frame_size()).sample_rate(RATE);
      av_channel_layout_default(frame.ch_layout(), 1);
      Ffmpeg.check(av_frame_get_buffer(frame, 0), "allocate a frame");
      FloatBuffer samples =
          frame
              .data(0)
              .capacity((long) Float.BYTES * encoder.frame_size())
              .asByteBuffer()
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      Random noise = new Random(1);
      while (samples.hasRemaining()) {
        samples.put(noise.nextFloat() - 0.5f);
      }
      for (long pts = 0; pts <= RATE; pts += encoder.frame_size()) {
        frame.pts(pts);
        avcodec_send_frame(encoder, pts + encoder.frame_size() <= RATE ? frame : null);
        while (avcodec_receive_packet(encoder, packet) >= 0) {
          packet.stream_index(0);
          av_interleaved_write_frame(format, packet);
        }
      }
      av_write_trailer(format);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      sink.copyTo(out);
      return out.toByteArray();
    } finally {
      avcodec_free_context(encoder);
      av_packet_free(packet);
      av_frame_free(frame);
      format.pb(null);
      avformat_free_context(format);
    }
  }
}
