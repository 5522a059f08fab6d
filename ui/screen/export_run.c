/* export_run.c - the export as a task: a catalogue by the desk, a list from its queue. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "ui/screen/export_p.h"
#include "ui/screen/saved.h"
#include "ui/task.h"

enum { PATH_SIZE = HOME_PATH + 256, NAME = 200, STAMP_TRIES = 60, HEAD_WIDTH = 40 };

struct export_result {
	char path[PATH_SIZE];
	int64_t rows;
};

/* ---- the job ---- */

static const char *copy_text(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

void export_query_copy(struct export_query *q, const struct buyer_query *b,
		       const struct goods_query *g)
{
	*q = (struct export_query) {.has_buyers = b != NULL, .has_goods = g != NULL};
	if (b)
		q->buyers = (struct buyer_query) {.text = copy_text(b->text),
						  .name = copy_text(b->name),
						  .tax_no = copy_text(b->tax_no),
						  .mnemonic = copy_text(b->mnemonic),
						  .phone = copy_text(b->phone)};
	if (g)
		q->goods = (struct goods_query) {.text = copy_text(g->text),
						 .name = copy_text(g->name),
						 .mnemonic = copy_text(g->mnemonic),
						 .tax_code = copy_text(g->tax_code),
						 .short_name = copy_text(g->short_name),
						 .unusable = g->unusable,
						 .env = copy_text(g->env),
						 .today = copy_text(g->today)};
}

void export_query_free(struct export_query *q)
{
	const char *texts[] = {q->buyers.text,      q->buyers.name,    q->buyers.tax_no,
			       q->buyers.mnemonic,  q->buyers.phone,   q->goods.text,
			       q->goods.name,       q->goods.mnemonic, q->goods.tax_code,
			       q->goods.short_name, q->goods.env,      q->goods.today};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free((char *)(uintptr_t)texts[i]);
	if (q->has_invoices)
		export_invoices_free(&q->invoices);
	*q = (struct export_query) {.has_buyers = false};
}

static void export_job_free(void *arg)
{
	struct export_job *job = arg;

	export_query_free(&job->query);
	feed_free(&job->feed);
	free(job->ids);
	free(job);
}

void export_job_catalogue(struct export_job *job, const char *table, const struct export_query *q,
			  const struct list *marked)
{
	job->table = table;
	if (q)
		export_query_copy(&job->query, q->has_buyers ? &q->buyers : NULL,
				  q->has_goods ? &q->goods : NULL);
	if (q && q->has_invoices)
		export_query_invoices(&job->query, &q->invoices.filter);
	if (!marked)
		return;
	job->id_count = marked->mark_count;
	job->ids = mem_zalloc((job->id_count + 1) * sizeof(*job->ids));
	memcpy(job->ids, marked->marks, job->id_count * sizeof(*job->ids));
}

/* Digits that are no number: what is called a number, a code or an account. */
static bool is_id(const char *label)
{
	return strstr(label, "号") || strstr(label, "编码") || strstr(label, "电话");
}

int export_heads(const struct list *l, struct sheet_head heads[LIST_COLUMNS])
{
	int i;

	for (i = 0; i < LIST_COLUMNS && l->columns[i].label; i++) {
		const struct list_column *c = &l->columns[i];
		int width = c->wide_width ? c->wide_width : c->width;

		heads[i] = (struct sheet_head) {.title = c->label,
						.width = width > 0 ? width : HEAD_WIDTH,
						.id = is_id(c->label)};
	}
	return i;
}

/* ---- the work ---- */

struct taking {
	struct export_job *job;
	struct import_progress *progress;
};

static bool next_row(void *arg, const char **cells)
{
	struct taking *t = arg;

	if (!feed_take(t->job->feed, cells))
		return false;
	atomic_fetch_add(&t->progress->rows, 1);
	atomic_fetch_add(&t->progress->done, 1);
	return true;
}

/* A name with the time; one that is taken leaves it to the next second. */
static enum err write_list(struct session *s, struct taking *t, struct export_result *res,
			   struct err_info *e)
{
	const struct export_job *job = t->job;
	struct err_info why = {0};
	char name[NAME];
	enum err r = ERR_INVALID;
	int i;

	for (i = 0; i < STAMP_TRIES; i++) {
		sheet_stamped_name(name, sizeof(name), job->title, clock_now() + i, job->format);
		if (!file_join(res->path, sizeof(res->path), job->folder, name))
			return err_fail(e, ERR_INVALID, "file.path", job->folder, "路径太长");
		r = desk_export_rows(s, res->path, job->format, job->title, job->heads,
				     (size_t)job->columns, next_row, t, &res->rows, &why);
		if (r != ERR_INVALID || strcmp(why.code, "file.exists") != 0)
			break;
	}
	if (r)
		*e = why;
	return r;
}

static enum err export_list(struct session *s, struct export_job *job, struct import_progress *p,
			    struct export_result *res, struct err_info *e)
{
	struct taking t = {job, p};
	enum err r;

	atomic_store(&p->total, job->total);
	r = write_list(s, &t, res, e);
	if (r || !feed_dropped(job->feed)) {
		feed_drop(job->feed);
		return r;
	}
	/* What is there ends in the middle. */
	unlink(res->path);
	return err_fail(e, ERR_INVALID, "export.cancelled", "批量导出", "已取消，没有留下文件");
}

static enum err export_table(struct session *s, const struct export_job *job,
			     struct import_progress *p, struct export_result *res,
			     struct err_info *e)
{
	struct export_options o = {.table = job->table,
				   .folder = job->folder,
				   .format = job->format,
				   .ids = job->ids,
				   .id_count = job->id_count,
				   .buyers = job->query.has_buyers ? &job->query.buyers : NULL,
				   .goods = job->query.has_goods ? &job->query.goods : NULL};

	if (!strcmp(job->table, "invoices"))
		return export_invoices(s, job, p, res->path, &res->rows, e);
	return desk_export(s, &o, p, &res->rows, res->path, e);
}

static enum err work(struct session *s, void *arg, struct import_progress *p, void **result,
		     struct err_info *e)
{
	struct export_job *job = arg;
	struct export_result *res = mem_zalloc(sizeof(*res));

	*result = res;
	return job->table ? export_table(s, job, p, res, e) : export_list(s, job, p, res, e);
}

static void report(struct task_end *end)
{
	struct export_result *res = end->result;

	/* The dialog whose rows these were has nothing more to do. */
	if (view_top()->ops == &view_export_ops)
		view_pop(!end->verdict, NULL);
	if (!saved_failed(end))
		saved_show("批量导出", res->path, "已导出 %lld 行。", (long long)res->rows);
	free(res);
}

bool export_run(struct export_job *job, const struct view_ops *watcher)
{
	struct err_info e = {0};
	char label[100];

	snprintf(label, sizeof(label), "导出%s", job->title);
	if (!task_start(&(struct task_spec) {.label = label,
					     .word = "导出",
					     .unit = "行",
					     .work = work,
					     .arg = job,
					     .arg_free = export_job_free,
					     .result_free = free,
					     .report = report,
					     .watcher = watcher},
			&e))
		return true;
	ui_error(&e);
	return false;
}
