/* recon_p.h - between the files that compare a month with the tax side. */
#ifndef KP_SYNC_RECON_P_H
#define KP_SYNC_RECON_P_H

#include "sync/sync_p.h"

enum { RECON_PAGE = 200 };

struct recon {
	struct engine *en;
	struct job *job;
	struct recon_run run;
	int64_t due_ms; /* of the next step */
	bool ended;
};

/* Adds a sentence to what is told of the run; the same one only once. */
void recon_note(struct recon *r, const char *fmt, ...) ERR_PRINTF(2, 3);
/* On to another stage, from its beginning. */
void recon_stage(struct recon *r, const char *stage);
/* Stores the run and puts the job back (or ends it); inside the open transaction, which it
 * commits. */
enum err recon_commit(struct recon *r, struct err_info *e);

/* The call was not answered: books it and puts the job back. */
enum err recon_later(struct recon *r, const struct leqi_reply *rep, const char *what,
		     struct err_info *e);

/* ---- recon_collect.c ---- */
enum err recon_apply(struct recon *r, struct err_info *e);
enum err recon_fetch(struct recon *r, struct err_info *e);

/* ---- recon_compare.c ---- */
enum err recon_theirs_step(struct recon *r, struct err_info *e);
enum err recon_add(struct recon *r, enum recon_kind kind, const struct invoice_record *rec,
		   const char *theirs, struct err_info *e);

/* ---- recon_ask.c: what lists cannot say ---- */
enum err recon_unsettled_step(struct recon *r, struct err_info *e);
enum err recon_issued_step(struct recon *r, struct err_info *e);

#endif
