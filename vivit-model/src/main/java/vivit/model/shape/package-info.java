/**
 * Sizes of clips, tubelets and token grids, always in the order time, height, width, and ranges of
 * attention heads. Depends on no other package.
 */
package vivit.model.shape;
