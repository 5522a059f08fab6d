/* archive.c - 打包下载: which invoices, which formats, where to; the work as a task (features F3). */
#include "ui/screen/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/screen/parts.h"
#include "ui/screen/saved.h"
#include "ui/task.h"

enum { FIELD_SCOPE = 1, FIELD_MONTH, FIELD_KIND, FIELD_FORMAT, FIELD_FOLDER };
enum { ROWS = 12, WIDTH = 76, WIDE_WIDTH = 96, SCOPE_TEXT = 64 };

struct archive {
	struct form form;
	int64_t *ids; /* owned */
	size_t id_count;
};

static char scope_marked[SCOPE_TEXT];
static const char *scopes[3];
static const char *const KINDS[] = {"全部", "数电普票", "数电专票", NULL};
static const char *const FORMATS[] = {"全部", "PDF", "OFD", "XML", NULL};
static const enum print_format FORMAT_OF[] = {PRINT_FORMATS, PRINT_PDF, PRINT_OFD, PRINT_XML};

static const char *check_month(const struct form *f, const struct field *fd, const char *text,
			       char *out)
{
	int year, month;

	(void)fd;
	(void)out;
	if (form_choice(f, FIELD_SCOPE) == 0 && scopes[1])
		return NULL; /* the marked ones */
	if (strlen(text) == MONTH_TEXT - 1 && month_parse(text, &year, &month))
		return NULL;
	return "月份：写成 2026-11";
}

static const struct field FIELDS[] = {
    {.id = FIELD_SCOPE,
     .kind = FIELD_CHOICE,
     .label = "范围",
     .col = 8,
     .width = 30,
     .choices = scopes,
     .help = "左右键选择：这些发票，或一个月开票成功的全部。"},
    {.id = FIELD_MONTH,
     .kind = FIELD_TEXT,
     .label = "月份",
     .row = 1,
     .col = 8,
     .width = 8,
     .offered = true,
     .max_chars = 7,
     .check = check_month,
     .help = "开票日期所在的月份，例如 2026-11；范围不是一个月时不看。"},
    {.id = FIELD_KIND,
     .kind = FIELD_CHOICE,
     .label = "种类",
     .row = 1,
     .col = 28,
     .width = 10,
     .choices = KINDS,
     .help = "左右键选择；范围不是一个月时不看。"},
    {.id = FIELD_FORMAT,
     .kind = FIELD_CHOICE,
     .label = "版式",
     .row = 2,
     .col = 8,
     .width = 8,
     .choices = FORMATS,
     .help = "左右键选择 PDF、OFD、XML 或全部三种。"},
    {.id = FIELD_FOLDER,
     SAVED_FOLDER,
     .row = 3,
     .col = 8,
     .width = 58,
     .wide_width = 78,
     .help = "压缩包存在这台服务器的这个目录，没有就新建；文件名带时间。"},
    {.id = 0},
};

/* ---- the task ---- */

struct archive_job {
	int64_t *ids; /* owned; NULL: the month */
	size_t id_count;
	char month[MONTH_TEXT], folder[HOME_PATH];
	enum invoice_kind kind;
	bool has_kind, formats[PRINT_FORMATS];
};

static void archive_job_free(void *arg)
{
	struct archive_job *job = arg;

	free(job->ids);
	free(job);
}

static enum err work(struct session *s, void *arg, struct import_progress *p, void **result,
		     struct err_info *e)
{
	const struct archive_job *job = arg;
	struct archive_report *report = mem_zalloc(sizeof(*report));
	struct archive_options o = {.folder = job->folder};

	*result = report;
	memcpy(o.formats, job->formats, sizeof(o.formats));
	o.choice = (struct records_choice) {.ids = job->ids,
					    .id_count = job->id_count,
					    .month = job->ids ? NULL : job->month,
					    .kind = job->has_kind && !job->ids ? &job->kind : NULL};
	return desk_archive(s, &o, p, report, e);
}

static void report(struct task_end *end)
{
	struct archive_report *a = end->result;
	char skipped[80] = "";

	if (!saved_failed(end)) {
		if (a->skipped)
			snprintf(skipped, sizeof(skipped), "，%lld 张没有开票成功，没有版式文件",
				 (long long)a->skipped);
		saved_show("打包下载", a->path, "%lld 张发票，%lld 个文件%s。",
			   (long long)a->invoices, (long long)a->files, skipped);
	}
	free(a);
}

static void run(struct archive_job *job)
{
	view_pop(true, NULL);
	task_run(&(struct task_spec) {.label = "打包版式文件",
				      .word = "打包",
				      .unit = "张",
				      .work = work,
				      .arg = job,
				      .arg_free = archive_job_free,
				      .result_free = free,
				      .report = report});
}

static void set_formats(const struct archive *s, bool formats[PRINT_FORMATS])
{
	int chosen = form_choice(&s->form, FIELD_FORMAT);

	if (chosen > 0)
		formats[FORMAT_OF[chosen]] = true;
}

static bool start(struct archive *s)
{
	struct archive_job *job;
	char folder[HOME_PATH];

	if (!saved_may_begin(&s->form, FIELD_FOLDER, folder))
		return true;
	job = mem_zalloc(sizeof(*job));
	text_copy(job->folder, sizeof(job->folder), folder);
	text_copy(job->month, sizeof(job->month), form_get(&s->form, FIELD_MONTH));
	job->has_kind = invoice_kind_parse(form_get(&s->form, FIELD_KIND), &job->kind);
	set_formats(s, job->formats);
	if (s->id_count && form_choice(&s->form, FIELD_SCOPE) == 0) {
		job->ids = s->ids;
		job->id_count = s->id_count;
		s->ids = NULL;
	}
	run(job);
	return true;
}

/* ---- the view ---- */

static enum err archive_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct archive_arg *a = arg;
	struct archive *s = v->state;
	char folder[HOME_PATH], month[MONTH_TEXT];
	enum err r = home_path(ui_session()->home, HOME_FILES, folder, e);
	int n = 0;

	if (r)
		return r;
	s->id_count = a->id_count;
	if (a->id_count) {
		s->ids = mem_alloc(a->id_count * sizeof(*s->ids));
		memcpy(s->ids, a->ids, a->id_count * sizeof(*s->ids));
		snprintf(scope_marked, sizeof(scope_marked), "%s %zu 张",
			 a->whose ? a->whose : "勾选的", a->id_count);
		scopes[n++] = scope_marked;
	}
	scopes[n++] = "一个月的";
	if (n < 3)
		scopes[n] = NULL;
	form_init(&s->form, FIELDS, s);
	form_set(&s->form, FIELD_SCOPE, scopes[0]);
	form_set(&s->form, FIELD_MONTH, month_text(clock_now(), month));
	form_set(&s->form, FIELD_KIND, KINDS[0]);
	form_set(&s->form, FIELD_FORMAT, FORMATS[0]);
	form_set(&s->form, FIELD_FOLDER, folder);
	return ERR_OK;
}

static void archive_close(struct view *v)
{
	struct archive *s = v->state;

	free(s->ids);
	form_free(&s->form);
}

static struct rect archive_place(struct view *v, struct rect area)
{
	(void)v;
	return rect_centre(area, ROWS, area.w > 100 ? WIDE_WIDTH : WIDTH);
}

static void archive_layout(struct view *v)
{
	struct archive *s = v->state;
	struct rect in = dialog_inside(v->area);

	rect_top(&in, 1);
	form_layout(&s->form, rect_top(&in, 4));
}

static void archive_paint(struct view *v)
{
	struct archive *s = v->state;
	struct rect in = dialog_inside(v->area);

	draw_box(v->area, "打包下载");
	form_paint(&s->form, true);
	draw_text(in, in.h - 2, 0, in.w, ALIGN_LEFT, FACE_DIM,
		  "zip 压缩包，里面一个月一个目录；没有开票成功的不在里面");
	draw_text(in, in.h - 1, 0, in.w, ALIGN_LEFT, FACE_DIM, "F10 或在目录上回车开始，Esc 返回");
}

static const char *const *archive_sections(const struct view *v)
{
	static const char *const TEXT[] = {"export", "form", NULL}, *const CHOICE[] = {
									"export", "form-choice",
									"form", NULL};
	const struct archive *s = v->state;
	const char *const *own = form_sections(&s->form);

	return !strcmp(own[0], "form-choice") ? CHOICE : TEXT;
}

static bool archive_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct archive *s = v->state;

	return form_key(&s->form, k, paste, n);
}

static bool archive_act(struct view *v, enum action a)
{
	struct archive *s = v->state;
	enum saved_act r = saved_form_act(&s->form, FIELD_SCOPE, FIELD_FOLDER, a);

	return r == SAVED_START ? start(s) : r == SAVED_USED;
}

static const enum action *archive_hints(const struct view *v)
{
	static const enum action ASK[] = {ACT_START, ACT_TOGGLE, ACT_NEXT, ACT_BACK, ACT_NONE};

	(void)v;
	return ASK;
}

static const char *archive_help(const struct view *v)
{
	const struct archive *s = v->state;

	return form_help(&s->form);
}

const struct view_ops view_archive_ops = {
    .name = "archive",
    .path = "开票 › 开票记录 › 打包下载",
    .modal = true,
    .size = sizeof(struct archive),
    .open = archive_open,
    .place = archive_place,
    .layout = archive_layout,
    .paint = archive_paint,
    .sections = archive_sections,
    .key = archive_key,
    .act = archive_act,
    .hints = archive_hints,
    .help = archive_help,
    .close = archive_close,
};
