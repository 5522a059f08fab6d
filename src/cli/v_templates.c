/* v_templates.c - 发票模板: list, show, add, edit, use, remove. */
#include <stdio.h>

#include "cli/cli_p.h"
#include "cli/issue_p.h"

static const struct column TEMPLATE[] = {
    {"no", "编号", COLUMN_TEXT, 0},
    {"name", "模板", COLUMN_TEXT, 0},
    {"shared", "共享", COLUMN_BOOL, 0},
    {"kind", "票种", COLUMN_TEXT, FOR_JSON},
    {"kind_text", "票种", COLUMN_TEXT, FOR_PEOPLE},
    {"buyer", "购方", COLUMN_OPTIONAL, 0},
    {"lines", "行数", COLUMN_NUMBER, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"uses", "使用", COLUMN_NUMBER, 0},
    {"used_at", "上次使用", COLUMN_TIME, FOR_JSON},
    {"updated_at", "修改时间", COLUMN_TIME, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_templates = {"templates list; templates show, add, edit: template",
				      TEMPLATE};

static enum err add_row(void *arg, const struct invoice_template *t)
{
	struct grid *g = arg;

	cli_grid_textf(g, "#%lld", (long long)t->id);
	cli_grid_text(g, t->name);
	cli_grid_bool(g, !t->owner_id);
	cli_grid_text(g, invoice_kind_word(t->kind));
	cli_grid_text(g, invoice_kind_label(t->kind));
	cli_grid_text(g, t->buyer_name);
	cli_grid_int(g, t->line_count);
	cli_grid_fen(g, t->gross);
	cli_grid_int(g, t->uses);
	cli_grid_time(g, t->used_at);
	cli_grid_time(g, t->updated_at);
	return ERR_OK;
}

static enum err fill_list(struct cli_list *l)
{
	return desk_template_list(l->c->s, cli_option(l->c, "find"), l->cursor, l->limit, add_row,
				  &l->grid, &l->next, &l->total, &l->c->e);
}

enum err verb_templates_list(struct cli *c)
{
	return cli_list(c, &shape_templates, TOTAL_TOLD, fill_list);
}

/* The template and, as input form, the invoice it begins today. */
static enum err print_one(struct cli *c, const char *no)
{
	struct invoice_template t;
	struct invoice inv;
	struct json_out o;
	struct grid g;
	enum err r = desk_template_get(c->s, no, &t, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_templates);
	add_row(&g, &t);
	if (!(r = desk_template_fill(&t, &inv, &c->e)) && c->json) {
		cli_document(c, &o);
		cli_grid_put_object(&o, "template", &g);
		json_open(&o, "invoice", '{');
		invoice_put_sparse(&o, &inv);
		json_close(&o, '}');
		cli_document_end(c, &o);
	} else if (!r) {
		cli_grid_print_one(c, &g);
		if (*inv.remark)
			cli_say(c, "备注：%s", inv.remark);
	}
	if (!r)
		invoice_free(&inv);
	cli_grid_free(&g);
	invoice_template_free(&t);
	return r;
}

enum err verb_templates_show(struct cli *c)
{
	return print_one(c, c->args[0]);
}

static enum err add_from(struct cli *c, const struct invoice *inv, int64_t *id)
{
	return desk_template_add(c->s, cli_option(c, "name"), cli_flag(c, "shared"), inv, id,
				 &c->e);
}

/* From a file with one invoice, or from one that is there. */
enum err verb_templates_add(struct cli *c)
{
	const char *from = cli_option(c, "from");
	struct invoice_record rec;
	struct invoice_set set;
	int64_t id = 0;
	char no[24];
	enum err r;

	if (!from == !c->argc)
		return cli_usage(c, "请给出发票 JSON 文件，或用 --from 给出一张已有的发票");
	if (from) {
		if ((r = desk_invoice_pattern(c->s, from, &rec, &c->e)))
			return r;
		r = add_from(c, &rec.invoice, &id);
		invoice_record_free(&rec);
	} else {
		if ((r = desk_invoices_read(c->args[0], &set, &c->e)))
			return r;
		r = set.n == 1 ? add_from(c, &set.items[0], &id)
			       : cli_usage(c, "一个模板只能是一张发票，文件里有 %zu 张", set.n);
		invoice_set_free(&set);
	}
	if (r)
		return r;
	snprintf(no, sizeof(no), "#%lld", (long long)id);
	return print_one(c, no);
}

enum err verb_templates_edit(struct cli *c)
{
	bool shared = cli_flag(c, "shared"), private = cli_flag(c, "private");
	const char *name = cli_option(c, "name");
	struct invoice_template t;
	char no[24];
	enum err r;

	if (shared && private)
		return cli_usage(c, "--shared 和 --private 只能给一个");
	if (!shared && !private && !name)
		return cli_usage(c, "请用 --name、--shared 或 --private 给出要改的");
	if ((r = desk_template_get(c->s, c->args[0], &t, &c->e)))
		return r;
	snprintf(no, sizeof(no), "#%lld", (long long)t.id);
	shared |= !t.owner_id && !private;
	invoice_template_free(&t);
	r = desk_template_edit(c->s, no, name, shared, &c->e);
	return r ? r : print_one(c, no);
}

/* A draft of today, with an order number of its own when one is given. */
enum err verb_templates_use(struct cli *c)
{
	struct invoice inv;
	struct invoice_set set = {.items = &inv, .n = 1};
	struct invoice_template t;
	int64_t id = 0, template;
	enum err r = desk_template_get(c->s, c->args[0], &t, &c->e);

	if (r)
		return r;
	template = t.id;
	r = desk_template_fill(&t, &inv, &c->e);
	invoice_template_free(&t);
	if (r)
		return r;
	if (cli_option(c, "order-no"))
		mem_set(&inv.order_no, cli_option(c, "order-no"));
	r = desk_draft(c->s, &set, &id, &c->e);
	invoice_free(&inv);
	if (!r)
		r = desk_template_used(c->s, template, &c->e);
	return r ? r : cli_print_drafts(c, &id, 1);
}

enum err verb_templates_remove(struct cli *c)
{
	enum err r = desk_template_remove(c->s, c->args[0], &c->e);

	if (!r)
		cli_removed(c, "已删除模板 ");
	return r;
}
