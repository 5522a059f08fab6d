/* saved.c - the sheet of a file that was written: its place, sz, the scp line. */
#include "ui/screen/saved.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/term.h"
#include "ui/transfer.h"

enum { PATH_SIZE = HOME_PATH + 256, COPY_LINE = PATH_SIZE + 400, TEXT = 4096, ROWS_MAX = 16 };

const char *const saved_formats[] = {"xlsx 工作簿", "CSV（UTF-8，Excel）", "CSV（UTF-8）",
				     "CSV（GBK）", NULL};
static const enum sheet_format FORMATS[] = {SHEET_XLSX, SHEET_CSV_BOM, SHEET_CSV, SHEET_CSV_GBK};

struct saved {
	char title[80], path[PATH_SIZE], copy_line[COPY_LINE];
	const char *why; /* it cannot be sent; NULL: it can */
	bool bring;
	struct wrap text;
};

/* ---- folders ---- */

bool saved_expand(const char *typed, char out[HOME_PATH])
{
	const char *home = getenv("HOME");

	if (typed[0] == '~' && (typed[1] == '/' || !typed[1]) && home)
		return file_join(out, HOME_PATH, home, typed[1] ? typed + 2 : "");
	return text_copy(out, HOME_PATH, typed);
}

/* A folder may be new, but not the one it is to lie in: that is a slip of the finger. */
static bool may_be_made(const char *folder)
{
	const char *slash = strrchr(folder, '/');
	char above[HOME_PATH];

	if (!slash || slash == folder || file_exists(folder))
		return true;
	snprintf(above, sizeof(above), "%.*s", (int)(slash - folder), folder);
	return file_exists(above);
}

enum err saved_folder(const char *typed, bool make, char out[HOME_PATH], struct err_info *e)
{
	enum err r = ERR_OK;
	char *whole;

	if (!saved_expand(typed, out))
		return err_fail(e, ERR_INVALID, "folder.path", "目录", "路径太长");
	if (make && !may_be_made(out)) {
		err_fail(e, ERR_INVALID, "folder.absent", "目录", "没有 %s 的上级目录", out);
		err_hint(e, "请看路径对不对，或先建立上级目录");
		return ERR_INVALID;
	}
	if (make && (r = file_mkdirs(out, 0700, e)))
		return r;
	/* The other end of scp does not know where this program was started. */
	whole = realpath(out, NULL);
	if (whole)
		text_copy(out, HOME_PATH, whole);
	free(whole);
	return ERR_OK;
}

bool saved_usual_folder(char out[HOME_PATH])
{
	char files[HOME_PATH];
	struct err_info e = {0};

	if (!home_path(ui_session()->home, HOME_FILES, files, &e) &&
	    !saved_folder(files, true, out, &e))
		return true;
	ui_error(&e);
	return false;
}

/* ---- a form that asks where ---- */

enum sheet_format saved_format(const struct form *f, int id)
{
	return FORMATS[form_choice(f, id)];
}

enum saved_act saved_form_act(struct form *f, int first, int folder, enum action a)
{
	if (a == ACT_START)
		return SAVED_START;
	switch (form_act(f, a)) {
	case FORM_LEFT_END:
		if (a == ACT_ENTER)
			return SAVED_START;
		form_focus(f, first);
		return SAVED_USED;
	case FORM_LEFT_START:
		form_focus(f, folder);
		return SAVED_USED;
	case FORM_UNUSED:
		if (a == ACT_BACK)
			view_pop(false, NULL);
		return a == ACT_BACK ? SAVED_USED : SAVED_UNUSED;
	default:
		return SAVED_USED;
	}
}

bool saved_may_begin(struct form *f, int folder, char out[HOME_PATH])
{
	struct err_info e = {0};

	if (task_in_the_way())
		return false;
	if (form_check(f)) {
		ui_message(MESSAGE_ERROR, "%s", form_error(f));
		return false;
	}
	if (!saved_folder(form_get(f, folder), true, out, &e))
		return true;
	ui_error(&e);
	return false;
}

/* ---- of a task ---- */

bool saved_failed(const struct task_end *end)
{
	if (end->verdict && strstr(end->error.code, ".cancelled"))
		ui_message(MESSAGE_INFO, "已取消，没有留下文件");
	else if (end->verdict)
		ui_error(&end->error);
	return end->verdict != ERR_OK;
}

void saved_show(const char *title, const char *path, const char *fmt, ...)
{
	char note[800];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(note, sizeof(note), fmt, ap);
	va_end(ap);
	note[text_whole(note, strlen(note))] = 0;
	view_push(&view_saved_ops,
		  &(struct saved_arg) {.title = title, .note = note, .path = path});
}

/* ---- the view ---- */

static void fill(struct saved *s, const char *note)
{
	const char *gap = *note ? "\n" : "", *why = s->why;
	char text[TEXT];

	if (s->bring)
		snprintf(text, sizeof(text), "%s%s在自己的电脑上执行（把“文件”换成它的名字）：\n%s",
			 note, gap, s->copy_line);
	else
		snprintf(text, sizeof(text),
			 "%s%s文件在这台服务器上：\n%s\n\n在自己的电脑上取回%s%s%s：\n%s", note,
			 gap, s->path, why ? "（" : "", why ? why : "",
			 why ? "，不能用 sz）" : "，或按回车用 sz 传过去", s->copy_line);
	wrap_set(&s->text, text);
}

static enum err saved_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct saved_arg *a = arg;
	struct saved *s = v->state;
	char *whole = realpath(a->path, NULL);

	(void)e;
	text_copy(s->title, sizeof(s->title), a->title);
	/* The other end of scp does not know where this program was started. */
	text_copy(s->path, sizeof(s->path), whole ? whole : a->path);
	free(whole);
	s->bring = a->bring;
	s->why = s->bring ? "文件还在自己的电脑上" : transfer_why_not_send();
	transfer_scp_line(s->path, !s->bring, s->copy_line, sizeof(s->copy_line));
	fill(s, a->note);
	return ERR_OK;
}

static void saved_close(struct view *v)
{
	struct saved *s = v->state;

	wrap_free(&s->text);
}

static struct rect saved_place(struct view *v, struct rect area)
{
	struct saved *s = v->state;
	int cols = dialog_cols(area, wrap_natural(&s->text), s->title);

	wrap_layout(&s->text, cols - 2 * DIALOG_PAD);
	return rect_centre(area, s->text.count + 2 + 2 * DIALOG_BORDER, cols);
}

static void saved_paint(struct view *v)
{
	struct saved *s = v->state;
	struct rect in = dialog_inside(v->area), foot;

	draw_box(v->area, s->title);
	foot = rect_bottom(&in, 1);
	wrap_paint(&s->text, in, FACE_VALUE);
	draw_text(foot, 0, 0, foot.w, ALIGN_LEFT, FACE_DIM,
		  s->why ? "c 复制 scp 命令，回车返回" : "回车传到本机，c 复制 scp 命令，Esc 返回");
	draw_cursor(foot, 0, 0);
}

static void send_file(struct saved *s)
{
	const char *path = s->path;
	struct err_info e = {0};

	if (transfer_send(&path, 1, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "已传到本机");
}

static bool saved_act(struct view *v, enum action a)
{
	struct saved *s = v->state;

	if (a == ACT_SEND || (a == ACT_ENTER && !s->why)) {
		send_file(s);
	} else if (a == ACT_COPY) {
		ui_message(MESSAGE_INFO, term_copy(s->copy_line) ? "已复制到本机剪贴板"
								 : "终端不能复制这么长的文字");
	} else if (a == ACT_ENTER || a == ACT_BACK) {
		view_pop(true, NULL);
	} else {
		return wrap_scroll(&s->text, a, dialog_inside(v->area).h - 1);
	}
	return true;
}

static const char *saved_why_not(const struct view *v, enum action a)
{
	const struct saved *s = v->state;

	return a == ACT_SEND ? s->why : NULL;
}

static const char *const *saved_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"saved", "dialog", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *saved_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_SEND, ACT_COPY, ACT_BACK, ACT_NONE};
	const struct saved *s = v->state;

	return s->why ? HINTS + 1 : HINTS;
}

static const char *saved_help(const struct view *v)
{
	(void)v;
	return "文件在服务器上。sz 要终端软件支持 ZMODEM（Xshell、SecureCRT、MobaXterm "
	       "等），在 tmux、screen 里不能用；scp 命令在自己的电脑上执行。";
}

const struct view_ops view_saved_ops = {
    .name = "saved",
    .path = "已保存的文件",
    .modal = true,
    .size = sizeof(struct saved),
    .open = saved_open,
    .place = saved_place,
    .paint = saved_paint,
    .sections = saved_sections,
    .act = saved_act,
    .why_not = saved_why_not,
    .hints = saved_hints,
    .help = saved_help,
    .close = saved_close,
};
