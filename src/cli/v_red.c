/* v_red.c - 红字确认单: lists, one letter, issuing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/issue_p.h"
#include "cli/red_p.h"

enum { OLD_NUMBER = 8, WHOLE_NUMBER = 20 }; /* of 税控 invoices, of digital ones */

static const struct column LETTERS[] = {
    {"id", "编号", COLUMN_NUMBER, FOR_JSON},
    {"id_text", "#编号", COLUMN_TEXT, FOR_PEOPLE},
    {"confirmation_no", "确认单编号", COLUMN_OPTIONAL, 0},
    {"uuid", "UUID", COLUMN_OPTIONAL, FOR_JSON | ON_CARD},
    {"role", "我方", COLUMN_TEXT, FOR_JSON},
    {"role_text", "我方", COLUMN_TEXT, FOR_PEOPLE},
    {"entered_by", "录入方", COLUMN_TEXT, FOR_JSON},
    {"entered_by_text", "录入方", COLUMN_TEXT, FOR_PEOPLE},
    {"state", "状态", COLUMN_OPTIONAL, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_JSON},
    {"standing_text", "状态", COLUMN_TEXT, FOR_PEOPLE},
    {"situation", "情况", COLUMN_TEXT, FOR_JSON},
    {"reason", "冲红原因", COLUMN_TEXT, FOR_JSON},
    {"reason_text", "冲红原因", COLUMN_TEXT, FOR_JSON | ON_CARD},
    {"party", "对方", COLUMN_TEXT, 0},
    {"party_tax_no", "对方税号", COLUMN_OPTIONAL, FOR_JSON | ON_CARD},
    {"blue_code", "蓝票代码", COLUMN_OPTIONAL, FOR_JSON | ON_CARD},
    {"blue_number", "蓝票号码", COLUMN_TEXT, 0},
    {"blue_kind", "蓝票票种", COLUMN_OPTIONAL, FOR_JSON},
    {"blue_kind_text", "蓝票票种", COLUMN_OPTIONAL, FOR_JSON | ON_CARD},
    {"blue_issued_at", "蓝票日期", COLUMN_OPTIONAL, FOR_JSON | ON_CARD},
    {"blue_net", "蓝票金额", COLUMN_MONEY, FOR_JSON | ON_CARD},
    {"blue_tax", "蓝票税额", COLUMN_MONEY, FOR_JSON | ON_CARD},
    {"blue_paper", "纸质发票", COLUMN_BOOL, FOR_JSON | ON_CARD},
    {"element", "特定要素", COLUMN_OPTIONAL, FOR_JSON | ON_CARD},
    {"differential", "差额征税", COLUMN_OPTIONAL, FOR_JSON | ON_CARD},
    {"net", "冲销金额", COLUMN_MONEY, 0},
    {"tax", "冲销税额", COLUMN_MONEY, 0},
    {"entered_at", "录入日期", COLUMN_OPTIONAL, 0},
    {"confirmed_at", "确认日期", COLUMN_OPTIONAL, FOR_JSON | ON_CARD},
    {"deadline", "确认截止", COLUMN_TIME, FOR_JSON | ON_CARD},
    {"left", "剩余", COLUMN_OPTIONAL, FOR_JSON | ON_CARD}, /* hours and minutes */
    {"issued", "已开票", COLUMN_BOOL, 0},
    {"red_number", "红票号码", COLUMN_OPTIONAL, 0},
    {"red_issued_at", "红票日期", COLUMN_OPTIONAL, FOR_JSON | ON_CARD},
    {"valid", "有效", COLUMN_BOOL, FOR_JSON | ON_CARD},
    {"message", "说明", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_red = {"red list, red show, red apply, red confirm, red deny, red revoke",
				LETTERS};

static const struct column LINES[] = {
    {"blue_row", "蓝票行", COLUMN_NUMBER, 0},
    {"tax_code", "税收编码", COLUMN_TEXT, 0},
    {"short_name", "简称", COLUMN_TEXT, FOR_JSON},
    {"name", "项目名称", COLUMN_TEXT, 0},
    {"spec", "规格型号", COLUMN_OPTIONAL, 0},
    {"unit", "单位", COLUMN_OPTIONAL, 0},
    {"quantity", "数量", COLUMN_OPTIONAL, 0},
    {"price", "单价", COLUMN_OPTIONAL, 0},
    {"net", "金额", COLUMN_MONEY, 0},
    {"tax_rate", "税率", COLUMN_OPTIONAL, 0},
    {"tax", "税额", COLUMN_MONEY, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_red_lines = {"red show: lines[], red apply --dry-run: lines[]", LINES};

static const struct column HISTORY[] = {
    {"at", "时间", COLUMN_TIME, 0},         {"event", "经过", COLUMN_TEXT, 0},
    {"user", "用户", COLUMN_OPTIONAL, 0},   {"state", "状态", COLUMN_OPTIONAL, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, 0}, {"detail", "说明", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_red_history = {"red show: history[]", HISTORY};

static const struct column COUNTS[] = {
    {"role", "我方", COLUMN_TEXT, FOR_JSON},      {"role_text", "我方", COLUMN_TEXT, FOR_PEOPLE},
    {"situation", "情况", COLUMN_TEXT, FOR_JSON}, {"situation_text", "情况", COLUMN_TEXT, 0},
    {"count", "张数", COLUMN_NUMBER, 0},          {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_red_counts = {"red counts: rows[]", COUNTS};

/* ---- rows ---- */

static enum err add_letter(void *arg, const struct red_row *row)
{
	struct grid *g = arg;
	char id[24], making[80], left[RED_LEFT];

	snprintf(id, sizeof(id), "#%" PRId64, row->id);
	snprintf(making, sizeof(making), "红字发票 %s 开具中", row->making_number);
	cli_grid_int(g, row->id);
	cli_grid_text(g, id);
	cli_grid_text(g, row->number);
	cli_grid_text(g, row->uuid);
	cli_grid_text(g, red_side_word(row->side));
	cli_grid_text(g, red_side_label(row->side));
	cli_grid_text(g, red_side_word(row->entered_by));
	cli_grid_text(g, red_side_label(row->entered_by));
	cli_grid_text(g, red_state_code(row->state));
	cli_grid_text(g, row->progress == RED_KNOWN ? red_state_label(row->state)
						    : red_row_label(row));
	cli_grid_text(g, red_row_label(row));
	cli_grid_text(g, red_situation_word(row->situation));
	cli_grid_text(g, red_reason_code(row->reason));
	cli_grid_text(g, red_reason_label(row->reason));
	cli_grid_text(g, row->party_name);
	cli_grid_text(g, row->party_tax_no);
	cli_grid_text(g, row->blue_code);
	cli_grid_text(g, row->blue_number);
	cli_grid_text(g, row->blue_kind);
	cli_grid_text(g, red_blue_kind(row->blue_kind));
	cli_grid_text(g, row->blue_issued_at);
	cli_grid_fen(g, row->blue_net);
	cli_grid_fen(g, row->blue_tax);
	cli_grid_bool(g, row->blue_paper);
	cli_grid_text(g, row->element);
	cli_grid_text(g, row->differential);
	cli_grid_fen(g, row->net);
	cli_grid_fen(g, row->tax);
	cli_grid_text(g, row->entered_at);
	cli_grid_text(g, row->confirmed_at);
	cli_grid_time(g, row->deadline);
	cli_grid_text(g, red_left(row->deadline, left));
	cli_grid_bool(g, row->issued);
	cli_grid_text(g, row->red_number);
	cli_grid_text(g, row->red_issued_at);
	cli_grid_bool(g, row->valid);
	cli_grid_text(g, row->making && !*row->message ? making : row->message);
	return ERR_OK;
}

/* number: of its red invoice that is on its way. */
static void add_record(struct grid *g, const struct red_record *r, const char *number)
{
	const struct red_letter *l = &r->letter;
	bool seller = r->side == RED_SELLER;
	struct red_row row = {
	    .id = r->id,
	    .side = r->side,
	    .entered_by = l->entered_by,
	    .state = l->state,
	    .reason = l->reason,
	    .progress = r->progress,
	    .situation = red_record_situation(r),
	    .issued = l->issued,
	    .valid = l->valid,
	    .acting = r->acting,
	    .action = r->action,
	    .making = r->making,
	    .making_number = number,
	    .deadline = tax_red_deadline(l),
	    .blue_net = l->blue_net_fen,
	    .blue_tax = l->blue_tax_fen,
	    .net = l->net_fen,
	    .tax = l->tax_fen,
	    .number = l->number,
	    .uuid = l->uuid,
	    .party_name = seller ? l->buyer_name : l->seller_name,
	    .party_tax_no = seller ? l->buyer_tax_no : l->seller_tax_no,
	    .blue_number = l->blue_number,
	    .blue_kind = l->blue_kind ? l->blue_kind : "",
	    .blue_code = l->blue_code,
	    .blue_issued_at = l->blue_issued_at,
	    .blue_paper = l->blue_paper,
	    .element = l->element ? l->element : "",
	    .differential = l->differential ? l->differential : "",
	    .entered_at = l->entered_at,
	    .confirmed_at = l->confirmed_at,
	    .red_number = l->red_number,
	    .red_issued_at = l->red_issued_at,
	    .message = *r->message ? r->message : r->action_message,
	};

	add_letter(g, &row);
}

void cli_red_lines(struct grid *g, const struct red_letter *l)
{
	char text[DEC_TEXT], rate[RATE_TEXT];

	for (size_t i = 0; i < l->line_count; i++) {
		const struct red_line *m = &l->lines[i];

		cli_grid_int(g, m->blue_row);
		cli_grid_text(g, m->tax_code);
		cli_grid_text(g, m->short_name);
		cli_grid_text(g, m->name);
		cli_grid_text(g, m->spec);
		cli_grid_text(g, m->unit);
		cli_grid_text(g, m->has_quantity ? dec_format(m->quantity, text) : "");
		cli_grid_text(g, m->has_quantity ? dec_format(m->price, text) : "");
		cli_grid_fen(g, m->net_fen);
		cli_grid_text(g, m->rate_ppm < 0 ? "" : rate_format(m->rate_ppm, rate));
		cli_grid_fen(g, m->tax_fen);
	}
}

static enum err add_event(void *arg, const struct red_event *h)
{
	struct grid *g = arg;

	cli_grid_time(g, h->at);
	cli_grid_text(g, h->what);
	cli_grid_text(g, h->user);
	cli_grid_text(g, red_state_code(h->new_state));
	cli_grid_text(g, h->new_state ? red_state_label(h->new_state) : "");
	cli_grid_text(g, h->note);
	return ERR_OK;
}

/* ---- lists ---- */

/* A filter and what it points to. */
struct conditions {
	struct red_filter filter;
	enum red_side side;
	enum red_situation situation;
	bool sent, issued;
};

static enum err read_day(struct cli *c, const char *option, char out[DATE_TEXT])
{
	const char *text = cli_option(c, option);
	struct date d;

	if (!text)
		return ERR_OK;
	if (!date_parse(text, &d))
		return cli_usage(c, "--%s 应为日期 YYYY-MM-DD：“%.40s”", option, text);
	snprintf(out, DATE_TEXT, "%04d-%02d-%02d", d.year, d.month, d.day);
	return ERR_OK;
}

static enum err read_words(struct cli *c, struct conditions *x)
{
	const char *role = cli_option(c, "role"), *state = cli_option(c, "state");
	const char *situation = cli_option(c, "situation"), *issued = cli_option(c, "issued");
	enum red_state s;

	if (role && red_side_parse(role, &x->side))
		x->filter.side = &x->side;
	if (cli_flag(c, "sent") && cli_flag(c, "received"))
		return cli_usage(c, "--sent 和 --received 只用一个");
	x->sent = cli_flag(c, "sent");
	if (x->sent || cli_flag(c, "received"))
		x->filter.sent = &x->sent;
	if (state) {
		if (!red_state_parse(state, &s))
			return cli_usage(c, "--state 应为 01 至 13：“%.40s”", state);
		x->filter.states = 1u << s;
	}
	if (situation && red_situation_parse(situation, &x->situation))
		x->filter.situation = &x->situation;
	x->issued = issued && !strcmp(issued, "yes");
	if (issued)
		x->filter.issued = &x->issued;
	return ERR_OK;
}

static bool upside_down(const char *from, const char *to)
{
	return *from && *to && strcmp(from, to) > 0;
}

static enum err read_conditions(struct cli *c, struct conditions *x)
{
	enum err r = read_words(c, x);

	x->filter.party = cli_option(c, "party");
	x->filter.blue_number = cli_option(c, "blue");
	x->filter.last_page = cli_flag(c, "last");
	if (r || (r = read_day(c, "blue-from", x->filter.blue_from)) ||
	    (r = read_day(c, "blue-to", x->filter.blue_to)) ||
	    (r = read_day(c, "from", x->filter.entered_from)))
		return r;
	if ((r = read_day(c, "to", x->filter.entered_to)))
		return r;
	if (x->filter.blue_number && strlen(x->filter.blue_number) != OLD_NUMBER &&
	    strlen(x->filter.blue_number) != WHOLE_NUMBER)
		return cli_usage(c, "--blue 应为完整的 20 位或 8 位号码：“%.40s”",
				 x->filter.blue_number);
	if (upside_down(x->filter.blue_from, x->filter.blue_to))
		return cli_usage(c, "--blue-from 晚于 --blue-to");
	return upside_down(x->filter.entered_from, x->filter.entered_to)
		   ? cli_usage(c, "--from 晚于 --to")
		   : ERR_OK;
}

/* A page, and what on it nobody has looked at before. */
struct letters {
	struct grid *grid;
	int64_t *unseen;
	size_t n;
};

static enum err list_letter(void *arg, const struct red_row *row)
{
	struct letters *p = arg;

	if (row->unseen)
		p->unseen[p->n++] = row->id;
	return add_letter(p->grid, row);
}

static enum err fill_letters(struct cli_list *l)
{
	struct conditions x = {.sent = false};
	struct letters p = {.grid = &l->grid};
	enum err r = read_conditions(l->c, &x);

	if (r)
		return r;
	x.filter.limit = l->limit;
	x.filter.cursor = l->cursor;
	p.unseen = mem_zalloc((size_t)l->limit * sizeof(*p.unseen));
	r = desk_red_list(l->c->s, &x.filter, list_letter, &p, &l->next, &l->total, &l->at_least,
			  &l->c->e);
	if (!r && x.filter.situation && x.situation == RED_VOID)
		desk_red_looked(l->c->s, p.unseen, p.n, NULL); /* a mark that stays is no failure */
	free(p.unseen);
	return r;
}

enum err cli_red_complete(struct cli *c, const struct desk_wait *w)
{
	char word[RED_WORD];
	enum err r = c->no_wait ? ERR_OK : desk_red_complete(c->s, w, word, &c->e);

	if (!r && !c->no_wait && *word)
		cli_say(c, "提醒：%s", word);
	return r;
}

/* What is new at the tax side first.  What cannot be fetched is said; the list stands. */
static enum err refresh(struct cli *c)
{
	const char *role = cli_option(c, "role");
	struct desk_wait w = {0};
	enum red_side side;
	enum err r =
	    desk_red_refresh(c->s, role && red_side_parse(role, &side) ? &side : NULL, &w, &c->e);

	if (!r && !(r = cli_wait_jobs(c, &w)))
		r = cli_red_complete(c, &w);
	desk_wait_free(&w);
	return r;
}

enum err verb_red_list(struct cli *c)
{
	struct conditions x = {.sent = false};
	enum err r = read_conditions(c, &x), asked = ERR_OK;
	struct err_info trouble;

	if (r)
		return r;
	if (cli_flag(c, "refresh") && (asked = refresh(c))) {
		trouble = c->e;
		err_clear(&c->e);
	}
	r = cli_list(c, &shape_red, TOTAL_TOLD, fill_letters);
	if (!r && asked) {
		c->e = trouble;
		r = asked;
	}
	return r;
}

static enum err fill_counts(struct cli_list *l)
{
	struct red_overview o;
	enum err r = desk_red_overview(l->c->s, &o, &l->c->e);

	for (int side = 0; side < 2 && !r; side++) {
		for (int i = 0; i < RED_SITUATIONS; i++) {
			if (!o.counts[side][i])
				continue;
			cli_grid_text(&l->grid, red_side_word((enum red_side)side));
			cli_grid_text(&l->grid, red_side_label((enum red_side)side));
			cli_grid_text(&l->grid, red_situation_word((enum red_situation)i));
			cli_grid_text(&l->grid, red_situation_label((enum red_situation)i));
			cli_grid_int(&l->grid, o.counts[side][i]);
		}
	}
	return r;
}

enum err verb_red_counts(struct cli *c)
{
	return cli_list(c, &shape_red_counts, TOTAL_ROWS, fill_counts);
}

/* ---- one ---- */

/* The number of its red invoice that is on its way; "" none. */
static void number_in_making(struct cli *c, const struct red_record *rec, char out[NUMBER_TEXT])
{
	struct invoice_record inv;

	*out = 0;
	if (!rec->making || desk_invoice_head(c->s, rec->red_invoice_id, &inv, NULL))
		return;
	text_copy(out, NUMBER_TEXT, inv.invoice.number);
	invoice_record_free(&inv);
}

static enum err print_letter(struct cli *c, const struct red_record *rec)
{
	struct grid head, lines, history;
	struct json_out o;
	char number[NUMBER_TEXT];
	enum err r;

	number_in_making(c, rec, number);

	cli_grid_init(&head, &shape_red);
	cli_grid_init(&lines, &shape_red_lines);
	cli_grid_init(&history, &shape_red_history);
	add_record(&head, rec, number);
	cli_red_lines(&lines, &rec->letter);
	r = desk_red_history(c->s, rec->id, add_event, &history, &c->e);
	if (!r && c->json) {
		cli_document(c, &o);
		cli_grid_put_members(&o, &head, 0);
		cli_grid_put_rows(&o, "lines", &lines);
		cli_grid_put_rows(&o, "history", &history);
		cli_document_end(c, &o);
	} else if (!r) {
		cli_grid_print_one(c, &head);
		if (rec->letter.line_count)
			cli_grid_table(c, &lines);
		cli_grid_table(c, &history);
	}
	cli_grid_free(&head);
	cli_grid_free(&lines);
	cli_grid_free(&history);
	return r;
}

/* Its lines are fetched first where they are not here. */
static enum err fetch_lines(struct cli *c, int64_t id)
{
	struct desk_wait w = {0};
	enum err r = cli_finish(c, desk_red_lines(c->s, id, &w, &c->e), &w);

	err_clear(&c->e); /* shown without them */
	return r;
}

enum err verb_red_show(struct cli *c)
{
	struct red_record rec;
	enum err r = desk_red_get(c->s, c->args[0], &rec, &c->e);

	if (!r && !rec.detail_at && rec.progress == RED_KNOWN) {
		int64_t id = rec.id;

		red_record_free(&rec);
		fetch_lines(c, id);
		r = desk_red_by_id(c->s, id, &rec, &c->e);
	}
	if (r)
		return r;
	r = print_letter(c, &rec);
	red_record_free(&rec);
	return r;
}

enum err cli_red_tell(struct cli *c, int64_t id)
{
	struct red_record rec;
	enum err r = desk_red_by_id(c->s, id, &rec, &c->e);

	if (r)
		return r;
	if (!(r = print_letter(c, &rec)) && !c->no_wait)
		r = desk_red_outcome(c->s, id, &c->e);
	red_record_free(&rec);
	return r;
}

/* ---- issuing ---- */

static enum err find_letters(struct cli *c, int64_t *ids)
{
	enum err r = ERR_OK;

	for (int i = 0; i < c->argc && !r; i++) {
		struct red_record rec;

		if (!(r = desk_red_get(c->s, c->args[i], &rec, &c->e))) {
			ids[i] = rec.id;
			red_record_free(&rec);
		}
		for (int k = 0; k < i && !r; k++)
			if (ids[k] == ids[i])
				r = cli_usage(c, "红字确认单 %.40s 写了两次", c->args[i]);
	}
	return r;
}

enum { REFUSALS = 1 << 20 };

/* May this one not be issued?  One that is issued already gives its invoice once more. */
static bool refused(struct cli *c, int64_t id, struct err_info *why)
{
	struct red_record rec;
	enum err r = desk_red_by_id(c->s, id, &rec, why);

	if (r)
		return true;
	r = rec.red_invoice_id || rec.letter.issued ? ERR_OK
						    : desk_red_may(c->s, &rec, RED_ISSUE, why);
	red_record_free(&rec);
	return r != ERR_OK;
}

/* Of several that may not be issued all are told, not the first alone. */
static enum err say_refused(struct cli *c, const int64_t *ids)
{
	struct err_info why = {0};
	enum err worst = ERR_OK;
	struct buf all;
	int bad = 0;

	for (int i = 0; i < c->argc; i++)
		bad += refused(c, ids[i], &why);
	if (bad < 2)
		return ERR_OK; /* that one says so itself */
	buf_init(&all, REFUSALS);
	for (int i = 0; i < c->argc; i++) {
		char text[1200];

		why = (struct err_info) {0};
		if (!refused(c, ids[i], &why))
			continue;
		worst = desk_worse(worst, why.class);
		cli_say(c, "%s　%s", c->args[i], err_sentence(&why, text, sizeof(text)));
		buf_addf(&all, "；%s：%s", c->args[i], why.why);
	}
	err_fail(&c->e, worst, "red.some", "开具红字发票", "%d 张中有 %d 张不能开，一张也没有开%s",
		 c->argc, bad, c->json ? buf_str(&all) : "");
	err_hint(&c->e, c->json ? "去掉它们再开" : "原因见上面各行；去掉它们再开");
	buf_free(&all);
	return worst;
}

/* Risk data, numbers and lines, then the transaction. */
static enum err prepare(struct cli *c, const int64_t *ids, size_t n)
{
	struct desk_wait w = {0};
	enum err r = desk_red_issue_prepare(c->s, ids, n, &w, &c->e);

	if (!r && w.job_count && !(r = cli_wait(c, &w)))
		err_clear(&c->e);
	desk_wait_free(&w);
	return r;
}

enum err verb_red_issue(struct cli *c)
{
	size_t n = (size_t)c->argc;
	int64_t *ids = mem_zalloc(n * sizeof(*ids)), *invoices = mem_zalloc(n * sizeof(*ids));
	bool *repeat = mem_zalloc(n * sizeof(*repeat));
	int round = 0;
	enum err r = find_letters(c, ids);

	if (!r)
		r = say_refused(c, ids);
	if (!r) {
		do {
			err_clear(&c->e);
			if (!(r = prepare(c, ids, n)))
				r = desk_red_issue(c->s, ids, n, cli_option(c, "remark"), invoices,
						   repeat, &c->e);
		} while (r && cli_short_again(c, &round));
	}
	if (!r)
		r = issue_settle_red(c, invoices, repeat, n);
	free(ids);
	free(invoices);
	free(repeat);
	return r;
}
