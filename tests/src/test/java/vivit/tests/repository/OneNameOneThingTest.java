package vivit.tests.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import vivit.tests.ProductCode;

/** No two classes of the product have one name; of nested ones, the public count. */
@AnalyzeClasses(packages = "vivit", importOptions = ProductCode.class)
class OneNameOneThingTest {
  @ArchTest
  static void noTwoClassesHaveOneName(JavaClasses classes) {
    Map<String, List<String>> byName =
        classes.stream()
            .filter(
                type -> type.isTopLevelClass() || type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    TreeMap::new,
                    Collectors.mapping(JavaClass::getName, Collectors.toList())));
    byName.values().removeIf(same -> same.size() == 1);
    assertThat(byName).isEmpty();
  }
}
