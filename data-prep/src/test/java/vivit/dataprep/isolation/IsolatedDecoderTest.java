package vivit.dataprep.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.isolation.DecodeLimits.Isolation;
import vivit.dataprep.isolation.DecodeLimits.SandboxChoice;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.CutSink.CutTubelets;
import vivit.dataprep.video.HadoopVideoInput;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoWriter.VideoFormat;

@Timeout(120)
class IsolatedDecoderTest {
  private static final long MEMORY = 512L << 20;
  private static final DecodeLimits LIMITS =
      new DecodeLimits(Isolation.PROCESS, SandboxChoice.AUTO, Duration.ofMinutes(1), MEMORY);
  private static final DecodeLimits SHORT =
      new DecodeLimits(Isolation.PROCESS, SandboxChoice.AUTO, Duration.ofSeconds(1), MEMORY);
  private static final TimeSpan FIRST = new TimeSpan(0, 1);
  private static final TimeSpan SECOND = new TimeSpan(1, 2);
  private static final TimeSpan THIRD = new TimeSpan(2, 3);
  private static final List<Integer> FIRST_NUMBERS = List.of(0, 2, 4, 6, 2, 4, 6, 8);

  private static byte[] video;

  @BeforeAll
  static void encode() throws IOException {
    video = TestVideos.encode(VideoFormat.H264_MP4, 48, 64, 10, 30);
  }

  @AfterAll
  static void noHelpers() {
    Helpers.closeIdle();
    assertThat(Helpers.alive()).isEmpty();
  }

  private static void assertFine(DecodeLimits limits) throws IOException {
    Collected fine = Collected.cut(HookedInput.plain(video), limits, FIRST);
    assertThat(fine.bad).isEmpty();
    assertThat(fine.numbers(0)).isEqualTo(FIRST_NUMBERS);
  }

  /** An input whose first {@code times} reads send a signal to all helpers. */
  private static HookedInput signalled(String signal, int times) {
    AtomicInteger left = new AtomicInteger(times);
    return new HookedInput(
        video,
        position -> {
          if (left.getAndDecrement() > 0) {
            Helpers.signal(signal);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Isolation.class)
  void givesTheClipsOfEveryRequestInTheirOrder(Isolation isolation) throws IOException {
    DecodeLimits limits =
        new DecodeLimits(isolation, SandboxChoice.AUTO, Duration.ofMinutes(1), MEMORY);

    Collected cut =
        Collected.cut(HookedInput.plain(video), limits, FIRST, new TimeSpan(7, 8), TimeSpan.WHOLE);

    assertThat(cut.order).containsExactly(0, 1, 2);
    assertThat(cut.numbers(0)).isEqualTo(FIRST_NUMBERS);
    assertThat(cut.numbers(2)).containsExactly(0, 2, 4, 6, 22, 24, 26, 28);
    assertThat(cut.videos.get(0).clips()).extracting(c -> c.view()).containsExactly(0, 1);
    assertThat(cut.videos.get(1).clips()).extracting(c -> c.request()).containsExactly(2, 2);
    assertThat(cut.videos.get(0).clips().get(1).origin().timestamps())
        .containsExactly(new double[] {0.2, 0.4, 0.6, 0.8}, within(1e-9));
    assertThat(cut.videos.get(0).clips().get(0).origin().sourceWidth()).isEqualTo(64);
    assertThat(cut.bad).hasSize(1);
    assertThat(cut.bad.get(0))
        .hasMessage("its annotated part starts at 7.000 s, the video ends at 3.000 s");
  }

  @ParameterizedTest
  @EnumSource(Isolation.class)
  void whatIsNoVideoHasTheSameCauseEverywhere(Isolation isolation) throws IOException {
    DecodeLimits limits =
        new DecodeLimits(isolation, SandboxChoice.AUTO, Duration.ofMinutes(1), MEMORY);
    byte[] text = "<html>not found</html>".getBytes(StandardCharsets.UTF_8);

    Collected cut = Collected.cut(HookedInput.plain(text), limits, FIRST, SECOND);

    assertThat(cut.order).containsExactly(0, 1);
    assertThat(cut.bad).allSatisfy(bad -> assertThat(bad).hasMessage("it is not a video file"));
  }

  @Test
  void aFileThatIsNotThereIsBad() throws IOException {
    Collected cut = new Collected();
    IsolatedDecoder.cut(
        () ->
            HadoopVideoInput.open(
                FileSystem.getLocal(new Configuration()), new Path("/no/such/file.mp4")),
        Collected.requests(FIRST, SECOND),
        Collected.SETTINGS,
        LIMITS,
        cut);
    assertThat(cut.order).containsExactly(0, 1);
    assertThat(cut.bad.get(0)).hasMessage("the file does not exist");
  }

  @Test
  void aDecoderThatHangsCostsOneVideo() throws IOException {
    Collected hung = Collected.cut(signalled("STOP", 9), SHORT, FIRST);

    assertThat(hung.order).containsExactly(0);
    assertThat(hung.bad.get(0))
        .hasMessage("decoding took longer than 1 second (prepare.time-limit)");
    assertThat(hung.bad.get(0).kind()).isEqualTo(BadKind.TIMEOUT);
    assertFine(LIMITS);
  }

  @ParameterizedTest
  @CsvSource({"SEGV, 11, SIGSEGV", "KILL, 9, SIGKILL"})
  void aDecoderThatDiesCostsOneVideo(String signal, int number, String name) throws IOException {
    Collected dead = Collected.cut(signalled(signal, 9), LIMITS, FIRST);

    assertThat(dead.order).containsExactly(0);
    assertThat(dead.bad.get(0).getMessage())
        .startsWith("the decoder died (signal %d, %s".formatted(number, name));
    assertThat(dead.bad.get(0).position()).isEqualTo("byte " + video.length);
    assertThat(dead.bad.get(0).kind()).isEqualTo(BadKind.DIED);
    assertFine(LIMITS);
  }

  @Test
  void aHelperThatSomebodyKillsOnceCostsNothing() throws IOException {
    Collected cut = Collected.cut(signalled("KILL", 1), LIMITS, FIRST);
    assertThat(cut.numbers(0)).isEqualTo(FIRST_NUMBERS);
  }

  @Test
  void ofAGroupOnlyTheCulpritIsLost() throws IOException {
    AtomicInteger reads = new AtomicInteger();
    // In one go the helper dies at its first read; alone, the second of three does.
    HookedInput in =
        new HookedInput(
            video,
            position -> {
              int read = reads.getAndIncrement();
              if (read == 0 || poisoned(read)) {
                Helpers.signal("KILL");
              }
            });
    int readsOfOne = readsOfOneRequest();
    poison = new int[] {1 + readsOfOne, 2 + readsOfOne};

    Collected cut = Collected.cut(in, LIMITS, FIRST, SECOND, THIRD);

    assertThat(cut.order).containsExactly(0, 1, 2);
    assertThat(cut.bad).hasSize(1);
    assertThat(cut.numbers(0)).isEqualTo(FIRST_NUMBERS);
    assertThat(cut.numbers(1)).isEmpty();
    assertThat(cut.numbers(2)).hasSize(8);
  }

  private int[] poison = new int[2];

  private boolean poisoned(int read) {
    return read >= poison[0] && read < poison[1];
  }

  private static int readsOfOneRequest() throws IOException {
    AtomicInteger reads = new AtomicInteger();
    Collected.cut(new HookedInput(video, position -> reads.incrementAndGet()), LIMITS, FIRST);
    return reads.get();
  }

  @Test
  void memoryIsLimited() throws IOException {
    DecodeLimits small =
        new DecodeLimits(Isolation.PROCESS, SandboxChoice.AUTO, Duration.ofMinutes(1), 128L << 20);
    byte[] large = TestVideos.encode(VideoFormat.MPEG4_AVI, 2160, 3840, 10, 6);

    Collected cut = Collected.cut(HookedInput.plain(large), small, TimeSpan.WHOLE);

    assertThat(cut.order).containsExactly(0);
    assertThat(cut.bad.get(0))
        .hasMessage("decoding took more than 128 MiB of memory (prepare.memory-limit)");
    assertThat(cut.bad.get(0).kind()).isEqualTo(BadKind.MEMORY);
    assertFine(small);
  }

  @Test
  void storageThatFailsIsNotTheVideosFault() throws IOException {
    HookedInput broken =
        new HookedInput(
            video,
            position -> {
              throw new IOException("the data node is gone");
            });
    assertThatThrownBy(() -> Collected.cut(broken, LIMITS, FIRST))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the data node is gone");
    assertThat(Helpers.alive()).isEmpty();
    assertFine(LIMITS);
  }

  @Test
  void anInterruptStopsTheHelperAtOnce() throws IOException {
    HookedInput stopped =
        new HookedInput(
            video,
            position -> {
              Helpers.signal("STOP");
              Thread.currentThread().interrupt();
            });
    assertThatThrownBy(() -> Collected.cut(stopped, LIMITS, FIRST))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Helpers.alive()).isEmpty();
    assertFine(LIMITS);
  }

  @Test
  void aConsumerThatFailsGetsItsExceptionAndTheHelperGoesOn() throws IOException {
    assertFine(LIMITS);
    List<Long> before = Helpers.alive();
    IsolatedDecoder.Results full =
        new IsolatedDecoder.Results() {
          @Override
          public void video(int request, Iterable<CutTubelets> clips, CutStatistics statistics)
              throws IOException {
            throw new IOException("the shard is full");
          }

          @Override
          public void bad(int request, UndecodableVideoException cause) {
            throw new AssertionError(cause);
          }
        };
    assertThatThrownBy(
            () ->
                IsolatedDecoder.cut(
                    HookedInput.plain(video),
                    Collected.requests(FIRST),
                    Collected.SETTINGS,
                    LIMITS,
                    full))
        .hasMessage("the shard is full");
    assertFine(LIMITS);
    assertThat(Helpers.alive()).isEqualTo(before);
  }
}
