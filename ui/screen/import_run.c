/* import_run.c - the import as a task: its work, its arguments, its result. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/import_p.h"
#include "ui/transfer.h"

void import_path(const char *table, const char *more, char out[IMPORT_WHERE])
{
	snprintf(out, IMPORT_WHERE, "%s › %s › 批量导入%s",
		 strcmp(table, "unit") ? "数电设置" : "接入配置", desk_transfer_label(table), more);
}

void import_result_free(void *result)
{
	struct import_result *res = result;

	if (!res)
		return;
	if (res->job.uploaded)
		transfer_received_remove(res->job.file);
	import_report_free(&res->report);
	free(res);
}

static enum err work(struct session *s, void *arg, struct import_progress *p, void **result,
		     struct err_info *e)
{
	struct import_result *res = mem_zalloc(sizeof(*res));
	struct import_options o;

	res->job = *(const struct import_job *)arg;
	o = (struct import_options) {.table = res->job.table,
				     .file = res->job.file,
				     .failures = *res->job.failures ? res->job.failures : NULL,
				     .dry_run = res->job.dry_run,
				     .partial = res->job.partial};
	*result = res;
	return desk_import(s, &o, p, &res->report, e);
}

static void report(struct task_end *end)
{
	if (!view_push(&view_import_report_ops, end))
		import_result_free(end->result);
}

bool import_run(const struct import_job *job)
{
	struct import_job *copy = mem_zalloc(sizeof(*copy));
	bool begun;
	char label[100];

	*copy = *job;
	snprintf(label, sizeof(label), "%s%.60s", job->dry_run ? "检查" : "导入",
		 desk_transfer_label(job->table));
	begun = task_run(&(struct task_spec) {.label = label,
					      .word = job->dry_run ? "检查" : "导入",
					      .unit = "行",
					      .work = work,
					      .arg = copy,
					      .arg_free = free,
					      .result_free = import_result_free,
					      .report = report,
					      .writes = true});
	if (!begun && job->uploaded)
		transfer_received_remove(job->file);
	return begun;
}
