/* sandbox/check.h - the checks one uploaded invoice passes (QDFPSC; protocol 7.1-7.9).
 *
 * Order       check_fields (types, lengths, code tables) -> check_cross (rules between head fields)
 *             -> check_lines (numbers, pairs, discounts, with check_sums: signs and arithmetic) ->
 *             check_content (tax codes, rates, preferences, coal) -> check_differential.  The first
 *             refusal ends the batch.
 * Calling     check_invoice fills the struct; the lines' numbers are valid after check_fields.
 *             Each check returns false after check_refuse.
 */
#ifndef KP_SANDBOX_CHECK_H
#define KP_SANDBOX_CHECK_H

#include "sandbox/num.h"
#include "sandbox/sandbox_p.h"
#include "sandbox/taxcodes.h"
#include "sandbox/units.h"

struct line {
	const cJSON *json;
	size_t index; /* counting from 1 */
	const char *code, *kind, *preference;
	const struct taxcode *tax;
	mpq_t je, se, hsje, slv, kce, sl, dj;
	bool has_kce, has_sl;
	long ppm; /* slv in parts per million */
};

struct invoice {
	struct sb *sb;
	const struct request *rq;
	const struct unit *u; /* the using unit of the call */
	const cJSON *json;
	size_t index; /* position in the batch, from 1 */
	const char *fphm, *cezs;
	bool red;
	int64_t kprq; /* business seconds */
	char day[11]; /* of kprq */
	struct line *lines;
	size_t n;
	mpq_t hjje, hjse, jshj;
	char code[12], text[600]; /* the refusal */
};

enum { LINES_MAX = 5000, BATCH_MAX = 100 };

/* False and the refusal; code "" when no BI code is printed for the rule. */
bool check_refuse(struct invoice *v, const char *code, const char *fmt, ...) ERR_PRINTF(3, 4);

bool check_invoice(struct invoice *v, struct sb *sb, const struct request *rq, const cJSON *json,
		   size_t index);
void check_free(struct invoice *v);

bool check_fields(struct invoice *v);
bool check_cross(struct invoice *v);
bool check_lines(struct invoice *v);
bool check_sums(struct invoice *v);
bool check_differential(struct invoice *v);
bool check_content(struct invoice *v);
bool check_coal(struct invoice *v);

/* Text of a head field or line field, "" when absent. */
const char *head(const struct invoice *v, const char *key);
const char *cell(const struct line *l, const char *key);
/* Amount without tax that counts in the quota, in fen: all but 不征税 lines outside the 16 codes. */
int64_t check_quota_fen(const struct invoice *v);

#endif
