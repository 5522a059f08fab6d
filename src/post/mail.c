/* mail.c - one message through SMTP.
 *
 * libcurl hands every line of the server to the header function; the lines tell where a dialogue
 * stood when it ended.  354 is the server asking for the message: from then on it may have taken
 * it, and only its answer to the end of the data says whether it has.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/secret.h"
#include "base/text.h"
#include "post/post_p.h"

enum { LINES_MAX = 8192, GO_AHEAD = 354, TAKEN = 250 };

struct dialogue {
	const struct mail_call *call;
	struct post *post;
	struct buf lines; /* of the last reply, which may have several */
	int code;         /* of the last whole reply */
	int final;        /* to the end of the data, 0: none */
	bool asked;       /* the server asked for the message */
	bool forbidden;   /* begin() said no */
	bool fresh;       /* the next line begins a reply */
};

static size_t hear(char *bytes, size_t size, size_t count, void *arg)
{
	struct dialogue *d = arg;
	size_t n = size * count;
	bool last = n >= 4 && bytes[3] == ' ';

	if (n < 3 || strspn(bytes, "0123456789") < 3)
		return n;
	/* The farewell after a no must not hide the no. */
	if (!strncmp(bytes, "221", 3))
		return n;
	if (d->fresh)
		buf_reset(&d->lines);
	if (d->lines.len + n < LINES_MAX)
		buf_add(&d->lines, bytes, n);
	d->fresh = last || n == 3 || bytes[3] == '\r' || bytes[3] == '\n';
	if (!d->fresh)
		return n;
	d->code = (bytes[0] - '0') * 100 + (bytes[1] - '0') * 10 + (bytes[2] - '0');
	if (d->asked && !d->final) {
		d->final = d->code;
	} else if (d->code == GO_AHEAD) {
		if (d->call->begin && d->call->begin(d->call->arg) != ERR_OK) {
			d->forbidden = true;
			return 0;
		}
		/* Broken off now, nobody would know what became of it. */
		d->asked = d->post->pledged = true;
	}
	return n;
}

/* ---- what is not kept of an answer ---- */

static void hide_login(struct buf *heard, const char *user, const char *password)
{
	struct buf plain, coded;
	size_t n = strlen(password);

	hide_word(heard, password, n);
	buf_init(&plain, 2 * LINES_MAX);
	buf_init(&coded, 4 * LINES_MAX);
	buf_addc(&plain, 0);
	buf_add(&plain, user, strlen(user) + 1);
	buf_add(&plain, password, n);
	hide_base64(plain.data, plain.len, &coded);
	hide_word(heard, coded.data, coded.len);
	buf_reset(&coded);
	hide_base64(password, n, &coded);
	hide_word(heard, coded.data, coded.len);
	secret_wipe(plain.data, plain.len);
	secret_wipe(coded.data, coded.len);
	buf_free(&plain);
	buf_free(&coded);
}

/* A server may repeat what it was told: the login, the letter, its files. */
static void hide_told(struct buf *heard, const struct mail_call *c)
{
	if (!text_empty(c->password))
		hide_login(heard, c->user, c->password);
	hide_echo(heard, c->text, strlen(c->text));
	hide_echo(heard, c->subject, strlen(c->subject));
	for (size_t i = 0; i < c->file_count; i++) {
		hide_echo(heard, c->files[i].name, strlen(c->files[i].name));
		hide_echo(heard, c->files[i].data, c->files[i].size);
	}
}

/* ---- judging ---- */

#define LOST_HINT "对方可能已经收下；再发之前先问收件人"

static enum post_class judge(struct post *p, CURLcode code, const struct dialogue *d,
			     struct post_reply *rep)
{
	int status = d->final ? d->final : d->code;
	bool no = status >= 400 && status < 600;

	rep->status = status;
	rep->reached = status != 0;
	reply_keep(rep, buf_str(&d->lines), d->lines.len);
	if (d->final == TAKEN)
		return POST_OK;
	if (d->forbidden)
		return reply_set(rep, POST_LATER, "", "本机没有记下，没有发送");
	if (code == CURLE_LOGIN_DENIED || (no && (status == 530 || status == 535)))
		return wire_fault(p, p->mail, CURLE_LOGIN_DENIED, rep);
	if (d->asked && !d->final)
		return reply_set(rep, POST_LOST, LOST_HINT,
				 code == CURLE_OPERATION_TIMEDOUT
				     ? "内容已发出，等待邮件服务器确认超时"
				     : "内容已发出，邮件服务器没有确认就断开了");
	if (!no && d->final)
		return reply_set(rep, POST_LOST, LOST_HINT, "邮件服务器的答复不合规范（%d）",
				 d->final);
	/* The last word of the server was a no, unless the line broke after a yes. */
	if (no && code != CURLE_OPERATION_TIMEDOUT && code != CURLE_PEER_FAILED_VERIFICATION)
		return status < 500 ? reply_set(rep, POST_LATER, "程序会自动再试",
						"邮件服务器暂时不收（%d）", status)
				    : reply_set(rep, POST_REFUSED, "按服务器的答复改正后重发",
						"邮件服务器拒收（%d）", status);
	return wire_fault(p, p->mail, code, rep);
}

/* ---- the call ---- */

static void set_place(CURL *curl, const struct mail_call *c)
{
	char url[HOST_TEXT + 32];
	bool ipv6 = strchr(c->host, ':') != NULL;

	snprintf(url, sizeof(url), "%s://%s%s%s:%d", c->security == MAIL_TLS ? "smtps" : "smtp",
		 ipv6 ? "[" : "", c->host, ipv6 ? "]" : "", c->port);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_USE_SSL,
			 c->security == MAIL_PLAIN ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	if (!text_empty(c->user)) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, c->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, c->password ? c->password : "");
	}
}

static struct curl_slist *recipients(const struct addresses *to)
{
	struct curl_slist *list = NULL;
	char one[ADDRESS_TEXT + 2];

	for (size_t i = 0; i < to->count; i++) {
		snprintf(one, sizeof(one), "<%s>", to->item[i]);
		list = curl_slist_append(list, one);
	}
	return list;
}

/* Nothing of a call may break a line or hide an address. */
static bool sound(const struct mail_call *c)
{
	bool ok = address_ok(c->from) && host_ok(c->host) && c->to->count && c->port > 0 &&
		  c->port < 65536 && (c->security != MAIL_PLAIN || host_is_loopback(c->host));

	for (size_t i = 0; ok && i < c->to->count; i++)
		ok = address_ok(c->to->item[i]);
	return ok && address_ok(c->message_id);
}

static CURLcode perform(struct post *p, const struct mail_call *c, struct dialogue *d)
{
	struct curl_slist *to = recipients(c->to), *headers = NULL;
	char from[ADDRESS_TEXT + 2];
	CURLcode code = CURLE_OUT_OF_MEMORY;
	curl_mime *mime;

	wire_prepare(p, p->mail, c->ca_pem, c->connect_ms, c->total_ms);
	set_place(p->mail, c);
	snprintf(from, sizeof(from), "<%s>", c->from);
	curl_easy_setopt(p->mail, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(p->mail, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(p->mail, CURLOPT_HEADERFUNCTION, hear);
	curl_easy_setopt(p->mail, CURLOPT_HEADERDATA, d);
	mime = mime_message(p->mail, c, &headers);
	if (mime) {
		curl_easy_setopt(p->mail, CURLOPT_HTTPHEADER, headers);
		curl_easy_setopt(p->mail, CURLOPT_MIMEPOST, mime);
		code = curl_easy_perform(p->mail);
	}
	/* judge() still asks the handle; nothing of the message stays referenced by it. */
	curl_easy_setopt(p->mail, CURLOPT_MIMEPOST, NULL);
	curl_easy_setopt(p->mail, CURLOPT_HTTPHEADER, NULL);
	curl_easy_setopt(p->mail, CURLOPT_MAIL_RCPT, NULL);
	curl_mime_free(mime);
	curl_slist_free_all(headers);
	curl_slist_free_all(to);
	return code;
}

enum post_class post_mail(struct post *p, const struct mail_call *c, struct post_reply *rep)
{
	struct dialogue d = {.call = c, .post = p, .fresh = true};
	int64_t from = clock_mono_ms();
	CURLcode code;

	*rep = (struct post_reply) {.class = POST_OK};
	if (!sound(c))
		return reply_set(rep, POST_MISCONFIGURED, "核对邮件设置与收件人",
				 "发件人、收件人或服务器的写法不对，没有发送");
	buf_init(&d.lines, LINES_MAX + 1);
	code = perform(p, c, &d);
	hide_told(&d.lines, c);
	rep->class = judge(p, code, &d, rep);
	rep->took_ms = (long)(clock_mono_ms() - from);
	curl_easy_reset(p->mail);
	buf_free(&d.lines);
	return rep->class;
}
