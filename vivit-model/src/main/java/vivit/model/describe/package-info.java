/**
 * Determines the cost of a model: layers, parameters, multiply-adds, memory. The figures come from
 * running the network on an engine that counts instead of computing, so they match training.
 * Depends on the network, the engine interface, the parameter index and the configuration.
 */
package vivit.model.describe;
