/* batch_p.h - what the files of the batches share. */
#ifndef KP_STORE_BATCH_P_H
#define KP_STORE_BATCH_P_H

#include "store/batch.h"

/* An order goes from one state to another: the counts of its batch follow. */
struct order_move {
	int64_t batch;
	enum order_state from, to;
	int64_t lines, net, tax, gross, quota;
	/* What its sums change by: an invoice need not be what was read. */
	int64_t more_lines, more_net, more_tax, more_gross;
};
enum err batch_count_move(struct db *db, const struct order_move *m, struct err_info *e);

#endif
