/* params_port.c - parameter triples from a file, all of them or none. */
#include "desk/params_port.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "desk/params.h"
#include "sheet/sheet.h"

enum { FILE_MAX = 1 << 20, ROWS_MAX = 2000, COLUMNS = 3, VALUE_MAX = 512 };

struct triple {
	int64_t row;
	char *texts[COLUMNS];
};

struct triples {
	struct triple *items;
	size_t n;
};

static void triples_free(struct triples *t)
{
	size_t i, k;

	for (i = 0; i < t->n; i++)
		for (k = 0; k < COLUMNS; k++)
			free(t->items[i].texts[k]);
	free(t->items);
	*t = (struct triples) {.n = 0};
}

static enum err refuse(int64_t row, const char *why, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "param.file", "参数文件", "第 %lld 行%s", (long long)row, why);
	err_hint(e, "每行三列：配置项类型、键、值；JSON 为 [[\"类型\",\"键\",\"值\"]]");
	return ERR_INVALID;
}

static enum err add(struct triples *t, int64_t row, const char *const texts[COLUMNS],
		    struct err_info *e)
{
	struct triple *one;
	size_t k;

	if (t->n == ROWS_MAX)
		return refuse(row, "：行数太多，最多 2000 行", e);
	t->items = mem_realloc(t->items, (t->n + 1) * sizeof(*t->items));
	one = &t->items[t->n++];
	one->row = row;
	for (k = 0; k < COLUMNS; k++)
		one->texts[k] = text_trim(texts[k]);
	return ERR_OK;
}

/* ---- JSON ---- */

static const char *member(const cJSON *item, size_t k)
{
	static const char *const KEYS[COLUMNS] = {"type", "key", "value"};
	const cJSON *m =
	    cJSON_IsArray(item) ? cJSON_GetArrayItem(item, (int)k) : json_get(item, KEYS[k]);

	return json_text(m);
}

static enum err read_json(const char *data, size_t n, struct triples *out, struct err_info *e)
{
	cJSON *tree = NULL;
	const cJSON *item;
	int64_t row = 0;
	enum err r = json_parse(data, n, FILE_MAX, &tree, e);

	if (!r && !cJSON_IsArray(tree))
		r = refuse(1, "：应为数组", e);
	for (item = r ? NULL : tree->child; item && !r; item = item->next) {
		const char *texts[COLUMNS];
		size_t k;

		row++;
		for (k = 0; k < COLUMNS && !r; k++) {
			texts[k] = member(item, k);
			if (!texts[k] || (cJSON_IsArray(item) && cJSON_GetArraySize(item) != 3))
				r = refuse(row, "不是配置项类型、键、值三个文字", e);
		}
		if (!r)
			r = add(out, row, texts, e);
	}
	json_free(&tree);
	return r;
}

/* ---- sheets ---- */

/* Three words that name the columns, in any language we know. */
static bool is_heading(const struct sheet_row *row)
{
	static const char *const KEYS[] = {"键", "key", "KEY", "Key", "参数", "参数键"};
	size_t i;

	for (i = 0; row->count >= 2 && i < sizeof(KEYS) / sizeof(KEYS[0]); i++)
		if (!strcmp(row->cells[1].text, KEYS[i]))
			return true;
	return false;
}

static enum err read_rows(struct sheet_reader *reader, struct triples *out, struct err_info *e)
{
	struct sheet_row row;
	bool end = false, first = true;
	enum err r;

	while (!(r = sheet_next(reader, &row, &end, e)) && !end) {
		const char *texts[COLUMNS] = {"", "", ""};
		int k;

		for (k = 0; k < COLUMNS && k < row.count; k++)
			texts[k] = row.cells[k].text;
		if (!first || !is_heading(&row)) {
			if (row.count > COLUMNS)
				r = refuse(row.number, "多于三列", e);
			else if (!*texts[0] || !*texts[1])
				r = refuse(row.number, "缺少配置项类型或键", e);
			else
				r = add(out, row.number, texts, e);
			if (r)
				return r;
		}
		first = false;
	}
	return r;
}

/* What was read once may be a pipe: it is read again from memory. */
static enum err read_sheet(const char *name, const char *data, size_t n, struct triples *out,
			   struct err_info *e)
{
	struct sheet_reader *reader = NULL;
	int fd = -1;
	enum err r = file_scratch(&fd, e);

	if (r)
		return r;
	if ((r = file_scratch_add(fd, data, n, e))) {
		close(fd);
		return r;
	}
	if ((r = sheet_open_fd(fd, (int64_t)n, name, NULL, &reader, e)))
		return r;
	r = read_rows(reader, out, e);
	sheet_close(&reader);
	return r;
}

static enum err read_file(const char *path, struct triples *out, struct err_info *e)
{
	char *data;
	size_t n, at = 0;
	enum err r = file_read(path, FILE_MAX, &data, &n, e);

	if (r)
		return r;
	if (n >= 3 && !memcmp(data, "\xEF\xBB\xBF", 3))
		at = 3;
	while (at < n && strchr(" \t\r\n", data[at]))
		at++;
	if (at == n)
		r = err_fail(e, ERR_INVALID, "file.empty", path, "文件是空的");
	else if (data[at] == '[' || data[at] == '{')
		r = read_json(data + at, n - at, out, e);
	else
		r = read_sheet(!strcmp(path, "-") ? "标准输入" : path, data, n, out, e);
	free(data);
	return r;
}

/* ---- setting ---- */

static enum err set_one(struct session *s, const struct triple *t, struct err_info *e)
{
	char old[VALUE_MAX] = "";
	enum err r = store_setting_get(s->db, t->texts[0], t->texts[1], "", old, sizeof(old), e);

	if (r || (r = store_setting_set(s->db, t->texts[0], t->texts[1], t->texts[2], e)))
		return r;
	return desk_audit(s, 0, "param.import", t->texts[1], old, t->texts[2], e);
}

/* Tells every row; returns how many cannot be, the first of them in *bad. */
static size_t tell(const struct triples *t, param_row_each f, void *arg, struct err_info *bad)
{
	size_t i, faults = 0;

	for (i = 0; i < t->n; i++) {
		const struct triple *one = &t->items[i];
		struct err_info why = {0};
		char fault[900] = "";

		if (desk_param_check(one->texts[0], one->texts[1], one->texts[2], &why)) {
			err_sentence(&why, fault, sizeof(fault));
			if (!faults++)
				*bad = why;
		}
		f(arg, &(struct param_row) {.row = one->row,
					    .type = one->texts[0],
					    .key = one->texts[1],
					    .value = one->texts[2],
					    .warning = desk_param_warning(
						one->texts[0], one->texts[1], one->texts[2]),
					    .fault = fault});
	}
	return faults;
}

static enum err set_all(struct session *s, const struct triples *t, struct err_info *e)
{
	enum err r = db_begin(s->db, e);
	size_t i;

	for (i = 0; i < t->n && !r; i++)
		r = set_one(s, &t->items[i], e);
	if (!r)
		return db_commit(s->db, e);
	db_rollback(s->db);
	return r;
}

enum err desk_params_import(struct session *s, const char *path, param_row_each f, void *arg,
			    int64_t *count, struct err_info *e)
{
	struct triples t = {.n = 0};
	struct err_info bad = {0};
	size_t faults;
	enum err r = desk_allow(s, DESK_PARAMS, e);

	*count = 0;
	if (!r && !(r = read_file(path, &t, e))) {
		faults = tell(&t, f, arg, &bad);
		if (faults) {
			r = err_fail(e, ERR_INVALID, "param.import", "参数文件",
				     "有 %zu 行不对，什么都没有改：%s%s", faults, bad.what,
				     bad.why);
			err_hint(e, "改正后再导入");
		} else if (!(r = set_all(s, &t, e))) {
			*count = (int64_t)t.n;
		}
	}
	triples_free(&t);
	return r;
}
