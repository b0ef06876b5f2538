/**
 * Connects the network to DL4J: the backbone as one layer of a {@code ComputationGraph}, its
 * updater, the optimisation step, and DL4J's zip files. The only package of this module that
 * depends on DL4J; also depends on the network, the engines, the parameter index and the checkpoint
 * formats.
 */
package vivit.model.dl4j;
