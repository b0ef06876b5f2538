package vivit.dataprep.isolation;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Runs in the place of a helper and tells what it can reach. */
final class Prisoner {
  private static final int PATIENCE_MILLIS = 2000;

  private Prisoner() {}

  /**
   * What a prisoner has found out.
   *
   * @param environment names of its variables
   */
  record Report(
      List<String> environment,
      boolean connects,
      boolean reads,
      boolean writes,
      boolean seesSecret) {

    /** Parses the lines of a prisoner. */
    static Report of(List<String> lines) {
      return new Report(
          List.of(lines.get(0).split(" ", -1)),
          Boolean.parseBoolean(lines.get(1)),
          Boolean.parseBoolean(lines.get(2)),
          Boolean.parseBoolean(lines.get(3)),
          Boolean.parseBoolean(lines.get(4)));
    }
  }

  /** Starts a prisoner from a virtual machine that has a secret in its environment. */
  static final class Warden {
    private Warden() {}

    /** {@code SANDBOX SPOOL} and the arguments of the prisoner. */
    public static void main(String[] args) throws Exception {
      List<String> arguments = new ArrayList<>(List.of("/dev/fd/3"));
      arguments.addAll(List.of(args).subList(2, args.length));
      Process prisoner =
          HelperCommand.of(
                  Sandbox.valueOf(args[0]),
                  DecodeLimits.LEAST_MEMORY_BYTES,
                  Path.of(args[1]),
                  Prisoner.class,
                  arguments)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      prisoner.getInputStream().transferTo(System.out);
      System.exit(prisoner.waitFor());
    }
  }

  /** {@code OUTPUT PORT FILE SECRET}: a port of this machine, a file, a secret of the executor. */
  public static void main(String[] args) throws IOException {
    try (PrintStream out =
        new PrintStream(new FileOutputStream(args[0]), true, StandardCharsets.UTF_8)) {
      out.println(String.join(" ", new TreeSet<>(System.getenv().keySet())));
      out.println(connects(Integer.parseInt(args[1])));
      out.println(new File(args[2]).canRead() || new File(args[2]).getParentFile().list() != null);
      out.println(writes());
      out.println(seesSecret(args[3]));
    }
  }

  private static boolean connects(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean writes() {
    for (String folder : new String[] {"/", "/tmp", "/dev", "/dev/shm", "/usr", "/var/tmp"}) {
      try {
        Files.delete(Files.createTempFile(Path.of(folder), "prisoner", ""));
        return true;
      } catch (IOException e) {
        continue;
      }
    }
    return false;
  }

  /** Whether the environment of any process in sight holds a text. */
  private static boolean seesSecret(String secret) {
    File[] processes = new File("/proc").listFiles();
    for (File process : processes == null ? new File[0] : processes) {
      try {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Files.copy(process.toPath().resolve("environ"), bytes);
        if (bytes.toString(StandardCharsets.ISO_8859_1).contains(secret)) {
          return true;
        }
      } catch (IOException e) {
        continue;
      }
    }
    return false;
  }
}
