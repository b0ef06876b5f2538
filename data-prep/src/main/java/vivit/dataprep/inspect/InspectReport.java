package vivit.dataprep.inspect;

import org.apache.hadoop.fs.Path;

/**
 * What an inspection found and wrote.
 *
 * @param text for the console
 * @param page the HTML file; the images are beside it
 * @param isLettered whether the images have texts
 * @param isGood whether nothing damaged was seen
 */
public record InspectReport(String text, Path page, boolean isLettered, boolean isGood) {}
