package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_DURATION_FROM_BITRATE;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEFAULT;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_sample_aspect_ratio;
import static org.bytedeco.ffmpeg.global.avformat.av_probe_input_buffer2;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entries_count;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entry;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_TIME_BASE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** An open container: yields the packets of a file in file order, from the start or a key frame. */
final class Demuxer implements AutoCloseable {
  /**
   * Containers of video. The list excludes playlists and other formats that FFmpeg would follow to
   * other files and hosts.
   */
  private static final Set<String> CONTAINERS =
      Set.of(
          ("mov mp4 3gp m4v matroska webm avi mpegts mpeg mpegvideo flv live_flv ogg asf h264 hevc"
                  + " av1 obu ivf mxf nut rm dv gif wtv mjpeg vc1 swf nsv amv yuv4mpegpipe")
              .split(" ", -1));

  /** Containers that state a presentation time for every packet and have an index to seek by. */
  private static final Set<String> SEEKABLE = Set.of("mov", "matroska");

  /** Containers without presentation times, for which FFmpeg guesses some. */
  private static final Set<String> TIMELESS = Set.of("avi", "h264", "hevc", "m4v", "mpegvideo");

  /** Containers of broadcasts and discs, whose parts may each have a clock of their own. */
  private static final Set<String> RESETTABLE = Set.of("mpegts", "mpeg");

  /** Bit of a VP8 frame's first byte. */
  private static final int VP8_SHOWN = 0x10;

  /** A name that no protocol has: a container that refers to other files opens none of them. */
  private static final String NO_PROTOCOL = "none";

  private static final int MOST_DESCRIBED = 8;

  private final VideoInput in;
  private final Codecs codecs;
  private final StreamChoice choice;
  private final AVPacket packet = av_packet_alloc();
  private long bytesRead;
  private boolean endsAtDamage;
  private AvioInput input;
  private AVFormatContext format;
  private AVStream stream;
  private String chosen = "";
  private boolean mayHide; // whether some packets are frames that nobody sees

  /**
   * Opens a file.
   *
   * @param codecs the only ones whose decoders may be opened, also to find out about a stream
   * @param choice of one of several video streams
   * @throws UndecodableVideoException if it is no video, or of another codec
   */
  Demuxer(VideoInput in, Codecs codecs, StreamChoice choice) throws IOException {
    Ffmpeg.load();
    this.in = in;
    this.codecs = codecs;
    this.choice = choice;
    try {
      open();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Returns to the first packet. */
  void rewind() throws IOException {
    if (indexed() && seek(avformat_index_get_entry(stream, 0).timestamp())) {
      return;
    }
    closeInput();
    open();
  }

  /** Whether the clock of such containers may be reset within a file. */
  boolean clockMayBeReset() {
    return RESETTABLE.contains(container());
  }

  /** Length of the file in bytes. */
  long length() {
    return in.length();
  }

  /** Which of several streams was chosen, in words; empty if the user chose or there is one. */
  String chosen() {
    return chosen;
  }

  /** The codecs that may be decoded. */
  Codecs codecs() {
    return codecs;
  }

  AVStream stream() {
    return stream;
  }

  /** The packet that {@link #next} read last. */
  AVPacket packet() {
    return packet;
  }

  /** First of the container's names, such as {@code mov} or {@code avi}. */
  String container() {
    return names(format.iformat())[0];
  }

  /** Whether the container states a presentation time for every packet. */
  boolean statesTimes() {
    return SEEKABLE.contains(container());
  }

  /** Whether the container's times tell the order in which frames are shown. */
  boolean statesOrder() {
    return !TIMELESS.contains(container());
  }

  /** Whether the video is H.264 or HEVC whose frames are shown in another order than decoded. */
  boolean reorders() {
    int codec = stream.codecpar().codec_id();
    return (codec == AV_CODEC_ID_H264 || codec == AV_CODEC_ID_HEVC)
        && stream.codecpar().video_delay() > 0;
  }

  /** Whether the container's header lists all packets. */
  private boolean indexed() {
    return container().equals("mov") && avformat_index_get_entries_count(stream) > 0;
  }

  /**
   * Makes {@link #next} return the packets from the first on with their times but without their
   * bytes, and without reading the file, for a container whose header lists all packets.
   *
   * @return false if the header of this container does not
   */
  boolean listPackets() throws IOException {
    if (!indexed()) {
      return false;
    }
    rewind(); // ends the parsers, which would need the bytes and start again at the next seek
    format.flags(format.flags() | AVFormatContext.AVFMT_FLAG_NOPARSE);
    for (int i = 0; i < format.nb_streams(); i++) {
      int type = format.streams(i).codecpar().codec_type();
      if (type != AVMEDIA_TYPE_VIDEO && type != AVMEDIA_TYPE_AUDIO) {
        format.streams(i).discard(AVDISCARD_ALL);
      }
    }
    input.pretend();
    return true;
  }

  /** Ends {@link #listPackets} and returns to the first packet. */
  void readPackets() throws IOException {
    input.readAgain();
    format.flags(format.flags() & ~AVFormatContext.AVFMT_FLAG_NOPARSE);
    rewind();
  }

  /** Bytes read from the file so far. */
  long bytesRead() {
    return bytesRead + (input == null ? 0 : input.bytesRead());
  }

  /** Seconds per tick of the video stream. */
  double tick() {
    return seconds(stream.time_base());
  }

  /** Average frame rate according to the container, or 0 if unknown. */
  double frameRate() {
    AVRational rate = stream.avg_frame_rate();
    if (rate.num() <= 0 || rate.den() <= 0) {
      rate = stream.r_frame_rate();
    }
    return rate.num() > 0 && rate.den() > 0 ? (double) rate.num() / rate.den() : 0;
  }

  /** The shape of a frame's pixels, width by height, as its container or codec declares it. */
  AVRational pixel(AVFrame frame) {
    return av_guess_sample_aspect_ratio(format, stream, frame);
  }

  /** Start time according to the container, in seconds. */
  double startSeconds() {
    return format.start_time() == AV_NOPTS_VALUE ? 0 : format.start_time() / (double) AV_TIME_BASE;
  }

  /** Duration according to the container's header, in seconds; 0 if unknown. */
  double durationSeconds() {
    boolean guessed = format.duration_estimation_method() == AVFMT_DURATION_FROM_BITRATE;
    return guessed || format.duration() == AV_NOPTS_VALUE
        ? 0
        : format.duration() / (double) AV_TIME_BASE;
  }

  /**
   * Reads the next packet of any stream.
   *
   * @return false at the end
   * @throws UndecodableVideoException if the file is truncated or damaged
   */
  boolean next() throws IOException {
    try {
      return read();
    } catch (UndecodableVideoException e) {
      if (endsAtDamage) {
        return false;
      }
      throw e;
    }
  }

  /** Treats damage in the file as its end from now on. */
  void endAtDamage() {
    endsAtDamage = true;
  }

  private boolean read() throws IOException {
    boolean incomplete = (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0;
    long position = packet.pos();
    av_packet_unref(packet);
    int result = av_read_frame(format, packet);
    input.rethrow();
    if (result == AVERROR_EOF) {
      if (incomplete) { // at the end the file is cut off; elsewhere the decoder handles it
        throw UndecodableVideoException.atByte(
            position,
            "it is truncated: its last packet, at byte %d, is incomplete".formatted(position));
      }
      return false;
    }
    if (result < 0) {
      throw UndecodableVideoException.atByte(
          position, "the file is truncated or damaged (%s)".formatted(Ffmpeg.message(result)));
    }
    return true;
  }

  /** Whether the packet belongs to the video. */
  boolean isVideo() {
    return packet.stream_index() == stream.index();
  }

  /** Whether the packet is a frame that is shown. */
  boolean isFrame() {
    return isVideo() && (packet.flags() & AV_PKT_FLAG_DISCARD) == 0 && !isHidden();
  }

  /** Whether the packet is one of VP8's frames that others refer to and nobody sees. */
  private boolean isHidden() {
    return mayHide && packet.size() > 0 && (packet.data().get() & VP8_SHOWN) == 0;
  }

  /** Latest end, in seconds, of the streams whose packets {@link #listPackets} omits. */
  double unlistedEnd() {
    double end = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < format.nb_streams(); i++) {
      AVStream other = format.streams(i);
      if (other.discard() == AVDISCARD_ALL && other.duration() > 0) {
        long start = other.start_time() == AV_NOPTS_VALUE ? 0 : other.start_time();
        end = Math.max(end, (start + other.duration()) * seconds(other.time_base()));
      }
    }
    return end;
  }

  /** Seconds per tick of the packet's own stream. */
  double packetTick() {
    return seconds(format.streams(packet.stream_index()).time_base());
  }

  /** Seeks to the last key frame at or before a time; returns false if the container cannot. */
  boolean seek(long ticks) throws IOException {
    int result = av_seek_frame(format, stream.index(), ticks, AVSEEK_FLAG_BACKWARD);
    input.rethrow();
    return result >= 0;
  }

  @Override
  public void close() {
    closeInput();
    av_packet_free(packet);
  }

  private void closeInput() {
    av_packet_unref(packet);
    if (format != null && !format.isNull()) {
      avformat_close_input(format);
    }
    format = null;
    stream = null;
    if (input != null) {
      bytesRead += input.bytesRead();
      input.close();
    }
    input = null;
  }

  private void open() throws IOException {
    input = new AvioInput(in);
    open(probe());
    findVideo();
  }

  private AVInputFormat probe() throws IOException {
    AVInputFormat found = new AVInputFormat(null);
    int result = av_probe_input_buffer2(input.context(), found, (BytePointer) null, null, 0, 0);
    input.rethrow();
    if (result < 0 || found.isNull()) {
      throw UndecodableVideoException.noVideo("it is not a video file");
    }
    if (Arrays.stream(names(found)).noneMatch(CONTAINERS::contains)) {
      throw UndecodableVideoException.noVideo(
          "it is not a video file (it looks like %s)".formatted(names(found)[0]));
    }
    // A probe reads small files to their end, which the demuxer would mistake for its own.
    input.restart();
    return found;
  }

  private void open(AVInputFormat kind) throws IOException {
    format = Ffmpeg.present(avformat_alloc_context(), "memory for an input");
    format.pb(input.context());
    // Where a container states no presentation times (AVI), FFmpeg derives them.
    format.flags(format.flags() | AVFormatContext.AVFMT_FLAG_GENPTS);
    input.interrupts(format);
    restrict("protocol_whitelist", NO_PROTOCOL);
    restrict("format_whitelist", String.join(",", CONTAINERS));
    restrict("codec_whitelist", codecs.decoders());
    int result = avformat_open_input(format, (String) null, kind, (AVDictionary) null);
    input.rethrow();
    if (result < 0) {
      throw new UndecodableVideoException(
          "its %s header is missing, truncated or damaged (%s)"
              .formatted(names(kind)[0], Ffmpeg.message(result)));
    }
    result = findStreamInfo();
    input.rethrow();
    if (result < 0) {
      throw new UndecodableVideoException(
          "its streams cannot be read (%s)".formatted(Ffmpeg.message(result)));
    }
  }

  private void restrict(String option, String names) throws IOException {
    Ffmpeg.check(av_opt_set(format, option, names, 0), "set " + option);
  }

  /** Decodes the first frames, if they are not too large, to learn what the header omits. */
  private int findStreamInfo() {
    int streams = format.nb_streams();
    try (PointerPointer<AVDictionary> options = new PointerPointer<>(Math.max(1, streams))) {
      for (int i = 0; i < streams; i++) {
        AVDictionary own = new AVDictionary(null);
        av_dict_set(own, "max_pixels", Long.toString(FrameDecoder.MOST_PIXELS), 0);
        options.put(i, own);
      }
      int result = avformat_find_stream_info(format, options);
      for (int i = 0; i < streams; i++) {
        AVDictionary unused = options.get(AVDictionary.class, i);
        if (unused != null && !unused.isNull()) {
          av_dict_free(unused);
        }
      }
      return result;
    }
  }

  private void findVideo() throws UndecodableVideoException {
    boolean cover = false;
    List<AVStream> videos = new ArrayList<>();
    for (int i = 0; i < format.nb_streams(); i++) {
      AVStream candidate = format.streams(i);
      if (candidate.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO) {
        if ((candidate.disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
          cover = true;
        } else {
          videos.add(candidate);
        }
      }
    }
    if (videos.isEmpty()) {
      throw UndecodableVideoException.noVideo(
          cover ? "it has a cover picture but no video stream" : "it has no video stream");
    }
    if (choice.number() >= videos.size()) {
      throw UndecodableVideoException.noVideo(
          "it has no video stream %d as prepare.stream demands, only %s"
              .formatted(choice.number(), described(videos)));
    }
    int number = choice.isBest() ? best(videos) : choice.number();
    stream = videos.get(number);
    if (videos.size() > 1 && choice.isBest()) {
      chosen =
          "it has several video streams, %s; number %d was taken"
              .formatted(described(videos), number);
    }
    codecs.decoder(stream.codecpar().codec_id());
    mayHide = stream.codecpar().codec_id() == AV_CODEC_ID_VP8 && !container().equals("mov");
  }

  /** Position of the best stream, see {@link StreamChoice#BEST}. */
  private static int best(List<AVStream> videos) {
    Comparator<AVStream> worse =
        Comparator.<AVStream>comparingInt(video -> video.nb_frames() == 1 ? 0 : 1)
            .thenComparingInt(video -> video.disposition() & AV_DISPOSITION_DEFAULT)
            .thenComparingLong(video -> (long) video.codecpar().width() * video.codecpar().height())
            .thenComparingLong(video -> video.codecpar().bit_rate());
    int best = 0;
    for (int i = 1; i < videos.size(); i++) {
      best = worse.compare(videos.get(i), videos.get(best)) > 0 ? i : best;
    }
    return best;
  }

  private static String described(List<AVStream> videos) {
    List<String> words = new ArrayList<>();
    for (AVStream video : videos.subList(0, Math.min(MOST_DESCRIBED, videos.size()))) {
      AVCodecParameters codec = video.codecpar();
      words.add(
          "%d: %s of %d x %d"
              .formatted(
                  words.size(),
                  avcodec_get_name(codec.codec_id()).getString(),
                  codec.width(),
                  codec.height()));
    }
    return String.join(", ", words) + (videos.size() > MOST_DESCRIBED ? " and so on" : "");
  }

  private static String[] names(AVInputFormat format) {
    return format.name().getString().split(",", -1);
  }

  private static double seconds(AVRational timeBase) {
    return (double) timeBase.num() / timeBase.den();
  }
}
