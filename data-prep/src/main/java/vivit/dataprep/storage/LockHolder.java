package vivit.dataprep.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The holder of a folder, as recorded in the lock file.
 *
 * @param host name of the machine
 * @param pid process on that machine
 * @param processStarted start time of that process; distinguishes it from a later one with the same
 *     id
 * @param since when it locked the folder
 * @param purpose its command, such as {@code prepare}
 * @param token distinguishes locks of one process
 */
record LockHolder(
    String host, long pid, Instant processStarted, Instant since, String purpose, String token) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static LockHolder thisProcess(String purpose) {
    ProcessHandle self = ProcessHandle.current();
    return new LockHolder(
        thisHost(),
        self.pid(),
        started(self),
        Instant.now(),
        purpose,
        UUID.randomUUID().toString());
  }

  /** Whether it runs on this machine, so that its process can be looked up. */
  boolean isHere() {
    return host.equals(thisHost());
  }

  /** Whether its process still runs; only meaningful on its own machine. */
  boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> !isZombie(process))
        .filter(process -> started(process).equals(processStarted))
        .isPresent();
  }

  byte[] toJson() {
    ObjectNode node = JSON.createObjectNode();
    node.put("host", host);
    node.put("pid", pid);
    node.put("process_started", processStarted.toString());
    node.put("since", since.toString());
    node.put("purpose", purpose);
    node.put("token", token);
    return node.toPrettyString().getBytes(StandardCharsets.UTF_8);
  }

  /** Parses a lock file; empty if it is incomplete or invalid. */
  static Optional<LockHolder> parse(byte[] json) {
    try {
      JsonNode node = JSON.readTree(new String(json, StandardCharsets.UTF_8));
      if (node == null || !node.hasNonNull("token")) {
        return Optional.empty();
      }
      return Optional.of(
          new LockHolder(
              node.path("host").asText(),
              node.path("pid").asLong(),
              Instant.parse(node.path("process_started").asText()),
              Instant.parse(node.path("since").asText()),
              node.path("purpose").asText(),
              node.path("token").asText()));
    } catch (JsonProcessingException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Whether a process has ended but has not been reaped; known on Linux only. */
  private static boolean isZombie(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return stat.startsWith(") Z", stat.lastIndexOf(')'));
    } catch (IOException e) {
      return false;
    }
  }

  private static Instant started(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
