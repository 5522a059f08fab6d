/* type_form.c - a business type in a dialog (features G82, G85), and the picker of types. */
#include "ui/screen/type_form.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/parts.h"
#include "ui/screen/sellers.h"

enum { FIELD_SELLER = 1, FIELD_NAME, FIELD_NOTE };
enum { TYPES_MOST = 64 };
#define KEY_NEW   "+" /* a new type, nothing typed */
#define KEY_TYPED "=" /* a new type of that name */

/* ---- the dialog ---- */

static const char *too_long(const char *what, const char *text, size_t most, char *out)
{
	size_t bytes = text_gbk_bytes(text);

	if (bytes <= most)
		return NULL;
	snprintf(out, 256, "%s：有 %zu 字节，最多 %zu 字节（一个汉字算 2 字节）", what, bytes,
		 most);
	return out;
}

static const char *check_name(const struct form *f, const struct field *fd, const char *text,
			      char *out)
{
	(void)f;
	(void)fd;
	return too_long("业务类型", text, TYPE_NAME_GBK, out);
}

static const char *check_note(const struct form *f, const struct field *fd, const char *text,
			      char *out)
{
	(void)f;
	(void)fd;
	return too_long("说明", text, TYPE_NOTE_GBK, out);
}

/* Room for more than is allowed: what is too long is shown whole, with its count. */
static const struct field FIELDS[] = {
    {.id = FIELD_SELLER,
     .kind = FIELD_SHOW,
     .label = "销方",
     .col = 10,
     .width = 50,
     .help = "新增到哪个销方名下，左右键选择。"},
    {.id = FIELD_NAME,
     .kind = FIELD_TEXT,
     .label = "业务类型",
     .row = 1,
     .col = 10,
     .width = 50,
     .max_chars = 100,
     .required = true,
     .check = check_name,
     .help = "名称，最多 50 字节（25 个汉字），同一销方不能重复，不分大小写和全角半角。"},
    {.id = FIELD_NOTE,
     .kind = FIELD_TEXT,
     .label = "说明",
     .row = 2,
     .col = 10,
     .width = 50,
     .max_chars = 100,
     .check = check_note,
     .help = "可不填，最多 60 字节（30 个汉字）。"},
    {.id = 0},
};

static struct field fields[sizeof(FIELDS) / sizeof(FIELDS[0])]; /* of the open dialog */

static void fill(struct form *f, void *arg)
{
	const struct type_form *t = arg;

	form_set(f, FIELD_SELLER, sellers_current());
	form_set(f, FIELD_NAME, t->name);
	form_set(f, FIELD_NOTE, t->note);
	form_focus(f, FIELD_NAME);
}

static void count(const struct form *f, char *out, size_t size)
{
	snprintf(out, size, "业务类型 %zu/%d 字节　说明 %zu/%d 字节",
		 text_gbk_bytes(form_get(f, FIELD_NAME)), TYPE_NAME_GBK,
		 text_gbk_bytes(form_get(f, FIELD_NOTE)), TYPE_NOTE_GBK);
}

static bool store(struct form *f, void *arg)
{
	struct type_form *t = arg;
	struct business_type made;
	struct err_info e = {0};
	const char *name = form_get(f, FIELD_NAME), *note = form_get(f, FIELD_NOTE);
	struct sellers_visit visit;
	char no[24], sentence[1200];
	enum err r;

	snprintf(no, sizeof(no), "#%" PRId64, t->id);
	sellers_visit(f, FIELD_SELLER, &visit);
	r = t->id ? desk_type_edit(ui_session(), no, name, note, &made, &e)
		  : desk_type_add(ui_session(), name, note, &made, &e);
	sellers_leave(&visit);
	if (r) {
		form_fail(f, strcmp(e.field, "note") ? FIELD_NAME : FIELD_NOTE,
			  ui_sentence(&e, sentence, sizeof(sentence)));
		return false;
	}
	t->id = made.id;
	text_copy(t->seller, sizeof(t->seller), sellers_other(f, FIELD_SELLER));
	text_copy(t->name, sizeof(t->name), made.name);
	text_copy(t->note, sizeof(t->note), made.note);
	return true;
}

bool type_form_ask(struct view *asker, int token, struct type_form *t)
{
	struct err_info e = {0};

	if (sellers_read(&e)) {
		ui_error(&e);
		return true;
	}
	memcpy(fields, FIELDS, sizeof(FIELDS));
	if (t->any_seller)
		sellers_field(fields, FIELD_SELLER);
	return view_ask(asker, token, &view_form_ops,
			&(struct ask_form_arg) {
			    .title = t->id ? "编辑业务类型" : "新增业务类型",
			    .fields = fields,
			    .fill = fill,
			    .arg = t,
			    .live = count,
			    .submit = store,
			    .saves = true,
			    .note = t->id ? "已开的发票保持原来的文字，按新名称也能查到。" : "",
			});
}

/* ---- choosing ---- */

static enum err pick_types(const char *text, const char *cursor, int max, struct pick_row *rows,
			   int *count_out, char next[40], struct err_info *e, bool offer_new)
{
	struct business_type found[TYPES_MOST];
	int from = (int)strtol(cursor, NULL, 10), n = 0, k = 0, i;
	enum err r = desk_type_match(ui_session(), text, TYPES_MOST, found, &n, e);

	next[0] = 0;
	*count_out = 0;
	if (r)
		return r;
	for (i = from; i < n && k < max; i++) {
		struct pick_row *row = &rows[k++];

		*row = (struct pick_row) {.branch = false};
		snprintf(row->key, sizeof(row->key), "%" PRId64, found[i].id);
		text_copy(row->label, sizeof(row->label), found[i].name);
		text_copy(row->detail, sizeof(row->detail), found[i].note);
	}
	if (i < n || (offer_new && k == max)) {
		snprintf(next, 40, "%d", i);
	} else if (offer_new) {
		rows[k] = (struct pick_row) {.branch = false};
		text_copy(rows[k].key, sizeof(rows[k].key), *text ? KEY_TYPED : KEY_NEW);
		text_copy(rows[k].label, sizeof(rows[k].label), *text ? text : "新增业务类型");
		text_copy(rows[k].detail, sizeof(rows[k].detail), *text ? "新增这个业务类型" : "");
		k++;
	}
	*count_out = k;
	return ERR_OK;
}

static enum err pick_or_new(void *arg, const char *text, const char *parent, const char *cursor,
			    int max, struct pick_row *rows, int *n, char next[40],
			    struct err_info *e)
{
	(void)arg;
	(void)parent;
	return pick_types(text, cursor, max, rows, n, next, e, true);
}

static enum err pick_only(void *arg, const char *text, const char *parent, const char *cursor,
			  int max, struct pick_row *rows, int *n, char next[40], struct err_info *e)
{
	(void)arg;
	(void)parent;
	return pick_types(text, cursor, max, rows, n, next, e, false);
}

bool type_pick(struct view *asker, int token, const char *text, bool offer_new)
{
	bool may = !desk_allow(ui_session(), DESK_CATALOGUE, NULL);

	return view_ask(asker, token, &view_pick_ops,
			&(struct pick_arg) {
			    .title = "业务类型",
			    .text = text,
			    .source = offer_new && may ? pick_or_new : pick_only,
			});
}

bool type_picked(const struct picked *p, char name[160])
{
	text_copy(name, 160, strcmp(p->key, KEY_NEW) ? p->label : "");
	return strcmp(p->key, KEY_NEW) && strcmp(p->key, KEY_TYPED);
}

int type_complete(const struct form *f, const struct field *fd, const char *text,
		  struct candidate *out, int max)
{
	struct business_type found[8];
	int n = 0, i;

	(void)f;
	(void)fd;
	if (!*text || desk_type_match(ui_session(), text, max < 8 ? max : 8, found, &n, NULL))
		return 0;
	for (i = 0; i < n; i++) {
		out[i] = (struct candidate) {.id = found[i].id};
		text_copy(out[i].label, sizeof(out[i].label), found[i].name);
		text_copy(out[i].detail, sizeof(out[i].detail), found[i].note);
	}
	return n;
}
