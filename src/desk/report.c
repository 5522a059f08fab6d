/* report.c - 统计报表: rows in order, with shares and sums. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/report_p.h"

/* ---- rows ---- */

static void item_free(struct report_item *i)
{
	free(i->key);
	free(i->label);
	free(i->tax_no);
}

void desk_report_free(struct desk_report *r)
{
	size_t i;

	for (i = 0; i < r->count; i++)
		item_free(&r->items[i]);
	free(r->items);
	item_free(&r->total);
	*r = (struct desk_report) {.count = 0};
}

static char *type_name(struct session *s, int64_t unit, const char *key)
{
	struct business_type t;
	bool found = false;
	int64_t id = strtoll(key, NULL, 10);

	if (!id)
		return mem_strdup("（没有填）");
	if (store_type_get(s->db, unit, id, &t, &found, NULL) || !found)
		return mem_strdup("（已删除）");
	return mem_strdup(t.name);
}

/* What people call it. */
static char *label_of(struct session *s, int64_t unit, enum report_by by,
		      const struct report_row *row)
{
	enum invoice_kind kind = INVOICE_ORDINARY;

	switch (by) {
	case BY_BUYER:
		return mem_strdup(*row->label ? row->label : "（没有填）");
	case BY_DAY:
	case BY_MONTH:
		return mem_strdup(row->period);
	case BY_KIND:
		invoice_kind_parse(row->key, &kind);
		return mem_strdup(invoice_kind_label(kind));
	case BY_TYPE:
		return type_name(s, unit, row->key);
	case BY_GOODS:
	case BY_RATE:
	case BY_CLERK:
	case REPORT_BYS:
		break;
	}
	return mem_strdup(*row->key ? row->key : "（没有填）");
}

bool report_by_date(enum report_by by)
{
	return by == BY_DAY || by == BY_MONTH;
}

static void take_sum(struct report_item *i, const struct report_sum *s)
{
	i->count = s->count;
	i->net = s->net;
	i->tax = s->tax;
	i->gross = s->gross;
	i->red_count = s->red_count;
	i->red_net = s->red_net;
	i->red_tax = s->red_tax;
}

/* The kinds of a day or month are one row. */
static bool belongs_to_last(const struct desk_report *out, const struct report_row *row)
{
	return report_by_date(out->options.by) && out->count &&
	       !strcmp(out->items[out->count - 1].key, row->period);
}

static void add_up(struct report_item *to, const struct report_item *from)
{
	to->count = to->count < 0 || from->count < 0 ? -1 : to->count + from->count;
	to->net += from->net;
	to->tax += from->tax;
	to->gross += from->gross;
	to->red_count = to->count < 0 ? -1 : to->red_count + from->red_count;
	to->red_net += from->red_net;
	to->red_tax += from->red_tax;
}

static void add_row(struct session *s, int64_t unit, struct desk_report *out,
		    const struct report_row *row)
{
	enum report_by by = out->options.by;
	struct report_item next = {.kind = ROW_OF_REPORT};

	take_sum(&next, &row->sum);
	if (belongs_to_last(out, row)) {
		add_up(&out->items[out->count - 1], &next);
		return;
	}
	if (out->options.months)
		text_copy(next.month, sizeof(next.month), row->period);
	next.key = mem_strdup(report_by_date(by) ? row->period : row->key);
	next.label = label_of(s, unit, by, row);
	next.tax_no = mem_strdup(by == BY_BUYER && row->key[0] == 'T' ? row->key + 1 : "");
	out->items[out->count++] = next;
}

static int by_amount(const void *a, const void *b)
{
	const struct report_item *x = a, *y = b;
	int c = strcmp(x->month, y->month);

	if (c)
		return c;
	if (x->net != y->net)
		return x->net > y->net ? -1 : 1;
	c = strcmp(x->label, y->label);
	return c ? c : strcmp(x->key, y->key);
}

/* ---- the largest, the rest, the months ---- */

/* Goods and rates share invoices: how many have any of several cannot be said. */
static bool shares(enum report_by by)
{
	return by == BY_GOODS || by == BY_RATE;
}

static struct report_item make_rest(const struct desk_report *r, struct report_item *at, size_t n)
{
	struct report_item rest = {.kind = ROW_OF_REST, .key = mem_strdup("")};
	char label[40];
	size_t i;

	memcpy(rest.month, at->month, sizeof(rest.month));
	for (i = 0; i < n; i++) {
		add_up(&rest, &at[i]);
		item_free(&at[i]);
	}
	if (shares(r->options.by))
		rest.count = rest.red_count = -1;
	snprintf(label, sizeof(label), "其余 %zu 项", n);
	rest.label = mem_strdup(label);
	rest.tax_no = mem_strdup("");
	return rest;
}

/* Below zero where the part is: where more was taken back than issued, that is the whole too. */
static int permille(int64_t part, int64_t whole)
{
	int64_t out = 0;

	if (!whole || !fen_mul_ratio(part, 1000, whole < 0 ? -whole : whole, &out) ||
	    out > INT32_MAX || out < INT32_MIN)
		return 0;
	return (int)out;
}

/* The items of a month, or all: the rest in one row, then their sum. */
static void close_group(const struct desk_report *r, struct report_item *from, size_t n,
			const struct report_sum *sum, struct report_item **to)
{
	size_t top = r->options.top && r->options.top < (int64_t)n ? (size_t)r->options.top : n, i;
	struct report_item *first = *to;

	if (report_by_date(r->options.by))
		top = n;
	memmove(*to, from, top * sizeof(*from));
	*to += top;
	if (top < n)
		*(*to)++ = make_rest(r, from + top, n - top);
	for (; first < *to; first++)
		first->permille = permille(first->net, sum->net);
	if (!r->options.months)
		return;
	i = (size_t)(*to - r->items);
	r->items[i] = (struct report_item) {.kind = ROW_OF_MONTH,
					    .key = mem_strdup(""),
					    .label = mem_strdup("小计"),
					    .tax_no = mem_strdup(""),
					    .permille = permille(sum->net, sum->net)};
	memcpy(r->items[i].month, r->items[i - 1].month, sizeof(r->items[i].month));
	take_sum(&r->items[i], sum);
	++*to;
}

static const struct report_sum *sum_of(const struct report *all, const char *month)
{
	size_t i;

	for (i = 0; i < all->period_count; i++) {
		if (!strcmp(all->periods[i].period, month))
			return &all->periods[i].sum;
	}
	return &all->total;
}

static void finish(struct desk_report *r, const struct report *all)
{
	struct report_item *items = r->items, *to;
	size_t n = r->count, i, j;

	r->items = mem_zalloc((2 * n + 2) * sizeof(*r->items));
	to = r->items;
	for (i = 0; i < n; i = j) {
		for (j = i + 1; j < n && !strcmp(items[j].month, items[i].month);)
			j++;
		close_group(r, items + i, j - i, sum_of(all, items[i].month), &to);
	}
	free(items);
	r->count = (size_t)(to - r->items);
	for (i = 0; i < r->count; i++) {
		int64_t size = r->items[i].net < 0 ? -r->items[i].net : r->items[i].net;

		if (r->items[i].kind == ROW_OF_MONTH)
			continue;
		r->rows++;
		r->largest = size > r->largest ? size : r->largest;
	}
}

/* ---- the whole ---- */

static enum err ask_store(struct session *s, int64_t unit, const struct report_options *o,
			  struct import_progress *p, struct report *out, struct err_info *e)
{
	struct report_ask ask = {.unit = unit,
				 .from = o->from,
				 .to = o->to,
				 .dim = report_by_dim(o->by),
				 .split = o->months ? REPORT_BY_MONTH : report_by_split(o->by)};
	struct report_progress progress = {.done = p ? &p->done : NULL,
					   .rows = p ? &p->rows : NULL,
					   .cancel = p ? &p->cancel : NULL};

	return store_report(s->db, &ask, &progress, out, e);
}

static void take_rows(struct session *s, int64_t unit, const struct report *rows,
		      struct desk_report *out)
{
	size_t i;

	out->items = mem_zalloc((rows->count + 1) * sizeof(*out->items));
	for (i = 0; i < rows->count; i++)
		add_row(s, unit, out, &rows->rows[i]);
	if (!report_by_date(out->options.by))
		qsort(out->items, out->count, sizeof(*out->items), by_amount);
}

static void take_total(struct desk_report *out, const struct report_sum *total)
{
	out->total.key = mem_strdup("");
	out->total.label = mem_strdup("合计");
	out->total.tax_no = mem_strdup("");
	out->total.permille = permille(total->net, total->net);
	take_sum(&out->total, total);
}

static enum err make(struct session *s, const struct unit *u, struct import_progress *p,
		     struct desk_report *out, struct err_info *e)
{
	struct report rows;
	enum err r = ask_store(s, u->id, &out->options, p, &rows, e);

	if (r)
		return r;
	take_rows(s, u->id, &rows, out);
	finish(out, &rows);
	take_total(out, &rows.total);
	out->summed = rows.summed;
	out->at = clock_now();
	text_copy(out->unit_name, sizeof(out->unit_name), u->name);
	text_copy(out->unit_tax_no, sizeof(out->unit_tax_no), u->tax_no);
	report_free(&rows);
	return ERR_OK;
}

static enum err open_unit(struct session *s, const struct report_options *o, struct unit *u,
			  struct err_info *e)
{
	enum err r = desk_allow(s, DESK_VIEW, e);

	if (!r && o->months && report_by_date(o->by))
		return err_fail(e, ERR_INVALID, "report.months", "统计报表",
				"按日、按月的统计不用再分月");
	return r ? r : desk_unit(s, u, e);
}

enum err desk_report(struct session *s, const struct report_options *o, struct import_progress *p,
		     struct desk_report *out, struct err_info *e)
{
	struct unit u;
	enum err r = open_unit(s, o, &u, e);
	int64_t due = 0;

	*out = (struct desk_report) {.options = *o};
	if (r)
		return r;
	/* How far it is can be said only of what has to be read. */
	if (p && !(r = store_report_due(s->db, u.id, o->from, o->to, INT32_MAX, &due, e)))
		atomic_store(&p->total, due);
	if (!r)
		r = make(s, &u, p, out, e);
	unit_free(&u);
	return r;
}

enum err desk_report_due(struct session *s, const struct report_options *o, int64_t cap,
			 int64_t *out, struct err_info *e)
{
	struct unit u;
	enum err r = open_unit(s, o, &u, e);

	if (r)
		return r;
	r = store_report_due(s->db, u.id, o->from, o->to, cap, out, e);
	unit_free(&u);
	return r;
}

/* ---- the invoices of a row ---- */

/* The days of the range that lie in a day or month ("": in all of it). */
static void part_of_range(const struct report_options *o, const char *part,
			  struct invoice_filter *out)
{
	char first[DATE_TEXT], last[DATE_TEXT];

	memcpy(out->issued_from, o->from, sizeof(out->issued_from));
	memcpy(out->issued_to, o->to, sizeof(out->issued_to));
	if (!*part)
		return;
	snprintf(first, sizeof(first), "%.7s%.3s", part, part[7] ? part + 7 : "-01");
	snprintf(last, sizeof(last), "%.7s%.3s", part, part[7] ? part + 7 : "-31");
	if (strcmp(first, out->issued_from) > 0)
		memcpy(out->issued_from, first, sizeof(first));
	if (strcmp(last, out->issued_to) < 0)
		memcpy(out->issued_to, last, sizeof(last));
}

void desk_report_filter(const struct desk_report *r, const struct report_item *item,
			struct invoice_filter *out)
{
	static const enum invoice_state issued = INVOICE_ISSUED;
	const struct report_options *o = &r->options;
	bool one = report_by_date(o->by) && *item->key;

	*out = (struct invoice_filter) {.state = &issued};
	part_of_range(o, one ? item->key : item->month, out);
	if (*item->key && !one) {
		out->report_dim = (int)report_by_dim(o->by);
		out->report_key = item->key;
	}
}
