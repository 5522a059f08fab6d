/* batch_record.c - rows of a workbook as records: made by one thread, read by the other. */
#include <stdio.h>
#include <string.h>

#include "desk/batch_record_p.h"

enum { RAW_MAX = 60000, SHOWN = 40 };

/* ---- reading a record ---- */

struct batch_record batch_record_of(const char *bytes)
{
	struct batch_record r;

	memcpy(&r, bytes, sizeof(r));
	return r;
}

const char *batch_record_reason(const char *bytes)
{
	return bytes + sizeof(struct batch_record);
}

void batch_walk_begin(struct batch_walk *w, const char *bytes)
{
	struct batch_record r = batch_record_of(bytes);

	w->at = bytes + sizeof(r) + r.reason + 1;
	w->end = bytes + r.size;
	w->left = r.count;
}

bool batch_walk_next(struct batch_walk *w, struct batch_value *v, const char **text)
{
	if (!w->left)
		return false;
	w->left--;
	memcpy(v, w->at, sizeof(*v));
	*text = w->at + sizeof(*v);
	w->at = *text + v->n + 1;
	return true;
}

/* ---- making records ---- */

static char *chunk_room(struct record_chunk *c, size_t n)
{
	if (c->n + n > c->room) {
		c->room = (c->n + n) * 2;
		c->bytes = mem_realloc(c->bytes, c->room);
	}
	return c->bytes + c->n;
}

static void put_value(struct record_chunk *c, struct batch_record *r, struct batch_value v,
		      const char *text, size_t n)
{
	char *to;

	if (n > RAW_MAX)
		n = text_whole(text, RAW_MAX);
	v.n = (uint16_t)n;
	to = chunk_room(c, sizeof(v) + n + 1);
	memcpy(to, &v, sizeof(v));
	memcpy(to + sizeof(v), text, n);
	to[sizeof(v) + n] = 0;
	c->n += sizeof(v) + n + 1;
	r->count++;
}

static const struct sheet_cell *raw_cell(const struct sheet_record *rec, size_t column)
{
	int at = rec->part->at[column];

	return at >= 0 && at < rec->raw->count ? &rec->raw->cells[at] : NULL;
}

/* Columns that are faulty are kept as they stand in the file, to be shown again.  map: columns of
 * the record's table by those of the file's, NULL the same. */
static void put_values(struct record_chunk *c, struct batch_record *r,
		       const struct sheet_record *rec, const struct sheet_table *t,
		       const int8_t *map, uint64_t useless)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		size_t to = i;

		if (map && map[i] < 0)
			continue;
		if (map)
			to = (size_t)map[i];
		if (*rec->values[i] && !(useless >> i & 1)) {
			const struct sheet_cell *cell = raw_cell(rec, i);
			struct batch_value v = {.column = (uint8_t)to, .form = VALUE_GOOD};

			v.hidden = cell ? cell->hidden : 0;
			r->cleaned |= v.hidden != 0;
			put_value(c, r, v, rec->values[i], strlen(rec->values[i]));
		} else if (*rec->reason || useless) {
			const struct sheet_cell *cell = raw_cell(rec, i);
			bool lost = useless >> i & 1;
			struct batch_value v = {.column = (uint8_t)to,
						.form = lost ? VALUE_LOST : VALUE_RAW};

			if (cell && cell->len)
				put_value(c, r, v, cell->text,
					  lost ? sheet_lost_length(cell->text, cell->len)
					       : cell->len);
		}
	}
}

/* A tax code of zeros behind what a number can hold has lost nothing. */
static bool is_whole_code(const char *s)
{
	enum { CODE = 19, EXACT = 15 };

	return strlen(s) == CODE && text_all_digits(s) && strspn(s + EXACT, "0") == CODE - EXACT;
}

/* Numbers that have lost digits are of no use in any column; bits of those columns. */
static uint64_t refuse_rounded(struct sheet_record *rec, const struct sheet_table *t)
{
	uint64_t useless = 0;
	size_t i;

	for (i = 0; i < t->count; i++) {
		const struct sheet_cell *cell = raw_cell(rec, i);
		char text[SHEET_REASON];
		const char *value = cell ? cell->text : rec->values[i];
		size_t n = sheet_lost_length(value, strlen(value));

		if (!(rec->rounded >> i & 1) ||
		    (!strcmp(t->columns[i].key, "tax_code") && is_whole_code(rec->values[i])))
			continue;
		useless |= UINT64_C(1) << i;
		if (!*rec->values[i] && *rec->reason)
			continue; /* was refused for what it is */
		snprintf(text, sizeof(text),
			 "%s：%.*s 是按数字存的，15 位以后的数字已经丢失，"
			 "请把这一列设为文本格式后重填",
			 rec->part->titles[i], n < SHOWN ? (int)n : SHOWN, value);
		sheet_reason_add(rec->reason, text);
		if (rec->column < 0)
			rec->column = rec->part->at[i];
	}
	return useless;
}

static int column_at(const struct sheet_record *rec, const struct sheet_table *t)
{
	size_t i;

	for (i = 0; rec->column >= 0 && i < t->count; i++) {
		if (rec->part->at[i] == rec->column)
			return (int)i;
	}
	return -1;
}

/* 0 is 0 %, 免税 or 不征税: only the word in the cell tells. */
static uint8_t untaxed_word(const struct sheet_record *rec, const struct sheet_table *t)
{
	int rate = sheet_column(t, "tax_rate");
	const struct sheet_cell *cell;

	if (rate < 0 || strcmp(rec->values[rate], "0") != 0)
		return 0;
	cell = raw_cell(rec, (size_t)rate);
	if (cell && strstr(cell->text, "不征税"))
		return 4;
	return cell && strstr(cell->text, "免税") ? 3 : 0;
}

struct layout {
	enum batch_table table;
	const int8_t *map;
	bool followed;
};

static void put_record(struct record_chunk *c, const struct sheet_record *rec,
		       const struct sheet_table *t, struct layout as, uint8_t part,
		       uint64_t useless)
{
	size_t begin = c->n, reason = as.followed ? 0 : strlen(rec->reason);
	int column = reason ? column_at(rec, t) : -1;
	struct batch_record r = {.row = (uint32_t)rec->row,
				 .reason = (uint16_t)reason,
				 .table = (uint8_t)as.table,
				 .part = part,
				 .untaxed = untaxed_word(rec, t),
				 .followed = as.followed};
	char *to = chunk_room(c, sizeof(r) + reason + 1);

	if (column >= 0 && as.map)
		column = as.map[column];
	r.column = (uint8_t)(column >= 0 ? column : COLUMN_NONE);
	memcpy(to + sizeof(r), rec->reason, reason);
	to[sizeof(r) + reason] = 0;
	c->n += sizeof(r) + reason + 1;
	put_values(c, &r, rec, t, as.map, useless);
	r.size = (uint32_t)(c->n - begin);
	memcpy(c->bytes + begin, &r, sizeof(r));
}

/* A row of a flat table is a line, and says its head again.  A fault is told with the line. */
void batch_record_put(struct record_chunk *c, struct sheet_record *rec, enum batch_table table,
		      const struct flat_map *map, uint8_t part)
{
	const struct sheet_table *t = batch_table(table);
	uint64_t useless = rec->rounded ? refuse_rounded(rec, t) : 0;

	if (table != FLAT) {
		put_record(c, rec, t, (struct layout) {.table = table}, part, useless);
		return;
	}
	put_record(c, rec, t, (struct layout) {HEADS, map->to_head, true}, part, useless);
	put_record(c, rec, t, (struct layout) {LINES, map->to_line, false}, part, useless);
}
