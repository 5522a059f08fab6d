/* xlsx_row.c - the cells of a sheet, written as XML.
 *
 * The library knows numbers as binary ones and prints some with 16 digits, 0.56 as
 * 0.5600000000000001, which whoever reads the file without rounding is misled by.  So the rows are
 * put where the library gathers those of its own in constant memory; everything else of the
 * workbook it writes itself.
 */
#include <stdio.h>
#include <string.h>

#include "sheet/xlsx_out_p.h"

enum { ROW_MAX = 1 << 28 };

void sheet_xlsx_row_begin(struct xlsx_row *r, lxw_worksheet *sheet, lxw_row_t row)
{
	if (!r->xml.max)
		buf_init(&r->xml, ROW_MAX);
	buf_reset(&r->xml);
	r->sheet = sheet;
	r->row = row;
	r->width = 0;
	buf_addf(&r->xml, "<row r=\"%u\">", (unsigned)row + 1);
}

/* <c r="AB12" s="3" */
static void open_cell(struct xlsx_row *r, lxw_col_t col, lxw_format *f)
{
	char name[LXW_MAX_CELL_NAME_LENGTH];
	int32_t style = f ? lxw_format_get_xf_index(f) : 0;

	lxw_rowcol_to_cell(name, r->row, col);
	buf_adds(&r->xml, "<c r=\"");
	buf_adds(&r->xml, name);
	if (style > 0)
		buf_addf(&r->xml, "\" s=\"%d", (int)style);
	buf_addc(&r->xml, '"');
	r->width = col + 1 > r->width ? col + 1 : r->width;
}

static void add_escaped(struct buf *b, const char *text)
{
	const char *from = text;
	const char *as;

	for (; *text; text++) {
		as = *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : NULL;
		if (!as)
			continue;
		buf_add(b, from, (size_t)(text - from));
		buf_adds(b, as);
		from = text + 1;
	}
	buf_add(b, from, (size_t)(text - from));
}

static bool has_outer_space(const char *text)
{
	size_t n = strlen(text);

	return n && (strchr(" \t\n", text[0]) || strchr(" \t\n", text[n - 1]));
}

void sheet_xlsx_put_text(struct xlsx_row *r, lxw_col_t col, const char *text, lxw_format *f)
{
	open_cell(r, col, f);
	buf_adds(&r->xml, has_outer_space(text) ? " t=\"inlineStr\"><is><t xml:space=\"preserve\">"
						: " t=\"inlineStr\"><is><t>");
	add_escaped(&r->xml, text);
	buf_adds(&r->xml, "</t></is></c>");
}

void sheet_xlsx_put_blank(struct xlsx_row *r, lxw_col_t col, lxw_format *f)
{
	open_cell(r, col, f);
	buf_adds(&r->xml, "/>");
}

const char *sheet_decimal_text(int64_t whole, int decimals, char out[SHEET_DECIMAL])
{
	uint64_t left = whole < 0 ? 0 - (uint64_t)whole : (uint64_t)whole;
	char *p = out + SHEET_DECIMAL;

	*--p = 0;
	for (; decimals > 0 && left % 10 == 0; decimals--)
		left /= 10;
	for (; decimals > 0; left /= 10) {
		*--p = (char)('0' + left % 10);
		if (!--decimals)
			*--p = '.';
	}
	do
		*--p = (char)('0' + left % 10);
	while (left /= 10);
	if (whole < 0)
		*--p = '-';
	return p;
}

void sheet_xlsx_put_number(struct xlsx_row *r, lxw_col_t col, int64_t whole, int decimals,
			   lxw_format *f)
{
	char text[SHEET_DECIMAL];

	open_cell(r, col, f);
	buf_adds(&r->xml, "><v>");
	buf_adds(&r->xml, sheet_decimal_text(whole, decimals, text));
	buf_adds(&r->xml, "</v></c>");
}

bool sheet_xlsx_row_end(struct xlsx_row *r)
{
	lxw_worksheet *to = r->sheet;

	buf_adds(&r->xml, "</row>");
	if (r->xml.failed || fwrite(r->xml.data, 1, r->xml.len, to->optimize_tmpfile) != r->xml.len)
		return false;
	to->dim_rowmin = 0;
	to->dim_colmin = 0;
	if (r->row > to->dim_rowmax)
		to->dim_rowmax = r->row;
	if (r->width && r->width - 1 > to->dim_colmax)
		to->dim_colmax = (lxw_col_t)(r->width - 1);
	return true;
}

void sheet_xlsx_row_free(struct xlsx_row *r)
{
	buf_free(&r->xml);
}
