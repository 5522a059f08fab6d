/* session.c - opening a home as a person; the table of roles. */
#include "desk/session.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "desk/access.h"
#include "desk/post_p.h"
#include "desk/unit_p.h"
#include "tax/channel.h"

enum { ADMIN = 1, MANAGER = 2, ISSUER = 4, VIEWER = 8, INDEX_STEP = 20000, HURRY_MS = 100 };

static const struct {
	const char *word, *label;
	unsigned bit;
} ROLES[] = {
    {"admin", "管理员", ADMIN},
    {"manager", "财务主管", MANAGER},
    {"issuer", "开票员", ISSUER},
    {"viewer", "只读", VIEWER},
};

static const struct {
	const char *label;
	unsigned roles;
} ACTIONS[DESK_ACTIONS] = {
    [DESK_VIEW] = {"查看", ADMIN | MANAGER | ISSUER | VIEWER},
    [DESK_ISSUE] = {"开票", ADMIN | MANAGER | ISSUER},
    [DESK_DRAFTS] = {"查看别人的草稿", ADMIN | MANAGER},
    [DESK_STOCK] = {"号码与额度管理", ADMIN | MANAGER},
    [DESK_REFRESH] = {"同步税局数据", ADMIN | MANAGER | ISSUER},
    [DESK_UNITS] = {"接入配置", ADMIN},
    [DESK_UNITS_VIEW] = {"查看接入配置", ADMIN | MANAGER},
    [DESK_LOG] = {"乐企请求日志", ADMIN | MANAGER},
    [DESK_JOBS] = {"取消或再办任务", ADMIN | MANAGER},
    [DESK_CATALOGUE] = {"购方、商品和业务类型", ADMIN | MANAGER | ISSUER},
    [DESK_SETTLE] = {"人工确认开票结果", ADMIN},
    [DESK_PARAMS] = {"系统参数", ADMIN},
    [DESK_POST] = {"交付与推送设置", ADMIN | MANAGER},
    [DESK_BACKUP] = {"备份与恢复", ADMIN},
    [DESK_SUMMARY] = {"汇总确认", ADMIN | MANAGER},
};

void desk_os_user(char *out, size_t size)
{
	char text[4096];
	struct passwd pw, *found = NULL;

	out[0] = 0;
	if (getpwuid_r(geteuid(), &pw, text, sizeof(text), &found) == 0 && found)
		text_copy(out, size, found->pw_name);
	else
		snprintf(out, size, "uid-%u", (unsigned)geteuid());
}

static enum err find_user(struct session *s, const char *name, struct err_info *e)
{
	char os_user[64];
	enum err r;

	if (name)
		return store_user_find(s->db, name, &s->user, e);
	desk_os_user(os_user, sizeof(os_user));
	r = store_user_by_os(s->db, os_user, &s->user, e);
	if (r == ERR_DENIED)
		err_hint(e, "请用绑定的系统用户运行，或用 --user 指定用户名");
	return r;
}

/* Somebody else's home is refused as that, not as absent or damaged. */
static enum err check_access(const char *home, const char *path, struct err_info *e)
{
	if (access(path, R_OK | W_OK) == 0 || errno != EACCES)
		return ERR_OK;
	err_fail(e, ERR_DENIED, "home.denied", "主目录", "没有读写 %s 的权限", home);
	err_hint(e, "请用主目录的属主运行，或用 --home 指定自己的主目录");
	return ERR_DENIED;
}

typedef enum err (*index_some)(struct db *db, int n, bool *left, struct err_info *e);

/* What an older schema has remembered is indexed once, some thousand rows a transaction. */
static enum err index_all(struct session *s, index_some some, struct err_info *e)
{
	bool left = false;
	enum err r = some(s->db, 0, &left, e);

	while (!r && left) {
		if ((r = db_begin(s->db, e)))
			break;
		if ((r = some(s->db, INDEX_STEP, &left, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	/* Somebody else writes for long: the next session goes on with it. */
	return err_not_busy(r, e);
}

static enum err index_older(struct session *s, struct err_info *e)
{
	enum err r = index_all(s, store_catalogue_index, e);

	if (r || (r = index_all(s, store_taxcode_index_some, e)))
		return r;
	post_seal_older(s);
	return ERR_OK;
}

static enum err open_in(struct session *s, const char *home, const char *user, const char *unit,
			struct err_info *e)
{
	char path[HOME_PATH];
	enum err r = home_path(home, HOME_DB, path, e);

	if (r)
		return r;
	if ((r = check_access(home, path, e)))
		return r;
	if (!file_exists(path)) {
		err_fail(e, ERR_INVALID, "home.absent", "主目录", "%s 还没有建立", home);
		err_hint(e, "请先运行 kaipiao init");
		return ERR_INVALID;
	}
	text_copy(s->home, sizeof(s->home), home);
	if (unit && !text_copy(s->unit_choice, sizeof(s->unit_choice), unit))
		return err_fail(e, ERR_INVALID, "unit.unknown", "使用单位", "税号太长");
	if ((r = db_open(path, DB_WRITE, &s->db, e)) || (r = index_older(s, e)))
		return r;
	return find_user(s, user, e);
}

enum err desk_open(const char *home, const char *user, const char *unit, struct session **out,
		   struct err_info *e)
{
	struct session *s = mem_zalloc(sizeof(*s));
	enum err r = open_in(s, home, user, unit, e);

	if (r)
		desk_close(&s);
	else
		*out = s;
	return r;
}

void desk_close(struct session **s)
{
	if (!*s)
		return;
	db_close(&(*s)->db);
	free(*s);
	*s = NULL;
}

enum err desk_allow(const struct session *s, enum desk_action a, struct err_info *e)
{
	const char *label = s->user.role;
	size_t i;

	for (i = 0; i < sizeof(ROLES) / sizeof(ROLES[0]); i++) {
		if (strcmp(ROLES[i].word, s->user.role) != 0)
			continue;
		if (ACTIONS[a].roles & ROLES[i].bit)
			return ERR_OK;
		label = ROLES[i].label;
	}
	err_fail(e, ERR_DENIED, "role.denied", ACTIONS[a].label, "用户 %s（%s）无权限",
		 s->user.name, label);
	err_hint(e, "请联系管理员");
	return ERR_DENIED;
}

/* Remembers an explicit choice, so that the next verb may leave it out. */
static enum err remember(struct session *s, int64_t unit, struct err_info *e)
{
	enum err r;

	if (s->user.last_unit_id == unit)
		return ERR_OK;
	if ((r = db_begin(s->db, e)))
		return r;
	if ((r = store_user_set_last_unit(s->db, s->user.id, unit, e))) {
		db_rollback(s->db);
		return r;
	}
	s->unit_before = s->user.last_unit_id;
	s->user.last_unit_id = unit;
	return db_commit(s->db, e);
}

enum err desk_unit(struct session *s, struct unit *out, struct err_info *e)
{
	enum err r;

	if (*s->unit_choice) {
		if ((r = unit_pick_using(s, s->unit_choice, s->user.last_unit_id, out, e)))
			return r;
		if (!s->passing && (r = remember(s, out->id, e)))
			unit_free(out);
		return r;
	}
	r = store_unit_only(s->db, out, e);
	if (r != ERR_INVALID || !s->user.last_unit_id)
		return r;
	if (store_unit_get(s->db, s->user.last_unit_id, out, NULL))
		return r;
	err_clear(e);
	return ERR_OK;
}

enum err desk_own_unit(struct session *s, enum desk_action a, int64_t *unit, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, a, e)) || (r = desk_unit(s, &u, e)))
		return r;
	*unit = u.id;
	unit_free(&u);
	return ERR_OK;
}

enum err desk_end(struct session *s, enum err so_far, struct err_info *e)
{
	if (!so_far)
		return db_commit(s->db, e);
	db_rollback(s->db);
	return so_far;
}

enum err desk_unit_ready(struct session *s, struct unit *unit, struct unit *direct,
			 struct err_info *e)
{
	struct unit above = {0};
	enum err r = desk_unit(s, unit, e);

	if (r)
		return r;
	r = store_unit_get(s->db, unit->direct_id, &above, e);
	if (!r && (!unit->verified || !above.verified)) {
		const struct unit *bad = above.verified ? unit : &above;

		r = err_fail(
		    e, ERR_INVALID, "unit.inactive", unit->name,
		    "当前销方企业未开通乐企数电发票业务，请在系统的【开票业务配置】功能中添加配置信息"
		    "并完成业务激活处理！");
		err_hint(e, "请运行 kaipiao unit verify %s --env %s", bad->tax_no,
			 unit_env_label(bad->env));
	}
	if (r) {
		unit_free(unit);
		unit_free(&above);
	} else if (direct) {
		*direct = above;
	} else {
		unit_free(&above);
	}
	return r;
}

static enum err may_issue(const struct unit *u, struct err_info *e)
{
	char at[DATETIME_TEXT];

	if (u->frozen_at) {
		err_fail(e, ERR_INVALID, "unit.frozen", u->name, "已于 %s 冻结，不能开票%s%s",
			 datetime_text(u->frozen_at, at), text_empty(u->frozen_why) ? "" : "：",
			 text_empty(u->frozen_why) ? "" : u->frozen_why);
		err_hint(e, "由管理员解除：kaipiao unit unfreeze %s@%s", u->tax_no,
			 unit_env_label(u->env));
		return ERR_INVALID;
	}
	if (channel_is_leqi(u->issue_channel))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "unit.channel", u->name, "开票通道是%s，不经乐企平台开票",
		 channel_label(u->issue_channel));
	err_hint(e, "要在这里开票，请由管理员在接入配置里把开票通道改为乐企平台");
	return ERR_INVALID;
}

enum err desk_unit_named(struct session *s, const struct unit *unit, struct err_info *e)
{
	struct taxpayer *t = mem_zalloc(sizeof(*t));
	bool found = false;
	enum err r = store_taxpayer_get(s->db, unit->id, t, &found, e);

	if (!r && found && !store_taxpayer_named(t, unit, ERR_INVALID, e))
		r = ERR_INVALID;
	free(t);
	return r;
}

enum err desk_unit_issues(struct session *s, struct unit *unit, struct unit *direct,
			  struct err_info *e)
{
	enum err r = desk_unit_ready(s, unit, direct, e);

	if (r || (!(r = may_issue(unit, e)) && !(r = desk_unit_named(s, unit, e)) &&
		  !(r = desk_safety_check(s, unit, e))))
		return r;
	unit_free(unit);
	if (direct)
		unit_free(direct);
	return r;
}

enum err desk_audit(struct session *s, int64_t unit, const char *action, const char *subject,
		    const char *before, const char *after, struct err_info *e)
{
	struct audit_entry a = {.user_id = s->user.id,
				.unit_id = unit,
				.action = action,
				.subject = subject,
				.before = before,
				.after = after};

	return store_audit_add(s->db, &a, e);
}

bool desk_hurry(struct session *s, bool on)
{
	return db_patience(s->db, on ? HURRY_MS : 0) != 0;
}

void desk_administrators(struct session *s, char out[ADMINS_TEXT])
{
	char names[ADMINS_TEXT - 16];

	if (store_user_admins(s->db, names, sizeof(names), NULL))
		*names = 0;
	snprintf(out, ADMINS_TEXT, "管理员%s%s", *names ? " " : "", names);
}
