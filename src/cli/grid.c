/* grid.c - rows of cells: one description prints as table, as card and as JSON. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_p.h"

void cli_grid_init(struct grid *g, const struct shape *shape)
{
	memset(g, 0, sizeof(*g));
	g->shape = shape;
	while (shape->columns[g->width].key)
		g->width++;
}

void cli_grid_free(struct grid *g)
{
	size_t i;

	for (i = 0; i < g->count; i++)
		free(g->cells[i]);
	free(g->cells);
	memset(g, 0, sizeof(*g));
}

void cli_grid_text(struct grid *g, const char *s)
{
	if (g->count == g->cap) {
		g->cap = g->cap ? g->cap * 2 : 64;
		g->cells = mem_realloc(g->cells, g->cap * sizeof(*g->cells));
	}
	g->cells[g->count++] = mem_strdup(s);
}

void cli_grid_textf(struct grid *g, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text[text_whole(text, strlen(text))] = 0;
	cli_grid_text(g, text);
}

void cli_grid_int(struct grid *g, int64_t v)
{
	cli_grid_textf(g, "%lld", (long long)v);
}

void cli_grid_bool(struct grid *g, bool v)
{
	cli_grid_text(g, v ? "true" : "false");
}

void cli_grid_fen(struct grid *g, int64_t fen)
{
	char text[FEN_TEXT];

	cli_grid_text(g, fen_format(fen, text));
}

void cli_grid_time(struct grid *g, int64_t t)
{
	char text[DATETIME_TEXT];

	cli_grid_text(g, t ? datetime_text(t, text) : "");
}

size_t cli_grid_rows(const struct grid *g)
{
	return g->width ? g->count / g->width : 0;
}

static const char *cell(const struct grid *g, size_t row, size_t column)
{
	return g->cells[row * g->width + column];
}

static bool shown_to(const struct column *k, unsigned who)
{
	return !k->who || (k->who & who);
}

/* To people; a column of units only where there are several. */
static bool in_table(const struct grid *g, size_t i)
{
	const struct column *k = &g->shape->columns[i];

	return shown_to(k, FOR_PEOPLE | (g->several ? (unsigned)FOR_SEVERAL : 0u));
}

void cli_grid_units(struct cli *c, struct grid *g)
{
	g->several = desk_units_several(c->s);
}

void cli_grid_unit(struct cli *c, struct grid *g, int64_t unit_id)
{
	char text[DESK_UNIT_SHORT];

	cli_grid_text(g, desk_unit_short(c->s, unit_id, text));
}

/* ---- JSON ---- */

/* "2025-11-20 08:00:00" of business time as "2025-11-20T08:00:00+08:00". */
static void put_time(struct json_out *o, const char *key, const char *text)
{
	char iso[40];

	if (!*text) {
		json_put(o, key, NULL);
		return;
	}
	snprintf(iso, sizeof(iso), "%.10sT%.8s+08:00", text, text + 11);
	json_put(o, key, iso);
}

static void put_tree(struct json_out *o, const char *key, const char *text)
{
	cJSON *tree = NULL;

	if (*text && !json_parse_theirs(text, strlen(text), CLI_OUT_MAX, &tree, NULL))
		json_put_tree(o, key, tree);
	else
		json_put(o, key, *text ? text : NULL);
	json_free(&tree);
}

static void put_cell(struct json_out *o, const struct column *k, const char *text)
{
	switch (k->type) {
	case COLUMN_NUMBER:
	case COLUMN_ID:
	case COLUMN_BOOL:
		json_put_raw(o, k->key, *text ? text : "null");
		break;
	case COLUMN_TIME:
		put_time(o, k->key, text);
		break;
	case COLUMN_TREE:
		put_tree(o, k->key, text);
		break;
	case COLUMN_TEXT:
		json_put(o, k->key, text);
		break;
	case COLUMN_OPTIONAL:
	case COLUMN_MONEY:
		json_put(o, k->key, *text ? text : NULL);
		break;
	}
}

void cli_grid_put_members(struct json_out *o, const struct grid *g, size_t row)
{
	size_t i;

	for (i = 0; i < g->width; i++) {
		if (shown_to(&g->shape->columns[i], FOR_JSON))
			put_cell(o, &g->shape->columns[i], cell(g, row, i));
	}
}

void cli_grid_put_object(struct json_out *o, const char *key, const struct grid *g)
{
	json_open(o, key, '{');
	cli_grid_put_members(o, g, 0);
	json_close(o, '}');
}

void cli_grid_put_rows(struct json_out *o, const char *key, const struct grid *g)
{
	size_t r;

	json_open(o, key, '[');
	for (r = 0; r < cli_grid_rows(g); r++) {
		json_open(o, NULL, '{');
		cli_grid_put_members(o, g, r);
		json_close(o, '}');
	}
	json_close(o, ']');
}

/* ---- for people ---- */

static bool to_the_right(const struct column *k)
{
	return k->type == COLUMN_MONEY || k->type == COLUMN_NUMBER || k->type == COLUMN_ID;
}

/* What a person reads in a cell; the caller frees it. */
static char *face(const struct column *k, const char *text)
{
	char grouped[FEN_TEXT + 8];
	int64_t fen;

	if (k->type == COLUMN_BOOL)
		return mem_strdup(!strcmp(text, "true") ? "是" : "否");
	if (k->type == COLUMN_ID && !strcmp(text, "0"))
		return mem_strdup("");
	if (k->type == COLUMN_MONEY && fen_parse(text, &fen))
		return mem_strdup(fen_format_grouped(fen, grouped));
	return text_visible(text);
}

static void pad(struct buf *b, size_t n)
{
	while (n--)
		buf_addc(b, ' ');
}

static void add_aligned(struct buf *b, const char *text, size_t width, bool right, bool last)
{
	size_t used = text_cols(text), gap = width > used ? width - used : 0;

	if (right)
		pad(b, gap);
	buf_adds(b, text);
	if (!right && !last)
		pad(b, gap);
	if (!last)
		pad(b, 2);
}

static size_t last_column(const struct grid *g)
{
	size_t i, last = 0;

	for (i = 0; i < g->width; i++) {
		if (in_table(g, i))
			last = i;
	}
	return last;
}

void cli_grid_table(struct cli *c, const struct grid *g)
{
	size_t rows = cli_grid_rows(g), *width = mem_zalloc((g->width + 1) * sizeof(*width)), i, r;
	char **faces = mem_zalloc((g->count + 1) * sizeof(*faces));
	size_t last = last_column(g);

	for (i = 0; i < g->width; i++)
		width[i] = text_cols(g->shape->columns[i].label);
	for (i = 0; i < rows * g->width; i++) {
		size_t column = i % g->width, cols;

		faces[i] = face(&g->shape->columns[column], g->cells[i]);
		cols = text_cols(faces[i]);
		if (cols > width[column])
			width[column] = cols;
	}
	for (r = 0; r <= rows; r++) {
		for (i = 0; i < g->width; i++) {
			const struct column *k = &g->shape->columns[i];
			const char *text = r ? faces[(r - 1) * g->width + i] : k->label;

			if (in_table(g, i))
				add_aligned(&c->out, text, width[i], to_the_right(k), i == last);
		}
		buf_addc(&c->out, '\n');
	}
	for (i = 0; i < rows * g->width; i++)
		free(faces[i]);
	free(faces);
	free(width);
}

/* A text of several lines: the others stand below the first, never where a label would. */
static void put_lines(struct buf *b, const struct column *k, const char *text, size_t indent)
{
	const char *end;

	do {
		char *line, *shown;

		end = strchrnul(text, '\n');
		line = mem_strndup(text, (size_t)(end - text));
		shown = face(k, line);
		buf_addf(b, "%s\n", shown);
		free(shown);
		free(line);
		text = *end ? end + 1 : end;
		if (*text)
			pad(b, indent);
	} while (*text);
}

/* What is not there has no line: what may be missing, a moment not come, nobody's number. */
static bool on_card(const struct grid *g, size_t column)
{
	const struct column *k = &g->shape->columns[column];
	const char *text = cell(g, 0, column);
	bool absent =
	    (k->type == COLUMN_ID && !strcmp(text, "0")) ||
	    ((k->type == COLUMN_OPTIONAL || k->type == COLUMN_MONEY || k->type == COLUMN_TIME) &&
	     !*text);

	return shown_to(k, FOR_PEOPLE | ON_CARD) && !absent;
}

static void card(struct cli *c, const struct grid *g)
{
	size_t width = 0, i;

	for (i = 0; i < g->width; i++) {
		size_t cols = text_cols(g->shape->columns[i].label);

		if (on_card(g, i) && cols > width)
			width = cols;
	}
	for (i = 0; i < g->width; i++) {
		const struct column *k = &g->shape->columns[i];
		const char *text;

		if (!on_card(g, i))
			continue;
		add_aligned(&c->out, k->label, width, false, false);
		text = cell(g, 0, i);
		put_lines(&c->out, k, text, width + 2);
	}
}

const char *cursor_text(int64_t next, char out[24])
{
	out[0] = 0;
	if (next)
		snprintf(out, 24, "%lld", (long long)next);
	return out;
}

void cli_grid_print_page(struct cli *c, const struct grid *g, int64_t total, bool at_least,
			 const char *next)
{
	const char *words = at_least ? "至少" : "";
	struct json_out o;

	if (c->json) {
		cli_document(c, &o);
		json_put_int(&o, "total", total);
		if (at_least)
			json_put_bool(&o, "at_least", true);
		cli_grid_put_rows(&o, "rows", g);
		json_put(&o, "next", *next ? next : NULL);
		cli_document_end(c, &o);
		return;
	}
	cli_grid_table(c, g);
	if (*next)
		cli_say(c, "共%s %lld 条，下一页加 --cursor %s", words, (long long)total, next);
	else
		cli_say(c, "共%s %lld 条", words, (long long)total);
}

void cli_grid_print_one(struct cli *c, const struct grid *g)
{
	struct json_out o;

	if (!c->json) {
		card(c, g);
		return;
	}
	cli_document(c, &o);
	cli_grid_put_members(&o, g, 0);
	cli_document_end(c, &o);
}
