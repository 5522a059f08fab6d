/* tax/share.h - how many numbers to claim and how much quota to download without being asked.
 *
 * One rule each, for the engine's housekeeping and for who is about to issue (features G15, G33,
 * G38).  Pure: what is counted comes from the caller.
 */
#ifndef KP_TAX_SHARE_H
#define KP_TAX_SHARE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	SHARE_CLAIM_MAX = 100000, /* numbers of one claim (features G12) */
	SHARE_CLAIM_PIECE = 5000, /* numbers of one call (protocol 7.2) */
	SHARE_REST_S = 3600       /* after a claim that was refused */
};

struct share_claim {
	bool on;          /* 自动领购 */
	bool may_start;   /* a unit that has no numbers yet may get its first ones */
	int64_t failed_s; /* seconds since the newest claim failed, -1: it did not */
	int64_t below;    /* claims below so many; 0: a fifth of the newest segment, at least 1 */
	int64_t claim;    /* so many at a time; 0: as many as the newest segment, at least 1 */
	int64_t newest;   /* numbers of the newest segment, 0: there is none */
	int64_t stock;    /* free numbers of this year */
	int64_t need;     /* numbers about to be given away, 0: housekeeping */
};
/* Numbers to claim now, 0: none.  Who needs numbers claims when the stock does not reach, also
 * after a refusal, and at least what is missing; housekeeping claims below the mark and lets a
 * refused claim rest. */
int64_t share_claim_count(const struct share_claim *c);

/* percent (1..100; anything else is taken as the nearest) of what is available, cut to the fen.  Of
 * 按需开票, where `on_demand` or more is available, percent of cap. */
int64_t share_download(int64_t available, int64_t on_demand, int64_t percent, int64_t cap);
/* The cap of 按需开票 where none is set: twice what the month before took, at least
 * 1,000,000.00. */
int64_t share_cap(int64_t used_before);

#endif
