/* records.c - which invoices are meant, one after another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/invoices.h"
#include "desk/records_p.h"

enum { PAGE = 256, COUNT_CAP = 10000, STAMP_TRIES = 60, NAME = 200 };

static enum err set_month(struct records_walk *w, struct err_info *e)
{
	const char *month = w->choice->month;
	struct date d = {.day = 1};

	if (!month_parse(month, &d.year, &d.month) || strlen(month) != MONTH_TEXT - 1) {
		err_fail(e, ERR_INVALID, "month.form", "月份", "“%.20s”不是 yyyy-MM 的月份", month);
		err_hint(e, "例如 2026-11");
		return ERR_INVALID;
	}
	d = date_add_months(d, 1);
	snprintf(w->month_end, sizeof(w->month_end), "%04u-%02u", (unsigned)d.year % 10000,
		 (unsigned)d.month % 100);
	return ERR_OK;
}

enum err records_open(struct session *s, const struct records_choice *c, struct records_walk *out,
		      struct err_info *e)
{
	enum err r;

	*out = (struct records_walk) {.s = s, .choice = c};
	if ((r = desk_allow(s, DESK_VIEW, e)) || (c->month && (r = set_month(out, e))))
		return r;
	return desk_unit(s, &out->unit, e);
}

void records_close(struct records_walk *w)
{
	if (w->unit.id)
		unit_free(&w->unit);
	w->unit.id = 0;
}

static struct invoice_filter filter_of(const struct records_walk *w)
{
	struct invoice_filter f = {.kind = w->choice->kind, .red = w->choice->red};

	if (w->choice->filter)
		f = *w->choice->filter;
	f.unit = w->unit.id;
	f.cursor = 0;
	f.last_page = false;
	f.limit = PAGE;
	return f;
}

enum err records_count(struct records_walk *w, int64_t *out, bool *at_least, struct err_info *e)
{
	const struct records_choice *c = w->choice;
	struct invoice_filter f;

	*at_least = false;
	if (c->ids) {
		*out = (int64_t)c->id_count;
		return ERR_OK;
	}
	if (c->month)
		return store_invoice_issued_count(w->s->db, w->unit.id, c->month, w->month_end,
						  c->kind, c->red, out, e);
	f = filter_of(w);
	return store_invoice_count(w->s->db, &f, COUNT_CAP, out, at_least, e);
}

/* ---- one after another ---- */

static enum err give(const int64_t *ids, size_t n, record_each f, void *arg, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < n && !r; i++)
		r = f(arg, ids[i], e);
	return r;
}

static enum err each_of_month(struct records_walk *w, record_each f, void *arg, struct err_info *e)
{
	struct issued_at at = {.id = 0};
	int64_t ids[PAGE];
	size_t n = 0;
	enum err r;

	do
		r = store_invoice_issued(w->s->db, w->unit.id, w->choice->month, w->month_end,
					 w->choice->kind, w->choice->red, &at, ids, PAGE, &n, e);
	while (!r && n && !(r = give(ids, n, f, arg, e)));
	return r;
}

struct page {
	int64_t ids[PAGE];
	size_t n;
};

static enum err note_id(void *arg, const struct invoice_row *row)
{
	struct page *p = arg;

	p->ids[p->n++] = row->id;
	return ERR_OK;
}

static enum err each_found(struct records_walk *w, record_each f, void *arg, struct err_info *e)
{
	struct invoice_filter filter = filter_of(w);
	struct page p;
	enum err r;

	do {
		p.n = 0;
		r = store_invoice_page(w->s->db, &filter, note_id, &p, &filter.cursor, e);
	} while (!r && !(r = give(p.ids, p.n, f, arg, e)) && filter.cursor);
	return r;
}

enum err records_each(struct records_walk *w, record_each f, void *arg, struct err_info *e)
{
	if (w->choice->ids)
		return give(w->choice->ids, w->choice->id_count, f, arg, e);
	return w->choice->month ? each_of_month(w, f, arg, e) : each_found(w, f, arg, e);
}

enum err records_get(struct records_walk *w, int64_t id, bool lines, struct invoice_record *out,
		     struct err_info *e)
{
	enum err r = lines ? store_invoice_get(w->s->db, id, out, e)
			   : store_invoice_head(w->s->db, id, out, e);

	if (r || out->unit_id == w->unit.id)
		return r;
	invoice_record_free(out);
	return err_fail(e, ERR_INVALID, "invoice.unknown", "发票", "记录 #%lld 不是这个使用单位的",
			(long long)id);
}

enum err records_step(struct import_progress *p, int64_t rows, struct err_info *e)
{
	if (!p)
		return ERR_OK;
	atomic_store(&p->rows, rows);
	atomic_fetch_add(&p->done, 1);
	if (!atomic_load(&p->cancel))
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "export.cancelled", "导出", "已取消，没有留下文件");
}

/* ---- where to ---- */

/* yyyyMMddHHmmss */
static void stamp(int64_t t, char out[DATETIME_TEXT])
{
	char *to = out;
	const char *p;
	char text[DATETIME_TEXT];

	for (p = datetime_text(t, text); *p; p++) {
		if (*p >= '0' && *p <= '9')
			*to++ = *p;
	}
	*to = 0;
}

enum err records_stamped(const char *folder, const char *stem, const char *suffix,
			 records_begin begin, void *arg, char path[HOME_PATH + 256],
			 struct err_info *e)
{
	struct err_info why = {0};
	char name[NAME], at[DATETIME_TEXT];
	enum err r = ERR_INVALID;
	int i;

	for (i = 0; i < STAMP_TRIES; i++) {
		stamp(clock_now() + i, at);
		snprintf(name, sizeof(name), "%s%s%s", stem, at, suffix);
		if (!file_join(path, HOME_PATH + 256, folder ? folder : ".", name))
			return err_fail(e, ERR_INVALID, "file.path", folder, "路径太长");
		err_clear(&why);
		r = begin(arg, path, &why);
		if (r != ERR_INVALID || strcmp(why.code, "file.exists") != 0)
			break;
	}
	if (r && e)
		*e = why;
	return r;
}
