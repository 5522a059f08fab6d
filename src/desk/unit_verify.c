/* unit_verify.c - asking the tax side about units; freezing and thawing them. */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/unit_p.h"

/* Is the direct unit of u among those that are asked about? */
static bool has_above(const struct unit_set *set, const struct unit *u)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (set->items[i].id == u->direct_id)
			return true;
	return false;
}

/* A using unit speaks through its direct one: that comes first. */
static enum err above_first(struct session *s, const struct unit_set *set,
			    const struct unit_set *asked, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < set->n && !r; i++) {
		const struct unit *u = &set->items[i];
		struct unit above;

		if (u->direct || has_above(asked, u))
			continue;
		if ((r = store_unit_get(s->db, u->direct_id, &above, e)))
			break;
		r = unit_direct_verified(&above, u->name, e);
		unit_free(&above);
	}
	return r;
}

static enum err put_jobs(struct session *s, const struct unit_set *set, bool direct,
			 struct desk_wait *w, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < set->n && !r; i++) {
		const struct unit *u = &set->items[i];

		if (u->direct == direct && !(r = desk_intent_join(s, u->id, JOB_VERIFY, w, e)))
			r = desk_audit(s, u->id, "unit.verify", u->tax_no, "", "", e);
	}
	return r;
}

static enum err put_set(struct session *s, const struct unit_set *set, struct desk_wait *w,
			struct err_info *e)
{
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	if ((r = put_jobs(s, set, true, w, e)) || (r = put_jobs(s, set, false, w, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

/* Takes the set. */
static enum err verify_set(struct session *s, struct unit_set *set, struct desk_wait *w,
			   struct err_info *e)
{
	enum err r = above_first(s, set, set, e);

	if (!r)
		r = put_set(s, set, w, e);
	unit_set_free(set);
	return r;
}

enum err desk_unit_verify_all(struct session *s, const struct unit_ref *refs, size_t n,
			      struct desk_wait *w, struct err_info *e)
{
	struct unit_set set = {0};
	size_t i;
	enum err r = desk_allow(s, DESK_UNITS, e);

	for (i = 0; i < n && !r; i++) {
		struct unit_set one;

		if (!(r = unit_set_load(s, &refs[i], &one, e)))
			unit_set_join(&set, &one);
	}
	if (r) {
		unit_set_free(&set);
		return r;
	}
	return verify_set(s, &set, w, e);
}

enum err desk_unit_verify_each(struct session *s, const struct unit_ref *refs, size_t n,
			       struct err_info *each, struct desk_wait *w, struct err_info *e)
{
	struct unit_set asked = {0}, set = {0}, one;
	size_t i;
	enum err r = desk_allow(s, DESK_UNITS, e);

	memset(each, 0, n * sizeof(*each));
	for (i = 0; i < n && !r; i++)
		if (!unit_set_load(s, &refs[i], &one, &each[i]))
			unit_set_join(&asked, &one);
	for (i = 0; i < n && !r; i++) {
		if (each[i].class || unit_set_load(s, &refs[i], &one, &each[i]))
			continue;
		if (above_first(s, &one, &asked, &each[i]))
			unit_set_free(&one);
		else
			unit_set_join(&set, &one);
	}
	if (!r && set.n)
		r = put_set(s, &set, w, e);
	unit_set_free(&asked);
	unit_set_free(&set);
	return r;
}

enum err desk_unit_verify(struct session *s, const struct unit_ref *ref, struct desk_wait *w,
			  struct err_info *e)
{
	return desk_unit_verify_all(s, ref, 1, w, e);
}

enum err desk_unit_verify_ids(struct session *s, const int64_t *ids, size_t n, struct desk_wait *w,
			      struct err_info *e)
{
	struct unit_set set = {0};
	enum err r = desk_allow(s, DESK_UNITS, e);

	if (r || (r = unit_set_ids(s, ids, n, &set, e)))
		return r;
	return verify_set(s, &set, w, e);
}

/* ---- frozen ---- */

static enum err freeze(struct session *s, const struct unit *u, bool on, const char *why,
		       struct err_info *e)
{
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	if ((r = store_unit_freeze(s->db, u->id, on ? clock_now() : 0, why, e)) ||
	    (r = desk_audit(s, u->id, on ? "unit.freeze" : "unit.unfreeze", u->tax_no, "", why,
			    e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

/* There is none of that number, or it is a direct unit. */
static enum err only_direct(struct session *s, const struct unit_ref *ref, enum err r,
			    struct err_info *e)
{
	struct unit_ref above = {ref->tax_no, "direct", ref->env};
	struct err_info why;
	struct unit_set set;

	if (r != ERR_INVALID || unit_set_load(s, &above, &set, &why))
		return r;
	r = err_fail(e, ERR_INVALID, "unit.direct", set.items[0].name,
		     "是直连单位，只有使用单位可以冻结");
	unit_set_free(&set);
	return r;
}

enum err desk_unit_freeze(struct session *s, const struct unit_ref *ref, bool on, const char *why,
			  struct err_info *e)
{
	struct unit_ref using = *ref;
	struct unit u;
	enum err r = desk_allow(s, DESK_UNITS, e);

	using.role = "using";
	if (r)
		return r;
	if ((r = unit_load_one(s, &using, "using", &u, e)))
		return only_direct(s, ref, r, e);
	if (on == (u.frozen_at != 0))
		r = err_fail(e, ERR_INVALID, "unit.frozen", u.name, on ? "已经冻结" : "没有冻结");
	else
		r = freeze(s, &u, on, why ? why : "", e);
	unit_free(&u);
	return r;
}
