/**
 * The operations of a transformer with their gradients, behind one interface. An engine owns its
 * memory; it shares with its callers only tokens, clip representations and the flat parameter and
 * gradient vectors. Depends on ND4J, oneDNN, {@code shape}, and the dropout masks of {@code
 * regularise}.
 */
package vivit.model.engine;
