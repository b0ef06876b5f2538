/**
 * The network, written once against {@link vivit.model.engine.Engine}, with backward passes by hand
 * and an explicit stash of what they need.
 */
package vivit.model.network;
