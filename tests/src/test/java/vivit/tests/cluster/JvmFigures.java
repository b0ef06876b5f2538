package vivit.tests.cluster;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;

/**
 * What a JVM of this machine takes at the moment.
 *
 * @param heap bytes after a garbage collection
 * @param tensors bytes that JavaCPP has allocated
 * @param resident bytes of physical memory, as JavaCPP counts them
 * @param descriptors open files and connections
 */
public record JvmFigures(long heap, long tensors, long resident, long descriptors, long threads) {

  /** Measures another JVM of this class path, from within. */
  public static JvmFigures of(ProcessHandle jvm, Path folder) throws Exception {
    Path answer = folder.resolve("figures-" + jvm.pid());
    VirtualMachine machine = VirtualMachine.attach(Long.toString(jvm.pid()));
    try {
      machine.loadAgent(AgentJar.write(folder, JvmFigures.class).toString(), answer.toString());
    } finally {
      machine.detach();
    }
    long[] figures =
        Arrays.stream(Files.readString(answer).split(" ", -1)).mapToLong(Long::parseLong).toArray();
    return new JvmFigures(figures[0], figures[1], figures[2], figures[3], figures[4]);
  }

  /** Measures this JVM; called in the one that is measured. */
  public static void agentmain(String answer) throws IOException {
    // Objects that a first collection finalises or whose references it enqueues go with a second.
    System.gc();
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long threads = ManagementFactory.getThreadMXBean().getThreadCount();
    long descriptors;
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      descriptors = open.count();
    }
    Files.writeString(
        Path.of(answer),
        LongStream.of(heap, Pointer.totalBytes(), Pointer.physicalBytes(), descriptors, threads)
            .mapToObj(Long::toString)
            .collect(Collectors.joining(" ")));
  }
}
