/* v_blue.c - issuing, retrying, giving up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch_p.h"
#include "cli/issue_p.h"

/* Data, then what follows from it: figures of the quota before the download. */
enum { REFRESH_ROUNDS = 3 };

/* ---- issue ---- */

static const struct column ISSUE[] = {
    {"order_no", "订单号", COLUMN_OPTIONAL, 0},
    {"kind", "票种", COLUMN_TEXT, FOR_JSON},
    {"kind_text", "票种", COLUMN_TEXT, FOR_PEOPLE},
    {"buyer", "购方", COLUMN_TEXT, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"number", "号码", COLUMN_OPTIONAL, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"repeat", "重复", COLUMN_BOOL, FOR_JSON},
    {"message", "说明", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_issue = {
    "blue issue, invoices retry, invoices void, invoices settle: results[]", ISSUE};

void issue_report_init(struct issue_report *p)
{
	memset(p, 0, sizeof(*p));
	cli_grid_init(&p->rows, &shape_issue);
}

void issue_report_free(struct issue_report *p)
{
	cli_grid_free(&p->rows);
}

void issue_tell_person(struct cli *c, const struct invoice_record *r, char *text, size_t size)
{
	char admins[ADMINS_TEXT];
	size_t n = strlen(text);

	if (!r->needs_person)
		return;
	desk_administrators(c->s, admins);
	snprintf(text + n, size - n, "%s需人工，请联系 %s", n ? "；" : "", admins);
	text[text_whole(text, size - 1)] = 0;
}

enum err issue_report_add(struct cli *c, struct issue_report *p, int64_t id, bool repeat,
			  const char *note)
{
	struct invoice_record r;
	char text[900];
	enum err rc = desk_invoice_head(c->s, id, &r, &c->e), verdict;

	if (rc)
		return rc;
	verdict = desk_invoice_verdict(c->s, &r, text, sizeof(text), &c->e);
	issue_tell_person(c, &r, text, sizeof(text));
	cli_grid_text(&p->rows, r.invoice.order_no);
	cli_grid_text(&p->rows, invoice_kind_word(r.invoice.kind));
	cli_grid_textf(&p->rows, "%s%s", r.invoice.red ? "红字" : "",
		       invoice_kind_label(r.invoice.kind));
	cli_grid_text(&p->rows, r.invoice.buyer.name);
	cli_grid_fen(&p->rows, r.invoice.gross_fen);
	cli_grid_text(&p->rows, r.invoice.number);
	cli_grid_text(&p->rows, invoice_state_word(r.state));
	cli_grid_text(&p->rows, invoice_state_label(r.state));
	cli_grid_bool(&p->rows, repeat);
	cli_grid_text(&p->rows, *text ? text : note);
	p->total++;
	p->issued += r.state == INVOICE_ISSUED;
	p->needs_person |= r.needs_person;
	if (verdict && desk_worse(p->worst, verdict) == verdict && p->worst != verdict) {
		p->worst = verdict;
		p->red = r.invoice.red;
		p->unsent =
		    verdict != ERR_BUSY && verdict != ERR_UNKNOWN && r.state == INVOICE_NUMBERED;
		text_copy(p->first, sizeof(p->first), text);
		text_copy(p->first_no, sizeof(p->first_no),
			  *r.invoice.number ? r.invoice.number : r.invoice.order_no);
	}
	invoice_record_free(&r);
	return ERR_OK;
}

static const struct {
	enum err class;
	bool unsent;
	const char *code, *what, *hint;
} VERDICTS[] = {
    {ERR_REFUSED, false, "invoice.refused", "税局未通过",
     "改正内容后再次执行 kaipiao blue issue，或用 kaipiao invoices retry 原样重试"},
    {ERR_REFUSED, true, "invoice.unsent", "还没有送达税局",
     "已记录；改正接入配置后自动上传，或运行 kaipiao sync --once"},
    {ERR_INVALID, false, "invoice.void", "该订单的发票已作废", "请换一个订单号重新开具"},
    {ERR_INVALID, true, "invoice.unsent", "没有发送",
     "已记录；用 kaipiao doctor 查明并改正接入配置后自动上传，或运行 kaipiao sync --once"},
    {ERR_DAMAGED, true, "invoice.unsent", "没有发送",
     "已记录；用 kaipiao doctor 查明并改正后自动上传，或运行 kaipiao sync --once"},
    {ERR_UNKNOWN, false, "invoice.pending", "结果还不知道",
     "已记录，稍后用 kaipiao invoices show 查看或 kaipiao sync --once 继续"},
    {ERR_BUSY, false, "invoice.waiting", "还没有送达税局",
     "已记录，恢复连接后自动上传，或运行 kaipiao sync --once"},
};

/* A red one has nothing to correct: it is as its letter. */
#define RED_REFUSED                                                                                \
	"用 kaipiao invoices retry 原样重试，或 kaipiao invoices void 作废后由红字确认单重新开具"

static enum err verdict_error(struct cli *c, const struct issue_report *p)
{
	size_t i;

	for (i = 0; i < sizeof(VERDICTS) / sizeof(VERDICTS[0]); i++) {
		const char *why = p->first;

		if (VERDICTS[i].class != p->worst || VERDICTS[i].unsent != p->unsent)
			continue;
		if (!*why && p->worst == ERR_UNKNOWN)
			why = "等待税局处理";
		err_fail(&c->e, p->worst, VERDICTS[i].code, "开票",
			 "%zu 张中 %zu 张开票成功；%s %s%s%s", p->total, p->issued, p->first_no,
			 VERDICTS[i].what, *why ? "：" : "", why);
		err_hint(&c->e, "%s",
			 p->needs_person ? "需要联系管理员介入处理"
			 : p->red && !VERDICTS[i].unsent && p->worst == ERR_REFUSED
			     ? RED_REFUSED
			     : VERDICTS[i].hint);
	}
	return p->worst;
}

/* Beside the table, not in it: whoever reads that by program gets rows alone. */
static void say_warnings(const struct findings *f)
{
	size_t row;

	/* The sentence is the last cell of its row. */
	for (row = 1; f && row <= cli_grid_rows(&f->g); row++) {
		char *shown = text_visible(f->g.cells[row * f->g.width - 1]);

		fprintf(stderr, "提醒：%s\n", shown);
		free(shown);
	}
}

static void put_unit(struct json_out *o, const struct unit *u)
{
	json_open(o, "unit", '{');
	json_put(o, "tax_no", u->tax_no);
	json_put(o, "name", u->name);
	json_put(o, "env", unit_env_word(u->env));
	json_put(o, "env_text", unit_env_label(u->env));
	json_close(o, '}');
}

static enum err print_report(struct cli *c, const struct issue_report *p, const struct unit *u)
{
	struct json_out o;
	enum err r = p->worst ? verdict_error(c, p) : ERR_OK;

	if (!c->json) {
		cli_grid_table(c, &p->rows);
		cli_say(c, "%s（%s）：共 %zu 张，开票成功 %zu 张", u->name, unit_env_label(u->env),
			p->total, p->issued);
		say_warnings(p->warnings);
		return r;
	}
	cli_document(c, &o);
	put_unit(&o, u);
	cli_grid_put_rows(&o, "results", &p->rows);
	if (p->warnings)
		cli_grid_put_rows(&o, "warnings", &p->warnings->g);
	cli_document_end(c, &o);
	return r;
}

enum err issue_report_print(struct cli *c, struct issue_report *p)
{
	struct unit u;
	enum err r = desk_unit(c->s, &u, &c->e);

	if (r)
		return r;
	r = print_report(c, p, &u);
	unit_free(&u);
	return r;
}

/* What was issued: the flags are NULL or n. */
struct issued {
	const char *again; /* what to say of a repeat; NULL: of its order */
	const int64_t *ids;
	const bool *repeat, *corrected, *differs;
	size_t n;
	const struct findings *warnings;
};

static enum err add_issued(struct cli *c, struct issue_report *p, const struct issued *all,
			   size_t i)
{
	const char *note = "";

	if (all->corrected && all->corrected[i])
		note = "已按更正内容用原号码重开";
	else if (all->differs && all->differs[i])
		note = "该订单已经开过，返回原来的结果；这次的内容不同，没有采用";
	else if (all->repeat && all->repeat[i])
		note = all->again ? all->again : "该订单已经开过，返回原来的结果";
	return issue_report_add(c, p, all->ids[i], all->repeat && all->repeat[i], note);
}

/* Waits for the invoices and prints how each stands. */
static enum err settle(struct cli *c, const struct issued *all)
{
	struct desk_wait w = {0};
	struct issue_report p;
	size_t i;
	enum err r;

	for (i = 0; i < all->n; i++)
		desk_wait_invoice(&w, all->ids[i]);
	r = cli_wait(c, &w);
	desk_wait_free(&w);
	issue_report_init(&p);
	p.warnings = all->warnings;
	/* Whatever went wrong while waiting, the numbers are taken and must be named. */
	if (r) {
		struct err_info waited = c->e;

		for (i = 0; i < all->n; i++)
			add_issued(c, &p, all, i);
		p.worst = ERR_OK;
		issue_report_print(c, &p);
		c->e = waited;
	} else {
		for (i = 0; i < all->n && !r; i++)
			r = add_issued(c, &p, all, i);
		if (!r)
			r = issue_report_print(c, &p);
	}
	issue_report_free(&p);
	return r;
}

enum err issue_settle_red(struct cli *c, const int64_t *ids, const bool *repeat, size_t n)
{
	return settle(c, &(struct issued) {.again = "这张红字确认单已经开过，返回原来的发票",
					   .ids = ids,
					   .repeat = repeat,
					   .n = n});
}

enum err issue_refresh(struct cli *c, struct invoice_set *set, struct findings *warnings,
		       struct err_info *trouble)
{
	enum err r = ERR_OK;
	int round;

	err_clear(trouble);
	for (round = 0; round < REFRESH_ROUNDS && !r && !trouble->class; round++) {
		struct desk_wait w = {0};
		bool asked;

		findings_start(warnings, set);
		r = desk_issue_prepare(c->s, set, &w, &c->e);
		asked = w.job_count > 0;
		if (!r && asked && !c->no_wait && !(r = cli_wait(c, &w)))
			desk_wait_verdict(c->s, &w, trouble);
		desk_wait_free(&w);
		if (!asked || c->no_wait)
			break;
	}
	return r;
}

bool cli_short_again(const struct cli *c, int *round)
{
	return !c->no_wait && !strcmp(c->e.code, "numbers.short") && ++*round < REFRESH_ROUNDS;
}

enum err issue_set(struct cli *c, struct invoice_set *set, int64_t *ids, bool *repeat,
		   struct findings *warnings)
{
	struct err_info trouble;
	int round = 0;
	enum err r;

	do {
		err_clear(&c->e);
		if ((r = issue_refresh(c, set, warnings, &trouble)))
			return r;
		r = desk_issue(c->s, set, ids, repeat, &c->e);
	} while (r && !trouble.class && cli_short_again(c, &round));
	/* What could not be fetched is the better reason for a refusal over missing data. */
	if (r == ERR_INVALID && trouble.class &&
	    (!strncmp(c->e.code, "seller.", 7) || strstr(c->e.field, "tax_code"))) {
		c->e = trouble;
		err_hint(&c->e, "%s%s发票没有保存，取得税局数据后请再次执行", trouble.hint,
			 *trouble.hint ? "；" : "");
		r = c->e.class;
	}
	return r;
}

enum err verb_blue_issue(struct cli *c)
{
	struct findings warnings = {.set = NULL};
	struct invoice_set set;
	int64_t *ids;
	bool *repeat;
	int fd;
	enum err r = cli_orders_open(c, c->args[0], &set, &fd);

	if (r)
		return r;
	if (fd >= 0)
		return cli_orders_issue(c, c->args[0], fd);
	ids = mem_zalloc((set.n + 1) * sizeof(*ids));
	repeat = mem_zalloc((set.n + 1) * sizeof(*repeat));
	set.corrected = mem_zalloc((set.n + 1) * sizeof(*set.corrected));
	set.differs = mem_zalloc((set.n + 1) * sizeof(*set.differs));
	if (!(r = issue_set(c, &set, ids, repeat, &warnings)))
		r = settle(c, &(struct issued) {.ids = ids,
						.repeat = repeat,
						.corrected = set.corrected,
						.differs = set.differs,
						.n = set.n,
						.warnings = &warnings});
	cli_grid_free(&warnings.g);
	free(ids);
	free(repeat);
	free(set.corrected);
	free(set.differs);
	invoice_set_free(&set);
	return r;
}

enum err verb_invoices_retry(struct cli *c)
{
	int64_t id = 0;
	struct err_info stale;
	enum err r;

	if (c->argc > 1)
		return cli_deeds(c, desk_retry, true);
	r = desk_retry(c->s, c->args[0], &id, &c->e);

	/* Data older than a day is fetched first, as for a new invoice. */
	if (r == ERR_INVALID && !strncmp(c->e.code, "seller.", 7) && !c->no_wait) {
		struct desk_wait w = {0};

		stale = c->e;
		err_clear(&c->e);
		if (!(r = desk_taxpayer_sync(c->s, &w, &c->e)) && !(r = cli_wait_jobs(c, &w)))
			r = desk_retry(c->s, c->args[0], &id, &c->e);
		else if (!c->e.class)
			c->e = stale;
		desk_wait_free(&w);
	}
	return r ? r : settle(c, &(struct issued) {.ids = &id, .n = 1});
}

/* The invoice as it stands now; that it is void is what was asked for. */
static enum err report_one(struct cli *c, int64_t id)
{
	struct issue_report p;
	enum err r;

	issue_report_init(&p);
	if (!(r = issue_report_add(c, &p, id, false, ""))) {
		p.worst = ERR_OK;
		r = issue_report_print(c, &p);
	}
	issue_report_free(&p);
	return r;
}

enum err verb_invoices_void(struct cli *c)
{
	int64_t id = 0;
	enum err r;

	if (c->argc > 1)
		return cli_deeds(c, desk_void, false);
	r = desk_void(c->s, c->args[0], &id, &c->e);

	return r ? r : report_one(c, id);
}

enum err verb_invoices_settle(struct cli *c)
{
	bool issued = cli_flag(c, "issued");
	const char *reason = cli_option(c, "reason");
	int64_t id = 0;
	enum err r;

	if (issued == cli_flag(c, "void"))
		return cli_usage(
		    c, "请给出 --issued（税局已有这张发票）或 --void（没有，或是另一张）之一");
	if (!reason)
		return cli_usage(c, "请用 --reason 写明理由");
	r = desk_settle(c->s, c->args[0], issued, reason, &id, &c->e);
	return r ? r : report_one(c, id);
}
