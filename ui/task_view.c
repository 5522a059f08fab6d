/* task_view.c - how far the long work is, with its rate and what is left. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/loop.h"
#include "ui/task.h"

enum { WIDTH = 64, ROWS = 4, BAR_ROW = 0, BAR_END = 6, NUMBER = 32, KEY_WORDS = 64 };
enum { ASK_CANCEL = 1, ASK_QUIT };

struct progress {
	char title[100];
};

static bool told; /* the end of the present task was said */

/* ---- painting ---- */

/* 12,345 */
static const char *grouped(int64_t n, char out[NUMBER])
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%lld", (long long)n), i, at = 0;

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = 0;
	return out;
}

static void duration(int64_t seconds, char out[NUMBER])
{
	if (seconds < 60)
		snprintf(out, NUMBER, "%lld 秒", (long long)seconds);
	else
		snprintf(out, NUMBER, "%lld 分 %lld 秒", (long long)(seconds / 60),
			 (long long)(seconds % 60));
}

static void paint_bar(struct rect in, const struct task_view *t)
{
	int width = in.w - BAR_END - 2, full, i;
	char text[WIDTH + 16], percent[16] = "";

	if (width < 1 || width > WIDTH)
		return;
	full = t->total > 0 ? (int)(t->done * width / t->total) : 0;
	for (i = 0; i < width; i++)
		text[i + 1] = i < full ? '#' : '-';
	text[0] = '[';
	text[width + 1] = ']';
	text[width + 2] = 0;
	draw_run(in, BAR_ROW, 0, FACE_VALUE, text);
	if (t->total > 0)
		snprintf(percent, sizeof(percent), "%lld%%", (long long)(t->done * 100 / t->total));
	draw_text(in, BAR_ROW, width + 2, BAR_END, ALIGN_RIGHT, FACE_VALUE, percent);
}

static void paint_numbers(struct rect in, const struct task_view *t)
{
	char rows[NUMBER], rate[NUMBER], used[NUMBER], left[NUMBER], what[NUMBER] = "", text[200];

	if (t->what)
		snprintf(what, sizeof(what), "%s：", t->what);
	if (t->seconds > 0 && t->rows >= t->seconds)
		snprintf(text, sizeof(text), "%s%s %s，每秒 %s %s", what, grouped(t->rows, rows),
			 t->unit, grouped(t->rows / t->seconds, rate), t->unit);
	else
		snprintf(text, sizeof(text), "%s%s %s", what, grouped(t->rows, rows), t->unit);
	draw_text(in, 1, 0, in.w, ALIGN_LEFT, FACE_VALUE, text);
	duration(t->seconds, used);
	if (t->total > 0 && t->done >= t->total) {
		snprintf(text, sizeof(text), "已用 %s，读完了，正在保存", used);
	} else if (t->left_seconds >= 0) {
		duration(t->left_seconds, left);
		snprintf(text, sizeof(text), "已用 %s，大约还要 %s", used, left);
	} else {
		snprintf(text, sizeof(text), "已用 %s", used);
	}
	draw_text(in, 2, 0, in.w, ALIGN_LEFT, FACE_VALUE, text);
}

void task_paint(struct rect r)
{
	struct task_view t;

	task_look(&t);
	if (t.state != TASK_RUNNING)
		return;
	paint_bar(r, &t);
	paint_numbers(r, &t);
}

static void progress_paint(struct view *v)
{
	struct progress *s = v->state;
	struct rect in = dialog_inside(v->area);
	struct task_view t;

	task_look(&t);
	draw_box(v->area, s->title);
	task_paint(in);
	draw_text(in, in.h - 1, 0, in.w, ALIGN_LEFT, FACE_DIM,
		  t.cancelling ? "正在取消，已做的都撤回" : "Esc 放到后台，做别的事；x 取消");
	draw_cursor(in, in.h - 1, 0);
}

/* ---- the view ---- */

static enum err progress_open(struct view *v, const void *arg, struct err_info *e)
{
	struct progress *s = v->state;
	struct task_view t;

	(void)arg;
	task_look(&t);
	if (t.state == TASK_NONE)
		return err_fail(e, ERR_INVALID, "task.none", "进度", "没有正在进行的导入或导出");
	text_copy(s->title, sizeof(s->title), t.label);
	return ERR_OK;
}

static struct rect progress_place(struct view *v, struct rect area)
{
	(void)v;
	return rect_centre(area, ROWS + 2 * DIALOG_BORDER, WIDTH);
}

static bool ask(struct view *v, int token, const char *yes, const char *no)
{
	struct progress *s = v->state;
	char text[300];

	snprintf(text, sizeof(text), "%s还没有完成。取消后已做的都撤回。", s->title);
	return view_ask(v, token, &view_ask_ops,
			&(struct ask_arg) {.title = "取消", .text = text, .yes = yes, .no = no});
}

/* With the key that shows it, wherever one is. */
static const char *how_to_look(char out[KEY_WORDS])
{
	static const char *const EVERYWHERE[] = {"global", NULL};
	char name[KEY_NAME];
	struct key k;

	if (keymap_key_of(EVERYWHERE, ACT_GO_TASK, 0, &k))
		snprintf(out, KEY_WORDS, "按 %s ", ui_key_name(k, name));
	else
		text_copy(out, KEY_WORDS, "在“任务”里按 t ");
	return out;
}

static bool progress_act(struct view *v, enum action a)
{
	char key[KEY_WORDS];

	if (a == ACT_CANCEL_JOB)
		return ask(v, ASK_CANCEL, "取消它", "继续");
	if (a != ACT_BACK && a != ACT_ENTER)
		return false;
	view_pop(false, NULL);
	ui_message(MESSAGE_INFO, "已放到后台，进度在最上一行，%s看", how_to_look(key));
	return true;
}

static void progress_answer(struct view *v, int token, bool ok, const void *result)
{
	(void)v;
	(void)result;
	if (!ok)
		return;
	task_cancel();
	if (token == ASK_QUIT)
		ui_quit(0);
}

static const char *progress_why_not(const struct view *v, enum action a)
{
	struct task_view t;

	(void)v;
	task_look(&t);
	if (a != ACT_CANCEL_JOB || (t.state == TASK_RUNNING && !t.cancelling))
		return NULL;
	return t.cancelling ? "正在取消" : "已经结束";
}

static const char *const *progress_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"task", "dialog", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *progress_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_CANCEL_JOB, ACT_BACK, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *progress_help(const struct view *v)
{
	(void)v;
	return "进度按读过的文件计算。Esc 之后照常做别的事，最上一行显示进度，结束时会说；要么全部"
	       "生效，要么全部不生效。";
}

const struct view_ops view_task_ops = {
    .name = "task",
    .modal = true,
    .size = sizeof(struct progress),
    .open = progress_open,
    .place = progress_place,
    .paint = progress_paint,
    .sections = progress_sections,
    .act = progress_act,
    .why_not = progress_why_not,
    .hints = progress_hints,
    .help = progress_help,
    .answer = progress_answer,
};

/* ---- for the rest of the program ---- */

static void show_report(void)
{
	struct task_end end;

	if (!task_take(&end))
		return;
	told = false;
	end.report(&end);
}

void task_show(void)
{
	struct task_view t;

	task_look(&t);
	if (t.state == TASK_ENDED)
		show_report();
	else
		view_push(&view_task_ops, NULL);
}

bool task_run(const struct task_spec *spec)
{
	struct err_info e = {0};

	if (task_start(spec, &e)) {
		ui_error(&e);
		return false;
	}
	view_push(&view_task_ops, NULL);
	return true;
}

bool task_in_the_way(void)
{
	struct task_view t;
	char key[KEY_WORDS];

	task_look(&t);
	if (t.state == TASK_RUNNING)
		ui_message(MESSAGE_WARNING, "%s还在进行，请等它结束，或%s取消它", t.label,
			   how_to_look(key));
	return t.state == TASK_RUNNING;
}

bool task_asks_to_quit(void)
{
	struct task_view t;

	task_look(&t);
	if (t.state != TASK_RUNNING)
		return false;
	return view_push(&view_task_ops, NULL) && ask(view_top(), ASK_QUIT, "取消它并退出", "继续");
}

void task_turn(void)
{
	struct view *top = view_top();
	struct task_view t;
	char key[KEY_WORDS];

	task_look(&t);
	if (t.state == TASK_RUNNING) {
		told = false;
		view_redraw(top);
	}
	if (t.state != TASK_ENDED || !top)
		return;
	if (ui_session())
		desk_hurry(ui_session(), false);
	if (top->ops == &view_task_ops) {
		view_pop(true, NULL);
		show_report();
	} else if (top->ops == t.watcher) {
		show_report();
	} else if (!told && !(top->below && top->below->ops == &view_task_ops)) {
		ui_message(MESSAGE_GOOD, "%s已结束，%s看结果", t.label, how_to_look(key));
		told = true;
	}
}
