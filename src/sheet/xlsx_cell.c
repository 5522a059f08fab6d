/* A cell of a sheet, from its attributes and the text of its value. */
#include <string.h>

#include "sheet/cell_p.h"
#include "sheet/xlsx_rows_p.h"

static void add_raw(struct sheet_rows *r, int kind, uint32_t at, size_t len, bool rounded)
{
	if (r->raw_count == r->raw_room) {
		r->raw_room = r->raw_room ? r->raw_room * 2 : 1024;
		r->raws = mem_realloc(r->raws, r->raw_room * sizeof(*r->raws));
	}
	r->raws[r->raw_count++] = (struct raw) {.at = at,
						.len = (uint32_t)len,
						.column = (uint16_t)r->column,
						.kind = (uint8_t)kind,
						.rounded = rounded};
}

/* The text of the cell becomes s. */
static void keep_text(struct sheet_rows *r, int kind, const char *s, size_t n, bool rounded)
{
	sheet_rows_room(r, n);
	memmove(r->text + r->cell_text, s, n);
	r->text[r->cell_text + n] = 0;
	r->text_len = r->cell_text + n + 1;
	add_raw(r, kind, (uint32_t)r->cell_text, n, rounded);
}

static void end_text(struct sheet_rows *r, int kind, bool escapes)
{
	uint8_t hidden;
	size_t n;

	sheet_rows_room(r, 0);
	n = sheet_text_clean(r->text + r->cell_text, r->text_len - r->cell_text, escapes, &hidden);
	r->text_len = r->cell_text;
	if (!n)
		return;
	r->text_len += n + 1;
	add_raw(r, kind, (uint32_t)r->cell_text, n, false);
	r->raws[r->raw_count - 1].hidden = hidden;
}

static void end_number(struct sheet_rows *r, const char *s, size_t n)
{
	char plain[SHEET_NUMBER_SIZE], date[SHEET_DATE_SIZE];
	bool rounded;

	if (!sheet_number_plain(s, n, plain, &rounded))
		end_text(r, CELL_TEXT, false);
	else if (sheet_styles_is_date(r->styles, r->format) &&
		 sheet_serial_date(plain, r->from_1904, date))
		keep_text(r, CELL_DATE, date, strlen(date), false);
	else
		keep_text(r, CELL_NUMBER, plain, strlen(plain), rounded);
}

static void end_date(struct sheet_rows *r, const char *s, size_t n)
{
	char date[SHEET_DATE_SIZE];

	if (sheet_iso_date(s, n, date))
		keep_text(r, CELL_DATE, date, strlen(date), false);
	else
		end_text(r, CELL_TEXT, false);
}

static void end_shared(struct sheet_rows *r, const char *s, size_t n)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < n && v <= UINT32_MAX; i++)
		v = s[i] >= '0' && s[i] <= '9' ? v * 10 + (uint64_t)(s[i] - '0') : UINT64_MAX;
	r->text_len = r->cell_text;
	add_raw(r, RAW_SHARED, v > UINT32_MAX ? UINT32_MAX : (uint32_t)v, 0, false);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void end_bool(struct sheet_rows *r, bool yes)
{
	const char *word = yes ? "TRUE" : "FALSE";

	keep_text(r, CELL_BOOL, word, strlen(word), false);
}

/* Programs that write formulas without computing them leave the value out, or empty. */
static void end_nothing(struct sheet_rows *r)
{
	r->text_len = r->cell_text;
	if (r->has_formula)
		keep_text(r, CELL_FAULT, SHEET_UNCALCULATED, sizeof(SHEET_UNCALCULATED) - 1, false);
}

/* Values that are no text: blanks around them mean nothing. */
static void end_value(struct sheet_rows *r)
{
	const char *s = r->text + r->cell_text;
	size_t n = r->text_len - r->cell_text;

	while (n && is_blank(*s)) {
		s++;
		n--;
	}
	while (n && is_blank(s[n - 1]))
		n--;
	if (!n)
		end_nothing(r);
	else if (r->type == AS_SHARED)
		end_shared(r, s, n);
	else if (r->type == AS_NUMBER)
		end_number(r, s, n);
	else if (r->type == AS_DATE)
		end_date(r, s, n);
	else if (r->type == AS_BOOL)
		end_bool(r, *s == '1' || *s == 't' || *s == 'T');
	else
		end_text(r, CELL_FAULT, false);
}

void sheet_cell_end(struct sheet_rows *r)
{
	r->in_cell = r->collect = r->in_inline = false;
	if (r->column >= SHEET_WIDTH)
		return;
	if (r->type == AS_TEXT)
		end_text(r, CELL_TEXT, true);
	else
		end_value(r);
	if (r->raw_count - r->row_first > ROW_CELLS_MAX || r->text_len - r->row_text > ROW_TEXT_MAX)
		sheet_xml_refuse(&r->xml, sheet_fail_hostile(r->xml.e, sheet_zip_what(r->xml.zip),
							     "有一行的内容过多"));
}

/* Column of "AB12" from 0, or `next` when there are no letters. */
static int column_of(const char *s, int next)
{
	int v = 0;

	for (; *s && v < SHEET_WIDTH + 1; s++) {
		char c = (char)(*s & ~0x20);

		if (c < 'A' || c > 'Z')
			break;
		v = v * 26 + (c - 'A' + 1);
	}
	return v ? v - 1 : next;
}

static enum cell_type type_of(const char *t)
{
	switch (t[0]) {
	case 's':
		return t[1] ? AS_TEXT : AS_SHARED; /* s, str */
	case 'i':
		return AS_TEXT; /* inlineStr */
	case 'b':
		return AS_BOOL;
	case 'e':
		return AS_FAULT;
	case 'd':
		return AS_DATE;
	default:
		return AS_NUMBER;
	}
}

static uint32_t small_number(const char *s)
{
	uint32_t v = 0;

	for (; *s >= '0' && *s <= '9' && v < UINT32_MAX / 16; s++)
		v = v * 10 + (uint32_t)(*s - '0');
	return v;
}

void sheet_cell_start(struct sheet_rows *r, const char **attributes)
{
	r->in_cell = true;
	r->has_formula = r->in_inline = r->collect = false;
	r->phonetic = 0;
	r->type = AS_NUMBER;
	r->format = 0;
	r->column += r->column < SHEET_WIDTH;
	r->cell_text = r->text_len;
	for (; *attributes; attributes += 2) {
		const char *name = attributes[0], *value = attributes[1];

		if (!name[0] || name[1])
			continue;
		if (name[0] == 'r')
			r->column = column_of(value, r->column);
		else if (name[0] == 't')
			r->type = type_of(value);
		else if (name[0] == 's')
			r->format = small_number(value);
	}
}
