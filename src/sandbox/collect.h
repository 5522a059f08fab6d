/* sandbox/collect.h - 归集 and what it draws on: lists of issued invoices, states of single ones;
 * hands that put invoices there or take them away behind the client's back. */
#ifndef KP_SANDBOX_COLLECT_H
#define KP_SANDBOX_COLLECT_H

#include "sandbox/sandbox_p.h"

enum { COLLECT_PACKAGE = 2000 };

/* CREATE TABLE text. */
const char *collect_schema(void);
/* The packed list of a package, as sjl has it: base64(gzip(array of faces)). */
struct face_query {
	enum env env;
	const char *tax_no, *kind; /* 81 or 82 */
	const char *from, *to;     /* first and last day, yyyy-MM-dd */
};
int64_t face_count(struct sb *sb, const struct face_query *q);
bool face_package(struct sb *sb, const struct face_query *q, int64_t package, struct buf *out);
/* {"number","env","do":"remove"|"change"|"state"|"add", fields} */
void collect_post_invoice(struct sb *sb, const cJSON *body, char error[256]);
/* {"tax_no","env","count","prefix":12 digits,"kprq","fppz"}: many of another channel. */
void collect_post_fill(struct sb *sb, const cJSON *body, char error[256]);

#endif
