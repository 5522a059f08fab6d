/* batch_orders.c - the orders of a batch: rows, conditions, one in full. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch_p.h"
#include "ui/screen/blue_model.h"
#include "ui/screen/invoices.h"

enum { WIDE = 100, STATE_CHOICES = ORDER_STATES + 1, TEXT_COL = 26 };

static const char GAP[] = "；"; /* between two reasons */

/* ---- conditions ---- */

static const char *states[STATE_CHOICES + 1];

const struct field batch_filter[] = {
    {.id = BATCH_FIELD_STATE,
     .kind = FIELD_CHOICE,
     .label = "状态",
     .col = 6,
     .width = 8,
     .choices = states,
     .help = "空格或左右键选择；回车查询。不在查找里时，左右键直接换状态。"},
    {.id = BATCH_FIELD_TEXT,
     .kind = FIELD_TEXT,
     .label = "查找",
     .col = TEXT_COL,
     .width = 30,
     .max_chars = 60,
     .help = "流水号的开头，或购方名称里的几个字；空着不限。"},
    {.id = 0},
};

void batch_filter_begin(struct form *f)
{
	int i;

	states[0] = "全部";
	for (i = 0; i < ORDER_STATES; i++)
		states[i + 1] = order_state_label((enum order_state)i);
	form_init(f, batch_filter, NULL);
	form_set(f, BATCH_FIELD_STATE, states[0]);
}

void batch_filter_step(struct form *f, int step)
{
	int at = form_choice(f, BATCH_FIELD_STATE);

	at = ((at < 0 ? 0 : at) + step + STATE_CHOICES) % STATE_CHOICES;
	form_set(f, BATCH_FIELD_STATE, states[at]);
}

/* ---- rows ---- */

const struct list_column batch_columns[] = {
    {.label = "流水号", .width = 16, .wide_width = 20},
    {.label = "购方名称", .width = -1, .wide_width = 24},
    {.label = "票种", .width = 4, .wide_width = 8, .from = 70},
    {.label = "行数", .width = 4, .wide_width = 5, .align = ALIGN_RIGHT},
    {.label = "价税合计", .width = 14, .wide_width = 16, .align = ALIGN_RIGHT},
    {.label = "状态", .width = 6, .wide_width = 6},
    {.label = "号码、原因", .width = 0, .wide_width = -1},
    {.label = NULL},
};

struct page {
	struct list_row *rows;
	int count;
	bool wide;
};

static enum err add_order(void *arg, const struct batch_order *o)
{
	struct page *p = arg;
	struct list_row *row = &p->rows[p->count++];
	char gross[FEN_TEXT + 8];
	const char *no = text_empty(o->number) ? "" : o->number;

	*row = (struct list_row) {.id = o->seq, .face = order_face(o->state)};
	text_copy(row->cell[0], LIST_CELL, o->order_no);
	text_copy(row->cell[1], LIST_CELL, o->buyer_name);
	text_copy(row->cell[2], LIST_CELL,
		  p->wide                      ? invoice_kind_label(o->kind)
		  : o->kind == INVOICE_SPECIAL ? "专票"
					       : "普票");
	snprintf(row->cell[3], LIST_CELL, "%lld", (long long)o->lines);
	if (o->gross || o->state != ORDER_BAD)
		text_copy(row->cell[4], LIST_CELL, fen_format_grouped(o->gross, gross));
	text_copy(row->cell[5], LIST_CELL, order_state_label(o->state));
	snprintf(row->cell[6], LIST_CELL, "%s%s%.900s", no, *no && *o->reason ? "  " : "",
		 o->reason);
	row->cell[6][text_whole(row->cell[6], strlen(row->cell[6]))] = 0;
	text_copy(row->cell[BATCH_CELL_REASON], LIST_CELL, row->cell[6]);
	text_copy(row->cell[BATCH_CELL_STATE], LIST_CELL, order_state_word(o->state));
	if (o->invoice_id)
		snprintf(row->cell[BATCH_CELL_INVOICE], LIST_CELL, "%lld",
			 (long long)o->invoice_id);
	return ERR_OK;
}

enum err batch_source(struct list *l, const char *cursor, int max, struct list_row *rows,
		      int *count, char next[64], struct err_info *e)
{
	struct batch_screen *s = l->owner;
	struct page p = {.rows = rows, .wide = l->area.w > WIDE};
	int at = form_choice(&s->filter, BATCH_FIELD_STATE);
	const enum order_state state = (enum order_state)(at > 0 ? at - 1 : 0);
	const struct batch_order_query q = {.batch = s->id,
					    .state = at > 0 ? &state : NULL,
					    .text = form_get(&s->filter, BATCH_FIELD_TEXT),
					    .cursor = screen_cursor(cursor),
					    .limit = max};
	int64_t after = 0;
	enum err r =
	    desk_batch_orders(ui_session(), &q, add_order, &p, &after, &l->total, &l->at_least, e);

	*count = p.count;
	screen_next(after, next);
	return r;
}

/* ---- one in full ---- */

static void add_fen(struct buf *b, const char *label, int64_t fen)
{
	char text[FEN_TEXT + 8];

	detail_add(b, label, fen_format_grouped(fen, text));
}

static void add_dec(struct buf *b, const char *label, bool has, struct dec d)
{
	char text[DEC_TEXT];

	if (has)
		buf_addf(b, "  %s %s", label, dec_format(d, text));
}

static void add_line(struct buf *b, size_t i, const struct tax_line *l)
{
	char net[FEN_TEXT + 8], tax[FEN_TEXT + 8], rate[BLUE_TEXT];

	buf_addf(b, "%3zu  %s", i + 1, l->name);
	if (!text_empty(l->spec))
		buf_addf(b, "  %s", l->spec);
	if (!text_empty(l->tax_code))
		buf_addf(b, "  编码 %s", l->tax_code);
	buf_adds(b, "\n   ");
	add_dec(b, "数量", l->has_quantity, l->quantity);
	if (!text_empty(l->unit))
		buf_addf(b, " %s", l->unit);
	add_dec(b, "单价", l->has_price, l->price);
	buf_addf(b, "  金额 %s  税率 %s  税额 %s\n", fen_format_grouped(l->net_fen, net),
		 l->rate_ppm < 0 ? "未填" : blue_rate_text(l->rate_ppm, l->preference, rate),
		 fen_format_grouped(l->tax_fen, tax));
}

static void add_buyer(struct buf *b, const struct invoice *inv)
{
	detail_add(b, "购方名称", inv->buyer.name);
	detail_add(b, "购方税号", inv->buyer.tax_no);
	detail_add(b, "证件号码", inv->buyer_id_no);
	detail_add(b, "地址", inv->buyer.address);
	detail_add(b, "电话", inv->buyer.phone);
	detail_add(b, "开户行", inv->buyer.bank);
	detail_add(b, "账号", inv->buyer.account);
	detail_add(b, "邮箱", inv->buyer_email);
}

static void add_content(struct buf *b, const struct invoice *inv, bool computed)
{
	char words[WORDS_TEXT];
	size_t i;

	detail_add(b, "票种", invoice_kind_label(inv->kind));
	detail_add(b, "单价金额", inv->prices_include_tax ? "含税" : "不含税");
	add_buyer(b, inv);
	if (computed) {
		add_fen(b, "金额", inv->net_fen);
		add_fen(b, "税额", inv->tax_fen);
		add_fen(b, "价税合计", inv->gross_fen);
		detail_add(b, "大写", tax_words(inv->gross_fen, words));
	}
	detail_add(b, "备注", inv->remark);
	detail_add(b, "开票人", inv->drawer);
	detail_add(b, "收款人", inv->payee);
	detail_add(b, "复核人", inv->reviewer);
	buf_addf(b, "\n明细 %zu 行\n", inv->line_count);
	for (i = 0; i < inv->line_count; i++)
		add_line(b, i, &inv->lines[i]);
}

/* A sentence may have such a sign in it, too; the next one begins with its place. */
static const char *end_of_reason(const char *at)
{
	const char *end = at;

	while ((end = strstr(end, GAP))) {
		const char *next = end + strlen(GAP);

		if (!strncmp(next, "“", strlen("“")) || !strncmp(next, "第 ", strlen("第 ")))
			return end;
		end = next;
	}
	return at + strlen(at);
}

/* What is wrong comes first, each on a line of its own. */
void batch_add_reason(struct buf *b, const char *reason)
{
	const char *at = reason, *end;

	for (; *at; at = *end ? end + strlen(GAP) : end) {
		end = end_of_reason(at);
		buf_addf(b, "%.*s\n", (int)(end - at), at);
	}
	if (*reason)
		buf_adds(b, "\n");
}

/* What can be done with it, as keys of the reader. */
static const enum action *doable(const struct batch_screen *s)
{
	static const enum action ALL[] = {ACT_EDIT, ACT_SKIP, ACT_UNSKIP};
	static enum action out[sizeof(ALL) / sizeof(ALL[0]) + 1];
	size_t i, n = 0;

	for (i = 0; i < sizeof(ALL) / sizeof(ALL[0]); i++) {
		if (!batch_do_why_not(s, ALL[i]))
			out[n++] = ALL[i];
	}
	out[n] = ACT_NONE;
	return out;
}

static bool read_order(struct batch_screen *s, const struct list_row *row)
{
	struct err_info e = {0};
	struct invoice inv;
	char title[80];
	struct buf b;

	if (desk_batch_order_load(ui_session(), s->id, row->id, &inv, &e)) {
		ui_error(&e);
		return true;
	}
	tax_invoice_compute(&inv, NULL);
	buf_init(&b, DETAIL_MAX);
	batch_add_reason(&b, row->cell[BATCH_CELL_REASON]);
	detail_add(&b, "流水号", row->cell[0]);
	detail_add(&b, "状态", row->cell[5]);
	add_content(&b, &inv, *row->cell[4]);
	snprintf(title, sizeof(title), "第 %lld 张", (long long)row->id);
	view_ask(
	    s->view, BATCH_ASK_READ, &view_read_ops,
	    &(struct read_arg) {
		.title = title, .text = buf_str(&b), .extra = doable(s), .section = "batch-read"});
	buf_free(&b);
	invoice_free(&inv);
	return true;
}

bool batch_open_order(struct batch_screen *s)
{
	const struct list_row *row = list_row(&s->list);
	int64_t invoice = row ? screen_cursor(row->cell[BATCH_CELL_INVOICE]) : 0;

	if (!row)
		return true;
	if (invoice)
		return view_push(&view_invoice_ops, &invoice);
	return read_order(s, row);
}
