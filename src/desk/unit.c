/* unit.c - adding, editing, verifying and removing units. */
#include "desk/unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/unit_p.h"

enum { BASE_URL = 512 };

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

static enum err check_required(const struct unit_form *f, struct err_info *e)
{
	bool direct = f->role && !strcmp(f->role, "direct");
	enum err r;

	if ((r = need(f->role, "role", "单位角色", e)) || (r = unit_check_role(f->role, e)) ||
	    (r = need(f->name, "name", "单位名称", e)) ||
	    (r = need(f->tax_no, "taxno", "税号", e)) ||
	    (r = need(f->leqi_id, "leqi-id", "乐企ID", e)))
		return r;
	if (!direct)
		return need(f->direct, "direct", "直连单位税号", e);
	if ((r = need(f->url, "url", "接入地址", e)))
		return r;
	return text_empty(f->key) ? need(f->key_file, "key-file", "API 密钥文件", e) : ERR_OK;
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

static enum err save(struct session *s, struct unit *u, const char *action, struct err_info *e)
{
	enum err r;

	if ((r = db_begin(s->db, e)))
		return r;
	if ((r = store_unit_put(s->db, u, e)) ||
	    (r = desk_audit(s, u->id, action, u->tax_no, "", u->name, e))) {
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

enum err desk_unit_add(struct session *s, const struct unit_form *f, char *warning,
		       struct err_info *e)
{
	struct unit_form form = *f;
	struct unit u;
	char url[BASE_URL];
	enum err r;

	warning[0] = 0;
	if ((r = desk_allow(s, DESK_UNITS, e)) || (r = default_url(s, &form, url, e)) ||
	    (r = check_required(&form, e)))
		return r;
	unit_blank(&u);
	mem_set(&u.edition, "4.000");
	u.created_at = u.updated_at = clock_now();
	if (!(r = place(s, &u, &form, e)) && !(r = unit_apply_form(s, &u, &form, warning, e)) &&
	    !(r = check_url_env(&u, e)) && !(r = refuse_twice(s, &u, e)))
		r = save(s, &u, "unit.add", e);
	unit_free(&u);
	return r;
}

/* ---- edit ---- */

static bool touches_identity(const struct unit_form *f, const char *rename_to)
{
	return f->name || rename_to || f->leqi_id || f->relation || f->region || f->direct ||
	       f->edition || f->url || f->key_file || f->key || f->ca_file || f->connect_to;
}

static enum err may_edit(struct session *s, const struct unit *u, const struct unit_form *f,
			 const char *rename_to, struct err_info *e)
{
	bool has = false;
	enum err r;

	if (!u->direct && u->verified && touches_identity(f, rename_to)) {
		err_fail(e, ERR_INVALID, "unit.verified", u->name, "验证通过后不可编辑");
		err_hint(e, "只可以修改地址、电话、开户行和账号");
		return ERR_INVALID;
	}
	if (!f->name && !rename_to)
		return ERR_OK;
	if ((r = store_unit_has_invoices(s->db, u->id, &has, e)) || !has)
		return r;
	return err_fail(e, ERR_INVALID, "unit.fixed", u->name,
			"已有发票，企业名称与税号不允许修改");
}

static enum err edit_loaded(struct session *s, struct unit *u, const struct unit_form *f,
			    const char *rename_to, char *warning, struct err_info *e)
{
	struct unit_form changes = *f;
	enum err r;

	changes.tax_no = rename_to;
	if ((r = may_edit(s, u, f, rename_to, e)))
		return r;
	if (rename_to && u->direct && !f->key_file && !f->key)
		return err_fail(e, ERR_INVALID, "unit.rekey", u->name,
				"修改税号时须同时用 --key-file 重新给出密钥");
	if (f->direct && !u->direct && (r = find_direct(s, u, f, &u->env, e)))
		return r;
	if ((r = unit_apply_form(s, u, &changes, warning, e)) || (r = check_url_env(u, e)))
		return r;
	if (touches_identity(f, rename_to)) {
		u->verified = false;
		u->verified_at = 0;
		mem_set(&u->verify_error, "");
	}
	u->updated_at = clock_now();
	return save(s, u, "unit.edit", e);
}

enum err desk_unit_edit(struct session *s, const struct unit_form *f, const char *rename_to,
			char *warning, struct err_info *e)
{
	struct unit_ref ref = {f->tax_no, f->role, f->env};
	struct unit u;
	enum err r;

	warning[0] = 0;
	if ((r = desk_allow(s, DESK_UNITS, e)) || (r = unit_load_one(s, &ref, "using", &u, e)))
		return r;
	r = edit_loaded(s, &u, f, rename_to, warning, e);
	unit_free(&u);
	return r;
}

/* ---- verify ---- */

/* A using unit speaks through its direct one: that comes first. */
static enum err above_first(struct session *s, const struct unit_set *set, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < set->n && !r; i++) {
		const struct unit *u = &set->items[i];
		struct unit above;

		if (u->direct || (i && set->items[0].id == u->direct_id))
			continue;
		if ((r = store_unit_get(s->db, u->direct_id, &above, e)))
			break;
		if (!above.verified) {
			r = err_fail(e, ERR_INVALID, "unit.direct_first", u->name,
				     "所属的直连单位 %s 还没有验证通过", above.name);
			err_hint(e, "请先运行 kaipiao unit verify %s --role direct --env %s",
				 above.tax_no, unit_env_label(above.env));
		}
		unit_free(&above);
	}
	return r;
}

enum err desk_unit_verify(struct session *s, const struct unit_ref *ref, struct desk_wait *w,
			  struct err_info *e)
{
	struct unit_set set;
	size_t i;
	enum err r;

	if ((r = desk_allow(s, DESK_UNITS, e)) || (r = unit_set_load(s, ref, &set, e)))
		return r;
	if ((r = above_first(s, &set, e))) {
		unit_set_free(&set);
		return r;
	}
	r = db_begin(s->db, e);
	for (i = 0; i < set.n && !r; i++) {
		if (!(r = desk_intent_join(s, set.items[i].id, JOB_VERIFY, w, e)))
			r = desk_audit(s, set.items[i].id, "unit.verify", ref->tax_no, "", "", e);
	}
	unit_set_free(&set);
	if (r) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

/* ---- remove ---- */

/* The using units under a direct one: 0 none, its own alone (*own), or others too. */
static enum err below(struct session *s, const struct unit *direct, int64_t *own, bool *others,
		      struct err_info *e)
{
	struct unit_set set;
	size_t i;
	enum err r = unit_set_all(s, "using", &set, e);

	*own = 0;
	*others = false;
	for (i = 0; !r && i < set.n; i++) {
		if (set.items[i].direct_id != direct->id)
			continue;
		if (!strcmp(set.items[i].tax_no, direct->tax_no))
			*own = set.items[i].id;
		else
			*others = true;
	}
	if (!r)
		unit_set_free(&set);
	return r;
}

/* What the unit, and its own using unit, have collected. */
static enum err count_catalogue(struct session *s, int64_t unit, int64_t own,
				struct unit_catalogue *out, struct err_info *e)
{
	struct unit_catalogue more = {0};
	enum err r = store_unit_catalogue(s->db, unit, out, e);

	if (!r && own)
		r = store_unit_catalogue(s->db, own, &more, e);
	out->buyers += more.buyers;
	out->goods += more.goods;
	out->types += more.types;
	return r;
}

static void catalogue_words(const struct unit_catalogue *c, char out[UNIT_CATALOGUE_WORDS])
{
	const struct {
		int64_t count;
		const char *what;
	} parts[] = {{c->buyers, "购方"}, {c->goods, "商品"}, {c->types, "业务类型"}};
	size_t i, used = 0;

	out[0] = 0;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].count)
			used += (size_t)snprintf(out + used, UNIT_CATALOGUE_WORDS - used,
						 "%s%" PRId64 " 个%s", used ? "、" : "",
						 parts[i].count, parts[i].what);
}

static enum err refuse_catalogue(const struct unit *u, const char *words, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "unit.catalogue", u->name, "它的%s会一起删除", words);
	err_hint(
	    e, "需要的先用 buyers export、goods export、types export 导出；确实都不要时加 --force");
	return ERR_INVALID;
}

static enum err cancelled(const struct unit *u, struct import_progress *p, struct err_info *e)
{
	if (!atomic_load(&p->cancel))
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "unit.cancelled", u->name, "已取消，什么都没有删除");
}

/* Its buyers and goods, some at a time. */
static enum err shed(struct session *s, const struct unit *u, int64_t unit,
		     struct import_progress *p, struct err_info *e)
{
	enum { SOME = 2000 };
	int gone = 1;
	enum err r = db_bulk(s->db, e);

	while (!r && gone && !(r = cancelled(u, p, e))) {
		r = store_unit_shed(s->db, unit, SOME, &gone, e);
		atomic_fetch_add(&p->rows, gone);
		/* Those that had been removed before were not counted. */
		if (atomic_load(&p->done) + gone < atomic_load(&p->total))
			atomic_fetch_add(&p->done, gone);
	}
	return r;
}

static enum err shed_catalogue(struct session *s, const struct unit *u, int64_t own,
			       const struct unit_catalogue *c, struct import_progress *p,
			       struct err_info *e)
{
	int64_t unit = own ? own : u->id;
	enum err r = store_unit_unused(s->db, unit, e);

	/* One more: the unit itself. */
	atomic_store(&p->total, c->buyers + c->goods + 1);
	return r ? r : shed(s, u, unit, p, e);
}

static enum err remove_rows(struct session *s, const struct unit *u, int64_t own, bool catalogue,
			    struct import_progress *p, struct err_info *e)
{
	char words[UNIT_CATALOGUE_WORDS];
	struct unit_catalogue c;
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	if (!(r = count_catalogue(s, u->id, own, &c, e))) {
		catalogue_words(&c, words);
		if (*words)
			r = catalogue ? shed_catalogue(s, u, own, &c, p, e)
				      : refuse_catalogue(u, words, e);
	}
	if (r || (own && (r = store_unit_remove(s->db, own, e))) ||
	    (r = store_unit_remove(s->db, u->id, e)) ||
	    (r = desk_audit(s, 0, "unit.remove", u->tax_no, u->name, words, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

/* The unit that is meant, when it may be removed, and the using unit that goes with it. */
static enum err load_removable(struct session *s, const struct unit_ref *ref, struct unit *u,
			       int64_t *own, struct err_info *e)
{
	bool others = false;
	enum err r;

	*own = 0;
	if ((r = desk_allow(s, DESK_UNITS, e)) || (r = unit_load_one(s, ref, "direct", u, e)))
		return r;
	if (u->direct)
		r = below(s, u, own, &others, e);
	if (!r && others) {
		r = err_fail(
		    e, ERR_INVALID, "unit.has_using", u->name,
		    "该直连单位下存在非本单位的其他使用单位，不允许删除！请移除相关使用单位后再重试。");
		err_hint(
		    e, "可用 kaipiao unit list --role using 查看，用 kaipiao unit remove 逐个移除");
	}
	if (r)
		unit_free(u);
	return r;
}

enum err desk_unit_catalogue(struct session *s, const struct unit_ref *ref,
			     char words[UNIT_CATALOGUE_WORDS], int64_t *rows, struct err_info *e)
{
	struct unit_catalogue c = {0};
	struct unit u;
	int64_t own;
	enum err r = load_removable(s, ref, &u, &own, e);

	words[0] = 0;
	*rows = 0;
	if (r)
		return r;
	if (!(r = count_catalogue(s, u.id, own, &c, e)))
		catalogue_words(&c, words);
	*rows = c.buyers + c.goods + c.types;
	unit_free(&u);
	return r;
}

enum err desk_unit_remove(struct session *s, const struct unit_ref *ref, bool catalogue,
			  struct import_progress *p, struct err_info *e)
{
	struct import_progress alone = {0};
	struct unit u;
	int64_t own;
	enum err r = load_removable(s, ref, &u, &own, e);

	if (r)
		return r;
	r = remove_rows(s, &u, own, catalogue, p ? p : &alone, e);
	unit_free(&u);
	return r;
}
