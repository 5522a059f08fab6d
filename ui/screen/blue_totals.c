/* blue_totals.c - 合计 of the form: sums, capitals and 尾差, in one row or two. */
#include <stdio.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

enum { GAP = 2, LOW = 16, SUMS = 160 };

static const char *sums_of(const struct blue *b, char out[SUMS])
{
	char net[FEN_TEXT + 8], tax[FEN_TEXT + 8], gross[FEN_TEXT + 8];

	snprintf(out, SUMS, "合计 金额 %s  税额 %s  价税合计 ¥%s", fen_format_grouped(b->net, net),
		 fen_format_grouped(b->tax, tax), fen_format_grouped(b->gross, gross));
	return out;
}

int blue_totals_rows(const struct blue *b, struct rect r)
{
	char sums[SUMS], words[WORDS_TEXT];

	if (b->overflow || r.h <= LOW)
		return 1;
	return 1 + draw_cols(sums_of(b, sums)) + GAP + draw_cols(tax_words(b->gross, words)) > r.w
		   ? 2
		   : 1;
}

/* 尾差 behind the capitals, or before them when it matters and there is no room. */
static void paint_words(const struct blue *b, int row, int col)
{
	char words[WORDS_TEXT], tail[TAIL_NOTE];
	bool near;
	int cols;

	tax_words(b->gross, words);
	cols = draw_cols(blue_tail_total(b, &near, tail));
	if (cols && col + draw_cols(words) + GAP + cols <= b->totals.w)
		draw_text(b->totals, row, b->totals.w - cols, cols, ALIGN_RIGHT,
			  near ? FACE_WARNING : FACE_DIM, tail);
	else if (cols && near)
		col += draw_run(b->totals, row, col, FACE_WARNING, tail) + GAP;
	draw_run(b->totals, row, col, FACE_VALUE, words);
}

/* A low window has room for what matters most. */
static int paint_sums(const struct blue *b)
{
	char text[FEN_TEXT + 8], sums[SUMS];
	int col = 1 + draw_run(b->totals, 0, 1, FACE_LABEL, "合计 ");

	if (1 + draw_cols(sums_of(b, sums)) <= b->totals.w) {
		col += draw_run(b->totals, 0, col, FACE_LABEL, "金额 ");
		col += draw_run(b->totals, 0, col, FACE_VALUE, fen_format_grouped(b->net, text));
		col += draw_run(b->totals, 0, col, FACE_LABEL, "  ");
	}
	col += draw_run(b->totals, 0, col, FACE_LABEL, "税额 ");
	col += draw_run(b->totals, 0, col, FACE_VALUE, fen_format_grouped(b->tax, text));
	col += draw_run(b->totals, 0, col, FACE_LABEL, "  价税合计 ");
	col += draw_run(b->totals, 0, col, FACE_TITLE, "¥");
	return col + draw_run(b->totals, 0, col, FACE_TITLE, fen_format_grouped(b->gross, text));
}

void blue_totals_paint(const struct blue *b)
{
	int col;

	draw_clear(b->totals, FACE_NORMAL);
	if (b->overflow) {
		draw_run(b->totals, 0, 1, FACE_ERROR, "合计超过 18 位数字，请拆成几张发票");
		return;
	}
	col = paint_sums(b);
	if (b->totals.h > 1)
		paint_words(b, 1, 1 + draw_run(b->totals, 1, 1, FACE_LABEL, "大写 "));
	else
		paint_words(b, 0, col + GAP);
}
