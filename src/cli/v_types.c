/* v_types.c - 业务类型: list, show, add, edit, remove. */
#include <stdio.h>

#include "cli/cli_p.h"

static const struct column TYPE[] = {
    {"no", "编号", COLUMN_TEXT, 0},
    {"name", "业务类型", COLUMN_TEXT, 0},
    {"note", "说明", COLUMN_OPTIONAL, 0},
    {"uses", "使用", COLUMN_NUMBER, 0},
    {"created_at", "新增时间", COLUMN_TIME, FOR_JSON},
    {"updated_at", "修改时间", COLUMN_TIME, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_types = {"types list", TYPE};
const struct shape shape_type = {"types show, add, edit", TYPE};

static enum err add_row(void *arg, const struct business_type *t)
{
	struct grid *g = arg;

	cli_grid_textf(g, "#%lld", (long long)t->id);
	cli_grid_text(g, t->name);
	cli_grid_text(g, t->note);
	cli_grid_int(g, t->uses);
	cli_grid_time(g, t->created_at);
	cli_grid_time(g, t->updated_at);
	return ERR_OK;
}

static void print_one(struct cli *c, const struct business_type *t)
{
	struct grid g;

	cli_grid_init(&g, &shape_type);
	add_row(&g, t);
	cli_one(c, &g);
}

static enum err fill_list(struct cli_list *l)
{
	return desk_type_list(l->c->s, cli_option(l->c, "find"), l->cursor, l->limit, add_row,
			      &l->grid, &l->next, &l->total, &l->c->e);
}

enum err verb_types_list(struct cli *c)
{
	return cli_list(c, &shape_types, TOTAL_TOLD, fill_list);
}

enum err verb_types_show(struct cli *c)
{
	struct business_type t;
	enum err r = desk_type_get(c->s, c->args[0], &t, &c->e);

	if (r)
		return r;
	print_one(c, &t);
	return ERR_OK;
}

enum err verb_types_add(struct cli *c)
{
	struct business_type t;
	enum err r = desk_type_add(c->s, cli_option(c, "name"), cli_option(c, "note"), &t, &c->e);

	if (r)
		return r;
	print_one(c, &t);
	return ERR_OK;
}

enum err verb_types_edit(struct cli *c)
{
	const char *name = cli_option(c, "name"), *note = cli_option(c, "note");
	struct business_type t;
	enum err r;

	if (!name && !note)
		return cli_usage(c, "请用 --name 或 --note 给出要改的内容");
	if ((r = desk_type_edit(c->s, c->args[0], name, note, &t, &c->e)))
		return r;
	print_one(c, &t);
	return ERR_OK;
}

enum err verb_types_remove(struct cli *c)
{
	enum err r = desk_type_remove(c->s, c->args[0], &c->e);

	if (!r)
		cli_removed(c, "已删除 ");
	return r;
}
