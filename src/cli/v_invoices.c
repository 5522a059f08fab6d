/* v_invoices.c - 开票记录: list, show, file. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/invoices_p.h"

static const struct column INVOICES[] = {
    {"id", "编号", COLUMN_NUMBER, FOR_JSON},
    {"created_at", "创建时间", COLUMN_TIME, 0},
    {"order_no", "订单号", COLUMN_OPTIONAL, 0},
    {"kind", "票种", COLUMN_TEXT, FOR_JSON},
    {"kind_text", "票种", COLUMN_TEXT, FOR_PEOPLE},
    {"type", "开票类型", COLUMN_TEXT, FOR_JSON},
    {"buyer", "购方", COLUMN_TEXT, 0},
    {"buyer_tax_no", "购方税号", COLUMN_OPTIONAL, FOR_JSON},
    {"net", "金额", COLUMN_MONEY, FOR_JSON},
    {"tax", "税额", COLUMN_MONEY, FOR_JSON},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"number", "号码", COLUMN_OPTIONAL, 0},
    {"issued_at", "开票日期", COLUMN_TIME, FOR_JSON},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_people", "状态", COLUMN_TEXT, FOR_PEOPLE},
    {"needs_person", "需人工", COLUMN_BOOL, FOR_JSON},
    {"reversed", "红冲", COLUMN_TEXT, FOR_JSON},
    {"message", "说明", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_invoices = {"invoices list", INVOICES};

static const char *person_mark(bool needs_person)
{
	return needs_person ? "（需人工）" : "";
}

static enum err add_row(void *arg, const struct invoice_row *r)
{
	struct grid *g = arg;

	cli_grid_int(g, r->id);
	cli_grid_time(g, r->created_at);
	cli_grid_text(g, r->order_no);
	cli_grid_text(g, invoice_kind_word(r->kind));
	cli_grid_textf(g, "%s%s", r->red ? "红字" : "", invoice_kind_label(r->kind));
	cli_grid_text(g, r->red ? "red" : "blue");
	cli_grid_text(g, r->buyer_name);
	cli_grid_text(g, r->buyer_tax_no);
	cli_grid_fen(g, r->net);
	cli_grid_fen(g, r->tax);
	cli_grid_fen(g, r->gross);
	cli_grid_text(g, r->number);
	cli_grid_text(g, r->issued_at);
	cli_grid_text(g, invoice_state_word(r->state));
	cli_grid_text(g, invoice_state_label(r->state));
	cli_grid_textf(g, "%s%s%s%s%s", invoice_state_label(r->state), person_mark(r->needs_person),
		       r->reversed ? "（" : "", invoice_reversal_label(r->reversed),
		       r->reversed ? "）" : "");
	cli_grid_bool(g, r->needs_person);
	cli_grid_text(g, invoice_reversal_word(r->reversed));
	cli_grid_text(g, r->message);
	return ERR_OK;
}

/* A day of business time; `end` takes the second after its last one. */
static enum err day_option(struct cli *c, const char *name, bool end, int64_t *out)
{
	const char *text = cli_option(c, name);
	struct datetime d = {0};

	if (!text)
		return ERR_OK;
	if (!date_parse(text, &d.date))
		return err_fail(&c->e, ERR_INVALID, "date.form", "创建时间",
				"“%.40s”不是 yyyy-MM-dd 的有效日期", text);
	*out = date_unix(d) + (end ? 86400 : 0);
	return ERR_OK;
}

/* --buyer: part of a name, or "#编号" of a buyer, whose former names and tax number count too. */
static enum err buyer_option(struct cli *c, struct invoice_filter *f)
{
	const char *text = cli_option(c, "buyer");
	struct buyer b;
	enum err r;

	if (!text || text[0] != '#' || !text[1] || text[1 + strspn(text + 1, "0123456789")]) {
		f->buyer = text;
		return ERR_OK;
	}
	if ((r = desk_buyer_named(c->s, text, &b, &c->e)))
		return r;
	f->buyer_id = b.id;
	buyer_free(&b);
	return ERR_OK;
}

static enum err amount_option(struct cli *c, const char *name, int64_t *fen, const int64_t **out)
{
	const char *text = cli_option(c, name);

	if (!text)
		return ERR_OK;
	if (!fen_parse(text, fen)) {
		err_fail(&c->e, ERR_INVALID, "amount.form", "价税合计", "“%.40s”不是金额", text);
		err_hint(&c->e, "最多两位小数，例如 1130.00");
		return ERR_INVALID;
	}
	*out = fen;
	return ERR_OK;
}

static enum err issue_day(struct cli *c, const char *name, char out[DATE_TEXT])
{
	const char *text = cli_option(c, name);
	struct datetime d = {0};

	if (!text)
		return ERR_OK;
	if (!date_parse(text, &d.date))
		return err_fail(&c->e, ERR_INVALID, "date.form", "开票日期",
				"“%.40s”不是 yyyy-MM-dd 的有效日期", text);
	date_text(date_unix(d), out);
	return ERR_OK;
}

static enum err search_options(struct cli *c, struct cli_invoices *x)
{
	struct invoice_filter *f = &x->filter;
	enum err r;

	if ((r = amount_option(c, "amount-from", &x->from, &f->gross_from)) ||
	    (r = amount_option(c, "amount-to", &x->to, &f->gross_to)))
		return r;
	if ((r = issue_day(c, "issued-from", f->issued_from)) ||
	    (r = issue_day(c, "issued-to", f->issued_to)))
		return r;
	if (*f->issued_from && *f->issued_to && strcmp(f->issued_from, f->issued_to) > 0)
		return err_fail(&c->e, ERR_INVALID, "date.order", "开票日期", "起晚于止");
	if (f->gross_from && f->gross_to && x->from > x->to)
		return err_fail(&c->e, ERR_INVALID, "amount.order", "价税合计", "起大于止");
	f->text = cli_option(c, "find");
	f->number_part = cli_option(c, "number-part");
	f->remark = cli_option(c, "remark");
	f->drawer = cli_option(c, "drawer");
	x->reversed = text_eq(cli_option(c, "reversed"), invoice_reversal_word(REVERSED_WHOLE))
			  ? REVERSED_WHOLE
			  : REVERSED_PART;
	if (cli_option(c, "reversed"))
		f->reversed = &x->reversed;
	return ERR_OK;
}

static bool take_kind(struct cli_invoices *x, const char *word)
{
	struct invoice_filter *f = &x->filter;
	bool red = !strcmp(word, "red") || !strcmp(word, "红字发票");

	if (!f->kind && invoice_kind_parse(word, &x->kind)) {
		f->kind = &x->kind;
		return true;
	}
	if (f->red || !(red || !strcmp(word, "blue") || !strcmp(word, "蓝字发票")))
		return false;
	x->red = red;
	f->red = &x->red;
	return true;
}

enum err cli_invoice_kinds(struct cli *c, struct cli_invoices *x)
{
	const char *text = cli_option(c, "kind"), *p = text;
	char word[32];
	size_t n;

	for (; p && *p; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		if (n < sizeof(word)) {
			memcpy(word, p, n);
			word[n] = 0;
		}
		if (n >= sizeof(word) || !take_kind(x, word))
			return cli_usage(c,
					 "--kind 应为 special、ordinary 之一和 blue、red 之一，"
					 "用逗号连用，如 special,red；“%.40s”不是",
					 text);
	}
	return ERR_OK;
}

enum err cli_invoice_filter(struct cli *c, struct cli_invoices *x)
{
	struct invoice_filter *f = &x->filter;
	enum invoice_state *state = &x->state;
	const char *word;
	enum err r = search_options(c, x);

	if (r || (r = day_option(c, "from", false, &f->created_from)) ||
	    (r = day_option(c, "to", true, &f->created_to)))
		return r;
	if (f->created_from && f->created_to && f->created_from >= f->created_to)
		return err_fail(&c->e, ERR_INVALID, "date.order", "创建时间", "起晚于止");
	if ((word = cli_option(c, "state"))) {
		if (!invoice_state_parse(word, state))
			return err_fail(&c->e, ERR_INVALID, "invoice.state", "开票状态",
					"“%.40s”不是开票状态", word);
		f->state = state;
	}
	if ((r = cli_invoice_kinds(c, x)))
		return r;
	if ((word = cli_option(c, "business-type")) &&
	    (r = desk_type_id(c->s, word, &f->business_type, &c->e)))
		return r;
	if ((r = buyer_option(c, f)))
		return r;
	f->order_no = cli_option(c, "order-no");
	f->number = cli_option(c, "number");
	f->unfinished = cli_flag(c, "unfinished");
	return ERR_OK;
}

static enum err fill_list(struct cli_list *l)
{
	struct cli *c = l->c;
	struct cli_invoices x = {.from = 0};
	struct invoice_filter *f = &x.filter;
	enum err r = cli_invoice_filter(c, &x);

	if (r)
		return r;
	f->limit = l->limit;
	f->cursor = l->cursor;
	f->last_page = cli_flag(c, "last");
	return desk_invoice_list(c->s, f, add_row, &l->grid, &l->next, &l->total, &l->at_least,
				 &c->e);
}

enum err verb_invoices_list(struct cli *c)
{
	return cli_list(c, &shape_invoices, TOTAL_TOLD, fill_list);
}

/* ---- show ---- */

static void put_record(struct cli *c, const struct invoice_record *r)
{
	struct json_out o;

	cli_document(c, &o);
	invoice_record_put_json(&o, r);
	cli_document_end(c, &o);
}

enum err verb_invoices_show(struct cli *c)
{
	struct invoice_record r;
	struct buf text;
	char name[PRINT_NAME_TEXT];
	enum err rc = desk_invoice_get(c->s, c->args[0], &r, &c->e);

	if (rc)
		return rc;
	if (c->json) {
		put_record(c, &r);
	} else {
		buf_init(&text, CLI_OUT_MAX);
		if (!(rc = desk_invoice_file(c->s, c->args[0], PRINT_TEXT, &text, name, &c->e)))
			buf_add(&c->out, buf_str(&text), text.len);
		cli_say(c, "编号 #%lld　状态 %s%s%s%s", (long long)r.id,
			invoice_state_label(r.state), person_mark(r.needs_person),
			*r.message ? "：" : "", r.message);
		if (r.invoice.red)
			cli_say(c, "红冲蓝字发票 %s　红字确认单 %s", r.invoice.blue_number,
				r.invoice.red_letter_no);
		if (r.reversed)
			cli_say(c, "%s", invoice_reversal_label(r.reversed));
		if (!text_empty(r.invoice.business_type))
			cli_say(c, "业务类型 %s", r.invoice.business_type);
		buf_free(&text);
	}
	invoice_record_free(&r);
	return rc;
}

/* ---- file ---- */

static const struct column FILE_COLUMNS[] = {
    {"file", "文件", COLUMN_TEXT, 0},    {"format", "格式", COLUMN_TEXT, 0},
    {"bytes", "字节", COLUMN_NUMBER, 0}, {"sha256", "SHA-256", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_file = {"invoices file", FILE_COLUMNS};

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static enum err write_file(struct cli *c, const char *target, enum print_format f,
			   const struct buf *b, const char *name)
{
	char path[HOME_PATH], hash[HASH_TEXT];
	struct grid g;
	enum err r;

	if (!text_copy(path, sizeof(path), target) ||
	    (is_dir(target) && !file_join(path, sizeof(path), target, name)))
		return err_fail(&c->e, ERR_INVALID, "file.name_long", "输出文件", "路径太长");
	/* A name of ours is the invoice's: what is there is the same file from before. */
	if ((!is_dir(target) && strcmp(target, name) != 0 && (r = cli_may_replace(c, path))) ||
	    (r = home_may_write(c->home, path, &c->e)) ||
	    (r = file_write(path, buf_str(b), b->len, 0644, &c->e)))
		return r;
	hash_sha256(buf_str(b), b->len, hash);
	cli_grid_init(&g, &shape_file);
	cli_grid_text(&g, path);
	cli_grid_text(&g, print_format_word(f));
	cli_grid_int(&g, (int64_t)b->len);
	cli_grid_text(&g, hash);
	cli_one(c, &g);
	return ERR_OK;
}

/* As is said, else what the name of the file promises; a name may not promise another one. */
static enum err choose_format(struct cli *c, enum print_format *f)
{
	const char *word = cli_option(c, "format"), *to = cli_to_file(c);
	char suffix[8];
	int i;

	*f = PRINT_PDF;
	if (word && !print_format_parse(word, f))
		return cli_usage(c, "--format 应为 pdf、ofd、xml 或 txt");
	for (i = PRINT_PDF; !cli_promises_nothing(to) && i <= PRINT_TEXT; i++) {
		snprintf(suffix, sizeof(suffix), ".%s", print_format_word((enum print_format)i));
		if (!cli_promises(to, suffix) || (word && i != (int)*f))
			continue;
		*f = (enum print_format)i;
		return ERR_OK;
	}
	if (cli_promises_nothing(to))
		return ERR_OK;
	return word ? cli_usage(c, "“%.200s”不是 --format %s 的文件名", to, word)
		    : cli_usage(c, "“%.200s”：版式文件是 .pdf、.ofd、.xml 或 .txt，请改文件名", to);
}

enum err verb_invoices_file(struct cli *c)
{
	const char *target = cli_option(c, "o");
	char name[PRINT_NAME_TEXT];
	enum print_format f;
	struct buf b;
	enum err r = choose_format(c, &f);

	if (r)
		return r;
	buf_init(&b, PRINT_SIZE_MAX);
	if (!(r = desk_invoice_file(c->s, c->args[0], f, &b, name, &c->e))) {
		if (target && !strcmp(target, "-")) {
			buf_add(&c->out, buf_str(&b), b.len);
			c->document = true; /* the file itself is the output */
		} else {
			r = write_file(c, target ? target : name, f, &b, name);
		}
	}
	buf_free(&b);
	return r;
}
