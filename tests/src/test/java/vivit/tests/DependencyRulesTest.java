package vivit.tests;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which packages may see which: {@code vivit.spark} sees the model and the data; those two see
 * neither each other nor training.
 */
@AnalyzeClasses(packages = "vivit", importOptions = ProductCode.class)
class DependencyRulesTest {
  /** What makes objects of bytes: Kryo, and what DL4J, ND4J and DataVec make of files. */
  private static final DescribedPredicate<JavaAccess<?>> RESTORES_OBJECTS =
      describe(
          "restore objects",
          access -> {
            String method = access.getTargetOwner().getName() + "." + access.getName();
            return method.matches(
                "org\\.(deeplearning4j|nd4j|datavec)\\..*\\.(restore|load|read|from(Json|Yaml)|deserialize)\\w*"
                    + "|com\\.esotericsoftware\\.kryo\\..*\\.read(Object|ClassAndObject)\\w*"
                    + "|.*SerializationUtils\\.deserialize\\w*");
          });

  private static final DescribedPredicate<JavaAccess<?>> LOADS_A_CLASS =
      describe(
          "load classes by name",
          access ->
              (access.getTargetOwner().isEquivalentTo(Class.class)
                      && access.getName().equals("forName"))
                  || (access.getTargetOwner().isAssignableTo(ClassLoader.class)
                      && access.getName().matches("loadClass|defineClass")));

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

  /** All of training's packages, whatever they are called; only the demo makes videos. */
  @ArchTest
  static final ArchRule trainingReadsNeitherVideosNorAnnotations =
      noClasses()
          .that()
          .resideInAPackage("vivit.spark.*..")
          .and()
          .resideOutsideOfPackage("vivit.spark.demo..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.bytedeco.ffmpeg..",
              "vivit.dataprep.video..",
              "vivit.dataprep.source..",
              "vivit.dataprep.tfrecord..",
              "vivit.dataprep.isolation..",
              "vivit.dataprep.prepare..",
              "vivit.dataprep.verify..",
              "vivit.dataprep.inspect..");

  @ArchTest
  static final ArchRule onlyOnePackageSeesDl4jOnSpark =
      noClasses()
          .that()
          .resideOutsideOfPackage("vivit.spark.dl4j..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.deeplearning4j.spark..");

  @ArchTest
  static final ArchRule commandsOfDataPrepAreNobodysLibrary = seenByItselfOnly("vivit.dataprep");

  @ArchTest
  static final ArchRule commandsOfTrainingAreNobodysLibrary = seenByItselfOnly("vivit.spark");

  @ArchTest static final ArchRule benchmarksAreNobodysLibrary = seenByItselfOnly("vivit.bench");

  /**
   * Nothing deserialises objects: what reads them runs code that the bytes choose. The exceptions
   * read bytes that our own JVMs wrote for each other in the same job, and no file:
   *
   * <ul>
   *   <li>{@code Wire}: a job for a helper process, on the pipe from the executor that started it
   *   <li>{@code Tasks}: items and results of a Spark job, between driver and executors
   *   <li>{@code NdArraySerializer}: tensors between driver and executors, under Spark's Kryo, as
   *       are the records of {@code VivitRegistrator}
   *   <li>{@code RoundWorker}: the configuration of the graph that the driver holds, as Spark
   *       brings it to a task
   *   <li>{@code Minibatches}: batches that the driver wrote, or files that a caller's own loader
   *       reads
   * </ul>
   */
  @ArchTest
  static final ArchRule nothingOfStrangersIsDeserialised =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("vivit.dataprep.isolation.Wire")
          .and()
          .doNotHaveFullyQualifiedName("vivit.dataprep.job.Tasks")
          .and()
          .doNotHaveFullyQualifiedName("vivit.spark.NdArraySerializer")
          .and()
          .doNotHaveFullyQualifiedName("vivit.spark.dl4j.RoundWorker")
          .and()
          .haveNameNotMatching("vivit\\.spark\\.dl4j\\.Minibatches(\\$.*)?")
          .should()
          .accessTargetWhere(RESTORES_OBJECTS)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ObjectInputStream.class)
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("org\\.yaml\\.snakeyaml\\..*|java\\.beans\\.XMLDecoder");

  /** Classes are loaded by names in our own code only: those of Spark's and DL4J's messages. */
  @ArchTest
  static final ArchRule noFileNamesAClass =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("vivit.spark.VivitRegistrator")
          .should()
          .accessTargetWhere(LOADS_A_CLASS);

  /** Members of zips are read where they lie, so their names never become paths. */
  @ArchTest
  static final ArchRule noArchiveIsUnpacked =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.util\\.zip\\.Zip(File|InputStream|Entry)|java\\.util\\.jar\\..*"
                  + "|java\\.nio\\.file\\.FileSystems"
                  + "|org\\.apache\\.commons\\.compress\\..*|org\\.nd4j\\.common\\.util\\.Archive.*");

  private static ArchRule seenByItselfOnly(String root) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(root)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(root);
  }

  /** From what a file says to what a command does; a floor sees those below it and its own. */
  @ArchTest
  static final ArchRule dataPrepHasFloors =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("words")
          .definedBy(dataPrep("text", "storage", "config", "clip", "label"))
          .layer("shards")
          .definedBy(dataPrep("shard"))
          .layer("sources")
          .definedBy(dataPrep("video", "source"))
          .layer("readers")
          .definedBy(dataPrep("isolation", "tfrecord"))
          .layer("what jobs share")
          .definedBy(dataPrep("job"))
          .layer("jobs")
          .definedBy(dataPrep("prepare", "verify", "inspect"))
          .layer("commands")
          .definedBy("vivit.dataprep")
          .whereLayer("commands")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("jobs")
          .mayOnlyBeAccessedByLayers("commands")
          .whereLayer("what jobs share")
          .mayOnlyBeAccessedByLayers("jobs", "commands")
          .whereLayer("readers")
          .mayOnlyBeAccessedByLayers("jobs", "commands")
          .whereLayer("sources")
          .mayOnlyBeAccessedByLayers("readers", "jobs", "commands")
          .whereLayer("shards")
          .mayOnlyBeAccessedByLayers("sources", "readers", "what jobs share", "jobs", "commands");

  /** What trains and evaluates stands on what reads, configures and keeps, not the other way. */
  @ArchTest
  static final ArchRule sparkHasFloors =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("values")
          .definedBy("vivit.spark.schedule", "vivit.spark.metrics", "vivit.spark.input..")
          .layer("state")
          .definedBy("vivit.spark.config", "vivit.spark.checkpoint")
          .layer("models and executors")
          .definedBy("vivit.spark.model", "vivit.spark.executor")
          .layer("evaluation")
          .definedBy("vivit.spark.evaluate")
          .layer("training")
          .definedBy("vivit.spark.train")
          .layer("probes, DL4J, demo")
          .definedBy("vivit.spark.probe", "vivit.spark.dl4j", "vivit.spark.demo")
          .layer("commands")
          .definedBy("vivit.spark")
          .whereLayer("commands")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("probes, DL4J, demo")
          .mayOnlyBeAccessedByLayers("commands")
          .whereLayer("training")
          .mayOnlyBeAccessedByLayers("probes, DL4J, demo", "commands")
          .whereLayer("evaluation")
          .mayOnlyBeAccessedByLayers("training", "probes, DL4J, demo", "commands")
          .whereLayer("models and executors")
          .mayOnlyBeAccessedByLayers("evaluation", "training", "probes, DL4J, demo", "commands")
          .whereLayer("state")
          .mayOnlyBeAccessedByLayers(
              "models and executors", "evaluation", "training", "probes, DL4J, demo", "commands");

  /** Every package of data-prep has a floor, or its rule would not see it. */
  @ArchTest
  static final ArchRule everyPackageOfDataPrepHasAFloor =
      classes()
          .that()
          .resideInAPackage("vivit.dataprep..")
          .should()
          .resideInAnyPackage(
              Stream.concat(
                      Stream.of("vivit.dataprep"),
                      Stream.of(
                          dataPrep(
                              "text",
                              "storage",
                              "config",
                              "clip",
                              "label",
                              "shard",
                              "video",
                              "source",
                              "isolation",
                              "tfrecord",
                              "job",
                              "prepare",
                              "verify",
                              "inspect")))
                  .toArray(String[]::new));

  /** What only reads shards has no use for a decoder. */
  @ArchTest
  static final ArchRule readingASetDecodesNothing =
      noClasses()
          .that()
          .resideInAnyPackage(dataPrep("shard", "job", "verify", "inspect"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(dataPrep("video", "source", "isolation", "tfrecord"));

  private static String[] dataPrep(String... packages) {
    return Stream.of(packages).map(name -> "vivit.dataprep." + name + "..").toArray(String[]::new);
  }

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

  /** Root packages take part, so each sees its subpackages or is seen by them, never both. */
  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching("vivit.(**)").should().beFreeOfCycles();
}
