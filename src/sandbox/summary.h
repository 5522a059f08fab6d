/* sandbox/summary.h - 汇总确认: what the platform took in a month, confirmed by the taxpayer or, on
 * the 13th, by itself (protocol 7.13).
 */
#ifndef KP_SANDBOX_SUMMARY_H
#define KP_SANDBOX_SUMMARY_H

#include "sandbox/sandbox_p.h"

/* CREATE TABLE text. */
const char *summary_schema(void);
/* Has the month of kprq (business seconds) been confirmed, or summed up by itself? */
bool summary_locked(struct sb *sb, const struct request *rq, int64_t kprq);
/* Does the switch summary_required bar uploads, the month before being open? */
bool summary_missing(struct sb *sb, const struct request *rq);
/* Rows {"tax_no","env","platform","month","state","at"} of confirmed months. */
void summary_write_all(struct sb *sb, struct json_out *o, const char *key);
/* {"tax_no","env","month","state":"confirmed"|"open"}: done by another software. */
void summary_post(struct sb *sb, const cJSON *body, char error[256]);

#endif
