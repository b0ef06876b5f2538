/**
 * Starts a model from an image or video checkpoint; reference section 3. A plan is made from names
 * and shapes alone, so what does not fit is refused before any number is read; then every parameter
 * is written once. Depends on the checkpoint readers, the parameter index and the variants.
 */
package vivit.model.initialise;
