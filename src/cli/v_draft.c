/* v_draft.c - what is not issued yet: drafts, copies, checks. */
#include <stdlib.h>
#include <string.h>

#include "cli/batch_p.h"
#include "cli/issue_p.h"

/* ---- draft, copy ---- */

static const struct column DRAFTS[] = {
    {"no", "编号", COLUMN_TEXT, 0},           {"order_no", "订单号", COLUMN_OPTIONAL, 0},
    {"buyer", "购方", COLUMN_TEXT, 0},        {"gross", "价税合计", COLUMN_MONEY, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON}, {"state_text", "状态", COLUMN_TEXT, FOR_PEOPLE},
    {"note", "提醒", COLUMN_OPTIONAL, 0},     {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_drafts = {
    "blue draft, copy, merge, split; drafts copy, templates use: results[]", DRAFTS};

/* The order number that another draft has, too, would be issued twice. */
static enum err add_note(struct cli *c, struct grid *to, const struct invoice_record *rec)
{
	char other[DRAFT_HOLDER];
	enum err r = desk_order_holder(c->s, rec->invoice.order_no, 0, rec->id, other, &c->e);

	if (r)
		return r;
	if (*other)
		cli_grid_textf(to, "%s 也是这个订单号，请只开一张", other);
	else
		cli_grid_text(to, "");
	return ERR_OK;
}

enum err cli_add_drafts(struct cli *c, struct grid *to, const int64_t *ids, size_t n)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < n && !r; i++) {
		struct invoice_record rec;

		if ((r = desk_invoice_head(c->s, ids[i], &rec, &c->e)))
			break;
		cli_grid_textf(to, "#%lld", (long long)rec.id);
		cli_grid_text(to, rec.invoice.order_no);
		cli_grid_text(to, rec.invoice.buyer.name);
		cli_grid_fen(to, rec.invoice.gross_fen);
		cli_grid_text(to, invoice_state_word(rec.state));
		cli_grid_text(to, invoice_state_label(rec.state));
		r = add_note(c, to, &rec);
		invoice_record_free(&rec);
	}
	return r;
}

enum err cli_print_drafts(struct cli *c, const int64_t *ids, size_t n)
{
	struct grid g;
	enum err r;

	cli_grid_init(&g, &shape_drafts);
	r = cli_add_drafts(c, &g, ids, n);
	if (!r)
		cli_results(c, &g);
	cli_grid_free(&g);
	return r;
}

enum err verb_blue_draft(struct cli *c)
{
	struct invoice_set set;
	int64_t *ids;
	int fd;
	enum err r = cli_orders_open(c, c->args[0], &set, &fd);

	if (!r && fd >= 0)
		r = cli_orders_draft(c, c->args[0], fd, &set);
	if (r)
		return r;
	ids = mem_zalloc((set.n + 1) * sizeof(*ids));
	if (cli_option(c, "lines"))
		r = lines_into(c, cli_option(c, "lines"), &set);
	if (!r && !(r = desk_draft(c->s, &set, ids, &c->e)))
		r = cli_print_drafts(c, ids, set.n);
	free(ids);
	invoice_set_free(&set);
	return r;
}

enum err verb_blue_copy(struct cli *c)
{
	int64_t id = 0;
	enum err r = desk_copy(c->s, c->args[0], &id, &c->e);

	return r ? r : cli_print_drafts(c, &id, 1);
}

/* ---- check ---- */

static const struct column FINDINGS[] = {
    {"index", "第几张", COLUMN_NUMBER, 0},    {"order_no", "订单号", COLUMN_OPTIONAL, 0},
    {"level", "级别", COLUMN_TEXT, FOR_JSON}, {"level_text", "级别", COLUMN_TEXT, FOR_PEOPLE},
    {"code", "代码", COLUMN_TEXT, FOR_JSON},  {"field", "字段", COLUMN_TEXT, 0},
    {"message", "说明", COLUMN_TEXT, 0},      {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_findings = {"blue check: rows[]", FINDINGS};

void findings_start(struct findings *f, struct invoice_set *set)
{
	if (!f)
		return;
	cli_grid_free(&f->g);
	cli_grid_init(&f->g, &shape_findings);
	f->set = set;
	set->warned = findings_add;
	set->warned_arg = f;
}

void findings_add(void *arg, size_t index, const struct tax_finding *f)
{
	struct findings *k = arg;
	char sentence[1200];

	cli_grid_int(&k->g, (int64_t)index + 1);
	cli_grid_text(&k->g, k->set->items[index].order_no);
	cli_grid_text(&k->g, f->warning ? "warning" : "error");
	cli_grid_text(&k->g, f->warning ? "提醒" : "错误");
	cli_grid_text(&k->g, f->at.code);
	cli_grid_text(&k->g, f->at.field);
	cli_grid_text(&k->g, err_sentence(&f->at, sentence, sizeof(sentence)));
}

static void print_check(struct cli *c, const struct findings *k, enum err r)
{
	struct json_out o;

	if (!c->json) {
		if (cli_grid_rows(&k->g))
			cli_grid_table(c, &k->g);
		cli_say(c, "共 %zu 张，%s", k->set->n, r ? "不能开具" : "可以开具");
		return;
	}
	cli_document(c, &o);
	json_put_int(&o, "total", (int64_t)cli_grid_rows(&k->g));
	cli_grid_put_rows(&o, "rows", &k->g);
	json_put(&o, "next", NULL);
	json_put_int(&o, "invoices", (int64_t)k->set->n);
	cli_document_end(c, &o);
}

enum err verb_blue_check(struct cli *c)
{
	struct invoice_set set;
	struct findings k = {.set = &set};
	int fd;
	enum err r = cli_orders_open(c, c->args[0], &set, &fd);

	if (r)
		return r;
	if (fd >= 0)
		return cli_orders_check(c, c->args[0], fd);
	cli_grid_init(&k.g, &shape_findings);
	r = desk_check(c->s, &set, findings_add, &k, &c->e);
	if (!r || cli_grid_rows(&k.g))
		print_check(c, &k, r);
	cli_grid_free(&k.g);
	invoice_set_free(&set);
	return r;
}
