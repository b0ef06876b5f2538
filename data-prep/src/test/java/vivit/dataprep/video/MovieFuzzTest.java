package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import vivit.dataprep.fixture.FuzzedReader;

/** MP4 files of a recording, whose tables are read in Java. */
class MovieFuzzTest extends FuzzedReader {
  @Override
  protected Map<String, byte[]> seeds() throws IOException {
    return Map.of(
        "mpeg4.mp4", seed("mp4", "-c:v mpeg4 -bf 2"), // B-frames and an edit list
        "mjpeg.mov", seed("mov", "-c:v mjpeg"));
  }

  private static byte[] seed(String end, String arguments) throws IOException {
    return Files.readAllBytes(NumberedVideos.made("movie-to-fuzz." + end, 0, 5, arguments));
  }

  @Override
  protected boolean isDocumented(Exception e) {
    return e instanceof UndecodableVideoException;
  }

  @Override
  protected void read(byte[] input) throws IOException {
    Path file = Files.write(folder.resolve("GH010001.MP4"), input);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toString());
    try (JoinedMovie movie =
        JoinedMovie.open(FileSystem.getLocal(new Configuration()), List.of(path, path))) {
      assertThat(movie.length()).isGreaterThan(2L * input.length);
    }
  }
}
