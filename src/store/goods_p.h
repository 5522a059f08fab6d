/* goods_p.h - between the files of the goods. */
#ifndef KP_STORE_GOODS_P_H
#define KP_STORE_GOODS_P_H

#include "store/catalogue_p.h"
#include "store/goods.h"

/* Places in goods_fields. */
enum {
	GOODS_NAME,
	GOODS_CATEGORY,
	GOODS_MNEMONIC,
	GOODS_TAX_CODE,
	GOODS_SHORT_NAME,
	GOODS_SPEC,
	GOODS_UNIT,
	GOODS_PRICE,
	GOODS_PREFERENCE
};
_Static_assert(offsetof(struct goods_row, preference) == (GOODS_TEXTS - 1) * sizeof(char *),
	       "the texts stand in the order of goods_fields");

/* The texts of a row by the place of their field. */
static inline const char *goods_row_text(const struct goods_row *r, size_t i)
{
	const char *text = ((const char *const *)(const void *)r)[i];

	return text ? text : "";
}
/* The same, "" where the row has nothing to say about goods that are there. */
static inline const char *goods_row_says(const struct goods_row *r, size_t i)
{
	return r->has[i] ? goods_row_text(r, i) : "";
}
/* The goods of a line: what it says of them, key of the name, unit, name, specification, code. */
extern const char goods_find_issued[];
/* What is searched of goods, lent; name[] takes name and short name. */
void goods_find_text(const struct goods *g, char name[LOOK_NAMES], struct find_text *out);
/* The row as it stands in g; index and tally are the caller's. */
enum err goods_insert_row(struct db *db, const struct goods *g, struct err_info *e);
enum err goods_update_row(struct db *db, const struct goods *g, struct err_info *e);

#endif
