/**
 * The network, written once against {@link vivit.model.engine.Engine}, with hand-written backward
 * passes that read an explicit stash. Depends on the configuration, the engine interface, the
 * variants, the parameter index and regularisation.
 */
package vivit.model.network;
