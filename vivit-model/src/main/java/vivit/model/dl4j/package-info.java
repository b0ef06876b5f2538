/**
 * The network as one layer of a DL4J {@code ComputationGraph}, its updater and the optimisation
 * step. The only package that sees DL4J.
 */
package vivit.model.dl4j;
