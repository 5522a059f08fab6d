/* unit_set.c - finding units, and showing them. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/unit_p.h"
#include "store/recon.h"
#include "tax/channel.h"

static enum err collect(void *arg, const struct unit *u)
{
	struct unit_set *set = arg;
	struct unit copy;

	unit_copy(u, &copy);
	set->items = mem_realloc(set->items, (set->n + 1) * sizeof(copy));
	set->items[set->n++] = copy;
	return ERR_OK;
}

void unit_set_free(struct unit_set *set)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		unit_free(&set->items[i]);
	free(set->items);
	memset(set, 0, sizeof(*set));
}

enum err unit_set_all(struct session *s, const char *role, struct unit_set *out, struct err_info *e)
{
	enum err r = ERR_OK;

	memset(out, 0, sizeof(*out));
	if (!role || !strcmp(role, "direct"))
		r = store_unit_list(s->db, "direct", collect, out, e);
	if (!r && (!role || !strcmp(role, "using")))
		r = store_unit_list(s->db, "using", collect, out, e);
	if (r)
		unit_set_free(out);
	return r;
}

enum err unit_set_ids(struct session *s, const int64_t *ids, size_t n, struct unit_set *out,
		      struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < n && !r; i++) {
		struct unit u;

		if ((r = store_unit_get(s->db, ids[i], &u, e)))
			break;
		out->items = mem_realloc(out->items, (out->n + 1) * sizeof(u));
		out->items[out->n++] = u;
	}
	if (r)
		unit_set_free(out);
	return r;
}

void unit_set_join(struct unit_set *set, struct unit_set *more)
{
	size_t i, k;

	for (i = 0; i < more->n; i++) {
		for (k = 0; k < set->n && set->items[k].id != more->items[i].id; k++)
			;
		if (k < set->n) {
			unit_free(&more->items[i]);
			continue;
		}
		set->items = mem_realloc(set->items, (set->n + 1) * sizeof(*set->items));
		set->items[set->n++] = more->items[i];
	}
	free(more->items);
	memset(more, 0, sizeof(*more));
}

enum err unit_parse_env(const char *text, enum unit_env *env, struct err_info *e)
{
	if (unit_env_parse(text, env))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "unit.env", "环境", "应为 正式、沙箱 或 演练");
	err_field(e, "env");
	return ERR_INVALID;
}

enum err unit_check_role(const char *role, struct err_info *e)
{
	if (!role || !strcmp(role, "direct") || !strcmp(role, "using"))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "unit.role", "单位角色",
		 "应为 direct（直连单位）或 using（使用单位）");
	err_field(e, "role");
	return ERR_INVALID;
}

/* ---- which one ---- */

enum { TAX_NO_MAX = 64 };

/* A reference taken apart: "" any tax number. */
struct wanted {
	char tax_no[TAX_NO_MAX];
	bool any_env;
	enum unit_env env;
};

static enum err parse_ref(const char *text, const char *env, struct wanted *w, struct err_info *e)
{
	const char *at = strchr(text, '@');
	size_t n = at ? (size_t)(at - text) : strlen(text);
	enum unit_env named;
	enum err r;

	*w = (struct wanted) {.any_env = !env && !at};
	if (n >= sizeof(w->tax_no))
		return err_fail(e, ERR_INVALID, "unit.unknown", "单位", "税号太长");
	memcpy(w->tax_no, text, n);
	if (at && (r = unit_parse_env(at + 1, &w->env, e)))
		return r;
	if (!env)
		return ERR_OK;
	if ((r = unit_parse_env(env, &named, e)))
		return r;
	if (at && named != w->env)
		return err_fail(e, ERR_INVALID, "unit.env", "环境",
				"税号后写的是%s，--env 写的是%s，请只写一个",
				unit_env_label(w->env), unit_env_label(named));
	w->env = named;
	return ERR_OK;
}

static void keep_wanted(struct unit_set *set, const struct wanted *w)
{
	size_t i, n = 0;

	for (i = 0; i < set->n; i++) {
		if ((*w->tax_no && strcmp(set->items[i].tax_no, w->tax_no) != 0) ||
		    (!w->any_env && set->items[i].env != w->env))
			unit_free(&set->items[i]);
		else
			set->items[n++] = set->items[i];
	}
	set->n = n;
}

static enum err none_wanted(const struct wanted *w, struct err_info *e)
{
	if (w->any_env)
		err_fail(e, ERR_INVALID, "unit.unknown", "单位", "没有税号为 %s 的单位", w->tax_no);
	else if (*w->tax_no)
		err_fail(e, ERR_INVALID, "unit.unknown", "单位", "%s环境没有税号为 %s 的单位",
			 unit_env_label(w->env), w->tax_no);
	else
		err_fail(e, ERR_INVALID, "unit.unknown", "单位", "%s环境没有登记使用单位",
			 unit_env_label(w->env));
	err_hint(e, "可用 kaipiao unit list 查看");
	return ERR_INVALID;
}

/* "演练、沙箱": the environments of the set, each once. */
static int name_envs(const struct unit_set *set, char *out, size_t size)
{
	struct buf b;
	unsigned seen = 0;
	int count = 0;
	size_t i;

	buf_init(&b, size);
	for (i = 0; i < set->n; i++) {
		unsigned bit = 1U << set->items[i].env;

		if (seen & bit)
			continue;
		seen |= bit;
		buf_addf(&b, "%s%s", count++ ? "、" : "", unit_env_label(set->items[i].env));
	}
	text_copy(out, size, buf_str(&b));
	buf_free(&b);
	return count;
}

static enum err refuse_several(const struct unit_set *set, const struct wanted *w,
			       struct err_info *e)
{
	char envs[64];

	if (!w->any_env || name_envs(set, envs, sizeof(envs)) < 2)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "unit.several", "单位", "税号 %s 在%s环境都有登记", w->tax_no,
		 envs);
	err_field(e, "env");
	err_hint(e, "请用 --env 指明环境，或把税号写作 %s@%s", w->tax_no,
		 unit_env_label(set->items[0].env));
	return ERR_INVALID;
}

/* Those it may mean; with a tax number no others are read. */
static enum err collect_wanted(struct session *s, const char *role, const struct wanted *w,
			       struct unit_set *out, struct err_info *e)
{
	enum err r;

	memset(out, 0, sizeof(*out));
	r = *w->tax_no ? store_unit_named(s->db, w->tax_no, role, collect, out, e)
		       : unit_set_all(s, role, out, e);
	if (r)
		unit_set_free(out);
	else
		keep_wanted(out, w);
	return r;
}

enum err unit_set_load(struct session *s, const struct unit_ref *ref, struct unit_set *out,
		       struct err_info *e)
{
	struct wanted w;
	enum err r;

	memset(out, 0, sizeof(*out));
	if ((r = unit_check_role(ref->role, e)) || (r = parse_ref(ref->tax_no, ref->env, &w, e)) ||
	    (r = collect_wanted(s, ref->role, &w, out, e)))
		return r;
	r = out->n ? refuse_several(out, &w, e) : none_wanted(&w, e);
	if (r)
		unit_set_free(out);
	return r;
}

enum err unit_ids_named(struct session *s, const char *text, int64_t *ids, size_t max, size_t *n,
			struct err_info *e)
{
	struct unit_set all;
	struct wanted w;
	enum err r;

	*n = 0;
	if ((r = parse_ref(text, NULL, &w, e)))
		return r;
	if (!*w.tax_no)
		return err_fail(e, ERR_INVALID, "unit.unknown", "单位", "应为税号，可加 @环境");
	if ((r = collect_wanted(s, NULL, &w, &all, e)))
		return r;
	for (; *n < all.n && *n < max; (*n)++)
		ids[*n] = all.items[*n].id;
	if (!all.n)
		r = none_wanted(&w, e);
	unit_set_free(&all);
	return r;
}

/* Moves one unit out of the set and forgets the others. */
static void take_one(struct unit_set *set, size_t i, struct unit *out)
{
	*out = set->items[i];
	set->items[i] = set->items[--set->n];
	unit_set_free(set);
}

enum err unit_load_one(struct session *s, const struct unit_ref *ref, const char *prefer,
		       struct unit *out, struct err_info *e)
{
	struct unit_set set;
	size_t i, best;
	enum err r = unit_set_load(s, ref, &set, e);

	if (r)
		return r;
	for (i = 1, best = 0; i < set.n; i++) {
		const struct unit *a = &set.items[best], *b = &set.items[i];

		if (b->direct != a->direct && b->direct == !strcmp(prefer, "direct"))
			best = i;
	}
	take_one(&set, best, out);
	return ERR_OK;
}

enum err unit_pick_using(struct session *s, const char *choice, int64_t last, struct unit *out,
			 struct err_info *e)
{
	struct unit_set set;
	struct wanted w;
	size_t i, at = 0;
	enum err r;

	if ((r = parse_ref(choice, NULL, &w, e)) || (r = collect_wanted(s, "using", &w, &set, e)))
		return r;
	r = set.n ? refuse_several(&set, &w, e) : none_wanted(&w, e);
	for (i = 0; i < set.n && !r; i++) {
		if (set.items[i].id == last)
			at = i;
	}
	if (!r && set.n > 1 && set.items[at].id != last) {
		r = err_fail(e, ERR_INVALID, "unit.choose", "使用单位",
			     "%s环境登记了 %zu 个使用单位", unit_env_label(w.env), set.n);
		err_hint(e, "用 --unit 税号@%s 指明是哪一个", unit_env_label(w.env));
	}
	if (r)
		unit_set_free(&set);
	else
		take_one(&set, at, out);
	return r;
}

/* ---- show ---- */

enum { TOLD = 600 };

/* "基础能力有、归集能力没有": what answers have said (features B13). */
static enum err told_abilities(struct session *s, int64_t unit, char out[TOLD], struct err_info *e)
{
	const struct channel_word *a;
	struct buf b;
	enum err r = ERR_OK;

	buf_init(&b, TOLD);
	for (a = ability_words; a->word && !r; a++) {
		enum ability_state state;
		bool by_person;

		r = store_ability_get(s->db, unit, a->word, &state, &by_person, e);
		if (!r && state != ABILITY_UNTOLD)
			buf_addf(&b, "%s%s%s%s", b.len ? "、" : "", a->label,
				 state == ABILITY_YES ? "有" : "没有", by_person ? "（人工）" : "");
	}
	text_copy(out, TOLD, buf_str(&b));
	buf_free(&b);
	return r;
}

static enum err hand_out(struct session *s, const struct unit_set *set, bool whole,
			 unit_view_each f, void *arg, struct err_info *e)
{
	enum err r = ERR_OK;
	char told[TOLD] = "", abilities[TOLD], granted[DATE_TEXT];
	size_t i;

	for (i = 0; i < set->n && !r; i++) {
		const struct unit *u = &set->items[i];
		const struct channel_word *handler = handler_find(u->handler);
		struct unit above = {0};
		struct unit_view v = {.unit = u,
				      .direct = "",
				      .issue_channel = channel_label(u->issue_channel),
				      .collect_channel = channel_label(u->collect_channel),
				      .abilities = abilities,
				      .handler = handler ? handler->label : "",
				      .granted = "",
				      .told = told};

		ability_labels(u->abilities, abilities, sizeof(abilities));
		if (u->granted_at)
			v.granted = date_text(u->granted_at, granted);

		if (whole && ((r = told_abilities(s, v.unit->id, told, e)) ||
			      (r = store_unit_movable(s->db, v.unit->id, &v.movable, e))))
			return r;
		if (v.unit->direct_id && (r = store_unit_get(s->db, v.unit->direct_id, &above, e)))
			return r;
		if (above.tax_no)
			v.direct = above.tax_no;
		r = f(arg, &v);
		unit_free(&above);
	}
	return r;
}

enum err desk_unit_list(struct session *s, const char *role, unit_view_each f, void *arg,
			struct err_info *e)
{
	struct unit_set set;
	enum err r;

	if ((r = desk_allow(s, DESK_UNITS_VIEW, e)) || (r = unit_check_role(role, e)) ||
	    (r = unit_set_all(s, role, &set, e)))
		return r;
	r = hand_out(s, &set, false, f, arg, e);
	unit_set_free(&set);
	return r;
}

enum err desk_unit_query(struct session *s, const struct unit_query *q, unit_view_each f, void *arg,
			 struct err_info *e)
{
	static const char *const STATES[] = {"verified", "unverified", "frozen"};
	struct unit_set set = {0};
	size_t i = 0;
	enum err r;

	if ((r = desk_allow(s, DESK_UNITS_VIEW, e)) || (r = unit_check_role(q->role, e)))
		return r;
	while (q->state && i < 3 && strcmp(q->state, STATES[i]) != 0)
		i++;
	if (i == 3)
		return err_fail(e, ERR_INVALID, "unit.state", "状态",
				"应为 verified、unverified 或 frozen");
	if (!(r = store_unit_query(s->db, q, collect, &set, e)))
		r = hand_out(s, &set, false, f, arg, e);
	unit_set_free(&set);
	return r;
}

enum err desk_unit_show_ids(struct session *s, const int64_t *ids, size_t n, unit_view_each f,
			    void *arg, struct err_info *e)
{
	enum err r = desk_allow(s, DESK_UNITS_VIEW, e);
	size_t i;

	for (i = 0; i < n && !r; i++) {
		struct err_info why = {0};
		struct unit_set one;

		r = unit_set_ids(s, &ids[i], 1, &one, &why);
		if (r == ERR_INVALID) {
			r = ERR_OK; /* removed meanwhile */
			continue;
		}
		if (r && e)
			*e = why;
		if (!r)
			r = hand_out(s, &one, false, f, arg, e);
		unit_set_free(&one);
	}
	return r;
}

enum err desk_unit_choices(struct session *s, unit_view_each f, void *arg, struct err_info *e)
{
	struct unit_set set;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = unit_set_all(s, "using", &set, e)))
		return r;
	r = hand_out(s, &set, false, f, arg, e);
	unit_set_free(&set);
	return r;
}

enum err desk_unit_show(struct session *s, const struct unit_ref *ref, unit_view_each f, void *arg,
			struct err_info *e)
{
	struct unit_set set;
	enum err r;

	if ((r = desk_allow(s, DESK_UNITS_VIEW, e)) || (r = unit_set_load(s, ref, &set, e)))
		return r;
	r = hand_out(s, &set, true, f, arg, e);
	unit_set_free(&set);
	return r;
}
