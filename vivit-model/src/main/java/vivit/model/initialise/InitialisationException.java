package vivit.model.initialise;

import java.io.IOException;

/**
 * Thrown when a checkpoint does not fit the model, before any parameter changes; the message names
 * parameter, file, both shapes and a remedy.
 */
public final class InitialisationException extends IOException {

  private static final long serialVersionUID = 1;

  /** Creates the message {@code Cannot initialise <parameter> from <file>: <problem>}. */
  InitialisationException(String parameter, String file, String problem) {
    super("Cannot initialise %s from %s: %s".formatted(parameter, file, problem));
  }
}
