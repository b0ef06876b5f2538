package vivit.dataprep.video;

import java.io.Serializable;
import vivit.dataprep.clip.TimeSpan;

/**
 * One video, or annotated part of one, to cut from an open file.
 *
 * @param videoId name of the video; the random positions of its clips depend on it
 * @param span the part to cut from
 * @param placement how many clips, and where
 */
public record CutRequest(String videoId, TimeSpan span, ClipPlacement placement)
    implements Serializable {}
