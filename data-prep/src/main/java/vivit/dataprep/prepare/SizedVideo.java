package vivit.dataprep.prepare;

import vivit.dataprep.source.LabelledVideo;

/**
 * A video and the length of its file.
 *
 * @param bytes of the file that it is, or is a part of
 */
public record SizedVideo(LabelledVideo video, long bytes) {}
