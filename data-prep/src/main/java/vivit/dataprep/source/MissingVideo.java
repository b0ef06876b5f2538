package vivit.dataprep.source;

import java.io.Serializable;

/**
 * A video, or part of one, that is annotated but has no file.
 *
 * @param video its id, classes and part; the path is where it was expected first
 * @param cause where it was looked for
 */
public record MissingVideo(LabelledVideo video, String cause) implements Serializable {}
