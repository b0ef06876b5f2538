package vivit.dataprep.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.isolation.DecodeLimits.Isolation;
import vivit.dataprep.isolation.DecodeLimits.SandboxChoice;
import vivit.dataprep.video.VideoWriter.VideoFormat;

/** Helpers leave no processes, descriptors, threads or files behind. */
class HelperLifeTest {
  private static final DecodeLimits LIMITS =
      new DecodeLimits(Isolation.PROCESS, SandboxChoice.AUTO, Duration.ofMinutes(1), 256L << 20);
  private static final int VIDEOS = 60;
  private static final int THREADS = 3;
  private static final long PATIENCE_SECONDS = 30;

  private static byte[] video;

  @BeforeAll
  static void encode() throws IOException {
    video = TestVideos.encode(VideoFormat.H264_MP4, 48, 64, 10, 30);
  }

  @BeforeEach
  @AfterEach
  void noHelpers() {
    Helpers.closeIdle();
    assertThat(Helpers.alive()).isEmpty();
  }

  private static List<Integer> decode() throws IOException {
    return Collected.cut(HookedInput.plain(video), LIMITS, TimeSpan.WHOLE).numbers(0);
  }

  private static long descriptors() {
    return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
        .getOpenFileDescriptorCount();
  }

  private static long readers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("decoder messages"))
        .count();
  }

  @Test
  void manyVideosGoThroughOneHelper() throws IOException {
    List<Integer> numbers = decode();
    List<Long> helper = Helpers.alive();
    long descriptors = descriptors();

    for (int i = 0; i < VIDEOS; i++) {
      assertThat(decode()).isEqualTo(numbers);
    }

    assertThat(helper).hasSize(1);
    assertThat(Helpers.alive()).isEqualTo(helper);
    assertThat(descriptors()).isEqualTo(descriptors);
    assertThat(readers()).isEqualTo(1);
  }

  @Test
  void closedHelpersLeaveNoDescriptorsAndThreads() throws IOException {
    decode();
    Helpers.closeIdle();
    long descriptors = descriptors();

    for (int i = 0; i < 2; i++) {
      decode();
      Helpers.closeIdle();
    }

    assertThat(descriptors()).isEqualTo(descriptors);
    assertThat(readers()).isZero();
  }

  @Test
  void everyThreadHasAHelper() throws Exception {
    List<Integer> numbers = decode();
    Set<Long> seen = ConcurrentHashMap.newKeySet();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<List<Integer>>> tasks = new ArrayList<>();
      for (int i = 0; i < 10 * THREADS; i++) {
        tasks.add(
            () -> {
              seen.addAll(Helpers.alive());
              return decode();
            });
      }
      for (Future<List<Integer>> decoded : threads.invokeAll(tasks)) {
        assertThat(decoded.get()).isEqualTo(numbers);
      }
    } finally {
      threads.shutdown();
    }
    assertThat(Helpers.alive()).hasSizeBetween(1, THREADS);
    assertThat(seen).hasSizeLessThanOrEqualTo(THREADS);
  }

  @Test
  void aHelperOutlivesTheThreadThatStartedIt() throws Exception {
    ExecutorService task = Executors.newSingleThreadExecutor();
    task.submit(HelperLifeTest::decode).get();
    task.shutdown();
    assertThat(task.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    List<Long> helper = Helpers.alive();

    decode();

    assertThat(helper).hasSize(1);
    assertThat(Helpers.alive()).isEqualTo(helper);
  }

  /** Decodes in a virtual machine of its own that waits for its storage for good. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws IOException {
      byte[] file = Files.readAllBytes(Path.of(args[0]));
      HookedInput in =
          new HookedInput(
              file,
              position -> {
                System.out.println(Helpers.alive().get(0));
                Waiting.uninterruptibly(() -> Thread.sleep(Long.MAX_VALUE));
              });
      SandboxChoice sandbox = SandboxChoice.valueOf(args[1]);
      Collected.cut(
          in,
          new DecodeLimits(Isolation.PROCESS, sandbox, Duration.ofMinutes(1), 256L << 20),
          TimeSpan.WHOLE);
    }
  }

  @ParameterizedTest
  @EnumSource(SandboxChoice.class)
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // reading a pipe hears no interrupt
  void aHelperDoesNotOutliveItsParent(SandboxChoice sandbox, @TempDir Path folder)
      throws Exception {
    if (!Helpers.work(sandbox)) {
      return;
    }
    Path file = folder.resolve("video.mp4");
    Files.write(file, video);
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                file.toString(),
                sandbox.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      line = out.readLine();
      assertThat(names(folder)).containsExactly("video.mp4"); // no name is left of the spool
      victim.destroyForcibly(); // SIGKILL
      victim.waitFor();
    }
    ProcessHandle helper = ProcessHandle.of(Long.parseLong(line)).orElse(null);
    if (helper != null) {
      helper.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    assertThat(names(folder)).containsExactly("video.mp4");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aHelperEndsWithoutItsExecutorWhateverItIsDoing(@TempDir Path folder) throws Exception {
    Path spool = Files.createFile(folder.resolve("spool"));
    ProcessBuilder orphan = HelperCommand.of(Sandbox.NONE, LIMITS.memoryBytes(), spool);
    List<String> command = orphan.command();
    command.set(command.size() - 1, "1"); // the process that inherits orphans

    Process process = orphan.redirectError(ProcessBuilder.Redirect.DISCARD).start();

    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
  }
}
