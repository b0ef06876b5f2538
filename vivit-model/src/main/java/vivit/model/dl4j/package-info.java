/**
 * The network as one layer of a DL4J {@code ComputationGraph}, its updater, the optimisation step,
 * and DL4J's zip files. The only package of this module that depends on DL4J.
 */
package vivit.model.dl4j;
