package vivit.dataprep.source;

import java.io.Serializable;
import vivit.dataprep.clip.BadKind;

/**
 * A video, or part of one, that is annotated but has no file, or a record that cannot be read.
 *
 * @param video its id, classes and part; the path is where it was expected first
 * @param kind what is wrong, in one word
 * @param cause where it was looked for, or why it cannot be read
 */
public record MissingVideo(LabelledVideo video, BadKind kind, String cause)
    implements Serializable {}
