package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * The bill of materials has every library of the launcher's class path, native ones included, by
 * its checksum; those in the jar for spark-submit as required, those that Spark brings as optional.
 */
class BillOfMaterialsIT {
  private static final Path BUILT = Path.of("../vivit-spark/target");

  @Test
  void namesWhatIsInTheJarAndWhatSparkBrings() throws Exception {
    Map<String, String> found = new TreeMap<>();
    try (ZipFile application = new ZipFile(BUILT.resolve("vivit-spark.jar").toFile())) {
      String libraries = Files.readString(BUILT.resolve("classpath")).trim();
      for (String library : libraries.split(File.pathSeparator, -1)) {
        Path jar = Path.of(library);
        String scope = isIn(application, jar) ? "required" : "optional";
        found.put(sha256(jar), jar.getFileName() + " " + scope);
      }
    }
    Map<String, String> listed = new TreeMap<>();
    JsonNode bill = new ObjectMapper().readTree(BUILT.resolve("bom.json").toFile());
    for (JsonNode component : bill.get("components")) {
      listed.put(sha256(component), file(component) + " " + component.get("scope").asText());
    }

    assertThat(listed).isEqualTo(found);
    assertThat(found.values())
        .anyMatch(library -> library.matches("ffmpeg-.*-(linux|macosx)-.*\\.jar required"))
        .anyMatch(library -> library.matches("spark-core_.*\\.jar optional"));
  }

  /** Whether the application has a class or native library of this jar. */
  private static boolean isIn(ZipFile application, Path jar) throws IOException {
    try (ZipFile library = new ZipFile(jar.toFile())) {
      return library.stream()
          .filter(entry -> entry.getName().matches(".*\\.(class|so|dylib)(\\.\\d+)*"))
          .anyMatch(entry -> isSame(application.getEntry(entry.getName()), entry));
    }
  }

  private static boolean isSame(ZipEntry mine, ZipEntry other) {
    return mine != null && mine.getCrc() == other.getCrc();
  }

  private static String file(JsonNode component) {
    String classifier =
        component.get("purl").asText().replaceAll("[^?]*\\?(?:classifier=([^&]*)&)?.*", "-$1");
    return component.get("name").asText()
        + "-"
        + component.get("version").asText()
        + (classifier.length() > 1 ? classifier : "")
        + ".jar";
  }

  private static String sha256(JsonNode component) {
    for (JsonNode hash : component.get("hashes")) {
      if (hash.get("alg").asText().equals("SHA-256")) {
        return hash.get("content").asText();
      }
    }
    return "none";
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      byte[] buffer = new byte[1 << 16];
      while (in.read(buffer) >= 0) {}
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
