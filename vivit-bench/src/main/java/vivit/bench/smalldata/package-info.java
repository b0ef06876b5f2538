/**
 * Experiments on a small set of generated videos, each repeated over several seeds: in miniature
 * what the paper claims of models, regularisers, initialisation, frozen encoders, and what
 * averaging costs. Prepares, trains and evaluates with the product's own jobs; depends on all other
 * modules, but not on the benchmarks of speed.
 */
package vivit.bench.smalldata;
