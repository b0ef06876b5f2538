package vivit.dataprep.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.Sha256;

/** A file that lists videos: one JSON object per line, ordered by video id. */
public final class VideoList {
  /** Name of the file in a shard set, where it lists the videos that have clips. */
  public static final String FILE_NAME = "_videos.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();

  private VideoList() {}

  /**
   * A video of a shard set.
   *
   * @param video its id
   * @param label its class names as one text
   * @param span the annotated part
   * @param bytes length of its file; -1 if it does not exist
   * @param shard file name of the shard that holds its clips; empty if none does
   * @param clips number of its clips
   */
  public record ListedVideo(
      String video, String label, TimeSpan span, long bytes, String shard, int clips) {}

  /**
   * Writes the file.
   *
   * @param videos in any order
   * @return SHA-256 of the file, hexadecimal
   */
  public static String write(FileSystem fs, Path file, List<ListedVideo> videos)
      throws IOException {
    List<ListedVideo> sorted =
        videos.stream().sorted(Comparator.comparing(ListedVideo::video)).toList();
    MessageDigest digest = Sha256.digest();
    AtomicFile.write(
        fs,
        file,
        out -> {
          OutputStream hashing = new DigestOutputStream(out, digest);
          for (ListedVideo video : sorted) {
            hashing.write((VideoJson.listed(video) + "\n").getBytes(StandardCharsets.UTF_8));
          }
        });
    return Sha256.hex(digest);
  }

  /**
   * Reads the file.
   *
   * @param sha256 expected checksum
   * @throws CorruptShardException if the file is missing or does not match
   */
  public static List<ListedVideo> read(FileSystem fs, Path file, String sha256) throws IOException {
    byte[] bytes;
    try (InputStream in = AtomicFile.raw(fs).open(file)) {
      bytes = in.readAllBytes();
    } catch (FileNotFoundException e) {
      throw new CorruptShardException(
          file + " is missing; restore it, or prepare into another folder", e);
    }
    String found = Sha256.of(bytes);
    if (!found.equals(sha256)) {
      throw new CorruptShardException(
          "Cannot read %s: it has checksum %s, expected %s; it was damaged or edited, restore it"
              .formatted(file, found, sha256));
    }
    List<ListedVideo> videos = new ArrayList<>();
    LineNumberReader lines =
        new LineNumberReader(
            new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      try {
        videos.add(VideoJson.listed(JSON.readTree(line)));
      } catch (JsonProcessingException | IllegalArgumentException e) {
        throw new CorruptShardException(
            "Cannot read %s: line %d is not a video".formatted(file, lines.getLineNumber()), e);
      }
    }
    return videos;
  }
}
