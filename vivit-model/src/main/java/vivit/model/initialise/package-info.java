/**
 * Starts a model from an image or video checkpoint; docs/vivit.md, 4. A plan made from names and
 * shapes refuses a checkpoint that does not fit before any number is read; then every parameter is
 * written once. Depends on the checkpoint readers, the parameter index, the configuration, the
 * shapes and the variants.
 */
package vivit.model.initialise;
