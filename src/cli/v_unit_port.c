/* v_unit_port.c - units as a tree, and in files. */
#include <stdio.h>
#include <string.h>

#include "cli/cli_p.h"

/* ---- tree ---- */

struct tree {
	struct cli *c;
	struct json_out o;
	bool open; /* a direct unit is being written */
	int64_t count;
};

static void close_direct(struct tree *t)
{
	if (!t->open)
		return;
	json_close(&t->o, ']');
	json_close(&t->o, '}');
	t->open = false;
}

static void put_members(struct json_out *o, const struct unit *u)
{
	json_put(o, "env", unit_env_word(u->env));
	json_put(o, "env_text", unit_env_label(u->env));
	json_put(o, "tax_no", u->tax_no);
	json_put(o, "name", u->name);
	json_put(o, "leqi_id", u->leqi_id);
	json_put(o, "state", u->verified ? "verified" : "unverified");
	json_put_bool(o, "frozen", u->frozen_at != 0);
}

static enum err put_node(void *arg, const struct unit_view *v)
{
	struct tree *t = arg;
	const struct unit *u = v->unit;

	t->count++;
	if (u->direct)
		close_direct(t);
	json_open(&t->o, NULL, '{');
	put_members(&t->o, u);
	if (u->direct) {
		json_open(&t->o, "using", '[');
		t->open = true;
	} else {
		json_put(&t->o, "relation", u->joint ? "joint" : "self");
		json_close(&t->o, '}');
	}
	return ERR_OK;
}

static enum err say_node(void *arg, const struct unit_view *v)
{
	struct tree *t = arg;
	const struct unit *u = v->unit;

	t->count++;
	cli_say(t->c, "%s%s %s %s环境 %s%s%s", u->direct ? "" : "  └ ", u->tax_no, u->name,
		unit_env_label(u->env),
		u->direct  ? "直连单位 "
		: u->joint ? "联用 "
			   : "自用 ",
		u->verified ? "验证通过" : "未验证", u->frozen_at ? "，已冻结" : "");
	return ERR_OK;
}

enum err verb_unit_tree(struct cli *c)
{
	const struct unit_query q = {.tree = true};
	struct tree t = {.c = c};
	struct json_out o;
	enum err r;

	if (!c->json) {
		r = desk_unit_query(c->s, &q, say_node, &t, &c->e);
		if (!r && !t.count)
			cli_say(c, "还没有登记单位");
		return r;
	}
	cli_document(c, &o);
	t.o = o;
	json_open(&t.o, "rows", '[');
	r = desk_unit_query(c->s, &q, put_node, &t, &c->e);
	close_direct(&t);
	json_close(&t.o, ']');
	json_put_int(&t.o, "total", t.count);
	cli_document_end(c, &t.o);
	return r;
}

/* ---- export ---- */

enum err verb_unit_export(struct cli *c)
{
	const struct unit_query q = {
	    .role = cli_option(c, "role"),
	    .name = cli_option(c, "name"),
	    .tax_no = cli_option(c, "taxno"),
	    .project = cli_option(c, "project"),
	    .filing_region = cli_option(c, "filing-region"),
	    .proxy = cli_option(c, "proxy"),
	    .state = cli_option(c, "state"),
	};
	struct cli_output out;
	int64_t rows = 0;
	enum err r = cli_output(c, "接入单位", &out);

	if (r)
		return r;
	r = desk_unit_export(c->s,
			     &(struct unit_export) {.query = &q,
						    .fields = cli_option(c, "fields"),
						    .path = out.path,
						    .format = out.format,
						    .replace = cli_flag(c, "replace")},
			     &rows, &c->e);
	if (!r)
		cli_print_written(c, out.path, rows);
	return r;
}
