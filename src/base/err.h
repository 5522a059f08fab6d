/* base/err.h - what went wrong, for the person and for the program.
 *
 * Purpose     Every function that can fail returns `enum err`; 0 is success.  The class alone
 *             drives behaviour (exit code, retry); the sentence is for the person; the detail is
 *             for the log.
 * Calling     Callers pass `struct err_info *e`; NULL is allowed everywhere and loses the words
 *             only.  The function that notices the fault fills it with err_fail() and returns the
 *             class:
 *                 return err_fail(e, ERR_INVALID, "amount.overflow", "金额", "超过 18 位");
 *             Callers may add a field or a mend on the way up, never replace a filled sentence.
 * Invariants  Nothing below main() exits.  On failure out-parameters are untouched.
 * Ownership   struct err_info owns nothing; it is a plain value and may be copied.
 */
#ifndef KP_BASE_ERR_H
#define KP_BASE_ERR_H

#include <stddef.h>

/* Classes are the exit codes of the command line contract (design: command line). */
enum err {
	ERR_OK = 0,
	ERR_INTERNAL = 1, /* a bug of ours: an invariant was broken, nothing was written */
	ERR_USAGE = 2,    /* wrong usage of a verb */
	ERR_INVALID = 3,  /* refused by our own checks, also "no such thing" */
	ERR_REFUSED = 4,  /* refused by the tax side; its text is in `why` */
	ERR_UNKNOWN = 5,  /* outcome not known yet: recorded, the engine goes on */
	ERR_BUSY = 6,     /* busy or unreachable: recorded, will be retried */
	ERR_DENIED = 7,   /* not permitted */
	ERR_DAMAGED = 8,  /* home damaged, newer than the program, or the disk is full */
};

struct err_info {
	enum err class;
	char code[48];    /* machine word, e.g. "quota.short"; stable, ASCII */
	char field[64];   /* path of the offending field, e.g. "lines[2].tax_rate"; may be empty */
	char what[160];   /* what: the thing or the action */
	char why[640];    /* why: one clause, may quote the tax side */
	char hint[320];   /* how to mend it; may be empty */
	char detail[512]; /* technical words for the log; may be empty */
};

#define ERR_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* Clears e (NULL allowed). */
void err_clear(struct err_info *e);
/* For work that can be left for another time: ERR_BUSY becomes ERR_OK and e is cleared. */
enum err err_not_busy(enum err r, struct err_info *e);

/* Fills e and returns class.  `why_fmt` is printf style.  Text is cut at a whole character.
 * Field, hint and detail are cleared. */
enum err err_fail(struct err_info *e, enum err class, const char *code, const char *what,
		  const char *why_fmt, ...) ERR_PRINTF(5, 6);

/* Adds to a filled e; each returns e->class (ERR_INTERNAL when e is NULL or empty is not checked:
 * the caller keeps the class it already has). */
void err_field(struct err_info *e, const char *fmt, ...) ERR_PRINTF(2, 3);
void err_hint(struct err_info *e, const char *fmt, ...) ERR_PRINTF(2, 3);
void err_detail(struct err_info *e, const char *fmt, ...) ERR_PRINTF(2, 3);

/* "<what>：<why>（<hint>）" into out (cut at a whole character), the sentence after "kaipiao: ".
 * Returns out. */
const char *err_sentence(const struct err_info *e, char *out, size_t size);

/* Stable lower-case word of a class: "ok" "internal" "usage" "invalid" "refused" "unknown" "busy"
 * "denied" "damaged". */
const char *err_class_name(enum err class);

/* Fails with ERR_DAMAGED and a mend for errno ENOSPC/EDQUOT/EFBIG/EROFS/EIO, else ERR_INTERNAL with
 * the system's text; `what` names the file or action. */
enum err err_errno(struct err_info *e, int errnum, const char *what);

#endif
