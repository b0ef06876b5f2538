package vivit.dataprep.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.Sha256;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;

/** A file that lists videos: one JSON object per line, ordered by video id. */
public final class VideoList {
  /** Name of the file in a shard set, where it lists the videos that have clips. */
  public static final String FILE_NAME = "_videos.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_LINE_BYTES = 1 << 20;

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
   * @param madeUp how many frames of a clip cannot be decoded, by its view; clips without such
   *     frames are absent
   */
  public record ListedVideo(
      String video,
      String label,
      TimeSpan span,
      long bytes,
      String shard,
      int clips,
      SortedMap<Integer, Integer> madeUp) {
    public ListedVideo {
      madeUp = Collections.unmodifiableSortedMap(new TreeMap<>(madeUp));
    }

    /** A video that has no clips yet. */
    public ListedVideo(String video, String label, TimeSpan span, long bytes) {
      this(video, label, span, bytes, "", 0, Collections.emptySortedMap());
    }
  }

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
   * @param sha256 expected checksum, compared before anything is parsed
   * @throws CorruptShardException if the file is missing, does not match or is too large
   */
  public static List<ListedVideo> read(FileSystem fs, Path file, String sha256) throws IOException {
    CorruptShardException.refuseLink(fs, file);
    try (InputStream in = AtomicFile.raw(fs).open(file)) {
      String found = Sha256.of(in);
      if (!found.equals(sha256)) {
        throw new CorruptShardException(
            "Cannot read %s: it has checksum %s, expected %s; it was damaged or edited, restore it"
                .formatted(file, found, sha256));
      }
    } catch (FileNotFoundException e) {
      throw new CorruptShardException(
          file + " is missing; restore it, or prepare into another folder", e);
    }
    try (InputStream in = AtomicFile.raw(fs).open(file)) {
      return videos(new BufferedInputStream(in), file);
    } catch (OversizedFileException e) {
      throw CorruptShardException.tooLarge(file, e);
    }
  }

  private static List<ListedVideo> videos(InputStream in, Path file) throws IOException {
    List<ListedVideo> videos = new ArrayList<>();
    long bytes = 0;
    for (byte[] line = line(in); line.length > 0; line = line(in)) {
      if (line.length > MOST_LINE_BYTES) {
        throw new CorruptShardException(
            "Cannot read %s: line %d has more than %d bytes, expected a video; restore it"
                .formatted(file, videos.size() + 1, MOST_LINE_BYTES));
      }
      bytes += line.length;
      if (bytes > WholeFile.mostText()) {
        throw new OversizedFileException(
            "more than %d bytes".formatted(WholeFile.mostText()), WholeFile.mostText());
      }
      if (videos.size() >= WholeFile.mostRows()) {
        throw new OversizedFileException(
            "more than %d lines".formatted(videos.size()), WholeFile.mostRows());
      }
      try {
        JsonNode json = WholeFile.json(new String(line, StandardCharsets.UTF_8), JSON);
        videos.add(VideoJson.listed(json));
      } catch (JsonProcessingException | IllegalArgumentException e) {
        throw new CorruptShardException(
            "Cannot read %s: line %d is not a video (%s); restore it"
                .formatted(file, videos.size() + 1, reason(e)),
            e);
      }
    }
    return videos;
  }

  /** A line with its end, or the beginning of one that is too long; empty at the file's end. */
  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b = in.read();
    while (b >= 0 && line.size() <= MOST_LINE_BYTES) {
      line.write(b);
      b = b == '\n' ? -1 : in.read();
    }
    return line.toByteArray();
  }

  private static String reason(Exception e) {
    return e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
  }
}
