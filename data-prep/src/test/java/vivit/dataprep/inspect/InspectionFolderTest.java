package vivit.dataprep.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile.DecodeTiming;

class InspectionFolderTest {
  @TempDir Path temp;

  private InspectionFolder folder(String name) throws IOException {
    return new InspectionFolder(
        FileSystem.getLocal(new Configuration()),
        new org.apache.hadoop.fs.Path(temp.resolve(name).toUri()));
  }

  private static Map<String, byte[]> files(String... names) {
    Map<String, byte[]> files = new HashMap<>();
    byte[] kind = "{\"kind\": \"vivit-inspection\"}".getBytes(StandardCharsets.UTF_8);
    for (String name : names) {
      files.put(name, name.equals("statistics.json") ? kind : new byte[] {1});
    }
    return files;
  }

  @Test
  void replacesAnEarlierInspection() throws IOException {
    folder("out").write(files("statistics.json", "random.png", "index.html"));
    Files.writeString(temp.resolve("out/notes.txt"), "mine");
    folder("out").write(files("statistics.json", "index.html"));
    try (var entries = Files.list(temp.resolve("out"))) {
      assertThat(entries.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("statistics.json", "index.html", "notes.txt");
    }
  }

  @Test
  void leavesFilesOfOthersAlone() throws IOException {
    Files.createDirectories(temp.resolve("site"));
    Files.writeString(temp.resolve("site/index.html"), "mine");
    assertThatThrownBy(() -> folder("site").write(files("statistics.json", "index.html")))
        .hasMessageContaining("is not empty (1 entries, such as index.html)")
        .hasMessageContaining("choose another --out");
    Files.writeString(temp.resolve("site/statistics.json"), "{\"kind\": \"else\"");
    assertThatThrownBy(() -> folder("site").refuseForeign()).hasMessageContaining("choose another");
    assertThat(Files.readString(temp.resolve("site/index.html"))).isEqualTo("mine");
    Files.writeString(temp.resolve("file"), "mine");
    assertThatThrownBy(() -> folder("file").refuseForeign()).hasMessageContaining("is a file");
  }

  @Test
  void timingsLieBesideTheSet() throws IOException {
    FileSystem fs = FileSystem.getLocal(new Configuration());
    org.apache.hadoop.fs.Path set = new org.apache.hadoop.fs.Path(temp.resolve("my set").toUri());
    assertThat(DecodeTimingsFile.read(fs, set)).isEmpty();
    List<DecodeTiming> timings =
        List.of(new DecodeTiming("a \"b\"", 1.25, 300, 4567), new DecodeTiming("é", 0, 0, 0));
    DecodeTimingsFile.write(fs, set, timings);
    assertThat(temp.resolve("_my set.timings.json")).exists();
    assertThat(DecodeTimingsFile.read(fs, set)).isEqualTo(Optional.of(timings));
    Files.writeString(temp.resolve("_my set.timings.json"), "{\"videos\": [{");
    assertThatThrownBy(() -> DecodeTimingsFile.read(fs, set))
        .hasMessageContaining("_my set.timings.json: it is damaged");
    Files.writeString(temp.resolve("_my set.timings.json"), "{}");
    assertThatThrownBy(() -> DecodeTimingsFile.read(fs, set))
        .hasMessageContaining("it has no list \"videos\"");
  }
}
