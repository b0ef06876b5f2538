/**
 * The network, written once against {@link vivit.model.engine.Engine}, with hand-written backward
 * passes that read an explicit stash. Depends on engines, variants, the parameter index and
 * regularisation.
 */
package vivit.model.network;
