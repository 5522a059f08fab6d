/* taxcodes.c - the classification as a person uses it. */
#include "desk/taxcodes.h"

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/taxcodes_p.h"

enum err taxcode_env(struct session *s, const char **env, struct err_info *e)
{
	struct err_info why = {0};
	struct unit u;
	enum err r = desk_unit(s, &u, &why);

	*env = "";
	if (r == ERR_INVALID && !*s->unit_choice)
		return ERR_OK;
	if (r) {
		if (e)
			*e = why;
		return r;
	}
	*env = unit_env_word(u.env);
	unit_free(&u);
	return ERR_OK;
}

enum err desk_taxcode_search(struct session *s, const char *text, const char *cursor, int limit,
			     taxcode_each f, void *arg, char next[20], int64_t *total,
			     bool *at_least, struct err_info *e)
{
	const char *env;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = taxcode_env(s, &env, e)))
		return r;
	return store_taxcode_search(s->db, env, text, cursor, limit, f, arg, next, total, at_least,
				    e);
}

enum err desk_taxcode_children(struct session *s, const char *parent, taxcode_each f, void *arg,
			       struct err_info *e)
{
	const char *env;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = taxcode_env(s, &env, e)))
		return r;
	return store_taxcode_children(s->db, env, parent, f, arg, e);
}

enum err desk_taxcode_get(struct session *s, const char *code, struct tax_code *out,
			  struct err_info *e)
{
	const char *env;
	bool found = false;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = taxcode_env(s, &env, e)) ||
	    (r = store_taxcode_get(s->db, env, code, out, &found, e)) || found)
		return r;
	err_fail(e, ERR_INVALID, "taxcode.unknown", "税收分类编码", "没有编码 %.40s", code);
	err_hint(e, "可用 kaipiao taxcodes search 查找，或 kaipiao taxcodes sync 取得最新编码");
	return ERR_INVALID;
}

enum err desk_taxcode_count(struct session *s, int64_t *total, int64_t *from_tax,
			    struct err_info *e)
{
	const char *env;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = taxcode_env(s, &env, e)))
		return r;
	return store_taxcode_count(s->db, env, total, from_tax, e);
}

enum err desk_taxcode_sync(struct session *s, struct desk_wait *w, struct err_info *e)
{
	return desk_intent_simple(s, DESK_REFRESH, JOB_TAXCODES, "taxcodes.sync", w, e);
}
