package vivit.dataprep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What configurations of the user, and stored ones, may include. */
class IncludesTest {
  @TempDir Path folder;
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;
  private String url;

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          byte[] answer = "seed = 5".getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/x.conf";
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include url(\"URL\")",
        "include \"URL\"",
        "include required(url(\"URL\"))",
        "include required(\"URL\")",
        "include # a comment\n  url(\"URL\")",
        "prepare { include url(\"URL\") }",
        "prepare.heads = [ { include \"URL\" } ]",
        "a=\"include \\\"x\\\"\", include \"URL\""
      })
  void noConfigurationFetchesUrls(String text) throws Exception {
    String hocon = text.replace("URL", url);
    Path file = write("user.conf", "seed = 3 // include \"y\"\n" + hocon + "\n");

    ConfigException user = refused(file);
    ConfigException stored =
        catchThrowableOfType(
            () -> EffectiveConfig.read("\n" + hocon, "state.json"), ConfigException.class);

    assertThat(user)
        .hasMessage(
            "%s: 2: found an include of the URL %s; expected a file or a resource of the class path; download it, look at it, and include the file",
            file, url);
    assertThat(stored)
        .hasMessageStartingWith(
            "state.json: 2: found an include of the URL "
                + url
                + ", but a stored configuration includes nothing");
    assertThat(requests).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/hostname",
        "jar:file:///x.jar!/x.conf",
        "ftp://127.0.0.1/x.conf",
        "hdfs://namenode/x.conf",
        "s3a://bucket/x.conf"
      })
  void urlsOfAnySchemeAreRefused(String other) throws Exception {
    Path file = write("user.conf", "include \"" + other + "\"\n");

    assertThat(refused(file)).hasMessageContaining(": 1: found an include of the URL " + other);
  }

  @Test
  void aUrlInsideAnIncludedFileIsNamedThere() throws Exception {
    Path inner = write("inner.conf", "\n\ninclude url(\"" + url + "\")\n");
    Path file = write("user.conf", "include \"inner\"\n");

    assertThat(refused(file)).hasMessageStartingWith(inner + ": 3: found an include of the URL");
    assertThat(requests).hasValue(0);
  }

  @Test
  void filesAndResourcesAreIncluded() throws Exception {
    write("near.conf", "seed = 7\n");
    Path far = write("far.conf", "train { epochs = 4 }\n");
    write("values.json", "{\"batch-size\": 16}\n");
    write("more.properties", "train.workers = 3\n");
    Path file =
        write(
            "user.conf",
            """
            include classpath("conf/tiny.conf")
            include "near.conf"
            include required(file("%s"))
            train { include "values" }
            include "more"
            """
                .formatted(far));

    StrictConfig config = StrictConfig.load(file.toString());

    Section train = config.section("train");
    assertThat(config.section("").integer("seed", 0, 9)).isEqualTo(7);
    assertThat(train.integer("workers", 0, 9)).isEqualTo(3);
    assertThat(train.integer("epochs", 0, 9)).isEqualTo(4);
    assertThat(train.integer("batch-size", 0, 99)).isEqualTo(16);
    assertThat(config.effective("model").text())
        .isEqualTo(StrictConfig.load("conf/tiny.conf").effective("model").text());
  }

  @Test
  void configurationsOnHadoopIncludeWhatIsBesideThem() throws Exception {
    write("near.conf", "seed = 7\n");
    Path file = write("user.conf", "include \"near.conf\"\n");
    Path urls = write("urls.conf", "\ninclude \"" + url + "\"\n");

    StrictConfig config = StrictConfig.load("file://" + file);

    assertThat(config.section("").integer("seed", 0, 9)).isEqualTo(7);
    assertThatThrownBy(() -> StrictConfig.load("file://" + urls))
        .hasMessageContaining("urls.conf: 2: found an include of the URL");
    assertThat(requests).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"nosuch.conf\"",
        "include \"nosuch\"",
        "include required(\"nosuch.conf\")",
        "include file(\"nosuch.conf\")",
        "include classpath(\"nosuch.conf\")"
      })
  void aMissingFileIsAnErrorHoweverItIsIncluded(String include) throws Exception {
    Path file = write("user.conf", "seed = 3\n" + include + "\n");

    assertThat(refused(file))
        .hasMessageStartingWith(file + ": 2: found an include of nosuch")
        .hasMessageContaining("which does not exist");
  }

  @Test
  void aFileThatIncludesItselfIsAnError() throws Exception {
    write("b.conf", "include \"a.conf\"\n");
    Path a = write("a.conf", "include \"b.conf\"\n");

    assertThat(refused(a)).hasMessageContaining("b.conf: 1: found an include of " + a);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include file(\"/etc/hostname\")",
        "include \"/etc/hostname\"",
        "include classpath(\"conf/base.conf\")",
        "include required(file(\"/etc/hostname\"))"
      })
  void storedTextIncludesNothing(String include) {
    assertThatThrownBy(() -> EffectiveConfig.read("seed = 1\n" + include, "state.json"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("state.json: 2: found an include of ")
        .hasMessageEndingWith(
            "but a stored configuration includes nothing: this one was not written by this program; do not use the folder unless you trust its origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = ${?PATH}",
        "a = ${PATH}",
        "a = x${?PATH}y",
        "a { b = [1, {c = ${?PATH}}] }",
        "b = 3, a = ${b}",
        "a { b = 1 }, a = ${?PATH} { c = 1 }",
        "a = ${?user.home}",
        "a = [1], b = \"${x}\", a += 2 # ${y}"
      })
  void storedTextSeesNothing(String text) {
    assertThatThrownBy(() -> EffectiveConfig.read("seed = 1\n" + text, "state.json"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "state.json: 2: found a reference to another key or a variable, but");
  }

  @Test
  void hostileTextEndsInASentence() {
    for (String text :
        List.of(
            "a".repeat(HoconText.MOST_CHARACTERS + 1),
            "[".repeat(HoconText.MOST_CHARACTERS),
            "{a:".repeat(1000),
            "a.".repeat(60_000) + "a = 1",
            "\"a\".".repeat(30_000) + "a = 1",
            "a = ${" + "b.".repeat(1000) + "b}",
            "a += [".repeat(100),
            "a = 1 }".repeat(1000),
            "include include include \"x\"",
            "a = \"\"\"" + "\"".repeat(1000) + "\n${b} include \"x\"",
            "\"\\",
            "include")) {
      assertThatThrownBy(() -> EffectiveConfig.read(text, "state.json"))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith("state.json: ");
    }
    assertThat(EffectiveConfig.read("a = " + "1 ".repeat(65_000), "state.json")).hasSize(1);
    assertThat(EffectiveConfig.read("a = [" + "0.1,".repeat(30_000) + "]", "state.json"))
        .hasSize(1);
  }

  private ConfigException refused(Path file) {
    return catchThrowableOfType(() -> StrictConfig.load(file.toString()), ConfigException.class);
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }
}
