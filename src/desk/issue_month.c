/* issue_month.c - the warning of a month: the one before is not confirmed, or this one is about to
 * end (features N61, N62). */
#include <string.h>

#include "desk/issue_p.h"
#include "desk/summary.h"

bool issue_month_warning(struct session *s, const struct unit *u, struct tax_finding *out)
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
