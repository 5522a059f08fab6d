/* blue_more_rows.c - 差额征税 with its vouchers, and the payments: fields over rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_more_p.h"

/* ---- what both have ---- */

/* A cell with a code shows its name while another one has the focus. */
static void show_code(struct grid *g, int row, int column, enum code_table t)
{
	struct grid_row *r = &g->rows[row];
	char code[120];
	const struct code_row *found = code_find(t, more_code_of(t, r->cell[column - 1], code));

	free(r->shown[column - 1]);
	r->shown[column - 1] = found ? mem_strdup(found->name) : NULL;
	free(r->error);
	r->error = NULL;
}

static bool read_code(struct more *m, int row, int column, enum code_table t, char **slot,
		      const char *sentence)
{
	char code[120];
	const char *text = grid_get(&m->grid, row, column);

	more_take(slot, more_code_of(t, text, code));
	return !**slot || code_find(t, *slot) || more_fail_cell(m, row, column, sentence);
}

static bool row_blank(const struct grid *g, int row)
{
	int c;

	for (c = 0; g->columns[c].id; c++) {
		if (*g->rows[row].cell[c])
			return false;
	}
	return true;
}

/* ---- 差额征税 ---- */

enum { D_TYPE = 1, D_DEDUCTION };
enum { V_TYPE = 1, V_CODE, V_NUMBER, V_DATE, V_TOTAL, V_AMOUNT, V_NOTE };

static const char *const TYPES[] = {"不用差额", "全额开票", "差额开票", NULL};
static const char *const TYPE_CODES[] = {"", DIFFERENTIAL_FULL, DIFFERENTIAL_PART};

static const struct field DIFFERENTIAL_FIELDS[] = {
    {.id = D_TYPE,
     .kind = FIELD_CHOICE,
     .label = "差额征税",
     .row = 0,
     .col = 10,
     .width = 8,
     .choices = TYPES,
     .help = "差额开票按扣除后的余额计税；全额开票照全额计税，只记下扣除额。发票只能有一行明细，"
	     "不能有折扣。"},
    {.id = D_DEDUCTION,
     .kind = FIELD_AMOUNT,
     .label = "扣除额",
     .row = 0,
     .col = 30,
     .width = 20,
     .max_chars = 21,
     .help = "含税的扣除额，不超过价税合计；不填就取各张凭证本次扣除金额之和。"},
    {.id = 0},
};

static const struct grid_column VOUCHER_COLUMNS[] = {
    {.id = V_TYPE,
     .label = "凭证类型",
     .width = 9,
     .wide_width = 16,
     .max_chars = 20,
     .chooser = true,
     .help = "输入代码或名称，如 01 数电发票；F4 列出九种。"},
    {.id = V_CODE,
     .label = "发票代码",
     .width = 8,
     .wide_width = 12,
     .kind = FIELD_DIGITS,
     .max_chars = 12,
     .help = "增值税专票、普票和营业税发票必填；数电发票和非发票凭证不填。"},
    {.id = V_NUMBER,
     .label = "号码",
     .width = 11,
     .wide_width = 22,
     .kind = FIELD_DIGITS,
     .max_chars = 40,
     .help = "发票或凭证的号码；数电发票 20 位。财政票据、裁决书、契税凭证等可不填。"},
    {.id = V_DATE,
     .label = "开具日期",
     .width = 10,
     .kind = FIELD_DATE,
     .max_chars = 10,
     .help = "发票必填，其他凭证可不填：20251120 或 2025-11-20。"},
    {.id = V_TOTAL,
     .label = "合计金额",
     .width = 9,
     .wide_width = 14,
     .align = ALIGN_RIGHT,
     .kind = FIELD_AMOUNT,
     .max_chars = 21,
     .help = "凭证上的合计金额。"},
    {.id = V_AMOUNT,
     .label = "本次扣除",
     .width = 9,
     .wide_width = 14,
     .align = ALIGN_RIGHT,
     .kind = FIELD_AMOUNT,
     .max_chars = 21,
     .help = "这张凭证本次扣除的金额，不超过凭证合计金额。"},
    {.id = V_NOTE,
     .label = "备注",
     .width = 6,
     .wide_width = 10,
     .max_chars = 450,
     .help = "其他发票类和其他扣除凭证要在这里写明凭证名称；其余可不填。"},
    {.id = 0},
};

static void vouchers_changed(struct grid *g, int first, int last)
{
	for (; first <= last && first < g->count; first++)
		show_code(g, first, V_TYPE, CODES_VOUCHERS);
}

static int complete_voucher(struct grid *g, int row, int column, const char *text,
			    struct candidate *out, int max)
{
	(void)g;
	(void)row;
	return column == V_TYPE - 1 ? more_code_match(CODES_VOUCHERS, text, out, max) : 0;
}

static const struct grid_hooks VOUCHER_HOOKS = {.changed = vouchers_changed,
						.complete = complete_voucher};

static enum code_table voucher_codes(int column)
{
	(void)column;
	return CODES_VOUCHERS;
}

static void set_fen(struct grid *g, int row, int column, int64_t fen)
{
	char text[FEN_TEXT];

	grid_set(g, row, column, fen ? fen_format(fen, text) : "");
}

static void show_differential(struct more *m)
{
	const struct invoice *inv = &m->inv;
	char text[120];
	size_t i;

	for (i = 0; i < 3; i++) {
		if (!strcmp(inv->differential, TYPE_CODES[i]))
			form_set(&m->entry.form, D_TYPE, TYPES[i]);
	}
	if (inv->deduction_fen)
		form_set(&m->entry.form, D_DEDUCTION, fen_format(inv->deduction_fen, text));
	for (i = 0; i < inv->voucher_count; i++) {
		const struct voucher *v = &inv->vouchers[i];
		int row = (int)i;

		grid_set(&m->grid, row, V_TYPE, more_code_text(CODES_VOUCHERS, v->type, text));
		grid_set(&m->grid, row, V_CODE, v->code);
		grid_set(&m->grid, row, V_NUMBER, v->number);
		grid_set(&m->grid, row, V_DATE, v->date);
		grid_set(&m->grid, row, V_NOTE, v->note);
		set_fen(&m->grid, row, V_TOTAL, v->total_fen);
		set_fen(&m->grid, row, V_AMOUNT, v->amount_fen);
	}
	vouchers_changed(&m->grid, 0, m->grid.count - 1);
	grid_focus(&m->grid, 0, V_TYPE);
}

/* Amounts that cannot be read yet count as nothing. */
static int sum_vouchers(const struct more *m, int64_t *sum)
{
	int row, n = 0;
	int64_t fen;

	*sum = 0;
	for (row = 0; row < m->grid.count; row++) {
		if (row_blank(&m->grid, row))
			continue;
		n++;
		if (fen_parse(grid_get(&m->grid, row, V_AMOUNT), &fen) && !fen_add(*sum, fen, sum))
			return n;
	}
	return n;
}

static void live_differential(const struct more *m, char out[200])
{
	const char *typed = form_get(&m->entry.form, D_DEDUCTION);
	char s[FEN_TEXT + 8], d[FEN_TEXT + 8];
	int64_t sum, deduction = 0;
	int n = sum_vouchers(m, &sum);

	if (*typed && fen_parse(typed, &deduction) && deduction != sum)
		snprintf(out, 200, "扣除凭证 %d 张，本次扣除合计 %s，与扣除额相差 %s", n,
			 fen_format_grouped(sum, s), fen_format_grouped(deduction - sum, d));
	else
		snprintf(out, 200, "扣除凭证 %d 张，本次扣除合计 %s", n,
			 fen_format_grouped(sum, s));
}

static bool read_fen(struct more *m, int row, int column, const char *label, int64_t *out)
{
	const char *text = grid_get(&m->grid, row, column);
	char sentence[200];

	*out = 0;
	if (!*text || fen_parse(text, out))
		return true;
	snprintf(sentence, sizeof(sentence), "%s：“%.30s”读不懂，填最多两位小数的数字", label,
		 text);
	return more_fail_cell(m, row, column, sentence);
}

static bool read_voucher(struct more *m, int row)
{
	struct voucher *v = invoice_add_voucher(&m->inv);

	more_take(&v->code, grid_get(&m->grid, row, V_CODE));
	more_take(&v->number, grid_get(&m->grid, row, V_NUMBER));
	more_take(&v->date, grid_get(&m->grid, row, V_DATE));
	more_take(&v->note, grid_get(&m->grid, row, V_NOTE));
	return read_code(m, row, V_TYPE, CODES_VOUCHERS, &v->type,
			 "凭证类型：没有这一种，按 F4 从九种里选") &&
	       read_fen(m, row, V_TOTAL, "合计金额", &v->total_fen) &&
	       read_fen(m, row, V_AMOUNT, "本次扣除", &v->amount_fen);
}

/* 不用差额 takes all of it away. */
static bool read_differential(struct more *m)
{
	const char *typed = form_get(&m->entry.form, D_DEDUCTION);
	int type = form_choice(&m->entry.form, D_TYPE), row;

	mem_set(&m->inv.differential, TYPE_CODES[type > 0 ? type : 0]);
	invoice_clear_vouchers(&m->inv);
	m->inv.deduction_fen = 0;
	if (type <= 0)
		return true;
	if (*typed && !fen_parse(typed, &m->inv.deduction_fen))
		return more_fail(m, D_DEDUCTION, "扣除额：读不懂，填最多两位小数的数字");
	for (row = 0; row < m->grid.count; row++) {
		if (!row_blank(&m->grid, row) && !read_voucher(m, row))
			return false;
	}
	if (!*typed)
		sum_vouchers(m, &m->inv.deduction_fen);
	return true;
}

static const struct more_place DIFFERENTIAL_PLACES[] = {
    {"differential.type", D_TYPE}, {"differential.deduction", D_DEDUCTION}, {.path = NULL}};
static const struct more_place VOUCHER_CELLS[] = {
    {"type", V_TYPE},   {"code", V_CODE},     {"number", V_NUMBER}, {"date", V_DATE},
    {"total", V_TOTAL}, {"amount", V_AMOUNT}, {"note", V_NOTE},     {.path = NULL}};
static const char *const DIFFERENTIAL_PATHS[] = {"differential", "vouchers", NULL};

const struct more_part more_differential = {
    .title = "差额征税",
    .fields = DIFFERENTIAL_FIELDS,
    .columns = VOUCHER_COLUMNS,
    .hooks = &VOUCHER_HOOKS,
    .rows_path = "vouchers",
    .places = DIFFERENTIAL_PLACES,
    .cells = VOUCHER_CELLS,
    .show = show_differential,
    .read = read_differential,
    .live = live_differential,
    .codes = voucher_codes,
    .paths = DIFFERENTIAL_PATHS,
};

/* ---- 支付与结算 ---- */

enum { P_SETTLEMENT = 1 };
enum { C_CHANNEL = 1, C_NUMBER };

static const char *const SETTLEMENTS[] = {"不填",       "现金",   "银行转账", "票据",
					  "第三方支付", "预付卡", "其他",     NULL};

static const struct field PAYMENT_FIELDS[] = {
    {.id = P_SETTLEMENT,
     .kind = FIELD_CHOICE,
     .label = "结算方式",
     .row = 0,
     .col = 10,
     .width = 10,
     .choices = SETTLEMENTS,
     .help = "可不填。空格或左右键切换。"},
    {.id = 0},
};

static const struct grid_column PAYMENT_COLUMNS[] = {
    {.id = C_CHANNEL,
     .label = "支付渠道",
     .width = 18,
     .wide_width = 24,
     .max_chars = 20,
     .chooser = true,
     .help = "输入代码或名称，如 009 支付宝；F4 列出全部。"},
    {.id = C_NUMBER,
     .label = "交易单号",
     .width = 40,
     .max_chars = 40,
     .help = "这笔支付的交易单号。渠道和单号要么都填，要么都不填；打印在备注里。"},
    {.id = 0},
};

static void payments_changed(struct grid *g, int first, int last)
{
	for (; first <= last && first < g->count; first++)
		show_code(g, first, C_CHANNEL, CODES_PAYMENT_CHANNELS);
}

static int complete_channel(struct grid *g, int row, int column, const char *text,
			    struct candidate *out, int max)
{
	(void)g;
	(void)row;
	return column == C_CHANNEL - 1 ? more_code_match(CODES_PAYMENT_CHANNELS, text, out, max)
				       : 0;
}

static const struct grid_hooks PAYMENT_HOOKS = {.changed = payments_changed,
						.complete = complete_channel};

static enum code_table payment_codes(int column)
{
	(void)column;
	return CODES_PAYMENT_CHANNELS;
}

static void show_payment(struct more *m)
{
	const struct code_row *row = code_find(CODES_SETTLEMENTS, m->inv.settlement);
	char text[120];
	size_t i;

	form_set(&m->entry.form, P_SETTLEMENT, row ? row->name : SETTLEMENTS[0]);
	for (i = 0; i < m->inv.payment_count; i++) {
		const struct payment *p = &m->inv.payments[i];

		grid_set(&m->grid, (int)i, C_CHANNEL,
			 more_code_text(CODES_PAYMENT_CHANNELS, p->channel, text));
		grid_set(&m->grid, (int)i, C_NUMBER, p->number);
	}
	payments_changed(&m->grid, 0, m->grid.count - 1);
	grid_focus(&m->grid, 0, C_CHANNEL);
}

static void live_payment(const struct more *m, char out[200])
{
	int row, n = 0;

	for (row = 0; row < m->grid.count; row++)
		n += !row_blank(&m->grid, row);
	snprintf(out, 200, "支付信息 %d 笔", n);
}

static bool read_payment(struct more *m)
{
	int row, chosen = form_choice(&m->entry.form, P_SETTLEMENT);
	const struct code_row *s =
	    chosen > 0 ? code_find_name(CODES_SETTLEMENTS, SETTLEMENTS[chosen]) : NULL;

	mem_set(&m->inv.settlement, s ? s->code : "");
	invoice_clear_payments(&m->inv);
	for (row = 0; row < m->grid.count; row++) {
		struct payment *p;

		if (row_blank(&m->grid, row))
			continue;
		p = invoice_add_payment(&m->inv);
		more_take(&p->number, grid_get(&m->grid, row, C_NUMBER));
		if (!read_code(m, row, C_CHANNEL, CODES_PAYMENT_CHANNELS, &p->channel,
			       "支付渠道：没有这一种，按 F4 选择"))
			return false;
	}
	return true;
}

static const struct more_place PAYMENT_PLACES[] = {{"settlement", P_SETTLEMENT}, {.path = NULL}};
static const struct more_place PAYMENT_CELLS[] = {
    {"channel", C_CHANNEL}, {"number", C_NUMBER}, {.path = NULL}};
static const char *const PAYMENT_PATHS[] = {"payments", "settlement", NULL};

const struct more_part more_payment = {
    .title = "支付渠道与结算方式",
    .fields = PAYMENT_FIELDS,
    .columns = PAYMENT_COLUMNS,
    .hooks = &PAYMENT_HOOKS,
    .rows_path = "payments",
    .places = PAYMENT_PLACES,
    .cells = PAYMENT_CELLS,
    .show = show_payment,
    .read = read_payment,
    .live = live_payment,
    .codes = payment_codes,
    .paths = PAYMENT_PATHS,
};
