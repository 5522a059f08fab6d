/* The item area and the totals. */
#include <math.h>
#include <string.h>

#include "print/face_p.h"
#include "tax/words.h"

#define HEADER_SIZE 4.5
#define ROW_SIZE    4.375
#define SUM_SIZE    4.5 /* rows 小计 and 合计 */
#define YEN_PT      11.0
#define SUM_FIRST_X 20.0 /* 合 and 计 stand apart */
#define SUM_LAST_X  33.0

enum { COL_NAME, COL_SPEC, COL_UNIT, COL_QUANTITY, COL_PRICE, COL_AMOUNT, COL_RATE, COL_TAX, COLS };

static const struct column {
	const char *title;
	double from, to;
	enum align title_align, align;
	enum face_field field;
} COLUMNS[COLS] = {
    {"项目名称", 4.5, 41.5, ALIGN_CENTRE, ALIGN_LEFT, FIELD_ITEM},
    {"规格型号", 41.5, 65.5, ALIGN_LEFT, ALIGN_LEFT, FIELD_SPEC},
    {"单　位", 65.5, 77.5, ALIGN_CENTRE, ALIGN_CENTRE, FIELD_UNIT},
    {"数　量", 77.5, 102.5, ALIGN_RIGHT, ALIGN_RIGHT, FIELD_QUANTITY},
    {"单　价", 102.5, 127.5, ALIGN_RIGHT, ALIGN_RIGHT, FIELD_PRICE},
    {"金　额", 127.5, 153.5, ALIGN_RIGHT, ALIGN_RIGHT, FIELD_AMOUNT},
    {"税率/征收率", 153.5, 178.5, ALIGN_CENTRE, ALIGN_CENTRE, FIELD_RATE},
    {"税　额", 178.5, 205.5, ALIGN_RIGHT, ALIGN_RIGHT, FIELD_TAX},
};

static double column_em(int column)
{
	return (COLUMNS[column].to - COLUMNS[column].from - 2 * PAD) / (VALUE_PT * MM_PER_PT);
}

void face_wrap_items(const struct invoice *inv, struct item_rows *t)
{
	item_rows_make(t, inv, column_em(COL_NAME), column_em(COL_SPEC), column_em(COL_UNIT));
}

static void put(struct sheets *s, int column, double middle, const char *text, size_t n)
{
	const struct column *c = &COLUMNS[column];
	const struct pen pen = face_value(c->field);

	sheets_cell(s, pen, c->align, c->from + PAD, c->to - PAD, middle, text, n);
}

static void put_text(struct sheets *s, int column, double middle, const char *text)
{
	put(s, column, middle, text, strlen(text));
}

static void draw_row(struct sheets *s, const struct item_rows *items, const struct item_row *row,
		     double middle)
{
	const struct tax_row *r = &items->sources[row->source].row;
	char text[DEC_TEXT + FEN_TEXT];

	put(s, COL_NAME, middle, row->name.s, row->name.n);
	put(s, COL_SPEC, middle, row->spec.s, row->spec.n);
	put(s, COL_UNIT, middle, row->unit.s, row->unit.n);
	if (!row->first)
		return;
	if (r->has_quantity) {
		put_text(s, COL_QUANTITY, middle, cell_decimal(r->quantity, text));
		put_text(s, COL_PRICE, middle, cell_decimal(r->net_price, text));
	}
	put_text(s, COL_AMOUNT, middle, fen_format(r->net_fen, text));
	cell_rate(r, text);
	put_text(s, COL_RATE, middle, text);
	cell_tax(r, text);
	put_text(s, COL_TAX, middle, text);
}

/* "¥" in Courier and the figure in Song on one baseline, as one group between x1 and x2; the figure
 * is set smaller when it does not fit. */
static void put_money(struct sheets *s, enum align a, double x1, double x2, double middle,
		      double pt, enum face_field field, const char *figure)
{
	struct pen yen = {FONT_COURIER, INK_VALUE, YEN_PT, field};
	struct pen digits = {FONT_SONG, INK_VALUE, pt, field};
	double yen_width = text_em(yen.font, "¥", strlen("¥")) * YEN_PT * MM_PER_PT;
	double em = text_em(digits.font, figure, strlen(figure)), room = x2 - x1 - yen_width;
	double size = fmin(pt * MM_PER_PT, room / em), x, baseline;

	x = a == ALIGN_RIGHT ? x2 - em * size : x1 + yen_width;
	baseline = middle + (ASCENT_EM - 0.5) * size;
	digits.pt = size / MM_PER_PT;
	/* The digits of Song fonts stand a little above the baseline. */
	sheets_run(s, yen, x - yen_width, baseline - 0.06 * size, 1, 0, "¥", strlen("¥"));
	sheets_run(s, digits, x, baseline, 1, 0, figure, strlen(figure));
}

static void draw_sum(struct sheets *s, double top, const char *first, int64_t net, const char *tax,
		     bool tax_is_figure, enum face_field net_field, enum face_field tax_field)
{
	const struct column *a = &COLUMNS[COL_AMOUNT], *t = &COLUMNS[COL_TAX];
	double middle = top + SUM_SIZE / 2, y = middle - LABEL_PT * MM_PER_PT / 2;
	struct pen plain = face_value(tax_field);
	char text[FEN_TEXT];

	sheets_text(s, face_label, SUM_FIRST_X, y, first);
	sheets_text(s, face_label, SUM_LAST_X, y, "计");
	put_money(s, ALIGN_RIGHT, a->from + PAD, a->to - PAD, middle, VALUE_PT, net_field,
		  fen_format(net, text));
	if (tax_is_figure)
		put_money(s, ALIGN_RIGHT, t->from + PAD, t->to - PAD, middle, VALUE_PT, tax_field,
			  tax);
	else
		sheets_cell(s, plain, ALIGN_RIGHT, t->from + PAD, t->to - PAD, middle, tax,
			    strlen(tax));
}

/* Row 小计 of a page: the figures whose lines stand on it. */
static void draw_subtotal(struct sheets *s, const struct face_page *p, bool tax_is_figure,
			  const char *tax_mark)
{
	char text[FEN_TEXT];
	int64_t net, tax;

	item_rows_sum(p->items, p->plan.first, p->plan.rows, &net, &tax);
	draw_sum(s, p->totals_top - 2 * SUM_SIZE, "小", net,
		 tax_is_figure ? fen_format(tax, text) : tax_mark, tax_is_figure, FIELD_NONE,
		 FIELD_NONE);
}

void face_items(struct sheets *s, const struct face_page *p)
{
	double middle = ITEMS_TOP + HEADER_SIZE / 2;
	char tax[FEN_TEXT];
	bool figure;
	size_t i;

	for (i = 0; i < COLS; i++)
		sheets_cell(s, face_label, COLUMNS[i].title_align, COLUMNS[i].from + PAD,
			    COLUMNS[i].to - PAD, middle, COLUMNS[i].title,
			    strlen(COLUMNS[i].title));
	middle = ITEMS_TOP + HEADER_SIZE + ROW_SIZE / 2;
	for (i = 0; i < p->plan.rows; i++, middle += ROW_SIZE)
		draw_row(s, p->items, &p->items->rows[p->plan.first + i], middle);
	figure = cell_tax_total(p->inv, tax);
	if (p->count > 1)
		draw_subtotal(s, p, figure, tax);
	draw_sum(s, p->totals_top - SUM_SIZE, "合", p->inv->net_fen, tax, figure, FIELD_NET_TOTAL,
		 FIELD_TAX_TOTAL);
}

#define WORDS_LABEL_END 56.5
#define CROSS_X         60.0 /* centre of the sign before the words */
#define CROSS_RADIUS    2.0
#define CROSS_WIDTH     0.225
#define WORDS_X         63.0
#define WORDS_END       142.0
#define FIGURE_LABEL_X  143.0
#define FIGURE_X        156.5
#define FIGURE_PT       11.0

/* The sign ⊗: a circle with a diagonal cross, drawn so that nobody can write before the words. */
static void draw_cross(struct sheets *s, double x, double y)
{
	const double d = CROSS_RADIUS * 0.70710678;

	sheets_ellipse(s, x, y, CROSS_RADIUS, CROSS_RADIUS, CROSS_WIDTH, INK_VALUE);
	sheets_line(s, x - d, y - d, x + d, y + d, CROSS_WIDTH, INK_VALUE);
	sheets_line(s, x - d, y + d, x + d, y - d, CROSS_WIDTH, INK_VALUE);
}

void face_totals(struct sheets *s, const struct face_page *p)
{
	static const char words_label[] = "价税合计（大写）", figure_label[] = "（小写）";
	const struct pen value = face_value(FIELD_GROSS_WORDS);
	double middle = p->totals_top + TOTALS_SIZE / 2;
	char words[WORDS_TEXT], figure[FEN_TEXT];

	sheets_line(s, WORDS_LABEL_END, p->totals_top, WORDS_LABEL_END, p->remark_top, LINE_WIDTH,
		    INK_LABEL);
	sheets_cell(s, face_label, ALIGN_CENTRE, FRAME_LEFT, WORDS_LABEL_END, middle, words_label,
		    sizeof(words_label) - 1);
	draw_cross(s, CROSS_X, middle);
	tax_words(p->inv->gross_fen, words);
	sheets_cell(s, value, ALIGN_LEFT, WORDS_X, WORDS_END, middle, words, strlen(words));
	sheets_cell(s, face_label, ALIGN_LEFT, FIGURE_LABEL_X, FIGURE_X, middle, figure_label,
		    sizeof(figure_label) - 1);
	put_money(s, ALIGN_LEFT, FIGURE_X, FRAME_RIGHT - PAD, middle, FIGURE_PT, FIELD_GROSS_TOTAL,
		  fen_format(p->inv->gross_fen, figure));
}
