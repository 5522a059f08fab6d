/* A workbook: from the relations of the package to the sheets with their names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "sheet/cell_p.h"
#include "sheet/xlsx_p.h"
#include "sheet/xml_p.h"

enum {
	RELATIONS_MAX = 4096,
	SHEETS_MAX = 1024,
	NAME_CHARS = 255,
	PATH = 512,
	PLAN_MAX = 64 << 20, /* bytes of a part that only describes others */
};

static const char WORKBOOK[] = "xl/workbook.xml";

struct relation {
	char *id, *type, *target; /* type: its last word; target: a name in the package */
};
struct relations {
	struct relation *all;
	size_t count;
	char folder[PATH]; /* of the part they belong to, with its slash */
};
struct one_sheet {
	char *name;
	bool hidden;
	int64_t part;
};
struct sheet_book {
	struct sheet_zip *zip;
	struct one_sheet *sheets;
	size_t count;
	bool from_1904;
	struct sheet_styles *styles;
	int64_t strings_part;
	struct sheet_strings *strings; /* NULL until first used */
};

/* All of a part that describes others; -1: there is none. */
static enum err read_plan(struct sheet_zip *z, int64_t part, const struct sheet_xml_ops *ops,
			  void *user, struct err_info *e)
{
	if (part < 0)
		return ERR_OK;
	if (sheet_zip_size(z, part) > PLAN_MAX)
		return sheet_fail_hostile(e, sheet_zip_what(z), "工作簿的目录过大");
	return sheet_xml_whole(z, part, ops, user, e);
}

/* ---- relations ---- */

/* Goes one folder up; false at the top. */
static bool go_up(char *path)
{
	size_t n = strlen(path);

	if (!n)
		return false;
	for (n--; n && path[n - 1] != '/'; n--)
		;
	path[n] = 0;
	return true;
}

/* The name a target means: absolute, or relative to the folder, also with backslashes. */
static bool resolve(const char *folder, const char *target, char out[PATH])
{
	size_t n, word;

	if (!text_copy(out, PATH, *target == '/' || *target == '\\' ? "" : folder))
		return false;
	while (*target) {
		word = strcspn(target, "/\\");
		n = strlen(out);
		if (word == 2 && !memcmp(target, "..", 2)) {
			if (!go_up(out))
				return false;
		} else if (word && !(word == 1 && *target == '.')) {
			if (n + word + 2 > PATH)
				return false;
			memcpy(out + n, target, word);
			memcpy(out + n + word, target[word] ? "/" : "", target[word] ? 2 : 1);
		}
		target += word + (target[word] != 0);
	}
	return true;
}

static void add_relation(void *user, const char *name, const char **attributes)
{
	struct relations *r = ((struct sheet_xml *)user)->user;
	const char *id = sheet_xml_attribute(attributes, "Id"),
		   *type = sheet_xml_attribute(attributes, "Type"),
		   *target = sheet_xml_attribute(attributes, "Target"),
		   *mode = sheet_xml_attribute(attributes, "TargetMode"), *word;
	char path[PATH];

	if (strcmp(sheet_xml_local(name), "Relationship") != 0 || !id || !type || !target ||
	    (mode && !strcmp(mode, "External")) || r->count == RELATIONS_MAX ||
	    !resolve(r->folder, target, path))
		return;
	word = strrchr(type, '/');
	r->all[r->count++] = (struct relation) {.id = mem_strdup(id),
						.type = mem_strdup(word ? word + 1 : type),
						.target = mem_strdup(path)};
}

static void free_relations(struct relations *r)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		free(r->all[i].id);
		free(r->all[i].type);
		free(r->all[i].target);
	}
	free(r->all);
	r->all = NULL;
	r->count = 0;
}

/* The relations of the part of that name ("" is the package). */
static enum err read_relations(struct sheet_zip *z, const char *owner, struct relations *r,
			       struct err_info *e)
{
	static const struct sheet_xml_ops ops = {.start = add_relation};
	const char *slash = strrchr(owner, '/'), *base = slash ? slash + 1 : owner;
	char path[PATH];
	int n;

	*r = (struct relations) {.all = mem_zalloc(RELATIONS_MAX * sizeof(*r->all))};
	n = snprintf(r->folder, sizeof(r->folder), "%.*s", (int)(base - owner), owner);
	if (n < 0 || n >= PATH)
		return sheet_fail_hostile(e, sheet_zip_what(z), "名称过长");
	n = snprintf(path, sizeof(path), "%s_rels/%s.rels", r->folder, base);
	if (n < 0 || n >= PATH)
		return sheet_fail_hostile(e, sheet_zip_what(z), "名称过长");
	return read_plan(z, sheet_zip_find(z, path), &ops, r, e);
}

/* The part of the first relation of that type, -1 when there is none. */
static const char *target_of_type(const struct relations *r, const char *type)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		if (!strcmp(r->all[i].type, type))
			return r->all[i].target;
	}
	return NULL;
}

static const struct relation *relation_of(const struct relations *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		if (!strcmp(r->all[i].id, id))
			return &r->all[i];
	}
	return NULL;
}

/* ---- the workbook ---- */

struct loader {
	struct sheet_book *book;
	struct relations relations;
	size_t met; /* sheets of any kind */
};

static void add_sheet(struct sheet_xml *x, const char **attributes)
{
	struct loader *l = x->user;
	struct sheet_book *b = l->book;
	/* The relation is an "id" of another namespace, whatever its prefix. */
	const char *id = sheet_xml_attribute(attributes, "id"),
		   *state = sheet_xml_attribute(attributes, "state"),
		   *name = sheet_xml_attribute(attributes, "name");
	const struct relation *r = id ? relation_of(&l->relations, id) : NULL;
	int64_t part = r ? sheet_zip_find(b->zip, r->target) : -1;

	/* Charts, dialogs and macros have no rows. */
	if (part < 0 || strcmp(r->type, "worksheet") != 0)
		return;
	b->sheets[b->count++] =
	    (struct one_sheet) {.name = text_clean(name, NAME_CHARS, false),
				.hidden = state && strcmp(state, "visible") != 0,
				.part = part};
}

static void on_start(void *user, const char *name, const char **attributes)
{
	struct sheet_xml *x = user;
	struct loader *l = x->user;

	name = sheet_xml_local(name);
	if (!strcmp(name, "sheet")) {
		if (l->met++ < SHEETS_MAX)
			add_sheet(x, attributes);
		else
			sheet_xml_refuse(
			    x, sheet_fail_hostile(x->e, sheet_zip_what(x->zip), "工作表过多"));
	}
	if (!strcmp(name, "workbookPr"))
		l->book->from_1904 = sheet_xml_true(sheet_xml_attribute(attributes, "date1904"));
}

static int64_t part_of_type(const struct sheet_book *b, const struct relations *r, const char *type)
{
	const char *target = target_of_type(r, type);

	return target ? sheet_zip_find(b->zip, target) : -1;
}

/* The workbook's own part and what it stands in relation to. */
static enum err read_workbook(struct loader *l, const char *path, struct err_info *e)
{
	static const struct sheet_xml_ops ops = {.start = on_start};
	struct sheet_book *b = l->book;
	int64_t part = sheet_zip_find(b->zip, path);
	enum err rc;

	if (part < 0)
		return sheet_fail_broken(e, sheet_zip_what(b->zip), "缺少工作簿的目录");
	rc = read_relations(b->zip, path, &l->relations, e);
	if (!rc)
		rc = read_plan(b->zip, part, &ops, l, e);
	if (!rc && !b->count)
		rc = sheet_fail_broken(e, sheet_zip_what(b->zip), "没有工作表");
	b->strings_part = part_of_type(b, &l->relations, "sharedStrings");
	if (!rc)
		rc = sheet_styles_load(b->zip, part_of_type(b, &l->relations, "styles"), &b->styles,
				       e);
	return rc;
}

enum err sheet_book_open(struct sheet_zip *z, struct sheet_book **out, struct err_info *e)
{
	struct sheet_book *b = mem_zalloc(sizeof(*b));
	struct loader l = {.book = b};
	struct relations package;
	const char *path;
	enum err rc;

	*b = (struct sheet_book) {
	    .zip = z, .sheets = mem_zalloc(SHEETS_MAX * sizeof(*b->sheets)), .strings_part = -1};
	rc = read_relations(z, "", &package, e);
	if (!rc) {
		path = target_of_type(&package, "officeDocument");
		rc = read_workbook(&l, path ? path : WORKBOOK, e);
	}
	free_relations(&package);
	free_relations(&l.relations);
	if (rc) {
		sheet_book_close(&b);
		return rc;
	}
	*out = b;
	return ERR_OK;
}

void sheet_book_close(struct sheet_book **b)
{
	size_t i;

	if (!*b)
		return;
	for (i = 0; i < (*b)->count; i++)
		free((*b)->sheets[i].name);
	free((*b)->sheets);
	sheet_styles_free(&(*b)->styles);
	sheet_strings_free(&(*b)->strings);
	free(*b);
	*b = NULL;
}

size_t sheet_book_count(const struct sheet_book *b)
{
	return b->count;
}

const char *sheet_book_name(const struct sheet_book *b, size_t i)
{
	return b->sheets[i].name;
}

bool sheet_book_hidden(const struct sheet_book *b, size_t i)
{
	return b->sheets[i].hidden;
}

bool sheet_book_from_1904(const struct sheet_book *b)
{
	return b->from_1904;
}

const struct sheet_styles *sheet_book_styles(const struct sheet_book *b)
{
	return b->styles;
}

struct sheet_zip *sheet_book_zip(const struct sheet_book *b)
{
	return b->zip;
}

int64_t sheet_book_part(const struct sheet_book *b, size_t i)
{
	return b->sheets[i].part;
}

int64_t sheet_book_strings_size(const struct sheet_book *b, int64_t *done)
{
	*done = b->strings ? sheet_strings_done(b->strings) : 0;
	return b->strings_part < 0 ? 0 : sheet_zip_size(b->zip, b->strings_part);
}

enum err sheet_book_strings(struct sheet_book *b, struct sheet_strings **out, struct err_info *e)
{
	if (!b->strings) {
		enum err rc = sheet_strings_start(b->zip, b->strings_part, &b->strings, e);

		if (rc)
			return rc;
	}
	*out = b->strings;
	return ERR_OK;
}
