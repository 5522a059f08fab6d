/* calendar_plan.c - the plan of a month, with what became of the days that are over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/calendar.h"
#include "desk/unit_p.h"

enum { DAY_ENTRIES = 64, DAY_S = 86400 };

static const struct {
	const char *word, *label;
} PLAN_STATES[] =
    {
	[PLAN_READY] = {"planned", "到时办理"},
	[PLAN_ABSENT] = {"absent", "未接入"},
	[PLAN_OFF] = {"off", "未启用"},
},
  BECAME[] = {
      [BECAME_NOTHING] = {"", ""},          [BECAME_IDLE] = {"idle", "不需要"},
      [BECAME_DONE] = {"done", "已办"},     [BECAME_MISSED] = {"missed", "没有办"},
      [BECAME_DUE] = {"due", "等着办"},     [BECAME_OPEN] = {"open", "办理中"},
      [BECAME_WAITS] = {"waits", "等再试"}, [BECAME_FAILED] = {"failed", "未办成"},
};

const char *plan_state_word(enum plan_state s)
{
	return PLAN_STATES[s].word;
}

const char *plan_state_label(enum plan_state s)
{
	return PLAN_STATES[s].label;
}

const char *plan_became_word(enum plan_became b)
{
	return BECAME[b].word;
}

const char *plan_became_label(enum plan_became b)
{
	return BECAME[b].label;
}

/* ---- plan ---- */

struct plan {
	struct run_tally *tally;
	size_t tally_count;
	enum calendar_channel channel;
	bool on, replenish; /* engine calendar; rim_download open_replenish_last_month */
	int64_t since;      /* when the first using unit was registered; INT64_MAX: there is none */
	struct plan_entry day[DAY_ENTRIES];
	size_t n;
};

static enum plan_state plan_state_of(const struct plan *p, const struct calendar_rule *r)
{
	if (r->on_request && !p->replenish)
		return PLAN_OFF;
	if (!r->ready)
		return PLAN_ABSENT;
	return p->on ? PLAN_READY : PLAN_OFF;
}

/* By time; what comes at the same time stays in the order of the rules. */
static void put_entry(struct plan *p, const struct plan_entry *entry)
{
	size_t i = p->n;

	if (p->n == DAY_ENTRIES)
		return;
	for (; i > 0 && p->day[i - 1].slot.at > entry->slot.at; i--)
		p->day[i] = p->day[i - 1];
	p->day[i] = *entry;
	p->n++;
}

/* ---- what became of it ---- */

static enum err note_tally(void *arg, const struct run_tally *t)
{
	struct plan *p = arg;

	p->tally = mem_realloc(p->tally, (p->tally_count + 1) * sizeof(*p->tally));
	p->tally[p->tally_count++] = *t;
	return ERR_OK;
}

static enum plan_became became_of(const struct run_tally *t)
{
	switch (t->state) {
	case RUN_DONE:
		return BECAME_DONE;
	case RUN_FAILED:
		return BECAME_FAILED;
	case RUN_OPEN:
		return t->waits ? BECAME_WAITS : BECAME_OPEN;
	case RUN_IDLE:
	case RUN_STATES:
		break;
	}
	return BECAME_IDLE;
}

/* Of several units each state with how many. */
static void tell_became(const struct plan *p, struct plan_entry *x)
{
	int64_t counts[BECAME_FAILED + 1] = {0}, all = 0;
	size_t n = 0;

	for (size_t i = 0; i < p->tally_count; i++) {
		const struct run_tally *t = &p->tally[i];
		enum plan_became b = became_of(t);

		if (strcmp(t->rule, x->rule->id) != 0 || strcmp(t->slot, x->slot.name) != 0)
			continue;
		counts[b] += t->count;
		all += t->count;
		if (b > x->became)
			x->became = b;
	}
	if (!all && p->since >= x->slot.until) {
		text_copy(x->text, sizeof(x->text), "没有单位");
		return;
	}
	if (!all)
		x->became = x->slot.until > clock_now() ? BECAME_DUE : BECAME_MISSED;
	text_copy(x->text, sizeof(x->text), plan_became_label(x->became));
	for (int b = BECAME_IDLE; all > 1 && b <= BECAME_FAILED; b++) {
		if (!counts[b])
			continue;
		snprintf(x->text + n, sizeof(x->text) - n, "%s%s %lld 家", n ? "，" : "",
			 plan_became_label((enum plan_became)b), (long long)counts[b]);
		n = strlen(x->text);
	}
}

static void put_state(const struct plan *p, struct plan_entry *x)
{
	text_copy(x->text, sizeof(x->text), plan_state_label(x->state));
	if (x->state == PLAN_READY && x->slot.at <= clock_now())
		tell_became(p, x);
}

static enum err give_day(struct plan *p, struct date day, plan_each f, void *arg)
{
	const struct calendar_rule *r;
	enum err rc = ERR_OK;
	size_t i;

	p->n = 0;
	for (i = 0; (r = calendar_rule(i)); i++) {
		struct calendar_slot slots[CALENDAR_TIMES];
		int n = r->channels & (1u << p->channel) ? calendar_slots(r, day, slots) : 0;
		int k;

		for (k = 0; k < n; k++)
			put_entry(p, &(struct plan_entry) {.rule = r,
							   .channel = p->channel,
							   .slot = slots[k],
							   .state = plan_state_of(p, r)});
	}
	for (i = 0; i < p->n && !rc; i++) {
		put_state(p, &p->day[i]);
		rc = f(arg, &p->day[i]);
	}
	return rc;
}

static enum err parse_plan(struct session *s, const char *month, const char *channel,
			   struct plan *p, struct date *first, struct err_info *e)
{
	char value[16];
	enum err r;

	*first = date_of(clock_now()).date;
	if (month && (strlen(month) != 7 || !month_parse(month, &first->year, &first->month)))
		return err_fail(e, ERR_INVALID, "date.month", "月份", "“%.40s”不是 yyyy-MM 的月份",
				month);
	if (channel && !calendar_channel_parse(channel, &p->channel))
		return err_fail(e, ERR_INVALID, "calendar.channel", "通道",
				"“%.40s”不是 乐企、电子税局、软证书、税盘 之一", channel);
	if ((r = store_calendar_on(s->db, &p->on, e)) ||
	    (r = store_setting_get(s->db, "rim_download", "open_replenish_last_month", "0", value,
				   sizeof(value), e)))
		return r;
	p->replenish = !strcmp(value, "1");
	return ERR_OK;
}

static enum err read_since(struct session *s, struct plan *p, struct err_info *e)
{
	struct unit_set all;
	enum err r = unit_set_all(s, "using", &all, e);

	p->since = INT64_MAX;
	if (r)
		return r;
	for (size_t i = 0; i < all.n; i++)
		if (all.items[i].created_at < p->since)
			p->since = all.items[i].created_at;
	unit_set_free(&all);
	return ERR_OK;
}

enum err desk_calendar_plan(struct session *s, const char *month, const char *channel, plan_each f,
			    void *arg, struct err_info *e)
{
	struct plan p = {.channel = CHANNEL_LEQI};
	struct date d;
	int64_t from;
	int last;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = parse_plan(s, month, channel, &p, &d, e)) ||
	    (r = read_since(s, &p, e)))
		return r;
	last = date_month_days(d.year, d.month);
	d.day = 1;
	from = date_unix((struct datetime) {.date = d});
	r = store_run_tally(s->db, from, from + (int64_t)last * DAY_S, note_tally, &p, e);
	for (; d.day <= last && !r; d.day++)
		r = give_day(&p, d, f, arg);
	free(p.tally);
	return r;
}
