package vivit.dataprep.storage;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.ipc.RemoteException;

/**
 * The sentence for a failure of a file system, such as a NameNode that does not answer, a full disk
 * or a lost block: {@code Cannot use PATH: what is wrong; what to do. Hadoop says: its own text}.
 */
public final class StorageFailure {
  private static final String TEXT = " Hadoop says: ";

  /** The path in a text of the JDK. */
  private static final Pattern LOCAL_PATH = Pattern.compile("^FileNotFoundException: (/.*) \\(");

  /** The path in a text of HDFS, which has no scheme and no host. */
  private static final Pattern PATH =
      Pattern.compile(
          "(?:file=|inode=\"|directory |quota of |File |^\\w+: Cannot [a-z ]+?)(/[^\\s\"]*?)(?=[\"\\s,]|\\. |$)");

  private static final Pattern ENDPOINT = Pattern.compile(" to (\\S+:\\d+) failed");
  private static final Pattern RIGHT = Pattern.compile("user=([^,]+), access=(\\w+)");
  private static final Pattern HOST =
      Pattern.compile("UnknownHostException: (?:.*UnknownHostException: )?\"?([^\\s\":;]+)");

  /**
   * A kind of failure.
   *
   * @param text pattern of Hadoop's text, which begins with the simple name of the exception
   * @param unreachable whether no file of the file system can be used
   * @param sentence what is wrong and what to do, from Hadoop's text
   */
  private record FailureKind(Pattern text, boolean unreachable, Function<String, String> sentence) {
    static FailureKind reach(String text, Function<String, String> sentence) {
      return new FailureKind(Pattern.compile(text), true, sentence);
    }

    static FailureKind use(String text, Function<String, String> sentence) {
      return new FailureKind(Pattern.compile(text), false, sentence);
    }
  }

  /** The first that fits. */
  private static final List<FailureKind> KINDS =
      List.of(
          FailureKind.reach(
              "UnknownHostException",
              text -> noAddress(found(HOST, text).map(host -> host.group(1)).orElse("there"))),
          FailureKind.reach(
              "Connection refused",
              text ->
                  "nothing listens at %s; correct host and port (fs.defaultFS in the cluster's core-site.xml has them), or start the service"
                      .formatted(
                          found(ENDPOINT, text).map(end -> end.group(1)).orElse("that address"))),
          FailureKind.reach(
              "^(ConnectTimeoutException|SocketTimeoutException|NoRouteToHostException)"
                  + "|[Cc]onnect(ion)? timed out",
              text -> "it does not answer; check host, port, network and firewalls"),
          FailureKind.reach(
              "End of File Exception between|\\bRpc\\w*Exception|InvalidProtocolBuffer|end-group tag",
              text ->
                  "what listens there does not answer as a NameNode; give the NameNode's port for clients, mostly 8020 or 9000, not that of its web page"),
          FailureKind.reach(
              "^StandbyException|not supported in state standby",
              text ->
                  "that NameNode is on standby; name the cluster's name service in its place, with the cluster's hdfs-site.xml in HADOOP_CONF_DIR, or the active NameNode"),
          FailureKind.reach(
              "SIMPLE authentication is not enabled|cannot authenticate via|GSS initiate failed",
              text ->
                  "it wants to know who you are by Kerberos; run kinit, or give --principal and --keytab"),
          FailureKind.reach(
              "^NoAuthWithAWSException|[Nn]o (AWS )?[Cc]redentials",
              text -> "there are no credentials for it; give those of the object store"),
          FailureKind.use(
              "^SafeModeException|in safe mode",
              text ->
                  "HDFS is in safe mode and accepts no changes; wait until it has left it (hdfs dfsadmin -safemode get), then run the same command again"),
          FailureKind.use(
              "QuotaExceededException",
              text ->
                  "its quota is used up; have it raised or delete what is not needed, then run the same command again"),
          FailureKind.use(
              "could only be (written|replicated) to|^DiskOutOfSpaceException",
              text ->
                  "no DataNode takes the data: their disks are full, or none is up; make room or start them, then run the same command again"),
          FailureKind.use(
              "No space left on device|Disk quota exceeded",
              text -> "the disk is full; make room there, then run the same command again"),
          FailureKind.use(
              "^BlockMissingException|Could not obtain block",
              text ->
                  "a block of it is on no DataNode that is up; start the missing ones, or restore the file if they are lost (hdfs fsck tells)"),
          FailureKind.use(
              "^UnknownStoreException", text -> "there is no such bucket; correct the name"),
          FailureKind.use(
              "^AccessControlException|^AccessDeniedException|Permission denied",
              text ->
                  "%s; have it granted, or run the command as another user"
                      .formatted(
                          found(RIGHT, text)
                              .map(
                                  right ->
                                      "the user %s has no right to %s it"
                                          .formatted(right.group(1), verb(right.group(2))))
                              .orElse("access is denied"))));

  /** What a NameNode throws and none of the kinds is. */
  private static final FailureKind OTHER = FailureKind.use("", text -> "the NameNode refuses it");

  private StorageFailure() {}

  /** The sentence for a host whose name cannot be resolved. */
  static String noAddress(String host) {
    return "the host %s has no address; correct the name, or, if it is the name service of a cluster, put the cluster's hdfs-site.xml into HADOOP_CONF_DIR"
        .formatted(host);
  }

  private static Optional<MatchResult> found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
  }

  /** HDFS names the bits: {@code WRITE_EXECUTE}; to execute a folder is to enter it. */
  private static String verb(String access) {
    return access.contains("WRITE") ? "write" : access.contains("READ") ? "read" : "enter";
  }

  /**
   * What is wrong with the whole file system of a path; empty if this failure is about single
   * files, or of no known kind.
   */
  static Optional<IOException> unreachable(Path path, Throwable failed) {
    return kind(failed)
        .filter(FailureKind::unreachable)
        .map(kind -> new IOException(sentence(path.toString(), kind, text(failed)), failed));
  }

  /**
   * The sentence for what a file system threw; empty for exceptions that have a sentence of ours
   * already, and for those of unknown kinds. The path is the one in Hadoop's text, or else the
   * address.
   */
  public static Optional<String> sentence(Throwable failed) {
    return kind(failed)
        .map(
            kind -> {
              String text = text(failed);
              String place =
                  file(failed)
                      .or(() -> found(LOCAL_PATH, text).map(found -> found.group(1)))
                      .or(() -> found(PATH, text).map(found -> found.group(1)))
                      .or(() -> found(ENDPOINT, text).map(found -> found.group(1)))
                      .orElse("the file system");
              return sentence(place, kind, text);
            });
  }

  private static Optional<String> file(Throwable failed) {
    return failed instanceof FileSystemException local
        ? Optional.ofNullable(local.getFile())
        : Optional.empty();
  }

  private static String sentence(String place, FailureKind kind, String text) {
    return "Cannot use %s: %s.%s%s".formatted(place, kind.sentence().apply(text), TEXT, text);
  }

  private static Optional<FailureKind> kind(Throwable failed) {
    if (!isForeign(failed)) {
      return Optional.empty();
    }
    String text = text(failed);
    return KINDS.stream()
        .filter(kind -> kind.text().matcher(text).find())
        .findFirst()
        .or(() -> failed instanceof RemoteException ? Optional.of(OTHER) : Optional.empty());
  }

  /** What this program throws is a plain exception or of a class of its own. */
  private static boolean isForeign(Throwable failed) {
    String name = failed.getClass().getName();
    return failed instanceof FSError
        || (failed instanceof IOException
            && !name.startsWith("vivit.")
            && (!name.equals(IOException.class.getName())
                || String.valueOf(failed.getMessage()).startsWith("DestHost:destPort")));
  }

  /** The first line, without the stack trace of a NameNode that may follow it. */
  private static String text(Throwable failed) {
    String name =
        failed instanceof RemoteException remote
            ? remote.getClassName()
            : failed.getClass().getName();
    String message = String.valueOf(failed.getMessage());
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1)
        + ": "
        + message.lines().findFirst().orElse("").strip();
  }
}
