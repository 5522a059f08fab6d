/* blue_import.c - the page: which file, with or without tax. */
#include "ui/screen/blue_import_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_model.h"
#include "ui/screen/file_page.h"

enum { FIELD_FILE = 1, FIELD_MODE };
enum { LABEL = 12 };
static const char CHOICE[] = "import:lines";

static const struct field FIELDS[] = {
    {.id = FIELD_FILE,
     FILE_PAGE_PATH,
     .col = LABEL,
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
	struct file_page frame;
	int there;
	char proposed[IMPORT_PATH]; /* replaced by typing, until it is edited; "" not */
};

static const char WORDS[] =
    "税局的明细模板（1-明细模板）原样可用，也可用自己的模板、CSV（UTF-8、GB18030）；列的先后随意。"
    "没有编码、税率、单位、单价的行由商品信息带出；折扣金额生成折扣行。一张发票最多 5000 行。\n\n"
    "先看预览，再决定追加还是替换；一步可以撤销。\n"
    "从表格程序复制带标题行的单元格，直接在明细里粘贴也一样。\n\n"
    "没有文件：F7 下载模板。文件在自己的电脑上：F6 上传（rz），不能用时给出 scp 命令。";

/* ---- what was chosen last ---- */

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

/* Another file is typed over the last one, not behind it. */
static void type_over(struct page *s)
{
	if (*s->proposed && form_focused(&s->frame.form) == FIELD_FILE &&
	    !strcmp(form_get(&s->frame.form, FIELD_FILE), s->proposed))
		form_set(&s->frame.form, FIELD_FILE, "");
	if (form_focused(&s->frame.form) == FIELD_FILE)
		*s->proposed = 0;
}

static bool edits(enum action a)
{
	return a == ACT_LEFT || a == ACT_RIGHT || a == ACT_FIRST || a == ACT_LAST ||
	       a == ACT_DELETE_BACK || a == ACT_DELETE_HERE || a == ACT_DELETE_WORD;
}

/* ---- going on ---- */

static void template(struct view *v)
{
	(void)v;
	import_template("lines");
}

static void go(struct view *v, const struct file_taken *t)
{
	const struct page *s = v->state;
	struct lines_job job = {.inclusive = form_choice(&s->frame.form, FIELD_MODE) != 1,
				.there = s->there,
				.uploaded = t->uploaded};

	text_copy(job.file, sizeof(job.file), t->file);
	text_copy(job.failures, sizeof(job.failures), t->failures);
	view_pop(true, &job);
}

static const struct file_page_kind PAGE = {
    .file = FIELD_FILE, .first = FIELD_FILE, .last = FIELD_MODE, .template = template, .go = go};

/* ---- the view ---- */

static enum err page_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct lines_page_arg *a = arg;
	struct page *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_ISSUE, e);

	if (r)
		return r;
	s->there = a->there;
	file_page_open(v, &PAGE, FIELDS, CHOICE, WORDS);
	file_page_propose(&s->frame);
	text_copy(s->proposed, sizeof(s->proposed), form_get(&s->frame.form, FIELD_FILE));
	form_set(&s->frame.form, FIELD_MODE, blue_modes[a->inclusive ? 0 : 1]);
	s->frame.form.dirty = false;
	form_focus(&s->frame.form, FIELD_FILE);
	return ERR_OK;
}

static bool page_key(struct view *v, struct key k, const char *paste, size_t n)
{
	if (k.code == K_PASTE || key_is_text(k))
		type_over(v->state);
	return file_page_key(v, k, paste, n);
}

static bool page_act(struct view *v, enum action a)
{
	struct page *s = v->state;

	if (edits(a))
		*s->proposed = 0;
	return file_page_act(v, a);
}

/* The keys are those of every import. */
static const char *const *page_sections(const struct view *v)
{
	static const char *const TEXT[] = {"form-text", "form", "import", NULL};
	static const char *const OPTION[] = {"form-choice", "form", "import", NULL};
	const struct page *s = v->state;

	return form_focused(&s->frame.form) == FIELD_MODE ? OPTION : TEXT;
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

	return *form_error(&s->frame.form) ? form_error(&s->frame.form) : form_help(&s->frame.form);
}

const struct view_ops view_lines_page_ops = {
    FILE_PAGE_VIEW,
    .name = "lines",
    .path = "开票 › 蓝字发票填开 › 导入明细",
    .size = sizeof(struct page),
    .open = page_open,
    .sections = page_sections,
    .key = page_key,
    .act = page_act,
    .hints = page_hints,
    .help = page_help,
};
