/* desk/summary.h - 乐企汇总确认: the months of the session's unit, confirming and cancelling, what
 * asks for it (features J1-J12, N60-N63; protocol 7.13).
 *
 * A month is confirmed with the six figures of what the tax side took in it, before the 13th 00:00
 * of the next one; then the tax side sums up by itself.  While it is confirmed no invoice of it is
 * uploaded.
 */
#ifndef KP_DESK_SUMMARY_H
#define KP_DESK_SUMMARY_H

#include "desk/session.h"
#include "desk/wait.h"

enum { SUMMARY_ADVICE = 400 };
struct summary_view {
	struct summary row;
	struct summary_figures ours; /* as sent, or as they are now while nothing is sent */
	enum summary_time time;
	int64_t deadline;            /* Unix */
	int64_t pending;             /* invoices of the month without a result, up to WATCH_MAX */
	char advice[SUMMARY_ADVICE]; /* what is to be done next, "" nothing */
};
typedef enum err (*summary_view_each)(void *arg, const struct summary_view *v);
/* Latest month first; state: word or label, NULL all. */
enum err desk_summary_list(struct session *s, const char *state, int64_t cursor, int limit,
			   summary_view_each f, void *arg, int64_t *next, int64_t *total,
			   struct err_info *e);
/* ERR_INVALID "summary.month", "summary.none". */
enum err desk_summary_get(struct session *s, const char *month, struct summary_view *out,
			  struct err_info *e);
/* Invoices at the edges of the month: sent in one, learnt of in another. */
typedef enum err (*boundary_each)(void *arg, const struct invoice_boundary *b);
enum err desk_summary_edges(struct session *s, const char *month, boundary_each f, void *arg,
			    struct err_info *e);

/* identity: using or direct, or 使用单位, 直连单位 (接入身份).  ERR_INVALID "summary.exists" 已存在. */
enum err desk_summary_add(struct session *s, const char *month, const char *identity,
			  struct err_info *e);
/* Refused while invoices of the month have no result, "summary.pending", unless forced: those can
 * then not be uploaded any more. */
enum err desk_summary_confirm(struct session *s, const char *month, bool forced,
			      struct desk_wait *w, struct err_info *e);
/* ERR_INVALID "summary.closed" from the 13th on. */
enum err desk_summary_cancel(struct session *s, const char *month, struct desk_wait *w,
			     struct err_info *e);
/* Asks what the tax side has. */
enum err desk_summary_look(struct session *s, const char *month, struct desk_wait *w,
			   struct err_info *e);
/* Waits for what the engine looks up by itself after a refusal; nothing when there is none. */
enum err desk_summary_follow(struct session *s, const char *month, struct desk_wait *w,
			     struct err_info *e);

/* 自动汇总确认 (features J11), on unless set. */
enum err desk_summary_auto(struct session *s, bool *on, struct err_info *e);
enum err desk_summary_set_auto(struct session *s, bool on, struct err_info *e);

/* Is the last month still to be confirmed (features J2, J3)?  `missing`: there is no row. */
struct summary_todo {
	bool due, missing, urgent; /* urgent: 10th to 12th */
	char month[MONTH_TEXT];
	enum summary_state state;
	char text[SUMMARY_ADVICE];
};
enum err desk_summary_todo(struct session *s, struct summary_todo *out, struct err_info *e);
/* The same for a unit, without asking who looks. */
enum err summary_todo(struct session *s, const struct unit *u, struct summary_todo *out,
		      struct err_info *e);
/* The month before go-live (features J3, J4): authorised in one month and first issued in a later
 * one (or not yet), the month before the first one has no record unless a person adds it.  due:
 * it is still to be added; nothing where both are of one month, or when the authorisation was not
 * told, or once the tax side has summed up. */
struct summary_golive {
	bool due;
	char month[MONTH_TEXT];   /* to be added */
	char granted[MONTH_TEXT]; /* "" not told */
	char first[MONTH_TEXT];   /* of the first invoice, "" none yet */
	char text[SUMMARY_ADVICE];
};
enum err desk_summary_golive(struct session *s, struct summary_golive *out, struct err_info *e);
/* The same for a unit, without asking who looks. */
enum err summary_golive(struct session *s, const struct unit *u, struct summary_golive *out,
			struct err_info *e);
/* What who issues now should know: the month before is open (BD1004), or the end of a month is
 * minutes away (features N61, N62); "" nothing. */
enum err summary_hint(struct session *s, const struct unit *u, char out[SUMMARY_ADVICE],
		      struct err_info *e);

#endif
