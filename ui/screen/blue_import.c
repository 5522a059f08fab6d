/* blue_import.c - the page: which file, with or without tax. */
#include "ui/screen/blue_import_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/screen/blue_model.h"
#include "ui/transfer.h"

enum { FIELD_FILE = 1, FIELD_MODE };
enum { LABEL = 12, BODY_MAX = 1 << 16 };
static const char CHOICE[] = "import:lines";

static const struct field FIELDS[] = {
    {.id = FIELD_FILE,
     .kind = FIELD_TEXT,
     .label = "文件",
     .col = LABEL,
     .width = 64,
     .wide_width = 90,
     .max_chars = 900,
     .required = true,
     .complete = import_complete,
     .help = "服务器上的 xlsx 或 CSV 文件，~ 是自己的目录；边输入边列出，下键选、回车取。"},
    {.id = FIELD_MODE,
     .kind = FIELD_CHOICE,
     .label = "单价金额",
     .row = 1,
     .col = LABEL,
     .width = 8,
     .choices = blue_modes,
     .apart = true,
     .help = "文件里的单价和金额含不含税；列名写成“含税金额”等的以列名为准，预览时还能换。"},
    {.id = 0},
};

struct page {
	struct form form;
	struct rect foot;
	struct wrap words;
	int there;
	char uploaded[IMPORT_PATH]; /* ours until the preview has it; "" none */
	char proposed[IMPORT_PATH]; /* replaced by typing, until it is edited; "" not */
};

static const char WORDS[] =
    "税局的明细模板（1-明细模板）原样可用，也可用自己的模板、CSV（UTF-8、GB18030）；列的先后随意。"
    "没有编码、税率、单位、单价的行由商品信息带出；折扣金额生成折扣行。一张发票最多 5000 行。\n\n"
    "先看预览，再决定追加还是替换；一步可以撤销。\n"
    "从表格程序复制带标题行的单元格，直接在明细里粘贴也一样。\n\n"
    "没有文件：F7 下载模板。文件在自己的电脑上：F6 上传（rz），不能用时给出 scp 命令。";

/* ---- what was chosen last ---- */

static void keep(const struct page *s)
{
	struct err_info e = {0};
	char *body;

	/* A file that came over the line will be gone. */
	if (*s->uploaded)
		return;
	body = form_save(&s->form);
	if (desk_choice_save(ui_session(), CHOICE, body, &e))
		ui_error(&e);
	free(body);
}

void lines_page_propose(const char *path)
{
	struct form f;
	char *body;

	form_init(&f, FIELDS, NULL);
	form_set(&f, FIELD_FILE, path);
	body = form_save(&f);
	desk_choice_save(ui_session(), CHOICE, body, NULL);
	free(body);
	form_free(&f);
}

static void propose(struct page *s)
{
	char *body = NULL;
	cJSON *tree = NULL;

	if (!desk_choice_load(ui_session(), CHOICE, &body, NULL) && body &&
	    !json_parse(body, strlen(body), BODY_MAX, &tree, NULL))
		form_load(&s->form, tree);
	json_free(&tree);
	free(body);
	text_copy(s->proposed, sizeof(s->proposed), form_get(&s->form, FIELD_FILE));
}

/* Another file is typed over the last one, not behind it. */
static void type_over(struct page *s)
{
	if (*s->proposed && form_focused(&s->form) == FIELD_FILE &&
	    !strcmp(form_get(&s->form, FIELD_FILE), s->proposed))
		form_set(&s->form, FIELD_FILE, "");
	if (form_focused(&s->form) == FIELD_FILE)
		*s->proposed = 0;
}

static bool edits(enum action a)
{
	return a == ACT_LEFT || a == ACT_RIGHT || a == ACT_FIRST || a == ACT_LAST ||
	       a == ACT_DELETE_BACK || a == ACT_DELETE_HERE || a == ACT_DELETE_WORD;
}

/* ---- going on ---- */

static bool start(struct page *s)
{
	struct lines_job job = {.inclusive = form_choice(&s->form, FIELD_MODE) != 1,
				.there = s->there};
	const char *wrong;

	if (task_in_the_way())
		return true;
	wrong = form_check(&s->form);
	if (!wrong && !import_find(&s->form, FIELD_FILE, job.file))
		wrong = form_error(&s->form);
	if (wrong) {
		if (*wrong)
			ui_message(MESSAGE_ERROR, "%s", wrong);
		return true;
	}
	keep(s);
	job.uploaded = *s->uploaded && !strcmp(job.file, s->uploaded);
	if (job.uploaded) {
		import_failures_of(job.file, job.failures);
		*s->uploaded = 0; /* the preview's from now on */
	}
	view_pop(true, &job);
	return true;
}

/* ---- the view ---- */

static enum err page_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct lines_page_arg *a = arg;
	struct page *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_ISSUE, e);

	if (r)
		return r;
	s->there = a->there;
	form_init(&s->form, FIELDS, s);
	propose(s);
	form_set(&s->form, FIELD_MODE, blue_modes[a->inclusive ? 0 : 1]);
	s->form.dirty = false;
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

	if (k.code == K_PASTE || key_is_text(k))
		type_over(s);
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

	if (edits(a))
		*s->proposed = 0;
	if (a == ACT_START)
		return start(s);
	if (a == ACT_UPLOAD) {
		import_upload(&s->form, FIELD_FILE, s->uploaded);
		return true;
	}
	if (a == ACT_TEMPLATE) {
		import_template("lines");
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
		form_focus(&s->form, FIELD_MODE);
		return true;
	case FORM_UNUSED:
		return false;
	default:
		return true;
	}
}

/* The keys are those of every import. */
static const char *const *page_sections(const struct view *v)
{
	static const char *const TEXT[] = {"form-text", "form", "import", NULL};
	static const char *const OPTION[] = {"form-choice", "form", "import", NULL};
	const struct page *s = v->state;

	return form_focused(&s->form) == FIELD_MODE ? OPTION : TEXT;
}

static const enum action *page_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_START,  ACT_UPLOAD, ACT_TEMPLATE,
					    ACT_TOGGLE, ACT_BACK,   ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *page_help(const struct view *v)
{
	const struct page *s = v->state;

	return *form_error(&s->form) ? form_error(&s->form) : form_help(&s->form);
}

const struct view_ops view_lines_page_ops = {
    .name = "lines",
    .path = "开票 › 蓝字发票填开 › 导入明细",
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
