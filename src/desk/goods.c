/* goods.c - 商品信息: rules, lists, changes with their audit. */
#include "desk/goods.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/catalogue_p.h"
#include "desk/goods_p.h"

enum { AUDIT_MAX = 1 << 20, CHOICES = 3, NAMED_MAX = CHOICES };

/* ---- reading ---- */

enum err goods_place(struct session *s, enum desk_action a, struct goods_place *out,
		     struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, a, e)) || (r = desk_unit(s, &u, e)))
		return r;
	out->unit = u.id;
	out->env = unit_env_word(u.env);
	date_text(clock_now(), out->today);
	unit_free(&u);
	return ERR_OK;
}

enum err desk_goods_list(struct session *s, struct goods_query *q, goods_each f, void *arg,
			 int64_t *next, int64_t *total, bool *at_least, struct err_info *e)
{
	bool filtered = !text_empty(q->text) || !text_empty(q->name) || !text_empty(q->mnemonic) ||
			!text_empty(q->tax_code) || !text_empty(q->short_name) || q->unusable ||
			q->twins;
	int64_t counted = 0;
	struct goods_place p;
	enum err r;

	if ((r = goods_place(s, DESK_VIEW, &p, e)))
		return r;
	q->env = p.env;
	q->today = p.today;
	if (!(r = store_goods_list(s->db, p.unit, q, f, arg, next, e)))
		r = store_goods_count(s->db, p.unit, q, DESK_COUNT_CAP + 1, &counted, e);
	q->today = NULL;
	if (!r)
		catalogue_total(counted, filtered, total, at_least);
	return r;
}

enum err desk_goods_match(struct session *s, const char *text, int max, struct goods *out, int *n,
			  struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	*n = 0;
	if (r || catalogue_too_short(text))
		return r;
	return store_goods_best(s->db, unit, text, max, out, n, e);
}

enum err goods_unknown(struct err_info *e, const char *no)
{
	err_fail(e, ERR_INVALID, "goods.unknown", "商品", "商品信息里没有“%.200s”", no);
	err_hint(e, "可用 kaipiao goods list 查看");
	return ERR_INVALID;
}

static enum err get(struct session *s, int64_t unit, int64_t id, struct goods *out,
		    struct err_info *e)
{
	bool found = false;
	char no[32];
	enum err r = store_goods_get(s->db, unit, id, out, &found, e);

	if (r || found)
		return r;
	snprintf(no, sizeof(no), "#%lld", (long long)id);
	return goods_unknown(e, no);
}

enum err desk_goods_get(struct session *s, int64_t id, struct goods *out, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : get(s, unit, id, out, e);
}

/* One of those meant: " #12 水泥 P.O 42.5 420". */
static void add_choice(const struct goods *g, char *out, size_t size)
{
	size_t n = strlen(out);

	snprintf(out + n, size - n, "%s#%lld %.60s%s%.40s%s%.20s", n ? "、" : "", (long long)g->id,
		 g->name, *g->spec ? " " : "", g->spec, *g->price ? " " : "", g->price);
	out[text_whole(out, strlen(out))] = 0;
}

enum err goods_several(struct err_info *e, const char *no, const struct goods *some, int listed,
		       int n)
{
	char choices[480] = "";
	int i;

	for (i = 0; i < listed && i < CHOICES; i++)
		add_choice(&some[i], choices, sizeof(choices));
	err_fail(e, ERR_INVALID, "goods.several", "商品", "“%.80s”有 %d 个：%s%s", no, n, choices,
		 n > i ? "……" : "");
	err_hint(e, "请用 # 加编号或简码指明是哪一个");
	return ERR_INVALID;
}

enum err goods_by_name(struct session *s, int64_t unit, const char *no, struct goods *out,
		       struct err_info *e)
{
	struct goods found[NAMED_MAX];
	int i, n = 0;
	enum err r = store_goods_named(s->db, unit, no, found, NAMED_MAX, &n, e);

	if (r)
		return r;
	if (n == 1) {
		*out = found[0];
		return ERR_OK;
	}
	r = n ? goods_several(e, no, found, n < NAMED_MAX ? n : NAMED_MAX, n)
	      : goods_unknown(e, no);
	for (i = 0; i < n && i < NAMED_MAX; i++)
		goods_free(&found[i]);
	return r;
}

enum err desk_goods_named(struct session *s, const char *no, struct goods *out, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : goods_by_name(s, unit, no, out, e);
}

enum err desk_goods_twins(struct session *s, const struct goods *g, struct goods *out, int max,
			  int *n, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	*n = 0;
	return r ? r : store_goods_twins(s->db, unit, g, out, max, n, e);
}

/* ---- changes ---- */

static char *to_json(const struct goods *g)
{
	char rate[RATE_TEXT];
	struct json_out o;
	struct buf text;
	char *out;

	buf_init(&text, AUDIT_MAX);
	json_out_init(&o, &text, 0);
	json_open(&o, NULL, '{');
	json_put_int(&o, "id", g->id);
	catalogue_put_texts(&o, goods_fields, g);
	if (!text_empty(g->price))
		json_put_bool(&o, "inclusive", g->inclusive);
	if (g->rate_ppm >= 0)
		json_put(&o, "tax_rate", rate_format(g->rate_ppm, rate));
	json_close(&o, '}');
	out = buf_detach(&text);
	return out ? out : mem_strdup("");
}

enum err goods_audit(struct session *s, const char *action, const struct goods *before,
		     const struct goods *after, struct err_info *e)
{
	const struct goods *any = after ? after : before;
	char *was = before ? to_json(before) : mem_strdup("");
	char *is = after ? to_json(after) : mem_strdup("");
	enum err r = desk_audit(s, any->unit_id, action, any->name, was, is, e);

	free(was);
	free(is);
	return r;
}

enum err desk_goods_has_twin(struct session *s, int64_t id, bool *out, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	*out = false;
	return r ? r : store_goods_is_twin(s->db, unit, id, out, e);
}

static enum err refuse_twin(struct session *s, const struct goods *g, enum twin_policy p,
			    struct err_info *e)
{
	struct goods other;
	int n = 0;
	enum err r;

	if (p == TWIN_KEEP)
		return ERR_OK;
	if ((r = store_goods_twins(s->db, g->unit_id, g, &other, 1, &n, e)) || !n)
		return r;
	err_fail(e, ERR_INVALID, "goods.twin", "名称", "已有商品 #%lld %.160s %.60s（%s）",
		 (long long)other.id, other.name, other.spec,
		 *other.tax_code ? other.tax_code : "无税收分类编码");
	err_field(e, "name");
	err_hint(e, "请改用已有的商品，换一个名称或规格型号，或确认两者都要");
	goods_free(&other);
	return ERR_INVALID;
}

/* The short name is the code's. */
static enum err fill_short_name(struct session *s, const char *env, struct goods *g,
				struct err_info *e)
{
	struct tax_code c;
	bool found = false;
	enum err r;

	if (!text_empty(g->short_name) || text_empty(g->tax_code))
		return ERR_OK;
	r = store_taxcode_get(s->db, env, g->tax_code, &c, &found, e);
	if (!r && found) {
		mem_set(&g->short_name, c.short_name);
		tax_code_free(&c);
	}
	return r;
}

/* Goods that may be stored, as the unit's, in a transaction of their own. */
static enum err begin_change(struct session *s, struct goods *g, struct err_info *e)
{
	char warning[200];
	struct goods_place place;
	enum err r;

	if ((r = goods_place(s, DESK_CATALOGUE, &place, e)) ||
	    (r = desk_goods_check(s, g, warning, e)) || (r = fill_short_name(s, place.env, g, e)) ||
	    (r = db_begin(s->db, e)))
		return r;
	g->unit_id = place.unit;
	return ERR_OK;
}

enum err desk_goods_add(struct session *s, struct goods *g, enum twin_policy p, struct err_info *e)
{
	enum err r = begin_change(s, g, e);

	if (r)
		return r;
	g->id = 0;
	g->source = SOURCE_ENTERED;
	if (!(r = refuse_twin(s, g, p, e)) && !(r = store_goods_insert(s->db, g, e)))
		r = goods_audit(s, "goods.add", NULL, g, e);
	return desk_end(s, r, e);
}

static enum err edit(struct session *s, struct goods *g, enum twin_policy p, struct err_info *e)
{
	struct goods before;
	enum err r = get(s, g->unit_id, g->id, &before, e);

	if (r)
		return r;
	if (before.removed_at) {
		r = err_fail(e, ERR_INVALID, "goods.removed", before.name, "已经删除");
		err_hint(e, "请重新查询");
	} else {
		r = catalogue_check_rev(before.name, g->rev, before.rev, e);
	}
	g->source = SOURCE_ENTERED;
	/* Whoever leaves the name as it was is not asked about twins again. */
	if (text_eq(before.name, g->name) && text_eq(before.spec, g->spec))
		p = TWIN_KEEP;
	if (!r && !(r = refuse_twin(s, g, p, e)) && !(r = store_goods_update(s->db, g, e)))
		r = goods_audit(s, "goods.edit", &before, g, e);
	goods_free(&before);
	return r;
}

enum err desk_goods_edit(struct session *s, struct goods *g, enum twin_policy p, struct err_info *e)
{
	enum err r = begin_change(s, g, e);

	return r ? r : desk_end(s, edit(s, g, p, e), e);
}

static enum err change(struct session *s, const char *env, struct goods *g, goods_change f,
		       void *arg, enum twin_policy p, char warning[200], struct err_info *e)
{
	enum err r;

	if ((r = f(arg, g, e)) || (r = desk_goods_check(s, g, warning, e)) ||
	    (r = fill_short_name(s, env, g, e)))
		return r;
	return edit(s, g, p, e);
}

enum err desk_goods_change(struct session *s, int64_t id, goods_change f, void *arg,
			   enum twin_policy p, char warning[200], struct err_info *e)
{
	struct goods_place place;
	struct goods g;
	enum err r;

	warning[0] = 0;
	if ((r = goods_place(s, DESK_CATALOGUE, &place, e)) || (r = db_begin(s->db, e)))
		return r;
	if (!(r = get(s, place.unit, id, &g, e))) {
		r = change(s, place.env, &g, f, arg, p, warning, e);
		goods_free(&g);
	}
	return desk_end(s, r, e);
}

static enum err remove_one(struct session *s, int64_t unit, int64_t id, int *removed,
			   struct err_info *e)
{
	struct goods g;
	bool found = false;
	int one = 0;
	enum err r = store_goods_get(s->db, unit, id, &g, &found, e);

	if (r || !found)
		return r;
	if (!g.removed_at && !(r = store_goods_remove(s->db, unit, &id, 1, &one, e)))
		r = goods_audit(s, "goods.remove", &g, NULL, e);
	*removed += one;
	goods_free(&g);
	return r;
}

enum err desk_goods_remove(struct session *s, const int64_t *ids, size_t n, int *removed,
			   struct err_info *e)
{
	return catalogue_remove_rows(s, remove_one, ids, n, removed, e);
}
