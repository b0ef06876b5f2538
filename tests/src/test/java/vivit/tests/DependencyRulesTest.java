package vivit.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
  static final ArchRule trainingNeedsNoDecoder =
      noClasses()
          .that()
          .resideInAnyPackage(
              "vivit.spark.train..", "vivit.spark.input..", "vivit.spark.checkpoint..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bytedeco.ffmpeg..", "vivit.dataprep.video..");

  @ArchTest
  static final ArchRule modelPackagesFormNoCycle =
      slices().matching("vivit.model.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule dataPackagesFormNoCycle =
      slices().matching("vivit.dataprep.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule sparkPackagesFormNoCycle =
      slices().matching("vivit.spark.(*)..").should().beFreeOfCycles();
}
