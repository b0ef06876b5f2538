package vivit.spark.evaluate;

import java.io.Serializable;
import java.util.List;

/**
 * What the network says of one view: one stored clip, cropped.
 *
 * @param video id of the video
 * @param labels per head its class ids; none of a video that nobody has labelled
 * @param clip index of the stored clip within the video
 * @param crop index of the crop within the clip
 * @param logits per head {@code [k]}; owned by this record, not changed after
 */
public record ViewLogits(
    String video, List<List<Integer>> labels, int clip, int crop, float[][] logits)
    implements Serializable {}
