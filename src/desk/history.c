/* history.c - what happened to an invoice, in order: attempts, answers, what people did. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/records.h"
#include "store/red.h"

enum { EVENTS = 400, DETAIL = 900, RANKS = 10, LAST = 1 << 20 };

struct event {
	int64_t at_ms, log_id;
	int rank; /* order of events of the same second: ten for each attempt */
	const char *what;
	char *detail; /* owned */
	bool failed;
};
struct history {
	struct session *s;
	int64_t unit;
	struct event events[EVENTS];
	size_t count;
	int rank;            /* of what comes next */
	int64_t log;         /* the row of the last upload */
	int refused[EVENTS]; /* ranks behind the refusals, which are what a retry follows */
	size_t refusals, retries;
	struct err_info *e;
};

static void add(struct history *h, int64_t at_ms, const char *what, const char *detail,
		int64_t log_id, bool failed)
{
	if (h->count == EVENTS)
		return;
	h->events[h->count] = (struct event) {.at_ms = at_ms,
					      .rank = h->rank++,
					      .what = what,
					      .detail = mem_strdup(detail),
					      .log_id = log_id,
					      .failed = failed};
	h->count++;
}

/* ---- attempts ---- */

static const char *lost_words(const struct upload_attempt *a)
{
	if (*a->message)
		return a->message;
	return !strcmp(a->state, "lost") ? "没有收到税局的答复" : "";
}

static enum err add_result(struct history *h, const struct upload_attempt *a)
{
	int64_t log = 0, at = 0;
	bool lost = !strcmp(a->state, "lost"), refused = a->refused || *a->message;
	enum err r;

	if ((r = store_attempt_log(h->s->db, h->unit, a, true, 0, &log, &at, h->e)))
		return r;
	if (refused || lost)
		add(h, a->told_at ? a->told_at * 1000 : at, lost ? "结果不明" : "税局拒绝",
		    lost_words(a), log, true);
	else if (log && !strcmp(a->state, "done"))
		add(h, at, "查得结果", "", log, false);
	return ERR_OK;
}

static void close_attempt(struct history *h, bool refused)
{
	if (refused && h->refusals < EVENTS)
		h->refused[h->refusals++] = h->rank;
	h->rank = (h->rank / RANKS + 1) * RANKS;
}

static enum err add_call(struct history *h, const struct upload_attempt *a)
{
	int64_t log = 0, at = 0;
	char detail[DETAIL] = "";
	enum err r = store_attempt_log(h->s->db, h->unit, a, false, h->log, &log, &at, h->e);

	if (r)
		return r;
	if (log)
		h->log = log;
	snprintf(detail, sizeof(detail), "第 %lld 批", (long long)a->batch_id);
	add(h, a->sent_at * 1000, "上传", detail, log, false);
	if (!a->accepted_at) {
		if (a->told_at || !strcmp(a->state, "lost"))
			add(h, a->told_at * 1000,
			    strcmp(a->state, "lost") ? "税局拒绝" : "结果不明", lost_words(a), 0,
			    true);
		return ERR_OK;
	}
	snprintf(detail, sizeof(detail), "受理流水号 %.64s", a->receipt);
	add(h, a->accepted_at * 1000, "税局受理", detail, 0, false);
	return add_result(h, a);
}

static enum err add_attempt(void *arg, const struct upload_attempt *a)
{
	struct history *h = arg;
	enum err r = add_call(h, a);

	close_attempt(h, a->refused || *a->message);
	return r;
}

/* ---- people ---- */

static enum err add_deed(void *arg, const struct invoice_deed *d)
{
	static const struct {
		const char *action, *label;
	} LABELS[] = {{"invoice.retry", "重试"},
		      {"invoice.void", "作废"},
		      {"invoice.settle", "人工确认"},
		      {"invoice.correct", "修改后重开"}};
	struct history *h = arg;
	const char *what = d->action;
	char detail[DETAIL];
	size_t i;

	for (i = 0; i < sizeof(LABELS) / sizeof(LABELS[0]); i++) {
		if (!strcmp(LABELS[i].action, d->action))
			what = LABELS[i].label;
	}
	if (!strcmp(d->action, "invoice.retry") && h->retries < h->refusals)
		h->rank = h->refused[h->retries++];
	else
		h->rank = LAST;
	snprintf(detail, sizeof(detail), "%.100s%s%.600s", d->user,
		 strcmp(d->action, "invoice.settle") == 0 ? "：" : "",
		 strcmp(d->action, "invoice.settle") == 0 ? d->after : "");
	add(h, d->at * 1000, what, detail, 0, false);
	return ERR_OK;
}

/* ---- red letters ---- */

static enum err add_taken(void *arg, const struct red_row *l)
{
	struct history *h = arg;
	char detail[DETAIL], gross[FEN_TEXT];
	int64_t at = 0;

	snprintf(detail, sizeof(detail), "红字发票 %.20s，价税合计 %s，确认单 %.20s", l->red_number,
		 fen_format(l->net + l->tax, gross), l->number);
	datetime_parse(l->red_issued_at, &at);
	h->rank = 3 * LAST;
	add(h, (at ? at : l->created_at) * 1000, "红冲", detail, 0, false);
	return ERR_OK;
}

/* What was taken back of a blue one. */
static enum err add_reversals(struct history *h, const struct invoice_record *r)
{
	enum red_side side = RED_SELLER;
	bool issued = true;
	struct red_filter f = {.unit = r->unit_id,
			       .side = &side,
			       .issued = &issued,
			       .blue_number = r->invoice.number,
			       .limit = EVENTS};
	int64_t next;

	return r->reversed ? store_red_page(h->s->db, &f, add_taken, h, &next, h->e) : ERR_OK;
}

/* ---- in order ---- */

static int in_order(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	/* The log knows milliseconds, what is stored seconds: of one second the order of adding. */
	if (x->at_ms / 1000 != y->at_ms / 1000)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (x->rank > y->rank) - (x->rank < y->rank);
}

static void add_ends(struct history *h, const struct invoice_record *r)
{
	h->rank = 2 * LAST;
	if (r->finished_at)
		add(h, r->finished_at * 1000, invoice_state_label(r->state), "", 0, false);
	else if (r->state == INVOICE_FAILED || r->state == INVOICE_UNKNOWN)
		add(h, r->updated_at * 1000, invoice_state_label(r->state), r->message, 0,
		    r->state == INVOICE_FAILED);
}

static enum err read_all(struct history *h, const struct invoice_record *r, struct err_info *e)
{
	char taken[DETAIL];
	enum err rc;

	add(h, r->created_at * 1000, *r->invoice.number ? "取号" : "创建", r->invoice.number, 0,
	    false);
	if (r->invoice.red) {
		snprintf(taken, sizeof(taken), "确认单 %.20s，蓝字发票 %.20s",
			 r->invoice.red_letter_no, r->invoice.blue_number);
		add(h, r->created_at * 1000, "由红字确认单", taken, 0, false);
	}
	h->rank = RANKS;
	if ((rc = store_attempt_list(h->s->db, r->id, add_attempt, h, e)) ||
	    (rc = store_deed_list(h->s->db, r->unit_id, r->invoice.number, add_deed, h, e)))
		return rc;
	add_ends(h, r);
	return add_reversals(h, r);
}

static enum err give(const struct history *h, event_each f, void *arg)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < h->count && !r; i++) {
		const struct event *v = &h->events[i];
		struct invoice_event out = {.at_ms = v->at_ms,
					    .what = v->what,
					    .detail = v->detail,
					    .log_id = v->log_id,
					    .failed = v->failed};

		r = f(arg, &out);
	}
	return r;
}

enum err desk_invoice_history(struct session *s, int64_t id, event_each f, void *arg,
			      struct err_info *e)
{
	struct history *h;
	struct invoice_record r;
	size_t i;
	enum err rc = desk_allow(s, DESK_VIEW, e);

	if (rc || (rc = store_invoice_head(s->db, id, &r, e)))
		return rc;
	h = mem_zalloc(sizeof(*h));
	h->s = s;
	h->unit = r.unit_id;
	h->e = e;
	if (!(rc = read_all(h, &r, e))) {
		qsort(h->events, h->count, sizeof(h->events[0]), in_order);
		rc = give(h, f, arg);
	}
	for (i = 0; i < h->count; i++)
		free(h->events[i].detail);
	free(h);
	invoice_record_free(&r);
	return rc;
}
