/**
 * The operations of a transformer with their gradients, behind one interface. An engine owns its
 * memory; only tokens, clip representations and the flat parameter and gradient vectors cross its
 * border. Depends on ND4J, oneDNN, shapes and dropout masks.
 */
package vivit.model.engine;
