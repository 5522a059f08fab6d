/* desk/claims.h - 领购: asking for numbers, and going on where some were not given (features G11-G14,
 * G20). */
#ifndef KP_DESK_CLAIMS_H
#define KP_DESK_CLAIMS_H

#include "desk/session.h"
#include "desk/wait.h"

enum { CLAIM_MAX = 100000, CLAIM_WORDS = 96 };

/* Asks for `count` numbers ("1".."100000") in pieces of 5000, each with its own serial, so that a
 * crash in the middle asks for none twice.  id, the claim, may be NULL. */
enum err desk_numbers_claim(struct session *s, const char *count, struct desk_wait *w, int64_t *id,
			    struct err_info *e);
/* Asks again, with the same serials, for what a claim did not get; joins what is under way.  text:
 * the claim's id, or NULL for the newest one that can be continued. */
enum err desk_claim_continue(struct session *s, const char *text, struct desk_wait *w, int64_t *id,
			     struct err_info *e);

struct claim_row {
	const struct claim *claim;
	const char *by; /* who asked; 自动领购 */
};
typedef enum err (*claim_row_each)(void *arg, const struct claim_row *r);
/* Of the session's unit, newest first; *next is the cursor of the next page or 0. */
enum err desk_claim_list(struct session *s, int64_t cursor, int limit, claim_row_each f, void *arg,
			 int64_t *next, int64_t *total, struct err_info *e);
enum err desk_claim_get(struct session *s, int64_t id, struct claim *out, struct err_info *e);
enum err desk_claim_pieces(struct session *s, int64_t id, claim_piece_each f, void *arg,
			   struct err_info *e);
/* The newest that can be continued; *found false: none. */
enum err desk_claim_short(struct session *s, struct claim *out, bool *found, struct err_info *e);
/* "成功 35000 / 失败 5000, 可继续" (features G14). */
const char *desk_claim_words(const struct claim *c, char out[CLAIM_WORDS]);

#endif
