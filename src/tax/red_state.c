/* tax/red_state.c - the state machine of red letters (protocol 7.11, features N44). */
#include "base/text.h"
#include "tax/red.h"

/* Who may do it, as seen from who entered the letter. */
enum who { NOBODY, SELLER, BUYER, ENTERED, OTHER };

/* One row per state that allows anything; all others allow nothing to anybody. */
static const struct rule {
	enum who who;
	enum red_state after; /* of an action that changes it */
} rules[RED_STATES][RED_ACTIONS] = {
    [RED_FREE] = {[RED_REVOKE] = {ENTERED, RED_WITHDRAWN}, [RED_ISSUE] = {SELLER, RED_FREE}},
    [RED_WAITS_BUYER] = {[RED_CONFIRM] = {BUYER, RED_AGREED},
			 [RED_DENY] = {BUYER, RED_DENIED_BY_BUYER},
			 [RED_REVOKE] = {SELLER, RED_WITHDRAWN}},
    [RED_WAITS_SELLER] = {[RED_CONFIRM] = {SELLER, RED_AGREED},
			  [RED_DENY] = {SELLER, RED_DENIED_BY_SELLER},
			  [RED_REVOKE] = {BUYER, RED_WITHDRAWN}},
    /* Revoking is for whoever acted last: the side that confirmed. */
    [RED_AGREED] = {[RED_REVOKE] = {OTHER, RED_REVOKED}, [RED_ISSUE] = {SELLER, RED_AGREED}},
};

static const char *const action_rules[RED_ACTIONS] = {
    [RED_CONFIRM] = "只有“销方录入待购方确认”和“购方录入待销方确认”的确认单可以确认",
    [RED_DENY] = "只有“销方录入待购方确认”和“购方录入待销方确认”的确认单可以否认",
    [RED_REVOKE] = "只有还没有作废、没有开具红字发票的确认单可以撤销",
    [RED_ISSUE] = "只有“无需确认”和“购销双方已确认”的确认单可以开具红字发票",
};

bool red_state_open(enum red_state s)
{
	return s >= RED_FREE && s <= RED_AGREED;
}

static enum red_side side_of(enum who who, enum red_side entered_by)
{
	enum red_side other = entered_by == RED_SELLER ? RED_BUYER : RED_SELLER;

	switch (who) {
	case SELLER:
		return RED_SELLER;
	case BUYER:
		return RED_BUYER;
	case OTHER:
		return other;
	case ENTERED:
	case NOBODY:
		break;
	}
	return entered_by;
}

static enum err fail_state(const struct red_letter *l, enum red_action a, struct err_info *e)
{
	const char *state = l->state != RED_UNKNOWN ? red_state_label(l->state)
			    : text_empty(l->number) ? "还没有税局的答复"
						    : "税局新增的，本程序还不认识";

	err_fail(e, ERR_INVALID, "red.state", "红字确认单", "%s%s的状态是“%s”：%s",
		 text_empty(l->number) ? "确认单" : l->number, text_empty(l->number) ? "" : " ",
		 state, action_rules[a]);
	err_hint(e, "刷新后再看：kaipiao red list --refresh");
	return ERR_INVALID;
}

static enum err fail_issued(const struct red_letter *l, enum red_action a, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "red.issued", "红字确认单", "%s 已开具红字发票%s%s，不能再%s",
		 l->number, text_empty(l->red_number) ? "" : " ", l->red_number,
		 red_action_label(a));
	err_hint(e, "一张确认单只开一张红字发票");
	return ERR_INVALID;
}

static enum err fail_party(const struct red_letter *l, enum red_side allowed, enum red_action a,
			   struct err_info *e)
{
	err_fail(e, ERR_INVALID, "red.party", "红字确认单", "%s 由%s录入，状态“%s”时只有%s可以%s",
		 l->number, red_side_label(l->entered_by), red_state_label(l->state),
		 red_side_label(allowed), red_action_label(a));
	err_hint(e, "请%s办理", red_side_label(allowed));
	return ERR_INVALID;
}

enum err tax_red_may(const struct red_letter *l, enum red_side ours, enum red_action a,
		     struct err_info *e)
{
	const struct rule *r = &rules[l->state][a];
	enum red_side allowed = side_of(r->who, l->entered_by);

	if (r->who == NOBODY)
		return fail_state(l, a, e);
	if (l->issued)
		return fail_issued(l, a, e);
	if (!l->valid) {
		err_fail(e, ERR_INVALID, "red.state", "红字确认单", "%s 已失效，不能%s", l->number,
			 red_action_label(a));
		err_hint(e, "刷新后再看：kaipiao red list --refresh");
		return ERR_INVALID;
	}
	if (ours != allowed)
		return fail_party(l, allowed, a, e);
	return ERR_OK;
}

enum red_state tax_red_after(const struct red_letter *l, enum red_action a)
{
	return rules[l->state][a].after;
}

bool tax_red_did(const struct red_letter *l, enum red_side ours, enum red_action a)
{
	for (int from = RED_FREE; from < RED_STATES; from++) {
		const struct rule *r = &rules[from][a];
		bool fits = from != RED_WAITS_BUYER || l->entered_by == RED_SELLER;

		fits = fits && (from != RED_WAITS_SELLER || l->entered_by == RED_BUYER);
		if (a != RED_ISSUE && fits && r->who != NOBODY && r->after == l->state &&
		    side_of(r->who, l->entered_by) == ours)
			return true;
	}
	return false;
}

int64_t tax_red_deadline(const struct red_letter *l)
{
	int64_t t;

	if ((l->state != RED_WAITS_BUYER && l->state != RED_WAITS_SELLER) ||
	    !datetime_parse(l->entered_at, &t))
		return 0;
	return t + RED_WAIT_SECONDS;
}
