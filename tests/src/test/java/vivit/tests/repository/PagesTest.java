package vivit.tests.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links of all pages lead somewhere, and no file names a place that only one machine has. */
class PagesTest {
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.$}:/-])/(?:work|tmp|root|home|Users|mnt)/[^\\s\"']*");

  @Test
  void everyLinkAndAnchorLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    List<Path> pages = Repository.pages().toList();
    for (Path page : pages) {
      for (String link : Markdown.read(page).links()) {
        if (!ELSEWHERE.matcher(link).matches() && !leadsSomewhere(page, link)) {
          broken.add(Repository.name(page) + ": " + link);
        }
      }
    }
    assertThat(pages).hasSizeGreaterThan(3);
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    int at = link.indexOf('#');
    String file = at < 0 ? link : link.substring(0, at);
    Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    if (link.startsWith("/") || !target.startsWith(Repository.ROOT) || !Files.exists(target)) {
      return false;
    }
    return at < 0 || Markdown.read(target).anchors().contains(link.substring(at + 1));
  }

  @ParameterizedTest
  @CsvSource({
    "Videos and quarantine, videos-and-quarantine",
    "`train.freeze`: what stays, trainfreeze-what-stays",
    "<a id=\"2.6\"></a>2.6 Model 2: factorised encoder, 26-model-2-factorised-encoder",
    "[Shards](SHARDS.md) & snake_case - élan, shards--snake_case---élan"
  })
  void anchorsAreGithubsSlugs(String heading, String slug) {
    assertThat(Markdown.slug(heading)).isEqualTo(slug);
  }

  @Test
  void noFileNamesAPathOfOneMachine() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : Repository.files().toList()) {
      MACHINE_PATH
          .matcher(Repository.text(file).orElse(""))
          .results()
          .forEach(path -> found.add(Repository.name(file) + ": " + path.group()));
    }
    assertThat(found).isEmpty();
  }
}
