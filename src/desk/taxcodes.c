/* taxcodes.c - the classification as a person uses it. */
#include "desk/taxcodes.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/taxcodes_p.h"

enum { TABLE_MAX = 64 << 20, COLUMNS_MAX = 32, CODE_DIGITS = 19 };

enum err taxcode_env(struct session *s, const char **env, struct err_info *e)
{
	struct err_info why = {0};
	struct unit u;
	enum err r = desk_unit(s, &u, &why);

	*env = "";
	if (r == ERR_INVALID && !*s->unit_choice)
		return ERR_OK;
	if (r) {
		if (e)
			*e = why;
		return r;
	}
	*env = unit_env_word(u.env);
	unit_free(&u);
	return ERR_OK;
}

enum err desk_taxcode_search(struct session *s, const char *text, const char *cursor, int limit,
			     taxcode_each f, void *arg, char next[20], int64_t *total,
			     bool *at_least, struct err_info *e)
{
	const char *env;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = taxcode_env(s, &env, e)))
		return r;
	return store_taxcode_search(s->db, env, text, cursor, limit, f, arg, next, total, at_least,
				    e);
}

enum err desk_taxcode_children(struct session *s, const char *parent, taxcode_each f, void *arg,
			       struct err_info *e)
{
	const char *env;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = taxcode_env(s, &env, e)))
		return r;
	return store_taxcode_children(s->db, env, parent, f, arg, e);
}

enum err desk_taxcode_get(struct session *s, const char *code, struct tax_code *out,
			  struct err_info *e)
{
	const char *env;
	bool found = false;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = taxcode_env(s, &env, e)) ||
	    (r = store_taxcode_get(s->db, env, code, out, &found, e)) || found)
		return r;
	err_fail(e, ERR_INVALID, "taxcode.unknown", "税收分类编码", "没有编码 %.40s", code);
	err_hint(e, "可用 kaipiao taxcodes search 查找，或 kaipiao taxcodes sync 取得最新编码");
	return ERR_INVALID;
}

enum err desk_taxcode_count(struct session *s, int64_t *total, int64_t *from_tax,
			    struct err_info *e)
{
	const char *env;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = taxcode_env(s, &env, e)))
		return r;
	return store_taxcode_count(s->db, env, total, from_tax, e);
}

enum err desk_taxcode_sync(struct session *s, struct desk_wait *w, struct err_info *e)
{
	return desk_intent_simple(s, DESK_REFRESH, JOB_TAXCODES, "taxcodes.sync", w, e);
}

/* ---- import ---- */

static const struct {
	const char *name;
	size_t offset;
} TEXTS[] = {
    {"code", offsetof(struct tax_code, code)},
    {"name", offsetof(struct tax_code, name)},
    {"short_name", offsetof(struct tax_code, short_name)},
    {"vat_rates", offsetof(struct tax_code, vat_rates)},
    {"levy_rates", offsetof(struct tax_code, levy_rates)},
    {"parent", offsetof(struct tax_code, parent)},
    {"note", offsetof(struct tax_code, note)},
    {"keywords", offsetof(struct tax_code, keywords)},
    {"start", offsetof(struct tax_code, start)},
    {"stop", offsetof(struct tax_code, stop)},
};
enum { TEXT_COUNT = sizeof(TEXTS) / sizeof(TEXTS[0]), COLUMN_SUMMARY = TEXT_COUNT, COLUMN_OTHER };

struct table {
	const char *file;
	char *at;                 /* rest of the text */
	int columns[COLUMNS_MAX]; /* index into TEXTS, COLUMN_SUMMARY or COLUMN_OTHER */
	size_t width;
	long line;
};

/* The next line without its end, or NULL. */
static char *next_line(struct table *t)
{
	char *line = t->at, *end;

	if (!line || !*line)
		return NULL;
	end = strchr(line, '\n');
	t->at = end ? end + 1 : NULL;
	if (end)
		*end = 0;
	end = line + strlen(line);
	if (end > line && end[-1] == '\r')
		end[-1] = 0;
	t->line++;
	return line;
}

static char *next_cell(char **rest)
{
	char *cell = *rest, *tab;

	if (!cell)
		return NULL;
	tab = strchr(cell, '\t');
	if (tab)
		*tab = 0;
	*rest = tab ? tab + 1 : NULL;
	return cell;
}

static enum err read_header(struct table *t, struct err_info *e)
{
	char *rest = next_line(t), *cell;
	bool has_code = false, has_name = false;

	if (rest && !strncmp(rest, "\xEF\xBB\xBF", 3))
		rest += 3;
	while ((cell = next_cell(&rest)) && t->width < COLUMNS_MAX) {
		int i;

		for (i = 0; i < TEXT_COUNT && strcmp(TEXTS[i].name, cell) != 0; i++)
			;
		if (i == TEXT_COUNT)
			i = !strcmp(cell, "summary") ? COLUMN_SUMMARY : COLUMN_OTHER;
		has_code |= i == 0;
		has_name |= i == 1;
		t->columns[t->width++] = i;
	}
	if (has_code && has_name)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "table.header", t->file, "第 1 行应是列名，至少有 code 和 name");
	err_hint(e, "列之间用制表符分隔");
	return ERR_INVALID;
}

static enum err check_row(const struct table *t, const struct tax_code *c, struct err_info *e)
{
	if (strlen(c->code) != CODE_DIGITS || !text_all_digits(c->code))
		return err_fail(e, ERR_INVALID, "table.code", t->file,
				"第 %ld 行：编码应为 19 位数字", t->line);
	if (text_empty(c->name))
		return err_fail(e, ERR_INVALID, "table.name", t->file, "第 %ld 行：名称是空的",
				t->line);
	return ERR_OK;
}

static void read_row(const struct table *t, char *line, struct tax_code *c)
{
	char *cell, parent[20];
	size_t i, k;

	memset(c, 0, sizeof(*c));
	for (k = 0; k < TEXT_COUNT; k++)
		*(char **)(void *)((char *)c + TEXTS[k].offset) = mem_strdup("");
	for (i = 0; i < t->width && (cell = next_cell(&line)); i++) {
		int column = t->columns[i];

		if (column < TEXT_COUNT) {
			char **slot = (char **)(void *)((char *)c + TEXTS[column].offset);

			free(*slot);
			*slot = text_clean(cell, 1000, false);
		} else if (column == COLUMN_SUMMARY) {
			c->summary = !strcmp(cell, "Y") || !strcmp(cell, "1");
		}
	}
	if (text_empty(c->parent) && strlen(c->code) == CODE_DIGITS)
		mem_set(&c->parent, tax_code_parent(c->code, parent));
}

static enum err import_rows(struct session *s, struct table *t, int64_t *rows, struct err_info *e)
{
	enum err r = read_header(t, e);
	char *line;

	while (!r && (line = next_line(t))) {
		struct tax_code c;

		if (!*line)
			continue;
		read_row(t, line, &c);
		if (!(r = check_row(t, &c, e)) && !(r = store_taxcode_put(s->db, &c, false, e)))
			(*rows)++;
		tax_code_free(&c);
	}
	return r ? r : store_taxcode_index(s->db, "", e);
}

enum err desk_taxcode_import(struct session *s, const char *file, int64_t *rows, struct err_info *e)
{
	struct table t = {.file = file};
	char *data;
	size_t n;
	enum err r;

	*rows = 0;
	if ((r = desk_allow(s, DESK_PARAMS, e)) || (r = file_read(file, TABLE_MAX, &data, &n, e)))
		return r;
	t.at = data;
	if (!text_valid(data, n))
		r = err_fail(e, ERR_INVALID, "text.utf8", file, "不是 UTF-8 文本");
	if (!r && !(r = db_begin(s->db, e))) {
		if ((r = import_rows(s, &t, rows, e)) ||
		    (r = desk_audit(s, 0, "taxcodes.import", file, "", "", e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	free(data);
	return r;
}
