/* table.c - the tables of columns, read from the embedded templates/sheets. */
#include "sheet/table_p.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/log.h"

enum { TABLES = 16, JOINTS = 8, WORDS = 2048, WIDTH = 16, WIDTH_MAX = 255, CHARS_MAX = 32767 };

static const char FOLDER[] = "templates/sheets/";
static const char *const TYPES[] = {
    [SHEET_TEXT] = "text",     [SHEET_ID] = "id",     [SHEET_NUMBER] = "number",
    [SHEET_MONEY] = "money",   [SHEET_RATE] = "rate", [SHEET_YESNO] = "yesno",
    [SHEET_CHOICE] = "choice", [SHEET_DATE] = "date",
};

static struct sheet_table tables[TABLES];
static cJSON *trees[TABLES]; /* whose texts the tables use */
static size_t table_count;

/* Words of one kind as they are gathered; handed over when complete. */
struct words {
	struct sheet_word *list;
	size_t count;
};

/* ---- parts of the JSON; false: not of the form ---- */

static const char *const NONE[] = {NULL};

static bool known_members(const cJSON *o, const char *const *names, const char **stranger)
{
	const cJSON *m;
	size_t i;

	if (!cJSON_IsObject(o))
		return false;
	cJSON_ArrayForEach(m, o)
	{
		for (i = 0; names[i] && strcmp(names[i], m->string); i++)
			;
		if (!names[i]) {
			*stranger = m->string;
			return false;
		}
	}
	return true;
}

static bool read_list(const cJSON *o, const char *key, const char *const **out)
{
	const cJSON *a = json_get(o, key), *m;
	const char **list;
	size_t n = 0;

	*out = NONE;
	if (!a)
		return true;
	if (!cJSON_IsArray(a))
		return false;
	list = mem_alloc(sizeof(*list) * ((size_t)cJSON_GetArraySize(a) + 1));
	cJSON_ArrayForEach(m, a)
	{
		list[n] = cJSON_IsString(m) ? json_text(m) : NULL;
		if (!list[n++]) {
			free(list);
			return false;
		}
	}
	list[n] = NULL;
	*out = list;
	return true;
}

static void free_list(const char *const *list)
{
	if (list != NONE)
		free((void *)list);
}

static bool read_int(const cJSON *o, const char *key, int min, int max, int *out)
{
	long long v;

	if (!json_get(o, key))
		return true;
	if (!json_member_int(o, key, min, max, &v))
		return false;
	*out = (int)v;
	return true;
}

static bool read_limit(const cJSON *o, const char *key, unsigned *out)
{
	int v = 0;

	if (!read_int(o, key, 0, CHARS_MAX, &v))
		return false;
	*out = (unsigned)v;
	return true;
}

static bool read_type(const cJSON *o, enum sheet_type *out)
{
	const char *word = json_member(o, "type");
	size_t i;

	for (i = 0; i < SHEET_TYPES; i++) {
		if (!strcmp(word, TYPES[i])) {
			*out = (enum sheet_type)i;
			return true;
		}
	}
	return false;
}

static int choice_index(const char *const *choices, const char *text)
{
	int i;

	for (i = 0; choices[i]; i++) {
		if (text && !strcmp(choices[i], text))
			return i;
	}
	return -1;
}

static bool read_words(const cJSON *o, struct sheet_column *c)
{
	const cJSON *all = json_get(o, "words"), *m;
	struct sheet_word *list;
	size_t n = 0;

	if (all && !cJSON_IsObject(all))
		return false;
	list = mem_zalloc(sizeof(*list) * ((size_t)cJSON_GetArraySize(all) + 1));
	c->words = list;
	cJSON_ArrayForEach(m, all)
	{
		list[n].text = m->string;
		list[n].means = choice_index(c->choices, json_text(m));
		if (list[n++].means < 0)
			return false;
	}
	return true;
}

static bool read_column(const cJSON *o, struct sheet_column *c, const char **why)
{
	static const char *const MEMBERS[] = {
	    "key",     "title", "aliases", "type",  "chars", "gbk",       "required", "digits",
	    "choices", "words", "help",    "width", "list",  "list_wide", "examples", NULL};

	if (!known_members(o, MEMBERS, why))
		return false;
	c->key = json_member(o, "key");
	c->title = json_member(o, "title");
	c->help = json_member(o, "help");
	c->required = cJSON_IsTrue(json_get(o, "required"));
	c->digits = cJSON_IsTrue(json_get(o, "digits"));
	c->width = WIDTH;
	*why = *c->key ? c->key : "columns";
	return *c->key && *c->title && read_type(o, &c->type) &&
	       read_list(o, "aliases", &c->aliases) && read_list(o, "choices", &c->choices) &&
	       read_list(o, "examples", &c->examples) && read_words(o, c) &&
	       (c->type != SHEET_CHOICE || c->choices[0]) &&
	       read_limit(o, "chars", &c->max_chars) && read_limit(o, "gbk", &c->max_gbk) &&
	       read_int(o, "width", 1, WIDTH_MAX, &c->width) &&
	       read_int(o, "list", -1, WIDTH_MAX, &c->list_width) &&
	       read_int(o, "list_wide", -1, WIDTH_MAX, &c->list_wide);
}

/* ---- headings ---- */

/* False: the heading is empty, or is there already with another meaning. */
static bool add_heading(struct words *w, const char *text, int means)
{
	char plain[SHEET_HEADING];
	size_t i;

	if (!sheet_heading_plain(text, plain) || w->count + 1 >= WORDS)
		return false;
	for (i = 0; i < w->count; i++) {
		if (!strcmp(w->list[i].text, plain))
			return w->list[i].means == means;
	}
	w->list[w->count++] = (struct sheet_word) {mem_strdup(plain), means};
	return true;
}

static bool add_headings(struct words *w, const char *const *texts, int means, const char **why)
{
	for (; *texts; texts++) {
		*why = *texts;
		if (!add_heading(w, *texts, means))
			return false;
	}
	return true;
}

static bool gather_headings(struct sheet_table *t, const char *const *ignored,
			    const char *const *const *joined, const char **why)
{
	struct words w = {.list = mem_zalloc(sizeof(*w.list) * WORDS)};
	bool good = true;
	size_t i;

	t->headings = w.list;
	for (i = 0; good && i < t->count; i++) {
		const char *const title[] = {t->columns[i].title, NULL};

		good = add_headings(&w, title, (int)i, why) &&
		       add_headings(&w, t->columns[i].aliases, (int)i, why);
	}
	for (i = 0; good && i < t->joint_count; i++)
		good = add_headings(&w, joined[i], HEADING_JOINT - (int)i, why);
	return good && add_headings(&w, ignored, HEADING_IGNORED, why);
}

/* ---- a table ---- */

static bool read_columns(const cJSON *o, struct sheet_table *t, const char **why)
{
	const cJSON *all = json_get(o, "columns"), *m;
	struct sheet_column *list = mem_zalloc(sizeof(*list) * SHEET_COLUMNS);

	t->columns = list;
	*why = "columns";
	if (!cJSON_IsArray(all) || cJSON_GetArraySize(all) > SHEET_COLUMNS)
		return false;
	cJSON_ArrayForEach(m, all)
	{
		if (!read_column(m, &list[t->count], why) ||
		    sheet_column(t, list[t->count].key) >= 0)
			return false;
		t->count++;
	}
	return t->count > 0;
}

static bool read_joint(const cJSON *o, const struct sheet_table *t, struct sheet_joint *joint,
		       const char *const **aliases)
{
	const char *const *into;

	if (!read_list(o, "aliases", aliases) || !read_list(o, "into", &into) || !into[0] ||
	    !into[1] || into[2])
		return false;
	joint->first = sheet_column(t, into[0]);
	joint->second = sheet_column(t, into[1]);
	free_list(into);
	return joint->first >= 0 && joint->second >= 0;
}

static bool read_joints(const cJSON *o, struct sheet_table *t, const char *const **joined)
{
	const cJSON *all = json_get(o, "joined"), *m;
	struct sheet_joint *list = mem_zalloc(sizeof(*list) * JOINTS);

	t->joints = list;
	cJSON_ArrayForEach(m, all)
	{
		if (t->joint_count == JOINTS ||
		    !read_joint(m, t, &list[t->joint_count], &joined[t->joint_count]))
			return false;
		t->joint_count++;
	}
	return true;
}

static bool read_table(const cJSON *o, struct sheet_table *t, const char **why)
{
	static const char *const MEMBERS[] = {"title",   "file",   "sheets",  "notes",
					      "ignored", "joined", "columns", NULL};
	const char *const *ignored = NONE, *const * joined[JOINTS];
	bool good;
	size_t i;

	*why = "title";
	t->title = json_member(o, "title");
	t->file = json_member(o, "file");
	if (!known_members(o, MEMBERS, why) || !*t->title || !*t->file ||
	    !read_list(o, "sheets", &t->sheets) || !read_list(o, "notes", &t->notes) ||
	    !read_list(o, "ignored", &ignored) || !read_columns(o, t, why))
		return false;
	*why = "joined";
	good = read_joints(o, t, joined) && gather_headings(t, ignored, joined, why);
	for (i = 0; i < t->joint_count; i++)
		free_list(joined[i]);
	free_list(ignored);
	return good;
}

/* The name between the folder and ".json"; NULL: another file. */
static char *table_name(const char *path)
{
	const char *name = path + strlen(FOLDER), *dot = strrchr(name, '.');

	return dot && !strcmp(dot, ".json") ? mem_strndup(name, (size_t)(dot - name)) : NULL;
}

/* A table that is not of the form is left out: its absence is noticed, a test reads them all. */
static void load_tables(void)
{
	const struct embedded *f;
	size_t i;

	for (i = 0; table_count < TABLES && (f = embed_nth(FOLDER, i)); i++) {
		struct sheet_table *t = &tables[table_count];
		const char *why = "";
		struct err_info e = {0};
		cJSON **tree = &trees[table_count];

		memset(t, 0, sizeof(*t));
		if (!(t->name = table_name(f->name)))
			continue;
		if (json_parse(f->data, f->size, f->size, tree, &e))
			log_err(LOG_ERROR, "sheet", &e);
		else if (read_table(*tree, t, &why))
			table_count++;
		else
			log_write(LOG_ERROR, "sheet", "%s: %s", f->name, why);
	}
}

static void load_once(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load_tables);
}

const struct sheet_table *sheet_table(const char *name)
{
	size_t i;

	load_once();
	for (i = 0; i < table_count; i++) {
		if (!strcmp(tables[i].name, name))
			return &tables[i];
	}
	return NULL;
}

const struct sheet_table *sheet_table_at(size_t i)
{
	load_once();
	return i < table_count ? &tables[i] : NULL;
}

int sheet_column(const struct sheet_table *t, const char *key)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		if (!strcmp(t->columns[i].key, key))
			return (int)i;
	}
	return -1;
}
