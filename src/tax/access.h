/* tax/access.h - what access to the platform hangs on: 开票安全验证, 接入条件, kinds of invoices the
 * program cannot make, systems that stand in front (features A7, B1-B8, B12).  Pure.
 */
#ifndef KP_TAX_ACCESS_H
#define KP_TAX_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "tax/taxpayer.h"

/* ---- 开票安全验证截止日 ---- */

/* The day itself is still good; from the next on the platform takes no invoices. */
enum safety_level {
	SAFETY_NONE, /* no day was told */
	SAFETY_FAR,
	SAFETY_MONTH, /* 30 days or less */
	SAFETY_WEEK,  /* 7 days or less */
	SAFETY_LAST,  /* 1 day or less */
	SAFETY_OVER
};
/* until: yyyy-MM-dd, "" or NULL none; *days (may be NULL) until then, less than 0 after it. */
enum safety_level safety_level(const char *until, int64_t now, int64_t *days);
/* "开票安全验证到 2099-12-31 为止，还有 1 天"; "" for SAFETY_NONE. */
enum { SAFETY_TEXT = 120 };
const char *safety_text(const char *until, int64_t now, char out[SAFETY_TEXT]);
/* Is it one of the days a person is told, 30, 7, 1, 0 days before or any day after? */
bool safety_told(const char *until, int64_t now);
/* How it is mended. */
extern const char SAFETY_MEND[];
/* ERR_INVALID "unit.safety" when it is over. */
enum err safety_check(const char *until, int64_t now, const char *unit, struct err_info *e);

/* ---- 接入条件 ---- */

enum { ELIGIBILITY_ITEMS = 4, ELIGIBILITY_TEXT = 240, ELIGIBILITY_NOTE = 820 };
/* What a person said of an item; of credit: yes means 不参与评价. */
enum eligibility_answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO };
enum eligibility_state {
	ELIGIBLE_UNTOLD, /* 待确认 */
	ELIGIBLE_YES,
	ELIGIBLE_WARNING, /* look at it, but it refuses nothing */
	ELIGIBLE_NO
};
const char *eligibility_state_word(enum eligibility_state s);
const char *eligibility_state_label(enum eligibility_state s);
struct eligibility_item {
	const char *key, *condition;
	bool manual; /* a person says yes or no */
	bool exempt; /* a person may only say that it does not apply */
};
/* 0..3; NULL past the end. */
const struct eligibility_item *eligibility_item(size_t i);
/* What item i comes to, and why into text; t NULL or never fetched: nothing is known. */
enum eligibility_state eligibility_judge(size_t i, enum eligibility_answer answer, const char *note,
					 const struct taxpayer *t, char text[ELIGIBILITY_TEXT]);
/* For reading: it is never opened. */
extern const char ELIGIBILITY_SOURCE[];

/* ---- 特定要素 ---- */

/* A kind of invoice with its own 要素 and ability; the basic ability leaves them all out. */
struct element_kind {
	const char *code, *name;
};
/* By code or name; NULL: none of them. */
const struct element_kind *element_find(const char *text);
/* ERR_INVALID "element.capability": why it cannot be issued with here; "" is no element. */
enum err element_check(const char *text, const char *what, struct err_info *e);

/* ---- 上游系统 ---- */

struct profile {
	const char *name, *versions, *modules, *notes;
};
/* NULL past the end. */
const struct profile *profile_at(size_t i);

#endif
