/* settings.c - users, parameters, audit. */
#include "store/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"

#define USER_COLUMNS                                                                               \
	"id, name, display_name, COALESCE(os_user, ''), role, enabled, COALESCE(last_unit_id, 0)"

enum err store_user_add(struct db *db, struct app_user *u, struct err_info *e)
{
	int64_t other = 0, id = 0;
	bool found = false;
	enum err r = db_get_int(db, e, &other, &found, "SELECT id FROM app_user WHERE name = ?",
				"s", u->name);
	if (r)
		return r;
	if (found)
		return err_fail(e, ERR_INVALID, "user.exists", "用户", "用户名 %s 已存在", u->name);
	r = db_next_id(db, "app_user", &id, e);
	if (r)
		return r;
	r = db_run(db, e, NULL,
		   "INSERT INTO app_user (id, name, display_name, os_user, role, enabled,"
		   " last_unit_id, created_at)"
		   " VALUES (?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?)",
		   "lssSsill", id, u->name, u->display_name, u->os_user, u->role,
		   u->enabled ? 1 : 0, u->last_unit_id, clock_now());
	if (!r)
		u->id = id;
	return r;
}

static void read_user(struct rows *q, struct app_user *out)
{
	*out = (struct app_user) {
	    .id = rows_int(q, 0),
	    .enabled = rows_int(q, 5) != 0,
	    .last_unit_id = rows_int(q, 6),
	};
	text_copy(out->name, sizeof(out->name), rows_text(q, 1));
	text_copy(out->display_name, sizeof(out->display_name), rows_text(q, 2));
	text_copy(out->os_user, sizeof(out->os_user), rows_text(q, 3));
	text_copy(out->role, sizeof(out->role), rows_text(q, 4));
}

static enum err find_user(struct db *db, const char *sql, const char *key, struct app_user *out,
			  struct err_info *e)
{
	struct rows *q;
	struct app_user u = {0};
	enum err r = db_query(db, &q, e, sql, "s", key);
	bool found = !r && rows_next(q);
	if (found)
		read_user(q, &u);
	r = rows_end(&q, r, e);
	if (r)
		return r;
	if (!found || !u.enabled) {
		err_fail(e, ERR_DENIED, "user.unknown", "用户",
			 found ? "用户 %s 已停用" : "没有用户 %s", key);
		err_hint(e, "请核对用户名，用 --user 指定本机已有的用户，或请管理员用自己的用户办");
		return ERR_DENIED;
	}
	*out = u;
	return ERR_OK;
}

enum err store_user_admins(struct db *db, char *out, size_t size, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT CASE WHEN display_name = '' THEN name ELSE display_name END"
			      " FROM app_user WHERE role = 'admin' AND enabled = 1 ORDER BY id",
			      "");
	size_t used = 0;
	*out = 0;
	while (!r && rows_next(q)) {
		const char *mark = used ? "、" : "", *name = rows_text(q, 0);
		if (used + strlen(mark) + strlen(name) >= size)
			break;
		used += (size_t)snprintf(out + used, size - used, "%s%s", mark, name);
	}
	return rows_end(&q, r, e);
}

enum err store_user_find(struct db *db, const char *name, struct app_user *out, struct err_info *e)
{
	return find_user(db, "SELECT " USER_COLUMNS " FROM app_user WHERE name = ?", name, out, e);
}

enum err store_user_by_os(struct db *db, const char *os_user, struct app_user *out,
			  struct err_info *e)
{
	return find_user(db,
			 "SELECT " USER_COLUMNS " FROM app_user WHERE os_user = ?"
			 " ORDER BY enabled DESC, id LIMIT 1",
			 os_user, out, e);
}

enum err store_user_get(struct db *db, int64_t id, struct app_user *out, struct err_info *e)
{
	char key[24];

	snprintf(key, sizeof(key), "%lld", (long long)id);
	return find_user(db, "SELECT " USER_COLUMNS " FROM app_user WHERE id = CAST(? AS INTEGER)",
			 key, out, e);
}

enum err store_user_set_last_unit(struct db *db, int64_t user, int64_t unit, struct err_info *e)
{
	return db_run(db, e, NULL, "UPDATE app_user SET last_unit_id = NULLIF(?, 0) WHERE id = ?",
		      "ll", unit, user);
}

enum err store_setting_get(struct db *db, const char *type, const char *key, const char *fallback,
			   char *out, size_t size, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, "SELECT value FROM setting WHERE type = ? AND key = ?",
			      "ss", type, key);
	bool found = !r && rows_next(q);
	if (found && !text_copy(out, size, rows_text(q, 0)))
		r = err_fail(e, ERR_INVALID, "setting.long", "参数", "%s/%s 的值过长", type, key);
	r = rows_end(&q, r, e);
	if (!r && !found)
		text_copy(out, size, fallback ? fallback : "");
	return r;
}

enum err store_before_restore(struct db *db, int64_t at, bool *out, struct err_info *e)
{
	char restored[24] = "0";
	enum err r =
	    store_setting_get(db, "home", "restored_at", "0", restored, sizeof(restored), e);

	*out = !r && at <= strtoll(restored, NULL, 10);
	return r;
}

enum err store_setting_set(struct db *db, const char *type, const char *key, const char *value,
			   struct err_info *e)
{
	if (!value)
		return db_run(db, e, NULL, "DELETE FROM setting WHERE type = ? AND key = ?", "ss",
			      type, key);
	return db_run(db, e, NULL,
		      "INSERT INTO setting (type, key, value, updated_at) VALUES (?, ?, ?, ?)"
		      " ON CONFLICT (type, key) DO UPDATE SET value = excluded.value,"
		      " updated_at = excluded.updated_at",
		      "sssl", type, key, value, clock_now());
}

enum err store_setting_list(struct db *db, const char *type, setting_each f, void *arg,
			    struct err_info *e)
{
	struct rows *q;
	enum err r;
	if (type)
		r = db_query(db, &q, e,
			     "SELECT type, key, value FROM setting WHERE type = ? ORDER BY key",
			     "s", type);
	else
		r = db_query(db, &q, e, "SELECT type, key, value FROM setting ORDER BY type, key",
			     "");
	while (!r && rows_next(q))
		r = f(arg, rows_text(q, 0), rows_text(q, 1), rows_text(q, 2));
	return rows_end(&q, r, e);
}

enum err store_audit_add(struct db *db, const struct audit_entry *a, struct err_info *e)
{
	int64_t id = 0;
	enum err r = db_next_id(db, "audit", &id, e);
	if (r)
		return r;
	return db_run(db, e, NULL,
		      "INSERT INTO audit (id, at, user_id, unit_id, action, subject, before, after)"
		      " VALUES (?, ?, NULLIF(?, 0), NULLIF(?, 0), ?, ?, ?, ?)",
		      "llllssss", id, clock_now(), a->user_id, a->unit_id, a->action,
		      a->subject ? a->subject : "", a->before ? a->before : "",
		      a->after ? a->after : "");
}
