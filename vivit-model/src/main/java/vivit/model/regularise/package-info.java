/**
 * Drop path, dropout, mixup and label smoothing, each a pure function of its seeds. Depends on ND4J
 * arrays only.
 */
package vivit.model.regularise;
