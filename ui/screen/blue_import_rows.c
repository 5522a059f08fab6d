/* blue_import_rows.c - the rows of the preview, and words about them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_import_p.h"
#include "ui/screen/blue_model.h"
#include "ui/screen/parts.h"

enum { TEXT_MAX = 1 << 16, WIDE = 100, PASSES = 3 };
enum {
	CELL_ROW,
	CELL_NAME,
	CELL_SPEC,
	CELL_UNIT,
	CELL_QUANTITY,
	CELL_PRICE,
	CELL_AMOUNT,
	CELL_RATE,
	CELL_TAX,
	CELL_DISCOUNT,
	CELL_CODE
};

/* ---- rows ---- */

#define LINES_COLUMNS(PRICE, AMOUNT)                                                               \
	{                                                                                          \
		{.label = "行号", .width = 5, .align = ALIGN_RIGHT},                               \
		    {.label = "项目名称", .width = -1},                                            \
		    {.label = "规格", .width = 6, .wide_width = 8},                                \
		    {.label = "单位", .wide_width = 4},                                            \
		    {.label = "数量", .width = 7, .wide_width = 9, .align = ALIGN_RIGHT},          \
		    {.label = PRICE, .width = 9, .wide_width = 10, .align = ALIGN_RIGHT},          \
		    {.label = AMOUNT, .width = 11, .wide_width = 11, .align = ALIGN_RIGHT},        \
		    {.label = "税率", .width = 6, .align = ALIGN_RIGHT},                           \
		    {.label = "税额", .width = 9, .wide_width = 9, .align = ALIGN_RIGHT},          \
		    {.label = "折扣", .wide_width = 9, .align = ALIGN_RIGHT},                      \
		    {.label = "税收编码", .wide_width = 19},                                       \
		{                                                                                  \
			.label = NULL                                                              \
		}                                                                                  \
	}

const struct list_column *lines_view_columns(bool inclusive)
{
	static const struct list_column WITH[] = LINES_COLUMNS("含税单价", "含税金额");
	static const struct list_column WITHOUT[] = LINES_COLUMNS("单价", "金额");

	return inclusive ? WITH : WITHOUT;
}

/* Faulty rows first, then those to be looked at. */
static int pass_of(const struct lines_row *row)
{
	return !row->good ? 0 : row->warning ? 1 : 2;
}

void lines_view_order(struct lines_view *s)
{
	const struct lines *l = &s->result->lines;
	size_t n = 0, i;
	int pass;

	free(s->order);
	s->order = mem_zalloc((l->count + 1) * sizeof(*s->order));
	for (pass = 0; pass < PASSES; pass++) {
		for (i = 0; i < l->count; i++) {
			if (pass_of(&l->rows[i]) == pass)
				s->order[n++] = i;
		}
	}
}

static void put_cell(struct list_row *out, int cell, const char *text)
{
	text_copy(out->cell[cell], LIST_CELL, text);
}

/* What was read of a row that is no line, what comes of one that is. */
static void put_figures(struct list_row *out, const struct lines *l, const struct lines_row *row)
{
	const struct tax_line *t = &row->line;
	const struct blue_row shown = {.line = *t, .ok = row->good};
	static const struct {
		int cell;
		enum blue_column column;
	} CELLS[] = {{CELL_QUANTITY, BLUE_QUANTITY},
		     {CELL_PRICE, BLUE_PRICE},
		     {CELL_AMOUNT, BLUE_AMOUNT},
		     {CELL_RATE, BLUE_RATE},
		     {CELL_TAX, BLUE_TAX}};
	char text[BLUE_TEXT], *name;
	size_t i;

	for (i = 0; i < sizeof(CELLS) / sizeof(CELLS[0]); i++) {
		const char *s = blue_cell_shown(&shown, l->inclusive, l->inclusive, CELLS[i].column,
						text, &name);

		put_cell(out, CELLS[i].cell, s ? s : blue_cell_text(t, CELLS[i].column, text));
		free(name);
	}
	if (row->good && t->discount_fen)
		snprintf(out->cell[CELL_DISCOUNT], LIST_CELL, "-%s",
			 fen_format_grouped(t->discount_fen, text));
}

/* In a narrow window there is no room for what the tax code puts before the name. */
static void put_row(struct list_row *out, const struct lines *l, const struct lines_row *row,
		    bool wide)
{
	const struct tax_line *t = &row->line;
	char *full = wide ? tax_line_full_name(t) : mem_strdup(t->name);

	snprintf(out->cell[CELL_ROW], LIST_CELL, "%lld", (long long)row->number);
	snprintf(out->cell[CELL_NAME], LIST_CELL, "%s%.900s",
		 !row->good     ? "! "
		 : row->warning ? "? "
				: "",
		 full);
	free(full);
	put_cell(out, CELL_SPEC, t->spec);
	put_cell(out, CELL_UNIT, t->unit);
	put_cell(out, CELL_CODE, t->tax_code);
	put_figures(out, l, row);
	out->face = !row->good ? FACE_ERROR : row->warning ? FACE_WARNING : FACE_NORMAL;
}

enum err lines_view_source(struct list *l, const char *cursor, int max, struct list_row *rows,
			   int *count, char next[64], struct err_info *e)
{
	const struct lines_view *s = l->owner;
	const struct lines *lines = &s->result->lines;
	size_t at = (size_t)screen_cursor(cursor), total = lines->count;

	(void)e;
	if (!strcmp(cursor, "$end"))
		at = total > (size_t)max ? total - (size_t)max : 0;
	l->total = (int64_t)total;
	for (*count = 0; *count < max && at < total; at++, ++*count) {
		rows[*count].id = (int64_t)s->order[at] + 1;
		put_row(&rows[*count], lines, &lines->rows[s->order[at]], l->area.w > WIDE);
	}
	screen_next(at < total ? (int64_t)at : 0, next);
	return ERR_OK;
}

/* ---- words ---- */

const char *lines_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void add_file(struct buf *b, const struct lines *l)
{
	buf_addf(b, "%s", lines_base_name(l->file));
	if (*l->sheet)
		buf_addf(b, " 的“%s”", l->sheet);
	buf_addf(b, "：%zu 行", l->count);
	if (l->faulty)
		buf_addf(b, "，%zu 行有问题（排在前面）", l->faulty);
	if (l->warned)
		buf_addf(b, "，%zu 行有提醒（? 标出）", l->warned);
	if (l->discounts)
		buf_addf(b, "，%zu 行有折扣", l->discounts);
	if (l->advice)
		buf_addf(b, "；超过 %d 行，税局可能处理不了，宜分开", TAX_LINES_ADVISED);
	buf_addc(b, '\n');
	if (*l->failures)
		buf_addf(b, "失败的行和原因存在 %s（F8）\n", lines_base_name(l->failures));
}

static void add_sums(struct buf *b, const struct lines *l)
{
	char net[FEN_TEXT + 8], tax[FEN_TEXT + 8], gross[FEN_TEXT + 8];

	buf_addf(b, "单价金额%s（%s）  ", l->inclusive ? "含税" : "不含税",
		 l->said ? "列名写明" : "F9 换");
	if (l->overflow)
		buf_adds(b, "合计超过 18 位数字，请拆开\n");
	else
		buf_addf(b, "金额 %s  税额 %s  价税合计 ¥%s\n", fen_format_grouped(l->net_fen, net),
			 fen_format_grouped(l->tax_fen, tax),
			 fen_format_grouped(l->gross_fen, gross));
	if (l->discounts)
		buf_addf(b, "其中已减去折扣 %s，折扣的税额 %s\n",
			 fen_format_grouped(l->discount_fen, net),
			 fen_format_grouped(l->discount_tax_fen, tax));
	if (*l->tail)
		buf_addf(b, "%s，超过限额：放入后请用尾差调整再开票\n", l->tail);
}

/* Where the codes come from. */
static void add_codes(struct buf *b, const struct lines *l)
{
	bool parted = false;
	size_t found = 0;
	int by;

	for (by = FILL_NOT + 1; by < FILL_WAYS; by++)
		found += l->filled[by];
	buf_addf(b, "商品信息里找到 %zu 行", found);
	for (by = FILL_NOT + 1; by < FILL_WAYS; by++) {
		if (!l->filled[by])
			continue;
		buf_addf(b, "%s按%s %zu", parted ? "、" : "（", goods_fill_label((enum fill_by)by),
			 l->filled[by]);
		parted = true;
	}
	buf_adds(b, parted ? "）" : "");
	if (l->uncoded)
		buf_addf(b, "；%zu 行没有税收编码，放入后按 F4 选", l->uncoded);
	buf_addc(b, '\n');
}

static void add_columns(struct buf *b, const struct lines *l)
{
	if (*l->unknown)
		buf_addf(b, "不认识而没有用的列：%s\n", l->unknown);
	if (*l->repeated)
		buf_addf(b, "与别的列意思相同而没有用的列：%s\n", l->repeated);
	if (*l->skipped)
		buf_addf(b, "列不同而没有读的工作表：%s\n", l->skipped);
}

void lines_view_words(struct lines_view *s)
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	add_file(&b, &s->result->lines);
	add_sums(&b, &s->result->lines);
	add_codes(&b, &s->result->lines);
	add_columns(&b, &s->result->lines);
	if (b.len)
		b.data[--b.len] = 0;
	wrap_set(&s->words, buf_str(&b));
	buf_free(&b);
}

static void add_filled(struct buf *b, const struct lines_row *row)
{
	if (*row->line.tax_code)
		buf_addf(b, "编码 %s", row->line.tax_code);
	else
		buf_adds(b, "没有税收编码");
	if (row->filled.by != FILL_NOT)
		buf_addf(b, "，按%s与商品 #%lld 相符%s%s", goods_fill_label(row->filled.by),
			 (long long)row->filled.goods, row->filled.code ? "，编码由它带出" : "",
			 row->filled.price ? "，单价也是" : "");
}

void lines_view_detail(struct lines_view *s)
{
	const struct list_row *selected = list_row(&s->list);
	const struct lines_row *row;
	char place[IMPORT_PLACE];
	struct buf b;

	if (!selected) {
		wrap_set(&s->detail, "");
		return;
	}
	row = &s->result->lines.rows[selected->id - 1];
	buf_init(&b, TEXT_MAX);
	buf_addf(&b, "%s  ",
		 row->fault ? desk_lines_place(row, place) : desk_lines_warning_place(row, place));
	if (row->fault)
		buf_addf(&b, "%s", row->fault);
	if (row->warning && row->fault)
		buf_addf(&b, "\n%s  ", desk_lines_warning_place(row, place));
	if (row->warning)
		buf_addf(&b, "提醒：%s", row->warning);
	if (!row->fault) {
		buf_adds(&b, row->warning ? "\n" : "");
		add_filled(&b, row);
	}
	wrap_set(&s->detail, buf_str(&b));
	buf_free(&b);
}
