/* The face for a terminal: TEXT_COLUMNS wide, Chinese aligned by terminal columns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "print/face_p.h"
#include "print/files_p.h"
#include "print/remark_p.h"
#include "tax/validate.h"
#include "tax/words.h"

enum { CELLS = 8, HALF = TEXT_COLUMNS / 2 - 1, INDENT = 6 };

static const struct {
	const char *title;
	size_t width;
	enum align align;
} COLUMNS[CELLS] = {
    {"项目名称", 26, ALIGN_LEFT}, {"规格型号", 10, ALIGN_LEFT}, {"单位", 6, ALIGN_LEFT},
    {"数量", 10, ALIGN_RIGHT},    {"单价", 13, ALIGN_RIGHT},    {"金额", 12, ALIGN_RIGHT},
    {"税率", 6, ALIGN_RIGHT},     {"税额", 10, ALIGN_RIGHT},
};

static void put_spaces(struct buf *b, size_t n)
{
	while (n--)
		buf_addc(b, ' ');
}

/* Text without what may not reach a terminal. */
static void put_clean(struct buf *b, const char *s, size_t n)
{
	uint32_t cp;
	size_t step;

	for (; n; s += step, n -= step) {
		step = text_next(s, n, &cp);
		if (cp == '\t')
			buf_addc(b, ' ');
		else if (glyph_allowed(cp))
			buf_add(b, s, step);
	}
}

/* Bytes of the next row of s at most `width` columns wide; at least one character. */
static size_t row_bytes(const char *s, size_t width, size_t *cols)
{
	size_t n = text_fit(s, width, cols), line = strcspn(s, "\n");
	uint32_t cp;

	if (n == 0 && *s)
		n = text_next(s, strlen(s), &cp);
	if (line < n) {
		n = line;
		text_fit(s, width, cols);
		/* The columns of the shorter row. */
		for (*cols = 0, line = 0; line < n;) {
			line += text_next(s + line, n - line, &cp);
			*cols += (size_t)text_cp_cols(cp);
		}
	}
	return n;
}

/* Cells side by side, each wrapped in its own column, until all are empty. */
static void put_row(struct buf *b, const char *const cell[CELLS])
{
	const char *rest[CELLS];
	bool more = true;
	size_t i, n, cols;

	memcpy(rest, cell, sizeof(rest));
	while (more) {
		more = false;
		for (i = 0; i < CELLS; i++) {
			cols = 0;
			n = row_bytes(rest[i], COLUMNS[i].width, &cols);
			if (i)
				buf_addc(b, ' ');
			if (COLUMNS[i].align == ALIGN_RIGHT && cols < COLUMNS[i].width)
				put_spaces(b, COLUMNS[i].width - cols);
			put_clean(b, rest[i], n);
			if (COLUMNS[i].align == ALIGN_LEFT && cols < COLUMNS[i].width)
				put_spaces(b, COLUMNS[i].width - cols);
			rest[i] += n + (rest[i][n] == '\n');
			more = more || *rest[i];
		}
		buf_addc(b, '\n');
	}
}

static void put_rule(struct buf *b, char c)
{
	int i;

	for (i = 0; i < TEXT_COLUMNS; i++)
		buf_addc(b, c);
	buf_addc(b, '\n');
}

/* "label value" wrapped to the width, later rows indented. */
static void put_entry(struct buf *b, const char *label, const char *value)
{
	size_t used = text_cols(label), n, cols;
	bool first = true;

	buf_adds(b, label);
	while (first || *value) {
		if (!first) {
			put_spaces(b, INDENT);
			used = INDENT;
		}
		n = row_bytes(value, TEXT_COLUMNS - used, &cols);
		put_clean(b, value, n);
		buf_addc(b, '\n');
		value += n + (value[n] == '\n');
		first = false;
	}
}

static void put_centred(struct buf *b, const char *s)
{
	put_spaces(b, (TEXT_COLUMNS - text_cols(s)) / 2);
	buf_adds(b, s);
	buf_addc(b, '\n');
}

static void put_head(struct buf *b, const struct print_face *face)
{
	const struct invoice *inv = face->invoice;
	bool numbered = *inv->number;
	char left[96];

	put_centred(b, inv->kind == INVOICE_SPECIAL ? "电子发票（增值税专用发票）"
						    : "电子发票（普通发票）");
	if (!text_empty(face->watermark))
		put_centred(b, face->watermark);
	snprintf(left, sizeof(left), "发票号码：%s", numbered ? inv->number : "（未赋码）");
	buf_adds(b, left);
	put_spaces(b, HALF + 2 - text_cols(left));
	buf_addf(b, "开票日期：%s\n", *inv->issued_at ? inv->issued_at : "（未开具）");
}

static void put_party(struct buf *b, const char *side, const char *name, const char *tax_no)
{
	char label[32];

	snprintf(label, sizeof(label), "%s名称：", side);
	put_entry(b, label, name);
	put_entry(b, "        识别号：", tax_no);
}

static void put_items(struct buf *b, const struct invoice *inv)
{
	char quantity[DEC_TEXT], price[DEC_TEXT], amount[FEN_TEXT], rate[FEN_TEXT], tax[FEN_TEXT];
	const char *cell[CELLS];
	struct tax_row r;
	size_t cursor = 0, i;

	for (i = 0; i < CELLS; i++)
		cell[i] = COLUMNS[i].title;
	put_row(b, cell);
	put_rule(b, '-');
	while (tax_row_next(inv, &cursor, &r)) {
		bool discount = r.nature == ROW_DISCOUNT;
		char *name = tax_line_full_name(r.line);

		cell_rate(&r, rate);
		cell_tax(&r, tax);
		cell[0] = name;
		cell[1] = discount ? "" : r.line->spec;
		cell[2] = discount ? "" : r.line->unit;
		cell[3] = r.has_quantity ? cell_decimal(r.quantity, quantity) : "";
		cell[4] = r.has_quantity ? cell_decimal(r.net_price, price) : "";
		cell[5] = fen_format(r.net_fen, amount);
		cell[6] = rate;
		cell[7] = tax;
		put_row(b, cell);
		free(name);
	}
}

static void put_totals(struct buf *b, const struct invoice *inv)
{
	char net[FEN_TEXT], tax[FEN_TEXT], gross[FEN_TEXT], words[WORDS_TEXT];
	bool figure = cell_tax_total(inv, tax);

	buf_addf(b, "合计　金额 ¥%s　税额 %s%s\n", fen_format(inv->net_fen, net), figure ? "¥" : "",
		 tax);
	buf_addf(b, "价税合计（大写） %s　（小写） ¥%s\n", tax_words(inv->gross_fen, words),
		 fen_format(inv->gross_fen, gross));
}

enum err text_write(const struct print_face *face, struct buf *out, struct err_info *e)
{
	const struct invoice *inv = face->invoice;
	char *buyer = tax_buyer_name(inv);
	struct buf remark;
	bool failed;

	buf_init(&remark, REMARK_MAX);
	remark_make(inv, &remark);
	put_head(out, face);
	put_rule(out, '=');
	put_party(out, "购买方", buyer, inv->buyer.tax_no);
	put_party(out, "销售方", inv->seller.name, inv->seller.tax_no);
	put_rule(out, '-');
	put_items(out, inv);
	put_rule(out, '-');
	put_totals(out, inv);
	put_rule(out, '-');
	put_entry(out, "备注：", buf_str(&remark));
	put_entry(out, "开票人：", inv->drawer);
	failed = remark.failed;
	buf_free(&remark);
	free(buyer);
	return failed ? err_fail(e, ERR_INTERNAL, "print.too_large", "版式文件", "内容过大")
		      : ERR_OK;
}
