/* post_set_mail.c - settings of mail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/post_values_p.h"
#include "print/naming.h"

enum { SUBJECT_CHARS = 100, BODY_CHARS = 4000, NAME_CHARS = 40 };

const char mail_subject_default[] = "电子发票 {号码} {购方} {价税合计} 元";
const char mail_body_default[] =
    "您好：\n\n附件是开给“{购方}”的数电发票，请查收。\n\n"
    "票种：{票种}\n发票号码：{号码}\n开票日期：{日期}\n价税合计：{价税合计} 元\n订单号：{订单号}\n\n"
    "这封邮件由开票系统自动发出。\n";

static enum err take_security(const char *value, const char *host, char out[12], struct err_info *e)
{
	if (value && strcmp(value, "starttls") != 0 && strcmp(value, "tls") != 0 &&
	    strcmp(value, "plain") != 0)
		return post_bad("security", "加密方式", "应为 starttls、tls 或 plain", e);
	if (value)
		text_copy(out, 12, value);
	if (!strcmp(out, "plain") && !host_is_loopback(host))
		return post_bad("security", "加密方式", "不加密只能用于本机的邮件服务器", e);
	return ERR_OK;
}

/* "xml, pdf" -> "pdf,xml" */
static enum err take_formats(const char *value, char out[16], struct err_info *e)
{
	static const char *const WORDS[] = {"pdf", "ofd", "xml"};
	bool have[3] = {false};
	size_t n = 0, i;

	if (!value)
		return ERR_OK;
	while (*value) {
		size_t len = strcspn(value, ", ");

		for (i = 0; i < 3 && (len != 3 || strncmp(value, WORDS[i], 3) != 0); i++)
			;
		if (len && i == 3)
			return post_bad("formats", "附件格式", "应为 pdf、ofd、xml 中的几种", e);
		if (len)
			have[i] = true;
		value += len + (value[len] != 0);
	}
	*out = 0;
	for (i = 0; i < 3; i++) {
		if (have[i])
			snprintf(out + strlen(out), 16 - strlen(out), "%s%s", n++ ? "," : "",
				 WORDS[i]);
	}
	return n ? ERR_OK : post_bad("formats", "附件格式", "至少选一种", e);
}

/* What would stand in every mail as it is, braces and all. */
static enum err known_words(const char *field, const char *label, const char *text,
			    struct err_info *e)
{
	enum err r = text ? print_naming_check_text(text, e) : ERR_OK;

	if (r && e) {
		text_copy(e->what, sizeof(e->what), label);
		err_field(e, "%s", field);
	}
	return r;
}

static enum err take_body(const char *value, char **out, struct err_info *e)
{
	size_t at;
	uint32_t cp;

	if (value && text_find_forbidden(value, true, &at, &cp))
		return post_bad("body", "正文", "含有不允许的字符", e);
	if (value && text_chars(value) > BODY_CHARS)
		return post_bad("body", "正文", "最多 4000 个字", e);
	if (known_words("body", "正文", value, e))
		return ERR_INVALID;
	if (value || !*out)
		mem_set(out, text_empty(value) ? mail_body_default : value);
	return ERR_OK;
}

static enum err fill_place(struct session *s, const struct unit *u, const struct mail_form *f,
			   struct mail_server *m, struct err_info *e)
{
	static const struct secret_rule RULE = {"password", "邮箱密码", 1};
	char context[POST_CONTEXT];
	enum err r;

	if ((r = post_take_text("host", "邮件服务器", f->host, m->host, sizeof(m->host), HOST_TEXT,
				e)))
		return r;
	if (!*m->host || !host_ok(m->host))
		return post_bad("host", "邮件服务器", "应为主机名，如 smtp.example.cn", e);
	if (!*m->security)
		text_copy(m->security, sizeof(m->security), "tls");
	if ((r = take_security(f->security, m->host, m->security, e)))
		return r;
	if (!m->port)
		m->port = !strcmp(m->security, "tls")        ? 465
			  : !strcmp(m->security, "starttls") ? 587
							     : 25;
	if ((r = post_take_number("port", "端口", f->port, 1, 65535, &m->port, e)) ||
	    (r = post_take_text("user", "用户名", f->user, m->user, sizeof(m->user), 120, e)) ||
	    (r = post_take_secret(s, &RULE, mail_secret_context(u, context), f->password,
				  f->password_file, &m->sealed_password, e)))
		return r;
	if (*m->user && text_empty(m->sealed_password))
		return post_bad("password", "邮箱密码", "没有填写；多数邮箱要用授权码", e);
	return post_take_ca(f->ca_file, &m->ca_pem, e);
}

static enum err fill_mail(struct session *s, const struct unit *u, const struct mail_form *f,
			  struct mail_server *m, struct err_info *e)
{
	enum err r = fill_place(s, u, f, m, e);

	if (r || (r = post_take_text("sender", "发件人", f->sender, m->sender, sizeof(m->sender),
				     ADDRESS_TEXT - 1, e)))
		return r;
	if (!address_ok(m->sender))
		return post_bad("sender", "发件人", "不是邮箱地址", e);
	if (!m->updated_at && !f->sender_name)
		text_copy(m->sender_name, sizeof(m->sender_name), u->name);
	if (!*m->subject)
		text_copy(m->subject, sizeof(m->subject), mail_subject_default);
	if (!*m->formats)
		text_copy(m->formats, sizeof(m->formats), "pdf,ofd,xml");
	if ((r = post_take_text("sender-name", "发件人名称", f->sender_name, m->sender_name,
				sizeof(m->sender_name), NAME_CHARS, e)) ||
	    (r = post_take_text("subject", "主题", text_empty(f->subject) ? NULL : f->subject,
				m->subject, sizeof(m->subject), SUBJECT_CHARS, e)) ||
	    (r = known_words("subject", "主题", f->subject, e)) ||
	    (r = take_body(f->body, &m->body, e)) ||
	    (r = take_formats(f->formats, m->formats, e)) ||
	    (r = post_take_flag("automatic", "自动发送", f->automatic, &m->automatic, e)))
		return r;
	return post_take_number("days", "重试天数", f->days, 1, POST_DAYS_MAX, &m->days, e);
}

static enum err store_server(struct session *s, const struct mail_server *m, struct err_info *e)
{
	enum err r;

	/* Mails that wait are tried at once with the new settings. */
	if ((r = store_mail_server_put(s->db, m, e)) ||
	    (r = store_job_shift(s->db, JOB_MAIL, m->unit_id, clock_now_ms(), false, e)))
		return r;
	return desk_audit(s, m->unit_id, "mail.set", m->host, "", m->automatic ? "on" : "off", e);
}

enum err desk_mail_set(struct session *s, const struct mail_form *f, struct err_info *e)
{
	struct mail_server m = {.unit_id = 0};
	char key[HASH_TEXT];
	struct unit u;
	bool found;
	enum err r;

	if ((r = desk_allow(s, DESK_POST, e)) || (r = store_key_noted(s->db, key, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = store_mail_server_get(s->db, u.id, &m, &found, e)) &&
	    !(r = fill_mail(s, &u, f, &m, e)) && !(r = db_begin(s->db, e)))
		r = desk_end(s, (r = store_key_same(s->db, key, e)) ? r : store_server(s, &m, e),
			     e);
	mail_server_free(&m);
	unit_free(&u);
	return r;
}

enum err desk_mail_server(struct session *s, struct mail_server *out, bool *found,
			  struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	if (r)
		return r;
	r = store_mail_server_get(s->db, unit, out, found, e);
	if (*found)
		mem_set(&out->sealed_password, text_empty(out->sealed_password) ? "" : "***");
	return r;
}
