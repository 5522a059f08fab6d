/* Rows of a sheet.
 *
 * The parser gets 64 KiB at a time; the rows that end in them wait in one list of cells and one
 * buffer of text and are handed out one after the other.  Then the beginning of the row that has
 * not ended moves to the front and the next piece is parsed.  Shared strings are looked up when
 * their row is handed out.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sheet/cell_p.h"
#include "sheet/xlsx_p.h"
#include "sheet/xml_p.h"

enum {
	RAW_MAX = 7 * SHEET_TEXT_MAX, /* bytes of a cell before escapes are undone */
	ROW_TEXT_MAX = 8 << 20,
	ROW_CELLS_MAX = 4096, /* of one row, as a column may come twice */
	RAW_SHARED = 100,     /* beyond enum cell_kind: a shared string of that number */
};

/* The types of a cell's t attribute. */
enum cell_type { AS_NUMBER, AS_SHARED, AS_TEXT, AS_BOOL, AS_FAULT, AS_DATE };

struct raw {
	uint32_t at, len; /* in the text, or the number of a shared string */
	uint16_t column;
	uint8_t kind;
	bool rounded;
};
struct line {
	int64_t number;
	uint32_t first, count; /* of the raw cells */
};
struct sheet_rows {
	struct sheet_book *book;
	const struct sheet_styles *styles;
	struct sheet_strings *strings; /* NULL until a cell needs them */
	struct sheet_xml xml;
	bool from_1904, ended;

	/* What has been parsed. */
	char *text;
	size_t text_len, text_room;
	struct raw *raws;
	size_t raw_count, raw_room;
	struct line *lines;
	size_t line_count, line_room, line_next;

	/* The row and the cell being parsed. */
	int64_t number;
	size_t row_first, row_text; /* its first raw cell, its first byte */
	int column;
	enum cell_type type;
	uint32_t format;
	size_t cell_text;
	bool in_row, in_cell, collect, in_inline, has_formula, has_value;
	unsigned phonetic;

	/* The row handed out. */
	struct sheet_cell cells[SHEET_WIDTH];
	char *copy; /* of its shared strings, when those do not last */
	size_t copy_len, copy_room;
};

/* ---- room ---- */

static inline void text_room(struct sheet_rows *r, size_t n)
{
	if (r->text_room - r->text_len > n)
		return;
	r->text_room = (r->text_room + n) * 2;
	r->text = mem_realloc(r->text, r->text_room);
}

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

static void add_line(struct sheet_rows *r)
{
	if (r->line_count == r->line_room) {
		r->line_room = r->line_room ? r->line_room * 2 : 256;
		r->lines = mem_realloc(r->lines, r->line_room * sizeof(*r->lines));
	}
	r->lines[r->line_count++] =
	    (struct line) {.number = r->number,
			   .first = (uint32_t)r->row_first,
			   .count = (uint32_t)(r->raw_count - r->row_first)};
}

/* ---- cells ---- */

/* The text of the cell becomes s. */
static void keep_text(struct sheet_rows *r, int kind, const char *s, size_t n, bool rounded)
{
	text_room(r, n);
	memmove(r->text + r->cell_text, s, n);
	r->text[r->cell_text + n] = 0;
	r->text_len = r->cell_text + n + 1;
	add_raw(r, kind, (uint32_t)r->cell_text, n, rounded);
}

static void end_text(struct sheet_rows *r, int kind, bool escapes)
{
	size_t n;

	text_room(r, 0);
	n = sheet_text_clean(r->text + r->cell_text, r->text_len - r->cell_text, escapes);
	r->text_len = r->cell_text;
	if (!n)
		return;
	r->text_len += n + 1;
	add_raw(r, kind, (uint32_t)r->cell_text, n, false);
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
		r->text_len = r->cell_text;
	else if (r->type == AS_SHARED)
		end_shared(r, s, n);
	else if (r->type == AS_NUMBER)
		end_number(r, s, n);
	else if (r->type == AS_DATE)
		end_date(r, s, n);
	else if (r->type == AS_BOOL)
		keep_text(r, CELL_BOOL, *s == '1' || *s == 't' || *s == 'T' ? "1" : "0", 1, false);
	else
		end_text(r, CELL_FAULT, false);
}

static void end_cell(struct sheet_rows *r)
{
	static const char uncalculated[] = "#公式没有结果";

	r->in_cell = r->collect = r->in_inline = false;
	if (r->column >= SHEET_WIDTH)
		return;
	if (r->type == AS_TEXT)
		end_text(r, CELL_TEXT, true);
	else if (r->text_len > r->cell_text)
		end_value(r);
	else if (r->has_formula && !r->has_value)
		keep_text(r, CELL_FAULT, uncalculated, sizeof(uncalculated) - 1, false);
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

static void start_cell(struct sheet_rows *r, const char **attributes)
{
	r->in_cell = true;
	r->has_formula = r->has_value = r->in_inline = r->collect = false;
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

/* ---- rows ---- */

static void start_row(struct sheet_rows *r, const char **attributes)
{
	int64_t number = 0;
	const char *p;

	r->in_row = true;
	r->column = -1;
	r->row_first = r->raw_count;
	r->row_text = r->text_len;
	r->number++;
	for (; *attributes; attributes += 2) {
		if (strcmp(attributes[0], "r") != 0)
			continue;
		for (p = attributes[1]; *p >= '0' && *p <= '9' && number < INT32_MAX; p++)
			number = number * 10 + (*p - '0');
		if (number > 0)
			r->number = number;
	}
}

static void end_row(struct sheet_rows *r)
{
	r->in_row = r->in_cell = r->collect = false;
	if (r->raw_count > r->row_first)
		add_line(r);
	r->row_first = r->raw_count;
	r->row_text = r->text_len;
}

/* ---- handlers ---- */

/* Inside a cell: v, f, is, and in is the same as in a shared string. */
static void start_in_cell(struct sheet_rows *r, const char *name)
{
	if (r->column >= SHEET_WIDTH)
		return;
	if (!strcmp(name, "v")) {
		r->collect = r->has_value = true;
	} else if (!strcmp(name, "t")) {
		r->collect = r->in_inline && !r->phonetic;
	} else if (!strcmp(name, "f")) {
		r->has_formula = true;
	} else if (!strcmp(name, "is")) {
		r->in_inline = true;
		r->type = AS_TEXT;
	} else if (!strcmp(name, "rPh")) {
		r->phonetic++;
	}
}

static void on_start(void *user, const char *name, const char **attributes)
{
	struct sheet_rows *r = ((struct sheet_xml *)user)->user;

	name = sheet_xml_local(name);
	if (r->in_cell)
		start_in_cell(r, name);
	else if (r->in_row && !strcmp(name, "c"))
		start_cell(r, attributes);
	else if (!r->in_row && !strcmp(name, "row"))
		start_row(r, attributes);
}

static void on_end(void *user, const char *name)
{
	struct sheet_xml *x = user;
	struct sheet_rows *r = x->user;

	if (x->fault)
		return;
	name = sheet_xml_local(name);
	if (r->in_cell) {
		if (!strcmp(name, "v") || !strcmp(name, "t"))
			r->collect = false;
		else if (!strcmp(name, "c"))
			end_cell(r);
		else if (!strcmp(name, "rPh"))
			r->phonetic -= r->phonetic > 0;
	} else if (r->in_row) {
		if (!strcmp(name, "row"))
			end_row(r);
	} else if (!strcmp(name, "sheetData")) {
		sheet_xml_enough(x);
	}
}

static void on_text(void *user, const char *s, int n)
{
	struct sheet_rows *r = ((struct sheet_xml *)user)->user;
	size_t len = (size_t)n;

	if (!r->collect || r->text_len - r->cell_text + len > RAW_MAX)
		return;
	text_room(r, len);
	memcpy(r->text + r->text_len, s, len);
	r->text_len += len;
}

static const struct sheet_xml_ops OPS = {.start = on_start, .end = on_end, .text = on_text};

/* ---- handing out ---- */

/* Forgets the rows that were handed out; what has begun of the next moves to the front. */
static void forget(struct sheet_rows *r)
{
	size_t i, begun = r->raw_count - r->row_first, shift = r->row_text;

	if (!r->in_row)
		shift = r->text_len;
	memmove(r->text, r->text + shift, r->text_len - shift);
	r->text_len -= shift;
	r->cell_text -= r->in_cell ? shift : 0;
	if (r->raws)
		memmove(r->raws, r->raws + r->row_first, begun * sizeof(*r->raws));
	for (i = 0; i < begun; i++) {
		if (r->raws[i].kind != RAW_SHARED)
			r->raws[i].at -= (uint32_t)shift;
	}
	r->raw_count = begun;
	r->row_first = r->row_text = 0;
	r->line_count = r->line_next = 0;
}

/* A shared string of the row; a copy (its place for now) when it does not last. */
static enum err shared_cell(struct sheet_rows *r, const struct raw *raw, struct sheet_cell *c,
			    size_t *place, struct err_info *e)
{
	enum err rc = r->strings ? ERR_OK : sheet_book_strings(r->book, &r->strings, e);

	if (!rc)
		rc = sheet_strings_get(r->strings, raw->at, &c->text, &c->len, e);
	if (rc)
		return rc;
	c->kind = c->len ? CELL_TEXT : CELL_EMPTY;
	c->rounded = false;
	if (!sheet_strings_spilled(r->strings))
		return ERR_OK;
	if (r->copy_len + c->len > ROW_TEXT_MAX)
		return sheet_fail_hostile(e, sheet_zip_what(r->xml.zip), "有一行的内容过多");
	if (r->copy_room - r->copy_len <= c->len) {
		r->copy_room = (r->copy_room + c->len + 1) * 2;
		r->copy = mem_realloc(r->copy, r->copy_room);
	}
	memcpy(r->copy + r->copy_len, c->text, c->len + 1);
	*place = r->copy_len;
	c->text = NULL;
	r->copy_len += c->len + 1;
	return ERR_OK;
}

static enum err hand_out(struct sheet_rows *r, const struct line *line, struct sheet_row *row,
			 struct err_info *e)
{
	size_t places[SHEET_WIDTH], i;
	int width = 0, k;
	enum err rc;

	r->copy_len = 0;
	for (i = 0; i < line->count; i++) {
		const struct raw *raw = &r->raws[line->first + i];
		struct sheet_cell *c = &r->cells[raw->column];

		for (; width <= raw->column; width++)
			r->cells[width] = (struct sheet_cell) {.text = ""};
		if (raw->kind == RAW_SHARED) {
			rc = shared_cell(r, raw, c, &places[raw->column], e);
			if (rc)
				return rc;
			continue;
		}
		*c = (struct sheet_cell) {.kind = raw->kind,
					  .text = r->text + raw->at,
					  .len = raw->len,
					  .rounded = raw->rounded};
	}
	while (width && r->cells[width - 1].kind == CELL_EMPTY)
		width--;
	for (k = 0; k < width; k++) {
		if (!r->cells[k].text)
			r->cells[k].text = r->copy + places[k];
	}
	*row = (struct sheet_row) {.number = line->number, .count = width, .cells = r->cells};
	return ERR_OK;
}

enum err sheet_rows_next(struct sheet_rows *r, struct sheet_row *row, bool *end, struct err_info *e)
{
	struct sheet_row found;
	enum err rc;

	for (;;) {
		while (r->line_next < r->line_count) {
			rc = hand_out(r, &r->lines[r->line_next++], &found, e);
			if (rc)
				return rc;
			if (!found.count)
				continue;
			*row = found;
			*end = false;
			return ERR_OK;
		}
		if (r->ended)
			break;
		forget(r);
		rc = sheet_xml_step(&r->xml, &r->ended, e);
		if (rc)
			return rc;
	}
	*end = true;
	return ERR_OK;
}

enum err sheet_rows_open(struct sheet_book *b, size_t sheet, struct sheet_rows **out,
			 struct err_info *e)
{
	struct sheet_rows *r = mem_zalloc(sizeof(*r));
	enum err rc;

	r->book = b;
	r->styles = sheet_book_styles(b);
	r->from_1904 = sheet_book_from_1904(b);
	r->text_room = 1 << 17;
	r->text = mem_alloc(r->text_room);
	rc = sheet_xml_open(&r->xml, sheet_book_zip(b), sheet_book_part(b, sheet), &OPS, r, e);
	if (rc) {
		sheet_rows_close(&r);
		return rc;
	}
	*out = r;
	return ERR_OK;
}

void sheet_rows_close(struct sheet_rows **r)
{
	if (!*r)
		return;
	sheet_xml_close(&(*r)->xml);
	free((*r)->text);
	free((*r)->raws);
	free((*r)->lines);
	free((*r)->copy);
	free(*r);
	*r = NULL;
}

int64_t sheet_rows_done(const struct sheet_rows *r)
{
	return sheet_stream_done(r->xml.stream);
}
