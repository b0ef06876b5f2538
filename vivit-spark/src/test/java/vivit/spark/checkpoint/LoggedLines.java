package vivit.spark.checkpoint;

import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** The messages that a class logs while this is open. */
public final class LoggedLines extends AbstractAppender implements AutoCloseable {
  private final List<String> lines = new ArrayList<>();
  private final Logger logger;
  private final Level before;

  /** Starts to listen. */
  public LoggedLines(String logger) {
    super("logged-lines", null, null, false, Property.EMPTY_ARRAY);
    this.logger = (Logger) LogManager.getLogger(logger);
    start();
    this.before = this.logger.getLevel();
    this.logger.addAppender(this);
    this.logger.setLevel(Level.INFO);
  }

  @Override
  public void append(LogEvent event) {
    synchronized (lines) {
      lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
    }
  }

  /** Level and text of each message since the last call. */
  public List<String> take() {
    synchronized (lines) {
      List<String> taken = List.copyOf(lines);
      lines.clear();
      return taken;
    }
  }

  @Override
  public void close() {
    logger.setLevel(before);
    logger.removeAppender(this);
  }
}
