/* share.c - how much is claimed and downloaded without being asked. */
#include "tax/share.h"

static const int64_t LEAST_CAP = INT64_C(100000000); /* 1,000,000.00 */

static int64_t mark_of(const struct share_claim *c)
{
	int64_t mark = c->below > 0 ? c->below : (c->newest + 4) / 5;

	return mark > 0 ? mark : 1;
}

int64_t share_claim_count(const struct share_claim *c)
{
	int64_t want = c->claim > 0 ? c->claim : c->newest > 0 ? c->newest : 1;
	int64_t missing = c->need - c->stock;

	if (!c->on || (!c->newest && !c->may_start) ||
	    c->stock >= (c->need > 0 ? c->need : mark_of(c)) ||
	    (c->need <= 0 && c->failed_s >= 0 && c->failed_s <= SHARE_REST_S))
		return 0;
	if (want < missing)
		want = missing;
	return want < SHARE_CLAIM_MAX ? want : SHARE_CLAIM_MAX;
}

int64_t share_download(int64_t available, int64_t on_demand, int64_t percent, int64_t cap)
{
	int64_t base = available >= on_demand ? cap : available;

	percent = percent < 1 ? 1 : percent > 100 ? 100 : percent;
	return base <= 0 ? 0 : base / 100 * percent + base % 100 * percent / 100;
}

int64_t share_cap(int64_t used_before)
{
	if (used_before > INT64_MAX / 4)
		used_before = INT64_MAX / 4;
	return used_before > LEAST_CAP / 2 ? used_before * 2 : LEAST_CAP;
}
