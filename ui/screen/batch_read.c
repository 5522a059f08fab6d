/* batch_read.c - a file of orders becomes a batch: the work as a task. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch_p.h"
#include "ui/transfer.h"

void batch_result_free(void *result)
{
	struct batch_result *res = result;

	if (!res)
		return;
	if (res->job.uploaded)
		transfer_received_remove(res->job.file);
	batch_report_free(&res->report);
	free(res);
}

static enum err work(struct session *s, void *arg, struct import_progress *p, void **result,
		     struct err_info *e)
{
	struct batch_result *res = mem_zalloc(sizeof(*res));
	struct batch_options o;

	res->job = *(const struct batch_job *)arg;
	o = (struct batch_options) {.file = res->job.file,
				    .failures = *res->job.failures ? res->job.failures : NULL,
				    .strict = res->job.strict};
	*result = res;
	return desk_batch_read(s, &o, p, &res->report, e);
}

/* Nothing a person has to know before looking at the batch itself. */
static bool is_plain(const struct batch_report *r)
{
	return r->batch && !r->bad && !r->repeats && !r->warned && !r->same && !*r->unknown &&
	       !*r->repeated && !*r->skipped;
}

static void report(struct task_end *end)
{
	struct batch_result *res = end->result;

	if (!end->verdict && is_plain(&res->report)) {
		view_push(&view_batch_ops, &res->report.batch);
		ui_message(MESSAGE_GOOD, "读入 %lld 张，都可以开；看过按 F10 开始开票",
			   (long long)res->report.orders);
		batch_result_free(res);
	} else if (end->verdict && !strcmp(end->error.code, "batch.cancelled")) {
		ui_message(MESSAGE_INFO, "已取消，什么都没有保存");
		batch_result_free(res);
	} else if (!view_push(&view_batch_report_ops, end)) {
		batch_result_free(res);
	}
}

bool batch_read(const struct batch_job *job)
{
	struct batch_job *copy = mem_zalloc(sizeof(*copy));
	bool begun;

	*copy = *job;
	begun = task_run(&(struct task_spec) {.label = "读取批量开票",
					      .word = "读取",
					      .unit = "张",
					      .work = work,
					      .arg = copy,
					      .arg_free = free,
					      .result_free = batch_result_free,
					      .report = report,
					      .writes = true});
	if (!begun && job->uploaded)
		transfer_received_remove(job->file);
	return begun;
}
