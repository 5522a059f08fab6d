/* doctor_facts.c - what a unit has, and what it may. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/doctor_p.h"

enum { STOCK_LOW = 10, QUOTA_LOW = 100000 /* fen: 1,000.00 */ };

static void tell_verified(struct doctor_visit *v, const struct unit *u)
{
	char mend[200];

	if (u->verified)
		return;
	snprintf(mend, sizeof(mend), "请运行 kaipiao unit verify %s --role %s --env %s", u->tax_no,
		 u->direct ? "direct" : "using", unit_env_label(u->env));
	doctor_tell(v, u, "verified", u->direct ? "直连单位" : "使用单位", DOCTOR_WARN,
		    "还没有验证通过", mend);
}

static enum err tell_stock(struct doctor_visit *v, const struct unit *u, struct err_info *e)
{
	struct quota_month q;
	int64_t stock = 0, now = clock_now();
	char text[120], month[MONTH_TEXT], money[FEN_TEXT + 8], mend[200];
	enum err r;

	if ((r = store_number_stock(v->s->db, u->id, date_of(now).date.year, &stock, e)) ||
	    (r = store_quota_get(v->s->db, u->id, month_text(now, month), &q, e)))
		return r;
	snprintf(text, sizeof(text), "%s 可开票额度 %s 元", month,
		 fen_format_grouped(q.unused - q.reserved, money));
	snprintf(mend, sizeof(mend), "请运行 kaipiao --unit %s@%s quota download 金额", u->tax_no,
		 unit_env_label(u->env));
	doctor_tell(v, u, "quota", "额度",
		    q.unused - q.reserved < QUOTA_LOW ? DOCTOR_WARN : DOCTOR_OK, text, mend);
	snprintf(text, sizeof(text), "剩余 %lld 份", (long long)stock);
	snprintf(mend, sizeof(mend), "请运行 kaipiao --unit %s@%s numbers claim 份数", u->tax_no,
		 unit_env_label(u->env));
	doctor_tell(v, u, "numbers", "号码", stock < STOCK_LOW ? DOCTOR_WARN : DOCTOR_OK, text,
		    mend);
	return ERR_OK;
}

/* What was told now, else what is stored. */
static enum err risk_of(struct doctor_visit *v, const struct unit *u, const cJSON *found,
			struct taxpayer *t, struct err_info *e)
{
	bool have;

	if (!found)
		return store_taxpayer_get(v->s->db, u->id, t, &have, e);
	*t = (struct taxpayer) {.basic_at = clock_now(), .risk_at = clock_now()};
	text_copy(t->pilot, sizeof(t->pilot), json_member(found, "pilot"));
	text_copy(t->state, sizeof(t->state), json_member(found, "state"));
	text_copy(t->risk_class, sizeof(t->risk_class), json_member(found, "risk_class"));
	text_copy(t->alert_level, sizeof(t->alert_level), json_member(found, "alert_level"));
	text_copy(t->risk_flag, sizeof(t->risk_flag), json_member(found, "risk_flag"));
	return ERR_OK;
}

static enum err tell_risk(struct doctor_visit *v, const struct unit *u, const cJSON *found,
			  struct err_info *e)
{
	struct err_info why = {0};
	struct taxpayer t = {.basic_at = 0};
	enum err r = risk_of(v, u, found, &t, e);

	if (r)
		return r;
	/* What is stored may only be old. */
	if (!found && (!t.basic_at || !taxpayer_fresh(t.risk_at, clock_now())))
		doctor_tell(v, u, "risk", "风险", DOCTOR_UNSEEN, "", "");
	else if (taxpayer_may_issue(&t, clock_now(), &why))
		doctor_fault(v, u, "risk", "风险", why.class, why.why, why.hint);
	else
		doctor_tell(v, u, "risk", "风险", DOCTOR_OK, "可以开票", "");
	return ERR_OK;
}

static enum err tell_summary(struct doctor_visit *v, const struct unit *u, struct err_info *e)
{
	struct datetime last = {.date = date_add_months(date_of(clock_now()).date, -1)};
	struct summary row;
	char month[MONTH_TEXT], text[120], mend[160];
	bool found = false;
	enum err r;

	month_text(date_unix(last), month);
	r = store_summary_find(v->s->db, u->id, month, &row, &found, e);
	if (r || !found)
		return r;
	snprintf(text, sizeof(text), "%s %s", month, summary_state_label(row.state));
	snprintf(mend, sizeof(mend), "请运行 kaipiao --unit %s@%s summary confirm %s", u->tax_no,
		 unit_env_label(u->env), month);
	doctor_tell(v, u, "summary", "汇总",
		    summary_state_final(row.state) ? DOCTOR_OK : DOCTOR_WARN, text, mend);
	return ERR_OK;
}

static void tell_safety(struct doctor_visit *v, const struct unit *u)
{
	enum safety_level level = safety_level(u->safety_until, clock_now(), NULL);
	char text[SAFETY_TEXT];

	if (level == SAFETY_NONE)
		return;
	safety_text(u->safety_until, clock_now(), text);
	if (level == SAFETY_OVER)
		doctor_fault(v, u, "safety", "安全验证", ERR_INVALID, text, SAFETY_MEND);
	else
		doctor_tell(v, u, "safety", "安全验证",
			    level >= SAFETY_MONTH ? DOCTOR_WARN : DOCTOR_OK, text, SAFETY_MEND);
}

static void tell_frozen(struct doctor_visit *v, const struct unit *u)
{
	char text[300];
	bool removal = u->frozen_why && !strcmp(u->frozen_why, UNIT_REMOVAL_WHY);

	if (!u->frozen_at)
		return;
	snprintf(text, sizeof(text), "已冻结，不能开票%s%.200s",
		 text_empty(u->frozen_why) ? "" : "：", u->frozen_why ? u->frozen_why : "");
	text[text_whole(text, strlen(text))] = 0;
	doctor_tell(v, u, "frozen", "冻结", DOCTOR_WARN, text,
		    removal ? "再运行 kaipiao unit remove --force，或 kaipiao unit unfreeze"
			    : "解除后用 kaipiao unit unfreeze");
}

enum err doctor_facts(struct doctor_visit *v, const struct doctor_target *t, const cJSON *found,
		      struct err_info *e)
{
	const struct unit *u = &t->unit;
	enum err r;

	if (!t->direct.verified && t->direct.id != u->id)
		tell_verified(v, &t->direct);
	tell_verified(v, u);
	if (u->direct || !u->verified)
		return ERR_OK;
	tell_frozen(v, u);
	if ((r = tell_stock(v, u, e)) || (r = tell_risk(v, u, found, e)) ||
	    (r = tell_summary(v, u, e)))
		return r;
	tell_safety(v, u);
	return ERR_OK;
}
