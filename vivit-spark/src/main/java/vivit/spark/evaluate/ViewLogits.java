package vivit.spark.evaluate;

import java.io.Serializable;

/**
 * What the network says of one view: one stored clip, cropped.
 *
 * @param video id of the video
 * @param label its class id
 * @param clip index of the stored clip within the video
 * @param crop index of the crop within the clip
 * @param logits {@code [k]}; owned by this record, not changed after
 */
public record ViewLogits(String video, int label, int clip, int crop, float[] logits)
    implements Serializable {}
