/* desk/post.h - 交付与推送: settings of a unit, pushes of results, mails (features F5, F6).
 *
 * Nothing here touches the network: what is asked for becomes rows and jobs, which the engine does.
 * Secrets are sealed the moment they are read.
 */
#ifndef KP_DESK_POST_H
#define KP_DESK_POST_H

#include "desk/session.h"
#include "desk/wait.h"

/* ---- settings; NULL members are "not given" ---- */

struct push_form {
	const char *url; /* as desk_push_target shows it: the one that is stored */
	const char *key_id;
	const char *secret;            /* 16 to 256 bytes */
	const char *secret_file;       /* or read from a file, blanks around it left out */
	const char *ca_file;           /* PEM; "": the system's authorities */
	const char *kinds;             /* all, special, ordinary */
	const char *automatic, *plain; /* yes or no */
	const char *together;          /* 0 to 100 */
	const char *days;              /* 1 to 30 */
};
/* Stores what is given over what is stored; the first time url, key_id and a secret are needed.
 * `on` tells whether the unit pushes by itself from now on. */
enum err desk_push_set(struct session *s, const struct push_form *f, struct err_info *e);
enum err desk_push_remove(struct session *s, struct err_info *e);
/* Without its secrets; url: as it may be shown (url_mask).  *found false: nothing is set.  Freed by
 * push_target_free. */
enum err desk_push_target(struct session *s, struct push_target *out, char url[URL_TEXT],
			  bool *found, struct err_info *e);

struct mail_form {
	const char *host, *port;
	const char *security; /* starttls, tls, plain */
	const char *user, *password, *password_file;
	const char *ca_file;
	const char *sender, *sender_name, *subject, *body;
	const char *formats;   /* pdf,ofd,xml in any order; at least one */
	const char *automatic; /* yes or no */
	const char *days;
};
extern const char mail_subject_default[], mail_body_default[];
enum err desk_mail_set(struct session *s, const struct mail_form *f, struct err_info *e);
enum err desk_mail_server(struct session *s, struct mail_server *out, bool *found,
			  struct err_info *e);

/* A test call: a job to wait for.  to: where the mail goes. */
enum err desk_push_test(struct session *s, struct desk_wait *w, struct err_info *e);
enum err desk_mail_test(struct session *s, const char *to, struct desk_wait *w, struct err_info *e);

/* ---- pushes ---- */

/* Results are pushed, again where they were before: of one invoice (no), else of a kind (NULL:
 * both) and a month of 开票日期 (yyyy-MM).  Only issued ones.  *count: how many; 0 is ERR_INVALID
 * "push.none". */
enum err desk_push_queue(struct session *s, const char *no, const char *kind, const char *month,
			 int64_t *count, struct desk_wait *w, struct err_info *e);
/* The same as JSON lines, one a result, as a receiver gets it.  `line` lives during the call. */
typedef enum err (*push_line_each)(void *arg, const char *line, size_t n);
enum err desk_push_lines(struct session *s, const char *no, const char *kind, const char *month,
			 push_line_each f, void *arg, int64_t *count, struct err_info *e);
struct push_query {
	const char *state; /* word or label, NULL: all */
	const char *no;    /* of an invoice, NULL: all */
	int64_t cursor;
	int limit;
};
enum err desk_push_list(struct session *s, const struct push_query *q, push_each f, void *arg,
			int64_t *next, int64_t *total, struct err_info *e);
enum err desk_push_get(struct session *s, const char *id, struct push_event *out,
		       struct err_info *e);
/* Once more behind all others (any state but waiting, which is hurried); put aside. */
enum err desk_push_again(struct session *s, const char *id, struct desk_wait *w,
			 struct err_info *e);
enum err desk_push_skip(struct session *s, const char *id, struct err_info *e);

/* ---- mails ---- */

/* Sends an issued invoice to the addresses of `to`, else to the invoice's own or its buyer's.
 * *id: of the mail. */
enum err desk_mail_send(struct session *s, const char *no, const char *to, int64_t *id,
			struct desk_wait *w, struct err_info *e);
/* Whither it would go: the invoice's address, else the buyer's; "" none. */
enum err desk_mail_address(struct session *s, const char *no, char *out, size_t size,
			   struct err_info *e);
struct mail_query {
	const char *state, *no;
	int64_t cursor;
	int limit;
};
enum err desk_mail_list(struct session *s, const struct mail_query *q, mail_each f, void *arg,
			int64_t *next, int64_t *total, struct err_info *e);
enum err desk_mail_get(struct session *s, const char *id, struct mail *out, struct err_info *e);
/* A mail that failed, was cancelled, or waits (hurried) goes again.  One whose outcome is not known
 * and one that was sent only with `again`: ERR_INVALID "mail.again" otherwise. `to` (may be NULL)
 * replaces the addresses.  `seen`: the word of the state somebody decided on, NULL: the one now; no
 * longer that, or sent once more by another: ERR_BUSY "mail.changed". */
enum err desk_mail_again(struct session *s, const char *id, const char *to, bool again,
			 const char *seen, struct desk_wait *w, struct err_info *e);
enum err desk_mail_cancel(struct session *s, const char *id, struct err_info *e);

enum err desk_post_counts(struct session *s, struct post_counts *out, struct err_info *e);

#endif
