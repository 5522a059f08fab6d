/* batch_files.c - what leaves the program: the template, the results, layout files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/archive.h"
#include "ui/screen/batch_p.h"
#include "ui/screen/saved.h"

enum { FILE_NAME = 200, TITLE = 60, PAGE = 1000, TRIES = 60 };

/* ---- template ---- */

static enum err write_template(const char *table, const char *path, enum sheet_format f,
			       struct err_info *e)
{
	(void)table;
	return desk_batch_template(ui_session(), path, f, false, e);
}

void batch_template(void)
{
	import_template_of("批量开票", NULL, write_template);
}

/* ---- results ---- */

struct result_job {
	int64_t batch;
	char folder[HOME_PATH];
};
struct result_file {
	char path[IMPORT_PATH];
	int64_t rows;
};

/* The name says batch and time; one that is there stays. */
static enum err write_result(struct session *s, const struct result_job *job,
			     struct result_file *out, struct err_info *e)
{
	char name[FILE_NAME], title[TITLE];
	int64_t now = clock_now();
	enum err r = ERR_INVALID;
	int i;

	snprintf(title, sizeof(title), "批量开票结果-%lld号", (long long)job->batch);
	for (i = 0; i < TRIES; i++) {
		sheet_stamped_name(name, sizeof(name), title, now + i, SHEET_XLSX);
		if (!file_join(out->path, sizeof(out->path), job->folder, name))
			return err_fail(e, ERR_INVALID, "file.path", job->folder, "路径太长");
		err_clear(e);
		r = desk_batch_result(s, job->batch, out->path, SHEET_XLSX, false, &out->rows, e);
		if (r != ERR_INVALID || strcmp(e->code, "file.exists") != 0)
			break;
	}
	return r;
}

static enum err work(struct session *s, void *arg, struct import_progress *p, void **result,
		     struct err_info *e)
{
	struct result_file *out = mem_zalloc(sizeof(*out));

	(void)p;
	*result = out;
	return write_result(s, arg, out, e);
}

static void report(struct task_end *end)
{
	const struct result_file *f = end->result;

	if (!saved_failed(end))
		saved_show("导出结果", f->path, "%lld 张的流水号、号码、状态和原因。",
			   (long long)f->rows);
	free(end->result);
}

void batch_save_result(const struct order_batch *b)
{
	struct result_job *job;
	char folder[HOME_PATH];

	if (task_in_the_way() || !saved_usual_folder(folder))
		return;
	job = mem_zalloc(sizeof(*job));
	job->batch = b->id;
	text_copy(job->folder, sizeof(job->folder), folder);
	task_run(&(struct task_spec) {.label = "导出批量开票结果",
				      .word = "导出",
				      .unit = "张",
				      .work = work,
				      .arg = job,
				      .arg_free = free,
				      .result_free = free,
				      .report = report});
}

/* ---- layout files ---- */

struct ids {
	int64_t *all; /* owned */
	size_t count;
};

static enum err add_id(void *arg, const struct batch_order *o)
{
	struct ids *ids = arg;

	if (o->invoice_id)
		ids->all[ids->count++] = o->invoice_id;
	return ERR_OK;
}

bool batch_archive(const struct order_batch *b)
{
	static const enum order_state ISSUED = ORDER_ISSUED;
	struct batch_order_query q = {.batch = b->id, .state = &ISSUED, .limit = PAGE};
	struct ids ids = {.all = NULL};
	struct err_info e = {0};
	int64_t next = 0, total;
	bool at_least, pushed = false;
	enum err r;

	do {
		ids.all = mem_realloc(ids.all, (ids.count + PAGE) * sizeof(*ids.all));
		r = desk_batch_orders(ui_session(), &q, add_id, &ids, &next, &total, &at_least, &e);
		q.cursor = next;
	} while (!r && next);
	if (r)
		ui_error(&e);
	else
		pushed = view_push(&view_archive_ops, &(struct archive_arg) {.ids = ids.all,
									     .id_count = ids.count,
									     .whose = "这一批的"});
	free(ids.all);
	return pushed || r;
}
