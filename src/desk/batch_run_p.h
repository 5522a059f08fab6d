/* desk/batch_run_p.h - between the files of the runner of batches. */
#ifndef KP_DESK_BATCH_RUN_P_H
#define KP_DESK_BATCH_RUN_P_H

#include "desk/batch_p.h"

struct batch_runner {
	int lock;
	struct session *s;
	/* What the batch waits for: jobs that fetch what it lacks. */
	int64_t waiting; /* 0: none */
	struct desk_wait jobs;
	/* What could not be fetched: the better reason, should it be missed. */
	int64_t troubled;
	struct err_info trouble;
};

/* ---- batch_run.c ---- */
/* Pauses for what the owner has to mend; faults of the house come back as they are. */
enum err batch_pause_for(struct batch_runner *r, int64_t batch, const struct err_info *why,
			 struct batch_step *out, struct err_info *e);

/* ---- batch_chunk.c ---- */
/* Issues at most `limit` ready orders of b for the unit, or says why not: the order fails, or the
 * batch is paused. */
enum err batch_issue_chunk(struct batch_runner *r, const struct order_batch *b,
			   const struct unit *u, size_t limit, struct batch_step *out,
			   struct err_info *e);

#endif
