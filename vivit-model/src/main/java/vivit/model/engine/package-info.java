/**
 * The operations of a transformer with their gradients, behind one interface. An engine owns its
 * memory; only tokens, clip representations and the flat parameter and gradient vectors cross its
 * border.
 */
package vivit.model.engine;
