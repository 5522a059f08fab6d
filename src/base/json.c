#include "base/json.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_p.h"
#include "base/text.h"

/* ---- parsing ---- */

static enum err fail_at(struct err_info *e, const char *code, const char *text, size_t at,
			const char *fault)
{
	size_t line = 1, column = 1, i = 0;
	uint32_t cp;

	while (i < at) {
		i += text_next(text + i, at - i, &cp);
		column++;
		if (cp == '\n') {
			line++;
			column = 1;
		}
	}
	return err_fail(e, ERR_INVALID, code, "JSON", "第 %zu 行第 %zu 列：%s", line, column,
			fault);
}

/* The member names of the objects that the walk is inside of, innermost last. */
struct key {
	const char *name;
	size_t at;
};

struct walk {
	const struct json_scan *scan;
	size_t next_number, next_key;
	struct key *keys;
	size_t n, cap;
	const struct key *duplicate;
};

static void push_key(struct walk *w, const char *name)
{
	if (w->n == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 64;
		w->keys = mem_realloc(w->keys, w->cap * sizeof(*w->keys));
	}
	w->keys[w->n++] = (struct key) {name, w->scan->keys.at[w->next_key++]};
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* Sorting keeps hostile objects of many keys cheap. */
static bool has_duplicate(struct walk *w, size_t first)
{
	struct key *keys;
	size_t i, n = w->n - first;

	if (n < 2)
		return false;
	keys = w->keys + first;
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (i = 1; i < n; i++) {
		if (!strcmp(keys[i - 1].name, keys[i].name)) {
			w->duplicate = &keys[i];
			return true;
		}
	}
	return false;
}

/* Gives every number its source text and looks for duplicate keys; false when one was found. */
static bool walk_tree(struct walk *w, cJSON *item)
{
	size_t first = w->n, at;
	const char *text = w->scan->text;
	cJSON *child;

	if (cJSON_IsNumber(item)) {
		at = w->scan->numbers.at[w->next_number++];
		item->valuestring =
		    mem_strndup(text + at, json_number_length(text + at, w->scan->n - at));
	}
	for (child = item->child; child; child = child->next) {
		if (cJSON_IsObject(item))
			push_key(w, child->string);
		if (!walk_tree(w, child))
			return false;
	}
	if (has_duplicate(w, first))
		return false;
	w->n = first;
	return true;
}

/* A copy in which every number is 0: cJSON reads numbers through strtod (binary, dependent on the
 * locale, and wrong beyond 63 characters), so it never sees one. */
static char *without_numbers(const struct json_scan *s)
{
	char *copy = mem_alloc(s->n + 1);
	size_t i;

	memcpy(copy, s->text, s->n);
	copy[s->n] = 0;
	for (i = 0; i < s->numbers.n; i++) {
		size_t at = s->numbers.at[i];

		memset(copy + at, ' ', json_number_length(s->text + at, s->n - at));
		copy[at] = '0';
	}
	return copy;
}

static enum err build_tree(const struct json_scan *s, cJSON **out, struct err_info *e)
{
	struct walk w = {.scan = s};
	char *copy = without_numbers(s);
	cJSON *tree = cJSON_ParseWithLength(copy, s->n);
	enum err rc = ERR_OK;

	free(copy);
	if (!tree) /* the scan is stricter than cJSON, so only memory can be the reason */
		return err_fail(e, ERR_INTERNAL, "json.tree", "JSON", "内存不足，无法读入");
	if (!walk_tree(&w, tree)) {
		rc = fail_at(e, "json.duplicate", s->text, w.duplicate->at, "键名重复");
		err_field(e, "%s", w.duplicate->name);
		json_free(&tree);
	} else {
		*out = tree;
	}
	free(w.keys);
	return rc;
}

enum err json_parse(const char *text, size_t n, size_t max, cJSON **out, struct err_info *e)
{
	struct json_scan scan;
	enum err rc;

	if (n > max)
		return err_fail(e, ERR_INVALID, "json.size", "JSON",
				"文本有 %zu 字节，超过 %zu 字节的上限", n, max);
	if (json_scan_run(&scan, text, n) == 0)
		rc = build_tree(&scan, out, e);
	else
		rc = fail_at(e, scan.code, text, scan.at, scan.fault);
	json_scan_free(&scan);
	return rc;
}

enum err json_parse_theirs(const char *text, size_t n, size_t max, cJSON **out, struct err_info *e)
{
	char *mended = n <= max ? json_scan_mend(text, n) : NULL;
	enum err rc = json_parse(mended ? mended : text, n, max, out, e);

	free(mended);
	return rc;
}

void json_free(cJSON **p)
{
	cJSON_Delete(*p);
	*p = NULL;
}

/* ---- reading ---- */

const cJSON *json_get(const cJSON *object, const char *key)
{
	if (!cJSON_IsObject(object))
		return NULL;
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

const char *json_text(const cJSON *item)
{
	if (!item || !(cJSON_IsString(item) || cJSON_IsNumber(item)))
		return NULL;
	return item->valuestring;
}

const char *json_member(const cJSON *object, const char *key)
{
	const char *text = json_text(json_get(object, key));

	return text ? text : "";
}

bool json_is_number(const cJSON *item)
{
	return cJSON_IsNumber(item);
}

bool json_member_int(const cJSON *object, const char *key, long long min, long long max,
		     long long *out)
{
	const char *text = json_text(json_get(object, key));
	char *end;
	long long v;

	/* strtoll would take blanks and a plus sign; the grammar of JSON does not. */
	if (!text || json_number_length(text, strlen(text)) != strlen(text))
		return false;
	errno = 0;
	v = strtoll(text, &end, 10);
	if (errno || *end || v < min || v > max)
		return false;
	*out = v;
	return true;
}

const cJSON *json_only_array(const cJSON *object)
{
	const cJSON *child, *found = NULL;

	if (!cJSON_IsObject(object))
		return NULL;
	for (child = object->child; child; child = child->next) {
		if (!cJSON_IsArray(child))
			continue;
		if (found)
			return NULL;
		found = child;
	}
	return found;
}
