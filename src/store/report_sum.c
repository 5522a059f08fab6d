/* report_sum.c - the sums of a day, from its invoices. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/invoices_p.h"
#include "store/report_p.h"

int report_period(const char *day)
{
	int n = 0, digits = 0;

	for (; *day && digits < 8; day++) {
		if (*day < '0' || *day > '9')
			continue;
		n = n * 10 + (*day - '0');
		digits++;
	}
	return digits == 6 ? n * 100 : n;
}

struct day {
	struct report_table *table;
	unsigned dims;
	int period;
	struct buf key, text, head;
	/* the invoice in hand */
	int64_t id, lines, expected;
	bool red;
	struct report_sum sum, rest; /* rest: what its lines have not covered yet */
	char at[DATETIME_TEXT];
	struct err_info *e;
};

static enum err add(struct day *d, enum report_dim dim, const char *key, const char *label,
		    struct report_sum s)
{
	struct report_entry *en;

	if (!(d->dims & 1u << dim))
		return ERR_OK;
	en = report_table_get(d->table, (int)dim, d->period, key);
	s.count = en->seen != d->id;
	en->seen = d->id;
	if (d->red) {
		s.red_count = s.count;
		s.red_net = s.net;
		s.red_tax = s.tax;
	}
	if (label)
		report_entry_call(en, label, d->at);
	return report_sum_add(&en->sum, &s) ? ERR_OK : report_too_large(d->e);
}

/* The lines of the last invoice are all there and add up to it (invariant I6). */
static enum err check_lines(const struct day *d)
{
	if (!d->id || !(d->dims & REPORT_OF_LINES) ||
	    (d->lines == d->expected && !d->rest.net && !d->rest.tax && !d->rest.gross))
		return ERR_OK;
	err_fail(d->e, ERR_DAMAGED, "invoice.sums", "统计报表",
		 "记录 #%" PRId64 " 的明细与发票合计不符，没有计入任何报表", d->id);
	err_hint(d->e, "用 kaipiao restore 恢复最近的备份");
	return ERR_DAMAGED;
}

static enum err begin_invoice(struct day *d, struct rows *q)
{
	const char *buyer = "", *drawer = "", *tax_no = rows_text(q, 8);
	char type[24];
	enum err r;

	d->id = rows_int(q, 0);
	d->sum = (struct report_sum) {
	    .net = rows_int(q, 3), .tax = rows_int(q, 4), .gross = rows_int(q, 5)};
	d->rest = d->sum;
	d->expected = rows_int(q, 6);
	d->lines = 0;
	d->red = rows_int(q, 10) != 0;
	text_copy(d->at, sizeof(d->at), rows_text(q, 7));
	snprintf(type, sizeof(type), "%" PRId64, rows_int(q, 2));
	if ((r = add(d, REPORT_KIND, rows_text(q, 1), NULL, d->sum)) ||
	    (r = add(d, REPORT_TYPE, type, NULL, d->sum)) ||
	    !(d->dims & (1u << REPORT_CLERK | 1u << REPORT_BUYER)) ||
	    (r = report_head_read(rows_text(q, 9), &d->head, &buyer, &drawer, d->e)))
		return r;
	report_buyer_key(&d->key, tax_no, buyer);
	if ((r = add(d, REPORT_CLERK, drawer, NULL, d->sum)))
		return r;
	/* Without a tax number the key is the name. */
	return add(d, REPORT_BUYER, buf_str(&d->key),
		   text_empty(tax_no) ? buf_str(&d->key) + 1 : buyer, d->sum);
}

static enum err take_line(struct day *d, const char *body)
{
	struct report_line l;
	struct report_sum s;
	enum err r = report_line_read(body, &d->text, &l, d->e);

	if (r)
		return r;
	d->lines++;
	s = (struct report_sum) {.net = l.net, .tax = l.tax, .gross = l.gross};
	d->rest.net -= l.net;
	d->rest.tax -= l.tax;
	d->rest.gross -= l.gross;
	report_rate_key(&d->key, l.rate_ppm, l.preference);
	if ((r = add(d, REPORT_RATE, buf_str(&d->key), NULL, s)))
		return r;
	report_goods_key(&d->key, l.short_name, l.name, l.spec);
	return add(d, REPORT_GOODS, buf_str(&d->key), NULL, s);
}

#define INVOICES                                                                                   \
	"SELECT i.id, i.kind, COALESCE(i.business_type_id, 0), i.net, i.tax, i.gross,"             \
	" i.line_count, i.issued_at, i.buyer_tax_no, i.head,"                                      \
	" EXISTS (SELECT 1 FROM invoice_red r WHERE r.invoice_id = i.id)"
#define OF_DAY                                                                                     \
	" WHERE i.unit_id = ? AND i.state = 'issued' AND i.issued_at >= ? AND i.issued_at < ?"     \
	" ORDER BY i.issued_at, i.id"

static enum err open_day(struct db *db, int64_t unit, const char *day, bool lines, struct rows **q,
			 struct err_info *e)
{
	char end[DATE_TEXT + 1]; /* behind every time of the day */

	snprintf(end, sizeof(end), "%.10s~", day);
	if (lines)
		return db_query(db, q, e,
				INVOICES ", l.body FROM invoice i"
					 " LEFT JOIN invoice_line l ON l.invoice_id = i.id" OF_DAY
					 ", l.seq",
				"lss", unit, day, end);
	return db_query(db, q, e, INVOICES " FROM invoice i" OF_DAY, "lss", unit, day, end);
}

static enum err step(const struct report_progress *p, struct err_info *e)
{
	if (!p)
		return ERR_OK;
	if (p->done)
		atomic_fetch_add(p->done, 1);
	if (p->rows)
		atomic_fetch_add(p->rows, 1);
	if (p->cancel && atomic_load(p->cancel))
		return err_fail(e, ERR_INVALID, "report.cancelled", "统计报表", "已取消");
	return ERR_OK;
}

enum err report_day_sum(struct db *db, int64_t unit, const char *day, unsigned dims, int period,
			const struct report_progress *p, struct report_table *t, int64_t *count,
			struct err_info *e)
{
	struct day d = {.table = t, .dims = dims, .period = period, .e = e};
	bool lines = dims & REPORT_OF_LINES;
	struct rows *q;
	enum err r;

	buf_init(&d.key, BODY_MAX);
	buf_init(&d.text, BODY_MAX);
	buf_init(&d.head, BODY_MAX);
	r = open_day(db, unit, day, lines, &q, e);
	while (!r && rows_next(q)) {
		if (rows_int(q, 0) != d.id) {
			if ((r = check_lines(&d)) || (r = step(p, e)) || (r = begin_invoice(&d, q)))
				break;
			++*count;
		}
		if (lines && !rows_null(q, 11))
			r = take_line(&d, rows_text(q, 11));
	}
	if (!r)
		r = check_lines(&d);
	r = rows_end(&q, r, e);
	buf_free(&d.key);
	buf_free(&d.text);
	buf_free(&d.head);
	return r;
}
