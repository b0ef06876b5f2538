package vivit.dataprep.video;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_time_base;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_init_str;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;

import java.io.IOException;
import java.util.ArrayDeque;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.presets.avutil;
import vivit.dataprep.video.PictureSettings.Deinterlace;

/**
 * Makes progressive frames of interlaced ones with FFmpeg's filter bwdif: one frame of each, at the
 * time of its first field. A frame depends on those before and after it, so each comes out after
 * the next one went in.
 */
final class Deinterlacer implements AutoCloseable {
  private final Deinterlace mode;
  private String layout = "";
  private AVFilterGraph graph;
  private AVFilterContext source;
  private AVFilterContext sink;

  Deinterlacer(Deinterlace mode) {
    this.mode = mode;
  }

  /**
   * Adds a frame and empties it.
   *
   * @param frame with its index as time
   * @param spare for frames that come out because this one has another size
   * @return frames that come out now, with their indices as times; usually none
   */
  ArrayDeque<AVFrame> put(AVFrame frame, ArrayDeque<AVFrame> spare) throws IOException {
    String now = layout(frame);
    ArrayDeque<AVFrame> before = new ArrayDeque<>();
    if (!now.equals(layout)) {
      before = end(spare);
      open(now);
    }
    check(av_buffersrc_add_frame(source, frame));
    take(spare, before);
    return before;
  }

  /** Returns the frames that are left, after the last one. */
  ArrayDeque<AVFrame> end(ArrayDeque<AVFrame> spare) throws IOException {
    ArrayDeque<AVFrame> rest = new ArrayDeque<>();
    if (graph != null) {
      check(av_buffersrc_add_frame(source, null));
      take(spare, rest);
      close();
    }
    return rest;
  }

  private void take(ArrayDeque<AVFrame> spare, ArrayDeque<AVFrame> into) throws IOException {
    AVRational clock = av_buffersink_get_time_base(sink);
    while (true) {
      AVFrame frame = FrameDecoder.frame(spare);
      int result = av_buffersink_get_frame(sink, frame);
      if (result < 0) {
        spare.add(frame);
        if (result != AVERROR_EOF && result != avutil.AVERROR_EAGAIN()) {
          check(result);
        }
        return;
      }
      frame.pts(frame.pts() * clock.num() / clock.den());
      into.add(frame);
    }
  }

  private void open(String now) throws IOException {
    graph = Ffmpeg.present(avfilter_graph_alloc(), "memory for a filter");
    graph.nb_threads(1);
    source = filter("buffer", now);
    AVFilterContext bwdif =
        filter(
            "bwdif", "mode=send_frame:deint=" + (mode == Deinterlace.ALL ? "all" : "interlaced"));
    sink = filter("buffersink", "");
    check(avfilter_link(source, 0, bwdif, 0));
    check(avfilter_link(bwdif, 0, sink, 0));
    check(avfilter_graph_config(graph, null));
    layout = now;
  }

  private AVFilterContext filter(String name, String options) throws IOException {
    AVFilterContext filter =
        Ffmpeg.present(
            avfilter_graph_alloc_filter(graph, avfilter_get_by_name(name), name), "a filter");
    check(avfilter_init_str(filter, options));
    return filter;
  }

  /** Throws if the filter refuses frames, such as those of less than three rows. */
  private static void check(int result) throws UndecodableVideoException {
    if (result < 0) {
      throw new UndecodableVideoException(
          "its frames cannot be deinterlaced (%s)".formatted(Ffmpeg.message(result)));
    }
  }

  /** What the filter has to know about frames: one with another layout needs a new filter. */
  private static String layout(AVFrame frame) {
    return "video_size=%dx%d:pix_fmt=%d:colorspace=%d:range=%d:time_base=1/1"
        .formatted(
            frame.width(), frame.height(), frame.format(), frame.colorspace(), frame.color_range());
  }

  /** Forgets all frames. */
  @Override
  public void close() {
    if (graph != null) {
      avfilter_graph_free(graph);
      graph = null;
    }
    layout = "";
  }
}
