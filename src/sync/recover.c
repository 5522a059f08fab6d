/* recover.c - what a dead engine left behind (invariant I4). */
#include "base/date.h"
#include "base/log.h"
#include "sync/sync_p.h"

/* A call of the dead engine may have got through: whatever was `sending` is now unknown, its
 * batch lost. */
static enum err sending_to_unknown(struct engine *en, struct err_info *e)
{
	enum { MANY = 256 };
	int64_t ids[MANY];
	size_t n = 0;
	enum err r;

	do {
		if ((r = store_invoice_ids(en->db, 0, INVOICE_SENDING, ids, MANY, &n, e)))
			return r;
		for (size_t i = 0; i < n; i++) {
			struct invoice_record rec;
			if ((r = store_invoice_head(en->db, ids[i], &rec, e)))
				return r;
			int64_t batch = rec.batch_id;
			invoice_record_free(&rec);
			if ((r = store_batch_set(en->db, batch, "lost", NULL, e)) ||
			    (r = store_invoice_set_state(en->db, ids[i], INVOICE_UNKNOWN,
							 "上传时程序中断，正在向税局核对", e)))
				return r;
		}
	} while (n == MANY);
	return ERR_OK;
}

struct running {
	struct engine *en;
	int64_t ids[1024];
	size_t count;
};

static enum err note_running(void *arg, const struct job *j)
{
	struct running *run = arg;
	if (run->count < sizeof run->ids / sizeof *run->ids)
		run->ids[run->count++] = j->id;
	return ERR_OK;
}

static enum err running_to_ready(struct engine *en, const struct running *run, struct err_info *e)
{
	enum err r = ERR_OK;
	for (size_t i = 0; !r && i < run->count; i++)
		r = store_job_again(en->db, run->ids[i], clock_now_ms(), NULL, NULL, e);
	return r;
}

enum err recover(struct engine *en, struct err_info *e)
{
	enum err r;

	/* Reading first: a clean start writes nothing. */
	for (;;) {
		struct running run = {.en = en};
		int64_t one;
		size_t sending = 0;
		if ((r = store_job_list_running(en->db, note_running, &run, e)) ||
		    (r = store_invoice_ids(en->db, 0, INVOICE_SENDING, &one, 1, &sending, e)))
			return r;
		if (run.count == 0 && sending == 0)
			return ERR_OK;
		log_write(LOG_WARN, "sync", "recovering %zu running jobs of a dead engine",
			  run.count);
		if ((r = db_begin(en->db, e)))
			return r;
		if ((r = sending_to_unknown(en, e)) || (r = running_to_ready(en, &run, e)) ||
		    (r = db_commit(en->db, e))) {
			db_rollback(en->db);
			return r;
		}
	}
}
