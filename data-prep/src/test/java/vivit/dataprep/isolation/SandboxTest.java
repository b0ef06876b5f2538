package vivit.dataprep.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.isolation.DecodeLimits.Isolation;
import vivit.dataprep.isolation.DecodeLimits.SandboxChoice;
import vivit.dataprep.isolation.Prisoner.Report;
import vivit.dataprep.video.VideoWriter.VideoFormat;

/**
 * What helpers can reach. A sandbox that does not work on this machine has to be refused by its
 * name; the others have to confine.
 */
@Timeout(120)
class SandboxTest {
  private static final String SECRET = "the-key-of-the-cluster";

  @TempDir Path folder;
  @TempDir Path libraries;

  @AfterEach
  void noHelpers() {
    Helpers.closeIdle();
    assertThat(Helpers.alive()).isEmpty();
  }

  private Report imprison(Sandbox sandbox) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("data.txt"), "of another user's");
    Path spool = Files.createFile(folder.resolve("spool"));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ProcessBuilder warden =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Prisoner.Warden.class.getName(),
              sandbox.name(),
              spool.toString(),
              Integer.toString(server.getLocalPort()),
              file.toString(),
              SECRET.substring(0, 7)); // the rest is not on any command line
      warden.environment().put("AWS_SECRET_ACCESS_KEY", SECRET);
      warden.environment().put("LC_CTYPE", "C.UTF-8");
      warden.environment().put("LD_LIBRARY_PATH", libraries.toString()); // seen, its neighbours not
      Process process = warden.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      List<String> lines = new ArrayList<>();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        out.lines().forEach(lines::add);
      }
      assertThat(process.waitFor()).isZero();
      return Report.of(lines);
    }
  }

  @ParameterizedTest
  @EnumSource(Sandbox.class)
  void reachesOnlyWhatTheSandboxLeaves(Sandbox sandbox) throws Exception {
    if (!Helpers.work(SandboxChoice.valueOf(sandbox.name()))) {
      return;
    }
    Report report = imprison(sandbox);

    assertThat(report.environment())
        .contains("LC_CTYPE", "PATH")
        .allSatisfy(
            name ->
                assertThat(name)
                    .matches(
                        "PATH|MALLOC_ARENA_MAX|LANG|LC_[A-Z]+|TZ|LD_LIBRARY_PATH|PWD|OLDPWD|SHLVL|_"
                            + "|__CF.*"));
    boolean free = sandbox == Sandbox.NONE; // shows that the prisoner tries the right things
    assertThat(report.connects()).isEqualTo(free);
    assertThat(report.reads()).isEqualTo(free);
    assertThat(report.writes()).isEqualTo(free);
    if (!free) {
      assertThat(report.seesSecret()).isFalse();
    }
  }

  @Test
  void theEnvironmentIsAListOfNames() {
    Map<String, String> environment =
        HelperCommand.environment(
            Map.of(
                "AWS_SECRET_ACCESS_KEY", "x",
                "HADOOP_TOKEN_FILE_LOCATION", "x",
                "HOME", "x",
                "JAVA_TOOL_OPTIONS", "x",
                "LD_PRELOAD", "x",
                "PATH", "x",
                "LANG", "de_DE.UTF-8",
                "LC_ALL", "C",
                "TZ", "UTC"));

    assertThat(environment)
        .containsOnlyKeys("LANG", "LC_ALL", "TZ", "PATH", "MALLOC_ARENA_MAX")
        .containsEntry("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
  }

  @Test
  void theHelperIsToldNoSettingsOfItsExecutor() throws IOException {
    System.setProperty("org.bytedeco.javacpp.mavenpassword", SECRET);
    try {
      assertThat(
              HelperCommand.of(
                      Sandbox.NONE, DecodeLimits.LEAST_MEMORY_BYTES, folder.resolve("spool"))
                  .command())
          .noneMatch(word -> word.contains(SECRET));
    } finally {
      System.clearProperty("org.bytedeco.javacpp.mavenpassword");
    }
  }

  /** Signals reach the decoder from inside a sandbox as they do without. */
  @ParameterizedTest
  @CsvSource({
    "BWRAP, ABRT, 6, SIGABRT",
    "BWRAP, SEGV, 11, SIGSEGV",
    "BWRAP, KILL, 9, SIGKILL",
    "UNSHARE, ABRT, 6, SIGABRT",
    "UNSHARE, SEGV, 11, SIGSEGV",
    "UNSHARE, KILL, 9, SIGKILL",
    "NONE, ABRT, 6, SIGABRT"
  })
  void aCrashHasTheSameCauseInEverySandbox(
      SandboxChoice choice, String signal, int number, String name) throws IOException {
    if (!Helpers.work(choice)) {
      return;
    }
    byte[] video = TestVideos.encode(VideoFormat.H264_MP4, 48, 64, 10, 30);
    AtomicBoolean decoding = new AtomicBoolean();
    HookedInput in =
        new HookedInput(
            video,
            position -> {
              decoding.set(true);
              Helpers.signal(signal);
            });

    Collected dead =
        Collected.cut(
            in,
            new DecodeLimits(Isolation.PROCESS, choice, Duration.ofMinutes(1), 256L << 20),
            TimeSpan.WHOLE);

    assertThat(decoding).isTrue();
    assertThat(dead.bad.get(0).getMessage())
        .startsWith("the decoder died (signal %d, %s".formatted(number, name));
    assertThat(dead.bad.get(0).kind()).isEqualTo(BadKind.DIED);
  }

  @ParameterizedTest
  @EnumSource(value = SandboxChoice.class, names = "AUTO", mode = Mode.EXCLUDE)
  void memoryIsLimitedInEverySandbox(SandboxChoice choice) throws IOException {
    if (!Helpers.work(choice)) {
      return;
    }
    byte[] large = TestVideos.encode(VideoFormat.MPEG4_AVI, 2160, 3840, 10, 6);

    Collected cut =
        Collected.cut(
            HookedInput.plain(large),
            new DecodeLimits(Isolation.PROCESS, choice, Duration.ofMinutes(1), 128L << 20),
            TimeSpan.WHOLE);

    assertThat(cut.bad.get(0))
        .hasMessage("decoding took more than 128 MiB of memory (prepare.memory-limit)");
  }

  @Test
  void autoIsTheFirstThatWorks() throws IOException {
    Confinement auto = Confinement.of(SandboxChoice.AUTO);

    assertThat(auto.failures()).hasSize(List.of(Sandbox.values()).indexOf(auto.sandbox()));
    assertThat(Helpers.work(SandboxChoice.valueOf(auto.sandbox().name()))).isTrue();
  }

  @Test
  void theLineNamesWhatIsInEffectAndWhy() {
    assertThat(new Confinement(Sandbox.BWRAP, List.of()).words())
        .isEqualTo("Helper processes run under bwrap: no network, a private view of files");
    assertThat(new Confinement(Sandbox.UNSHARE, List.of("bwrap: bwrap is not installed")).words())
        .isEqualTo(
            "Helper processes run under unshare: no network, a private view of files (bwrap: bwrap"
                + " is not installed)");
    assertThat(new Confinement(Sandbox.NONE, List.of()).words())
        .isEqualTo(
            "Helper processes run without a sandbox and reach network and files of their user:"
                + " prepare.sandbox=none");
    assertThat(new Confinement(Sandbox.NONE, List.of("bwrap: b", "unshare: u")).words())
        .isEqualTo(
            "Helper processes run without a sandbox and reach network and files of their user: none"
                + " works here (bwrap: b; unshare: u); install bubblewrap and allow its user"
                + " namespaces");
  }

  @Test
  void aProgramThatIsMissingIsNamed() {
    assertThatThrownBy(() -> Sandbox.program("no-such-program", ""))
        .isInstanceOf(IOException.class)
        .hasMessage("no-such-program is not installed");
  }
}
