/* export.c - the dialog: which rows, which format, which folder; rows of a list in small steps. */
#include "ui/screen/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/list_p.h"
#include "ui/screen/export_p.h"
#include "ui/screen/parts.h"
#include "ui/screen/saved.h"
#include "ui/task.h"

enum { FIELD_SCOPE = 1, FIELD_FORMAT, FIELD_FOLDER };
enum { ROWS = 10, WIDTH = 76, WIDE_WIDTH = 96, SCOPES = 3, SCOPE_TEXT = 64, BODY_MAX = 1 << 16 };
enum { STEP_MS = 0, FULL_MS = 5, WHOLE_COLS = 1000 };

enum scope { SCOPE_MARKED, SCOPE_FOUND, SCOPE_ALL };

struct export
{
	struct form form;
	struct export_arg arg;
	struct export_query query; /* what arg points to */
	enum scope scopes[SCOPES], scope;
	/* While it runs: rows of the list on their way. */
	struct feed *feed;
	struct list reading; /* a copy that reads */
	struct list_row *rows;
	size_t wanted; /* marked rows not met yet */
	bool ended;
};

/* Texts of the choices of the dialog that is open. */
static char scope_texts[SCOPES][SCOPE_TEXT];
static const char *scope_shown[SCOPES + 1];

static const struct field FIELDS[] = {
    {.id = FIELD_SCOPE,
     .kind = FIELD_CHOICE,
     .label = "范围",
     .col = 8,
     .width = 40,
     .choices = scope_shown,
     .help = "左右键选择：勾选的行、符合查询条件的行，或全部。"},
    {.id = FIELD_FORMAT,
     .kind = FIELD_CHOICE,
     .label = "格式",
     .row = 1,
     .col = 8,
     .width = 20,
     .choices = saved_formats,
     .help = "左右键选择；给别的程序用选 CSV。"},
    {.id = FIELD_FOLDER,
     SAVED_FOLDER,
     .row = 2,
     .col = 8,
     .width = 58,
     .wide_width = 78,
     .help = "文件存在这台服务器的这个目录，没有就新建；文件名带时间，不会盖掉别的文件。"},
    {.id = 0},
};

/* ---- which rows ---- */

static void total_text(const struct list *l, char out[SCOPE_TEXT])
{
	*out = 0;
	if (l->total >= 0)
		snprintf(out, SCOPE_TEXT, "%s %lld 条", l->at_least ? "至少" : "共",
			 (long long)l->total);
}

static void add_scope(struct export *s, int *n, enum scope scope, const char *fmt,
		      const char *total)
{
	s->scopes[*n] = scope;
	snprintf(scope_texts[*n], SCOPE_TEXT, "%s%.30s", fmt, total);
	scope_shown[*n] = scope_texts[*n];
	scope_shown[++*n] = NULL;
}

static void fill_scopes(struct export *s)
{
	const struct list *l = s->arg.list;
	char total[SCOPE_TEXT], marked[SCOPE_TEXT];
	int n = 0;

	total_text(l, total);
	snprintf(marked, sizeof(marked), "%zu 行", l->mark_count);
	if (l->mark_count)
		add_scope(s, &n, SCOPE_MARKED, "勾选的 ", marked);
	if (list_has_conditions(l)) {
		add_scope(s, &n, SCOPE_FOUND, "查到的，", total);
		add_scope(s, &n, SCOPE_ALL, "全部，不看查询条件", "");
	} else {
		add_scope(s, &n, SCOPE_ALL, "全部，", total);
	}
}

/* ---- a list, page by page ---- */

/* The next page through the list's own source; all rows are read with the default conditions. */
static enum err read_page(struct export *s, int *count, char next[64], struct err_info *e)
{
	struct list *l = &s->reading;
	bool all = s->scope == SCOPE_ALL && l->filter && l->defaults;
	char *now = all ? form_save(l->filter) : NULL, cursor[64];
	enum err r;

	memcpy(cursor, l->cursor, sizeof(cursor));
	memset(s->rows, 0, LIST_ROWS * sizeof(*s->rows));
	*count = 0;
	*next = 0;
	if (all)
		list_load_filter(l, l->defaults);
	r = l->source(l, cursor, LIST_ROWS, s->rows, count, next, e);
	if (all)
		list_load_filter(l, now);
	free(now);
	return r;
}

static void hand_over(struct export *s, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		if (s->scope == SCOPE_MARKED) {
			if (!list_marked(s->arg.list, s->rows[i].id))
				continue;
			s->wanted--;
		}
		feed_put(s->feed, &s->rows[i]);
	}
}

static int export_idle(struct view *v)
{
	struct export *s = v->state;
	struct err_info e = {0};
	char next[64];
	int count;

	if (!s->feed || s->ended)
		return -1;
	if (feed_room(s->feed) < LIST_ROWS)
		return FULL_MS;
	if (read_page(s, &count, next, &e)) {
		ui_error(&e);
		feed_drop(s->feed);
		s->ended = true;
		return -1;
	}
	hand_over(s, count);
	memcpy(s->reading.cursor, next, sizeof(next));
	if (!*next || (s->scope == SCOPE_MARKED && !s->wanted)) {
		feed_end(s->feed);
		s->ended = true;
		return -1;
	}
	return STEP_MS;
}

static bool begin_list(struct export *s, struct export_job *job)
{
	struct list *l = s->arg.list;
	int columns = export_heads(l, job->heads);

	s->reading = *l;
	s->reading.area.w = WHOLE_COLS; /* cells as they are in the widest window */
	s->reading.cursor[0] = 0;
	s->rows = mem_zalloc(LIST_ROWS * sizeof(*s->rows));
	s->wanted = l->mark_count;
	s->feed = job->feed = feed_new(columns);
	job->columns = columns;
	if (s->scope == SCOPE_MARKED)
		job->total = (int64_t)l->mark_count;
	else if (l->total > 0 && !l->at_least &&
		 (s->scope == SCOPE_FOUND || !list_has_conditions(l)))
		job->total = l->total;
	if (export_run(job, &view_export_ops))
		return true;
	feed_free(&s->feed);
	return false;
}

/* ---- beginning ---- */

static void keep(const struct export *s)
{
	char *body = form_save(&s->form);
	struct err_info e = {0};

	if (desk_choice_save(ui_session(), "export", body, &e))
		ui_error(&e);
	free(body);
}

static bool start(struct export *s)
{
	struct export_job *job;
	char folder[HOME_PATH];

	if (!saved_may_begin(&s->form, FIELD_FOLDER, folder))
		return true;
	keep(s);
	s->scope = s->scopes[form_choice(&s->form, FIELD_SCOPE)];
	job = mem_zalloc(sizeof(*job));
	job->format = saved_format(&s->form, FIELD_FORMAT);
	text_copy(job->folder, sizeof(job->folder), folder);
	text_copy(job->title, sizeof(job->title), s->arg.list->title);
	if (!s->arg.table) {
		begin_list(s, job);
		return true;
	}
	export_job_catalogue(job, s->arg.table, s->scope != SCOPE_ALL ? &s->query : NULL,
			     s->scope == SCOPE_MARKED ? s->arg.list : NULL);
	view_pop(true, NULL);
	if (export_run(job, NULL))
		view_push(&view_task_ops, NULL);
	return true;
}

static void cancel(struct export *s)
{
	feed_drop(s->feed);
	s->ended = true;
	task_cancel();
}

/* ---- the view ---- */

static enum err export_open(struct view *v, const void *arg, struct err_info *e)
{
	struct export *s = v->state;
	char folder[HOME_PATH], *body = NULL;
	cJSON *tree = NULL;
	enum err r = home_path(ui_session()->home, HOME_FILES, folder, e);

	if (r)
		return r;
	s->arg = *(const struct export_arg *)arg;
	if (!s->arg.list->count)
		return err_fail(e, ERR_INVALID, "export.empty", "批量导出", "列表里没有记录");
	export_query_copy(&s->query, s->arg.buyers, s->arg.goods);
	if (s->arg.invoices)
		export_query_invoices(&s->query, s->arg.invoices);
	fill_scopes(s);
	form_init(&s->form, FIELDS, s);
	form_set(&s->form, FIELD_FORMAT, saved_formats[0]);
	form_set(&s->form, FIELD_FOLDER, folder);
	if (!desk_choice_load(ui_session(), "export", &body, NULL) && body &&
	    !json_parse(body, strlen(body), BODY_MAX, &tree, NULL))
		form_load(&s->form, tree);
	json_free(&tree);
	free(body);
	form_set(&s->form, FIELD_SCOPE, scope_shown[0]);
	return ERR_OK;
}

static void export_close(struct view *v)
{
	struct export *s = v->state;

	if (s->feed && !s->ended)
		feed_drop(s->feed);
	feed_free(&s->feed);
	free(s->rows);
	export_query_free(&s->query);
	form_free(&s->form);
}

static struct rect export_place(struct view *v, struct rect area)
{
	(void)v;
	return rect_centre(area, ROWS, area.w > 100 ? WIDE_WIDTH : WIDTH);
}

static void export_layout(struct view *v)
{
	struct export *s = v->state;
	struct rect in = dialog_inside(v->area);

	rect_top(&in, 1);
	form_layout(&s->form, rect_top(&in, 3));
}

static void export_paint(struct view *v)
{
	struct export *s = v->state;
	struct rect in = dialog_inside(v->area);
	char title[120];

	snprintf(title, sizeof(title), "批量导出：%.60s", s->arg.list->title);
	draw_box(v->area, title);
	form_paint(&s->form, !s->feed);
	if (s->feed) {
		rect_top(&in, 5);
		task_paint(in);
		draw_cursor(in, in.h - 1, 0);
	} else {
		draw_text(in, in.h - 1, 0, in.w, ALIGN_LEFT, FACE_DIM,
			  "F10 或在目录上回车开始，Esc 返回");
	}
}

static const char *const *export_sections(const struct view *v)
{
	static const char *const RUNNING[] = {"task", "dialog", NULL};
	const struct export *s = v->state;

	return s->feed ? RUNNING : form_sections(&s->form);
}

static bool export_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct export *s = v->state;

	return !s->feed && form_key(&s->form, k, paste, n);
}

static bool export_act(struct view *v, enum action a)
{
	struct export *s = v->state;
	enum saved_act r;

	if (s->feed) {
		if (a == ACT_CANCEL_JOB || a == ACT_BACK)
			cancel(s);
		return a == ACT_CANCEL_JOB || a == ACT_BACK;
	}
	r = saved_form_act(&s->form, FIELD_SCOPE, FIELD_FOLDER, a);
	return r == SAVED_START ? start(s) : r == SAVED_USED;
}

static const enum action *export_hints(const struct view *v)
{
	static const enum action ASK[] = {ACT_START, ACT_TOGGLE, ACT_NEXT, ACT_BACK, ACT_NONE};
	static const enum action RUNNING[] = {ACT_CANCEL_JOB, ACT_NONE};
	const struct export *s = v->state;

	return s->feed ? RUNNING : ASK;
}

static const char *export_help(const struct view *v)
{
	const struct export *s = v->state;

	return s->feed ? "正在写文件；Esc 取消，取消后不留文件。" : form_help(&s->form);
}

static const char *export_state(const struct view *v)
{
	const struct export *s = v->state;

	return s->feed ? "running" : "asking";
}

const struct view_ops view_export_ops = {
    .name = "export",
    .path = "批量导出",
    .modal = true,
    .size = sizeof(struct export),
    .open = export_open,
    .place = export_place,
    .layout = export_layout,
    .paint = export_paint,
    .sections = export_sections,
    .key = export_key,
    .act = export_act,
    .hints = export_hints,
    .help = export_help,
    .close = export_close,
    .idle = export_idle,
    .state = export_state,
};
