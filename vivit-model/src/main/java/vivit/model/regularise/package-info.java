/**
 * Drop path, dropout, mixup, CutMix and label smoothing, each a pure function of its seeds. Depends
 * on ND4J arrays and {@code shape} only.
 */
package vivit.model.regularise;
