/* mail.c - one mail of the queue goes to the mail server.
 *
 * Order of things: one transaction (job running, log row); the call; when the server asks for the
 * message, one transaction (`sending`) before its first byte; one transaction (outcome).  A dead
 * process leaves `queued`, of which nothing had left, or `sending`, which recover() makes
 * `unknown`: that one goes again only when a person says so.
 */
#include "post/post.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crash.h"
#include "base/date.h"
#include "base/json.h"
#include "base/text.h"
#include "sync/mail_p.h"

struct mailing {
	struct engine *en;
	struct job *job;
	struct unit unit;
	struct mail_server server;
	struct mail mail;
	struct letter letter;
	struct addresses to;
	enum mail_state from; /* as stored */
	bool test;
	struct post_reply rep;
};

/* ---- the call ---- */

static const struct {
	const char *word;
	enum mail_security security;
} SECURITIES[] = {{"starttls", MAIL_STARTTLS}, {"tls", MAIL_TLS}, {"plain", MAIL_PLAIN}};

static enum mail_security security_of(const char *word)
{
	size_t i = 0;

	while (i + 1 < sizeof(SECURITIES) / sizeof(SECURITIES[0]) &&
	       strcmp(SECURITIES[i].word, word) != 0)
		i++;
	return SECURITIES[i].security;
}

/* The server has asked for the message: from here on it may have it. */
static enum err commit_sending(void *arg)
{
	struct mailing *m = arg;
	struct err_info e = {0};
	enum err r;

	if (m->test)
		return ERR_OK;
	m->mail.state = MAIL_SENDING;
	if ((r = db_begin(m->en->db, &e)) ||
	    (r = store_mail_set(m->en->db, &m->mail, MAIL_QUEUED, &e)) ||
	    (r = db_commit(m->en->db, &e))) {
		db_rollback(m->en->db);
		m->mail.state = MAIL_QUEUED;
		return r;
	}
	m->from = MAIL_SENDING;
	return ERR_OK;
}

static void write_note(const struct mailing *m, struct buf *b)
{
	struct json_out o;
	char to[MAIL_TO_TEXT];

	json_out_init(&o, b, 0);
	json_open(&o, NULL, '{');
	json_put(&o, "message_id", m->mail.message_id);
	json_put(&o, "from", m->server.sender);
	json_put(&o, "to", addresses_text(&m->to, to, sizeof(to)));
	json_put(&o, "subject", buf_str(&m->letter.subject));
	json_open(&o, "files", '[');
	for (size_t i = 0; i < m->letter.count; i++) {
		json_open(&o, NULL, '{');
		json_put(&o, "name", m->letter.files[i].name);
		json_put_int(&o, "bytes", (long long)m->letter.files[i].size);
		json_close(&o, '}');
	}
	json_close(&o, ']');
	json_close(&o, '}');
}

static enum err begin(struct mailing *m, bool *ok, struct err_info *e)
{
	char url[HOST_TEXT + 40];
	struct buf note;
	enum err r;

	snprintf(url, sizeof(url), "%s://%s:%d",
		 security_of(m->server.security) == MAIL_TLS ? "smtps" : "smtp", m->server.host,
		 m->server.port);
	buf_init(&note, 64 * 1024);
	write_note(m, &note);
	r = post_begin(m->en, m->job,
		       &(struct post_note) {.service = "邮件",
					    .url = url,
					    .trace_id = m->mail.message_id,
					    .request = buf_str(&note)},
		       ok, e);
	buf_free(&note);
	return r;
}

static enum err call(struct mailing *m, bool *ok, struct err_info *e)
{
	char context[POST_CONTEXT];
	unsigned char *password = NULL;
	size_t n = 0;
	enum err r = text_empty(m->server.sealed_password)
			 ? ERR_OK
			 : post_unseal(m->en, mail_secret_context(&m->unit, context),
				       m->server.sealed_password, "邮箱密码", &password, &n, e);

	if (r || (r = begin(m, ok, e)) || !*ok) {
		if (password)
			secret_wipe(password, n);
		free(password);
		return r;
	}
	post_mail(m->en->post,
		  &(struct mail_call) {
		      .host = m->server.host,
		      .port = m->server.port,
		      .security = security_of(m->server.security),
		      .ca_pem = m->server.ca_pem,
		      .user = m->server.user,
		      .password = password ? (const char *)password : "",
		      .from = m->server.sender,
		      .from_name = m->server.sender_name,
		      .to = &m->to,
		      .subject = buf_str(&m->letter.subject),
		      .text = buf_str(&m->letter.text),
		      .message_id = m->mail.message_id,
		      .date = clock_now(),
		      .files = m->letter.files,
		      .file_count = m->letter.count,
		      .connect_ms = (long)m->en->params.connect_ms,
		      .total_ms = (long)m->en->params.total_ms,
		      .begin = commit_sending,
		      .arg = m,
		  },
		  &m->rep);
	crash_step("after mail");
	if (password)
		secret_wipe(password, n);
	free(password);
	return ERR_OK;
}

/* ---- outcomes ---- */

static enum mail_state state_of(enum post_class c)
{
	static const enum mail_state STATES[] = {[POST_OK] = MAIL_SENT,
						 [POST_REFUSED] = MAIL_FAILED,
						 [POST_MISCONFIGURED] = MAIL_QUEUED,
						 [POST_LATER] = MAIL_QUEUED,
						 [POST_LOST] = MAIL_UNKNOWN};

	return STATES[c];
}

/* One that waits comes again later; while the server takes nobody's mail, so do all others. */
static enum err come_again(struct mailing *m, const struct err_info *why, struct err_info *e)
{
	bool config = m->rep.class == POST_MISCONFIGURED;
	int64_t due = config ? clock_now_ms() + m->en->params.retry_max_ms
			     : retry_due_ms(m->en, m->mail.attempts, 0);
	enum err r = ERR_OK;

	if (config || !m->rep.reached)
		r = store_job_shift(m->en->db, JOB_MAIL, m->unit.id, due, true, e);
	return r ? r : store_job_again(m->en->db, m->job->id, due, NULL, why, e);
}

static enum err end_job(struct mailing *m, const struct err_info *why, struct err_info *e)
{
	if (m->mail.state == MAIL_SENT)
		return job_done(m->en, m->job->id, "{}", e);
	if (m->mail.state == MAIL_QUEUED)
		return come_again(m, why, e);
	return job_failed(m->en, m->job->id, why, e);
}

/* Cancelled while the server was being called: nothing has left. */
static enum err withdrawn(struct mailing *m, bool *out, struct err_info *e)
{
	struct mail *now;
	enum err r;

	*out = false;
	if (m->from != MAIL_QUEUED)
		return ERR_OK;
	now = mem_zalloc(sizeof(*now));
	r = store_mail_get(m->en->db, m->unit.id, m->mail.id, now, e);
	*out = !r && now->state != MAIL_QUEUED;
	free(now);
	return r;
}

static enum err apply(struct mailing *m, struct err_info *e)
{
	struct err_info why = {0};
	bool gone = false;
	enum err r = db_begin(m->en->db, e);

	post_error(&m->rep, "发送邮件", &why);
	m->mail.attempts++;
	m->mail.state = state_of(m->rep.class);
	if (m->mail.state == MAIL_QUEUED && post_too_old(m->mail.queued_at, m->server.days))
		m->mail.state = MAIL_FAILED;
	m->mail.smtp_status = m->rep.status;
	snprintf(m->mail.message, sizeof(m->mail.message), "%s%s%s", m->rep.words,
		 *m->rep.hint ? "；" : "", m->rep.hint);
	text_copy(m->mail.answer, sizeof(m->mail.answer), m->rep.answer);
	/* `sent` is reached through `sending` alone. */
	if (r || (r = post_record(m->en, &m->rep, e)) || (r = withdrawn(m, &gone, e)))
		return r;
	if (gone)
		r = job_done(m->en, m->job->id, "{}", e);
	else if (!(r = store_mail_set(m->en->db, &m->mail, m->from, e)))
		r = end_job(m, &why, e);
	if (r)
		return r;
	return db_commit(m->en->db, e);
}

/* Ends a mail that cannot be sent at all. */
static enum err give_up(struct mailing *m, enum mail_state to, const struct err_info *why,
			struct err_info *e)
{
	char sentence[1200];
	enum err r = db_begin(m->en->db, e);

	m->mail.state = to;
	text_copy(m->mail.message, sizeof(m->mail.message),
		  err_sentence(why, sentence, sizeof(sentence)));
	if (r || (r = store_mail_set(m->en->db, &m->mail, MAIL_QUEUED, e)) ||
	    (r = job_failed(m->en, m->job->id, why, e)))
		return r;
	return db_commit(m->en->db, e);
}

/* ---- before the call ---- */

static enum err prepare(struct mailing *m, bool *found, struct err_info *why)
{
	enum err r;

	if ((r = addresses_parse(m->mail.recipients, &m->to, why)))
		return r;
	if (!*found) {
		r = err_fail(why, ERR_INVALID, "mail.server", "发送邮件", "没有设置邮件服务器");
		err_hint(why, "请先填写邮件设置");
		return r;
	}
	return letter_write(m->en, &m->unit, &m->server, m->mail.invoice_id, &m->letter, why);
}

static enum err send(struct mailing *m, struct err_info *e)
{
	struct err_info why = {0};
	bool found = false, old = false, ok = false;
	enum err r;

	if ((r = store_unit_get(m->en->db, m->job->unit_id, &m->unit, e)) ||
	    (r = store_mail_server_get(m->en->db, m->unit.id, &m->server, &found, e)) ||
	    (r = store_before_restore(m->en->db, m->mail.queued_at, &old, e)))
		return r;
	if (old) {
		mail_restored(&why);
		return give_up(m, MAIL_UNKNOWN, &why, e);
	}
	if ((r = prepare(m, &found, &why))) {
		if (!house_is_down(&why))
			return give_up(m, MAIL_FAILED, &why, e);
		if (e)
			*e = why;
		return r;
	}
	if ((r = call(m, &ok, &why))) {
		if (strcmp(why.code, "post.secret") == 0)
			return give_up(m, MAIL_FAILED, &why, e);
		if (e)
			*e = why;
		return r;
	}
	return ok ? apply(m, e) : ERR_OK;
}

static enum err close_job(struct engine *en, const struct job *job, struct err_info *e)
{
	enum err r = db_begin(en->db, e);

	return r || (r = job_done(en, job->id, "{}", e)) ? r : db_commit(en->db, e);
}

static void mailing_free(struct mailing *m)
{
	letter_free(&m->letter);
	unit_free(&m->unit);
	mail_server_free(&m->server);
	free(m);
}

enum err run_mail(struct engine *en, struct job *job, struct err_info *e)
{
	struct mailing *m = mem_zalloc(sizeof(*m));
	enum err r;

	m->en = en;
	m->job = job;
	m->from = MAIL_QUEUED;
	letter_init(&m->letter);
	r = store_mail_get(en->db, job->unit_id, job->subject_id, &m->mail, e);
	if (!r) /* cancelled, or found out otherwise: the job has nothing to do */
		r = m->mail.state == MAIL_QUEUED ? send(m, e) : close_job(en, job, e);
	if (r)
		db_rollback(en->db);
	mailing_free(m);
	return r;
}

enum err mail_test(struct engine *en, struct job *job, const char *to, struct err_info *e)
{
	struct mailing *m = mem_zalloc(sizeof(*m));
	char uuid[UUID_TEXT];
	bool found = false, ok = false;
	enum err r;

	m->en = en;
	m->job = job;
	m->test = true;
	letter_init(&m->letter);
	random_uuid(uuid);
	if (!(r = store_unit_get(en->db, job->unit_id, &m->unit, e)) &&
	    !(r = store_mail_server_get(en->db, m->unit.id, &m->server, &found, e)) &&
	    !(r = addresses_parse(to, &m->to, e)) &&
	    !(r = found ? ERR_OK
			: err_fail(e, ERR_INVALID, "mail.server", "测试邮件",
				   "没有设置邮件服务器"))) {
		const char *domain = strchr(m->server.sender, '@');

		snprintf(m->mail.message_id, sizeof(m->mail.message_id), "kp.test.%s@%.90s", uuid,
			 domain && strlen(domain) <= 90 ? domain + 1 : "kaipiao.invalid");
		letter_test(&m->unit, &m->letter);
		if (!(r = call(m, &ok, e)) && ok)
			r = post_test_end(en, job, &m->rep, "测试邮件", e);
	}
	mailing_free(m);
	return r;
}
