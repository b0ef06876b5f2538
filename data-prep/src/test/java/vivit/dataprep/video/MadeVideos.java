package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Real encoded files, made by FFmpeg's own program on first use or taken from the resources. */
public final class MadeVideos {
  /** Two seconds of moving test pattern, 64 x 48 pixels, 10 frames per second. */
  static final String PATTERN = "-f lavfi -i testsrc2=size=64x48:rate=10:duration=2";

  private static final long LIMIT_SECONDS = 60;
  private static final Map<String, Path> MADE = new ConcurrentHashMap<>();
  private static final Path FOLDER = folder();

  private MadeVideos() {}

  /**
   * A file, made once per JVM and not to be changed.
   *
   * @param name of the file; its end chooses the container
   * @param arguments of {@code ffmpeg} before the file's name, separated by spaces
   */
  public static Path made(String name, String arguments) {
    return MADE.computeIfAbsent(
        name,
        key -> {
          Path file = FOLDER.resolve(name);
          List<String> command = new ArrayList<>(List.of(arguments.split(" ", -1)));
          command.add(file.toString());
          ffmpeg(command);
          return file;
        });
  }

  /** A kept file, of an encoder that the bundled FFmpeg does not have. */
  public static Path kept(String name) {
    return MADE.computeIfAbsent(
        name,
        key -> {
          try (InputStream in = MadeVideos.class.getResourceAsStream("/videos/" + name)) {
            Path file = FOLDER.resolve(name);
            Files.copy(in, file);
            return file;
          } catch (IOException e) {
            throw new IllegalStateException("No test video " + name, e);
          }
        });
  }

  /** A place for a file that lives as long as the made ones. */
  static Path path(String name) {
    return FOLDER.resolve(name);
  }

  /** Runs FFmpeg's program and returns what it said. */
  static String ffmpeg(List<String> arguments) {
    BundledProgram program;
    try {
      program = BundledProgram.get();
    } catch (IOException e) {
      throw new IllegalStateException("Cannot unpack FFmpeg's program", e);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                program.path().toString(),
                "-nostdin",
                "-hide_banner",
                "-y",
                "-bitexact",
                "-threads",
                "1"));
    command.addAll(arguments);
    try {
      File said = File.createTempFile("ffmpeg", ".txt", FOLDER.toFile());
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said);
      builder.environment().put("LD_LIBRARY_PATH", program.libraries());
      Process process = builder.start();
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = Files.readString(said.toPath(), StandardCharsets.UTF_8);
      assertThat(ended && process.exitValue() == 0).as("%s\n%s", command, text).isTrue();
      Files.delete(said.toPath());
      return text;
    } catch (IOException e) {
      throw new IllegalStateException("Cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("vivit-made-videos");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new IllegalStateException("No temporary folder", e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      System.err.println("Left behind " + folder + ": " + e.getMessage());
    }
  }
}
