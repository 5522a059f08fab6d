/* desk/doctor.h - can the units issue, and if not, at which hop does it end (features N67)?
 *
 * The engine goes the way of a call for each unit (JOB_PROBE): name resolution, TCP, proxy, TLS,
 * clock, address, 乐企ID, key, exit address, ability.  desk_doctor_begin puts those jobs, the caller
 * waits for them, desk_doctor_report says what they found, with what is stored beside it: quota,
 * numbers, risk, 汇总, 安全验证.  The first bad hop is the fault; those behind it were not looked at.
 */
#ifndef KP_DESK_DOCTOR_H
#define KP_DESK_DOCTOR_H

#include "desk/session.h"
#include "desk/wait.h"

enum doctor_level { DOCTOR_OK, DOCTOR_WARN, DOCTOR_BAD, DOCTOR_UNSEEN, DOCTOR_ASKING };
const char *doctor_level_word(enum doctor_level l);  /* ok warning error unchecked asking */
const char *doctor_level_label(enum doctor_level l); /* ok 注意 错误 未查 在查 */

struct doctor_row {
	const char *item;  /* name tcp proxy tls clock path direct using key address ability region
			    * answer edition verified quota numbers risk summary safety units */
	const char *label; /* the item in words */
	const char *unit_name, *tax_no, *env; /* "" of the home itself */
	enum doctor_level level;
	const char *detail, *mend;
	enum err class; /* what it comes to as exit code; DOCTOR_BAD only */
};
/* Texts live during the call. */
typedef enum err (*doctor_each)(void *arg, const struct doctor_row *row);

struct doctor;
/* Of the unit that was asked for, else of all.  offline, or who may not ask the tax side: no jobs
 * are put, and no hop is looked at.  *out is freed by desk_doctor_free. */
enum err desk_doctor_begin(struct session *s, bool offline, struct desk_wait *w,
			   struct doctor **out, struct err_info *e);
enum err desk_doctor_report(struct session *s, struct doctor *d, doctor_each f, void *arg,
			    struct err_info *e);
/* Is somebody waiting still?  Hops whose job has not ended are then DOCTOR_ASKING; a report made
 * after the wait (the default) says that no result came. */
void desk_doctor_waits(struct doctor *d, bool waits);
void desk_doctor_free(struct doctor **d);

#endif
