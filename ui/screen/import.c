/* import.c - the page: what is imported, for whom, from which file, how carefully. */
#include "ui/screen/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/file_page.h"
#include "ui/screen/parts.h"
#include "ui/screen/sellers.h"

enum { FIELD_WHAT = 1, FIELD_UNIT, FIELD_FILE, FIELD_TRY, FIELD_PARTIAL };
enum { LABEL = 12, NAME = 64, TABLES = 16 };

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
     FILE_PAGE_PATH,
     .row = 2,
     .col = LABEL,
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
	struct file_page frame;
	const char *table;
	struct field fields[sizeof(FIELDS) / sizeof(FIELDS[0])];
	char where[IMPORT_WHERE];
};

/* Tax codes are everybody's, units are the sellers themselves. */
static bool of_unit(const struct import *s)
{
	return strcmp(s->table, "taxcodes") != 0 && strcmp(s->table, "unit") != 0;
}

/* ---- beginning ---- */

static void propose(struct import *s)
{
	form_set(&s->frame.form, FIELD_TRY, "1");
	file_page_propose(&s->frame);
	form_set(&s->frame.form, FIELD_WHAT, desk_transfer_label(s->table));
	if (!of_unit(s))
		form_set(&s->frame.form, FIELD_UNIT,
			 strcmp(s->table, "unit") ? "所有销方共用" : "登记新的，更新已有的");
	else
		form_set(&s->frame.form, FIELD_UNIT, sellers_current());
	s->frame.form.dirty = false;
}

/* From now on the seller is the session's. */
static bool accept(struct view *v)
{
	struct import *s = v->state;

	if (!of_unit(s))
		return true;
	if (!*form_get(&s->frame.form, FIELD_UNIT)) {
		form_fail(&s->frame.form, FIELD_UNIT, "请选择销方");
		return false;
	}
	return sellers_use(&s->frame.form, FIELD_UNIT);
}

static void template(struct view *v)
{
	const struct import *s = v->state;

	import_template(s->table);
}

static void go(struct view *v, const struct file_taken *t)
{
	const struct import *s = v->state;
	struct import_job job = {.table = s->table,
				 .dry_run = form_flag(&s->frame.form, FIELD_TRY),
				 .partial = form_flag(&s->frame.form, FIELD_PARTIAL),
				 .uploaded = t->uploaded};

	text_copy(job.file, sizeof(job.file), t->file);
	text_copy(job.failures, sizeof(job.failures), t->failures);
	if (of_unit(s))
		text_copy(job.unit, sizeof(job.unit), form_get(&s->frame.form, FIELD_UNIT));
	view_pop(true, NULL);
	import_run(&job);
}

/* The seller stands first where there is one. */
static const struct file_page_kind OF_UNIT = {.file = FIELD_FILE,
					      .first = FIELD_UNIT,
					      .last = FIELD_PARTIAL,
					      .after_upload = FIELD_TRY,
					      .template = template,
					      .accept = accept,
					      .go = go};
static const struct file_page_kind OF_ALL = {.file = FIELD_FILE,
					     .first = FIELD_FILE,
					     .last = FIELD_PARTIAL,
					     .after_upload = FIELD_TRY,
					     .template = template,
					     .accept = accept,
					     .go = go};

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
    {"unit", "已有的按税号、角色和环境更新；直连单位有密钥，请在画面里增加。"},
};

static const char *words_of(const struct import *s, char text[1024])
{
	size_t i;

	text_copy(text, 1024, WORDS);
	for (i = 0; i < sizeof(SAME) / sizeof(SAME[0]); i++) {
		if (!strcmp(SAME[i].table, s->table))
			snprintf(text, 1024, "%s%s", WORDS, SAME[i].words);
	}
	return text;
}

static enum err import_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct import_arg *a = arg;
	struct import *s = v->state;
	char choice[NAME], words[1024];
	size_t i;
	bool units = !strcmp(a->table, "unit");
	enum err r = desk_allow(ui_session(), units ? DESK_UNITS : DESK_CATALOGUE, e);

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
	snprintf(choice, sizeof(choice), "import:%s", s->table);
	file_page_open(v, of_unit(s) ? &OF_UNIT : &OF_ALL, s->fields, choice, words_of(s, words));
	propose(s);
	form_focus(&s->frame.form, FIELD_FILE);
	import_path(s->table, "", s->where);
	return ERR_OK;
}

static const char *import_where(const struct view *v)
{
	const struct import *s = v->state;

	return s->where;
}

const struct view_ops view_import_ops = {
    FILE_PAGE_VIEW,           .name = "import",
    .where = import_where,    .size = sizeof(struct import),
    .open = import_open,      .sections = file_page_sections,
    .key = file_page_key,     .act = file_page_act,
    .hints = file_page_hints, .help = file_page_help,
};
