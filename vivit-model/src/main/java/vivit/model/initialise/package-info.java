/**
 * Starts a model from an image or video checkpoint; docs/vivit.md, 4. A plan from names and shapes
 * alone refuses a misfit before any number is read; then every parameter is written once. Depends
 * on the checkpoint readers, the parameter index and the variants.
 */
package vivit.model.initialise;
