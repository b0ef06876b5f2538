package vivit.dataprep.config;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.OpenFileSystem;

/** A place of configuration text that the user names: a file, or a resource of the class path. */
sealed interface ConfigPlace {
  /** The name, for messages. */
  String name();

  /** Opens the text; empty if there is none in this place. */
  Optional<InputStream> open() throws IOException;

  /** The place of this name next to this one. */
  ConfigPlace beside(String other);

  /** Reads the text, but no more of it than a configuration may have. */
  default Optional<String> read() throws IOException {
    try (InputStream in = open().orElse(null)) {
      // A character has at most four bytes; longer text is refused by its length.
      return in == null
          ? Optional.empty()
          : Optional.of(
              new String(in.readNBytes(4 * HoconText.MOST_CHARACTERS + 4), StandardCharsets.UTF_8));
    }
  }

  /**
   * A file of the local disk.
   *
   * @param name as the user gave it
   */
  record LocalFile(File file, String name) implements ConfigPlace {
    /** A file under its name relative to the working directory, if it is inside. */
    static LocalFile of(File file) {
      String path = file.getAbsolutePath();
      String here = System.getProperty("user.dir") + File.separator;
      return new LocalFile(file, path.startsWith(here) ? path.substring(here.length()) : path);
    }

    @Override
    public Optional<InputStream> open() throws IOException {
      return file.isFile()
          ? Optional.of(java.nio.file.Files.newInputStream(file.toPath()))
          : Optional.empty();
    }

    @Override
    public ConfigPlace beside(String other) {
      File named = new File(other);
      return of(named.isAbsolute() ? named : new File(file.getAbsoluteFile().getParent(), other));
    }
  }

  /** A file of a Hadoop file system. */
  record RemoteFile(Path path) implements ConfigPlace {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public Optional<InputStream> open() throws IOException {
      try {
        return Optional.of(OpenFileSystem.of(path, new Configuration()).open(path));
      } catch (FileNotFoundException none) {
        return Optional.empty();
      }
    }

    @Override
    public ConfigPlace beside(String other) {
      return new RemoteFile(new Path(path.getParent(), new Path(null, null, other)));
    }
  }

  /** A resource of the product, or of the class path that Spark makes of the user's jars. */
  record Resource(String name) implements ConfigPlace {
    @Override
    public Optional<InputStream> open() {
      InputStream ours = Resource.class.getClassLoader().getResourceAsStream(name);
      ClassLoader others = Thread.currentThread().getContextClassLoader();
      return Optional.ofNullable(
          ours == null && others != null ? others.getResourceAsStream(name) : ours);
    }

    @Override
    public ConfigPlace beside(String other) {
      return new Resource(
          other.startsWith("/")
              ? other.substring(1)
              : name.substring(0, name.lastIndexOf('/') + 1) + other);
    }
  }
}
