/* unit_hold.c - a unit that is removed with its records issues nothing more, so that the backup has
 * all that is deleted (features C16).
 *
 * A backup takes minutes.  The unit is frozen before it, and what would be deleted is marked in the
 * same transaction; the mark is compared in the one that deletes, because others had begun before
 * and the engine goes on.  When the power goes in between the unit stays frozen, with a reason that
 * says what to do.
 */
#include <string.h>

#include "base/base.h"
#include "desk/unit_p.h"

static enum err set_frozen(struct session *s, const struct unit *u, bool on, struct err_info *e)
{
	enum err r = store_unit_freeze(s->db, u->id, on ? clock_now() : 0, UNIT_REMOVAL_WHY, e);

	return r ? r
		 : desk_audit(s, u->id, on ? "unit.freeze" : "unit.unfreeze", u->tax_no, "",
			      UNIT_REMOVAL_WHY, e);
}

static enum err freeze_one(struct session *s, int64_t id, struct err_info *e)
{
	struct unit u;
	enum err r = store_unit_get(s->db, id, &u, e);

	if (r)
		return r;
	if (!u.direct && !u.frozen_at)
		r = set_frozen(s, &u, true, e);
	unit_free(&u);
	return r;
}

static enum err hold_all(struct session *s, struct unit_hold *h, struct err_info *e)
{
	enum err r = store_unit_at_rest(s->db, h->ids[0], e);
	size_t i;

	for (i = 0; i < 2 && !r; i++) {
		if (h->ids[i] && !(r = freeze_one(s, h->ids[i], e)))
			r = store_unit_mark(s->db, h->ids[i], h->marks[i], e);
	}
	return r;
}

enum err unit_hold(struct session *s, struct unit_hold *h, struct err_info *e)
{
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	if ((r = hold_all(s, h, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err unit_hold_same(struct session *s, const struct unit_hold *h, const char *backup,
			struct err_info *e)
{
	char now[HASH_TEXT];
	size_t i;
	enum err r;

	for (i = 0; i < 2; i++) {
		if (!h->ids[i])
			continue;
		if ((r = store_unit_mark(s->db, h->ids[i], now, e)))
			return r;
		if (!strcmp(now, h->marks[i]))
			continue;
		err_fail(e, ERR_BUSY, "unit.changed", "单位",
			 "备份时它的记录又有变动，备份里没有，所以什么都没有删除");
		err_hint(e, "请再删除一次，会重新备份；这次的备份留着：%s", backup);
		return ERR_BUSY;
	}
	return ERR_OK;
}

static enum err thaw_all(struct session *s, const struct unit_hold *h, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < 2 && !r; i++) {
		struct unit u;

		if (!h->ids[i])
			continue;
		if ((r = store_unit_get(s->db, h->ids[i], &u, e)))
			break;
		if (u.frozen_at && !strcmp(u.frozen_why, UNIT_REMOVAL_WHY))
			r = set_frozen(s, &u, false, e);
		unit_free(&u);
	}
	return r;
}

void unit_hold_end(struct session *s, const struct unit_hold *h)
{
	struct err_info e = {0};
	enum err r = db_begin(s->db, &e);

	if (!r && (r = thaw_all(s, h, &e)))
		db_rollback(s->db);
	else if (!r)
		r = db_commit(s->db, &e);
	/* Gone meanwhile by another removal, or it stays frozen and says why. */
	if (r && r != ERR_INVALID)
		log_err(LOG_WARN, "unit", &e);
}
