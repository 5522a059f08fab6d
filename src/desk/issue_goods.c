/* issue_goods.c - lines that name goods of the catalogue get what the catalogue says of them.
 *
 * What a line says itself stands.  A reference that was taken is taken out; one that cannot be
 * stays, for a repeat needs no catalogue: whoever goes on with the invoice asks why.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/goods_fill.h"
#include "desk/issue_p.h"

/* Lines without a reference are left as they are. */
static enum err take_line(struct goods_fill *f, struct invoice *inv, size_t i, struct err_info *e)
{
	struct tax_line *l = &inv->lines[i];
	char *no = text_trim(l->goods), what[160];
	enum err r = ERR_OK;

	if (*no)
		r = goods_fill_line(f, l, inv->prices_include_tax, NULL, e);
	free(no);
	if (r == ERR_INVALID && e) {
		snprintf(what, sizeof(what), "第 %zu 行%.80s", i + 1, e->what);
		text_copy(e->what, sizeof(e->what), what);
		err_field(e, "lines[%zu].goods", i);
	}
	return r;
}

enum err issue_take_goods(struct session *s, const struct unit *u, struct invoice *inv,
			  struct err_info *e)
{
	struct goods_fill *f = NULL;
	size_t i;
	enum err r;

	for (i = 0; i < inv->line_count && text_empty(inv->lines[i].goods); i++)
		;
	if (i == inv->line_count)
		return ERR_OK;
	r = goods_fill_begin(s, u->id, &f, e);
	for (; i < inv->line_count && !r; i++)
		r = take_line(f, inv, i, e);
	goods_fill_end(&f);
	return r;
}

/* What cannot be taken stays; ERR_INVALID is none of this one's. */
static enum err try_lines(struct goods_fill *f, struct invoice *inv, struct err_info *e)
{
	struct err_info why;
	enum err r = ERR_OK;
	size_t k;

	for (k = 0; k < inv->line_count && (!r || r == ERR_INVALID); k++)
		r = take_line(f, inv, k, &why);
	if (!r || r == ERR_INVALID)
		return ERR_OK;
	if (e)
		*e = why;
	return r;
}

enum err issue_try_goods(struct session *s, const struct unit *u, const struct invoice_set *set,
			 struct err_info *e)
{
	struct goods_fill *f = NULL;
	enum err r = goods_fill_begin(s, u->id, &f, e);
	size_t i;

	for (i = 0; i < set->n && !r; i++)
		r = try_lines(f, &set->items[i], e);
	goods_fill_end(&f);
	return r;
}
