/** Sizes of clips, tubelets and token grids, always in the order time, height, width. */
package vivit.model.shape;
