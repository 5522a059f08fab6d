/* split.c - 拆分: filling invoices line by line. */
#include "tax/split.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/term.h"
#include "tax/calc_p.h"
#include "tax/split_p.h"
#include "tax/validate_p.h"

enum { TOTAL_TAX_FEN = 127 };

/* ---- words ---- */

static const struct term TAILS[SPLIT_TAILS] = {
    [SPLIT_QUANTITY] = {"quantity", "调整数量"},
    [SPLIT_PRICE] = {"price", "调整单价"},
    [SPLIT_WHOLE] = {"whole", "不拆分行"},
};

const char *split_tail_word(enum split_tail t)
{
	return TAILS[t].word;
}

const char *split_tail_label(enum split_tail t)
{
	return TAILS[t].label;
}

bool split_tail_parse(const char *text, enum split_tail *out)
{
	int i = term_find(TAILS, 0, SPLIT_TAILS, text);

	if (i >= 0)
		*out = (enum split_tail)i;
	return i >= 0;
}

void split_plan_free(struct split_plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		invoice_free(&p->parts[i]);
	free(p->parts);
	*p = (struct split_plan) {.parts = NULL};
}

/* ---- lines ---- */

void line_copy(struct tax_line *to, const struct tax_line *from)
{
	struct tax_line texts = *to;

	*to = *from;
	for (const struct text_field *f = line_texts; f->key; f++) {
		*text_slot(to, f) = *text_slot(&texts, f);
		mem_set(text_slot(to, f), text_value(from, f));
	}
}

size_t line_rows(const struct tax_line *l)
{
	return l->discount_fen ? 2 : 1;
}

int64_t line_weight(const struct tax_line *l, bool gross)
{
	return gross ? l->gross_fen + l->discount_gross_fen : l->net_fen + l->discount_net_fen;
}

bool line_holds(const struct invoice *inv, const struct tax_line *l)
{
	const struct check c = {.inv = inv, .computed = true};
	const struct line_at at = {.line = l, .computed = true};
	char why[WHY_TEXT];

	for (const struct line_rule *r = sum_lines; r->text.code; r++)
		if (r->broken(&c, &at, why))
			return false;
	return true;
}

dec_int line_tax_off(const struct tax_line *l)
{
	return (dec_int)(l->net_fen + l->discount_net_fen) * l->rate_ppm -
	       (dec_int)(l->tax_fen + l->discount_tax_fen) * RATE_ONE;
}

bool total_tax_holds(dec_int off)
{
	return (off < 0 ? -off : off) <= (dec_int)TOTAL_TAX_FEN * RATE_ONE;
}

/* ---- invoices being filled ---- */

struct filler {
	const struct invoice *whole;
	const struct split_rule *rule;
	size_t rows_max;
	struct split_plan *plan;
	struct invoice *open; /* the part being filled, or NULL */
	size_t rows;
	int64_t weight;
	dec_int tax_off; /* of the open part: rate times amount less tax, in fen x RATE_ONE */
};

/* A part has all of the invoice but its lines. */
static enum err open_part(struct filler *f, struct err_info *e)
{
	struct split_plan *p = f->plan;

	if (p->count == SPLIT_PARTS_MAX) {
		err_fail(e, ERR_INVALID, "split.parts", "拆分", "会拆成 %d 张以上",
			 SPLIT_PARTS_MAX);
		err_hint(e, "请加大每张的限额");
		return ERR_INVALID;
	}
	/* Grows at powers of two. */
	if ((p->count & (p->count - 1)) == 0)
		p->parts = mem_realloc(p->parts, (p->count ? p->count * 2 : 1) * sizeof(*p->parts));
	f->open = &p->parts[p->count++];
	struct invoice head = *f->whole;
	head.lines = NULL;
	head.line_count = 0;
	invoice_copy(f->open, &head);
	f->open->number[0] = f->open->issued_at[0] = 0;
	f->rows = 0;
	f->weight = 0;
	f->tax_off = 0;
	return ERR_OK;
}

static int64_t room(const struct filler *f)
{
	return f->rule->limit_fen ? f->rule->limit_fen - f->weight : INT64_MAX;
}

/* Is there a row for it, and does its rounding go with that of the others? */
static bool has_place(const struct filler *f, const struct tax_line *l)
{
	return f->rows + line_rows(l) <= f->rows_max &&
	       total_tax_holds(f->tax_off + line_tax_off(l));
}

static void put(struct filler *f, const struct tax_line *l)
{
	line_copy(invoice_add_line(f->open), l);
	f->rows += line_rows(l);
	f->weight += line_weight(l, f->rule->limit_gross);
	f->tax_off += line_tax_off(l);
}

static enum err fail_line(const struct filler *f, size_t index, const struct tax_line *l,
			  struct err_info *e)
{
	char amount[FEN_TEXT], limit[FEN_TEXT], what[40];
	bool whole = f->rule->tail == SPLIT_WHOLE;

	snprintf(what, sizeof(what), "第 %zu 行", index + 1);
	err_fail(e, ERR_INVALID, "split.line", what, "%s金额 %s %s每张的限额 %s",
		 f->rule->limit_gross ? "含税" : "不含税",
		 fen_format(line_weight(l, f->rule->limit_gross), amount),
		 whole ? "超过" : "不能按这种方式拆进", fen_format(f->rule->limit_fen, limit));
	err_field(e, "lines[%zu].amount", index);
	err_hint(e, "%s",
		 whole ? "请允许拆分行（调整数量或调整单价），或加大限额"
		       : "请换一种尾差处理，或加大限额");
	return ERR_INVALID;
}

/* A line goes in as long as there is room; what is left begins the next part. */
static enum err place(struct filler *f, size_t index, struct err_info *e)
{
	struct tax_line rest = f->whole->lines[index]; /* texts are lent */
	enum err r;

	for (;;) {
		struct split_cut cut = {.whole = f->whole, .rule = f->rule};

		if (!f->open && (r = open_part(f, e)))
			return r;
		bool fits = line_weight(&rest, f->rule->limit_gross) <= room(f);
		if (fits && has_place(f, &rest)) {
			put(f, &rest);
			return ERR_OK;
		}
		cut.room = room(f);
		cut.fresh = !f->rows;
		if (!fits && f->rule->tail != SPLIT_WHOLE && line_cut(&rest, &cut) &&
		    has_place(f, &cut.head)) {
			put(f, &cut.head);
			f->plan->cuts++;
			rest = cut.rest;
		} else if (!f->rows) {
			return fail_line(f, index, &rest, e);
		}
		f->open = NULL;
	}
}

/* ---- what comes of it ---- */

static enum err number_parts(const struct invoice *inv, struct split_plan *p, struct err_info *e)
{
	enum { MOST = 64 };
	char no[MOST * 4 + 24];

	if (!*inv->order_no)
		return ERR_OK;
	for (size_t i = 0; i < p->count; i++) {
		snprintf(no, sizeof(no), "%.256s-%zu", inv->order_no, i + 1);
		if (text_chars(no) > MOST) {
			err_fail(e, ERR_INVALID, "split.order_no", "订单号",
				 "%s 加上分号后超过 %d 个字符", inv->order_no, MOST);
			err_field(e, "order_no");
			err_hint(e, "请先缩短订单号");
			return ERR_INVALID;
		}
		mem_set(&p->parts[i].order_no, no);
	}
	return ERR_OK;
}

static enum err compute_parts(struct split_plan *p, struct err_info *e)
{
	enum err r = ERR_OK;

	for (size_t i = 0; i < p->count && !r; i++)
		r = tax_invoice_compute(&p->parts[i], e);
	return r;
}

static enum err check_rule(const struct invoice *inv, const struct split_rule *rule,
			   struct err_info *e)
{
	char least[FEN_TEXT];

	if (*inv->differential) {
		err_fail(e, ERR_INVALID, "split.differential", "拆分", "差额征税的发票不能拆分");
		err_hint(e, "请按扣除凭证分别填开");
		return ERR_INVALID;
	}
	if (rule->limit_fen && rule->limit_fen < SPLIT_LIMIT_MIN) {
		err_fail(e, ERR_INVALID, "split.limit", "每张限额", "至少 %s",
			 fen_format(SPLIT_LIMIT_MIN, least));
		err_field(e, "amount");
		return ERR_INVALID;
	}
	if (rule->rows > TAX_LINES_MAX || rule->rows == 1) {
		err_fail(e, ERR_INVALID, "split.limit", "每张行数", "应为 2 至 %d", TAX_LINES_MAX);
		err_field(e, "rows");
		return ERR_INVALID;
	}
	return ERR_OK;
}

static enum err fill(const struct invoice *inv, const struct split_rule *rule,
		     struct split_plan *out, struct err_info *e)
{
	struct filler f = {.whole = inv,
			   .rule = rule,
			   .plan = out,
			   .rows_max = rule->rows ? rule->rows : TAX_LINES_MAX};
	enum err r = ERR_OK;

	for (size_t i = 0; i < inv->line_count && !r; i++)
		r = place(&f, i, e);
	if (!r && out->count < 2) {
		r = err_fail(e, ERR_INVALID, "split.needless", "拆分", "没有超过限额，一张就能开");
		err_hint(e, "%s",
			 rule->limit_fen || rule->rows ? "请把每张的限额或行数改小"
						       : "请填每张的限额或行数");
	}
	if (!r && !(r = number_parts(inv, out, e)))
		r = compute_parts(out, e);
	return r;
}

enum err tax_invoice_split(const struct invoice *inv, const struct split_rule *rule,
			   struct split_plan *out, struct err_info *e)
{
	struct invoice whole;
	enum err r = check_rule(inv, rule, e);

	*out = (struct split_plan) {.parts = NULL};
	if (r)
		return r;
	invoice_copy(&whole, inv);
	if (!(r = tax_invoice_compute(&whole, e)))
		r = fill(&whole, rule, out, e);
	invoice_free(&whole);
	if (r)
		split_plan_free(out);
	return r;
}
