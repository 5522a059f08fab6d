/* post_mail.c - the mail server of a unit, and the mails. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/secret.h"
#include "base/text.h"
#include "store/jobs.h"
#include "store/post_p.h"

static const struct {
	const char *word, *label;
	unsigned from; /* states it may come from */
} STATES[MAIL_STATES] = {
    [MAIL_QUEUED] = {"queued", "待发",
		     1u << MAIL_QUEUED | 1u << MAIL_SENDING | 1u << MAIL_FAILED |
			 1u << MAIL_UNKNOWN | 1u << MAIL_CANCELLED},
    [MAIL_SENDING] = {"sending", "发送中", 1u << MAIL_QUEUED},
    [MAIL_SENT] = {"sent", "已发送", 1u << MAIL_SENDING},
    [MAIL_FAILED] = {"failed", "失败", 1u << MAIL_QUEUED | 1u << MAIL_SENDING},
    [MAIL_UNKNOWN] = {"unknown", "结果未知", 1u << MAIL_QUEUED | 1u << MAIL_SENDING},
    [MAIL_CANCELLED] = {"cancelled", "已取消",
			1u << MAIL_QUEUED | 1u << MAIL_FAILED | 1u << MAIL_UNKNOWN},
};

const char *mail_state_word(enum mail_state s)
{
	return STATES[s].word;
}

const char *mail_state_label(enum mail_state s)
{
	return STATES[s].label;
}

bool mail_state_parse(const char *s, enum mail_state *out)
{
	for (int i = 0; i < MAIL_STATES; i++) {
		if (text_eq(s, STATES[i].word) || text_eq(s, STATES[i].label)) {
			*out = (enum mail_state)i;
			return true;
		}
	}
	return false;
}

/* ---- the server ---- */

void mail_server_free(struct mail_server *m)
{
	free(m->body);
	free(m->ca_pem);
	free(m->sealed_password);
	m->body = m->ca_pem = m->sealed_password = NULL;
}

static void read_server(struct rows *q, struct mail_server *m)
{
	m->automatic = rows_int(q, 0) != 0;
	text_copy(m->host, sizeof(m->host), rows_text(q, 1));
	m->port = (int)rows_int(q, 2);
	text_copy(m->security, sizeof(m->security), rows_text(q, 3));
	m->ca_pem = mem_strdup(rows_text(q, 4));
	text_copy(m->user, sizeof(m->user), rows_text(q, 5));
	m->sealed_password = mem_strdup(rows_text(q, 6));
	text_copy(m->sender, sizeof(m->sender), rows_text(q, 7));
	text_copy(m->sender_name, sizeof(m->sender_name), rows_text(q, 8));
	text_copy(m->subject, sizeof(m->subject), rows_text(q, 9));
	m->body = mem_strdup(rows_text(q, 10));
	text_copy(m->formats, sizeof(m->formats), rows_text(q, 11));
	m->days = (int)rows_int(q, 12);
	m->updated_at = rows_int(q, 13);
}

enum err store_mail_server_get(struct db *db, int64_t unit, struct mail_server *out, bool *found,
			       struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(
	    db, &q, e,
	    "SELECT automatic, host, port, security, COALESCE(ca_pem, ''), user,"
	    " COALESCE(sealed_password, ''), sender, sender_name, subject, body, formats, days,"
	    " updated_at FROM mail_server WHERE unit_id = ?",
	    "l", unit);

	*out = (struct mail_server) {.unit_id = unit, .days = POST_DAYS};
	*found = !r && rows_next(q);
	if (*found)
		read_server(q, out);
	return rows_end(&q, r, e);
}

enum err store_mail_server_put(struct db *db, const struct mail_server *m, struct err_info *e)
{
	return db_run(
	    db, e, NULL,
	    "INSERT INTO mail_server (unit_id, automatic, host, port, security, ca_pem, user,"
	    " sealed_password, sender, sender_name, subject, body, formats, days, updated_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (unit_id) DO UPDATE SET automatic = excluded.automatic,"
	    " host = excluded.host, port = excluded.port, security = excluded.security,"
	    " ca_pem = excluded.ca_pem, user = excluded.user,"
	    " sealed_password = excluded.sealed_password, sender = excluded.sender,"
	    " sender_name = excluded.sender_name, subject = excluded.subject,"
	    " body = excluded.body, formats = excluded.formats, days = excluded.days,"
	    " updated_at = excluded.updated_at",
	    "lisisSsSsssssil", m->unit_id, (int)m->automatic, m->host, m->port, m->security,
	    m->ca_pem, m->user, m->sealed_password, m->sender, m->sender_name, m->subject, m->body,
	    m->formats, m->days, clock_now());
}

/* ---- mails ---- */

#define MAIL                                                                                       \
	"SELECT m.id, m.unit_id, m.invoice_id, m.state, m.recipients, m.message_id, m.automatic,"  \
	" m.attempts, m.queued_at, m.updated_at, COALESCE(m.sent_at, 0), m.smtp_status,"           \
	" m.message, m.answer, COALESCE(m.created_by, 0), m.created_at, COALESCE(i.number, ''),"   \
	" COALESCE(b.name, ''), i.gross FROM mail m JOIN invoice i ON i.id = m.invoice_id"         \
	" LEFT JOIN buyer_name b ON b.id = i.buyer_name_id"

static void read_mail(struct rows *q, struct mail *m)
{
	*m = (struct mail) {.id = rows_int(q, 0),
			    .unit_id = rows_int(q, 1),
			    .invoice_id = rows_int(q, 2),
			    .automatic = rows_int(q, 6) != 0,
			    .attempts = (int)rows_int(q, 7),
			    .queued_at = rows_int(q, 8),
			    .updated_at = rows_int(q, 9),
			    .sent_at = rows_int(q, 10),
			    .smtp_status = (int)rows_int(q, 11),
			    .created_by = rows_int(q, 14),
			    .created_at = rows_int(q, 15),
			    .gross = rows_int(q, 18)};
	mail_state_parse(rows_text(q, 3), &m->state);
	text_copy(m->recipients, sizeof(m->recipients), rows_text(q, 4));
	text_copy(m->message_id, sizeof(m->message_id), rows_text(q, 5));
	text_copy(m->message, sizeof(m->message), rows_text(q, 12));
	text_copy(m->answer, sizeof(m->answer), rows_text(q, 13));
	text_copy(m->number, sizeof(m->number), rows_text(q, 16));
	text_copy(m->buyer, sizeof(m->buyer), rows_text(q, 17));
}

enum err store_mail_get(struct db *db, int64_t unit, int64_t id, struct mail *out,
			struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, MAIL " WHERE m.id = ? AND m.unit_id = ?", "ll", id, unit);
	bool found = !r && rows_next(q);

	if (found)
		read_mail(q, out);
	r = rows_end(&q, r, e);
	if (!r && !found)
		r = err_fail(e, ERR_INVALID, "mail.unknown", "邮件",
			     "没有编号为 %" PRId64 " 的邮件", id);
	return r;
}

/* "kp.12.0f...@example.cn": the domain of the sender, a number of ours, a random part. */
static enum err new_message_id(struct db *db, struct mail *m, struct err_info *e)
{
	char uuid[UUID_TEXT];
	struct mail_server server;
	const char *at;
	bool found;
	enum err r = store_mail_server_get(db, m->unit_id, &server, &found, e);

	if (r)
		return r;
	at = strchr(server.sender, '@');
	random_uuid(uuid);
	snprintf(m->message_id, sizeof(m->message_id), "kp.%" PRId64 ".%s@%.90s", m->id, uuid,
		 at && strlen(at) <= 90 ? at + 1 : "kaipiao.invalid");
	mail_server_free(&server);
	return ERR_OK;
}

enum err store_mail_add(struct db *db, struct mail *m, int64_t *job, struct err_info *e)
{
	int64_t now = clock_now(), none = 0;
	enum err r;

	if ((r = db_next_id(db, "mail", &m->id, e)) || (r = new_message_id(db, m, e)) ||
	    (r = db_run(db, e, NULL,
			"INSERT INTO mail (id, unit_id, invoice_id, state, recipients, message_id,"
			" automatic, queued_at, updated_at, message, created_by, created_at)"
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?)",
			"lllsssillsll", m->id, m->unit_id, m->invoice_id, mail_state_word(m->state),
			m->recipients, m->message_id, (int)m->automatic, now, now, m->message,
			m->created_by, now)) ||
	    m->state != MAIL_QUEUED)
		return r;
	return post_job(db, JOB_MAIL, m->unit_id, m->id, m->created_by, job ? job : &none, e);
}

enum err store_mail_job(struct db *db, const struct mail *m, int64_t *job, struct err_info *e)
{
	return post_job(db, JOB_MAIL, m->unit_id, m->id, m->created_by, job, e);
}

enum err store_mail_set(struct db *db, const struct mail *m, enum mail_state from,
			struct err_info *e)
{
	int64_t now = clock_now();
	bool anew = m->state == MAIL_QUEUED && from != MAIL_QUEUED && from != MAIL_SENDING;
	int n = 0;
	enum err r;

	if (!(STATES[m->state].from & 1u << from))
		return err_fail(e, ERR_INTERNAL, "mail.state", "邮件", "%s 不能变为 %s",
				STATES[from].label, STATES[m->state].label);
	r = db_run(db, e, &n,
		   "UPDATE mail SET state = ?, attempts = ?, smtp_status = ?, message = ?,"
		   " answer = ?, recipients = ?, updated_at = ?,"
		   " sent_at = CASE WHEN ? THEN ? ELSE sent_at END,"
		   " queued_at = CASE WHEN ? THEN ? ELSE queued_at END WHERE id = ? AND state = ?",
		   "siissslilills", mail_state_word(m->state), m->attempts, m->smtp_status,
		   m->message, m->answer, m->recipients, now, (int)(m->state == MAIL_SENT), now,
		   (int)anew, now, m->id, mail_state_word(from));
	if (!r && n != 1)
		r = err_fail(e, ERR_INTERNAL, "mail.state", "邮件",
			     "第 %" PRId64 " 封的状态刚刚变了", m->id);
	return r;
}

enum err store_mail_list(struct db *db, int64_t unit, const enum mail_state *state, int64_t invoice,
			 int64_t cursor, int limit, mail_each f, void *arg, struct err_info *e)
{
	int64_t below = cursor > 0 ? cursor : INT64_MAX;
	struct rows *q;
	struct mail *m;
	enum err r;

	if (invoice)
		r = db_query(db, &q, e,
			     MAIL " WHERE m.invoice_id = ? AND m.unit_id = ? AND m.id < ?"
				  " ORDER BY m.id DESC LIMIT ?",
			     "llli", invoice, unit, below, limit);
	else if (state)
		r = db_query(db, &q, e,
			     MAIL " WHERE m.unit_id = ? AND m.state = ? AND m.id < ?"
				  " ORDER BY m.id DESC LIMIT ?",
			     "lsli", unit, mail_state_word(*state), below, limit);
	else
		r = db_query(db, &q, e,
			     MAIL " WHERE m.unit_id = ? AND m.id < ? ORDER BY m.id DESC LIMIT ?",
			     "lli", unit, below, limit);
	m = mem_zalloc(sizeof(*m));
	while (!r && rows_next(q)) {
		read_mail(q, m);
		r = f(arg, m);
	}
	free(m);
	return rows_end(&q, r, e);
}

enum err store_mail_other(struct db *db, const struct mail *m, int64_t after, struct mail *out,
			  bool *found, struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     MAIL " WHERE m.invoice_id = ? AND m.recipients = ? AND m.id > ? AND"
			  " (m.state IN ('queued', 'sending') OR"
			  " (? > 0 AND m.state IN ('sent', 'unknown'))) ORDER BY m.id LIMIT 1",
		     "lsll", m->invoice_id, m->recipients, after, after);

	*found = !r && rows_next(q);
	if (*found)
		read_mail(q, out);
	return rows_end(&q, r, e);
}

enum err store_mail_died(struct db *db, bool *any, struct err_info *e)
{
	int n = 0;
	enum err r =
	    db_run(db, e, &n,
		   "UPDATE mail SET state = 'unknown', updated_at = ?,"
		   " message = '发送时程序中断，邮件服务器可能已经收下' WHERE state = 'sending'",
		   "l", clock_now());

	*any = n > 0;
	return r;
}
