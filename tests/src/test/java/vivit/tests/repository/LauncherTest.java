package vivit.tests.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/vivit} calls, with a program in place of Java that prints its arguments. */
class LauncherTest {
  private static final String BUILT_AT = "/somewhere/else";
  private static final String SOURCE = "vivit-spark/src/main/A.java";

  @TempDir Path folder;
  private Path clone;

  @BeforeEach
  void build() throws IOException {
    clone = folder.resolve("a moved clone");
    script(clone.resolve("bin/vivit"), Files.readString(Repository.ROOT.resolve("bin/vivit")));
    script(clone.resolve("mvnw"), "#!/bin/sh\necho built >&2\n");
    script(
        folder.resolve("jdk/bin/java"),
        """
        #!/bin/sh
        if [ "$1" = -version ]; then echo 'openjdk version "17.0.1"' >&2; exit; fi
        for word in "$@"; do echo "$word"; done
        """);
    for (String file : List.of("pom.xml", "vivit-spark/pom.xml", SOURCE, "conf/base.conf")) {
      write(clone.resolve(file), "");
      Files.setLastModifiedTime(clone.resolve(file), FileTime.from(Instant.now().minusSeconds(60)));
    }
    Path target = clone.resolve("vivit-spark/target");
    write(target.resolve("vivit-spark-1.jar"), "");
    write(
        target.resolve("classpath"),
        "/m2/other.jar:" + BUILT_AT + "/data-prep/target/data-prep-1.jar");
  }

  @Test
  void aCloneMayBeMovedAndHaveBlanksInItsPath() throws Exception {
    List<String> words = run("train", "conf/my own.conf");

    assertThat(words)
        .contains(
            "org.apache.spark.deploy.SparkSubmit",
            "conf/my own.conf",
            clone
                + "/vivit-spark/target/vivit-spark-1.jar:/m2/other.jar:"
                + clone
                + "/data-prep/target/data-prep-1.jar",
            "-Dlog4j2.configurationFile=file:"
                + clone.toString().replace(" ", "%20")
                + "/conf/log4j2.properties")
        .noneMatch(word -> word.contains(BUILT_AT));
  }

  @Test
  void onlySourcesAndDefaultsStartABuild() throws Exception {
    write(clone.resolve("conf/mine.conf"), "seed = 1");
    assertThat(run("describe")).doesNotContain("built");

    Files.setLastModifiedTime(clone.resolve(SOURCE), FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(run("describe")).contains("built");
  }

  private List<String> run(String... words) throws Exception {
    ProcessBuilder launcher = new ProcessBuilder(clone.resolve("bin/vivit").toString());
    launcher.command().addAll(List.of(words));
    launcher.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    launcher.environment().remove("SPARK_HOME");
    Process process = launcher.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  private static void script(Path file, String text) throws IOException {
    write(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
