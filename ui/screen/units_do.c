/* units_do.c - what is done with units of the list: verify, freeze, remove (features C16, C25,
 * N69). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/units_p.h"
#include "ui/task.h"

enum { MANY = 20000 }; /* buyers and goods that nobody waits for */
enum { FIELD_WHY = 1, FIELD_UNTIL };

/* ---- verify ---- */

bool units_verify(struct units *s)
{
	const struct list *l = &s->frame.list;
	struct err_info e = {0};
	enum err r;

	free(s->asked_ids);
	s->asked_count = l->mark_count ? l->mark_count : 1;
	s->asked_ids = mem_alloc(s->asked_count * sizeof(*s->asked_ids));
	if (l->mark_count)
		memcpy(s->asked_ids, l->marks, l->mark_count * sizeof(*l->marks));
	else
		s->asked_ids[0] = list_row(l)->id;
	r = desk_unit_verify_ids(ui_session(), s->asked_ids, s->asked_count,
				 errand_wait(&s->errand), &e);
	errand_begin(&s->errand, "验证单位", r, &e);
	return true;
}

struct results {
	struct buf text;
	int good, bad;
};

/* One unit of the sheet: who, and what came of it. */
static enum err add_result(void *arg, const struct unit_view *v)
{
	struct results *r = arg;
	const struct unit *u = v->unit;
	char why[1200];

	r->good += u->verified;
	r->bad += !u->verified;
	buf_addf(&r->text, "%s  %s  %s（%s环境）\n", u->verified ? "验证通过" : "未验证  ",
		 u->tax_no, u->name, unit_env_label(u->env));
	if (!u->verified)
		buf_addf(&r->text, "    %s\n",
			 text_empty(u->verify_error)
			     ? "还没有结果，任务会继续"
			     : ui_spoken(u->verify_error, why, sizeof(why)));
	return ERR_OK;
}

void units_verified(struct units *s, enum err verdict, const struct err_info *e)
{
	struct results all = {.good = 0};
	struct err_info why = {0};

	if (s->asked_count < 2) {
		errand_tell(&s->errand, verdict, e);
		return;
	}
	buf_init(&all.text, DETAIL_MAX);
	if (desk_unit_show_ids(ui_session(), s->asked_ids, s->asked_count, add_result, &all,
			       &why)) {
		ui_error(&why);
	} else {
		ui_message(all.bad ? MESSAGE_WARNING : MESSAGE_GOOD,
			   "验证通过 %d 个，没有通过 %d 个", all.good, all.bad);
		view_push(&view_read_ops,
			  &(struct read_arg) {.title = "验证结果", .text = buf_str(&all.text)});
	}
	buf_free(&all.text);
}

/* ---- freeze ---- */

static const struct field WHY[] = {
    {.id = FIELD_WHY,
     .kind = FIELD_TEXT,
     .label = "原因",
     .row = 0,
     .col = 6,
     .width = 40,
     .max_chars = 60,
     .help = "记入审计，开票被拒时也会说出来；可以空着。"},
    {.id = 0},
};

bool units_ask_freeze(struct view *v, int token)
{
	struct units *s = v->state;

	s->asked = *list_row(&s->frame.list);
	if (*s->asked.cell[CELL_FROZEN]) {
		snprintf(s->question, sizeof(s->question), "解除%.200s的冻结？解除后可以开票。",
			 s->asked.cell[CELL_NAME]);
		s->question[text_whole(s->question, strlen(s->question))] = 0;
		return view_ask(
		    v, token, &view_ask_ops,
		    &(struct ask_arg) {
			.title = "解除冻结", .text = s->question, .yes = "解除", .no = "不变"});
	}
	return view_ask(
	    v, token, &view_form_ops,
	    &(struct ask_form_arg) {.title = "冻结：暂时不能开票",
				    .fields = WHY,
				    .note = "已取号的发票照常开完，查询和同步不受影响。"});
}

void units_freeze(struct units *s, const void *result)
{
	const bool on = !*s->asked.cell[CELL_FROZEN];
	const struct unit_ref ref = units_ref(&s->asked);
	const char *why = on ? form_get(result, FIELD_WHY) : NULL;
	struct err_info e = {0};
	int64_t going = 0;

	if (desk_unit_freeze(ui_session(), &ref, on, why, &e) ||
	    (on && desk_unit_going(ui_session(), &ref, &going, &e)))
		ui_error(&e);
	else if (going)
		ui_message(MESSAGE_WARNING, "%s 已冻结，不能开票；已取号的 %lld 张照常开完",
			   s->asked.cell[CELL_NAME], (long long)going);
	else
		ui_message(MESSAGE_GOOD, "%s %s", s->asked.cell[CELL_NAME],
			   on ? "已冻结，不能开票" : "已解除冻结");
	s->frame.list.stale = true;
	ui_wake_engine();
}

/* ---- safety ---- */

static const struct field UNTIL[] = {
    {.id = FIELD_UNTIL,
     .kind = FIELD_DATE,
     .label = "截止日",
     .col = 8,
     .width = 12,
     .offered = true,
     .max_chars = 10,
     .help = "电子税局 接入详情 > 开票安全验证设置 里的日期，建议设到 2099 年；空着为没有登记。"},
    {.id = 0},
};

static void fill_until(struct form *f, void *arg)
{
	form_set(f, FIELD_UNTIL, arg);
	form_focus(f, FIELD_UNTIL);
}

static enum err copy_until(void *arg, const struct unit_view *view)
{
	text_copy(arg, DATE_TEXT, view->unit->safety_until);
	return ERR_OK;
}

bool units_ask_safety(struct view *v, int token)
{
	struct units *s = v->state;
	struct err_info e = {0};
	struct unit_ref ref;

	s->asked = *list_row(&s->frame.list);
	ref = units_ref(&s->asked);
	if (desk_unit_show(ui_session(), &ref, copy_until, s->until, &e)) {
		ui_error(&e);
		return true;
	}
	return view_ask(v, token, &view_form_ops,
			&(struct ask_form_arg) {
			    .title = "开票安全验证",
			    .fields = UNTIL,
			    .fill = fill_until,
			    .arg = s->until,
			    .note = "过了这一天乐企平台不再接收发票；到期前 30、7、1 天提醒。",
			    .saves = true});
}

void units_set_safety(struct units *s, const void *result)
{
	const struct unit_ref ref = units_ref(&s->asked);
	const char *until = form_get(result, FIELD_UNTIL);
	char text[SAFETY_TEXT];
	struct err_info e = {0};

	if (desk_unit_safety(ui_session(), &ref, until, &e))
		ui_error(&e);
	else if (safety_level(until, clock_now(), NULL) >= SAFETY_WEEK)
		ui_message(MESSAGE_WARNING, "已登记；%s", safety_text(until, clock_now(), text));
	else
		ui_message(MESSAGE_GOOD, "%s",
			   *until ? "开票安全验证截止日已登记" : "已取消开票安全验证截止日");
	s->frame.list.stale = true;
}

/* ---- remove ---- */

bool units_ask_remove(struct view *v, int token)
{
	struct units *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);
	const struct unit_ref ref = units_ref(row);
	char words[UNIT_CATALOGUE_WORDS];
	struct err_info e = {0};
	int64_t rows;

	if (desk_unit_catalogue(ui_session(), &ref, words, &rows, &e)) {
		ui_error(&e);
		return true;
	}
	snprintf(s->question, sizeof(s->question), "删除%.20s %.200s（%.24s，%.20s环境）？%s%s%s",
		 row->cell[0], row->cell[CELL_NAME], row->cell[3], row->cell[1],
		 *words ? "它的" : "", words, *words ? "会一起删除，不能恢复。" : "");
	s->question[text_whole(s->question, strlen(s->question))] = 0;
	s->many = rows > MANY;
	s->asked = *row; /* the list may have changed when the answer comes */
	return view_ask(v, token, &view_ask_ops,
			&(struct ask_arg) {
			    .title = "删除单位", .text = s->question, .yes = "删除", .no = "保留"});
}

/* As a task, with the row of the unit that goes. */
static enum err remove_work(struct session *s, void *arg, struct import_progress *p, void **result,
			    struct err_info *e)
{
	struct list_row *row = mem_alloc(sizeof(*row));
	const struct unit_ref ref = units_ref(arg);

	*row = *(const struct list_row *)arg;
	*result = row;
	return desk_unit_remove(s, &ref, true, p, e);
}

static void remove_report(struct task_end *end)
{
	const struct list_row *row = end->result;

	if (end->verdict)
		ui_error(&end->error);
	else
		ui_message(MESSAGE_GOOD, "%s 已删除", row->cell[CELL_NAME]);
	free(end->result);
	ui_wake_engine();
}

static void remove_with_many(const struct units *s)
{
	struct list_row *row = mem_alloc(sizeof(*row));
	char label[100];

	*row = s->asked;
	snprintf(label, sizeof(label), "删除%.60s", row->cell[CELL_NAME]);
	label[text_whole(label, strlen(label))] = 0;
	task_run(&(struct task_spec) {.label = label,
				      .word = "删除",
				      .unit = "行",
				      .work = remove_work,
				      .arg = row,
				      .arg_free = free,
				      .result_free = free,
				      .report = remove_report,
				      .writes = true});
}

void units_remove(struct units *s)
{
	const struct unit_ref ref = units_ref(&s->asked);
	struct err_info e = {0};

	if (s->many) {
		remove_with_many(s);
		return;
	}
	if (desk_unit_remove(ui_session(), &ref, true, NULL, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "%s 已删除", s->asked.cell[CELL_NAME]);
	s->frame.list.stale = true;
	ui_wake_engine();
}

/* ---- remove with the records ---- */

bool units_ask_remove_all(struct view *v, int token)
{
	struct units *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);
	const struct unit_ref ref = units_ref(row);
	char words[UNIT_RECORD_WORDS];
	struct err_info e = {0};

	if (desk_unit_records(ui_session(), &ref, words, &e)) {
		ui_error(&e);
		return true;
	}
	snprintf(s->question, sizeof(s->question),
		 "删除%.20s %.200s（%.24s，%.20s环境）？%s%s%s先在主目录里备份，再删除；"
		 "税局那边的不变。",
		 row->cell[0], row->cell[CELL_NAME], row->cell[3], row->cell[1],
		 *words ? "它还有 " : "", words, *words ? "，会一起从本机删除。" : "");
	s->question[text_whole(s->question, strlen(s->question))] = 0;
	s->asked = *row; /* the list may have changed when the answer comes */
	return view_ask(v, token, &view_ask_ops,
			&(struct ask_arg) {.title = "连同记录删除单位",
					   .text = s->question,
					   .yes = "备份并删除",
					   .no = "返回"});
}

/* What goes, and where the backup is that was made before. */
struct farewell {
	struct list_row row;
	char backup[HOME_PATH];
};

static enum err remove_all_work(struct session *s, void *arg, struct import_progress *p,
				void **result, struct err_info *e)
{
	struct farewell *f = mem_zalloc(sizeof(*f));
	const struct unit_ref ref = units_ref(arg);

	f->row = *(const struct list_row *)arg;
	*result = f;
	return desk_unit_remove_all(s, &ref, f->backup, p, e);
}

static void remove_all_report(struct task_end *end)
{
	const struct farewell *f = end->result;

	if (end->verdict) {
		ui_error(&end->error);
	} else {
		char text[HOME_PATH + 600];

		ui_message(MESSAGE_GOOD, "%s 已删除", f->row.cell[CELL_NAME]);
		snprintf(text, sizeof(text),
			 "%.400s 和它的记录已从本机删除。\n\n删除前的备份\n%s\n\n"
			 "要找回时，用它恢复到另一个主目录。",
			 f->row.cell[CELL_NAME], f->backup);
		view_push(&view_read_ops, &(struct read_arg) {.title = "已删除", .text = text});
	}
	free(end->result);
	ui_wake_engine();
}

void units_remove_all(struct units *s)
{
	struct list_row *row = mem_alloc(sizeof(*row));
	char label[100];

	*row = s->asked;
	snprintf(label, sizeof(label), "备份并删除%.60s", row->cell[CELL_NAME]);
	label[text_whole(label, strlen(label))] = 0;
	task_run(&(struct task_spec) {.label = label,
				      .word = "删除",
				      .unit = "行",
				      .work = remove_all_work,
				      .arg = row,
				      .arg_free = free,
				      .result_free = free,
				      .report = remove_all_report,
				      .writes = true});
	s->frame.list.stale = true;
}
