/* report_save.c - 统计报表: as a workbook with a chart, or as CSV. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/report_p.h"
#include "ui/screen/saved.h"

enum { FIELD_FORMAT = 1, FIELD_FOLDER };

static const struct field FIELDS[] = {
    {.id = FIELD_FORMAT,
     .kind = FIELD_CHOICE,
     .label = "格式",
     .col = 8,
     .width = 20,
     .choices = saved_formats,
     .help = "左右键选择；xlsx 里金额是数字，另有一页图表。"},
    {.id = FIELD_FOLDER,
     SAVED_FOLDER,
     .row = 1,
     .col = 8,
     .width = 50,
     .wide_width = 70,
     .help = "文件存在这台服务器的这个目录，没有就新建；文件名带时间。"},
    {.id = 0},
};

/* Sums that were read for the screen are known: making it once more is quick, and what is written
 * is of one moment. */
static enum err work(struct session *s, void *arg, struct import_progress *p, void **result,
		     struct err_info *e)
{
	struct report_file *job = mem_alloc(sizeof(*job));
	struct desk_report r;
	enum err rc;

	*job = *(const struct report_file *)arg;
	*result = job;
	if ((rc = desk_report(s, &job->options, p, &r, e)))
		return rc;
	rc = desk_report_export(
	    s, &r, &(struct report_export) {.folder = job->folder, .format = job->format},
	    job->path, e);
	job->rows = r.rows;
	desk_report_free(&r);
	return rc;
}

static void report(struct task_end *end)
{
	struct report_file *job = end->result;

	if (end->verdict)
		ui_error(&end->error);
	else
		saved_show("统计报表", job->path, "%zu 行和合计。", job->rows);
	free(job);
}

static bool submit(struct form *f, void *arg)
{
	struct report_file *job = arg;
	struct err_info e = {0};
	char text[256];

	if (saved_folder(form_get(f, FIELD_FOLDER), true, job->folder, &e)) {
		form_fail(f, FIELD_FOLDER, ui_sentence(&e, text, sizeof(text)));
		return false;
	}
	job->format = saved_format(f, FIELD_FORMAT);
	return true;
}

static void fill(struct form *f, void *arg)
{
	const struct report_file *job = arg;

	form_set(f, FIELD_FORMAT, saved_formats[0]);
	form_set(f, FIELD_FOLDER, job->folder);
}

bool report_save_ask(struct report_view *s, int token)
{
	struct err_info e = {0};

	if (task_in_the_way())
		return true;
	if (home_path(ui_session()->home, HOME_FILES, s->file.folder, &e)) {
		ui_error(&e);
		return true;
	}
	s->file.options = s->asked.options;
	return view_ask(s->frame.view, token, &view_form_ops,
			&(struct ask_form_arg) {.title = "统计报表存为文件",
						.fields = FIELDS,
						.fill = fill,
						.arg = &s->file,
						.submit = submit});
}

void report_save_start(struct report_view *s)
{
	struct report_file *copy = mem_alloc(sizeof(*copy));

	*copy = s->file;
	task_run(&(struct task_spec) {.label = "导出统计报表",
				      .word = "导出",
				      .unit = "张",
				      .work = work,
				      .arg = copy,
				      .arg_free = free,
				      .result_free = free,
				      .report = report});
}
