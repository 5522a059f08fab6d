/* Rows of separated text: RFC 4180, with the liberties that files take. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sheet/cell_p.h"
#include "sheet/csv_p.h"
#include "sheet/zip_p.h"

enum {
	FIELD_MAX = 4 * SHEET_TEXT_MAX, /* bytes */
	ROW_MAX = 8 << 20,
	GUESS_LINES = 10,
	NOTHING = -1, /* instead of a byte: the text has ended */
};

struct sheet_csv {
	struct sheet_text *text;
	char separator;
	const char *piece;
	size_t n, at;
	int64_t line;
	bool after_return; /* a line feed now belongs to the carriage return before it */
	struct err_info *e;
	enum err fault; /* of the text, met while looking for the next byte */

	struct buf row; /* the cells, each with NUL */
	size_t places[SHEET_WIDTH];
	size_t count;
	struct sheet_cell cells[SHEET_WIDTH];
};

/* ---- bytes ---- */

static bool refill(struct sheet_csv *c)
{
	if (c->fault)
		return false;
	c->fault = sheet_text_next(c->text, &c->piece, &c->n, c->e);
	c->at = 0;
	if (c->fault)
		c->n = 0;
	return c->n > 0;
}

static inline int peek(struct sheet_csv *c)
{
	if (c->at == c->n && !refill(c))
		return NOTHING;
	return (unsigned char)c->piece[c->at];
}

/* ---- cells ---- */

/* Does s begin as a formula would (also after apostrophes)? */
static bool is_dangerous(const char *s, size_t n)
{
	static const char *const WIDE[] = {"＝", "＋", "－", "＠"};
	size_t i;

	while (n && *s == '\'') {
		s++;
		n--;
	}
	if (n && memchr("=+-@\t\r", *s, 6))
		return true;
	for (i = 0; i < sizeof(WIDE) / sizeof(WIDE[0]); i++) {
		if (n >= 3 && !memcmp(s, WIDE[i], 3))
			return true;
	}
	return false;
}

/* What spreadsheet programs are told by signs around a cell (sheet/write.h): an apostrophe before
 * what is no formula, a tab after digits, ="..." around them. */
static void take_signs_off(char *s, size_t *n)
{
	size_t skip = 0;

	if (*n >= 3 && s[0] == '=' && s[1] == '"' && memchr(s + 2, '"', *n - 2) == s + *n - 1) {
		skip = 2;
		*n -= 1;
	} else if (*n && s[0] == '\'' && is_dangerous(s, *n)) {
		skip = 1;
	}
	memmove(s, s + skip, *n - skip);
	*n -= skip;
	*n -= *n && s[*n - 1] == '\t';
}

static void end_field(struct sheet_csv *c, size_t begin)
{
	char *s;
	size_t n;
	uint8_t hidden;

	if (c->count == SHEET_WIDTH)
		return;
	buf_addc(&c->row, 0);
	if (c->row.failed)
		return;
	s = c->row.data + begin;
	n = c->row.len - 1 - begin;
	take_signs_off(s, &n);
	n = sheet_text_clean(s, n, false, &hidden);
	c->row.len = begin + n + 1;
	c->places[c->count] = begin;
	c->cells[c->count++] = (struct sheet_cell) {
	    .kind = n ? CELL_TEXT : CELL_EMPTY, .text = "", .len = n, .hidden = hidden};
}

static void add_bytes(struct sheet_csv *c, const char *s, size_t n)
{
	if (c->count < SHEET_WIDTH)
		buf_add(&c->row, s, n);
}

/* ---- fields ---- */

static void count_lines(struct sheet_csv *c, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		c->line += s[i] == '\r' || (s[i] == '\n' && !c->after_return);
		c->after_return = s[i] == '\r';
	}
}

static enum err unpaired(struct sheet_csv *c, int64_t line)
{
	err_fail(c->e, ERR_INVALID, "sheet.broken", sheet_text_what(c->text),
		 "第 %lld 行有一个引号没有配对", (long long)line);
	err_hint(c->e, "请改正该行的英文双引号");
	return ERR_INVALID;
}

static enum err too_long(struct sheet_csv *c, int64_t line)
{
	err_fail(c->e, ERR_INVALID, "sheet.hostile", sheet_text_what(c->text),
		 "第 %lld 行的内容过多，不像是表格", (long long)line);
	err_hint(c->e, "请另存为 .xlsx 或 UTF-8 的 CSV");
	return ERR_INVALID;
}

/* After the opening quote: up to the closing one. */
static enum err quoted(struct sheet_csv *c)
{
	int64_t line = c->line;
	size_t total = 0, n;
	const char *from, *quote;

	c->after_return = false;
	for (;;) {
		if (peek(c) == NOTHING)
			return c->fault ? c->fault : unpaired(c, line);
		from = c->piece + c->at;
		quote = memchr(from, '"', c->n - c->at);
		n = quote ? (size_t)(quote - from) : c->n - c->at;
		add_bytes(c, from, n);
		count_lines(c, from, n);
		total += n;
		if (total > FIELD_MAX)
			return unpaired(c, line);
		c->at += n;
		if (!quote)
			continue;
		c->at++;
		if (peek(c) != '"')
			return c->fault;
		add_bytes(c, "\"", 1);
		c->at++;
	}
}

/* Up to the separator or the end of the line. */
static enum err plain(struct sheet_csv *c)
{
	size_t total = 0, at;
	const char *s;

	while (peek(c) != NOTHING) {
		s = c->piece;
		for (at = c->at;
		     at < c->n && s[at] != c->separator && s[at] != '\n' && s[at] != '\r'; at++)
			;
		add_bytes(c, s + c->at, at - c->at);
		total += at - c->at;
		c->at = at;
		if (total > FIELD_MAX)
			return too_long(c, c->line);
		if (at < c->n)
			break;
	}
	return c->fault;
}

/* One row; *any: there was one, maybe of nothing. */
static enum err read_row(struct sheet_csv *c, bool *any)
{
	int64_t line = c->line;
	size_t begin;
	enum err rc = ERR_OK;
	int byte;

	c->row.len = 0;
	c->count = 0;
	if (peek(c) == '\n' && c->after_return)
		c->at++;
	c->after_return = false;
	*any = peek(c) != NOTHING;
	while (*any && !rc) {
		begin = c->row.len;
		if (peek(c) == '"') {
			c->at++;
			rc = quoted(c);
		}
		if (!rc)
			rc = plain(c);
		if (rc)
			return rc;
		end_field(c, begin);
		if (c->row.failed)
			return too_long(c, line);
		byte = peek(c);
		if (byte == NOTHING)
			break;
		c->at++;
		if (byte != (unsigned char)c->separator) {
			c->line++;
			c->after_return = byte == '\r';
			break;
		}
	}
	return c->fault;
}

enum err sheet_csv_next(struct sheet_csv *c, struct sheet_row *row, bool *end, struct err_info *e)
{
	size_t width = 0, i;
	int64_t line = 0;
	bool any = true;
	enum err rc;

	c->e = e;
	while (any && !width) {
		line = c->line;
		rc = read_row(c, &any);
		if (rc)
			return rc;
		for (width = c->count; width && c->cells[width - 1].kind == CELL_EMPTY; width--)
			;
	}
	*end = !any;
	if (!any)
		return ERR_OK;
	for (i = 0; i < width; i++)
		c->cells[i].text = c->row.data + c->places[i];
	*row = (struct sheet_row) {.number = line, .count = (int)width, .cells = c->cells};
	return ERR_OK;
}

/* ---- the separator ---- */

/* In the first lines outside quotes: how many have it, then how often it comes. */
static size_t weight(const char *s, size_t n, char separator)
{
	size_t lines = 0, with = 0, all = 0, here = 0, i;
	bool in_quotes = false;

	for (i = 0; i < n && lines < GUESS_LINES; i++) {
		if (s[i] == '"')
			in_quotes = !in_quotes;
		else if (!in_quotes && s[i] == separator)
			here++;
		if (i + 1 < n && (in_quotes || (s[i] != '\n' && s[i] != '\r')))
			continue;
		with += here > 0;
		all += here;
		lines++;
		here = 0;
	}
	return with * n + all;
}

static char guess_separator(const char *s, size_t n)
{
	static const char CANDIDATES[] = {',', '\t', ';'};
	size_t best = 0, i, w;
	char found = ',';

	for (i = 0; i < sizeof(CANDIDATES); i++) {
		w = weight(s, n, CANDIDATES[i]);
		if (w > best) {
			best = w;
			found = CANDIDATES[i];
		}
	}
	return found;
}

/* "sep=;" alone on the first line says it. */
static bool says_separator(const char *s, size_t n)
{
	return n >= 5 && !memcmp(s, "sep=", 4) && (n == 5 || s[5] == '\n' || s[5] == '\r');
}

enum err sheet_csv_rewind(struct sheet_csv *c, struct err_info *e)
{
	c->e = e;
	c->fault = ERR_OK;
	c->n = c->at = 0;
	c->line = 1;
	c->after_return = false;
	sheet_text_rewind(c->text);
	if (peek(c) == NOTHING)
		return c->fault;
	c->separator = guess_separator(c->piece, c->n);
	if (says_separator(c->piece, c->n)) {
		c->separator = c->piece[4];
		c->at = 5;
	}
	return ERR_OK;
}

enum err sheet_csv_open(struct sheet_text *t, struct sheet_csv **out, struct err_info *e)
{
	struct sheet_csv *c = mem_zalloc(sizeof(*c));
	enum err rc;

	c->text = t;
	buf_init(&c->row, ROW_MAX);
	rc = sheet_csv_rewind(c, e);
	if (rc) {
		sheet_csv_close(&c);
		return rc;
	}
	*out = c;
	return ERR_OK;
}

void sheet_csv_close(struct sheet_csv **c)
{
	if (!*c)
		return;
	buf_free(&(*c)->row);
	free(*c);
	*c = NULL;
}
