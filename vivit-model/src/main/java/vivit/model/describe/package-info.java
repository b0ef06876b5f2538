/**
 * What a model costs: layers, parameters, multiply-adds, memory. Figures come from running the
 * network on an engine that computes nothing, so they cannot differ from what training does.
 */
package vivit.model.describe;
