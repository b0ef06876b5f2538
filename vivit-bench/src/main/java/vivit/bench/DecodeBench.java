package vivit.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.ClipRow;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.ShardHeader;
import vivit.dataprep.shard.ShardWriter;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.video.ClipPlacement;
import vivit.dataprep.video.CutSettings;
import vivit.dataprep.video.CutSink;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.CutSink.CutTubelets;
import vivit.dataprep.video.HadoopVideoInput;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter;
import vivit.dataprep.video.VideoCutter.CutRequest;

/**
 * Measures cutting clips out of videos into a shard on one thread, as preparation does; in turns
 * with the {@code ffmpeg} program on the same spans, and on each video from its start to the end of
 * its last clip. All turns overwrite the same file, so that the time to extend the file is not
 * counted.
 */
public final class DecodeBench {
  private final List<LabelledVideo> videos;
  private final CutSettings settings;
  private final ClipPlacement placement;
  private final ShardHeader header;
  private final Configuration conf;
  private final java.nio.file.Path shard;
  private final VideoCutter cutter = new VideoCutter();
  private final List<VideoPart> pieces = new ArrayList<>();
  private long clips;
  private long decoded;

  /** A part of a video that clips cover without a gap, in the video's own time stamps. */
  private record VideoPart(String file, double start, double end, int height, int width) {}

  /** The times of one turn. */
  private record Turn(Took ours, FfmpegProgram.Run spans, FfmpegProgram.Run sequential) {}

  private record Took(double cpuSeconds, double seconds) {}

  private DecodeBench(
      List<LabelledVideo> videos,
      CutSettings settings,
      ClipPlacement placement,
      Configuration conf,
      java.nio.file.Path shard) {
    this.videos = videos;
    this.settings = settings;
    this.placement = placement;
    this.conf = conf;
    this.shard = shard;
    this.header =
        new ShardHeader(
            "bench",
            placement.purpose(),
            settings.clip(),
            LabelHeads.of(LabelMap.of(List.of("any"))),
            new TreeMap<>());
  }

  /**
   * Runs the measurement.
   *
   * @param videos local files, or parts of them
   * @throws UndecodableVideoException if one of them cannot be cut
   */
  public static DecodeReport measure(
      List<LabelledVideo> videos,
      CutSettings settings,
      ClipPlacement placement,
      Configuration conf,
      Repeats warmup,
      Repeats steps)
      throws IOException, InterruptedException {
    java.nio.file.Path shard = Files.createTempFile("vivit-bench", ".parquet");
    try {
      return new DecodeBench(videos, settings, placement, conf, shard).measure(warmup, steps);
    } finally {
      Files.delete(shard);
    }
  }

  private DecodeReport measure(Repeats warmup, Repeats steps)
      throws IOException, InterruptedException {
    int warm = 0;
    for (long start = System.nanoTime(); warmup.more(warm, since(start)); warm++) {
      cut();
    }
    List<Turn> turns = new ArrayList<>();
    for (long start = System.nanoTime(); steps.more(turns.size(), since(start)); ) {
      turns.add(new Turn(cut(), spans(), sequential()));
    }
    long frames = turns.get(0).spans().frames();
    DecodeReport.DecodeSpeed ours = way(turns.stream().map(Turn::ours).toList(), frames);
    DecodeReport.DecodeSpeed spans =
        way(turns.stream().map(turn -> took(turn.spans())).toList(), frames);
    DecodeReport.DecodeSpeed sequential =
        way(turns.stream().map(turn -> took(turn.sequential())).toList(), frames);
    return new DecodeReport(
        videos.size(),
        clips,
        frames,
        decoded,
        turns.get(0).sequential().frames(),
        warm,
        ours,
        spans,
        sequential,
        spans.cpuSeconds().median() / ours.cpuSeconds().median(),
        sequential.cpuSeconds().median() / ours.cpuSeconds().median());
  }

  private static Took took(FfmpegProgram.Run run) {
    return new Took(run.cpuSeconds(), run.seconds());
  }

  private static DecodeReport.DecodeSpeed way(List<Took> turns, long frames) {
    Spread cpu = Spread.of(turns.stream().map(Took::cpuSeconds).toList());
    Spread wall = Spread.of(turns.stream().map(Took::seconds).toList());
    return new DecodeReport.DecodeSpeed(cpu, wall, frames / cpu.median());
  }

  /** Cuts all videos once; collects the spans to compare with. */
  private Took cut() throws IOException {
    pieces.clear();
    clips = 0;
    decoded = 0;
    long start = System.nanoTime();
    long cpu = cpuNanos();
    try (OutputStream out =
            new BufferedOutputStream(Files.newOutputStream(shard, StandardOpenOption.WRITE));
        ShardWriter writer = new ShardWriter(out, header, Compression.NONE)) {
      for (LabelledVideo video : videos) {
        cut(video, writer);
      }
      writer.finish("part-00000.parquet");
    }
    return new Took((cpuNanos() - cpu) / 1e9, since(start));
  }

  private void cut(LabelledVideo video, ShardWriter writer) throws IOException {
    Path path = new Path(video.path());
    CutRequest request = new CutRequest(video.id(), video.span(), placement);
    try (HadoopVideoInput in = HadoopVideoInput.open(OpenFileSystem.of(path, conf), path)) {
      cutter.cut(in, List.of(request), settings, new ToShard(video, path, writer));
    }
  }

  /** CPU time of this process, including garbage collector and compiler. */
  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private FfmpegProgram.Run spans() throws IOException, InterruptedException {
    FfmpegProgram.Run all = FfmpegProgram.Run.NONE;
    for (VideoPart piece : pieces) {
      all =
          all.plus(
              FfmpegProgram.scale(
                  piece.file(),
                  piece.start(),
                  piece.end() - piece.start(),
                  piece.height(),
                  piece.width()));
    }
    return all;
  }

  private FfmpegProgram.Run sequential() throws IOException, InterruptedException {
    FfmpegProgram.Run all = FfmpegProgram.Run.NONE;
    for (int i = 0; i < pieces.size(); i++) {
      VideoPart piece = pieces.get(i);
      if (i + 1 == pieces.size() || !pieces.get(i + 1).file().equals(piece.file())) {
        all =
            all.plus(
                FfmpegProgram.scale(piece.file(), 0, piece.end(), piece.height(), piece.width()));
      }
    }
    return all;
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /** Writes the clips of one video. */
  private final class ToShard implements CutSink {
    private final LabelledVideo video;
    private final Path path;
    private final ShardWriter writer;

    ToShard(LabelledVideo video, Path path, ShardWriter writer) {
      this.video = video;
      this.path = path;
      this.writer = writer;
    }

    @Override
    public void clip(CutTubelets clip) throws IOException {
      writer.write(
          ClipRow.of(video.id(), clip.view(), ClipLabels.of(0, "any"), clip.origin()),
          clip.tubelets());
      clips++;
      add(clip);
    }

    /** Adds the span of a clip: from its first frame to the end of its last one. */
    private void add(CutTubelets clip) {
      ClipOrigin origin = clip.origin();
      double[] times = origin.timestamps();
      double frame = origin.sourceFrameRate() > 0 ? 1 / origin.sourceFrameRate() : 0.04;
      double first = times[0];
      double end = times[times.length - 1] + frame / 2;
      String file = path.toUri().getPath();
      VideoPart last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
      if (last != null && last.file().equals(file) && first <= last.end() + frame) {
        first = last.start();
        end = Math.max(end, last.end());
        pieces.remove(pieces.size() - 1);
      }
      pieces.add(new VideoPart(file, first, end, clip.height(), clip.width()));
    }

    @Override
    public void finished(int request, CutStatistics statistics) {
      decoded += statistics.framesDecoded();
    }

    @Override
    public void failed(int request, UndecodableVideoException cause) throws IOException {
      throw new IOException("Cannot cut " + path + ": " + cause.getMessage(), cause);
    }
  }
}
