/* red_letter_lines.c - the lines of a red letter in columns: two rows each, the second with what is
 * seldom looked at (feature E6). */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_p.h"

enum { WIDE = 100, LINE_ROWS = 2, HEAD_ROWS = 1, COLUMN_COUNT = 8, MORE = 1200 };
enum { C_ROW, C_NAME, C_UNIT, C_QUANTITY, C_PRICE, C_NET, C_RATE, C_TAX };

static const struct {
	const char *label;
	int width, wide_width; /* 0: the rest */
	enum align align;
} COLUMNS[COLUMN_COUNT] = {
    [C_ROW] = {"行", 4, 4, ALIGN_RIGHT},       [C_NAME] = {"项目名称", 0, 0, ALIGN_LEFT},
    [C_UNIT] = {"单位", 4, 6, ALIGN_LEFT},     [C_QUANTITY] = {"数量", 8, 14, ALIGN_RIGHT},
    [C_PRICE] = {"单价", 11, 20, ALIGN_RIGHT}, [C_NET] = {"金额", 13, 16, ALIGN_RIGHT},
    [C_RATE] = {"税率", 6, 6, ALIGN_RIGHT},    [C_TAX] = {"税额", 11, 14, ALIGN_RIGHT},
};

static int width_of(int c, int cols)
{
	return cols > WIDE ? COLUMNS[c].wide_width : COLUMNS[c].width;
}

/* What the others leave of the row, one column between each two. */
static int name_cols(int cols)
{
	int left = cols - 2 - (COLUMN_COUNT - 1), c;

	for (c = 0; c < COLUMN_COUNT; c++)
		left -= width_of(c, cols);
	return left > 4 ? left : 4;
}

static void paint_cells(struct rect r, int y, const char *const cells[COLUMN_COUNT], enum face face)
{
	int x = 1, c;

	if (y < 0 || y >= r.h)
		return;
	for (c = 0; c < COLUMN_COUNT; c++) {
		int w = c == C_NAME ? name_cols(r.w) : width_of(c, r.w);

		draw_text(r, y, x, w, COLUMNS[c].align, face, cells[c]);
		x += w + 1;
	}
}

static const char *rate_words(const struct red_line *l, char out[RATE_TEXT])
{
	if (!strcmp(l->preference, "03"))
		return "免税";
	if (!strcmp(l->preference, "04"))
		return "不征税";
	return l->rate_ppm < 0 ? "" : rate_format_percent(l->rate_ppm, out);
}

static void paint_line(struct rect r, int y, const struct red_line *l, size_t i)
{
	char row[24], quantity[DEC_TEXT] = "", price[DEC_TEXT] = "", net[RED_MONEY], tax[RED_MONEY],
		      rate[RATE_TEXT];
	const char *cells[COLUMN_COUNT];

	snprintf(row, sizeof(row), "%zu", i + 1);
	if (l->has_quantity) {
		dec_format(l->quantity, quantity);
		dec_format(l->price, price);
	}
	cells[C_ROW] = row;
	cells[C_NAME] = l->name;
	cells[C_UNIT] = l->unit;
	cells[C_QUANTITY] = quantity;
	cells[C_PRICE] = price;
	cells[C_NET] = fen_format_grouped(l->net_fen, net);
	cells[C_RATE] = rate_words(l, rate);
	cells[C_TAX] = fen_format_grouped(l->tax_fen, tax);
	paint_cells(r, y, cells, FACE_VALUE);
}

/* The code, and whatever else a line has. */
static void paint_more(struct rect r, int y, const struct red_line *l, size_t i)
{
	const struct code_row *preference = code_find(CODES_PREFERENCES, l->preference);
	int x = 2 + COLUMNS[C_ROW].width;
	char money[RED_MONEY];
	struct buf b;

	if (y < 0 || y >= r.h)
		return;
	buf_init(&b, MORE);
	buf_addf(&b, "%s%s", l->tax_code, *l->short_name ? " *" : "");
	buf_addf(&b, "%s%s", l->short_name, *l->short_name ? "*" : "");
	if (*l->spec)
		buf_addf(&b, "　规格 %s", l->spec);
	if (preference)
		buf_addf(&b, "　%s", preference->name);
	if (l->deduction_fen)
		buf_addf(&b, "　扣除额 %s", fen_format_grouped(l->deduction_fen, money));
	/* Rows of the upload: discounts count there. */
	if (l->blue_row != i + 1)
		buf_addf(&b, "　蓝票第 %u 行", l->blue_row);
	draw_text(r, y, x, r.w - x - 1, ALIGN_LEFT, FACE_DIM, buf_str(&b));
	buf_free(&b);
}

int red_lines_rows(const struct red_letter *l)
{
	return l->line_count ? HEAD_ROWS + LINE_ROWS * (int)l->line_count : 0;
}

void red_lines_paint(const struct red_letter *l, struct rect r, int y)
{
	const char *labels[COLUMN_COUNT];
	size_t i, first;
	int c;

	if (!l->line_count)
		return;
	for (c = 0; c < COLUMN_COUNT; c++)
		labels[c] = COLUMNS[c].label;
	if (y >= 0 && y < r.h)
		draw_text(r, y, 0, r.w, ALIGN_LEFT, FACE_HEADER, "");
	paint_cells(r, y++, labels, FACE_HEADER);
	/* Only those that are seen. */
	first = y < 0 ? (size_t)(-y / LINE_ROWS) : 0;
	for (i = first; i < l->line_count; i++) {
		int at = y + LINE_ROWS * (int)i;

		if (at >= r.h)
			return;
		paint_line(r, at, &l->lines[i], i);
		paint_more(r, at + 1, &l->lines[i], i);
	}
}
