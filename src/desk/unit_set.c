/* unit_set.c - finding units, and showing them. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/unit_p.h"

static const size_t UNIT_TEXTS[] = {
    offsetof(struct unit, tax_no),       offsetof(struct unit, name),
    offsetof(struct unit, leqi_id),      offsetof(struct unit, region),
    offsetof(struct unit, address),      offsetof(struct unit, phone),
    offsetof(struct unit, bank),         offsetof(struct unit, account),
    offsetof(struct unit, url),          offsetof(struct unit, ca_pem),
    offsetof(struct unit, connect_to),   offsetof(struct unit, sealed_key),
    offsetof(struct unit, key_hint),     offsetof(struct unit, edition),
    offsetof(struct unit, verify_error),
};

static char **unit_slot(struct unit *u, size_t i)
{
	return (char **)(void *)((char *)u + UNIT_TEXTS[i]);
}

void unit_blank(struct unit *u)
{
	size_t i;

	memset(u, 0, sizeof(*u));
	for (i = 0; i < sizeof(UNIT_TEXTS) / sizeof(UNIT_TEXTS[0]); i++)
		*unit_slot(u, i) = mem_strdup("");
}

static enum err collect(void *arg, const struct unit *u)
{
	struct unit_set *set = arg;
	struct unit copy = *u;
	size_t i;

	for (i = 0; i < sizeof(UNIT_TEXTS) / sizeof(UNIT_TEXTS[0]); i++)
		*unit_slot(&copy, i) = mem_strdup(*unit_slot(&copy, i));
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

enum err unit_set_load(struct session *s, const struct unit_ref *ref, struct unit_set *out,
		       struct err_info *e)
{
	enum unit_env env = ENV_PRODUCTION;
	size_t i, n = 0;
	enum err r;

	memset(out, 0, sizeof(*out));
	if ((r = unit_check_role(ref->role, e)) ||
	    (ref->env && (r = unit_parse_env(ref->env, &env, e))) ||
	    (r = unit_set_all(s, ref->role, out, e)))
		return r;
	for (i = 0; i < out->n; i++) {
		if (strcmp(out->items[i].tax_no, ref->tax_no) != 0 ||
		    (ref->env && out->items[i].env != env))
			unit_free(&out->items[i]);
		else
			out->items[n++] = out->items[i];
	}
	out->n = n;
	if (n)
		return ERR_OK;
	unit_set_free(out);
	err_fail(e, ERR_INVALID, "unit.unknown", "单位", "没有税号为 %s 的单位", ref->tax_no);
	err_hint(e, "可用 kaipiao unit list 查看");
	return ERR_INVALID;
}

/* The one unit to change: among several of a tax number the role must be given, the newest
 * environment is taken. */
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
		bool better_role = b->direct != a->direct && b->direct == !strcmp(prefer, "direct");

		if (better_role || (b->direct == a->direct && b->id > a->id))
			best = i;
	}
	*out = set.items[best];
	set.items[best] = set.items[--set.n];
	unit_set_free(&set);
	return ERR_OK;
}

/* ---- show ---- */

static enum err hand_out(struct session *s, const struct unit_set *set, unit_view_each f, void *arg,
			 struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < set->n && !r; i++) {
		struct unit above = {0};
		struct unit_view v = {.unit = &set->items[i], .direct = ""};

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
	r = hand_out(s, &set, f, arg, e);
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
	r = hand_out(s, &set, f, arg, e);
	unit_set_free(&set);
	return r;
}
