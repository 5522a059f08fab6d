/* blue_download.c - saving the layout files of an invoice, and getting them to the person's own
 * machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"
#include "ui/screen/saved.h"
#include "ui/term.h"
#include "ui/transfer.h"

enum { FIELD_FORMAT = 1, FIELD_FOLDER, ROWS = 17 };
enum { FILES_MAX = 3, PATH_SIZE = HOME_PATH + PRINT_NAME_TEXT, COPY_LINE = PATH_SIZE + 400 };

struct download {
	struct form form;
	char number[NUMBER_TEXT];
	bool saved, can_send;
	int count;
	char path[FILES_MAX][PATH_SIZE];
	char copy_line[COPY_LINE]; /* scp for the other end */
};

static const char *const FORMATS[] = {"PDF", "OFD", "XML", "全部", NULL};
static const enum print_format KINDS[FILES_MAX] = {PRINT_PDF, PRINT_OFD, PRINT_XML};

static const struct field FIELDS[] = {
    {.id = FIELD_FORMAT,
     .kind = FIELD_CHOICE,
     .label = "版式",
     .row = 0,
     .col = 8,
     .width = 6,
     .choices = FORMATS,
     .help = "空格或左右键选择 PDF、OFD、XML 或全部三种。"},
    {.id = FIELD_FOLDER,
     SAVED_FOLDER,
     .row = 1,
     .col = 8,
     .width = 58,
     .help = "文件保存在这台服务器的这个目录，没有就新建。"},
    {.id = 0},
};

/* ---- saving ---- */

/* "~/x" is the person's own directory. */
static bool folder_of(const char *typed, char out[HOME_PATH])
{
	const char *home = getenv("HOME");

	if (typed[0] == '~' && typed[1] == '/' && home)
		return file_join(out, HOME_PATH, home, typed + 2);
	return text_copy(out, HOME_PATH, typed);
}

static enum err save_one(struct download *d, const char *folder, enum print_format f,
			 struct err_info *e)
{
	char name[PRINT_NAME_TEXT], *path = d->path[d->count];
	struct buf b;
	enum err r;

	buf_init(&b, PRINT_SIZE_MAX);
	r = desk_invoice_file(ui_session(), d->number, f, &b, name, e);
	if (!r && !file_join(path, PATH_SIZE, folder, name))
		r = err_fail(e, ERR_INVALID, "folder.path", "目录", "路径太长");
	if (!r)
		r = file_write(path, buf_str(&b), b.len, 0644, e);
	buf_free(&b);
	d->count += !r;
	return r;
}

/* The line to be typed on the person's own machine. */
static void make_copy_line(struct download *d)
{
	char pattern[PATH_SIZE];
	const char *number = strstr(strrchr(d->path[0], '/'), d->number);

	text_copy(pattern, sizeof(pattern), d->path[0]);
	/* Several files share all but what follows the number. */
	if (d->count > 1 && number)
		snprintf(pattern, sizeof(pattern), "%.*s*",
			 (int)(number - d->path[0]) + (int)strlen(d->number), d->path[0]);
	transfer_scp_line(pattern, true, d->copy_line, sizeof(d->copy_line));
}

static void save(struct download *d)
{
	char folder[HOME_PATH], *whole;
	struct err_info e = {0};
	int wanted = form_choice(&d->form, FIELD_FORMAT), i;
	enum err r = ERR_OK;

	d->count = 0;
	if (!folder_of(form_get(&d->form, FIELD_FOLDER), folder))
		r = err_fail(&e, ERR_INVALID, "folder.path", "目录", "路径太长");
	if (!r)
		r = file_mkdirs(folder, 0700, &e);
	/* The other end of scp does not know where this program was started. */
	whole = r ? NULL : realpath(folder, NULL);
	if (whole)
		text_copy(folder, sizeof(folder), whole);
	free(whole);
	for (i = 0; i < FILES_MAX && !r; i++) {
		if (wanted == i || wanted == FILES_MAX)
			r = save_one(d, folder, KINDS[i], &e);
	}
	if (r) {
		ui_error(&e);
		return;
	}
	d->saved = true;
	d->can_send = !transfer_why_not_send();
	make_copy_line(d);
	ui_message(MESSAGE_GOOD, "已保存 %d 个文件", d->count);
}

/* ---- sending ---- */

static void send_files(struct download *d)
{
	const char *paths[FILES_MAX];
	struct err_info e = {0};
	int i;

	for (i = 0; i < d->count; i++)
		paths[i] = d->path[i];
	if (transfer_send(paths, (size_t)d->count, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "已传到本机");
}

/* ---- the view ---- */

static enum err download_open(struct view *v, const void *arg, struct err_info *e)
{
	struct download *d = v->state;
	char folder[HOME_PATH];
	enum err r = home_path(ui_session()->home, HOME_FILES, folder, e);

	if (r)
		return r;
	text_copy(d->number, sizeof(d->number), arg);
	form_init(&d->form, FIELDS, d);
	form_set(&d->form, FIELD_FORMAT, FORMATS[0]);
	form_set(&d->form, FIELD_FOLDER, folder);
	return ERR_OK;
}

static void download_close(struct view *v)
{
	struct download *d = v->state;

	form_free(&d->form);
}

static struct rect download_place(struct view *v, struct rect area)
{
	(void)v;
	return rect_centre(area, ROWS, area.w > 100 ? 96 : 76);
}

static void download_layout(struct view *v)
{
	struct download *d = v->state;
	struct rect inner = rect_inset(v->area, 1, 2);

	rect_top(&inner, 1);
	form_layout(&d->form, rect_top(&inner, 2));
}

/* The whole text over as many rows as it takes. */
static int put_whole(struct rect r, int row, enum face f, const char *text)
{
	return row + draw_wrapped(r, row, 2, r.w - 4, r.h - row, f, text);
}

static void paint_saved(const struct download *d, struct rect r)
{
	int row = 1, i;

	draw_run(r, row++, 0, FACE_LABEL, "已保存到");
	for (i = 0; i < d->count; i++)
		row = put_whole(r, row, FACE_VALUE, d->path[i]);
	draw_run(r, row++, 0, FACE_LABEL, "在自己的电脑上取回（Alt-C 复制这一行）");
	put_whole(r, row, FACE_VALUE, d->copy_line);
	draw_text(r, r.h - 1, 0, r.w, ALIGN_LEFT, FACE_DIM,
		  d->can_send ? "回车用 sz 传到本机，Esc 返回" : "回车或 Esc 返回");
	draw_cursor(r, r.h - 1, 0);
}

static void download_paint(struct view *v)
{
	struct download *d = v->state;
	struct rect r = rect_inset(v->area, 1, 2);
	char title[64];

	snprintf(title, sizeof(title), "下载 %s", d->number);
	draw_box(v->area, title);
	if (d->saved) {
		paint_saved(d, r);
		return;
	}
	form_paint(&d->form, true);
	draw_text(r, r.h - 1, 0, r.w, ALIGN_LEFT, FACE_DIM, "在目录上回车保存，Esc 返回");
}

static const char *const *download_sections(const struct view *v)
{
	static const char *const SAVED[] = {"dialog", NULL};
	const struct download *d = v->state;

	return d->saved ? SAVED : form_sections(&d->form);
}

static bool download_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct download *d = v->state;

	return !d->saved && form_key(&d->form, k, paste, n);
}

static bool act_saved(struct download *d, enum action a)
{
	if (a == ACT_ENTER && d->can_send) {
		send_files(d);
	} else if (a == ACT_COPY) {
		ui_message(MESSAGE_INFO, term_copy(d->copy_line) ? "已复制到本机剪贴板"
								 : "终端不能复制这么长的文字");
	} else if (a == ACT_ENTER || a == ACT_BACK) {
		view_pop(true, NULL);
	} else {
		return false;
	}
	return true;
}

static bool download_act(struct view *v, enum action a)
{
	struct download *d = v->state;
	const char *wrong;

	if (d->saved)
		return act_saved(d, a);
	switch (form_act(&d->form, a)) {
	case FORM_LEFT_END:
		wrong = form_check(&d->form);
		if (wrong)
			ui_message(MESSAGE_ERROR, "%s", wrong);
		else if (a == ACT_ENTER)
			save(d);
		else
			form_focus(&d->form, FIELD_FORMAT);
		return true;
	case FORM_LEFT_START:
		form_focus(&d->form, FIELD_FOLDER);
		return true;
	case FORM_UNUSED:
		break;
	default:
		return true;
	}
	if (a == ACT_BACK)
		view_pop(false, NULL);
	return a == ACT_BACK;
}

static const enum action *download_hints(const struct view *v)
{
	static const enum action ASK[] = {ACT_TOGGLE, ACT_ENTER, ACT_BACK, ACT_NONE};
	static const enum action SAVED[] = {ACT_ENTER, ACT_COPY, ACT_BACK, ACT_NONE};
	const struct download *d = v->state;

	return d->saved ? SAVED : ASK;
}

static const char *download_help(const struct view *v)
{
	const struct download *d = v->state;

	return d->saved ? "文件在服务器上；scp 命令在自己的电脑上执行。" : form_help(&d->form);
}

static const char *download_state(const struct view *v)
{
	const struct download *d = v->state;

	return d->saved ? "saved" : "asking";
}

const struct view_ops view_download_ops = {
    .name = "download",
    .path = "开票 › 下载版式文件",
    .modal = true,
    .size = sizeof(struct download),
    .open = download_open,
    .place = download_place,
    .layout = download_layout,
    .paint = download_paint,
    .sections = download_sections,
    .key = download_key,
    .act = download_act,
    .hints = download_hints,
    .help = download_help,
    .close = download_close,
    .state = download_state,
};
