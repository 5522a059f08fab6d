/* red_sync.c - bringing in what happened to red letters: ours, and what others entered.
 *
 *   pages   the list of a side by day of entering, a month at a time, page by page
 *   stale   open letters the pages did not speak of, each asked for
 *   lines   letters without lines that can be confirmed or issued, or (asked for) all of those days
 *
 * A step makes a page or some letters durable with how far it is, in the job's result, and lets
 * other jobs go first; memory holds one page.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crash.h"
#include "base/date.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "sync/red_p.h"

enum {
	PAGE = 100,
	PAGE_MAX = 5000, /* rows somebody may give who does not care what was asked for */
	AT_ONCE = 10,    /* letters of a step */
	STEP_MS = 2000, /* how far it is is told at least so often, where one answer is not later */
	STALE_MAX = 200,  /* and of a whole run */
	OVERLAP_DAYS = 4, /* letters that wait do so for 72 hours */
	HOUR = 3600,
	ATTEMPTS_COUNTED = 6,
	NOTE = 400
};

struct bring {
	struct engine *en;
	struct job *job;
	/* asked for */
	enum red_side side;
	long long letter;  /* the lines of this one only; 0: lists */
	bool lines, fresh; /* fresh: what is new, no days were given */
	/* how far it is */
	char stage[8], from[DATE_TEXT], to[DATE_TEXT], at[DATE_TEXT];
	long long incomplete; /* 1: the list kept something back */
	long long unread;     /* 1: some rows could not be read */
	struct red_walk walk; /* of this month */
	long long total, chunk_total, seen, added, changed, details, after, asked, started;
	char note[NOTE];
};

/* ---- what the job knows ---- */

static const struct {
	const char *key;
	size_t offset;
} COUNTS[] = {
    {"total", offsetof(struct bring, total)},
    {"seen", offsetof(struct bring, seen)},
    {"added", offsetof(struct bring, added)},
    {"changed", offsetof(struct bring, changed)},
    {"details", offsetof(struct bring, details)},
    {"page", offsetof(struct bring, walk.page)},
    {"month_total", offsetof(struct bring, chunk_total)},
    {"month_seen", offsetof(struct bring, walk.seen)},
    {"month_promised", offsetof(struct bring, walk.promised)},
    {"blind", offsetof(struct bring, walk.blind)},
    {"after", offsetof(struct bring, after)},
    {"asked", offsetof(struct bring, asked)},
    {"incomplete", offsetof(struct bring, incomplete)},
    {"unread", offsetof(struct bring, unread)},
    {"started", offsetof(struct bring, started)},
};
static const struct {
	const char *key;
	size_t offset, size;
} TEXTS[] = {
    {"stage", offsetof(struct bring, stage), sizeof(((struct bring *)0)->stage)},
    {"from", offsetof(struct bring, from), DATE_TEXT},
    {"to", offsetof(struct bring, to), DATE_TEXT},
    {"at", offsetof(struct bring, at), DATE_TEXT},
    {"anchor", offsetof(struct bring, walk.anchor), LEQI_LETTER_UUID},
    {"note", offsetof(struct bring, note), NOTE},
};

static void read_state(struct bring *b)
{
	cJSON *tree = NULL;

	if (json_parse(b->job->result, strlen(b->job->result), 65536, &tree, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < sizeof(COUNTS) / sizeof(COUNTS[0]); i++)
		json_member_int(tree, COUNTS[i].key, 0, INT64_MAX,
				(long long *)(void *)((char *)b + COUNTS[i].offset));
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
		text_copy((char *)b + TEXTS[i].offset, TEXTS[i].size,
			  json_member(tree, TEXTS[i].key));
	json_free(&tree);
}

static char *state_text(const struct bring *b)
{
	struct buf out;
	struct json_out o;

	buf_init(&out, 8192);
	json_out_init(&o, &out, 0);
	json_open(&o, NULL, '{');
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
		json_put(&o, TEXTS[i].key, (const char *)b + TEXTS[i].offset);
	for (size_t i = 0; i < sizeof(COUNTS) / sizeof(COUNTS[0]); i++)
		json_put_int(
		    &o, COUNTS[i].key,
		    *(const long long *)(const void *)((const char *)b + COUNTS[i].offset));
	json_close(&o, '}');
	return buf_detach(&out);
}

static void note(struct bring *b, const char *fmt, ...) ERR_PRINTF(2, 3);
static void note(struct bring *b, const char *fmt, ...)
{
	char text[160];
	size_t n = strlen(b->note);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text[text_whole(text, strlen(text))] = 0;
	if (!strstr(b->note, text) && n + strlen(text) + 4 < sizeof(b->note))
		snprintf(b->note + n, sizeof(b->note) - n, "%s%s", n ? "；" : "", text);
}

/* Inside the open transaction, which it commits: on with the next step, or the end. */
static enum err go_on(struct bring *b, struct err_info *e)
{
	char *text = state_text(b);
	enum err r = strcmp(b->stage, "done") == 0
			 ? red_end(b->en, b->job, text, e)
			 : red_back(b->en, b->job, clock_now_ms(), text, NULL, e);

	free(text);
	return r;
}

/* Nobody asked, and there is nothing to be had: no failure, but said once and let be for a day. */
static enum err not_granted(struct bring *b, const struct leqi_reply *rep, struct err_info *e)
{
	struct err_info why = {0};
	enum err r;

	err_fail(&why, ERR_REFUSED, RED_NOT_GRANTED, "红字确认单",
		 "税局没有给本企业开通查询（%s %s），没有自动刷新", rep->platform_code,
		 rep->message);
	err_hint(&why, "在乐企平台开通红字确认单的服务后按 r 刷新；每天自动再试一次");
	log_err(LOG_WARN, "sync", &why);
	if ((r = db_begin(b->en->db, e)) || (r = call_record(b->en, rep, e)) ||
	    (r = store_job_vain(b->en->db, b->job->id, &why, e)))
		return r;
	b->en->done++;
	return db_commit(b->en->db, e);
}

/* The call did not come to an answer: booked; the job comes again, or ends. */
static enum err not_ok(struct bring *b, const struct leqi_reply *rep, struct err_info *e)
{
	if (!b->job->created_by && call_not_granted(rep))
		return not_granted(b, rep, e);
	if (b->job->attempts > ATTEMPTS_COUNTED) /* steps that went well were counted, too */
		b->job->attempts = ATTEMPTS_COUNTED;
	return query_not_ok(b->en, b->job, rep, "查询红字确认单", e);
}

/* ---- days ---- */

static void day_add(const char *day, int days, int months, char out[DATE_TEXT])
{
	struct date d = {.year = 1970, .month = 1, .day = 1};

	date_parse(day, &d);
	d = date_add_months(d, months);
	d = date_from_days(date_days(d) + days);
	date_text(date_unix((struct datetime) {.date = d}), out);
}

/* The last day of the month that begins at b->at. */
static void chunk_end(const struct bring *b, char out[DATE_TEXT])
{
	day_add(b->at, -1, 1, out);
	if (strcmp(out, b->to) > 0)
		text_copy(out, DATE_TEXT, b->to);
}

/* From the day before the last complete time on, and at least as far back as letters wait; the
 * first time a month. */
static enum err fresh_days(struct bring *b, struct err_info *e)
{
	char until[DATE_TEXT] = "", waits[DATE_TEXT];
	int64_t at;
	enum err r = store_red_window(b->en->db, b->job->unit_id, b->side, until, &at, e);

	if (r)
		return r;
	date_text(red_their_now(b->en), b->to);
	day_add(b->to, -OVERLAP_DAYS, 0, waits);
	/* Until a day to come: the clock was ahead, and tells nothing of what is here. */
	if (*until && strcmp(until, b->to) <= 0)
		day_add(until, -1, 0, b->from);
	else
		day_add(b->to, 0, -1, b->from);
	if (strcmp(b->from, waits) > 0)
		text_copy(b->from, sizeof(b->from), waits);
	return ERR_OK;
}

static enum err begin(struct bring *b, struct err_info *e)
{
	enum err r = b->fresh ? fresh_days(b, e) : ERR_OK;

	b->started = clock_now();
	text_copy(b->at, sizeof(b->at), b->from);
	text_copy(b->stage, sizeof(b->stage), b->letter ? "letter" : "pages");
	return r;
}

static enum err read_payload(struct bring *b, struct err_info *e)
{
	cJSON *tree = NULL;
	struct date d;
	bool ok;

	if (json_parse(b->job->payload, strlen(b->job->payload), 65536, &tree, NULL) == ERR_OK) {
		text_copy(b->from, sizeof(b->from), json_member(tree, "from"));
		text_copy(b->to, sizeof(b->to), json_member(tree, "to"));
		b->lines = cJSON_IsTrue(json_get(tree, "lines"));
		if (!json_member_int(tree, "letter", 1, INT64_MAX, &b->letter))
			b->letter = 0;
	}
	ok = tree && red_side_parse(json_member(tree, "side"), &b->side);
	json_free(&tree);
	b->fresh = !*b->from && !*b->to;
	if (ok && !b->fresh)
		ok =
		    date_parse(b->from, &d) && date_parse(b->to, &d) && strcmp(b->from, b->to) <= 0;
	return ok ? ERR_OK
		  : err_fail(e, ERR_INTERNAL, "job.payload", "任务", "任务 %lld 的参数无法读取",
			     (long long)b->job->id);
}

/* ---- pages ---- */

struct page {
	const struct caller *c;
	enum red_side side;
	struct red_letter *letters;
	size_t n, room;
	char first[LEQI_LETTER_UUID]; /* of whomever */
	size_t strange;               /* of other parties */
	bool full;                    /* there were more */
};

static enum err collect(void *arg, const struct red_letter *l)
{
	struct page *p = arg;

	if (!*p->first)
		text_copy(p->first, sizeof(p->first), l->uuid);
	if (!red_names_us(p->c, p->side, l)) {
		p->strange++;
		return ERR_OK;
	}
	p->full = p->n == PAGE_MAX;
	if (p->full)
		return ERR_OK;
	if (p->n == p->room) {
		p->room = p->room ? p->room * 2 : PAGE;
		p->letters = mem_realloc(p->letters, p->room * sizeof(*p->letters));
	}
	red_letter_copy(&p->letters[p->n++], l);
	return ERR_OK;
}

static void page_free(struct page *p)
{
	for (size_t i = 0; i < p->n; i++)
		red_letter_free(&p->letters[i]);
	free(p->letters);
}

static void count(struct bring *b, enum red_put what)
{
	b->added += what == RED_PUT_NEW;
	b->changed += what == RED_PUT_CHANGED;
}

static enum err keep_page(struct bring *b, const struct page *p, struct err_info *e)
{
	enum err r = ERR_OK;

	for (size_t i = 0; i < p->n && !r; i++) {
		enum red_put what = RED_PUT_SAME;

		r = red_keep(b->en, b->job->unit_id, b->side, &p->letters[i], &what, e);
		count(b, what);
	}
	return r;
}

/* Why the list of a month was left before its end. */
static void note_end(struct bring *b, enum red_paging how)
{
	const long long page = b->walk.page;

	if (how == RED_PAGES_SHORT)
		note(b, "%s 起税局说有 %lld 张，只列出 %lld 张", b->at, b->chunk_total,
		     b->walk.seen);
	else if (how == RED_PAGES_REPEAT)
		note(b, "%s 起的列表第 %lld 页又回到前面的页，没有再取", b->at, page);
	else if (how == RED_PAGES_BLIND)
		note(b, "%s 起的列表连续 %d 页读不出来，没有再取", b->at, (int)RED_BLIND_MAX);
	else if (how == RED_PAGES_GROWS)
		note(b, "%s 起的列表越取越多，取到第 %lld 页为止", b->at, page);
	else if (how == RED_PAGES_LONG)
		note(b, "%s 起的列表没有尽头，取到第 %lld 页为止", b->at, page);
}

/* Was this the last page of its month? */
static bool was_last(struct bring *b, const struct page *p, const struct leqi_red_page *got)
{
	enum red_paging how = red_walk_on(&b->walk, got, PAGE, p->first);

	note_end(b, how);
	b->incomplete = b->incomplete || (how != RED_PAGES_MORE && how != RED_PAGES_END);
	return how != RED_PAGES_MORE;
}

static void next_chunk(struct bring *b)
{
	char last[DATE_TEXT];

	chunk_end(b, last);
	b->walk = (struct red_walk) {.page = 0};
	b->chunk_total = 0;
	if (strcmp(last, b->to) >= 0)
		text_copy(b->stage, sizeof(b->stage), b->fresh ? "stale" : "lines");
	else
		day_add(last, 1, 0, b->at);
}

static enum err take_page(struct bring *b, const struct page *p, const struct leqi_red_page *got,
			  const struct leqi_reply *rep, struct err_info *e)
{
	enum err r;

	if ((r = db_begin(b->en->db, e)) || (r = call_record(b->en, rep, e)) ||
	    (r = keep_page(b, p, e)))
		return r;
	b->seen += (long long)got->rows;
	if (got->total >= 0) {
		b->total += got->total - b->chunk_total;
		b->chunk_total = got->total;
	} else {
		b->total = b->seen;
	}
	if (p->full) {
		note(b, "%s 起的列表一页超过 %d 张，没有取完", b->at, (int)PAGE_MAX);
		b->incomplete = 1;
	}
	if (p->strange)
		note(b, "%s 起的列表有 %zu 张不是本单位的确认单，没有保存", b->at, p->strange);
	if (got->unread) {
		note(b, "%s 起有读不出来的确认单", b->at);
		b->unread = 1;
	}
	if (was_last(b, p, got))
		next_chunk(b);
	return go_on(b, e);
}

static enum err page_step(struct bring *b, const struct caller *c, struct err_info *e)
{
	struct leqi_red_query q = red_query(c, b->side);
	struct page p = {.c = c, .side = b->side};
	struct leqi_red_page got;
	struct leqi_reply rep = {0};
	char last[DATE_TEXT];
	enum err r;

	chunk_end(b, last);
	q.from = b->at;
	q.to = last;
	q.page = (unsigned)b->walk.page + 1;
	q.size = PAGE;
	leqi_red_list(b->en->leqi, &c->wire, &q, collect, &p, &got, &rep);
	crash_step("after red page");
	r = rep.class == LEQI_OK ? take_page(b, &p, &got, &rep, e) : not_ok(b, &rep, e);
	page_free(&p);
	leqi_reply_free(&rep);
	return r;
}

/* ---- one by one ---- */

static enum err take_letter(struct bring *b, const struct red_record *rec,
			    const struct red_letter *l, bool found, const struct leqi_reply *rep,
			    struct err_info *e)
{
	enum red_put what = RED_PUT_SAME;
	enum err r;

	if ((r = call_outcome_begin(b->en, e)) || (r = call_record(b->en, rep, e)))
		return r;
	if (found)
		r = red_keep(b->en, rec->unit_id, rec->side, l, &what, e);
	else /* asked all the same: the others have their turn */
		r = store_red_asked(b->en->db, rec->id, e);
	if (!found)
		note(b, rep->class == LEQI_OK ? "确认单 %s 税局查不到明细" : "确认单 %s 读不出来",
		     rec->letter.number);
	else if (!l->line_count)
		note(b, "确认单 %s 的明细读不出来", rec->letter.number);
	b->details += found && l->line_count;
	count(b, what);
	if (!r)
		call_outcome_carry(b->en);
	return r;
}

/* *stop: the tax side did not answer; the job was put back. */
static enum err ask_letter(struct bring *b, const struct caller *c, const struct red_record *rec,
			   bool *stop, struct err_info *e)
{
	struct red_letter l;
	struct leqi_reply rep = {0};
	bool found = false;
	enum err r;

	call_prepare(b->en, b->job);
	red_ask_detail(b->en, c, rec->letter.uuid, rec->letter.seller_tax_no, &l, &found, &rep);
	found = found && red_names_us(c, rec->side, &l);
	/* One that cannot be read does not keep the others waiting. */
	if (rep.class == LEQI_LATER || (rep.class == LEQI_LOST && !rep.unread)) {
		*stop = true;
		if (!(r = call_outcome_settle(b->en, e)))
			r = not_ok(b, &rep, e);
	} else {
		r = take_letter(b, rec, &l, found, &rep, e);
	}
	red_letter_free(&l);
	leqi_reply_free(&rep);
	return r;
}

/* *n: how many there are, then how many were asked for: fewer on a slow line. */
static enum err ask_each(struct bring *b, const struct caller *c, const int64_t *ids, size_t *n,
			 bool *stop, struct err_info *e)
{
	const int64_t until = clock_mono_ms() + STEP_MS;
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < *n && !r && !*stop && (!i || clock_mono_ms() < until); i++) {
		struct red_record rec;

		if ((r = store_red_head(b->en->db, ids[i], &rec, e)))
			return r;
		r = ask_letter(b, c, &rec, stop, e);
		red_record_free(&rec);
	}
	*n = i;
	return r ? r : call_outcome_settle(b->en, e);
}

/* How far the letters are here now.  What could not be read is asked for again, for a month. */
static enum err set_window(struct bring *b, struct err_info *e)
{
	char until[DATE_TEXT] = "", month[DATE_TEXT];
	const char *to = b->to;
	int64_t at;
	enum err r = ERR_OK;

	if (b->unread) {
		day_add(b->to, 0, -1, month);
		r = store_red_window(b->en->db, b->job->unit_id, b->side, until, &at, e);
		to = strcmp(until, month) > 0 && strcmp(until, b->to) <= 0 ? until : month;
	}
	return r ? r : store_red_set_window(b->en->db, b->job->unit_id, b->side, to, e);
}

static enum err next_stage(struct bring *b, const char *stage, struct err_info *e)
{
	enum err r = db_begin(b->en->db, e);

	text_copy(b->stage, sizeof(b->stage), stage);
	if (!r && strcmp(stage, "done") == 0 && b->fresh && !b->incomplete)
		r = set_window(b, e);
	return r ? r : go_on(b, e);
}

static enum err stale_step(struct bring *b, const struct caller *c, struct err_info *e)
{
	int64_t ids[AT_ONCE];
	size_t n = 0, found;
	bool stop = false;
	/* Somebody who waits gets the news; what comes by itself is content with an hour. */
	int64_t before = b->job->created_by ? b->started : b->started - HOUR;
	enum err r =
	    store_red_stale(b->en->db, b->job->unit_id, b->side, before, ids, AT_ONCE, &n, e);

	found = n;
	if (!r)
		r = ask_each(b, c, ids, &n, &stop, e);
	b->asked += (long long)n;
	if (r || stop)
		return r;
	return next_stage(
	    b, (n == found && n < AT_ONCE) || b->asked >= STALE_MAX ? "lines" : "stale", e);
}

static enum err lines_step(struct bring *b, const struct caller *c, struct err_info *e)
{
	int64_t ids[AT_ONCE], after = b->after;
	size_t n = 0, found;
	bool stop = false;
	const char *from = b->fresh ? "" : b->from, *to = b->fresh ? "" : b->to;
	enum err r = b->lines ? store_red_bare(b->en->db, b->job->unit_id, b->side, from, to,
					       &after, ids, AT_ONCE, &n, e)
			      : store_red_bare_open(b->en->db, b->job->unit_id, b->side, &after,
						    ids, AT_ONCE, &n, e);

	found = n;
	if (!r)
		r = ask_each(b, c, ids, &n, &stop, e);
	if (r || stop)
		return r;
	if (n < found && (r = store_red_bare_place(b->en->db, ids[n - 1], &after, e)))
		return r;
	b->after = after;
	return next_stage(b, n == found && n < AT_ONCE ? "done" : "lines", e);
}

/* Somebody looks at one letter: one question. */
static enum err letter_step(struct bring *b, const struct caller *c, struct err_info *e)
{
	const int64_t id = b->letter;
	size_t n = 1;
	bool stop = false;
	enum err r = ask_each(b, c, &id, &n, &stop, e);

	if (r == ERR_INVALID) { /* it is gone: another row has become the letter */
		err_clear(e);
		r = ERR_OK;
	}
	return r || stop ? r : next_stage(b, "done", e);
}

static const struct {
	const char *stage;
	enum err (*step)(struct bring *b, const struct caller *c, struct err_info *e);
} STEPS[] = {
    {"letter", letter_step}, {"pages", page_step}, {"stale", stale_step}, {"lines", lines_step}};

static enum err work(struct bring *b, struct err_info *e)
{
	struct caller c;
	bool ok = false;
	size_t i = 0;
	enum err r = call_begin(b->en, b->job, &c, &ok, e);

	if (r || !ok)
		return r;
	while (i < sizeof(STEPS) / sizeof(STEPS[0]) - 1 && strcmp(STEPS[i].stage, b->stage) != 0)
		i++;
	r = STEPS[i].step(b, &c, e);
	caller_free(&c);
	return r;
}

enum err run_red_sync(struct engine *en, struct job *job, struct err_info *e)
{
	struct bring *b = mem_zalloc(sizeof(*b));
	enum err r;

	b->en = en;
	b->job = job;
	r = read_payload(b, e);
	if (!r && *job->result)
		read_state(b);
	if (!r && !*b->stage)
		r = begin(b, e);
	if (!r)
		r = work(b, e);
	free(b);
	return r;
}
