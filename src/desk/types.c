/* types.c - 业务类型: rules, audit, matching. */
#include "desk/types.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/match.h"

enum { NO_TEXT = 24, EVERY = 1 << 30 };

/* ---- reading ---- */

enum err desk_type_list(struct session *s, const char *text, int64_t cursor, int limit, type_each f,
			void *arg, int64_t *next, int64_t *total, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : store_type_list(s->db, unit, text, cursor, limit, f, arg, next, total, e);
}

static enum err unknown(struct err_info *e, const char *no)
{
	err_fail(e, ERR_INVALID, "type.unknown", "业务类型", "没有“%.160s”", no);
	err_hint(e, "用 kaipiao types list 查看");
	return ERR_INVALID;
}

/* By name, or by the number that "#12" is. */
static enum err find(struct session *s, int64_t unit, const char *no, struct business_type *out,
		     struct err_info *e)
{
	bool found = false, number = no[0] == '#' && text_all_digits(no + 1) && strlen(no) < 19;
	enum err r = store_type_by_name(s->db, unit, no, out, &found, e);

	if (!r && !found && number)
		r = store_type_get(s->db, unit, strtoll(no + 1, NULL, 10), out, &found, e);
	if (r)
		return r;
	return found && !out->removed_at ? ERR_OK : unknown(e, no);
}

enum err desk_type_get(struct session *s, const char *no, struct business_type *out,
		       struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : find(s, unit, no, out, e);
}

enum err desk_type_id(struct session *s, const char *name, int64_t *id, struct err_info *e)
{
	struct business_type t;
	int64_t unit, any = 0;
	enum err r;

	if ((r = desk_own_unit(s, DESK_VIEW, &unit, e)) ||
	    (r = store_type_find(s->db, unit, name, &any, e)))
		return r;
	if (!any) {
		if ((r = find(s, unit, name, &t, e)))
			return r;
		any = t.id;
	}
	*id = any;
	return ERR_OK;
}

/* ---- matching ---- */

struct hunt {
	struct match *match;
	struct business_type *out;
	enum match_rank ranks[MATCH_CHARS];
	int n, max;
};

/* Puts the type behind the better ones. */
static enum err hunt_one(void *arg, const struct business_type *t)
{
	struct hunt *h = arg;
	enum match_rank rank = match_text(h->match, t->name, NULL, 0);
	int at = h->n;

	if (rank == MATCH_NONE)
		return ERR_OK;
	while (at > 0 && (h->ranks[at - 1] > rank ||
			  (h->ranks[at - 1] == rank && h->out[at - 1].uses < t->uses)))
		at--;
	if (at == h->max)
		return ERR_OK;
	if (h->n < h->max)
		h->n++;
	memmove(&h->out[at + 1], &h->out[at], (size_t)(h->n - at - 1) * sizeof(*h->out));
	memmove(&h->ranks[at + 1], &h->ranks[at], (size_t)(h->n - at - 1) * sizeof(*h->ranks));
	h->out[at] = *t;
	h->ranks[at] = rank;
	return ERR_OK;
}

enum err desk_type_match(struct session *s, const char *text, int max, struct business_type *out,
			 int *n, struct err_info *e)
{
	struct hunt h = {.out = out, .max = max < MATCH_CHARS ? max : MATCH_CHARS};
	int64_t unit, next, total;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	*n = 0;
	if (r)
		return r;
	h.match = match_new(text);
	r = store_type_list(s->db, unit, "", 0, EVERY, hunt_one, &h, &next, &total, e);
	match_free(&h.match);
	*n = r ? 0 : h.n;
	return r;
}

/* ---- rules ---- */

static enum err check_text(const char *field, const char *what, const char *text, size_t most,
			   struct err_info *e)
{
	size_t bytes = text_gbk_bytes(text), at;
	uint32_t cp;

	if (text_find_forbidden(text, false, &at, &cp)) {
		err_fail(e, ERR_INVALID, "text.forbidden", what,
			 "第 %zu 个字符是控制字符或隐形字符 U+%04X", at + 1, (unsigned)cp);
		err_hint(e, "请删去该字符");
	} else if (bytes > most) {
		err_fail(e, ERR_INVALID, "text.too_long", what, "有 %zu 字节，最多 %zu 字节", bytes,
			 most);
		err_hint(e, "一个汉字算 2 字节（GBK），最多 %zu 个汉字", most / 2);
	} else {
		return ERR_OK;
	}
	err_field(e, "%s", field);
	return ERR_INVALID;
}

/* Takes the texts that are given, when they may stand. */
static enum err take(struct business_type *t, const char *name, const char *note,
		     struct err_info *e)
{
	enum err r = ERR_OK;

	if (name) {
		if (!*name) {
			err_fail(e, ERR_INVALID, "type.name.required", "业务类型", "没有填写名称");
			err_field(e, "name");
			return ERR_INVALID;
		}
		if (*name == '#') {
			err_fail(e, ERR_INVALID, "type.name.number", "业务类型",
				 "名称不能以 # 开头，# 后面是编号");
			err_field(e, "name");
			return ERR_INVALID;
		}
		if ((r = check_text("name", "业务类型", name, TYPE_NAME_GBK, e)))
			return r;
		text_copy(t->name, sizeof(t->name), name);
	}
	if (note && !(r = check_text("note", "说明", note, TYPE_NOTE_GBK, e)))
		text_copy(t->note, sizeof(t->note), note);
	return r;
}

static enum err take_trimmed(struct business_type *t, const char *name, const char *note,
			     struct err_info *e)
{
	char *a = name ? text_trim(name) : NULL, *b = note ? text_trim(note) : NULL;
	enum err r = take(t, a, b, e);

	free(a);
	free(b);
	return r;
}

/* ---- changing ---- */

/* What the audit keeps of a type. */
static void put_type(struct buf *b, const struct business_type *t)
{
	struct json_out o;

	buf_init(b, 4096);
	json_out_init(&o, b, 0);
	json_open(&o, NULL, '{');
	json_put(&o, "name", t->name);
	json_put(&o, "note", t->note);
	json_close(&o, '}');
}

static enum err audit(struct session *s, const char *action, const struct business_type *t,
		      const struct business_type *before, const struct business_type *after,
		      struct err_info *e)
{
	struct buf texts[2];
	char no[NO_TEXT];
	enum err r;

	buf_init(&texts[0], 1);
	buf_init(&texts[1], 1);
	if (before)
		put_type(&texts[0], before);
	if (after)
		put_type(&texts[1], after);
	snprintf(no, sizeof(no), "#%" PRId64, t->id);
	r = desk_audit(s, t->unit_id, action, no, before ? buf_str(&texts[0]) : "",
		       after ? buf_str(&texts[1]) : "", e);
	buf_free(&texts[0]);
	buf_free(&texts[1]);
	return r;
}

enum err desk_type_add(struct session *s, const char *name, const char *note,
		       struct business_type *out, struct err_info *e)
{
	struct business_type t = {.id = 0};
	enum err r;

	if ((r = desk_own_unit(s, DESK_CATALOGUE, &t.unit_id, e)) ||
	    (r = take_trimmed(&t, name ? name : "", note, e)) || (r = db_begin(s->db, e)))
		return r;
	if (!(r = store_type_insert(s->db, &t, e)))
		r = audit(s, "type.add", &t, NULL, &t, e);
	if (!(r = desk_end(s, r, e)))
		*out = t;
	return r;
}

static enum err edit(struct session *s, int64_t unit, const char *no, const char *name,
		     const char *note, struct business_type *out, struct err_info *e)
{
	struct business_type t, old;
	enum err r;

	if ((r = find(s, unit, no, &old, e)))
		return r;
	t = old;
	if ((r = take_trimmed(&t, name, note, e)) || (r = store_type_update(s->db, &t, e)))
		return r;
	*out = t;
	return audit(s, "type.edit", &t, &old, &t, e);
}

enum err desk_type_edit(struct session *s, const char *no, const char *name, const char *note,
			struct business_type *out, struct err_info *e)
{
	int64_t unit;
	enum err r;

	if ((r = desk_own_unit(s, DESK_CATALOGUE, &unit, e)) || (r = db_begin(s->db, e)))
		return r;
	return desk_end(s, edit(s, unit, no, name, note, out, e), e);
}

enum err desk_type_remove(struct session *s, const char *no, struct err_info *e)
{
	struct business_type t;
	int64_t unit;
	enum err r;

	if ((r = desk_own_unit(s, DESK_CATALOGUE, &unit, e)) || (r = db_begin(s->db, e)))
		return r;
	if (!(r = find(s, unit, no, &t, e)) && !(r = store_type_remove(s->db, unit, t.id, e)))
		r = audit(s, "type.remove", &t, &t, NULL, e);
	return desk_end(s, r, e);
}

enum err desk_type_renew(struct session *s, struct invoice_record *r, struct err_info *e)
{
	struct business_type t;
	bool found = false;
	enum err rc;

	if (!r->business_type)
		return ERR_OK;
	rc = store_type_get(s->db, r->unit_id, r->business_type, &t, &found, e);
	if (!rc && found && !t.removed_at)
		mem_set(&r->invoice.business_type, t.name);
	return rc;
}
