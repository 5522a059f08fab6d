/* post_set.c - settings of pushes and mail: checks, sealed secrets, tests. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/post_p.h"
#include "print/naming.h"

enum {
	SECRET_MIN = 16,
	SECRET_MAX = 256,
	CA_MAX = 1 << 20,
	DAYS_MAX = 30,
	SUBJECT_CHARS = 100,
	BODY_CHARS = 4000,
	NAME_CHARS = 40
};

const char mail_subject_default[] = "电子发票 {号码} {购方} {价税合计} 元";
const char mail_body_default[] =
    "您好：\n\n附件是开给“{购方}”的数电发票，请查收。\n\n"
    "票种：{票种}\n发票号码：{号码}\n开票日期：{日期}\n价税合计：{价税合计} 元\n订单号：{订单号}\n\n"
    "这封邮件由开票系统自动发出。\n";

/* ---- single values ---- */

static enum err bad(const char *field, const char *label, const char *why, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "post.field", label, "%s", why);
	err_field(e, "%s", field);
	return ERR_INVALID;
}

static enum err take_text(const char *field, const char *label, const char *value, char *out,
			  size_t size, size_t chars, struct err_info *e)
{
	size_t at;
	uint32_t cp;
	char *clean;
	enum err r = ERR_OK;

	if (!value)
		return ERR_OK;
	clean = text_trim(value);
	if (text_find_forbidden(clean, false, &at, &cp))
		r = bad(field, label, "含有不允许的字符", e);
	else if (text_chars(clean) > chars || !text_copy(out, size, clean))
		r = bad(field, label, "太长", e);
	free(clean);
	return r;
}

static enum err take_flag(const char *field, const char *label, const char *value, bool *out,
			  struct err_info *e)
{
	if (!value)
		return ERR_OK;
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return bad(field, label, "应为 yes 或 no", e);
	*out = !strcmp(value, "yes");
	return ERR_OK;
}

static enum err take_number(const char *field, const char *label, const char *value, int min,
			    int max, int *out, struct err_info *e)
{
	char why[80];
	long v;

	if (!value)
		return ERR_OK;
	v = text_all_digits(value) && strlen(value) < 7 ? strtol(value, NULL, 10) : -1;
	snprintf(why, sizeof(why), "应为 %d 到 %d 的整数", min, max);
	if (v < min || v > max)
		return bad(field, label, why, e);
	*out = (int)v;
	return ERR_OK;
}

/* The certificates are kept as text, so that the file may go away. */
static enum err take_ca(const char *file, char **out, struct err_info *e)
{
	char *pem;
	size_t n;
	enum err r;

	if (!file)
		return ERR_OK;
	if (!*file) {
		mem_set(out, "");
		return ERR_OK;
	}
	if ((r = file_read(file, CA_MAX, &pem, &n, e)))
		return r;
	if (strlen(pem) != n || !strstr(pem, "-----BEGIN CERTIFICATE-----"))
		r = bad("ca-file", "CA 证书文件", "不是 PEM 格式的证书", e);
	else
		mem_set(out, pem);
	free(pem);
	return r;
}

/* ---- secrets ---- */

static enum err seal(struct session *s, const char *context, const char *secret, size_t n,
		     char **out, struct err_info *e)
{
	unsigned char key[SECRET_KEY];
	char *sealed;
	enum err r = home_load_key(s->home, s->db, key, e);

	if (r)
		return r;
	r = secret_seal(key, context, secret, n, &sealed, e);
	secret_wipe(key, sizeof(key));
	if (r)
		return r;
	free(*out);
	*out = sealed;
	return ERR_OK;
}

struct secret_rule {
	const char *field, *label;
	size_t min;
};

/* One line of printable characters, blanks around it left out. */
static enum err seal_text(struct session *s, const struct secret_rule *rule, const char *context,
			  const char *text, size_t n, char **out, struct err_info *e)
{
	size_t i;

	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	while (n && isspace((unsigned char)*text)) {
		text++;
		n--;
	}
	for (i = 0; i < n; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return bad(rule->field, rule->label, "应只有一行可见的字符", e);
	}
	if (n < rule->min || n > SECRET_MAX)
		return bad(rule->field, rule->label,
			   n > SECRET_MAX ? "最多 256 个字节" : "太短，至少 16 个字符", e);
	return seal(s, context, text, n, out, e);
}

static enum err take_secret(struct session *s, const struct secret_rule *rule, const char *context,
			    const char *typed, const char *file, char **out, struct err_info *e)
{
	char *data;
	size_t n;
	enum err r;

	if (typed)
		return seal_text(s, rule, context, typed, strlen(typed), out, e);
	if (!file)
		return ERR_OK;
	if ((r = file_read(file, 4096, &data, &n, e)))
		return r;
	r = seal_text(s, rule, context, data, n, out, e);
	secret_wipe(data, n);
	free(data);
	return r;
}

/* ---- push ---- */

static enum err take_kinds(const char *value, char out[16], struct err_info *e)
{
	enum invoice_kind kind;

	if (!value)
		return ERR_OK;
	if (!strcmp(value, "all") || !*value)
		*out = 0;
	else if (invoice_kind_parse(value, &kind))
		text_copy(out, 16, invoice_kind_word(kind));
	else
		return bad("kinds", "推送哪些发票", "应为 all、special 或 ordinary", e);
	return ERR_OK;
}

static bool key_id_ok(const char *s)
{
	size_t n = strlen(s);

	return n && n < 64 &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") == n;
}

/* The address as it is stored; "" where none is. */
static enum err open_url(struct session *s, const struct unit *u, const struct push_target *t,
			 char out[URL_TEXT], struct err_info *e)
{
	unsigned char key[SECRET_KEY], *plain = NULL;
	char context[POST_CONTEXT];
	size_t n = 0;
	enum err r;

	*out = 0;
	if (text_empty(t->sealed_url))
		return ERR_OK;
	if ((r = home_load_key(s->home, s->db, key, e)))
		return r;
	r = secret_open(key, push_url_context(u, context), t->sealed_url, &plain, &n, e);
	secret_wipe(key, sizeof(key));
	if (!r) {
		text_copy(out, URL_TEXT, (const char *)plain);
		secret_wipe(plain, n);
	}
	free(plain);
	return r;
}

/* What stands masked in a form is the address that is stored. */
static enum err take_url(struct session *s, const struct unit *u, const struct push_form *f,
			 struct push_target *t, struct err_info *e)
{
	char url[URL_TEXT], masked[URL_TEXT], context[POST_CONTEXT];
	enum err r = open_url(s, u, t, url, f->url ? NULL : e);

	if (r && !f->url)
		return r;
	if ((r = take_text("url", "推送地址",
			   f->url && strcmp(f->url, url_mask(url, masked)) != 0 ? f->url : NULL,
			   url, sizeof(url), URL_TEXT - 1, e)) ||
	    (r = url_check(url, t->plain, e))) {
		if (e && !*e->field)
			err_field(e, "url");
	} else if (strstr(url, "***")) {
		r = bad("url", "推送地址", "隐藏的部分（***）要写全", e);
	} else {
		r = seal(s, push_url_context(u, context), url, strlen(url), &t->sealed_url, e);
	}
	secret_wipe(url, sizeof(url));
	return r;
}

static enum err fill_push(struct session *s, const struct unit *u, const struct push_form *f,
			  struct push_target *t, struct err_info *e)
{
	static const struct secret_rule RULE = {"secret", "推送密钥", SECRET_MIN};
	char context[POST_CONTEXT];
	enum err r;

	if ((r = take_flag("plain", "允许明文", f->plain, &t->plain, e)) ||
	    (r = take_url(s, u, f, t, e)))
		return r;
	if ((r = take_text("key-id", "密钥编号", f->key_id, t->key_id, sizeof(t->key_id), 63, e)))
		return r;
	if (!key_id_ok(t->key_id))
		return bad("key-id", "密钥编号", "应为字母、数字和 - _ .，最多 63 个", e);
	if ((r = take_secret(s, &RULE, push_secret_context(u, context), f->secret, f->secret_file,
			     &t->sealed_secret, e)))
		return r;
	if (text_empty(t->sealed_secret))
		return bad("secret", "推送密钥", "没有填写，接收方要用它验证签名", e);
	if ((r = take_ca(f->ca_file, &t->ca_pem, e)) || (r = take_kinds(f->kinds, t->kinds, e)) ||
	    (r = take_flag("automatic", "自动推送", f->automatic, &t->automatic, e)) ||
	    (r = take_number("together", "一次几张", f->together, 0, POST_TOGETHER_MAX,
			     &t->together, e)))
		return r;
	return take_number("days", "重试天数", f->days, 1, DAYS_MAX, &t->days, e);
}

/* Asked for in a transaction: what waits under the old settings is tried at once with the new. */
static enum err store_push(struct session *s, const struct unit *u, const struct push_target *t,
			   struct err_info *e)
{
	char url[URL_TEXT], masked[URL_TEXT];
	struct push_event first;
	size_t waiting = 0;
	int64_t job;
	enum err r;

	if ((r = open_url(s, u, t, url, e)) || (r = store_push_target_put(s->db, t, e)) ||
	    (r = store_push_waiting(s->db, t->unit_id, &first, 1, &waiting, e)) ||
	    (waiting && (r = store_push_wake(s->db, t->unit_id, &job, e))))
		return r;
	url_mask(url, masked);
	secret_wipe(url, sizeof(url));
	return desk_audit(s, t->unit_id, "push.set", masked, "", t->automatic ? "on" : "off", e);
}

enum err desk_push_set(struct session *s, const struct push_form *f, struct err_info *e)
{
	struct push_target t = {.unit_id = 0};
	struct unit u;
	bool found;
	enum err r;

	if ((r = desk_allow(s, DESK_POST, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = store_push_target_get(s->db, u.id, &t, &found, e)) &&
	    !(r = fill_push(s, &u, f, &t, e)) && !(r = db_begin(s->db, e)))
		r = post_commit(s, store_push(s, &u, &t, e), e);
	push_target_free(&t);
	unit_free(&u);
	return r;
}

enum err desk_push_remove(struct session *s, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_POST, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if (!(r = store_push_target_remove(s->db, u.id, e)))
			r = desk_audit(s, u.id, "push.remove", "", "", "", e);
		r = post_commit(s, r, e);
	}
	unit_free(&u);
	return r;
}

enum err desk_push_target(struct session *s, struct push_target *out, char url[URL_TEXT],
			  bool *found, struct err_info *e)
{
	char whole[URL_TEXT] = "";
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = store_push_target_get(s->db, u.id, out, found, e);
	/* One that cannot be opened any more is to be typed again. */
	if (!r && *found)
		open_url(s, &u, out, whole, NULL);
	url_mask(whole, url);
	secret_wipe(whole, sizeof(whole));
	mem_set(&out->sealed_secret, "");
	mem_set(&out->sealed_url, "");
	unit_free(&u);
	return r;
}

/* One of an earlier program, in plain. */
static enum err seal_older(struct session *s, int64_t unit, const char *url, struct err_info *e)
{
	char context[POST_CONTEXT], *sealed = NULL;
	struct unit u;
	enum err r = store_unit_get(s->db, unit, &u, e);

	if (r)
		return r;
	r = seal(s, push_url_context(&u, context), url, strlen(url), &sealed, e);
	unit_free(&u);
	if (!r && !(r = db_begin(s->db, e))) {
		if (!(r = db_overwrite(s->db, e)))
			r = store_push_seal(s->db, unit, sealed, e);
		r = post_commit(s, r, e);
	}
	free(sealed);
	return r;
}

void post_seal_older(struct session *s)
{
	struct err_info why = {0}, *e = &why;
	int64_t unit = 0;
	char *url = NULL;
	enum err r = store_push_plain(s->db, &unit, &url, e);

	while (!r && unit) {
		r = seal_older(s, unit, url, e);
		free(url);
		url = NULL;
		if (!r)
			r = store_push_plain(s->db, &unit, &url, e);
	}
	free(url);
	if (r)
		log_err(LOG_WARN, "post", e);
}

/* ---- mail ---- */

static enum err take_security(const char *value, const char *host, char out[12], struct err_info *e)
{
	if (value && strcmp(value, "starttls") != 0 && strcmp(value, "tls") != 0 &&
	    strcmp(value, "plain") != 0)
		return bad("security", "加密方式", "应为 starttls、tls 或 plain", e);
	if (value)
		text_copy(out, 12, value);
	if (!strcmp(out, "plain") && !host_is_loopback(host))
		return bad("security", "加密方式", "不加密只能用于本机的邮件服务器", e);
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
			return bad("formats", "附件格式", "应为 pdf、ofd、xml 中的几种", e);
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
	return n ? ERR_OK : bad("formats", "附件格式", "至少选一种", e);
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
		return bad("body", "正文", "含有不允许的字符", e);
	if (value && text_chars(value) > BODY_CHARS)
		return bad("body", "正文", "最多 4000 个字", e);
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

	if ((r = take_text("host", "邮件服务器", f->host, m->host, sizeof(m->host), HOST_TEXT, e)))
		return r;
	if (!*m->host || !host_ok(m->host))
		return bad("host", "邮件服务器", "应为主机名，如 smtp.example.cn", e);
	if (!*m->security)
		text_copy(m->security, sizeof(m->security), "tls");
	if ((r = take_security(f->security, m->host, m->security, e)))
		return r;
	if (!m->port)
		m->port = !strcmp(m->security, "tls")        ? 465
			  : !strcmp(m->security, "starttls") ? 587
							     : 25;
	if ((r = take_number("port", "端口", f->port, 1, 65535, &m->port, e)) ||
	    (r = take_text("user", "用户名", f->user, m->user, sizeof(m->user), 120, e)) ||
	    (r = take_secret(s, &RULE, mail_secret_context(u, context), f->password,
			     f->password_file, &m->sealed_password, e)))
		return r;
	if (*m->user && text_empty(m->sealed_password))
		return bad("password", "邮箱密码", "没有填写；多数邮箱要用授权码", e);
	return take_ca(f->ca_file, &m->ca_pem, e);
}

static enum err fill_mail(struct session *s, const struct unit *u, const struct mail_form *f,
			  struct mail_server *m, struct err_info *e)
{
	enum err r = fill_place(s, u, f, m, e);

	if (r || (r = take_text("sender", "发件人", f->sender, m->sender, sizeof(m->sender),
				ADDRESS_TEXT - 1, e)))
		return r;
	if (!address_ok(m->sender))
		return bad("sender", "发件人", "不是邮箱地址", e);
	if (!m->updated_at && !f->sender_name)
		text_copy(m->sender_name, sizeof(m->sender_name), u->name);
	if (!*m->subject)
		text_copy(m->subject, sizeof(m->subject), mail_subject_default);
	if (!*m->formats)
		text_copy(m->formats, sizeof(m->formats), "pdf,ofd,xml");
	if ((r = take_text("sender-name", "发件人名称", f->sender_name, m->sender_name,
			   sizeof(m->sender_name), NAME_CHARS, e)) ||
	    (r = take_text("subject", "主题", text_empty(f->subject) ? NULL : f->subject,
			   m->subject, sizeof(m->subject), SUBJECT_CHARS, e)) ||
	    (r = known_words("subject", "主题", f->subject, e)) ||
	    (r = take_body(f->body, &m->body, e)) ||
	    (r = take_formats(f->formats, m->formats, e)) ||
	    (r = take_flag("automatic", "自动发送", f->automatic, &m->automatic, e)))
		return r;
	return take_number("days", "重试天数", f->days, 1, DAYS_MAX, &m->days, e);
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
	struct unit u;
	bool found;
	enum err r;

	if ((r = desk_allow(s, DESK_POST, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = store_mail_server_get(s->db, u.id, &m, &found, e)) &&
	    !(r = fill_mail(s, &u, f, &m, e)) && !(r = db_begin(s->db, e)))
		r = post_commit(s, store_server(s, &m, e), e);
	mail_server_free(&m);
	unit_free(&u);
	return r;
}

enum err desk_mail_server(struct session *s, struct mail_server *out, bool *found,
			  struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = store_mail_server_get(s->db, u.id, out, found, e);
	if (*found)
		mem_set(&out->sealed_password, text_empty(out->sealed_password) ? "" : "***");
	unit_free(&u);
	return r;
}

/* ---- tests ---- */

static enum err add_test(struct session *s, const char *payload, const char *action,
			 struct desk_wait *w, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_POST, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if (!(r = desk_intent_add(s, u.id, JOB_POST_TEST, "", payload, w, e)))
			r = desk_audit(s, u.id, action, "", "", "", e);
		r = post_commit(s, r, e);
	}
	unit_free(&u);
	return r;
}

enum err desk_push_test(struct session *s, struct desk_wait *w, struct err_info *e)
{
	struct push_target t;
	char url[URL_TEXT];
	bool found = false;
	enum err r = desk_push_target(s, &t, url, &found, e);

	if (r)
		return r;
	push_target_free(&t);
	if (!found) {
		err_fail(e, ERR_INVALID, "push.target", "测试推送", "没有设置推送地址");
		err_hint(e, "在交付与推送里填写推送设置，或用 kaipiao push set");
		return ERR_INVALID;
	}
	return add_test(s, "{\"what\":\"push\"}", "push.test", w, e);
}

enum err desk_mail_test(struct session *s, const char *to, struct desk_wait *w, struct err_info *e)
{
	struct mail_server m;
	struct addresses list;
	char payload[ADDRESS_TEXT + 40];
	bool found = false;
	enum err r = addresses_parse(to, &list, e);

	if (r || (r = desk_mail_server(s, &m, &found, e)))
		return r;
	mail_server_free(&m);
	if (!found) {
		err_fail(e, ERR_INVALID, "mail.server", "测试邮件", "没有设置邮件服务器");
		err_hint(e, "在交付与推送里填写邮件设置，或用 kaipiao mail set");
		return ERR_INVALID;
	}
	/* What passes as an address has no character that JSON would escape, but for a backslash
	 * or a quote, which no address has. */
	snprintf(payload, sizeof(payload), "{\"what\":\"mail\",\"to\":\"%s\"}", list.item[0]);
	return add_test(s, payload, "mail.test", w, e);
}

enum err desk_post_counts(struct session *s, struct post_counts *out, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = store_post_counts(s->db, u.id, out, e);
	unit_free(&u);
	return r;
}
