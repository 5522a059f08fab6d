/* desk/access.h - what access to the platform hangs on: 开票安全验证截止日, 接入条件, what 联用
 * leaves out (features A5, B1-B4, B12, B17). */
#ifndef KP_DESK_ACCESS_H
#define KP_DESK_ACCESS_H

#include "desk/session.h"
#include "desk/unit.h"
#include "tax/longlink.h" /* the long link is pure: nothing of the home is asked */

/* ---- 开票安全验证 ---- */

/* Parameter (safety, refuse): 1 unless set; 0 only warns. */
#define SAFETY_PARAM  "safety"
#define SAFETY_REFUSE "refuse"
/* Sets the day of a using unit, yyyy-MM-dd; "" or 无 takes it away.  Audited with both days. */
enum err desk_unit_safety(struct session *s, const struct unit_ref *ref, const char *until,
			  struct err_info *e);
/* ERR_INVALID "unit.safety" when the day is over and the parameter does not say otherwise. */
enum err desk_safety_check(struct session *s, const struct unit *u, struct err_info *e);

/* ---- 联用 ---- */

/* ERR_INVALID "unit.joint": a unit in 联用 only issues, it collects nothing. */
enum err desk_unit_collects(const struct unit *u, struct err_info *e);

/* ---- 接入条件 ---- */

struct eligibility_view {
	size_t no; /* from 1 */
	const struct eligibility_item *item;
	enum eligibility_state state;
	enum eligibility_answer answer;
	char text[ELIGIBILITY_TEXT], note[ELIGIBILITY_NOTE], by[260];
	int64_t at; /* of the answer, 0 none */
};
/* The four items of the session's unit; without any unit all are 待确认.  *unit_name (may be NULL)
 * is the caller's, "" without a unit. */
enum err desk_eligibility(struct session *s, struct eligibility_view out[ELIGIBILITY_ITEMS],
			  char **unit_name, struct err_info *e);
/* no: from 1; answer: yes, no, pending (words or 是, 否, 待确认), NULL leaves it; note NULL leaves
 * it.  Of 2 yes means 不参与评价; 3 is the tax side's alone. */
enum err desk_eligibility_answer(struct session *s, size_t no, const char *answer, const char *note,
				 struct err_info *e);

#endif
