package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
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
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_d2q;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_parse_string;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_inv_q;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.presets.avutil;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;

/**
 * Encodes RGB frames into a small video file, for the demo and the tests.
 *
 * <p>The file has one stream, no sound, a constant frame rate, and a key frame every twelve frames.
 * It stays in memory until the writer is closed.
 */
public final class VideoWriter implements Closeable {
  private static final int KEY_FRAME_INTERVAL = 12;
  private static final double BITS_PER_PIXEL = 0.4;
  private static final long LEAST_BIT_RATE = 300_000;
  private static final int LARGEST_RATE_TERM = 100_100;

  /** Container and codec together. */
  public enum VideoFormat {
    H264_MP4("mp4", "libopenh264", ""),
    VP9_WEBM("webm", "libvpx-vp9", "deadline=realtime:cpu-used=8"),
    MPEG4_AVI("avi", "mpeg4", "");

    private final String container;
    private final String encoder;
    private final String options;

    VideoFormat(String container, String encoder, String options) {
      this.container = container;
      this.encoder = encoder;
      this.options = options;
    }

    /** The usual file name extension, without the dot. */
    public String extension() {
      return container;
    }
  }

  private final OutputStream out;
  private final int height;
  private final int width;
  private final AvioOutput sink;
  private final AVFormatContext format = new AVFormatContext(null);
  private final AVPacket packet = av_packet_alloc();
  private final AVFrame rgb = av_frame_alloc();
  private final AVFrame yuv = av_frame_alloc();
  private final SwsContext scaler = sws_alloc_context();
  private AVCodecContext encoder;
  private AVStream stream;
  private long frames;
  private boolean failed;

  /**
   * Starts a video.
   *
   * @param out receives the whole file at {@link #close}, and stays open
   * @param height in pixels, even
   * @param width in pixels, even
   * @param framesPerSecond constant rate; fractions such as 30000/1001 are exact
   */
  public VideoWriter(
      OutputStream out, VideoFormat kind, int height, int width, double framesPerSecond)
      throws IOException {
    if (height < 16 || width < 16 || height % 2 != 0 || width % 2 != 0) {
      throw new IllegalArgumentException(
          "A video of %d x %d pixels, expected even sizes of 16 or more".formatted(height, width));
    }
    if (!(framesPerSecond > 0 && framesPerSecond <= 1000)) {
      throw new IllegalArgumentException(
          "A video of " + framesPerSecond + " frames per second, expected 0 to 1000");
    }
    Ffmpeg.load();
    this.out = out;
    this.height = height;
    this.width = width;
    this.sink = new AvioOutput();
    try {
      openEncoder(kind, framesPerSecond);
      openContainer(kind);
      allocate(rgb, AV_PIX_FMT_RGB24);
      allocate(yuv, AV_PIX_FMT_YUV420P);
      scaler.flags(SWS_BICUBIC | SWS_ACCURATE_RND);
    } catch (IOException | RuntimeException e) {
      free();
      throw e;
    }
  }

  /**
   * Appends a frame.
   *
   * @param pixels {@code [height, width, 3]} RGB
   */
  public void write(byte[] pixels) throws IOException {
    if (pixels.length != height * width * 3) {
      throw new IllegalArgumentException(
          "Found %d bytes, expected [%d, %d, 3]".formatted(pixels.length, height, width));
    }
    failed = true; // until the frame is complete
    Ffmpeg.check(av_frame_make_writable(rgb), "reuse a frame");
    Ffmpeg.check(av_frame_make_writable(yuv), "reuse a frame");
    BytePointer target = rgb.data(0);
    for (int y = 0; y < height; y++) {
      target.position((long) y * rgb.linesize(0)).put(pixels, y * width * 3, width * 3);
    }
    Ffmpeg.check(sws_scale_frame(scaler, yuv, rgb), "convert a frame");
    yuv.pts(frames++);
    Ffmpeg.check(avcodec_send_frame(encoder, yuv), "encode a frame");
    writePackets();
    failed = false;
  }

  /** Completes the file and writes it out; after a failed write, only frees memory. */
  @Override
  public void close() throws IOException {
    try {
      if (!failed) {
        Ffmpeg.check(avcodec_send_frame(encoder, null), "finish encoding");
        writePackets();
        Ffmpeg.check(av_write_trailer(format), "finish the file");
        sink.copyTo(out);
      }
    } finally {
      free();
    }
  }

  private void openEncoder(VideoFormat kind, double framesPerSecond) throws IOException {
    AVCodec codec =
        Ffmpeg.present(avcodec_find_encoder_by_name(kind.encoder), "encoder " + kind.encoder);
    encoder = Ffmpeg.present(avcodec_alloc_context3(codec), "memory for an encoder");
    AVRational rate = av_d2q(framesPerSecond, LARGEST_RATE_TERM);
    encoder
        .height(height)
        .width(width)
        .pix_fmt(AV_PIX_FMT_YUV420P)
        .time_base(av_inv_q(rate))
        .framerate(rate)
        .gop_size(KEY_FRAME_INTERVAL)
        .max_b_frames(0)
        .thread_count(1)
        .bit_rate(
            Math.max(LEAST_BIT_RATE, (long) (BITS_PER_PIXEL * height * width * framesPerSecond)));
    if (kind != VideoFormat.MPEG4_AVI) {
      encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    }
    AVDictionary options = new AVDictionary(null);
    try {
      Ffmpeg.check(av_dict_parse_string(options, kind.options, "=", ":", 0), "parse options");
      Ffmpeg.check(avcodec_open2(encoder, codec, options), "open the encoder " + kind.encoder);
    } finally {
      av_dict_free(options);
    }
  }

  private void openContainer(VideoFormat kind) throws IOException {
    Ffmpeg.check(
        avformat_alloc_output_context2(format, null, kind.container, null),
        "write " + kind.container);
    format.pb(sink.context());
    stream = Ffmpeg.present(avformat_new_stream(format, null), "memory for a stream");
    Ffmpeg.check(
        avcodec_parameters_from_context(stream.codecpar(), encoder), "describe the stream");
    stream.time_base(encoder.time_base());
    stream.avg_frame_rate(encoder.framerate());
    Ffmpeg.check(avformat_write_header(format, (AVDictionary) null), "write the header");
  }

  private void allocate(AVFrame frame, int pixelFormat) throws IOException {
    frame.format(pixelFormat).height(height).width(width);
    Ffmpeg.check(av_frame_get_buffer(frame, 0), "allocate a frame");
  }

  private void writePackets() throws IOException {
    while (true) {
      int result = avcodec_receive_packet(encoder, packet);
      if (result == avutil.AVERROR_EAGAIN() || result == AVERROR_EOF) {
        return;
      }
      Ffmpeg.check(result, "encode a frame");
      packet.duration(1);
      av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
      packet.stream_index(stream.index());
      Ffmpeg.check(av_interleaved_write_frame(format, packet), "write a frame");
    }
  }

  private void free() {
    sws_free_context(scaler);
    av_frame_free(rgb);
    av_frame_free(yuv);
    av_packet_free(packet);
    if (encoder != null) {
      avcodec_free_context(encoder);
    }
    if (!format.isNull()) {
      format.pb(null);
      avformat_free_context(format);
    }
    sink.close();
  }
}
