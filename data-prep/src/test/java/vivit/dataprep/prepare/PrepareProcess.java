package vivit.dataprep.prepare;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.PrepareShards;

/** {@code vivit prepare} on two threads of a virtual machine of its own. */
final class PrepareProcess {
  private PrepareProcess() {}

  /** Its command line. */
  static List<String> command(List<String> keys) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dspark.ui.enabled=false"));
    command.addAll(List.of("-Dspark.master=local[2]", "-Dspark.driver.host=127.0.0.1"));
    command.addAll(List.of("-Dspark.driver.bindAddress=127.0.0.1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(PrepareShards.class.getName());
    command.addAll(keys);
    return command;
  }
}
