package vivit.dataprep.video;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.TubeletPage;

/**
 * Receives the clips that a {@link VideoCutter} cuts. Every request ends with exactly one call of
 * {@link #finished} or {@link #failed}; clips of a failed request must be discarded.
 */
public interface CutSink {
  /**
   * Takes a clip. Clips of one request come in view order, without those that were left out because
   * too many of their frames cannot be decoded; requests may interleave.
   */
  void clip(CutTubelets clip) throws IOException;

  /** Ends a request whose clips have all been delivered. */
  void finished(int request, CutStatistics statistics) throws IOException;

  /** Ends a request that yields no clips. */
  void failed(int request, UndecodableVideoException cause) throws IOException;

  /**
   * A complete clip as it leaves the cutter.
   *
   * @param request index of its {@link VideoCutter.CutRequest}
   * @param view number of the clip within its request, from 0, in time order
   * @param tubelets of the clip; the cutter reuses this memory after the call
   * @param origin source of its frames
   * @param madeUp number of its frames that cannot be decoded, for which another frame or the
   *     decoder's guess stands
   */
  record CutTubelets(int request, int view, TubeletPage tubelets, ClipOrigin origin, int madeUp) {
    /** H in pixels. */
    public int height() {
      return tubelets.cutter().height();
    }

    /** W in pixels. */
    public int width() {
      return tubelets.cutter().width();
    }

    /** Assembles the clip, {@code [T, H, W, 3]}, in fresh memory. */
    public byte[] pixels() {
      return tubelets.pixels();
    }
  }

  /**
   * The cost of a request's clips. Where several requests share a file and its frames, each figure
   * counts from the end of the previous request, so that the figures add up to those of the file.
   *
   * @param framesDecoded frames that left the decoder
   * @param framesKept frames that were converted and resized
   * @param bytesRead from the file
   * @param seconds of wall-clock time
   * @param salvaged the missing part of a truncated video, in words; empty if the video is whole
   * @param remarks what else a user should know about the video, such as corrected time stamps
   */
  record CutStatistics(
      long framesDecoded,
      long framesKept,
      long bytesRead,
      double seconds,
      String salvaged,
      List<String> remarks)
      implements Serializable {
    public CutStatistics {
      remarks = List.copyOf(remarks);
    }
  }
}
