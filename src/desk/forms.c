/* forms.c - forms a person has not finished. */
#include "desk/forms.h"

#include <stdio.h>

#include "base/base.h"
#include "desk/drafts.h"

enum { CHOICE_NAME = 80 };

enum err desk_form_save(struct session *s, int64_t *id, const char *kind, const char *title,
			const char *body, struct err_info *e)
{
	struct form_state f = {.id = *id, .user_id = s->user.id};
	enum err r;

	if ((r = desk_own_unit(s, DESK_ISSUE, &f.unit_id, e)))
		return r;
	text_copy(f.kind, sizeof(f.kind), kind);
	text_copy(f.title, sizeof(f.title), title);
	f.body = mem_strdup(body);
	if (!(r = db_begin(s->db, e)))
		r = desk_end(s, store_form_put(s->db, &f, e), e);
	if (!r)
		*id = f.id;
	form_state_free(&f);
	return r;
}

enum err desk_form_load(struct session *s, int64_t id, struct form_state *out, struct err_info *e)
{
	int64_t unit;
	bool found;
	enum err r;

	if ((r = desk_own_unit(s, DESK_ISSUE, &unit, e)) ||
	    (r = store_form_get(s->db, unit, s->user.id, id, out, &found, e)) || found)
		return r;
	err_fail(e, ERR_INVALID, "form.unknown", "草稿", "没有草稿 f%lld", (long long)id);
	err_hint(e, "它可能已经开出或删除，请看草稿列表");
	return ERR_INVALID;
}

enum err desk_form_list(struct session *s, struct form_cursor cursor, int limit, form_each each,
			void *arg, struct form_cursor *next, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_ISSUE, &unit, e);

	return r ? r
		 : store_form_page(s->db, unit, s->user.id, NULL, cursor, limit, each, arg, next,
				   e);
}

enum err desk_form_delete(struct session *s, int64_t id, struct err_info *e)
{
	int64_t unit;
	enum err r;

	if ((r = desk_own_unit(s, DESK_ISSUE, &unit, e)) || (r = db_begin(s->db, e)))
		return r;
	return desk_end(s, store_form_delete(s->db, unit, s->user.id, id, e), e);
}

void desk_form_using(struct session *s, int64_t form, int64_t draft)
{
	s->used_form = form;
	s->used_draft = draft;
}

void desk_form_again(struct session *s, bool again)
{
	s->used_again = again;
}

static enum err gone(int64_t id, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "draft.gone", "草稿", "f%lld 已在别处删除", (long long)id);
	err_hint(e, "请看草稿列表和开票记录，确认没有开过再另开一张");
	return ERR_INVALID;
}

enum err desk_form_claim(struct session *s, int64_t unit, struct err_info *e)
{
	struct form_state f;
	struct invoice_record r;
	bool found = true;
	enum err rc;

	if (s->used_again)
		return ERR_OK;
	if ((rc = desk_draft_free(s, unit, s->used_draft, s->used_form, e)))
		return rc;
	if (s->used_form) {
		rc = store_form_get(s->db, unit, s->user.id, s->used_form, &f, &found, e);
		if (rc || !found)
			return rc ? rc : gone(s->used_form, e);
		form_state_free(&f);
	}
	if (!s->used_draft)
		return ERR_OK;
	rc = store_invoice_head(s->db, s->used_draft, &r, e);
	if (rc)
		return rc == ERR_INVALID ? gone(s->used_draft, e) : rc;
	found = r.state == INVOICE_DRAFT && r.unit_id == unit;
	invoice_record_free(&r);
	return found ? ERR_OK : gone(s->used_draft, e);
}

enum err desk_form_used(struct session *s, int64_t unit, const char *number, struct err_info *e)
{
	struct invoice_record r;
	enum err rc = ERR_OK;

	if (s->used_form)
		rc = store_form_delete(s->db, unit, s->user.id, s->used_form, e);
	if (!rc)
		rc = store_draft_end_put(s->db, unit, s->used_draft, s->used_form, number,
					 s->user.id, e);
	if (rc || !s->used_draft)
		return rc;
	/* A draft of the same order number has given way to the invoice already. */
	if (store_invoice_head(s->db, s->used_draft, &r, NULL))
		return ERR_OK;
	if (r.state == INVOICE_DRAFT && r.unit_id == unit &&
	    !(rc = store_draft_issued(s->db, unit, r.id, number, e)))
		rc = store_invoice_delete_draft(s->db, r.id, e);
	invoice_record_free(&r);
	return rc;
}

/* ---- units being entered ---- */

enum err desk_unit_form_save(struct session *s, const char *kind, const char *body,
			     struct err_info *e)
{
	enum err r;

	if ((r = desk_allow(s, DESK_UNITS, e)) || (r = db_begin(s->db, e)))
		return r;
	return desk_end(s, store_own_form_put(s->db, s->user.id, kind, body, e), e);
}

enum err desk_unit_form_load(struct session *s, const char *kind, char **body, struct err_info *e)
{
	enum err r = desk_allow(s, DESK_UNITS, e);

	return r ? r : store_own_form_get(s->db, s->user.id, kind, body, e);
}

static const char *choice_kind(const char *name, char out[CHOICE_NAME])
{
	snprintf(out, CHOICE_NAME, "choice:%s", name);
	return out;
}

enum err desk_choice_save(struct session *s, const char *name, const char *body, struct err_info *e)
{
	char kind[CHOICE_NAME];
	bool before = desk_hurry(s, true);
	enum err r = db_begin(s->db, e);

	desk_hurry(s, before);
	if (r)
		return err_not_busy(r, e);
	r = store_own_form_put(s->db, s->user.id, choice_kind(name, kind), body, e);
	return desk_end(s, r, e);
}

enum err desk_choice_load(struct session *s, const char *name, char **body, struct err_info *e)
{
	char kind[CHOICE_NAME];

	return store_own_form_get(s->db, s->user.id, choice_kind(name, kind), body, e);
}
