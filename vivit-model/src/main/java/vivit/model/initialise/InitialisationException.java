package vivit.model.initialise;

import java.io.IOException;

/**
 * A checkpoint that does not fit the model; the message names parameter, file, both shapes and what
 * to do. Nothing has been changed.
 */
public final class InitialisationException extends IOException {

  private static final long serialVersionUID = 1;

  /** {@code Cannot initialise <parameter> from <file>: <problem>}. */
  InitialisationException(String parameter, String file, String problem) {
    super("Cannot initialise %s from %s: %s".formatted(parameter, file, problem));
  }
}
