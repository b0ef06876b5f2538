package vivit.dataprep.shard;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import vivit.dataprep.label.LabelHeads;

/**
 * The columns of a shard and the keys of its footer.
 *
 * <pre>
 * clip_id            string        unique in the shard set
 * video_id           string        the video, or annotated part of one, it was cut from
 * view               int32         number of the clip within its video, from 0
 * purpose            string        training | evaluation
 * label_id           int32         class id     } per head, under its own name;
 * label_name         string        class name   } lists label_ids, label_names if multi-label
 * start_frame        int32         first frame, on the video's sampling grid
 * stride             int32         grid frames between neighbouring frames
 * frames_per_second  double        rate of the grid; 0 = every frame of the source
 * frame_timestamps   list&lt;double&gt;  source presentation time of each frame, in seconds
 * frames             int32         T
 * height             int32         H, true height in pixels
 * width              int32         W, true width in pixels
 * tubelet_frames     int32         t
 * tubelet_height     int32         p
 * tubelet_width      int32         p
 * grid_frames        int32         n_t = T / t
 * grid_height        int32         n_h = H / p, rounded up
 * grid_width         int32         n_w = W / p, rounded up
 * source_height      int32         decoded size before resizing
 * source_width       int32
 * source_frame_rate  double        average rate stated by the container; 0 = unknown
 * tubelets           binary        uint8 [n_t, n_h, n_w, t, p, p, 3], RGB
 * </pre>
 */
final class ShardSchema {
  /** The newest version that this release reads. */
  static final int FORMAT_VERSION = 2;

  /** The version of sets with one head named {@code label} and one class per clip. */
  private static final int DEFAULT_HEAD_VERSION = 1;

  static final String KEY_VERSION = "vivit.format-version";
  static final String KEY_PRODUCER = "vivit.producer";
  static final String KEY_GEOMETRY = "vivit.geometry";
  static final String KEY_LABELS = "vivit.labels";
  static final String KEY_HEADS = "vivit.heads";
  static final String KEY_LABELS_HASH = "vivit.labels-hash";
  static final String KEY_CONFIG = "vivit.config";
  static final String KEY_CHECKSUMS = "vivit.clip-checksums";

  /** The last column. */
  static final String TUBELETS = "tubelets";

  private static final String MESSAGE =
      """
      message clip {
        required binary clip_id (STRING);
        required binary video_id (STRING);
        required int32 view;
        required binary purpose (STRING);
        LABELS
        required int32 start_frame;
        required int32 stride;
        required double frames_per_second;
        required group frame_timestamps (LIST) {
          repeated group list {
            required double element;
          }
        }
        required int32 frames;
        required int32 height;
        required int32 width;
        required int32 tubelet_frames;
        required int32 tubelet_height;
        required int32 tubelet_width;
        required int32 grid_frames;
        required int32 grid_height;
        required int32 grid_width;
        required int32 source_height;
        required int32 source_width;
        required double source_frame_rate;
        required binary tubelets;
      }
      """;

  private ShardSchema() {}

  /** The schema of a set with these heads. */
  static MessageType message(LabelHeads heads) {
    return MessageTypeParser.parseMessageType(MESSAGE.replace("LABELS", LabelCells.columns(heads)));
  }

  /** The lowest version that can represent these heads. */
  static int version(LabelHeads heads) {
    return heads.isDefault() ? DEFAULT_HEAD_VERSION : FORMAT_VERSION;
  }
}
