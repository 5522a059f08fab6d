/* batch_read.c - a file becomes a batch: opened, told apart, read, stored in one step. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk/batch_p.h"

#define FILE_MAX (INT64_C(4) << 30)

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!strcmp(path, "-"))
		return "标准输入";
	return slash && slash[1] ? slash + 1 : path;
}

/* ---- the end ---- */

static enum err nothing(struct err_info *e)
{
	err_fail(e, ERR_INVALID, "batch.empty", "批量开票", "文件里没有发票");
	err_hint(e, "请从表头下面一行起填写，或用 kaipiao batch template 取得模板");
	return ERR_INVALID;
}

static enum err some_bad(const struct stage *g, struct err_info *e)
{
	const char *none = g->options->drafts ? "什么都没有保存" : "什么都没有开";
	const struct batch_report *r = g->report;
	char place[IMPORT_PLACE];
	size_t i;

	for (i = 0; i < r->fault_count && r->faults[i].warning; i++)
		;
	if (i == r->fault_count)
		err_fail(e, ERR_INVALID, "batch.failed", "批量开票", "%lld 张有问题，%s",
			 (long long)r->bad, none);
	else
		err_fail(e, ERR_INVALID, "batch.failed", "批量开票",
			 "%lld 张有问题，%s，%s：%.300s", (long long)r->bad, none,
			 batch_fault_place(&r->faults[i], place), r->faults[i].text);
	err_hint(e, "请改好后重试%s",
		 g->options->drafts ? "" : "；只开没有问题的用 kaipiao batch add 和 batch start");
	return ERR_INVALID;
}

static void tell_counts(struct stage *g)
{
	struct batch_report *r = g->report;
	const struct order_batch *b = &g->batch;

	r->orders = b->orders;
	r->lines = b->lines;
	r->bad = b->counts[ORDER_BAD];
	r->ready = b->counts[ORDER_READY];
	r->repeats = b->counts[ORDER_REPEAT];
	r->failed = b->counts[ORDER_FAILED];
	r->held = g->options->strict && r->bad;
	r->net = b->ready_net;
	r->tax = b->ready_tax;
	r->gross = b->ready_gross;
}

static enum err settle(struct stage *g, struct err_info *e)
{
	struct db *db = g->s->db;
	char no[32], after[200];
	enum err r;

	batch_sort(g->report);
	tell_counts(g);
	if (!g->batch.orders)
		return nothing(e);
	if ((g->options->whole || g->options->drafts) && g->batch.counts[ORDER_BAD])
		return some_bad(g, e);
	if (stage_trial(g) || g->report->held)
		return ERR_OK;
	snprintf(no, sizeof(no), "%lld", (long long)g->batch.id);
	snprintf(after, sizeof(after), "{\"orders\":%lld,\"ready\":%lld,\"bad\":%lld}",
		 (long long)g->batch.orders, (long long)g->batch.counts[ORDER_READY],
		 (long long)g->batch.counts[ORDER_BAD]);
	if ((r = store_orders_end(db, &g->batch, e)) ||
	    (r = desk_audit(g->s, g->unit.id, "batch.add", no, g->batch.file, after, e)) ||
	    (r = db_commit(db, e)))
		return r;
	g->begun = false;
	g->report->batch = g->batch.id;
	return ERR_OK;
}

/* ---- reading ---- */

static enum err read_sheets(struct stage *g, int *fd, int64_t size, struct err_info *e)
{
	struct sheet_reader *reader = NULL;
	struct batch_source *source = NULL;
	const char *path = g->options->file, *what = base_name(path);
	int taken = *fd;
	enum err r;

	*fd = -1; /* the reader's, whatever comes of it */
	if ((r = sheet_open_fd(taken, size, strcmp(path, "-") ? path : what, &g->progress->cancel,
			       &reader, e)))
		return r;
	if (!(r = batch_source_start(reader, path, g->progress, &source, e)) &&
	    !(r = stage_open(g, e)) && !(r = batch_join_run(g, source, e)))
		batch_source_tell(source, g->report);
	batch_source_stop(&source);
	sheet_close(&reader);
	return r;
}

static enum err read_file(struct stage *g, int *fd, int64_t size, struct err_info *e)
{
	bool json;
	enum err r;

	text_copy(g->batch.file, sizeof(g->batch.file), base_name(g->options->file));
	if ((r = hash_sha256_fd(*fd, size, g->batch.sha256, e)) ||
	    (r = store_orders_same(g->s->db, g->unit.id, g->batch.sha256, &g->report->same, e)) ||
	    (r = batch_json_is(*fd, size, &json, e)))
		return r;
	if (!json)
		return read_sheets(g, fd, size, e);
	r = stage_open(g, e);
	return r ? r : batch_json_run(g, *fd, size, e);
}

static enum err file_size(int fd, int64_t *size, struct err_info *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_errno(e, errno, "发票文件");
	*size = st.st_size;
	return ERR_OK;
}

static enum err run(struct stage *g, struct err_info *e)
{
	int64_t size = 0;
	int fd = g->options->fd;
	enum err r = fd > 0 ? file_size(fd, &size, e)
			    : file_open_watched(g->options->file, FILE_MAX, &g->progress->cancel,
						&fd, &size, e);

	if (r)
		return r;
	if (!(r = read_file(g, &fd, size, e)))
		r = settle(g, e);
	if (fd >= 0)
		close(fd);
	stage_close(g);
	/* However far the work was when it was told to end. */
	if (r && atomic_load(&g->progress->cancel))
		return err_fail(e, ERR_INVALID, "batch.cancelled", "批量开票",
				"已取消，什么都没有保存");
	return r;
}

enum err desk_batch_read(struct session *s, const struct batch_options *o,
			 struct import_progress *p, struct batch_report *out, struct err_info *e)
{
	struct import_progress alone = {0};
	struct stage g = {.s = s, .options = o, .progress = p ? p : &alone, .report = out};
	int lock = -1;
	enum err r;

	*out = (struct batch_report) {.dry_run = o->dry_run};
	if (o->drafts)
		*o->drafts = (struct invoice_set) {.array = true};
	if ((r = desk_allow(s, o->dry_run ? DESK_VIEW : DESK_ISSUE, e)) ||
	    (r = desk_unit(s, &g.unit, e)))
		return r;
	if (!(r = import_lock(s, &lock, e))) {
		r = run(&g, e);
		file_unlock(&lock);
	}
	unit_free(&g.unit);
	if (r && o->drafts)
		invoice_set_free(o->drafts);
	if (r && !(e && !strcmp(e->code, "batch.failed")))
		batch_report_free(out);
	return r;
}

enum err desk_batch_template(struct session *s, const char *path, enum sheet_format f, bool replace,
			     struct err_info *e)
{
	const struct sheet_table *const tables[] = {batch_table(HEADS), batch_table(LINES),
						    batch_table(EXTRAS)};
	enum err r = desk_allow(s, DESK_VIEW, e);

	if (r)
		return r;
	if (f == SHEET_XLSX)
		return sheet_templates(tables, sizeof(tables) / sizeof(tables[0]), path, replace,
				       e);
	return sheet_template(batch_table(FLAT), path, f, replace, e);
}
