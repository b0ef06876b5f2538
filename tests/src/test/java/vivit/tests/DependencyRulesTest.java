package vivit.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may see whom: {@code vivit.spark} sees the model and the data; those two know neither each
 * other nor training.
 */
@AnalyzeClasses(packages = "vivit", importOptions = DoNotIncludeTests.class)
class DependencyRulesTest {
  @ArchTest
  static final ArchRule modelKnowsNoSparkAndNoHadoop =
      noClasses()
          .that()
          .resideInAPackage("vivit.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..", "org.apache.hadoop..", "vivit.dataprep..", "vivit.spark..");

  @ArchTest
  static final ArchRule dataKnowsNoModel =
      noClasses()
          .that()
          .resideInAPackage("vivit.dataprep..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.nd4j..", "org.deeplearning4j..", "vivit.model..", "vivit.spark..");

  @ArchTest
  static final ArchRule onlyOnePackageOfTheModelSeesDl4j =
      noClasses()
          .that()
          .resideInAPackage("vivit.model..")
          .and()
          .resideOutsideOfPackage("vivit.model.dl4j..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.deeplearning4j..");

  @ArchTest
  static final ArchRule trainingReadsNeitherVideosNorAnnotations =
      noClasses()
          .that()
          .resideInAnyPackage(
              "vivit.spark.train..",
              "vivit.spark.input..",
              "vivit.spark.checkpoint..",
              "vivit.spark.dl4j..",
              "vivit.spark.executor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.bytedeco.ffmpeg..", "vivit.dataprep.video..", "vivit.dataprep.source..");

  @ArchTest
  static final ArchRule onlyOnePackageSeesDl4jOnSpark =
      noClasses()
          .that()
          .resideOutsideOfPackage("vivit.spark.dl4j..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.deeplearning4j.spark..");

  @ArchTest
  static final ArchRule dataPrepCommandsAreNobodysLibrary =
      noClasses()
          .that()
          .resideInAPackage("vivit.dataprep.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("vivit.dataprep");

  @ArchTest
  static final ArchRule sparkCommandsAreNobodysLibrary =
      noClasses()
          .that()
          .resideInAPackage("vivit.spark.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("vivit.spark");

  @ArchTest
  static final ArchRule benchmarksAreNobodysLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackage("vivit.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("vivit.bench..");

  /** A package without a {@code package-info} says neither what it holds nor what it may touch. */
  @ArchTest
  static void everyPackageHasItsSentence(JavaClasses classes) {
    Set<String> described =
        classes.stream()
            .filter(type -> type.getSimpleName().equals("package-info"))
            .map(JavaClass::getPackageName)
            .collect(Collectors.toSet());
    Set<String> packages =
        classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    assertThat(packages).hasSizeGreaterThan(30).isEqualTo(described);
  }

  @ArchTest
  static final ArchRule modelPackagesFormNoCycle =
      slices().matching("vivit.model.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule dataPackagesFormNoCycle =
      slices().matching("vivit.dataprep.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule sparkPackagesFormNoCycle =
      slices().matching("vivit.spark.(**)").should().beFreeOfCycles();
}
