/**
 * Cost of a model: layers, parameters, multiply-adds, memory. The figures come from running the
 * network on an engine that counts instead of computing, so they match training. Depends on the
 * network.
 */
package vivit.model.describe;
