package vivit.dataprep.prepare;

import java.io.Serializable;
import vivit.dataprep.label.LabelHeads;

/**
 * What all tasks of a run have in common.
 *
 * @param plan fingerprint of the run
 * @param adding whether it adds to a finished set
 */
record TaskSettings(
    PrepareConfig config, LabelHeads heads, ShownFile shown, String plan, Adding adding)
    implements Serializable {}
