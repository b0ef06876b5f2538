/**
 * Measures speed: a training or inference step, its parts, single operations, reading clips and
 * decoding videos. Speeds are set against the rate of a plain matrix product on the same machine,
 * measured in between. Nothing else depends on this module.
 */
package vivit.bench;
