/* recon_files.c - the differences of a run as a workbook. */
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"
#include "ui/loop.h"
#include "ui/screen/recon.h"
#include "ui/screen/saved.h"
#include "ui/task.h"

struct save_job {
	int64_t run;
	char folder[HOME_PATH];
};
struct save_result {
	char path[HOME_PATH + 256];
	int64_t rows;
};

static enum err work(struct session *s, void *arg, struct import_progress *p, void **result,
		     struct err_info *e)
{
	const struct save_job *job = arg;
	struct save_result *out = mem_zalloc(sizeof(*out));
	struct recon_export o = {.run = job->run, .folder = job->folder, .all = true};

	(void)p;
	*result = out;
	return desk_recon_export(s, &o, &out->rows, out->path, e);
}

static void report(struct task_end *end)
{
	const struct save_result *f = end->result;

	if (!saved_failed(end))
		saved_show("导出差异", f->path, "%lld 处，其他渠道的也在内。", (long long)f->rows);
	free(end->result);
}

void recon_save(int64_t run)
{
	struct save_job *job;
	char folder[HOME_PATH];

	if (task_in_the_way() || !saved_usual_folder(folder))
		return;
	job = mem_zalloc(sizeof(*job));
	job->run = run;
	text_copy(job->folder, sizeof(job->folder), folder);
	task_run(&(struct task_spec) {.label = "导出对账差异",
				      .word = "导出",
				      .unit = "处",
				      .work = work,
				      .arg = job,
				      .arg_free = free,
				      .result_free = free,
				      .report = report});
}
