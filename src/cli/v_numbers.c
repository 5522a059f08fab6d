/* v_numbers.c - 数电领购: claiming, listing and proving numbers. */
#include <string.h>

#include "cli/cli_p.h"

/* ---- numbers ---- */

static const struct column SEGMENTS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"claimed_at", "领购时间", COLUMN_TIME, 0},
    {"seller", "销方名称", COLUMN_TEXT, 0},
    {"count", "数量", COLUMN_NUMBER, 0},
    {"first", "起始号码", COLUMN_TEXT, 0},
    {"last", "终止号码", COLUMN_TEXT, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_PEOPLE},
    {"free", "剩余", COLUMN_NUMBER, 0},
    {"reserved", "在途", COLUMN_NUMBER, 0},
    {"used", "已用", COLUMN_NUMBER, 0},
    {"reusable", "可重用", COLUMN_NUMBER, 0},
    {"void", "作废", COLUMN_NUMBER, 0},
    {"expired", "跨年作废", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_segments = {"numbers list", SEGMENTS};

static const char *segment_label(const char *state)
{
	static const struct {
		const char *word, *label;
	} LABELS[] = {{"open", "可用"}, {"used", "用完"}, {"expired", "跨年作废"}};
	size_t i;

	for (i = 0; i < sizeof(LABELS) / sizeof(LABELS[0]); i++) {
		if (!strcmp(LABELS[i].word, state))
			return LABELS[i].label;
	}
	return state;
}

struct segment_rows {
	struct grid grid;
	const char *seller;
};

static enum err add_segment(void *arg, const struct segment *s, const struct number_counts *n)
{
	struct segment_rows *rows = arg;
	struct grid *g = &rows->grid;
	const int64_t counts[] = {n->free,     n->reserved, n->used,
				  n->reusable, n->voided,   n->expired};
	size_t i;

	cli_grid_int(g, s->id);
	cli_grid_time(g, s->claimed_at);
	cli_grid_text(g, rows->seller);
	cli_grid_int(g, s->size);
	cli_grid_text(g, s->first);
	cli_grid_text(g, s->last);
	cli_grid_text(g, s->state);
	cli_grid_text(g, segment_label(s->state));
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		cli_grid_int(g, counts[i]);
	return ERR_OK;
}

static void print_segments(struct cli *c, const struct grid *g, int64_t total, int64_t next,
			   int64_t stock)
{
	bool at_least = total >= DESK_COUNT_CAP;
	struct json_out o;
	char cursor[24];

	cursor_text(next, cursor);
	if (!c->json) {
		cli_grid_print_page(c, g, total, at_least, cursor);
		cli_say(c, "库存 %lld 份", (long long)stock);
		return;
	}
	cli_document(c, &o);
	json_put_int(&o, "total", total);
	if (at_least)
		json_put_bool(&o, "at_least", true);
	cli_grid_put_rows(&o, "rows", g);
	json_put(&o, "next", *cursor ? cursor : NULL);
	json_put_int(&o, "stock", stock);
	cli_document_end(c, &o);
}

enum err verb_numbers_list(struct cli *c)
{
	struct numbers_query q = {.from = cli_option(c, "from"), .to = cli_option(c, "to")};
	struct segment_rows rows;
	struct unit u;
	int64_t next = 0, stock = 0, total = 0;
	enum err r = cli_paging(c, &q.limit, &q.cursor);

	if (r || (r = desk_unit(c->s, &u, &c->e)))
		return r;
	rows.seller = u.name;
	cli_grid_init(&rows.grid, &shape_segments);
	if (!(r = desk_numbers_list(c->s, &q, add_segment, &rows, &next, &total, &c->e)) &&
	    !(r = desk_numbers_stock(c->s, &stock, &c->e)))
		print_segments(c, &rows.grid, total, next, stock);
	cli_grid_free(&rows.grid);
	unit_free(&u);
	return r;
}

static const struct column CLAIM[] = {
    {"first", "起始号码", COLUMN_TEXT, 0},
    {"last", "终止号码", COLUMN_TEXT, 0},
    {"count", "数量", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_claim = {"numbers claim: segments[]", CLAIM};

static enum err add_claimed(void *arg, const char *first, const char *last, int64_t count)
{
	struct grid *g = arg;

	cli_grid_text(g, first);
	cli_grid_text(g, last);
	cli_grid_int(g, count);
	return ERR_OK;
}

static enum err add_piece(void *arg, const struct claim_piece *p)
{
	return p->claimed ? add_claimed(arg, p->first, p->last, p->claimed) : ERR_OK;
}

static void print_claim(struct cli *c, const struct claim *p, const struct grid *g)
{
	char words[CLAIM_WORDS], unit[DESK_UNIT_SHORT];
	struct json_out o;

	desk_unit_short(c->s, p->unit_id, unit);
	if (!c->json) {
		if (cli_grid_rows(g))
			cli_grid_table(c, g);
		cli_say(c, "%s：%s", unit, desk_claim_words(p, words));
		if (p->state == CLAIM_SHORT)
			cli_say(c, "继续：kaipiao numbers claim --continue %lld", (long long)p->id);
		return;
	}
	cli_document(c, &o);
	json_put(&o, "unit", unit);
	json_put_int(&o, "claim", p->id);
	json_put_int(&o, "asked", p->asked);
	json_put_int(&o, "claimed", p->claimed);
	json_put_int(&o, "failed", p->failed);
	json_put_int(&o, "open", p->open);
	cli_grid_put_rows(&o, "segments", g);
	cli_document_end(c, &o);
}

static enum err ask(struct cli *c, struct desk_wait *w, int64_t *id)
{
	const char *again = cli_option(c, "continue");

	if (!again == !c->argc)
		return cli_usage(c, "应为 numbers claim 份数，或 numbers claim --continue 编号");
	return again ? desk_claim_continue(c->s, again, w, id, &c->e)
		     : desk_numbers_claim(c->s, c->args[0], w, id, &c->e);
}

enum err verb_numbers_claim(struct cli *c)
{
	struct desk_wait w = {0};
	struct claim p;
	struct grid g;
	int64_t id = 0;
	enum err r = ask(c, &w, &id), read;

	if (r)
		return r;
	r = cli_wait_jobs(c, &w);
	cli_grid_init(&g, &shape_claim);
	if (!(read = desk_claim_get(c->s, id, &p, r ? NULL : &c->e)) &&
	    !(read = desk_claim_pieces(c->s, id, add_piece, &g, r ? NULL : &c->e)))
		print_claim(c, &p, &g);
	cli_grid_free(&g);
	desk_wait_free(&w);
	return r ? r : read;
}

static const struct column CLAIMS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},         {"created_at", "领购时间", COLUMN_TIME, 0},
    {"by", "申请人", COLUMN_TEXT, 0},         {"asked", "申领数量", COLUMN_NUMBER, 0},
    {"claimed", "成功", COLUMN_NUMBER, 0},    {"failed", "失败", COLUMN_NUMBER, 0},
    {"open", "未完", COLUMN_NUMBER, 0},       {"pieces", "分次", COLUMN_NUMBER, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON}, {"state_text", "状态", COLUMN_TEXT, FOR_PEOPLE},
    {"message", "说明", COLUMN_OPTIONAL, 0},  {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_claims = {"numbers claims", CLAIMS};

static enum err add_claim(void *arg, const struct claim_row *r)
{
	struct grid *g = arg;
	const struct claim *p = r->claim;
	const int64_t counts[] = {p->asked, p->claimed, p->failed, p->open, p->pieces};
	size_t i;

	cli_grid_int(g, p->id);
	cli_grid_time(g, p->created_at);
	cli_grid_text(g, r->by);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		cli_grid_int(g, counts[i]);
	cli_grid_text(g, claim_state_word(p->state));
	cli_grid_text(g, claim_state_label(p->state));
	cli_grid_text(g, p->message);
	return ERR_OK;
}

static enum err fill_claims(struct cli_list *l)
{
	return desk_claim_list(l->c->s, l->cursor, l->limit, add_claim, &l->grid, &l->next,
			       &l->total, &l->c->e);
}

enum err verb_numbers_claims(struct cli *c)
{
	return cli_list(c, &shape_claims, TOTAL_CAPPED, fill_claims);
}

static const struct column NUMBERS_AUTO[] = {
    {"on", "自动领购", COLUMN_BOOL, 0},
    {"below", "预警份数（0：最近一段的五分之一）", COLUMN_NUMBER, 0},
    {"claim", "每次领购（0：与最近一段相同）", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_numbers_auto = {"numbers auto", NUMBERS_AUTO};

enum err verb_numbers_auto(struct cli *c)
{
	struct numbers_auto a = {.below = -1, .claim = -1};
	struct grid g;
	enum err r;

	if (c->argc && ((r = cli_on_off(c, &a.on)) ||
			(r = cli_int_option(c, "below", 0, CLAIM_MAX, &a.below)) ||
			(r = cli_int_option(c, "claim", 1, CLAIM_MAX, &a.claim)) ||
			(r = desk_numbers_set_auto(c->s, &a, &c->e))))
		return r;
	if ((r = desk_numbers_auto(c->s, &a, &c->e)))
		return r;
	cli_grid_init(&g, &shape_numbers_auto);
	cli_grid_bool(&g, a.on);
	cli_grid_int(&g, a.below);
	cli_grid_int(&g, a.claim);
	cli_one(c, &g);
	return ERR_OK;
}

static const struct column STORY[] = {
    {"number", "号码", COLUMN_TEXT, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_PEOPLE},
    {"why", "说明", COLUMN_TEXT, 0},
    {"segment", "号段编号", COLUMN_NUMBER, 0},
    {"first", "起始号码", COLUMN_TEXT, 0},
    {"last", "终止号码", COLUMN_TEXT, 0},
    {"index", "段内第几个", COLUMN_NUMBER, 0},
    {"claimed_at", "领购时间", COLUMN_TIME, 0},
    {"claim", "领购编号", COLUMN_ID, 0},
    {"serial", "业务流水号", COLUMN_TEXT, 0},
    {"changed_at", "取用时间", COLUMN_TIME, 0},
    {"invoice", "发票编号", COLUMN_ID, 0},
    {"order_no", "订单号", COLUMN_OPTIONAL, 0},
    {"invoice_state", "发票状态", COLUMN_OPTIONAL, FOR_JSON},
    {"invoice_state_text", "发票状态", COLUMN_OPTIONAL, FOR_PEOPLE},
    {"issued_at", "开票日期", COLUMN_OPTIONAL, 0},
    {"message", "发票说明", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_number = {"numbers audit 号码", STORY};

static enum err explain_number(struct cli *c)
{
	struct number_story n;
	struct grid g;
	enum err r = desk_number_explain(c->s, c->args[0], &n, &c->e);
	bool has = n.place.invoice != 0;

	if (r)
		return r;
	cli_grid_init(&g, &shape_number);
	cli_grid_text(&g, n.place.number);
	cli_grid_text(&g, n.place.state);
	cli_grid_text(&g, n.label);
	cli_grid_text(&g, n.why);
	cli_grid_int(&g, n.place.segment.id);
	cli_grid_text(&g, n.place.segment.first);
	cli_grid_text(&g, n.place.segment.last);
	cli_grid_int(&g, n.place.index);
	cli_grid_time(&g, n.place.segment.claimed_at);
	cli_grid_int(&g, n.claim);
	cli_grid_text(&g, n.place.segment.serial);
	cli_grid_time(&g, n.place.changed_at);
	cli_grid_int(&g, n.place.invoice);
	cli_grid_text(&g, n.order_no);
	cli_grid_text(&g, has ? invoice_state_word(n.invoice_state) : "");
	cli_grid_text(&g, has ? invoice_state_label(n.invoice_state) : "");
	cli_grid_text(&g, n.issued_at);
	cli_grid_text(&g, n.message);
	cli_one(c, &g);
	return ERR_OK;
}

static const struct column AUDIT[] = {
    {"total", "合计", COLUMN_NUMBER, 0},           {"free", "剩余", COLUMN_NUMBER, 0},
    {"reserved", "在途", COLUMN_NUMBER, 0},        {"used", "已用", COLUMN_NUMBER, 0},
    {"reusable", "可重用", COLUMN_NUMBER, 0},      {"void", "作废", COLUMN_NUMBER, 0},
    {"expired", "跨年作废", COLUMN_NUMBER, 0},     {"unexplained", "无法解释", COLUMN_NUMBER, 0},
    {"problem", "第一处问题", COLUMN_OPTIONAL, 0}, {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_numbers_audit = {"numbers audit", AUDIT};

enum err verb_numbers_audit(struct cli *c)
{
	struct number_audit a;
	struct grid g;
	enum err r;

	if (c->argc)
		return explain_number(c);
	r = desk_numbers_audit(c->s, &a, &c->e);
	const struct number_counts *n = &a.counts;
	const int64_t counts[] = {n->total,    n->free,   n->reserved, n->used,
				  n->reusable, n->voided, n->expired,  a.unexplained};
	size_t i;

	if (r && r != ERR_DAMAGED)
		return r;
	cli_grid_init(&g, &shape_numbers_audit);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		cli_grid_int(&g, counts[i]);
	cli_grid_text(&g, a.first_problem);
	cli_one(c, &g);
	return r;
}
