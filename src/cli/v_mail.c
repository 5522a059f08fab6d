/* v_mail.c - 交付: mails of invoices, their list, the mail server's settings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_p.h"

static const struct column MAILS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"invoice_id", "发票编号", COLUMN_NUMBER, FOR_JSON},
    {"number", "发票号码", COLUMN_TEXT, 0},
    {"buyer", "购方", COLUMN_TEXT, FOR_JSON},
    {"gross", "价税合计", COLUMN_MONEY, FOR_JSON},
    {"to", "收件人", COLUMN_TEXT, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, 0},
    {"automatic", "自动", COLUMN_BOOL, FOR_JSON},
    {"attempts", "次数", COLUMN_NUMBER, 0},
    {"smtp_status", "SMTP", COLUMN_NUMBER, FOR_JSON},
    {"created_at", "创建时间", COLUMN_TIME, 0},
    {"sent_at", "发送时间", COLUMN_TIME, 0},
    {"message", "说明", COLUMN_TEXT, 0},
    {"answer", "邮件服务器的应答", COLUMN_TEXT, FOR_JSON},
    {"message_id", "Message-ID", COLUMN_TEXT, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_mails = {"mail list", MAILS};

static const struct column SERVER[] = {
    {"host", "邮件服务器", COLUMN_OPTIONAL, 0},   {"port", "端口", COLUMN_NUMBER, 0},
    {"security", "加密方式", COLUMN_OPTIONAL, 0}, {"own_ca", "自有 CA", COLUMN_BOOL, 0},
    {"user", "用户名", COLUMN_OPTIONAL, 0},       {"password", "密码", COLUMN_OPTIONAL, 0},
    {"sender", "发件人", COLUMN_OPTIONAL, 0},     {"sender_name", "发件人名称", COLUMN_OPTIONAL, 0},
    {"subject", "主题", COLUMN_OPTIONAL, 0},      {"body", "正文", COLUMN_OPTIONAL, 0},
    {"formats", "附件", COLUMN_OPTIONAL, 0},      {"automatic", "开票成功自动发送", COLUMN_BOOL, 0},
    {"days", "重试天数", COLUMN_NUMBER, 0},       {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_mail_server = {"mail set", SERVER};

/* ---- mails ---- */

static enum err add_mail(void *arg, const struct mail *m)
{
	struct grid *g = arg;

	cli_grid_int(g, m->id);
	cli_grid_int(g, m->invoice_id);
	cli_grid_text(g, m->number);
	cli_grid_text(g, m->buyer);
	cli_grid_fen(g, m->gross);
	cli_grid_text(g, m->recipients);
	cli_grid_text(g, mail_state_word(m->state));
	cli_grid_text(g, mail_state_label(m->state));
	cli_grid_bool(g, m->automatic);
	cli_grid_int(g, m->attempts);
	cli_grid_int(g, m->smtp_status);
	cli_grid_time(g, m->created_at);
	cli_grid_time(g, m->sent_at);
	cli_grid_text(g, m->message);
	cli_grid_text(g, m->answer);
	cli_grid_text(g, m->message_id);
	return ERR_OK;
}

static enum err print_mail(struct cli *c, const char *id)
{
	struct mail *m = mem_zalloc(sizeof(*m));
	struct err_info e = {0};
	struct grid g;
	enum err r = desk_mail_get(c->s, id, m, &e);

	if (r) {
		c->e = e;
	} else {
		cli_grid_init(&g, &shape_mails);
		add_mail(&g, m);
		cli_one(c, &g);
		if (*m->answer)
			cli_say(c, "邮件服务器的应答：%s", m->answer);
	}
	free(m);
	return r;
}

/* Waits, and shows how it stands, well or not. */
static enum err wait_and_print(struct cli *c, struct desk_wait *w, const char *id)
{
	enum err r = cli_wait_jobs(c, w), shown;
	struct err_info verdict = c->e;

	shown = print_mail(c, id);
	if (r)
		c->e = verdict;
	return r ? r : shown;
}

enum err verb_invoices_mail(struct cli *c)
{
	struct desk_wait w = {0};
	int64_t id = 0;
	char text[24];
	enum err r = desk_mail_send(c->s, c->args[0], cli_option(c, "to"), &id, &w, &c->e);

	if (!r) {
		snprintf(text, sizeof(text), "%lld", (long long)id);
		r = wait_and_print(c, &w, text);
	}
	desk_wait_free(&w);
	return r;
}

static enum err fill_mails(struct cli_list *l)
{
	struct cli *c = l->c;
	struct mail_query q = {.state = cli_option(c, "state"),
			       .no = cli_option(c, "invoice"),
			       .limit = l->limit,
			       .cursor = l->cursor};

	return desk_mail_list(c->s, &q, add_mail, &l->grid, &l->next, &l->total, &c->e);
}

enum err verb_mail_list(struct cli *c)
{
	return cli_list(c, &shape_mails, TOTAL_CAPPED, fill_mails);
}

enum err verb_mail_show(struct cli *c)
{
	return print_mail(c, c->args[0]);
}

enum err verb_mail_send(struct cli *c)
{
	struct desk_wait w = {0};
	enum err r = desk_mail_again(c->s, c->args[0], cli_option(c, "to"), cli_flag(c, "again"),
				     NULL, &w, &c->e);

	if (!r)
		r = wait_and_print(c, &w, c->args[0]);
	desk_wait_free(&w);
	return r;
}

enum err verb_mail_cancel(struct cli *c)
{
	enum err r = desk_mail_cancel(c->s, c->args[0], &c->e);

	return r ? r : print_mail(c, c->args[0]);
}

/* ---- settings ---- */

static enum err print_server(struct cli *c)
{
	struct mail_server m;
	struct grid g;
	bool found = false;
	enum err r = desk_mail_server(c->s, &m, &found, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_mail_server);
	cli_grid_text(&g, m.host);
	cli_grid_int(&g, m.port);
	cli_grid_text(&g, m.security);
	cli_grid_bool(&g, !text_empty(m.ca_pem));
	cli_grid_text(&g, m.user);
	cli_grid_text(&g, m.sealed_password ? m.sealed_password : "");
	cli_grid_text(&g, m.sender);
	cli_grid_text(&g, m.sender_name);
	cli_grid_text(&g, m.subject);
	cli_grid_text(&g, m.body ? m.body : "");
	cli_grid_text(&g, m.formats);
	cli_grid_bool(&g, m.automatic);
	cli_grid_int(&g, m.days);
	cli_one(c, &g);
	mail_server_free(&m);
	return ERR_OK;
}

enum { BODY_FILE_MAX = 64 * 1024 };

enum err verb_mail_set(struct cli *c)
{
	struct mail_form f = {
	    .host = cli_option(c, "host"),
	    .port = cli_option(c, "port"),
	    .security = cli_option(c, "security"),
	    .user = cli_option(c, "login"),
	    .password_file = cli_option(c, "password-file"),
	    .ca_file = cli_option(c, "ca-file"),
	    .sender = cli_option(c, "sender"),
	    .sender_name = cli_option(c, "sender-name"),
	    .subject = cli_option(c, "subject"),
	    .formats = cli_option(c, "formats"),
	    .automatic = cli_option(c, "automatic"),
	    .days = cli_option(c, "days"),
	};
	const char *file = cli_option(c, "body-file");
	char *body = NULL;
	size_t n;
	enum err r = ERR_OK;

	if (file && *file && (r = file_read(file, BODY_FILE_MAX, &body, &n, &c->e)))
		return r;
	f.body = body ? body : file;
	if (c->option_count)
		r = desk_mail_set(c->s, &f, &c->e);
	free(body);
	return r ? r : print_server(c);
}

enum err verb_mail_test(struct cli *c)
{
	struct desk_wait w = {0};
	enum err r = desk_mail_test(c->s, c->args[0], &w, &c->e);

	if (!r)
		r = cli_post_test(c, &w);
	desk_wait_free(&w);
	return r;
}
