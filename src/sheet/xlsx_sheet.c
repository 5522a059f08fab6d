/* Rows of a sheet.
 *
 * The parser gets 64 KiB at a time; the rows that end in them wait in one list of cells and one
 * buffer of text and are handed out one after the other.  Then the beginning of the row that has
 * not ended moves to the front and the next piece is parsed.  Shared strings are looked up when
 * their row is handed out.
 */
#include <stdlib.h>
#include <string.h>

#include "sheet/xlsx_rows_p.h"

/* ---- rows ---- */

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

/* Inside a cell: v, f, and is, which holds what a shared string does. */
static void start_in_cell(struct sheet_rows *r, const char *name)
{
	if (r->column >= SHEET_WIDTH)
		return;
	if (!strcmp(name, "v")) {
		r->collect = true;
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
		sheet_cell_start(r, attributes);
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
			sheet_cell_end(r);
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
	sheet_rows_room(r, len);
	memcpy(r->text + r->text_len, s, len);
	r->text_len += len;
}

static const struct sheet_xml_ops OPS = {
    .start = on_start, .end = on_end, .text = on_text, .large = true};

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
	if (r->strings)
		sheet_strings_turn(r->strings);
}

/* A shared string of the row; a copy (its place for now) when it does not last. */
static enum err shared_cell(struct sheet_rows *r, const struct raw *raw, struct sheet_cell *c,
			    size_t *place, struct err_info *e)
{
	enum err rc = r->strings ? ERR_OK : sheet_book_strings(r->book, &r->strings, e);
	bool lasts;

	if (!rc)
		rc = sheet_strings_get(r->strings, raw->at, &c->text, &c->len, &c->hidden, &lasts,
				       e);
	if (rc)
		return rc;
	c->kind = c->len ? CELL_TEXT : CELL_EMPTY;
	c->rounded = false;
	if (lasts)
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
					  .rounded = raw->rounded,
					  .hidden = raw->hidden};
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
	/* Strings that no cell names have to be whole, too. */
	return r->strings ? sheet_strings_wait(r->strings, e) : ERR_OK;
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
