/* sandbox/taxcodes.c - loading, finding and changing tax codes. */
#include "sandbox/taxcodes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/text.h"
#include "sandbox/differential.h"

enum { CODE_DIGITS = 19, TABLE_MAX = 64 * 1024 * 1024, COLUMN_MAX = 16 };

struct taxcodes {
	struct taxcode *rows;
	size_t n, cap;
	char stamp[15];
};

/* What a table without a column of levy rates gets: the usual ones. */
static const char usual_levy[] = "5%、3%、1%";

static int by_code(const void *a, const void *b)
{
	return strcmp(((const struct taxcode *)a)->code, ((const struct taxcode *)b)->code);
}

static void free_row(struct taxcode *r)
{
	free(r->name);
	free(r->short_name);
	free(r->vat);
	free(r->levy);
}

static struct taxcode *new_row(struct taxcodes *t, const char *code)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 1024;
		t->rows = mem_realloc(t->rows, t->cap * sizeof(t->rows[0]));
	}
	struct taxcode *r = &t->rows[t->n++];
	memset(r, 0, sizeof(*r));
	text_copy(r->code, sizeof(r->code), code);
	text_copy(r->start, sizeof(r->start), "2016-05-01");
	text_copy(r->changed, sizeof(r->changed), t->stamp);
	return r;
}

/* ---- reading a table ---- */

enum column { C_CODE, C_NAME, C_SHORT, C_VAT, C_LEVY, C_SUMMARY, C_LEAF, C_N };

/* Cuts the line at tabs; returns the number of cells. */
static int cells(char *line, char *out[COLUMN_MAX])
{
	int n = 0;
	for (char *p = line; n < COLUMN_MAX; n++) {
		out[n] = p;
		p = strchr(p, '\t');
		if (!p)
			return n + 1;
		*p++ = 0;
	}
	return n;
}

static void read_header(char *line, int where[C_N])
{
	static const struct {
		const char *name;
		enum column c;
	} names[] = {{"code", C_CODE},       {"name", C_NAME},         {"short_name", C_SHORT},
		     {"vat_rates", C_VAT},   {"rates_derived", C_VAT}, {"levy_rates", C_LEVY},
		     {"summary", C_SUMMARY}, {"is_leaf", C_LEAF}};
	char *cell[COLUMN_MAX];
	int n = cells(line, cell);
	for (int c = 0; c < C_N; c++)
		where[c] = -1;
	for (int i = 0; i < n; i++) {
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			if (strcmp(cell[i], names[k].name) == 0)
				where[names[k].c] = i;
		}
	}
}

static void read_row(struct taxcodes *t, char *line, const int where[C_N])
{
	char *cell[COLUMN_MAX];
	int n = cells(line, cell);
	const char *v[C_N];
	for (int c = 0; c < C_N; c++)
		v[c] = where[c] >= 0 && where[c] < n ? cell[where[c]] : "";
	if (strlen(v[C_CODE]) != CODE_DIGITS || !text_all_digits(v[C_CODE]))
		return;
	struct taxcode *r = new_row(t, v[C_CODE]);
	r->summary = v[C_SUMMARY][0] == 'Y' || v[C_LEAF][0] == '0';
	bool levy = where[C_LEVY] < 0 && !r->summary;
	mem_set(&r->name, v[C_NAME]);
	mem_set(&r->short_name, v[C_SHORT]);
	mem_set(&r->vat, v[C_VAT]);
	mem_set(&r->levy, levy ? usual_levy : v[C_LEVY]);
}

static void read_table(struct taxcodes *t, char *text)
{
	int where[C_N] = {0};
	bool header = true;
	for (char *line = text, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		line[strcspn(line, "\r")] = 0;
		if (header)
			read_header(line, where);
		else
			read_row(t, line, where);
		header = false;
	}
}

/* ---- timestamps and changes ---- */

static void stamp_text(int64_t t, char out[15])
{
	char text[DATETIME_TEXT];
	datetime_text(t, text);
	snprintf(out, 15, "%.4s%.2s%.2s%.2s%.2s%.2s", text, text + 5, text + 8, text + 11,
		 text + 14, text + 17);
}

/* A timestamp after the last one. */
static void next_stamp(struct taxcodes *t)
{
	char now[15];
	int64_t at = clock_now();
	for (stamp_text(at, now); strcmp(now, t->stamp) <= 0; stamp_text(++at, now)) {
		struct datetime last = {0};
		if (sscanf(t->stamp, "%4d%2d%2d%2d%2d%2d", &last.date.year, &last.date.month,
			   &last.date.day, &last.hour, &last.minute, &last.second) == 6)
			at = date_unix(last);
	}
	memcpy(t->stamp, now, sizeof(t->stamp));
}

/* The stamp of the table as loaded: kept while its content stays the same. */
static void base_stamp(struct sb *sb, struct taxcodes *t, const char *text, size_t n)
{
	char sha[HASH_TEXT];
	hash_sha256(text, n, sha);
	sqlite3_stmt *q = db_query(sb, "SELECT value FROM meta WHERE key='taxcodes'", "");
	char known[128] = "";
	if (db_next(sb, q)) {
		text_copy(known, sizeof(known), db_text(q, 0));
		sqlite3_reset(q);
	}
	if (strlen(known) == 64 + 14 && strncmp(known, sha, 64) == 0) {
		text_copy(t->stamp, sizeof(t->stamp), known + 64);
		return;
	}
	if (strlen(known) == 64 + 14)
		text_copy(t->stamp, sizeof(t->stamp), known + 64);
	next_stamp(t);
	char value[128];
	snprintf(value, sizeof(value), "%s%s", sha, t->stamp);
	db_run(sb, "INSERT OR REPLACE INTO meta(key, value) VALUES('taxcodes', ?1)", "t", value);
}

static struct taxcode *find(const struct taxcodes *t, const char *code)
{
	struct taxcode key;
	if (!text_copy(key.code, sizeof(key.code), code))
		return NULL;
	return t->n ? bsearch(&key, t->rows, t->n, sizeof(t->rows[0]), by_code) : NULL;
}

/* The row of that code, made in its sorted place when there is none. */
static struct taxcode *find_or_add(struct taxcodes *t, const char *code)
{
	struct taxcode *known = find(t, code);
	if (known)
		return known;
	struct taxcode row = *new_row(t, code);
	mem_set(&row.name, "");
	mem_set(&row.short_name, "");
	mem_set(&row.vat, "");
	mem_set(&row.levy, "");
	size_t at = t->n - 1;
	for (; at > 0 && strcmp(t->rows[at - 1].code, row.code) > 0; at--)
		t->rows[at] = t->rows[at - 1];
	t->rows[at] = row;
	return &t->rows[at];
}

static void apply_changes(struct sb *sb, struct taxcodes *t)
{
	sqlite3_stmt *q = db_query(sb,
				   "SELECT code, name, short_name, vat, levy, summary, cezs, start,"
				   " stop, changed FROM taxcode_change",
				   "");
	while (db_next(sb, q)) {
		struct taxcode *r = find_or_add(t, db_text(q, 0));
		mem_set(&r->name, db_text(q, 1));
		mem_set(&r->short_name, db_text(q, 2));
		mem_set(&r->vat, db_text(q, 3));
		mem_set(&r->levy, db_text(q, 4));
		r->summary = db_text(q, 5)[0] == 'Y';
		r->differential = db_text(q, 6)[0] == 'Y';
		text_copy(r->start, sizeof(r->start), db_text(q, 7));
		text_copy(r->stop, sizeof(r->stop), db_text(q, 8));
		text_copy(r->changed, sizeof(r->changed), db_text(q, 9));
		if (strcmp(r->changed, t->stamp) > 0)
			memcpy(t->stamp, r->changed, sizeof(t->stamp));
	}
}

enum err taxcodes_load(struct sb *sb, const char *file, struct err_info *e)
{
	char *text = NULL;
	size_t n = 0;
	if (file) {
		enum err rc = file_read(file, TABLE_MAX, &text, &n, e);
		if (rc)
			return rc;
	} else {
		const struct embedded *f = embed_find("data/taxcodes.tsv");
		if (!f)
			return err_fail(e, ERR_INTERNAL, "taxcodes.none", "税收分类编码表",
					"程序里没有");
		n = f->size;
		text = mem_strndup(f->data, n);
	}
	struct taxcodes *t = mem_zalloc(sizeof(*t));
	base_stamp(sb, t, text, n);
	read_table(t, text);
	free(text);
	sb->codes = t;
	if (t->n == 0)
		return err_fail(e, ERR_INVALID, "taxcodes.empty", file ? file : "税收分类编码表",
				"没有一行含19位编码");
	qsort(t->rows, t->n, sizeof(t->rows[0]), by_code);
	differential_mark(sb);
	apply_changes(sb, t);
	return ERR_OK;
}

void taxcodes_free(struct sb *sb)
{
	if (!sb->codes)
		return;
	for (size_t i = 0; i < sb->codes->n; i++)
		free_row(&sb->codes->rows[i]);
	free(sb->codes->rows);
	free(sb->codes);
	sb->codes = NULL;
}

size_t taxcodes_count(const struct sb *sb)
{
	return sb->codes->n;
}

const struct taxcode *taxcodes_find(const struct sb *sb, const char *code)
{
	return find(sb->codes, code);
}

const struct taxcode *taxcodes_at(const struct sb *sb, size_t i)
{
	return &sb->codes->rows[i];
}

void taxcodes_mark(struct sb *sb, const char *code)
{
	struct taxcode *r = find(sb->codes, code);
	if (r)
		r->differential = true;
}

const char *taxcodes_stamp(const struct sb *sb)
{
	return sb->codes->stamp;
}

void taxcode_parent(const char *code, char out[20])
{
	memcpy(out, code, CODE_DIGITS);
	out[CODE_DIGITS] = 0;
	for (int i = CODE_DIGITS - 2; i > 0; i -= 2) {
		if (out[i] != '0' || out[i + 1] != '0') {
			out[i] = out[i + 1] = '0';
			return;
		}
	}
	out[0] = 0;
}

bool taxcode_names_rate(const char *list, long ppm)
{
	for (const char *p = list; *p;) {
		char *end;
		long whole = strtol(p, &end, 10) * 10000, unit = 1000;
		if (end == p) {
			p++;
			continue;
		}
		if (*end == '.') {
			for (end++; *end >= '0' && *end <= '9'; end++, unit /= 10)
				whole += (*end - '0') * unit;
		}
		if (*end == '%' && whole == ppm)
			return true;
		p = end;
	}
	return false;
}

bool taxcode_allows(const struct taxcode *tc, long ppm)
{
	if (!tc->vat[0] && !tc->levy[0])
		return true;
	return taxcode_names_rate(tc->vat, ppm) || taxcode_names_rate(tc->levy, ppm);
}

/* ---- changes from the control port ---- */

static void change_text(const cJSON *v, const char *key, char **slot)
{
	const char *s = json_text(json_get(v, key));
	if (s)
		mem_set(slot, s);
}

/* Before anything is changed: the code, the dates, Y and N. */
static bool change_valid(const cJSON *v, char error[256])
{
	static const char *const dates[] = {"start", "stop"}, *const flags[] = {"summary", "cezs"};
	struct date d;
	const char *code = json_member(v, "code");
	if (strlen(code) != CODE_DIGITS || !text_all_digits(code)) {
		snprintf(error, 256, "code 应为19位数字");
		return false;
	}
	for (int i = 0; i < 2; i++) {
		const char *date = json_member(v, dates[i]), *flag = json_member(v, flags[i]);
		if (date[0] && (strlen(date) != 10 || !date_parse(date, &d))) {
			snprintf(error, 256, "%s 应为 yyyy-MM-dd", dates[i]);
			return false;
		}
		if (flag[0] && strcmp(flag, "Y") != 0 && strcmp(flag, "N") != 0) {
			snprintf(error, 256, "%s 应为 Y 或 N", flags[i]);
			return false;
		}
	}
	return true;
}

static bool change_one(struct sb *sb, const cJSON *v)
{
	struct taxcodes *t = sb->codes;
	struct taxcode *r = find_or_add(t, json_member(v, "code"));
	change_text(v, "name", &r->name);
	change_text(v, "short_name", &r->short_name);
	change_text(v, "vat_rates", &r->vat);
	change_text(v, "levy_rates", &r->levy);
	if (json_member(v, "summary")[0])
		r->summary = json_member(v, "summary")[0] == 'Y';
	if (json_member(v, "cezs")[0])
		r->differential = json_member(v, "cezs")[0] == 'Y';
	if (json_member(v, "start")[0])
		text_copy(r->start, sizeof(r->start), json_member(v, "start"));
	if (json_get(v, "stop"))
		text_copy(r->stop, sizeof(r->stop), json_member(v, "stop"));
	memcpy(r->changed, t->stamp, sizeof(r->changed));
	return db_run(
	    sb, "INSERT OR REPLACE INTO taxcode_change VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
	    "tttttttttt", r->code, r->name, r->short_name, r->vat, r->levy, r->summary ? "Y" : "N",
	    r->differential ? "Y" : "N", r->start, r->stop, r->changed);
}

bool taxcodes_post(struct sb *sb, const cJSON *body, char error[256])
{
	const cJSON *list = json_get(body, "codes"), *each;
	bool stored = true;
	if (!list && !change_valid(body, error))
		return false;
	cJSON_ArrayForEach(each, list)
	{
		if (!change_valid(each, error))
			return false;
	}
	next_stamp(sb->codes);
	if (!list)
		return change_one(sb, body);
	cJSON_ArrayForEach(each, list) stored = change_one(sb, each) && stored;
	return stored;
}
