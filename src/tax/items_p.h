/* tax/items_p.h - inside the tax room: structs with text members by table, and arrays of them.
 *
 * An array carries no capacity: it is always the next power of two of its count.
 */
#ifndef KP_TAX_ITEMS_P_H
#define KP_TAX_ITEMS_P_H

#include "tax/invoice.h"

/* Texts become "", or are released. */
void item_init(void *base, const struct text_field *f);
void item_free(void *base, const struct text_field *f);
/* Gives `base`, a byte copy of `from`, texts of its own. */
void item_own(void *base, const void *from, const struct text_field *f);

/* Appends an item, zeroed but for its texts; valid until the next one. */
void *items_append(void **items, size_t *count, size_t size, const struct text_field *texts);
void *items_copy(const void *items, size_t count, size_t size, const struct text_field *texts);
void items_free(void *items, size_t count, size_t size, const struct text_field *texts);

#endif
