package vivit.dataprep.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where native libraries go, each time in a JVM that has loaded none. */
class NativeCacheTest {
  @TempDir Path folder;
  private Path home;
  private Path temporary;

  /** What such a JVM prints: the folder, its permissions, and a library's file. */
  private record Loaded(Path cache, String permissions, Path library) {}

  /** Loads a library and prints where from. */
  static final class Loading {
    private Loading() {}

    public static void main(String[] args) throws IOException {
      NativeCache.secure();
      NativeCache.secure(); // only the first call does anything
      Loader.load(avutil.class);
      Path cache = Loader.getCacheDir().toPath();
      System.out.println(cache);
      System.out.println(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)));
      try (Stream<Path> files = Files.walk(cache)) {
        files
            .filter(file -> file.getFileName().toString().contains("jniavutil"))
            .forEach(System.out::println);
      }
    }
  }

  @BeforeEach
  void folders() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    temporary = Files.createDirectory(folder.resolve("tmp"));
  }

  private Loaded load(Path home, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Duser.home=" + home);
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Loading.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeAll(List.of("LOCAL_DIRS", "SPARK_LOCAL_DIRS"));
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      Loaded loaded = new Loaded(Path.of(out.readLine()), out.readLine(), Path.of(out.readLine()));
      assertThat(process.waitFor()).isZero();
      return loaded;
    }
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private void assertLocal(Loaded loaded) throws IOException {
    assertThat(loaded.cache().getFileName().toString()).startsWith("native-libraries-");
    assertThat(loaded.cache().getParent().getFileName().toString()).startsWith("spark-");
    assertThat(loaded.cache()).startsWithRaw(temporary);
    assertThat(loaded.permissions()).isEqualTo("rwx------");
    assertThat(loaded.library()).startsWithRaw(loaded.cache());
    assertThat(loaded.cache()).doesNotExist(); // any more
  }

  @Test
  void aHomeKeepsLibrariesForTheNextTime() throws Exception {
    Loaded loaded = load(home);

    assertThat(loaded.cache()).isEqualTo(home.resolve(".javacpp/cache"));
    assertThat(loaded.permissions()).isEqualTo("rwx------");
    assertThat(loaded.library()).exists();
  }

  /** JavaCPP alone would load whatever lies in that folder. */
  @ParameterizedTest
  @ValueSource(strings = {"/nonexistent/home", "?", ""})
  void withoutAHomeNobodyCanPrepareTheFolder(String missing) throws Exception {
    Path planted = temporary.resolve(".javacpp-" + System.getProperty("user.name") + "/cache");
    Files.createDirectories(planted);
    permit(planted, "rwxrwxrwx");

    assertLocal(load(Path.of(missing)));

    assertThat(planted).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".javacpp", ".javacpp/cache"})
  void aFolderThatOthersCanWriteIsNotUsed(String open) throws Exception {
    Files.createDirectories(home.resolve(".javacpp/cache"));
    permit(home.resolve(open), "rwxrwxr-x");

    assertLocal(load(home));

    assertThat(home.resolve(".javacpp/cache")).isEmptyDirectory();
  }

  @Test
  void aFolderThatTheUserNamesStays() throws Exception {
    Path named = folder.resolve("named");
    assertThat(load(home, "-Dorg.bytedeco.javacpp.cachedir=" + named).cache()).isEqualTo(named);
  }
}
