package vivit.tests.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The jar that names a Java agent; the agent itself is on the class path of every JVM. */
final class AgentJar {
  private AgentJar() {}

  /** Writes a jar for an agent that a JVM runs at its start, or that joins it later. */
  static Path write(Path folder, Class<?> agent) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", agent.getName());
    attributes.putValue("Agent-Class", agent.getName());
    Path file = folder.resolve(agent.getSimpleName() + ".jar");
    try (OutputStream jar = Files.newOutputStream(file)) {
      new JarOutputStream(jar, manifest).close();
    }
    return file;
  }
}
