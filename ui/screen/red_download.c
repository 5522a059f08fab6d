/* red_download.c - 红字发票确认信息下载: role and days, all pages, a workbook (features E27, E28). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base.h"
#include "ui/screen/red_p.h"
#include "ui/screen/saved.h"
#include "ui/task.h"

enum { FIELD_SIDE = 1, FIELD_FROM, FIELD_TO, FIELD_FORMAT, FIELD_FOLDER };
enum { STEP_NS = 100 * 1000 * 1000, SENTENCE = 1200 };

static const char *const SIDES[] = {"销售方", "购买方", NULL};

static const struct field FIELDS[] = {
    {.id = FIELD_SIDE,
     .kind = FIELD_CHOICE,
     .label = "购/销方",
     .col = 10,
     .width = 6,
     .choices = SIDES,
     .help = "我方是销方还是购方，左右键选择。"},
    {.id = FIELD_FROM,
     .kind = FIELD_DATE,
     .label = "录入日期",
     .row = 1,
     .col = 10,
     .width = 11,
     .offered = true,
     .required = true,
     .help = "从哪一天录入的起，例如 2026-01-01、01-01；+ 和 - 改日期。"},
    {.id = FIELD_TO,
     .kind = FIELD_DATE,
     .label = "至",
     .row = 1,
     .col = 27,
     .width = 11,
     .offered = true,
     .required = true,
     .help = "到哪一天录入的为止（含当天）；起止最大支持 1 个月。"},
    {.id = FIELD_FORMAT,
     .kind = FIELD_CHOICE,
     .label = "格式",
     .row = 2,
     .col = 10,
     .width = 20,
     .choices = saved_formats,
     .help = "左右键选择；xlsx 有列表和明细两页，CSV 只有列表。"},
    {.id = FIELD_FOLDER,
     SAVED_FOLDER,
     .row = 3,
     .col = 10,
     .width = 50,
     .wide_width = 70,
     .help = "文件存在这台服务器的这个目录，没有就新建；文件名带时间。"},
    {.id = 0},
};

/* ---- the task ---- */

struct download {
	struct red_download what;
	char folder[HOME_PATH];
	struct desk_wait wait;
};
struct downloaded {
	char path[HOME_PATH + 256], lacks[RED_WORD];
	int64_t rows;
	bool whole;
};

/* What the dialog that was answered has begun. */
static struct download *begun;

static void download_free(void *arg)
{
	struct download *d = arg;

	if (!d)
		return;
	desk_wait_free(&d->wait);
	free(d);
}

/* The engine brings the letters in; it goes on with them when this is cancelled. */
static enum err wait_for_letters(struct session *s, struct download *d, struct import_progress *p,
				 struct err_info *e)
{
	bool done = false;
	enum err r = ERR_OK;

	while (!(r = desk_wait_settled(&d->wait, s->db, &done, e)) || r == ERR_BUSY) {
		if (done)
			return desk_wait_verdict(s, &d->wait, e);
		if (atomic_load(&p->cancel))
			return err_fail(e, ERR_INVALID, "red.cancelled", "下载", "已取消");
		desk_red_download_at(s, d->wait.jobs[0], p, NULL);
		nanosleep(&(struct timespec) {.tv_nsec = STEP_NS}, NULL);
	}
	return r;
}

static enum err work(struct session *s, void *arg, struct import_progress *p, void **result,
		     struct err_info *e)
{
	struct download *d = arg;
	struct downloaded *out = mem_zalloc(sizeof(*out));
	enum err r;

	*result = out;
	d->what.folder = d->folder;
	if ((r = wait_for_letters(s, d, p, e)))
		return r;
	/* The file is written, and says what it lacks. */
	r = desk_red_complete(s, &d->wait, out->lacks, e);
	out->whole = !r;
	if (r && r != ERR_REFUSED)
		return r;
	err_clear(e);
	atomic_store(&p->what, "写文件");
	return desk_red_download_write(s, &d->what, p, &out->rows, out->path, e);
}

static void report(struct task_end *end)
{
	const struct downloaded *f = end->result;

	if (!saved_failed(end))
		saved_show(f->whole ? "红字确认单下载成功" : "红字确认单没有取全", f->path,
			   "%lld 张红字确认单，本机的列表也已更新。%s%s%s", (long long)f->rows,
			   f->whole ? *f->lacks ? "提醒：" : "" : "税局没有给全：", f->lacks,
			   f->whole ? "" : "。稍后再下载；仍然取不全时到电子税务局核对。");
	free(end->result);
}

/* ---- the dialog ---- */

static void fill(struct form *f, void *arg)
{
	char today[DATE_TEXT], first[DATE_TEXT];

	text_copy(first, sizeof(first), date_text(clock_now(), today));
	memcpy(first + 8, "01", 2);
	form_set(f, FIELD_SIDE, SIDES[0]);
	form_set(f, FIELD_FROM, first);
	form_set(f, FIELD_TO, today);
	form_set(f, FIELD_FORMAT, saved_formats[0]);
	form_set(f, FIELD_FOLDER, arg);
}

static void copy_day(const struct form *f, int id, char out[DATE_TEXT])
{
	struct date d;

	if (date_parse(form_get(f, id), &d))
		date_text(date_unix((struct datetime) {.date = d}), out);
}

static bool fail(struct form *f, int id, const struct err_info *e)
{
	char sentence[SENTENCE];

	form_fail(f, id, ui_sentence(e, sentence, sizeof(sentence)));
	return false;
}

static bool submit(struct form *f, void *arg)
{
	struct download *d = mem_zalloc(sizeof(*d));
	struct err_info e = {0};
	bool well = false;

	(void)arg;
	d->what.side = form_choice(f, FIELD_SIDE) == 1 ? RED_BUYER : RED_SELLER;
	d->what.format = saved_format(f, FIELD_FORMAT);
	copy_day(f, FIELD_FROM, d->what.from);
	copy_day(f, FIELD_TO, d->what.to);
	if (saved_folder(form_get(f, FIELD_FOLDER), true, d->folder, &e))
		fail(f, FIELD_FOLDER, &e);
	else if (desk_red_download_begin(ui_session(), &d->what, &d->wait, &e))
		fail(f, strcmp(e.field, "from") ? FIELD_TO : FIELD_FROM, &e);
	else
		well = true;
	if (!well) {
		download_free(d);
		return false;
	}
	download_free(begun);
	begun = d;
	return true;
}

bool red_download_ask(struct view *asker, int token)
{
	static char folder[HOME_PATH];
	struct err_info e = {0};

	if (task_in_the_way())
		return true;
	if (home_path(ui_session()->home, HOME_FILES, folder, &e)) {
		ui_error(&e);
		return true;
	}
	return view_ask(asker, token, &view_form_ops,
			&(struct ask_form_arg) {.title = "红字发票确认信息下载",
						.fields = FIELDS,
						.fill = fill,
						.arg = folder,
						.note = "向税局取这些天录入的全部确认单和明细，存为"
							"文件。可以放到后台。",
						.submit = submit});
}

void red_download_start(void)
{
	struct download *d = begun;

	begun = NULL;
	if (!d)
		return;
	ui_wake_engine();
	task_run(&(struct task_spec) {.label = "下载红字确认单",
				      .word = "下载",
				      .unit = "张",
				      .work = work,
				      .arg = d,
				      .arg_free = download_free,
				      .result_free = free,
				      .report = report});
}
