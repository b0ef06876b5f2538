/** Drop path, dropout, mixup and label smoothing, each a pure function of its seeds. */
package vivit.model.regularise;
