/* issue_month.c - warnings that are of no invoice: the month before is not confirmed, this one is
 * about to end (features N61, N62), the safety verification of the unit is (B12). */
#include <string.h>

#include "base/base.h"
#include "desk/issue_p.h"
#include "desk/summary.h"

static bool month_warning(struct session *s, const struct unit *u, struct tax_finding *out)
{
	char text[SUMMARY_ADVICE];

	/* Who cannot look it up does not warn: what is stored does not depend on it. */
	if (summary_hint(s, u, text, NULL) || !*text)
		return false;
	*out = (struct tax_finding) {.warning = true};
	err_fail(&out->at, ERR_INVALID, "summary.month", "汇总确认", "%s", text);
	err_hint(&out->at, "请到“乐企汇总确认”，或 kaipiao summary list");
	return true;
}

static bool safety_warning(const struct unit *u, struct tax_finding *out)
{
	char text[SAFETY_TEXT];

	if (safety_level(u->safety_until, clock_now(), NULL) < SAFETY_WEEK)
		return false;
	*out = (struct tax_finding) {.warning = true};
	err_fail(&out->at, ERR_INVALID, "unit.safety", "开票安全验证", "%s",
		 safety_text(u->safety_until, clock_now(), text));
	err_hint(&out->at, "%s", SAFETY_MEND);
	return true;
}

size_t issue_unit_warnings(struct session *s, const struct unit *u,
			   struct tax_finding out[ISSUE_WARNINGS])
{
	size_t n = 0;

	n += month_warning(s, u, &out[n]);
	n += safety_warning(u, &out[n]);
	return n;
}
