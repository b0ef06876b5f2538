/**
 * Measures speed: a training or inference step, its parts, single operations, reading clips,
 * decoding videos, and rounds of training on executors, which are compared with the bare network.
 * Other speeds are compared with the rate of a plain matrix product on the same machine, measured
 * in between. Experiments of accuracy are in a package of their own. Depends on all other modules
 * of the product; no module depends on it.
 */
package vivit.bench;
