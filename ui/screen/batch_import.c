/* batch_import.c - the page: which file of orders, and what a faulty one means for the others. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch_p.h"
#include "ui/transfer.h"

enum { FIELD_FILE = 1, FIELD_FAULTY, LABEL = 12 };

static const char *const FAULTY[] = {"其余照开", "全部不开", NULL};

static const struct field FIELDS[] = {
    {.id = FIELD_FILE,
     .kind = FIELD_TEXT,
     .label = "文件",
     .col = LABEL,
     .width = 64,
     .wide_width = 90,
     .max_chars = 900,
     .required = true,
     .complete = import_complete_orders,
     .help = "服务器上的 xlsx、CSV 或 JSON 文件，~ 是自己的目录；边输入边列出，下键选、回车取。"},
    {.id = FIELD_FAULTY,
     .kind = FIELD_CHOICE,
     .label = "有问题时",
     .row = 1,
     .col = LABEL,
     .width = 10,
     .choices = FAULTY,
     .help = "有一张有问题时，没有问题的照开，还是一张都不开；开始前还可以改。"},
    {.id = 0},
};

static const char WORDS[] =
    "税局的批量开票模板（各版本）、本程序的模板、每行一条明细的 CSV、JSON 数组，都可以。先读取和检查，"
    "不开票；有问题的逐条列出，并存成一个失败文件，改好后再导入它。同一个流水号只开一次，同一个文件再"
    "导入也不会重复开。\n\n"
    "没有文件：F7 下载模板。\n"
    "文件在自己的电脑上：F6 上传（rz），不能用时给出 scp 命令。\n";

struct page {
	struct form form;
	struct rect foot;
	struct wrap words;
	char uploaded[IMPORT_PATH]; /* ours until the task has it; "" none */
};

static bool start(struct page *s)
{
	struct batch_job job = {.strict = form_choice(&s->form, FIELD_FAULTY) == 1};
	const char *wrong;

	if (task_in_the_way())
		return true;
	wrong = form_check(&s->form);
	if (!wrong && !import_find(&s->form, FIELD_FILE, job.file))
		wrong = form_error(&s->form);
	if (wrong) {
		ui_message(MESSAGE_ERROR, "%s", wrong);
		return true;
	}
	job.uploaded = !strcmp(job.file, s->uploaded);
	if (job.uploaded) {
		import_failures_of(job.file, job.failures);
		*s->uploaded = 0; /* the task's from now on */
	}
	view_pop(true, NULL);
	batch_read(&job);
	return true;
}

static bool upload(struct page *s)
{
	if (import_upload(&s->form, FIELD_FILE, s->uploaded))
		form_focus(&s->form, FIELD_FAULTY);
	return true;
}

/* ---- the view ---- */

static enum err page_open(struct view *v, const void *arg, struct err_info *e)
{
	struct page *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_ISSUE, e);

	(void)arg;
	if (r)
		return r;
	form_init(&s->form, FIELDS, s);
	form_set(&s->form, FIELD_FAULTY, FAULTY[0]);
	form_focus(&s->form, FIELD_FILE);
	wrap_set(&s->words, WORDS);
	return ERR_OK;
}

static void page_close(struct view *v)
{
	struct page *s = v->state;

	if (*s->uploaded)
		transfer_received_remove(s->uploaded);
	form_free(&s->form);
	wrap_free(&s->words);
}

static void page_layout(struct view *v)
{
	struct page *s = v->state;
	struct rect r = v->area;

	form_layout(&s->form, rect_top(&r, form_rows(&s->form)));
	rect_top(&r, 1);
	s->foot = rect_inset(r, 0, 1);
}

static void page_paint(struct view *v)
{
	struct page *s = v->state;

	draw_clear(v->area, FACE_NORMAL);
	wrap_layout(&s->words, s->foot.w);
	wrap_paint(&s->words, s->foot, FACE_DIM);
	form_paint(&s->form, true);
}

static bool page_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct page *s = v->state;

	return form_key(&s->form, k, paste, n);
}

/* A folder that was taken opens. */
static void open_folder(struct page *s)
{
	const char *path = form_get(&s->form, FIELD_FILE);

	if (form_focused(&s->form) == FIELD_FILE && *path && path[strlen(path) - 1] == '/')
		form_act(&s->form, ACT_CHOOSE);
}

static bool page_act(struct view *v, enum action a)
{
	struct page *s = v->state;

	if (a == ACT_START)
		return start(s);
	if (a == ACT_UPLOAD)
		return upload(s);
	if (a == ACT_TEMPLATE) {
		batch_template();
		return true;
	}
	switch (form_act(&s->form, a)) {
	case FORM_MATCH:
		open_folder(s);
		return true;
	case FORM_LEFT_END:
		if (a == ACT_ENTER)
			return start(s);
		form_focus(&s->form, FIELD_FILE);
		return true;
	case FORM_LEFT_START:
		form_focus(&s->form, FIELD_FAULTY);
		return true;
	case FORM_UNUSED:
		return false;
	default:
		return true;
	}
}

static const char *const *page_sections(const struct view *v)
{
	static const char *const TEXT[] = {"import", "form-text", "form", NULL};
	static const char *const CHOICE[] = {"import", "form-choice", "form", NULL};
	const struct page *s = v->state;

	return !strcmp(form_sections(&s->form)[0], "form-choice") ? CHOICE : TEXT;
}

static const enum action *page_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_START, ACT_UPLOAD, ACT_TEMPLATE, ACT_TOGGLE,
					    ACT_NEXT,  ACT_BACK,   ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *page_help(const struct view *v)
{
	const struct page *s = v->state;

	return form_help(&s->form);
}

const struct view_ops view_batch_import_ops = {
    .name = "batch-import",
    .path = "开票 › 批量开票 › 导入",
    .size = sizeof(struct page),
    .open = page_open,
    .layout = page_layout,
    .paint = page_paint,
    .sections = page_sections,
    .key = page_key,
    .act = page_act,
    .hints = page_hints,
    .help = page_help,
    .close = page_close,
};
