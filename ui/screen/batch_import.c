/* batch_import.c - the page: which file of orders, and what a faulty one means for the others. */
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch_p.h"
#include "ui/screen/file_page.h"

enum { FIELD_FILE = 1, FIELD_FAULTY, LABEL = 12 };

static const char *const FAULTY[] = {"其余照开", "全部不开", NULL};

static const struct field FIELDS[] = {
    {.id = FIELD_FILE,
     FILE_PAGE_PATH,
     .col = LABEL,
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

static void template(struct view *v)
{
	(void)v;
	batch_template();
}

static void go(struct view *v, const struct file_taken *t)
{
	const struct file_page *s = v->state;
	struct batch_job job = {.strict = form_choice(&s->form, FIELD_FAULTY) == 1,
				.uploaded = t->uploaded};

	text_copy(job.file, sizeof(job.file), t->file);
	text_copy(job.failures, sizeof(job.failures), t->failures);
	view_pop(true, NULL);
	batch_read(&job);
}

static const struct file_page_kind PAGE = {.file = FIELD_FILE,
					   .first = FIELD_FILE,
					   .last = FIELD_FAULTY,
					   .after_upload = FIELD_FAULTY,
					   .template = template,
					   .go = go};

/* ---- the view ---- */

static enum err page_open(struct view *v, const void *arg, struct err_info *e)
{
	struct file_page *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_ISSUE, e);

	(void)arg;
	if (r)
		return r;
	file_page_open(v, &PAGE, FIELDS, NULL, WORDS);
	form_set(&s->form, FIELD_FAULTY, FAULTY[0]);
	return ERR_OK;
}

static const char *const *page_sections(const struct view *v)
{
	static const char *const TEXT[] = {"import", "form-text", "form", NULL};
	static const char *const CHOICE[] = {"import", "form-choice", "form", NULL};

	return !strcmp(file_page_sections(v)[0], "form-choice") ? CHOICE : TEXT;
}

const struct view_ops view_batch_import_ops = {
    FILE_PAGE_VIEW,
    .name = "batch-import",
    .path = "开票 › 批量开票 › 导入",
    .size = sizeof(struct file_page),
    .open = page_open,
    .sections = page_sections,
    .key = file_page_key,
    .act = file_page_act,
    .hints = file_page_hints,
    .help = file_page_help,
};
