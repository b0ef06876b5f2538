package vivit.dataprep.shard;

import java.io.Serializable;

/**
 * One file of a shard set, as its manifest vouches for it.
 *
 * @param name file name in the set's folder
 * @param clips number of clips, one per row group
 * @param bytes length of the file
 * @param sha256 of the whole file, hexadecimal
 * @param footerOffset where the clips end and the footer begins
 * @param footerSha256 of the bytes from there to the end, so that opening need not read the clips
 */
public record ShardFile(
    String name, int clips, long bytes, String sha256, long footerOffset, String footerSha256)
    implements Serializable {}
