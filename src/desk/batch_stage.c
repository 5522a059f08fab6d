/* batch_stage.c - one order after the other: completed, checked, compared, stored. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/batch_p.h"
#include "desk/drafts.h"
#include "tax/invoice_json.h"

enum { BODY_MAX = 64 << 20, REASON_MAX = 2000 };

bool stage_trial(const struct stage *g)
{
	return g->options->dry_run || g->options->drafts;
}

/* 开票安全验证, the month before: said once, not of every order. */
static void warn_of_unit(struct stage *g)
{
	struct tax_finding found[ISSUE_WARNINGS];
	char *out = g->report->unit, text[600];
	size_t n = issue_unit_warnings(g->s, &g->unit, found);

	*out = 0;
	for (size_t i = 0; i < n; i++) {
		size_t at = strlen(out);

		snprintf(out + at, sizeof(g->report->unit) - at, "%s%s", at ? "\n" : "",
			 err_sentence(&found[i].at, text, sizeof(text)));
	}
}

enum err stage_open(struct stage *g, struct err_info *e)
{
	struct session *s = g->s;
	enum err r;

	buf_init(&g->body, BODY_MAX);
	buyer_fill_begin(s, g->unit.id, &g->buyers);
	if ((r = desk_habit(s, &g->habit, e)) ||
	    (r = goods_fill_begin(s, g->unit.id, &g->goods, e)) ||
	    (r = issue_context_load(s, &g->unit, false, &g->context, e)))
		return r;
	/* What was never fetched cannot be broken yet: issuing fetches it first. */
	if (g->context->has_taxpayer)
		g->context->tax.seller = &g->context->taxpayer;
	warn_of_unit(g);
	if ((r = db_begin(s->db, e)))
		return r;
	g->begun = true;
	if (!stage_trial(g) && (r = db_bulk(s->db, e)))
		return r;
	g->batch.unit_id = g->unit.id;
	g->batch.created_by = s->user.id;
	g->batch.strict = g->options->strict;
	return store_orders_begin(s->db, &g->batch, e);
}

void stage_close(struct stage *g)
{
	if (g->begun)
		db_rollback(g->s->db);
	g->begun = false;
	issue_context_free(&g->context);
	goods_fill_end(&g->goods);
	buyer_fill_end(&g->buyers);
	buf_free(&g->body);
}

/* ---- completing and checking ---- */

/* The place of a fault says the row of the sheet: which line of the invoice that is would only be
 * another number beside it. */
static const char *without_line(const char *text, int line)
{
	char prefix[32];
	int n = snprintf(prefix, sizeof(prefix), "第 %d 行", line + 1);

	return line >= 0 && !strncmp(text, prefix, (size_t)n) ? text + n : text;
}

static void add_error(struct staged *o, const struct err_info *why, bool warning, int line,
		      const char *field)
{
	struct err_info said = *why;
	char text[SHEET_REASON];
	int of = line, column = order_column_of(field, &of);

	if (line >= 0)
		of = line;
	/* A person looks for the heading of the sheet. */
	if (o->place && column >= 0 && of < 0)
		text_copy(said.what, sizeof(said.what), batch_table(HEADS)->columns[column].title);
	err_sentence(&said, text, sizeof(text));
	order_fault_add(&o->faults, of, column, warning, without_line(text, of));
}

/* A line that says its code and rate needs nothing from the catalogue. */
static bool is_complete(const struct tax_line *l)
{
	return *l->tax_code && l->rate_ppm >= 0 && !*l->goods;
}

static enum err fill_lines(struct stage *g, struct staged *o, struct err_info *e)
{
	struct invoice *inv = &o->invoice;
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < inv->line_count; i++) {
		struct err_info why;
		char field[64];

		if (is_complete(&inv->lines[i]))
			continue;
		r = goods_fill_line(g->goods, &inv->lines[i], inv->prices_include_tax, NULL, &why);
		if (r && r != ERR_INVALID) {
			if (e)
				*e = why;
			return r;
		}
		if (!r)
			continue;
		snprintf(field, sizeof(field), "lines[%zu].name", i);
		add_error(o, &why, false, (int)i, field);
	}
	return ERR_OK;
}

static enum err complete(struct stage *g, struct staged *o, struct err_info *e)
{
	struct tax_finding note;
	struct err_info why;
	bool any;
	enum err r = buyer_fill_note(g->buyers, &o->invoice, &note, &any, e);

	if (r)
		return r;
	if (any)
		add_error(o, &note.at, true, -1, note.at.field);
	r = buyer_fill_invoice(g->buyers, &o->invoice, &why);
	if (r == ERR_INVALID)
		add_error(o, &why, false, -1, why.field);
	else if (r) {
		if (e)
			*e = why;
		return r;
	}
	if (text_empty(o->invoice.drawer))
		mem_set(&o->invoice.drawer, g->habit.drawer);
	issue_fill_seller(&o->invoice, &g->unit);
	return fill_lines(g, o, e);
}

/* What the seller lacks is no fault of the order: the plan says it. */
static bool is_sellers(const struct tax_finding *f)
{
	return !strncmp(f->at.code, "seller.", strlen("seller."));
}

/* What a form would ask about: without an answer it keeps the order back. */
static void add_question(struct staged *o, const struct err_info *at)
{
	struct err_info why = *at;

	err_hint(&why, "%s；批量不能代为确认，请在表单里单张开具，或用 batch add --confirmed 导入",
		 at->hint);
	add_error(o, &why, false, -1, at->field);
}

static void check(struct stage *g, struct staged *o)
{
	bool answered = g->options->confirmed || g->options->drafts;
	struct tax_findings found = {0};
	size_t i;

	tax_validate(&o->invoice, &g->context->tax, &found, NULL);
	for (i = 0; i < found.count; i++) {
		const struct tax_finding *f = &found.items[i];

		if (is_sellers(f) || issue_mendable(g->context, f))
			continue;
		if (tax_finding_asks(f) && !answered)
			add_question(o, &f->at);
		else
			add_error(o, &f->at, f->warning, -1, f->at.field);
	}
	tax_findings_free(&found);
}

/* ---- storing ---- */

/* In the file, or else which line of the invoice. */
static void place_of(const struct staged *o, int line, char out[IMPORT_PLACE])
{
	*out = 0;
	if (o->place)
		o->place(o->place_arg, line, out);
	else if (line >= 0)
		snprintf(out, IMPORT_PLACE, "第 %d 行", line + 1);
}

static void join_reason(const struct staged *o, bool warnings, char out[REASON_MAX])
{
	const struct order_faults *f = &o->faults;
	size_t i, n = 0;

	*out = 0;
	for (i = 0; i < f->count && n + 8 < REASON_MAX; i++) {
		const struct order_fault *at = &f->all[i];
		char place[IMPORT_PLACE];

		if (at->warning != warnings)
			continue;
		place_of(o, at->line, place);
		n += (size_t)snprintf(out + n, REASON_MAX - n, "%s%s%s", n ? "；" : "", place,
				      at->text);
	}
	out[text_whole(out, strlen(out))] = 0;
}

static void put_body(struct stage *g, const struct staged *order)
{
	struct json_out o;

	buf_reset(&g->body);
	json_out_init(&o, &g->body, 0);
	json_open(&o, NULL, '{');
	if (order->beyond)
		json_put_bool(&o, STAGE_BEYOND, true);
	invoice_put_sparse(&o, &order->invoice);
	json_close(&o, '}');
}

/* There is an invoice of the order number: it is the result, as far as it came. */
static void take_first(const struct invoice_record *old, bool differs, struct batch_order *row,
		       char reason[REASON_MAX])
{
	const char *unlike = differs ? "，内容与这次的不同，这次的没有采用" : "";

	row->net = old->invoice.net_fen;
	row->tax = old->invoice.tax_fen;
	row->gross = old->invoice.gross_fen;
	row->state = old->state == INVOICE_FAILED ? ORDER_FAILED : ORDER_REPEAT;
	if (old->state == INVOICE_FAILED && old->needs_person)
		snprintf(reason, REASON_MAX, "上次开票失败：%s%s；需要管理员在开票记录里处理",
			 old->message, unlike);
	else if (old->state == INVOICE_FAILED)
		snprintf(reason, REASON_MAX,
			 "上次开票失败：%s%s；请在开票记录里重试，或改正内容后重新导入",
			 old->message, unlike);
	else if (old->state != INVOICE_ISSUED)
		snprintf(reason, REASON_MAX, "已经取得号码%s，返回它的结果", unlike);
	else
		snprintf(reason, REASON_MAX, "%s",
			 differs ? "已经开过，内容与这次的不同，这次的没有采用；要另开请换流水号"
				 : "已经开过，返回原来的结果");
}

static enum err take_repeat(struct stage *g, int64_t invoice, bool differs, struct batch_order *row,
			    char reason[REASON_MAX], struct err_info *e)
{
	struct invoice_record old;
	enum err r = store_invoice_head(g->s->db, invoice, &old, e);

	if (r)
		return r;
	take_first(&old, differs, row, reason);
	invoice_record_free(&old);
	return ERR_OK;
}

/* Was it issued before?  *row and *reason say what is to become of it. */
static enum err compare(struct stage *g, struct staged *o, int64_t first, struct batch_order *row,
			char reason[REASON_MAX], struct err_info *e)
{
	struct invoice_set set = {.items = &o->invoice, .n = 1};
	struct issue_counts n;
	bool repeat = false, differs = false;
	enum err r;
	int line;

	if (!first)
		return ERR_OK;
	row->invoice_id = first;
	/* What is faulty cannot be compared, but it was issued all the same. */
	if (!o->faults.errors)
		set.differs = &differs;
	if ((r = issue_mark_repeats(g->s, &g->unit, &set, &row->invoice_id, &repeat, &n, e)))
		return r;
	if (repeat && differs)
		order_fault_add(&o->faults, -1, order_column_of("order_no", &line), true,
				"发票流水号：已经开过，内容与这次的不同，这次的没有采用；"
				"要另开请换流水号");
	if (repeat)
		return take_repeat(g, row->invoice_id, differs, row, reason, e);
	if (row->invoice_id && row->state == ORDER_READY)
		snprintf(reason, REASON_MAX, "上次税局未通过，这次用原号码重开");
	row->invoice_id = 0;
	return ERR_OK;
}

static void count(struct order_batch *b, const struct batch_order *o, int sign)
{
	b->orders += sign;
	b->lines += sign * o->lines;
	b->counts[o->state] += sign;
	b->net += sign * o->net;
	b->tax += sign * o->tax;
	b->gross += sign * o->gross;
	if (o->state != ORDER_READY)
		return;
	b->ready_lines += sign * o->lines;
	b->ready_net += sign * o->net;
	b->ready_tax += sign * o->tax;
	b->ready_gross += sign * o->gross;
	b->ready_quota += sign * o->quota;
}

/* So much that their sum stays within what a number holds. */
static bool sums_hold(const struct order_batch *b, const struct batch_order *o)
{
	int64_t sum;

	return fen_add(b->gross, o->gross, &sum);
}

static enum err store(struct stage *g, struct staged *o, const struct batch_order *row,
		      struct err_info *e)
{
	const char *body = buf_str(&g->body);
	/* The content of one that has its invoice is that of the invoice. */
	size_t n = row->invoice_id ? 0 : g->body.len;
	enum err r;

	if (o->replaces) {
		struct batch_order old;

		if ((r = store_orders_take_back(g->s->db, &g->batch, o->seq, &old, e)))
			return r;
		count(&g->batch, &old, -1);
	}
	if (!sums_hold(&g->batch, row))
		return err_fail(e, ERR_INVALID, "batch.amount", "批量开票",
				"价税合计超过 18 位，请分成几个文件");
	count(&g->batch, row, 1);
	return store_orders_add(g->s->db, &g->batch, row, body, n, e);
}

/* ---- drafts ---- */

/* Drafts wait for the rules of issuing; the order number is taken all the same. */
static enum err check_draft(struct stage *g, struct staged *o, struct err_info *e)
{
	struct invoice_record old;
	struct err_info why;
	int64_t id = 0;
	enum err r;

	if (tax_invoice_compute(&o->invoice, &why))
		add_error(o, &why, false, -1, why.field);
	if (text_empty(o->invoice.order_no))
		return ERR_OK;
	if ((r = store_invoice_by_order(g->s->db, g->unit.id, o->invoice.order_no, &id, e)) || !id)
		return r;
	if ((r = store_invoice_head(g->s->db, id, &old, e)))
		return r;
	if (old.state != INVOICE_DRAFT) {
		err_fail(&why, ERR_INVALID, "order.exists", "订单号", "%s 已开票，号码 %s",
			 o->invoice.order_no, old.invoice.number);
		err_field(&why, "order_no");
		add_error(o, &why, false, -1, why.field);
	}
	invoice_record_free(&old);
	return ERR_OK;
}

static enum err keep_draft(struct invoice_set *set, const struct staged *o, struct err_info *e)
{
	size_t at = (size_t)o->seq - 1;

	if (at >= INVOICE_ARRAY_MAX)
		return err_fail(e, ERR_INVALID, "json.count", "发票文件",
				"超过 %d 张，请分成几个文件", INVOICE_ARRAY_MAX);
	/* Doubled whenever the count reaches a power of two. */
	while (set->n <= at) {
		if (!(set->n & (set->n - 1)))
			set->items = mem_realloc(set->items,
						 (set->n ? 2 * set->n : 1) * sizeof(*set->items));
		invoice_init(&set->items[set->n++]);
	}
	invoice_free(&set->items[at]);
	invoice_copy(&set->items[at], &o->invoice);
	return ERR_OK;
}

static void refuse_void(struct staged *o, const struct invoice_record *old)
{
	struct err_info why;

	err_fail(&why, ERR_INVALID, "invoice.void", "流水号", "%s 的发票已作废，号码 %s",
		 o->invoice.order_no, old->invoice.number);
	err_field(&why, "order_no");
	err_hint(&why, "要重新开票请换一个流水号");
	add_error(o, &why, false, -1, why.field);
}

static void warn_draft(struct staged *o, int64_t draft)
{
	struct err_info why;

	err_fail(&why, ERR_INVALID, "order.draft", "流水号",
		 "%s 已有草稿 #%lld，由这一批开票后草稿就没有了", o->invoice.order_no,
		 (long long)draft);
	err_field(&why, "order_no");
	err_hint(&why, "要按草稿开，请让这一张不开；要留草稿，请先复制它");
	add_error(o, &why, true, -1, why.field);
}

/* What stands under its order number: *first is an invoice it repeats or corrects, 0 none. */
static enum err check_first(struct stage *g, struct staged *o, int64_t *first, struct err_info *e)
{
	struct invoice_record old;
	int64_t id = 0;
	enum err r;

	*first = 0;
	if (g->options->drafts || text_empty(o->invoice.order_no))
		return ERR_OK;
	if ((r = store_invoice_by_order(g->s->db, g->unit.id, o->invoice.order_no, &id, e)) ||
	    !id || (r = store_invoice_head(g->s->db, id, &old, e)))
		return r;
	if (old.state == INVOICE_VOID)
		refuse_void(o, &old);
	else if (old.state == INVOICE_DRAFT)
		warn_draft(o, id);
	else
		*first = id;
	invoice_record_free(&old);
	return ERR_OK;
}

/* The order may have gone into another invoice. */
static enum err check_free(struct stage *g, struct staged *o, struct err_info *e)
{
	struct err_info why;
	enum err r = desk_order_free(g->s, g->unit.id, o->invoice.order_no, &why);

	if (r == ERR_INVALID) {
		add_error(o, &why, false, -1, why.field);
		return ERR_OK;
	}
	if (r && e)
		*e = why;
	return r;
}

enum err stage_order(struct stage *g, struct staged *o, struct err_info *e)
{
	struct invoice *inv = &o->invoice;
	struct batch_order row = {.seq = o->seq, .row = o->row, .state = ORDER_READY};
	char reason[REASON_MAX] = "";
	int64_t first;
	enum err r;

	if ((r = complete(g, o, e)))
		return r;
	/* A cell that was not understood would draw other faults after it. */
	if (!o->faults.errors && g->options->drafts)
		r = check_draft(g, o, e);
	else if (!o->faults.errors)
		check(g, o);
	if (r || (!o->faults.errors && (r = check_free(g, o, e))) ||
	    (r = check_first(g, o, &first, e)) ||
	    (g->options->drafts && (r = keep_draft(g->options->drafts, o, e))))
		return r;
	if (o->faults.errors)
		row.state = ORDER_BAD;
	else
		row.quota = tax_quota_amount(inv);
	join_reason(o, row.state != ORDER_BAD, reason);
	row.kind = inv->kind;
	row.lines = (int64_t)inv->line_count;
	if (row.state == ORDER_READY) {
		row.net = inv->net_fen;
		row.tax = inv->tax_fen;
		row.gross = inv->gross_fen;
	}
	row.order_no = inv->order_no;
	row.buyer_name = inv->buyer.name;
	row.buyer_tax_no = inv->buyer.tax_no;
	if ((r = compare(g, o, first, &row, reason, e)))
		return r;
	row.reason = reason;
	put_body(g, o);
	if (g->body.failed)
		return err_fail(e, ERR_INVALID, "invoice.large", "发票", "内容过大");
	return store(g, o, &row, e);
}

enum err stage_spoil(struct stage *g, int64_t seq, const char *reason, struct err_info *e)
{
	struct batch_order old;
	enum err r = store_orders_spoil(g->s->db, &g->batch, seq, reason, &old, e);

	if (r)
		return r;
	count(&g->batch, &old, -1);
	old = (struct batch_order) {.state = ORDER_BAD, .lines = old.lines};
	count(&g->batch, &old, 1);
	return ERR_OK;
}
