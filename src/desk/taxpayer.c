/* taxpayer.c - the four panes of 企业基本信息. */
#include "desk/taxpayer.h"

#include <stdlib.h>

#include "base/base.h"
#include "desk/intent_p.h"

static enum err load(struct session *s, const struct unit *u, taxpayer_each f, void *arg,
		     struct err_info *e)
{
	struct taxpayer *t = mem_zalloc(sizeof(*t));
	struct quota_month q;
	struct taxpayer_view v = {.unit = u, .taxpayer = t, .quota = &q};
	struct tax_rate *rates = NULL;
	char month[MONTH_TEXT];
	bool found = false;
	enum err r = store_taxpayer_get(s->db, u->id, t, &found, e);

	if (!r && !found) {
		r = err_fail(e, ERR_INVALID, "taxpayer.none", u->name, "还没有从税局取得企业信息");
		err_hint(e, "请运行 kaipiao taxpayer sync");
	}
	if (!r && !(r = store_rates_get(s->db, u->id, &rates, &v.rate_count, e)) &&
	    !(r = store_quota_get(s->db, u->id, month_text(clock_now(), month), &q, e))) {
		v.rates = rates;
		r = f(arg, &v);
	}
	free(rates);
	free(t);
	return r;
}

enum err desk_taxpayer_show(struct session *s, taxpayer_each f, void *arg, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	r = load(s, &u, f, arg, e);
	unit_free(&u);
	return r;
}

enum err desk_taxpayer_sync(struct session *s, struct desk_wait *w, struct err_info *e)
{
	return desk_intent_simple(s, DESK_REFRESH, JOB_TAXPAYER, "taxpayer.sync", w, e);
}
