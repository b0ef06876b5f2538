package vivit.dataprep.video;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;

/**
 * The bundled {@code ffmpeg} program, which measurements compare with. Prepared without loading the
 * libraries of its devices into this JVM, which {@link Loader} would do.
 *
 * @param path of the program
 * @param libraries value of {@code LD_LIBRARY_PATH} for it
 */
public record BundledProgram(Path path, String libraries) {
  private static final String SOUND = "libpulse.so.0";

  private static BundledProgram program;

  /**
   * Unpacks the program on first use.
   *
   * <p>Its libraries need each other, so they are looked for in its own folder; and it is linked to
   * the library of a sound server, which it never calls to decode or encode files, but without
   * which it does not start. Another library stands in for that one.
   */
  public static synchronized BundledProgram get() throws IOException {
    if (program == null) {
      Path folder = Loader.cacheResource(ffmpeg.class, Loader.getPlatform()).toPath();
      Path path = folder.resolve("ffmpeg");
      if (!path.toFile().setExecutable(true)) {
        throw new IOException("Cannot make " + path + " executable");
      }
      Path standIns = Files.createTempDirectory("vivit-ffmpeg");
      standIns.toFile().deleteOnExit();
      Path sound = standIns.resolve(SOUND);
      sound.toFile().deleteOnExit();
      // Any library without versions of its own will do.
      Files.createSymbolicLink(sound, Path.of(Loader.load(avutil.class)));
      program = new BundledProgram(path, folder + File.pathSeparator + standIns);
    }
    return program;
  }
}
