/* unit.c - adding and editing units. */
#include "desk/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/unit_p.h"

enum { BASE_URL = 512, UNIT_NAME_CHARS = 300 };

/* ---- add ---- */

static enum err need(const char *value, const char *option, const char *label, struct err_info *e)
{
	if (!text_empty(value))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "unit.missing", label, "不能为空");
	err_field(e, "%s", option);
	err_hint(e, "请用 --%s 给出", option);
	return ERR_INVALID;
}

static bool sandbox_url(const char *url)
{
	return strstr(url, "/sandbox/") != NULL;
}

/* The environment a URL speaks of, when none is named: a wrong guess would mix numbers, so only the
 * two official addresses are known. */
static void env_of_url(struct unit *u)
{
	u->env = sandbox_url(u->url) ? ENV_SANDBOX : ENV_PRODUCTION;
}

/* The two official addresses belong to their environments; practice takes any. */
static enum err check_url_env(const struct unit *u, struct err_info *e)
{
	bool sandbox = sandbox_url(u->url);

	if (!u->direct || u->env == ENV_PRACTICE ||
	    (u->env == ENV_PRODUCTION ? !sandbox : sandbox || !strstr(u->url, "/access/v2/")))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "unit.url_env", "接入地址", "这是%s环境的地址，单位的环境是%s",
		 sandbox ? "沙箱" : "正式", unit_env_label(u->env));
	err_field(e, "url");
	err_hint(e, "正式地址是 …/access/v2/invoke，沙箱地址是 …/access/sandbox/v2/invoke，请改正 "
		    "--url 或 --env");
	return ERR_INVALID;
}

enum err unit_direct_verified(const struct unit *above, const char *what, struct err_info *e)
{
	if (above->verified)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "unit.direct_first", what, "所属的直连单位 %s 还没有验证通过",
		 above->name);
	err_field(e, "direct");
	err_hint(e, "请先运行 kaipiao unit verify %s --role direct --env %s", above->tax_no,
		 unit_env_label(above->env));
	return ERR_INVALID;
}

/* env NULL: any, for a unit that is new; one that is there stays in its environment, because its
 * numbers and invoices belong to that (features N64). */
static enum err find_direct(struct session *s, struct unit *u, const struct unit_form *f,
			    const enum unit_env *env, struct err_info *e)
{
	struct unit_ref ref = {f->direct, "direct", env ? unit_env_word(*env) : NULL};
	struct unit above;
	struct err_info why = {0};
	enum err r = unit_load_one(s, &ref, "direct", &above, &why);

	if (r && e)
		*e = why;
	if (r == ERR_INVALID && !strcmp(why.code, "unit.unknown")) {
		err_fail(e, ERR_INVALID, "unit.direct", "直连单位", "%s%s没有税号为 %s 的直连单位",
			 env ? unit_env_label(*env) : "", env ? "环境" : "", f->direct);
		err_field(e, "direct");
		if (u->id)
			err_hint(e, "单位不能换到另一个环境，请在那个环境另外增加使用单位");
		else
			err_hint(e, "请先用 kaipiao unit add --role direct 增加直连单位");
	}
	if (r)
		return r;
	u->direct_id = above.id;
	u->env = above.env;
	unit_free(&above);
	return ERR_OK;
}

static enum err above_verified(struct session *s, const struct unit *u, struct err_info *e)
{
	struct unit above;
	enum err r = u->direct ? ERR_OK : store_unit_get(s->db, u->direct_id, &above, e);

	if (r || u->direct)
		return r;
	r = unit_direct_verified(&above, "直连单位", e);
	unit_free(&above);
	return r;
}

/* Parameter bdm_lqpt baseurl stands in for a URL that is not given (features I3). */
static enum err default_url(struct session *s, struct unit_form *f, char url[BASE_URL],
			    struct err_info *e)
{
	enum err r;

	if (f->url || !f->role || strcmp(f->role, "direct") != 0)
		return ERR_OK;
	r = store_setting_get(s->db, "bdm_lqpt", "baseurl", "", url, BASE_URL, e);
	if (!r && *url)
		f->url = url;
	return r;
}

size_t desk_unit_missing(const struct unit_form *f, struct err_info out[UNIT_REQUIRED])
{
	bool direct = f->role && !strcmp(f->role, "direct");
	const struct {
		const char *value, *option, *label;
		bool wanted;
	} members[] = {
	    {f->role, "role", "单位角色", true},
	    {f->name, "name", "单位名称", true},
	    {f->tax_no, "taxno", "税号", true},
	    {f->leqi_id, "leqi-id", "乐企ID", true},
	    {f->direct, "direct", "直连单位税号", f->role && !direct},
	    {f->url, "url", "接入地址", direct},
	    {text_empty(f->key) ? f->key_file : f->key, "key-file", "API 密钥文件", direct},
	};
	size_t i, n = 0;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (members[i].wanted &&
		    need(members[i].value, members[i].option, members[i].label, &out[n]))
			n++;
	return n;
}

static enum err check_required(const struct unit_form *f, struct err_info *e)
{
	struct err_info missing[UNIT_REQUIRED] = {0};
	enum err r = unit_check_role(f->role, e);

	if (r || !desk_unit_missing(f, missing))
		return r;
	if (e)
		*e = missing[0];
	return ERR_INVALID;
}

static enum err refuse_twice(struct session *s, const struct unit *u, struct err_info *e)
{
	struct unit there;
	enum err r =
	    store_unit_find(s->db, u->tax_no, u->direct ? "direct" : "using", &u->env, &there, e);

	if (r == ERR_INVALID) {
		err_clear(e);
		return ERR_OK;
	}
	if (r)
		return r;
	unit_free(&there);
	err_fail(e, ERR_INVALID, "unit.exists", u->direct ? "直连单位" : "使用单位",
		 "税号 %s 在%s环境已存在", u->tax_no, unit_env_label(u->env));
	err_field(e, "taxno");
	err_hint(e, "请用 kaipiao unit edit 修改");
	return ERR_INVALID;
}

enum err unit_store(struct session *s, struct unit *u, const char *action, struct err_info *e)
{
	enum err r = store_unit_put(s->db, u, e);

	return r ? r : desk_audit(s, u->id, action, u->tax_no, "", u->name, e);
}

/* key: the note of it from before anything of the unit was read. */
static enum err save(struct session *s, struct unit *u, const char *action, const char *key,
		     struct err_info *e)
{
	enum err r;

	if ((r = db_begin(s->db, e)))
		return r;
	if ((r = store_key_same(s->db, key, e)) || (r = unit_store(s, u, action, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

/* Environment first: the key is sealed under it. */
static enum err place(struct session *s, struct unit *u, const struct unit_form *f,
		      struct err_info *e)
{
	enum err r;

	u->direct = !strcmp(f->role, "direct");
	if (f->env && (r = unit_parse_env(f->env, &u->env, e)))
		return r;
	if (!u->direct)
		return find_direct(s, u, f, f->env ? &u->env : NULL, e);
	if (!f->env) {
		mem_set(&u->url, f->url);
		env_of_url(u);
	}
	return ERR_OK;
}

enum err unit_make(struct session *s, const struct unit_form *f, struct unit *u, char *warning,
		   struct err_info *e)
{
	struct unit_form form = *f;
	char url[BASE_URL];
	enum err r;

	unit_blank(u);
	mem_set(&u->edition, "4.000");
	mem_set(&u->issue_channel, "leqi");
	mem_set(&u->collect_channel, "leqi");
	u->created_at = u->updated_at = clock_now();
	if ((r = default_url(s, &form, url, e)) || (r = check_required(&form, e)) ||
	    (r = place(s, u, &form, e)) || (r = unit_apply_form(s, u, &form, warning, e)) ||
	    (r = check_url_env(u, e)) || (r = above_verified(s, u, e)))
		return r;
	return refuse_twice(s, u, e);
}

enum err desk_unit_add(struct session *s, const struct unit_form *f, char *warning,
		       struct err_info *e)
{
	char key[HASH_TEXT];
	struct unit u;
	enum err r = desk_allow(s, DESK_UNITS, e);

	warning[0] = 0;
	if (r || (r = store_key_noted(s->db, key, e)))
		return r;
	if (!(r = unit_make(s, f, &u, warning, e)))
		r = save(s, &u, "unit.add", key, e);
	unit_free(&u);
	return r;
}

const char *desk_unit_name(struct session *s, int64_t id, char *name, size_t size)
{
	const char *env = "";
	struct unit u;

	*name = 0;
	if (!id || store_unit_get(s->db, id, &u, NULL))
		return env;
	text_copy(name, size, u.name);
	env = unit_env_label(u.env);
	unit_free(&u);
	return env;
}

/* ---- edit ---- */

static bool touches_identity(const struct unit_form *f, const char *rename_to)
{
	return f->env_to || f->name || rename_to || f->leqi_id || f->relation || f->region ||
	       f->direct || f->edition || f->url || f->key_file || f->key || f->ca_file ||
	       f->connect_to || f->proxy || f->tls_name || f->abilities;
}

static enum err verified_stays(const struct unit *u, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "unit.verified", u->name, "验证通过后不可编辑");
	err_hint(
	    e,
	    "只可以修改地址、电话、开户行、账号、通道、渠道/项目名称、备案地区、经办身份和授权日期");
	return ERR_INVALID;
}

static enum err may_edit(struct session *s, const struct unit *u, const struct unit_form *f,
			 const char *rename_to, struct err_info *e)
{
	bool has = false;
	enum err r;

	if (!u->direct && u->verified && touches_identity(f, rename_to))
		return verified_stays(u, e);
	if (!f->name && !rename_to)
		return ERR_OK;
	if ((r = store_unit_has_invoices(s->db, u->id, &has, e)) || !has)
		return r;
	err_fail(e, ERR_INVALID, "unit.fixed", u->name, "已有发票，企业名称与税号不允许修改");
	if (f->name)
		err_hint(e, "企业改了名的，改用税局登记的名称：kaipiao unit rename %s@%s --role %s",
			 u->tax_no, unit_env_label(u->env), u->direct ? "direct" : "using");
	return ERR_INVALID;
}

/* The environment belongs to what the tax side knows of the unit: where it knows nothing, a wrong
 * one is put right (features C12).  The store has the last word. */
static enum err move(struct unit *u, const struct unit_form *f, bool movable, struct err_info *e)
{
	enum unit_env to;
	enum err r;

	if (!f->env_to)
		return ERR_OK;
	if ((r = unit_parse_env(f->env_to, &to, e)))
		return r;
	if (to == u->env || movable) {
		u->env = to;
		return ERR_OK;
	}
	err_fail(e, ERR_INVALID, "unit.env_fixed", u->name,
		 "不能换到%s环境：只有税局还没有应答过、下面没有使用单位的直连单位可以换",
		 unit_env_label(to));
	err_field(e, "env");
	err_hint(e, "请在%s环境另外增加单位", unit_env_label(to));
	return ERR_INVALID;
}

enum err unit_change(struct session *s, struct unit *u, const struct unit_form *f,
		     const char *rename_to, char *warning, struct err_info *e)
{
	struct unit_form changes = *f;
	bool was_joint = u->joint, identity = touches_identity(f, rename_to), movable = false;
	bool keyed = f->key_file || f->key;
	char before[UNIT_KEY_CONTEXT], after[UNIT_KEY_CONTEXT];
	enum err r;

	changes.tax_no = rename_to;
	if ((r = may_edit(s, u, f, rename_to, e)))
		return r;
	unit_key_context(u, before);
	if ((f->env_to || rename_to) && (r = store_unit_movable(s->db, u->id, &movable, e)))
		return r;
	if ((r = move(u, f, movable, e)))
		return r;
	if (rename_to && u->direct && !keyed && !movable)
		return err_fail(e, ERR_INVALID, "unit.rekey", u->name,
				"修改税号时须同时用 --key-file 重新给出密钥");
	if (f->direct && !u->direct && (r = find_direct(s, u, f, &u->env, e)))
		return r;
	if ((r = unit_apply_form(s, u, &changes, warning, e)) || (r = check_url_env(u, e)) ||
	    (f->direct && (r = above_verified(s, u, e))))
		return r;
	if (!keyed && strcmp(before, unit_key_context(u, after)) != 0 &&
	    (r = unit_seal_again(s, u, before, e)))
		return r;
	/* A channel may have turned 自用 into 联用. */
	if (!u->direct && u->verified && u->joint != was_joint)
		return verified_stays(u, e);
	if (identity || u->joint != was_joint) {
		u->verified = false;
		u->verified_at = 0;
		mem_set(&u->verify_error, "");
	}
	u->updated_at = clock_now();
	return ERR_OK;
}

static enum err count_below(struct session *s, const struct unit *u, size_t *below,
			    struct err_info *e)
{
	struct unit_set all;
	size_t i;
	enum err r = unit_set_all(s, "using", &all, e);

	*below = 0;
	if (r)
		return r;
	for (i = 0; i < all.n; i++)
		*below += all.items[i].direct_id == u->id;
	unit_set_free(&all);
	return ERR_OK;
}

enum err desk_unit_edit_stops(struct session *s, const struct unit_form *f, const char *rename_to,
			      size_t *below, struct err_info *e)
{
	struct unit_ref ref = {f->tax_no, f->role, f->env};
	char warning[UNIT_WARNING] = "";
	struct unit u;
	bool was, renamed;
	enum err r = desk_allow(s, DESK_UNITS, e);

	*below = 0;
	if (r || (r = unit_load_one(s, &ref, "using", &u, e)))
		return r;
	was = u.verified;
	renamed = rename_to && strcmp(rename_to, u.tax_no) != 0;
	if (!(r = unit_change(s, &u, f, rename_to, warning, e)) && renamed)
		r = refuse_twice(s, &u, e);
	if (!r && u.direct && was && !u.verified)
		r = count_below(s, &u, below, e);
	unit_free(&u);
	return r;
}

/* A direct unit that has to be verified anew takes those below it along. */
static enum err warn_of_using(struct session *s, const struct unit *u, char *warning,
			      struct err_info *e)
{
	size_t below, n = strlen(warning);
	enum err r = count_below(s, u, &below, e);

	if (r)
		return r;
	snprintf(warning + n, UNIT_WARNING - n, "%s改动后须重新验证 %s@%s", n ? "；" : "",
		 u->tax_no, unit_env_label(u->env));
	n = strlen(warning);
	if (below)
		snprintf(warning + n, UNIT_WARNING - n, "；下面 %zu 个使用单位在验证通过前不能开票",
			 below);
	warning[text_whole(warning, strlen(warning))] = 0;
	return ERR_OK;
}

enum err desk_unit_edit(struct session *s, const struct unit_form *f, const char *rename_to,
			char *warning, struct err_info *e)
{
	struct unit_ref ref = {f->tax_no, f->role, f->env};
	char key[HASH_TEXT];
	struct unit u;
	bool was;
	enum err r;

	warning[0] = 0;
	if ((r = desk_allow(s, DESK_UNITS, e)) || (r = store_key_noted(s->db, key, e)) ||
	    (r = unit_load_one(s, &ref, "using", &u, e)))
		return r;
	was = u.verified;
	if (!(r = unit_change(s, &u, f, rename_to, warning, e)) &&
	    !(r = save(s, &u, "unit.edit", key, e)) && u.direct && was && !u.verified)
		r = warn_of_using(s, &u, warning, e);
	unit_free(&u);
	return r;
}

/* ---- rename ---- */

static enum err told_name(struct session *s, const struct unit *u, char **out, struct err_info *e)
{
	struct taxpayer *t = mem_zalloc(sizeof(*t));
	struct err_info why = {0};
	bool found = false;
	enum err r = store_taxpayer_get(s->db, u->id, t, &found, e);

	if (r) {
		free(t);
		return r;
	}
	*out = text_clean(t->name, UNIT_NAME_CHARS, false);
	if (!found || text_empty(*out)) {
		r = err_fail(e, ERR_INVALID, "unit.name_untold", u->name,
			     "还没有从税局取得单位名称");
		err_hint(e, "请先运行 kaipiao unit verify %s@%s --role %s", u->tax_no,
			 unit_env_label(u->env), u->direct ? "direct" : "using");
	} else if (store_taxpayer_named(t, u, ERR_INVALID, &why)) {
		r = err_fail(e, ERR_INVALID, "unit.name_same", u->name, "名称与税局登记的一致");
	}
	free(t);
	return r;
}

static enum err take_name(struct session *s, struct unit *u, struct err_info *e)
{
	char *before = mem_strdup(u->name), *name = NULL;
	enum err r = told_name(s, u, &name, e);

	if (!r) {
		mem_set(&u->name, name);
		u->updated_at = clock_now();
		if (!(r = store_unit_put(s->db, u, e)))
			r = desk_audit(s, u->id, "unit.rename", u->tax_no, before, name, e);
	}
	free(before);
	free(name);
	return r;
}

enum err desk_unit_rename(struct session *s, const struct unit_ref *ref, struct err_info *e)
{
	struct unit u;
	enum err r = desk_allow(s, DESK_UNITS, e);

	if (r || (r = db_begin(s->db, e)))
		return r;
	if (!(r = unit_load_one(s, ref, "using", &u, e))) {
		r = take_name(s, &u, e);
		unit_free(&u);
	}
	return desk_end(s, r, e);
}
