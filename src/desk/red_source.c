/* red_source.c - the blue invoice that is to be taken back, and what is left of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/red_p.h"

void red_source_free(struct red_source *src)
{
	red_blue_free(&src->blue);
	src->invoice_id = 0;
}

/* ---- what is left ---- */

/* The letter that keeps others out. */
struct under_way {
	bool found;
	char number[24];
	const char *label;
	enum red_situation situation;
};

/* What can be done about it by us. */
static const char *const ways_out[RED_SITUATIONS] = {
    [RED_FOR_US] = "先确认或否认它",
    [RED_FOR_THEM] = "等对方确认，或撤销它",
    [RED_ISSUABLE] = "先用它开具红字发票，或撤销它",
    [RED_THEY_ISSUE] = "等对方开具红字发票；它的状态可能已变，先刷新",
    [RED_ON_THE_WAY] = "等它有结果",
};

static enum err note_under_way(void *arg, const struct red_row *row)
{
	struct under_way *w = arg;
	bool over = row->situation == RED_WAS_ISSUED || row->situation == RED_VOID ||
		    row->situation == RED_FAILED;

	if (w->found || over)
		return ERR_OK;
	w->found = true;
	text_copy(w->number, sizeof(w->number), row->number);
	w->label = row->progress == RED_KNOWN && row->state == RED_UNKNOWN ? "状态未知"
									   : red_row_label(row);
	w->situation = row->situation;
	return ERR_OK;
}

/* The tax side keeps an invoice locked while a letter for it is under way. */
enum err red_refuse_under_way(struct session *s, int64_t unit, enum red_side side,
			      const char *blue_code, const char *blue_number, struct err_info *e)
{
	struct under_way w = {.found = false};
	struct red_filter f = {.unit = unit,
			       .side = &side,
			       .blue_number = blue_number,
			       .blue_code = blue_code,
			       .limit = 1000};
	int64_t next;
	enum err r = store_red_page(s->db, &f, note_under_way, &w, &next, e);

	if (r || !w.found)
		return r;
	err_fail(e, ERR_INVALID, "red.open", "红字确认单",
		 "蓝字发票 %s 已有进行中的红字确认单%s%s（%s）", blue_number, *w.number ? " " : "",
		 w.number, w.label);
	err_hint(e, "%s", ways_out[w.situation]);
	return ERR_INVALID;
}

enum err desk_red_open(struct session *s, enum red_side side, const char *blue_number,
		       char out[RED_OPEN_WORDS], struct err_info *e)
{
	struct under_way w = {.found = false};
	struct red_filter f = {
	    .side = &side, .blue_number = blue_number, .blue_code = "", .limit = 1000};
	int64_t next;
	enum err r;

	*out = 0;
	if ((r = desk_own_unit(s, DESK_VIEW, &f.unit, e)))
		return r;
	if (!(r = store_red_page(s->db, &f, note_under_way, &w, &next, e)) && w.found)
		snprintf(out, RED_OPEN_WORDS, "红字确认单%s%s（%s）", *w.number ? " " : "",
			 w.number, w.label);
	return r;
}

static void reset_rests(struct red_blue *b)
{
	for (size_t i = 0; i < b->line_count; i++) {
		struct red_blue_line *l = &b->lines[i];

		l->rest_quantity = l->quantity;
		l->rest_net_fen = l->net_fen;
		l->rest_tax_fen = l->tax_fen;
	}
	b->taken = false;
}

enum err red_source_rest(struct session *s, int64_t unit, struct red_source *src,
			 struct err_info *e)
{
	struct red_taken *taken = NULL;
	size_t n = 0, bare = 0;
	const struct red_blue *b = &src->blue;
	enum err r = red_refuse_under_way(s, unit, src->side, b->code, b->number, e);

	if (r ||
	    (r = store_red_refused_by_person(s->db, unit, src->side, b->code, b->number,
					     &src->blue.person_refused, e)) ||
	    (r = store_red_taken(s->db, unit, src->side, b->code, b->number, 0, &taken, &n, &bare,
				 e)))
		return r;
	reset_rests(&src->blue);
	if (bare) {
		err_fail(e, ERR_INVALID, "red.bare", "红字确认单",
			 "蓝字发票 %s 有 %zu 张红字确认单的明细还没有取到", src->blue.number, bare);
		err_hint(e, "刷新以后再申请");
		r = ERR_INVALID;
	} else if (!(r = tax_red_take(&src->blue, taken, n, e)) && tax_red_spent(&src->blue)) {
		r = err_fail(e, ERR_INVALID, "red.spent", "红字确认单",
			     "蓝字发票 %s 已全部冲红，没有可以再冲的", src->blue.number);
	}
	free(taken);
	return r;
}

/* ---- issued here ---- */

static enum err blue_unknown(const char *no, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "red.blue_unknown", "红字确认单", "本机没有蓝字发票 %.60s", no);
	err_hint(e, "不是在本机开的发票，请录入它的内容（命令行用 --blue 文件）");
	return ERR_INVALID;
}

static enum err refuse_state(const struct invoice_record *r, struct err_info *e)
{
	if (r->invoice.red)
		return err_fail(e, ERR_INVALID, "red.blue_state", "红字确认单",
				"%s 是红字发票，只有蓝字发票可以冲红", r->invoice.number);
	if (r->state == INVOICE_ISSUED)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "red.blue_state", "红字确认单",
		 "发票 %s 的状态是“%s”，开票成功的才能冲红",
		 *r->invoice.number ? r->invoice.number : r->invoice.order_no,
		 invoice_state_label(r->state));
	err_hint(e, "可用 kaipiao invoices show 查看");
	return ERR_INVALID;
}

/* Looks among the invoices another unit of the same environment issued to this one. */
struct other_units {
	struct session *s;
	const struct unit *buyer;
	const char *no;
	struct invoice_record *out;
	bool found;
};

static enum err look_in(void *arg, const struct unit *seller)
{
	struct other_units *o = arg;
	enum err r;

	if (o->found || seller->id == o->buyer->id || seller->env != o->buyer->env)
		return ERR_OK;
	r = store_invoice_by_no(o->s->db, seller->id, o->no, o->out, NULL);
	if (r)
		return r == ERR_INVALID ? ERR_OK : r;
	/* Only a number is the same for both sides. */
	o->found = !strcmp(o->out->invoice.number, o->no) &&
		   text_eq(o->out->invoice.buyer.tax_no, o->buyer->tax_no);
	if (!o->found)
		invoice_record_free(o->out);
	return ERR_OK;
}

static enum err find_own(struct session *s, const struct unit *u, const char *no,
			 struct invoice_record *out, bool *found, struct err_info *e)
{
	enum err r = store_invoice_by_no(s->db, u->id, no, out, e);

	*found = r == ERR_OK;
	return r == ERR_INVALID ? ERR_OK : r;
}

static enum err find_received(struct session *s, const struct unit *u, const char *no,
			      struct invoice_record *out, bool *found, struct err_info *e)
{
	struct other_units o = {.s = s, .buyer = u, .no = no, .out = out};
	enum err r = store_unit_list(s->db, "using", look_in, &o, e);

	*found = o.found;
	return r;
}

/* It is here, and we are the other side of it. */
static enum err other_side(const char *no, enum red_side ours, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "red.side", red_side_label(ours),
		 "蓝字发票 %.40s 是%s的，我方是%s", no,
		 ours == RED_SELLER ? "本单位开具" : "开给本单位", red_side_label(ours));
	err_hint(e, "用%s身份申请：--role %s", red_side_label(ours), red_side_word(ours));
	return ERR_INVALID;
}

static enum err find_blue(struct session *s, const struct unit *u, enum red_side side,
			  const char *no, struct invoice_record *out, struct err_info *e)
{
	bool seller = side == RED_SELLER, found = false;
	enum err r =
	    seller ? find_own(s, u, no, out, &found, e) : find_received(s, u, no, out, &found, e);

	if (r || found)
		return r;
	r = seller ? find_received(s, u, no, out, &found, e) : find_own(s, u, no, out, &found, e);
	if (r)
		return r;
	err_clear(e);
	if (!found)
		return blue_unknown(no, e);
	invoice_record_free(out);
	return other_side(no, seller ? RED_BUYER : RED_SELLER, e);
}

static enum err fill_source(struct session *s, const struct unit *u, enum red_side side,
			    const char *no, struct red_source *out, struct err_info *e)
{
	struct invoice_record rec;
	enum err r = find_blue(s, u, side, no, &rec, e);

	if (r)
		return r;
	out->side = side;
	out->invoice_id = rec.id;
	if (!(r = refuse_state(&rec, e)) && !(r = tax_red_blue(&rec.invoice, &out->blue, e)))
		r = red_source_rest(s, u->id, out, e);
	invoice_record_free(&rec);
	return r;
}

enum err desk_red_source(struct session *s, enum red_side side, const char *no,
			 struct red_source *out, struct err_info *e)
{
	struct unit u;
	enum err r;

	*out = (struct red_source) {.side = side};
	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if ((r = fill_source(s, &u, side, no, out, e)))
		red_source_free(out);
	unit_free(&u);
	return r;
}

/* ---- issued elsewhere ---- */

enum { OLD_NUMBER = 8, NEW_NUMBER = 20 };

static enum err refuse_number(const struct red_given *g, struct err_info *e)
{
	const char *code = g->code ? g->code : "", *number = g->invoice->number;
	size_t n = strlen(code);

	if (!*code) {
		if (text_all_digits(number) && strlen(number) == NEW_NUMBER)
			return ERR_OK;
		err_fail(e, ERR_INVALID, "red.blue_number", "数电发票号码", "“%.40s”应为 20 位数字",
			 number);
		err_field(e, "number");
		return ERR_INVALID;
	}
	if (!text_all_digits(code) || (n != 10 && n != 12)) {
		err_fail(e, ERR_INVALID, "red.blue_code", "发票代码", "“%.40s”应为 10 或 12 位数字",
			 code);
		err_field(e, "code");
		return ERR_INVALID;
	}
	if (text_all_digits(number) && strlen(number) == OLD_NUMBER)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "red.blue_number", "发票号码",
		 "“%.40s”应为 8 位数字（有发票代码的发票）", number);
	err_field(e, "number");
	return ERR_INVALID;
}

/* Our side of it must be this unit. */
static enum err refuse_party(const struct unit *u, enum red_side side, const struct invoice *inv,
			     struct err_info *e)
{
	const struct party *p = side == RED_SELLER ? &inv->seller : &inv->buyer;

	if (text_eq(p->tax_no, u->tax_no))
		return ERR_OK;
	if (text_empty(p->tax_no))
		err_fail(e, ERR_INVALID, "red.party", red_side_label(side),
			 "蓝字发票的内容里没有%s税号，它应当是本单位（%s）", red_side_label(side),
			 u->tax_no);
	else
		err_fail(e, ERR_INVALID, "red.party", red_side_label(side),
			 "蓝字发票的%s税号 %.40s 不是本单位（%s）", red_side_label(side), p->tax_no,
			 u->tax_no);
	err_field(e, "%s", side == RED_SELLER ? "seller.tax_no" : "buyer.tax_no");
	err_hint(e, text_empty(p->tax_no) ? "请补上它" : "核对税号，或换成另一方身份");
	return ERR_INVALID;
}

enum err desk_red_source_given(struct session *s, enum red_side side, const struct red_given *g,
			       struct red_source *out, struct err_info *e)
{
	struct unit u;
	enum err r;

	*out = (struct red_source) {.side = side};
	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = refuse_number(g, e)) && !(r = refuse_party(&u, side, g->invoice, e)) &&
	    !(r = tax_red_blue(g->invoice, &out->blue, e))) {
		mem_set(&out->blue.code, g->code ? g->code : "");
		out->blue.paper = g->paper;
		r = red_source_rest(s, u.id, out, e);
	}
	if (r)
		red_source_free(out);
	unit_free(&u);
	return r;
}
