/* invoices_find.c - pages and counts of a search, with work that has a bound (invariant I9). */
#include <stdlib.h>

#include "base/text.h"
#include "store/invoices_find_p.h"

enum { PAGE_WORK = 16384, COUNT_WORK = 6144 };

bool store_invoice_finds(const struct invoice_filter *f)
{
	/* Of one that is named its row says it. */
	bool red = f->red && text_empty(f->number) && text_empty(f->order_no);
	return f->gross_from || f->gross_to || !text_empty(f->number_part) ||
	       !text_empty(f->remark) || !text_empty(f->drawer) || !text_empty(f->text) ||
	       *f->issued_from || *f->issued_to || f->report_dim || f->reversed || red;
}

/* Gives matches to the list, or counts them, up to `most`; *cut: the id it did not come to, 0 when
 * it saw all. */
static enum err search(struct invoice_search *s, struct id_list *out, int64_t most, int64_t *found,
		       int64_t *cut)
{
	struct invoice_seek *k = NULL;
	int64_t id = s->high, at = 0;
	enum err r = invoice_seek_open(s, &k);
	*found = *cut = 0;
	while (!r && *found < most && !(r = invoice_seek_next(k, id, &at)) && at > 0) {
		bool yes = false;
		if ((r = invoice_search_test(s, at, &yes)))
			break;
		if (yes && out)
			id_list_put(out, at, false);
		*found += yes;
		id = at - 1;
	}
	if (!r && at < 0)
		*cut = -at;
	return invoice_seek_close(&k, r);
}

enum err invoice_find(struct db *db, const struct invoice_filter *f, struct id_list *out,
		      int64_t *next, struct err_info *e)
{
	struct invoice_search *s = mem_zalloc(sizeof(*s));
	int64_t found = 0, cut = 0;
	enum err r = invoice_search_init(s, db, f, e);
	s->work = PAGE_WORK;
	if (!r)
		r = search(s, out, (int64_t)out->room, &found, &cut);
	*next = cut ? cut + 1 : 0;
	invoice_search_free(s);
	free(s);
	return r;
}

enum err invoice_find_count(struct db *db, const struct invoice_filter *f, int64_t cap,
			    int64_t *count, bool *at_least, struct err_info *e)
{
	struct invoice_search *s = mem_zalloc(sizeof(*s));
	int64_t cut = 0;
	enum err r = invoice_search_init(s, db, f, e);
	s->work = COUNT_WORK;
	*count = 0;
	if (!r)
		r = search(s, NULL, cap + 1, count, &cut);
	*at_least = cut > 0 || *count > cap;
	if (*count > cap)
		*count = cap;
	invoice_search_free(s);
	free(s);
	return r;
}
