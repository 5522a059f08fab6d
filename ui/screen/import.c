/* import.c - the page: what is imported, for whom, from which file, how carefully. */
#include "ui/screen/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/screen/import_p.h"
#include "ui/screen/parts.h"
#include "ui/screen/sellers.h"
#include "ui/transfer.h"

enum { FIELD_WHAT = 1, FIELD_UNIT, FIELD_FILE, FIELD_TRY, FIELD_PARTIAL };
enum { LABEL = 12, NAME = 64, TABLES = 16, BODY_MAX = 1 << 16 };

static const struct field FIELDS[] = {
    {.id = FIELD_WHAT, .kind = FIELD_SHOW, .label = "导入", .col = LABEL, .width = 30},
    {.id = FIELD_UNIT,
     .kind = FIELD_SHOW,
     .label = "销方",
     .row = 1,
     .col = LABEL,
     .width = 64,
     .wide_width = 90,
     .apart = true,
     .help = "导入到哪个销方名下，左右键选择；选了别的，之后的列表也是它的。"},
    {.id = FIELD_FILE,
     .kind = FIELD_TEXT,
     .label = "文件",
     .row = 2,
     .col = LABEL,
     .width = 64,
     .wide_width = 90,
     .max_chars = 900,
     .required = true,
     .complete = import_complete,
     .help = "服务器上的 xlsx 或 CSV 文件，~ 是自己的目录；边输入边列出，下键选、回车取。"},
    {.id = FIELD_TRY,
     .kind = FIELD_FLAG,
     .label = "先检查",
     .row = 3,
     .col = LABEL,
     .help = "只检查不导入：看过会新增、更新和失败几行，再决定。"},
    {.id = FIELD_PARTIAL,
     .kind = FIELD_FLAG,
     .label = "部分导入",
     .row = 4,
     .col = LABEL,
     .help = "没有问题的行导入，有问题的行存成失败文件；不选时一行有问题就什么都不导入。"},
    {.id = 0},
};

struct import {
	const char *table;
	struct field fields[sizeof(FIELDS) / sizeof(FIELDS[0])];
	struct form form;
	struct rect foot;
	struct wrap words;
	char uploaded[IMPORT_PATH]; /* ours until the task has it; "" none */
	char where[IMPORT_WHERE];
};

/* Tax codes are everybody's. */
static bool of_unit(const struct import *s)
{
	return strcmp(s->table, "taxcodes") != 0;
}

/* ---- what was chosen last ---- */

static const char *choice_name(const struct import *s, char out[NAME])
{
	snprintf(out, NAME, "import:%s", s->table);
	return out;
}

static void keep(const struct import *s)
{
	char name[NAME], *body = form_save(&s->form);
	struct err_info e = {0};

	/* A file that came over the line will be gone. */
	if (!*s->uploaded && desk_choice_save(ui_session(), choice_name(s, name), body, &e))
		ui_error(&e);
	free(body);
}

static void propose(struct import *s)
{
	char name[NAME], *body = NULL;
	cJSON *tree = NULL;

	form_set(&s->form, FIELD_TRY, "1");
	if (!desk_choice_load(ui_session(), choice_name(s, name), &body, NULL) && body &&
	    !json_parse(body, strlen(body), BODY_MAX, &tree, NULL))
		form_load(&s->form, tree);
	json_free(&tree);
	free(body);
	form_set(&s->form, FIELD_WHAT, desk_transfer_label(s->table));
	if (!of_unit(s))
		form_set(&s->form, FIELD_UNIT, "所有销方共用");
	else
		form_set(&s->form, FIELD_UNIT, sellers_current());
	s->form.dirty = false;
}

/* ---- files ---- */

static void drop_upload(struct import *s)
{
	if (*s->uploaded)
		transfer_received_remove(s->uploaded);
	*s->uploaded = 0;
}

static bool upload(struct import *s)
{
	if (import_upload(&s->form, FIELD_FILE, s->uploaded))
		form_focus(&s->form, FIELD_TRY);
	return true;
}

static bool read_file(struct import *s, struct import_job *job)
{
	if (!import_find(&s->form, FIELD_FILE, job->file))
		return false;
	job->uploaded = !strcmp(job->file, s->uploaded);
	if (job->uploaded)
		import_failures_of(job->file, job->failures);
	return true;
}

static bool take_unit(struct import *s, struct import_job *job)
{
	if (!of_unit(s))
		return true;
	if (!*form_get(&s->form, FIELD_UNIT)) {
		form_fail(&s->form, FIELD_UNIT, "请选择销方");
		return false;
	}
	text_copy(job->unit, sizeof(job->unit), form_get(&s->form, FIELD_UNIT));
	return sellers_use(&s->form, FIELD_UNIT);
}

static bool start(struct import *s)
{
	struct import_job job = {.table = s->table,
				 .dry_run = form_flag(&s->form, FIELD_TRY),
				 .partial = form_flag(&s->form, FIELD_PARTIAL)};
	const char *wrong;

	if (task_in_the_way())
		return true;
	wrong = form_check(&s->form);
	if (!wrong && (!read_file(s, &job) || !take_unit(s, &job)))
		wrong = form_error(&s->form);
	if (wrong) {
		if (*wrong)
			ui_message(MESSAGE_ERROR, "%s", wrong);
		return true;
	}
	keep(s);
	if (job.uploaded)
		*s->uploaded = 0; /* the task's from now on */
	view_pop(true, NULL);
	import_run(&job);
	return true;
}

/* ---- from anywhere ---- */

static void open_table(int i)
{
	view_push(&view_import_ops, &(struct import_arg) {desk_transfer_name((size_t)i)});
}

void import_choose(void)
{
	const char *lines[TABLES + 1] = {NULL};
	size_t i;

	for (i = 0; i < TABLES && desk_transfer_name(i); i++)
		lines[i] = desk_transfer_label(desk_transfer_name(i));
	view_push(&view_choose_ops,
		  &(struct choose_arg) {.title = "批量导入", .lines = lines, .then = open_table});
}

/* ---- the view ---- */

static const char WORDS[] =
    "xlsx，或 CSV、TSV（UTF-8、UTF-16、GB18030）；税局导出的表原样可用。列的先后随意，标题行在"
    "前十行里，不认识的列会列出来。\n\n"
    "没有文件：F7 下载模板，填好再导入。\n"
    "文件在自己的电脑上：F6 上传（rz），不能用时给出 scp 命令。\n";

/* What a row is taken for that is there already. */
static const struct {
	const char *table, *words;
} SAME[] = {
    {"buyers", "已有的按税号更新，没有税号的按名称；同一个文件再导入一次，什么都不变。"},
    {"goods", "已有的按名称、规格和税收编码更新；同一个文件再导入一次，什么都不变。"},
    {"taxcodes", "已有的按编码更新；商品编码是否停用随之重新判断。"},
};

static void fill_words(struct import *s)
{
	char text[1024];
	size_t i;

	text_copy(text, sizeof(text), WORDS);
	for (i = 0; i < sizeof(SAME) / sizeof(SAME[0]); i++) {
		if (!strcmp(SAME[i].table, s->table))
			snprintf(text, sizeof(text), "%s%s", WORDS, SAME[i].words);
	}
	wrap_set(&s->words, text);
}

static enum err import_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct import_arg *a = arg;
	struct import *s = v->state;
	size_t i;
	enum err r = desk_allow(ui_session(), DESK_CATALOGUE, e);

	if (r || (r = sellers_read(e)))
		return r;
	for (i = 0; desk_transfer_name(i); i++) {
		if (!strcmp(desk_transfer_name(i), a->table))
			s->table = desk_transfer_name(i);
	}
	if (!s->table)
		return err_fail(e, ERR_INTERNAL, "import.table", "批量导入", "没有这种表");
	memcpy(s->fields, FIELDS, sizeof(FIELDS));
	if (of_unit(s))
		sellers_field(s->fields, FIELD_UNIT);
	form_init(&s->form, s->fields, s);
	propose(s);
	form_focus(&s->form, FIELD_FILE);
	fill_words(s);
	import_path(s->table, "", s->where);
	return ERR_OK;
}

static void import_close(struct view *v)
{
	struct import *s = v->state;

	drop_upload(s);
	form_free(&s->form);
	wrap_free(&s->words);
}

static void import_layout(struct view *v)
{
	struct import *s = v->state;
	struct rect r = v->area;

	form_layout(&s->form, rect_top(&r, form_rows(&s->form)));
	rect_top(&r, 1);
	s->foot = rect_inset(r, 0, 1);
}

static void import_paint(struct view *v)
{
	struct import *s = v->state;

	draw_clear(v->area, FACE_NORMAL);
	wrap_layout(&s->words, s->foot.w);
	wrap_paint(&s->words, s->foot, FACE_DIM);
	form_paint(&s->form, true);
}

static bool import_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct import *s = v->state;

	return form_key(&s->form, k, paste, n);
}

/* A folder that was taken opens. */
static void open_folder(struct import *s)
{
	const char *path = form_get(&s->form, FIELD_FILE);

	if (form_focused(&s->form) == FIELD_FILE && *path && path[strlen(path) - 1] == '/')
		form_act(&s->form, ACT_CHOOSE);
}

static bool import_act(struct view *v, enum action a)
{
	struct import *s = v->state;

	if (a == ACT_START)
		return start(s);
	if (a == ACT_UPLOAD)
		return upload(s);
	if (a == ACT_TEMPLATE) {
		import_template(s->table);
		return true;
	}
	switch (form_act(&s->form, a)) {
	case FORM_MATCH:
		open_folder(s);
		return true;
	case FORM_LEFT_END:
		if (a == ACT_ENTER)
			return start(s);
		form_focus(&s->form, of_unit(s) ? FIELD_UNIT : FIELD_FILE);
		return true;
	case FORM_LEFT_START:
		form_focus(&s->form, FIELD_PARTIAL);
		return true;
	case FORM_UNUSED:
		return false;
	default:
		return true;
	}
}

static const char *const *import_sections(const struct view *v)
{
	const struct import *s = v->state;

	return form_sections(&s->form);
}

static const enum action *import_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_START, ACT_UPLOAD, ACT_TEMPLATE, ACT_TOGGLE,
					    ACT_NEXT,  ACT_BACK,   ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *import_where(const struct view *v)
{
	const struct import *s = v->state;

	return s->where;
}

static const char *import_help(const struct view *v)
{
	const struct import *s = v->state;

	return form_help(&s->form);
}

const struct view_ops view_import_ops = {
    .name = "import",
    .where = import_where,
    .size = sizeof(struct import),
    .open = import_open,
    .layout = import_layout,
    .paint = import_paint,
    .sections = import_sections,
    .key = import_key,
    .act = import_act,
    .hints = import_hints,
    .help = import_help,
    .close = import_close,
};
