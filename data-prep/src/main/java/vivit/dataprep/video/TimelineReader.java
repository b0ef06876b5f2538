package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_FLV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H263;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H263I;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H263P;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MSMPEG4V1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MSMPEG4V2;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MSMPEG4V3;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_THEORA;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP3;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_WMV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_WMV2;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.text.Figures;
import vivit.dataprep.video.CutSettings.Truncated;

/**
 * Reads a video's {@link Timeline} from its packets.
 *
 * <p>MP4 and MOV list all packets in their header, so the rest of the file is not read. Matroska,
 * AVI, MPEG-TS and others state a packet's time, if at all, next to its bytes; these files are read
 * to the end.
 */
final class TimelineReader {
  private static final double MISSING_SHARE = 0.05;
  private static final double LEAST_MISSING_SECONDS = 0.3;
  private static final double USUAL_RATE = 25;
  private static final int MOST_REORDERING = 16; // of H.264 and HEVC

  private static final double MOST_REORDERING_SECONDS = 60;
  private static final int LEAST_FRAMES_AROUND_A_STILL = 3;
  private static final double LONG_STILL_SECONDS = 10;

  /** Two days at 25 frames a second: 100 MiB of times and places. */
  private static final int MOST_FRAMES = 1 << 22;

  /**
   * Codecs whose decoders begin with any frame, and invent what that refers to: a frame before the
   * first key frame is then not a frame of the video.
   */
  private static final Set<Integer> INVENTING =
      Set.of(
          AV_CODEC_ID_THEORA,
          AV_CODEC_ID_VP3,
          AV_CODEC_ID_MPEG4,
          AV_CODEC_ID_H263,
          AV_CODEC_ID_H263P,
          AV_CODEC_ID_H263I,
          AV_CODEC_ID_FLV1,
          AV_CODEC_ID_MSMPEG4V1,
          AV_CODEC_ID_MSMPEG4V2,
          AV_CODEC_ID_MSMPEG4V3,
          AV_CODEC_ID_WMV1,
          AV_CODEC_ID_WMV2);

  private final Demuxer demuxer;
  private final Truncated truncated;
  private long[] shown = new long[1024]; // in file order
  private long[] decoded = new long[1024];
  private boolean[] key = new boolean[1024];
  private final BitSet timeless = new BitSet(); // frames whose time is a guess
  private int count;
  private long lastDecoded = Long.MIN_VALUE;
  private long lastDuration;
  private boolean stated = true;
  private boolean guessed;
  private long readUpTo;
  private boolean joined;
  private boolean lastIsVideo;
  private boolean hiddenKey; // whether frames that are not shown begin with a key frame
  private String corrected = "";
  private double end = Double.NEGATIVE_INFINITY;
  private String broken = "";

  private TimelineReader(Demuxer demuxer, Truncated truncated) {
    this.demuxer = demuxer;
    this.truncated = truncated;
  }

  /**
   * Reads the timeline and returns the demuxer to its first packet.
   *
   * @param file findings about the outermost parts of the file
   * @throws UndecodableVideoException if there are no frames, or, unless salvaging, if they end
   *     long before the stated duration
   */
  static Timeline read(Demuxer demuxer, ContainerLength.Finding file, Truncated truncated)
      throws IOException {
    TimelineReader reader = new TimelineReader(demuxer, truncated);
    reader.joined = file.joined();
    reader.broken = file.truncated() == null ? "" : file.truncated().getMessage();
    if (file.indexed() && demuxer.listPackets()) {
      reader.scan();
      reader.fillTimes();
      reader.end = Math.max(reader.end, demuxer.unlistedEnd());
      demuxer.readPackets();
    } else {
      reader.scan();
      reader.fillTimes();
      reader.correctTimes();
      demuxer.rewind();
    }
    if (!reader.broken.isEmpty()) {
      demuxer.endAtDamage();
    }
    Timeline timeline = reader.timeline();
    boolean beginsWithKey = reader.key[0] && timeline.order()[0] == 0;
    return beginsWithKey ? timeline : timeline.without(reader.firstDecodable(timeline));
  }

  private void fillTimes() {
    guessed = MissingTimes.fill(shown, count, usualPeriod() / demuxer.tick());
  }

  private void correctTimes() {
    ContinuousTimes line =
        new ContinuousTimes(demuxer.clockMayBeReset(), demuxer.tick(), usualPeriod());
    boolean[] timedKey = new boolean[count];
    for (int i = 0; i < count; i++) {
      timedKey[i] = key[i] && !timeless.get(i);
    }
    line.correct(shown, decoded, timedKey, count);
    corrected = line.remark();
    if (!corrected.isEmpty()) {
      lastDecoded = Long.MIN_VALUE;
      for (int i = count - 1; i >= 0 && lastDecoded == Long.MIN_VALUE; i--) {
        lastDecoded = decoded[i] == AV_NOPTS_VALUE ? Long.MIN_VALUE : decoded[i];
      }
    }
  }

  /** Decodes up to the first frame and returns its index. */
  private int firstDecodable(Timeline timeline) throws IOException {
    boolean invents = invents(demuxer.stream()) && !hiddenKey;
    FrameChoice all = FrameChoice.all(timeline, demuxer.stream().codecpar());
    int first = -1;
    try (FrameDecoder frames = new FrameDecoder(demuxer, timeline, all)) {
      while (frames.next() && frames.index() < timeline.ticks().length) {
        if (first < 0 || frames.isKey()) {
          first = frames.index();
        }
        if (frames.isKey() || !invents) {
          break;
        }
      }
    }
    if (first < 0) {
      throw new UndecodableVideoException("none of its frames can be decoded");
    }
    demuxer.rewind();
    return first;
  }

  /** Whether the stream's decoder invents what frames before the first key frame refer to. */
  static boolean invents(AVStream stream) {
    return INVENTING.contains(stream.codecpar().codec_id());
  }

  private void scan() throws IOException {
    try {
      while (demuxer.next()) {
        add(demuxer.packet());
      }
    } catch (UndecodableVideoException e) {
      if (truncated == Truncated.REFUSE) {
        throw e;
      }
      broken = e.getMessage();
      if (lastIsVideo && count > 0) {
        count--; // the last packet is incomplete
      }
    }
  }

  private void add(AVPacket packet) throws UndecodableVideoException {
    long time = packet.pts() != AV_NOPTS_VALUE ? packet.pts() : packet.dts();
    int flags = packet.flags();
    if (time != AV_NOPTS_VALUE) {
      end = Math.max(end, (time + packet.duration()) * demuxer.packetTick());
    }
    readUpTo = Math.max(readUpTo, packet.pos() + packet.size());
    lastIsVideo = demuxer.isFrame();
    if (!lastIsVideo) {
      hiddenKey |= count == 0 && demuxer.isVideo() && (flags & AV_PKT_FLAG_KEY) != 0;
      return;
    }
    stated &= packet.pts() != AV_NOPTS_VALUE;
    boolean apart =
        packet.pts() != AV_NOPTS_VALUE
            && packet.dts() != AV_NOPTS_VALUE
            && Math.abs(packet.pts() - packet.dts()) * demuxer.tick() > MOST_REORDERING_SECONDS;
    if (apart) { // one of the two is wrong, and decoding times are checked by the muxer
      time = AV_NOPTS_VALUE;
    }
    if (count == MOST_FRAMES) {
      throw new UndecodableVideoException(
          "it has more than %d frames, expected a video of some hours at most; cut it"
              .formatted(MOST_FRAMES));
    }
    if (count == shown.length) {
      shown = Arrays.copyOf(shown, count * 2);
      decoded = Arrays.copyOf(decoded, count * 2);
      key = Arrays.copyOf(key, count * 2);
    }
    timeless.set(count, time == AV_NOPTS_VALUE);
    shown[count] = time;
    // Matroska states no decoding times; FFmpeg's estimates go astray where its times jump.
    decoded[count] = demuxer.container().equals("matroska") ? AV_NOPTS_VALUE : packet.dts();
    key[count++] = (flags & AV_PKT_FLAG_KEY) != 0;
    if (packet.dts() != AV_NOPTS_VALUE) {
      lastDecoded = packet.dts();
    }
    lastDuration = packet.duration();
  }

  private Timeline timeline() throws UndecodableVideoException {
    if (count == 0) {
      throw broken.isEmpty()
          ? UndecodableVideoException.noVideo("it has a video stream without frames")
          : new UndecodableVideoException(BadKind.TRUNCATED, broken, "");
    }
    long[] ticks = Arrays.copyOf(shown, count);
    int reordering = reordering(ticks);
    Arrays.sort(ticks);
    int[] order = order(ticks);
    guessed |= !stated || !demuxer.statesOrder() || hidden(ticks) > 0;
    // H.264 and HEVC that reorder frames, with times in file order: these are decoding times.
    boolean decodingTimes = reordering == 0 && demuxer.reorders();
    guessed |= decodingTimes;
    if (!stated
        || !demuxer.statesTimes()
        || !corrected.isEmpty()
        || hidden(ticks) > 0
        || decodingTimes) {
      reordering = -1;
    }
    double period = period(ticks);
    double last = ticks[count - 1] * demuxer.tick() + period;
    String early = corrected.isEmpty() ? earlyEnd(Math.max(end, last)) : "";
    if (!early.isEmpty() && truncated == Truncated.REFUSE) {
      throw UndecodableVideoException.atSecond(last, early);
    }
    broken = early.isEmpty() ? broken : early;
    if (!broken.isEmpty()) {
      ticks = whole(ticks);
    }
    long[] keys = IntStream.range(0, count).filter(i -> key[i]).mapToLong(i -> shown[i]).toArray();
    Arrays.sort(keys);
    return new Timeline(
        ticks,
        order,
        0,
        keys,
        demuxer.tick(),
        period,
        demuxer.startSeconds(),
        reordering,
        guessed,
        broken,
        remarks(ticks));
  }

  /** For every frame in file order its place among all, equal times in the order of the file. */
  private int[] order(long[] sorted) {
    int[] order = new int[count];
    int[] earlier = new int[count]; // frames with the time of the one at this place, so far
    for (int i = 0; i < count; i++) {
      int first = Timeline.firstFrom(sorted, shown[i]);
      order[i] = first + earlier[first]++;
    }
    return order;
  }

  /** Number of frames that share their time with the one after them. */
  private static int hidden(long[] sorted) {
    int hidden = 0;
    for (int i = 1; i < sorted.length; i++) {
      hidden += sorted[i] == sorted[i - 1] ? 1 : 0;
    }
    return hidden;
  }

  private List<String> remarks(long[] ticks) {
    List<String> remarks = new ArrayList<>();
    if (!corrected.isEmpty()) {
      remarks.add(corrected);
    }
    if (!demuxer.chosen().isEmpty()) {
      remarks.add(demuxer.chosen());
    }
    long unread = demuxer.length() - readUpTo;
    boolean mayBeJoined = joined || demuxer.container().equals("flv");
    if (mayBeJoined && unread > demuxer.length() * MISSING_SHARE) {
      remarks.add(
          "%s at its end were not read: it seems to be several files joined byte by byte; join them with ffmpeg -f concat"
              .formatted(Figures.bytes(unread)));
    }
    int hidden = hidden(ticks);
    if (hidden > 0) {
      remarks.add(
          "%s of %d with the time stamp of the next one; only prepare.frames-per-second=0 shows them"
              .formatted(Figures.of(hidden, "frame"), ticks.length));
    }
    longest(ticks).ifPresent(remarks::add);
    return remarks;
  }

  /** A picture that stands for most of the video. */
  private Optional<String> longest(long[] ticks) {
    int longest = 1;
    for (int i = 2; i < ticks.length; i++) {
      longest = ticks[i] - ticks[i - 1] > ticks[longest] - ticks[longest - 1] ? i : longest;
    }
    if (ticks.length < LEAST_FRAMES_AROUND_A_STILL) {
      return Optional.empty();
    }
    double seconds = (ticks[longest] - ticks[longest - 1]) * demuxer.tick();
    double all = (ticks[ticks.length - 1] - ticks[0]) * demuxer.tick();
    return seconds > LONG_STILL_SECONDS && seconds > all / 2
        ? Optional.of(
            "one picture stands for %.1f of its %.1f seconds, from %.3f s on"
                .formatted(seconds, all, ticks[longest - 1] * demuxer.tick()))
        : Optional.empty();
  }

  /** Drops the frames after the last decoding time: a missing frame may belong before them. */
  private long[] whole(long[] ticks) {
    int kept = ticks.length;
    while (kept > 1 && lastDecoded != Long.MIN_VALUE && ticks[kept - 1] > lastDecoded) {
      kept--;
    }
    return Arrays.copyOf(ticks, kept);
  }

  private double period(long[] ticks) {
    double period = lastDuration * demuxer.tick();
    if (period > 0) {
      return period;
    }
    boolean mean = demuxer.frameRate() <= 0 && count > 1;
    return mean ? (ticks[count - 1] - ticks[0]) * demuxer.tick() / (count - 1) : usualPeriod();
  }

  private double usualPeriod() {
    return 1 / (demuxer.frameRate() > 0 ? demuxer.frameRate() : USUAL_RATE);
  }

  private String earlyEnd(double ended) {
    double stated = demuxer.durationSeconds();
    // Most containers count their duration from their start, Matroska counts from zero: use the
    // reading that leaves less missing.
    double missing = stated - Math.max(ended, ended - demuxer.startSeconds());
    return missing > Math.max(LEAST_MISSING_SECONDS, MISSING_SHARE * stated)
        ? "it is truncated: its header says %.2f s, its frames end at %.2f s"
            .formatted(stated, ended)
        : "";
  }

  /** The most packets that precede one shown before them; -1 if implausibly many. */
  private static int reordering(long[] inFileOrder) {
    int most = 0;
    for (int i = 0; i < inFileOrder.length; i++) {
      int later = 0;
      for (int j = Math.max(0, i - 2 * MOST_REORDERING); j < i; j++) {
        later += inFileOrder[j] > inFileOrder[i] ? 1 : 0;
      }
      most = Math.max(most, later);
    }
    return most > MOST_REORDERING ? -1 : most;
  }
}
