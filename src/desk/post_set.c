/* post_set.c - settings of pushes; tests of pushes and mail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/post_values_p.h"

enum { SECRET_MIN = 16 };

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
		return post_bad("kinds", "推送哪些发票", "应为 all、special 或 ordinary", e);
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
	if ((r = post_take_text("url", "推送地址",
				f->url && strcmp(f->url, url_mask(url, masked)) != 0 ? f->url
										     : NULL,
				url, sizeof(url), URL_TEXT - 1, e)) ||
	    (r = url_check(url, t->plain, e))) {
		if (e && !*e->field)
			err_field(e, "url");
	} else if (strstr(url, "***")) {
		r = post_bad("url", "推送地址", "隐藏的部分（***）要写全", e);
	} else {
		r = post_seal(s, push_url_context(u, context), url, strlen(url), &t->sealed_url, e);
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

	if ((r = post_take_flag("plain", "允许明文", f->plain, &t->plain, e)) ||
	    (r = take_url(s, u, f, t, e)))
		return r;
	if ((r = post_take_text("key-id", "密钥编号", f->key_id, t->key_id, sizeof(t->key_id), 63,
				e)))
		return r;
	if (!key_id_ok(t->key_id))
		return post_bad("key-id", "密钥编号", "应为字母、数字和 - _ .，最多 63 个", e);
	if ((r = post_take_secret(s, &RULE, push_secret_context(u, context), f->secret,
				  f->secret_file, &t->sealed_secret, e)))
		return r;
	if (text_empty(t->sealed_secret))
		return post_bad("secret", "推送密钥", "没有填写，接收方要用它验证签名", e);
	if ((r = post_take_ca(f->ca_file, &t->ca_pem, e)) ||
	    (r = take_kinds(f->kinds, t->kinds, e)) ||
	    (r = post_take_flag("automatic", "自动推送", f->automatic, &t->automatic, e)) ||
	    (r = post_take_number("together", "一次几张", f->together, 0, POST_TOGETHER_MAX,
				  &t->together, e)))
		return r;
	return post_take_number("days", "重试天数", f->days, 1, POST_DAYS_MAX, &t->days, e);
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
	char key[HASH_TEXT];
	struct unit u;
	bool found;
	enum err r;

	if ((r = desk_allow(s, DESK_POST, e)) || (r = store_key_noted(s->db, key, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = store_push_target_get(s->db, u.id, &t, &found, e)) &&
	    !(r = fill_push(s, &u, f, &t, e)) && !(r = db_begin(s->db, e)))
		r = desk_end(s, (r = store_key_same(s->db, key, e)) ? r : store_push(s, &u, &t, e),
			     e);
	push_target_free(&t);
	unit_free(&u);
	return r;
}

enum err desk_push_remove(struct session *s, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_POST, &unit, e);

	if (r)
		return r;
	if (!(r = db_begin(s->db, e))) {
		if (!(r = store_push_target_remove(s->db, unit, e)))
			r = desk_audit(s, unit, "push.remove", "", "", "", e);
		r = desk_end(s, r, e);
	}
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
	char context[POST_CONTEXT], key[HASH_TEXT], *sealed = NULL;
	struct unit u;
	enum err r = store_key_noted(s->db, key, e);

	if (r || (r = store_unit_get(s->db, unit, &u, e)))
		return r;
	r = post_seal(s, push_url_context(&u, context), url, strlen(url), &sealed, e);
	unit_free(&u);
	if (!r && !(r = db_begin(s->db, e))) {
		if (!(r = store_key_same(s->db, key, e)) && !(r = db_overwrite(s->db, e)))
			r = store_push_seal(s->db, unit, sealed, e);
		r = desk_end(s, r, e);
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

/* ---- tests ---- */

static enum err add_test(struct session *s, const char *payload, const char *action,
			 struct desk_wait *w, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_POST, &unit, e);

	if (r)
		return r;
	if (!(r = db_begin(s->db, e))) {
		if (!(r = desk_intent_add(s, unit, JOB_POST_TEST, "", payload, w, e)))
			r = desk_audit(s, unit, action, "", "", "", e);
		r = desk_end(s, r, e);
	}
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
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : store_post_counts(s->db, unit, out, e);
}
