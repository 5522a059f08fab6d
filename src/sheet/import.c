/* import.c - the records of a workbook, one after the other. */
#include "sheet/import_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum {
	ROOM = 256
}; /* what a canonical form may have more than its cell, and a word for a choice */

static const struct sheet_cell EMPTY = {.kind = CELL_EMPTY, .text = ""};

/* ---- opening ---- */

void sheet_import_close(struct sheet_import **slot)
{
	struct sheet_import *i = *slot;
	size_t k;

	if (!i)
		return;
	for (k = 0; k < i->count; k++)
		sheet_head_free(i->sheets[k]);
	free(i->sheets);
	sheet_texts_free(&i->unknown);
	sheet_texts_free(&i->repeated);
	sheet_texts_free(&i->skipped);
	if (!i->lent)
		sheet_close(&i->reader);
	free(i->arena);
	free(i);
	*slot = NULL;
}

void sheet_import_stop(struct sheet_import *i)
{
	sheet_stop(i->reader);
}

enum err sheet_import_open(const struct sheet_table *t, const char *path, const atomic_bool *stop,
			   struct sheet_import **out, struct err_info *e)
{
	struct sheet_import *i = mem_zalloc(sizeof(*i));
	enum err r;

	i->table = t;
	i->path = path;
	r = sheet_open_watched(path, stop, &i->reader, e);
	if (!r)
		r = sheet_import_find_headings(i, e);
	if (r) {
		sheet_import_close(&i);
		return r;
	}
	*out = i;
	return ERR_OK;
}

enum err sheet_import_open_on(const struct sheet_table *t, struct sheet_reader *reader,
			      const char *path, struct sheet_import **out, struct err_info *e)
{
	struct sheet_import *i = mem_zalloc(sizeof(*i));
	enum err r;

	i->table = t;
	i->path = path;
	i->reader = reader;
	i->lent = true;
	if ((r = sheet_import_find_headings(i, e))) {
		sheet_import_close(&i);
		return r;
	}
	*out = i;
	return ERR_OK;
}

const char *sheet_import_sheet(const struct sheet_import *i, size_t k)
{
	return k < i->count ? i->sheets[k]->part.name : NULL;
}

const struct sheet_part *sheet_import_part(const struct sheet_import *i, size_t k)
{
	return k < i->count ? &i->sheets[k]->part : NULL;
}

static const char *text_at(const struct sheet_texts *t, size_t k)
{
	return k < t->count ? t->all[k] : NULL;
}

const char *sheet_import_unknown(const struct sheet_import *i, size_t k)
{
	return text_at(&i->unknown, k);
}

const char *sheet_import_repeated(const struct sheet_import *i, size_t k)
{
	return text_at(&i->repeated, k);
}

const char *sheet_import_skipped(const struct sheet_import *i, size_t k)
{
	return text_at(&i->skipped, k);
}

bool sheet_import_has(const struct sheet_import *i, int column)
{
	return column >= 0 && (size_t)column < i->table->count && i->present[column];
}

void sheet_import_progress(const struct sheet_import *i, int64_t *done, int64_t *total)
{
	sheet_progress(i->reader, done, total);
	*done += i->size_before;
	*total += i->size_before + i->size_behind;
}

/* ---- values ---- */

void sheet_reason_add(char reason[SHEET_REASON], const char *more)
{
	size_t n = strlen(reason), mark = n ? strlen("；") : 0;

	if (n + mark + strlen(more) >= SHEET_REASON)
		return;
	memcpy(reason + n, "；", mark);
	memcpy(reason + n + mark, more, strlen(more) + 1);
}

size_t sheet_lost_length(const char *text, size_t n)
{
	size_t mark = sizeof(SHEET_LOST_MARK) - 1;
	const char *at = n < mark ? NULL : memmem(text, n, SHEET_LOST_MARK, mark);

	return at ? (size_t)(at - text) : n;
}

static const struct sheet_cell *cell_at(const struct sheet_row *row, int at)
{
	return at < row->count ? &row->cells[at] : &EMPTY;
}

/* Room for every value of the row at once: the values stay where they are. */
static void make_room(struct sheet_import *i, const struct sheet_row *row)
{
	size_t need = (size_t)ROOM * SHEET_COLUMNS;
	int k;

	for (k = 0; k < row->count; k++)
		need += 2 * row->cells[k].len;
	if (need > i->arena_size) {
		free(i->arena);
		i->arena_size = 2 * need;
		i->arena = mem_alloc(i->arena_size);
	}
	i->arena_used = 0;
}

static void take_value(struct sheet_import *i, struct sheet_record *out, int column, int at,
		       const struct sheet_cell *cell)
{
	const struct sheet_column *c = &i->table->columns[column];
	char *value = i->arena + i->arena_used, *reason = out->reason;
	char other[SHEET_REASON];
	struct sheet_cell lost = *cell;

	if (cell->kind == CELL_EMPTY && !c->required)
		return;
	if (cell->kind == CELL_TEXT) {
		lost.len = sheet_lost_length(cell->text, cell->len);
		lost.rounded = lost.len < cell->len;
		cell = &lost;
	}
	if (*out->reason)
		reason = other;
	if (sheet_value_as(c, i->now->titles[at], cell, value, cell->len + ROOM, reason)) {
		out->values[column] = value;
		i->arena_used += strlen(value) + 1;
	} else if (reason == out->reason) {
		out->column = at;
	} else {
		sheet_reason_add(out->reason, other);
	}
	if (cell->hidden)
		out->cleaned |= UINT64_C(1) << column;
	if (cell->rounded ||
	    ((c->type == SHEET_ID || c->digits) && sheet_value_is_exponent(cell->text, cell->len)))
		out->rounded |= UINT64_C(1) << column;
}

/* ---- joined columns ---- */

static bool is_number_mark(char c)
{
	return (c >= '0' && c <= '9') || strchr("-+()/* ", c);
}

static size_t count_digits(const char *s, size_t n)
{
	size_t digits = 0;

	for (; n; s++, n--)
		digits += *s >= '0' && *s <= '9';
	return digits;
}

/* Where the last word of s[from..n) begins. */
static size_t last_word(const char *s, size_t from, size_t n)
{
	while (n > from && s[n - 1] != ' ')
		n--;
	return n;
}

/* Where the number at the end of "科苑路 88 号 0755-86001234" begins; n: there is none. */
static size_t number_at(const char *s, size_t n)
{
	enum { DIGITS_MIN = 6, DIGITS_WHOLE = 7, AREA_MAX = 4 };
	size_t at = n, word, area;

	while (at && s[at - 1] && is_number_mark(s[at - 1]))
		at--;
	at += strspn(s + at, " -/*)");
	if (at >= n || count_digits(s + at, n - at) < DIGITS_MIN)
		return n;
	/* A long last word is the number itself, with an area code before it.  Groups of four are
	 * all of it. */
	word = last_word(s, at, n);
	if (word == at || count_digits(s + word, n - word) < DIGITS_WHOLE)
		return at;
	area = last_word(s, at, word - 1);
	return word - 1 - area <= AREA_MAX && s[area] == '0' ? area : word;
}

/* The text before the number, without the word and the marks that led to it. */
static size_t text_end(const char *s, size_t n)
{
	static const char *const LEADS[] = {" ",  ",",  ";",  ":",    "\n",   "\t",  "、",
					    "，", "；", "：", "电话", "账号", "帐号"};
	size_t i;

	for (i = 0; i < sizeof(LEADS) / sizeof(LEADS[0]); i++) {
		size_t len = strlen(LEADS[i]);

		if (n >= len && !memcmp(s + n - len, LEADS[i], len)) {
			n -= len;
			i = (size_t)-1; /* from the first one again */
		}
	}
	return n;
}

static void take_joint(struct sheet_import *i, struct sheet_record *out,
		       const struct sheet_joint *joint, int at, const struct sheet_cell *cell)
{
	struct sheet_cell first = *cell, second = *cell;
	size_t n = cell->len, cut = 0;

	if (cell->kind == CELL_EMPTY || cell->kind == CELL_FAULT) {
		take_value(i, out, joint->first, at, cell);
		return;
	}
	while (n && strchr(" \t\r\n", cell->text[n - 1]))
		n--;
	if (cell->kind == CELL_TEXT)
		cut = number_at(cell->text, n);
	first.len = cut < n ? text_end(cell->text, cut) : n;
	second.text += cut;
	second.len = n - cut;
	if (first.len)
		take_value(i, out, joint->first, at, &first);
	if (second.len)
		take_value(i, out, joint->second, at, &second);
}

/* ---- what was taken out ---- */

void sheet_hidden_text(const char *title, unsigned hidden, char out[SHEET_REASON])
{
	snprintf(out, SHEET_REASON, "%s：去掉了%s %u 个看不见的字符", title,
		 hidden == SHEET_HIDDEN_MAX ? "至少" : "", hidden);
	out[text_whole(out, strlen(out))] = 0;
}

void sheet_record_cleaned(const struct sheet_record *r, char out[SHEET_REASON])
{
	char text[SHEET_REASON];
	size_t i, k;

	*out = 0;
	for (i = 0; r->cleaned && i < SHEET_COLUMNS; i++) {
		if (!(r->cleaned >> i & 1))
			continue;
		/* Two columns in one cell say it once. */
		for (k = 0; k < i && !(r->cleaned >> k & 1 && r->part->at[k] == r->part->at[i]);
		     k++)
			;
		if (k < i)
			continue;
		sheet_hidden_text(r->part->titles[i], r->raw->cells[r->part->at[i]].hidden, text);
		sheet_reason_add(out, text);
	}
}

/* ---- records ---- */

/* Fills the values; false: nothing that concerns us is in the row. */
static bool fill_record(struct sheet_import *i, const struct sheet_row *row,
			struct sheet_record *out)
{
	bool filled = false;
	size_t k;

	out->reason[0] = 0;
	out->column = -1;
	out->rounded = out->cleaned = 0;
	out->row = row->number;
	out->raw = row;
	out->part = &i->now->part;
	for (k = 0; k < i->table->count; k++)
		out->values[k] = "";
	make_room(i, row);
	for (k = 0; k < i->now->mapped; k++) {
		int at = i->now->order[k], means = i->now->means[at];
		const struct sheet_cell *cell = cell_at(row, at);

		filled |= cell->kind != CELL_EMPTY && !sheet_import_is_blank(cell);
		if (means <= HEADING_JOINT)
			take_joint(i, out, &i->table->joints[HEADING_JOINT - means], at, cell);
		else
			take_value(i, out, means, at, cell);
	}
	return filled;
}

enum err sheet_import_next(struct sheet_import *i, struct sheet_record *out, bool *end,
			   struct err_info *e)
{
	enum err r;

	for (;;) {
		if ((r = sheet_import_next_row(i, end, e)) || *end)
			return r;
		if (!sheet_import_is_note(i, &i->row) && fill_record(i, &i->row, out))
			return ERR_OK;
	}
}
