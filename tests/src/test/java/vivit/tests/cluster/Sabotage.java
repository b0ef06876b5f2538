package vivit.tests.cluster;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.AgentBuilder.TypeStrategy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Does harm at a place in the code: an agent in other JVMs that finds its orders as files in a
 * folder when a method is entered. An order is carried out once, by the JVM that comes first; so
 * whatever is killed was there.
 */
public final class Sabotage {
  private static final int KILLED = 137;
  private static final long NOBODY = Long.MAX_VALUE;
  private static final long PAUSE_MILLIS = 5;
  private static final String HALT = "halt";
  private static final String HANG = "hang";
  private static final String POISON = "poison";
  private static final String DONE = ".done";
  private static final String DEADLY = ".deadly";
  private static final String FAILING = ".failing";
  private static final String HELD = ".hold";
  private static final String WAITING = ".waiting";
  private static final String SEEN = ".seen-";

  /** The folder of this JVM's orders. */
  private static Path orders;

  private static final Set<String> SEEN_HERE = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final Path agent;

  /** Where a JVM can be hit. Of private methods: these are the only names that a test needs. */
  public enum Place {
    /** An executor begins to fetch the vectors of a round. */
    GATHERING("vivit.spark.train.RoundVectors", "gather"),
    /** A worker has its clips, and begins a step. */
    TRAINING("vivit.spark.train.Replica", "update"),
    /** An executor has trained its workers, and is about to offer what they contribute. */
    CONTRIBUTING("vivit.spark.train.ContributionSums", "publish"),
    /** An executor has all that it needs for the next version of some slice. */
    AVERAGING("vivit.spark.train.SliceUpdate", "compute"),
    /** An executor has opened the file of a checkpoint, and reads what to write into it. */
    WRITING("vivit.spark.train.VectorWriting$SliceReader", "read"),
    /** An executor begins to fetch the parameters that it validates. */
    VALIDATING("vivit.spark.train.VersionParameters", "copyTo"),
    /** The driver has finished a round, and not begun the next. */
    BETWEEN_ROUNDS("vivit.spark.train.RoundLog", "add"),
    /** The driver knows an executor. */
    REGISTERED("org.apache.spark.executor.Executor", "<init>");

    private final String type;
    private final String method;

    Place(String type, String method) {
      this.type = type;
      this.method = method;
    }

    private ElementMatcher<MethodDescription> matcher() {
      return method.equals("<init>") ? isConstructor() : named(method);
    }

    private String file() {
      return type + "." + method;
    }
  }

  /** Prepares a folder for orders. */
  public Sabotage(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.agent = AgentJar.write(folder, Sabotage.class);
  }

  /** The option of a JVM that obeys. */
  public String option() {
    return "-javaagent:%s=%s".formatted(agent, folder);
  }

  /** The next JVM that comes to this place dies. */
  public void halt(Place place) throws IOException {
    order(place, HALT);
  }

  /** The next JVM that comes to this place never goes on, whoever interrupts it. */
  public void hang(Place place) throws IOException {
    order(place, HANG);
  }

  /** Every JVM that comes to this place dies, from now on. */
  public void haltAll(Place place) throws IOException {
    Files.writeString(folder.resolve(place.file() + DEADLY), "");
  }

  /** From now on whatever comes to this place fails there. */
  public void fail(Place place) throws IOException {
    Files.writeString(folder.resolve(place.file() + FAILING), "");
  }

  /** Nothing fails at this place any more. */
  public void mend(Place place) throws IOException {
    Files.delete(folder.resolve(place.file() + FAILING));
  }

  /** Nothing fails or waits any more. */
  public void end() throws IOException {
    for (Place place : Place.values()) {
      Files.deleteIfExists(folder.resolve(place.file() + FAILING));
      Files.deleteIfExists(folder.resolve(place.file() + HELD));
    }
  }

  /** The next worker that begins a step has a parameter that is not a number. */
  public void poison() throws IOException {
    order(Place.TRAINING, POISON);
  }

  /** The next JVM that comes to this place kills these, and goes on when they are dead. */
  public void kill(Place place, List<ProcessHandle> victims) throws IOException {
    order(place, String.join(" ", victims.stream().map(p -> Long.toString(p.pid())).toList()));
  }

  private void order(Place place, String what) throws IOException {
    Files.deleteIfExists(folder.resolve(place.file() + DONE));
    Path written = Files.writeString(folder.resolve("order"), what);
    Files.move(written, folder.resolve(place.file()), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Whether the order for this place has been carried out, and whoever had to die is gone. */
  public boolean isDone(Place place) throws IOException {
    Path done = folder.resolve(place.file() + DONE);
    return Files.exists(done)
        && ProcessHandle.of(Long.parseLong(Files.readString(done)))
            .filter(ProcessHandle::isAlive)
            .isEmpty();
  }

  /** Whether a JVM has begun with the order for this place. */
  public boolean isTaken(Place place) {
    return Files.exists(folder.resolve(place.file() + DONE));
  }

  /** From now on a JVM that comes to this place waits there. */
  public void hold(Place place) throws IOException {
    Files.deleteIfExists(folder.resolve(place.file() + WAITING));
    Files.writeString(folder.resolve(place.file() + HELD), "");
  }

  /** Whether a JVM waits at a place since that was last ordered. */
  public boolean isHeld(Place place) {
    return Files.exists(folder.resolve(place.file() + WAITING));
  }

  /** Lets those go on that wait at a place. */
  public void release(Place place) throws IOException {
    Files.delete(folder.resolve(place.file() + HELD));
  }

  /** Whether a JVM has been at a place. */
  public boolean hasSeen(Place place, ProcessHandle jvm) {
    return Files.exists(folder.resolve(place.file() + SEEN + jvm.pid()));
  }

  /** Called by the JVM before anything else. */
  public static void premain(String folder, Instrumentation instrumentation) {
    orders = Path.of(folder);
    AgentBuilder agent =
        new AgentBuilder.Default().disableClassFormatChanges().with(TypeStrategy.Default.REDEFINE);
    for (Place place : Place.values()) {
      agent =
          agent
              .type(named(place.type))
              .transform(
                  (builder, type, loader, module, domain) ->
                      builder.visit(Advice.to(Entry.class).on(place.matcher())));
    }
    agent.installOn(instrumentation);
  }

  /** Is copied to the start of every method that is a place. */
  private static final class Entry {
    @Advice.OnMethodEnter
    static void enter(
        @Advice.Origin("#t.#m") String place, @Advice.This(optional = true) Object subject) {
      Sabotage.entered(place, subject);
    }
  }

  /**
   * Carries out what is ordered for a place; called there.
   *
   * @param subject whose method it is
   */
  public static void entered(String place, Object subject) {
    try {
      if (SEEN_HERE.add(place)) {
        Files.writeString(orders.resolve(place + SEEN + ProcessHandle.current().pid()), "");
      }
      if (Files.exists(orders.resolve(place + DEADLY))) {
        Runtime.getRuntime().halt(KILLED);
      }
      for (Optional<String> order = take(place); order.isPresent(); order = take(place)) {
        obey(order.get(), subject, orders.resolve(place + DONE));
      }
      while (Files.exists(orders.resolve(place + HELD))) {
        Files.writeString(orders.resolve(place + WAITING), "");
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (IOException | ReflectiveOperationException | InterruptedException failed) {
      throw new IllegalStateException("Cannot carry out an order", failed);
    }
    if (Files.exists(orders.resolve(place + FAILING))) {
      throw failed(new IOException("sabotaged"));
    }
  }

  /** An exception that the method at a place need not declare. */
  @SuppressWarnings("unchecked") // erased
  private static <E extends Throwable> RuntimeException failed(Throwable failure) throws E {
    throw (E) failure;
  }

  /** Takes an order away, so that nobody else obeys it. */
  private static Optional<String> take(String place) throws IOException {
    Path mine = orders.resolve(place + "." + ProcessHandle.current().pid());
    try {
      Files.move(orders.resolve(place), mine, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    String order = Files.readString(mine);
    Files.delete(mine);
    return Optional.of(order);
  }

  private static void obey(String order, Object subject, Path done)
      throws IOException, ReflectiveOperationException {
    switch (order) {
      case HALT -> {
        report(done, ProcessHandle.current().pid());
        Runtime.getRuntime().halt(KILLED);
      }
      case HANG -> {
        report(done, ProcessHandle.current().pid());
        while (true) {
          try {
            TimeUnit.HOURS.sleep(1);
          } catch (InterruptedException deaf) {
            continue;
          }
        }
      }
      case POISON -> {
        Method parameters = subject.getClass().getDeclaredMethod("parameters");
        parameters.setAccessible(true);
        ((INDArray) parameters.invoke(subject)).putScalar(0, Double.NaN);
        report(done, NOBODY);
      }
      default -> {
        for (String victim : order.split(" ", -1)) {
          ProcessHandle.of(Long.parseLong(victim))
              .ifPresent(
                  process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                  });
        }
        report(done, NOBODY);
      }
    }
  }

  /** Says that an order has been carried out, and who will be dead then. */
  private static void report(Path done, long dying) throws IOException {
    Path written =
        Files.writeString(Path.of(done + "." + ProcessHandle.current().pid()), "" + dying);
    Files.move(written, done, StandardCopyOption.ATOMIC_MOVE);
  }
}
