/* blue_more.c - the box of a subject: fields, rows under them, words, 确定 and 取消. */
#include "ui/screen/blue_more.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_more_p.h"

enum { ASK_CODE = 1, ROWS = 9 };

static const struct more_part *const PARTS[MORE_SUBJECTS] = {
    [MORE_DIFFERENTIAL] = &more_differential,
    [MORE_PAYMENT] = &more_payment,
    [MORE_PERSON] = &more_person,
    [MORE_SHOWN] = &more_shown,
    [MORE_EXTRAS] = &more_extras,
};

const char *blue_more_title(enum more_subject subject)
{
	return PARTS[subject]->title;
}

enum more_subject blue_more_of(const char *path)
{
	int i, k;

	for (i = 0; i < MORE_SUBJECTS; i++) {
		for (k = 0; PARTS[i]->paths[k]; k++) {
			if (!strncmp(path, PARTS[i]->paths[k], strlen(PARTS[i]->paths[k])))
				return (enum more_subject)i;
		}
	}
	return MORE_SUBJECTS;
}

/* ---- sentences ---- */

bool more_fail(struct more *m, int field, const char *sentence)
{
	entry_fail(&m->entry, field, sentence);
	return false;
}

bool more_fail_cell(struct more *m, int row, int column, const char *sentence)
{
	struct grid_row *g;

	if (row >= m->grid.count)
		return false;
	m->entry.part = ENTRY_MORE;
	grid_focus(&m->grid, row, column);
	g = &m->grid.rows[row];
	free(g->error);
	g->error = mem_strdup(sentence);
	g->error_column = column - 1;
	ui_message(MESSAGE_ERROR, "%s", sentence);
	return false;
}

/* Where the member "vouchers[2].number" stands in the rows: its column, 1 when it is of the row as
 * a whole; 0: it is none of them. */
static int cell_of(const struct more_part *p, const char *path, int *row)
{
	const struct more_place *c;
	size_t n;
	char *end;

	if (!p->rows_path || strncmp(path, p->rows_path, n = strlen(p->rows_path)) != 0)
		return 0;
	*row = path[n] == '[' ? (int)strtol(path + n + 1, &end, 10) : 0;
	path = strchr(path, '.');
	for (c = p->cells; path && c->path; c++) {
		if (!strcmp(path + 1, c->path))
			return c->field;
	}
	return 1;
}

static void point_at(struct more *m, const char *path, const char *sentence)
{
	const struct more_place *f;
	int row = 0, column = cell_of(m->part, path, &row);

	if (column) {
		more_fail_cell(m, row, column, sentence);
		return;
	}
	for (f = m->part->places; f->path; f++) {
		if (!strcmp(path, f->path))
			more_fail(m, f->field, sentence);
	}
}

/* Where there are no fields the rows stand in for them. */
static void settle_part(struct more *m)
{
	if (m->entry.part == ENTRY_FORM && !m->entry.form.count)
		m->entry.part = ENTRY_MORE;
}

/* ---- life ---- */

static enum err more_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct more_arg *a = arg;
	struct more *m = v->state;

	(void)e;
	m->view = v;
	m->part = PARTS[a->subject];
	invoice_copy(&m->inv, a->invoice);
	entry_init(&m->entry, m->part->title, m->part->fields, m);
	if (m->part->columns) {
		grid_init(&m->grid, m->part->columns, m->part->hooks, m, MORE_ROWS_MAX);
		m->entry.has_more = true;
	}
	m->part->show(m);
	m->entry.form.dirty = m->grid.dirty = false;
	if (a->path)
		point_at(m, a->path, a->sentence);
	settle_part(m);
	return ERR_OK;
}

static void more_close(struct view *v)
{
	struct more *m = v->state;

	if (m->part->columns)
		grid_free(&m->grid);
	entry_free(&m->entry);
	invoice_free(&m->inv);
}

/* ---- place and painting ---- */

static int more_rows(const struct more *m)
{
	return m->part->columns ? ROWS : 0;
}

static struct rect more_place(struct view *v, struct rect area)
{
	struct more *m = v->state;

	return entry_place(&m->entry, area, more_rows(m));
}

/* Words, then the rows, one column wider than the fields on either side. */
static void split(const struct more *m, struct rect *words, struct rect *rows)
{
	*rows = m->entry.more;
	*words = rect_top(rows, rows->h > 3 ? 1 : 0);
	rows->x--;
	rows->w += 2;
}

static void more_layout(struct view *v)
{
	struct more *m = v->state;
	struct rect words, rows;

	entry_layout(&m->entry, v->area, more_rows(m));
	if (!m->part->columns)
		return;
	split(m, &words, &rows);
	grid_layout(&m->grid, rows);
}

/* Under the fields: what is wrong with the row, what the column wants. */
static void set_note(struct more *m)
{
	const char *wrong = m->part->columns ? grid_error(&m->grid) : "", *help;

	m->entry.note[0] = 0;
	if (m->entry.part != ENTRY_MORE)
		return;
	help = grid_help(&m->grid);
	m->entry.note_face = *wrong ? FACE_ERROR : FACE_DIM;
	text_copy(m->entry.note, sizeof(m->entry.note), *wrong ? wrong : help ? help : "");
}

static void more_paint(struct view *v)
{
	struct more *m = v->state;
	struct rect words, rows;
	char text[200] = "";

	draw_box(v->area, m->entry.title);
	set_note(m);
	entry_paint(&m->entry, v->area);
	if (!m->part->columns)
		return;
	split(m, &words, &rows);
	m->part->live(m, text);
	draw_text(words, 0, 0, words.w, ALIGN_LEFT, FACE_DIM, text);
	grid_paint(&m->grid, m->entry.part == ENTRY_MORE);
	if (m->entry.part == ENTRY_MORE)
		grid_paint_matches(&m->grid);
	else if (m->entry.part == ENTRY_FORM)
		form_paint_matches(&m->entry.form);
}

/* ---- submitting ---- */

static bool belongs(const struct more *m, const char *path)
{
	return blue_more_of(path) < MORE_SUBJECTS && PARTS[blue_more_of(path)] == m->part;
}

/* A rule that is broken is told, but an unfinished draft is a draft. */
static void tell_findings(struct more *m)
{
	struct tax_context c = {.now = clock_now()};
	struct tax_findings found = {.items = NULL};
	char sentence[1200];
	size_t i;

	tax_validate(&m->inv, &c, &found, NULL);
	for (i = 0; i < found.count; i++) {
		if (found.items[i].warning || !belongs(m, found.items[i].at.field))
			continue;
		ui_message(MESSAGE_WARNING, "已填入，开票前还要改正：%s",
			   err_sentence(&found.items[i].at, sentence, sizeof(sentence)));
		break;
	}
	tax_findings_free(&found);
}

static void submit(struct more *m)
{
	const char *sentence = form_check(&m->entry.form);

	if (sentence) {
		m->entry.part = ENTRY_FORM;
		ui_message(MESSAGE_ERROR, "%s", sentence);
		return;
	}
	if (!m->part->read(m))
		return;
	tell_findings(m);
	view_pop(true, &m->inv);
}

/* ---- codes of a cell ---- */

static bool ask_code(struct more *m)
{
	struct choose_arg a = {.lines = m->code_lines};
	const struct code_row *row;
	enum code_table t;
	int i;

	if (m->entry.part != ENTRY_MORE || !m->part->columns[m->grid.column].chooser)
		return false;
	t = m->part->codes(m->grid.column + 1);
	for (i = 0; i < MORE_CODES && (row = code_at(t, (size_t)i)); i++)
		m->code_lines[i] = more_code_text(t, row->code, m->codes[i]);
	m->code_lines[i] = NULL;
	a.title = m->part->columns[m->grid.column].label;
	return view_ask(m->view, ASK_CODE, &view_choose_ops, &a);
}

static void more_answer(struct view *v, int token, bool ok, const void *result)
{
	struct more *m = v->state;
	const struct code_row *row;
	char text[120];

	if (token != ASK_CODE || !ok)
		return;
	row = code_at(m->part->codes(m->grid.column + 1), (size_t) * (const int *)result);
	grid_step_begin(&m->grid, m->grid.row, m->grid.row);
	grid_set(&m->grid, m->grid.row, m->grid.column + 1,
		 more_code_text(m->part->codes(m->grid.column + 1), row->code, text));
	m->part->hooks->changed(&m->grid, m->grid.row, m->grid.row);
	grid_focus(&m->grid, m->grid.row, m->grid.column + 2);
	m->entry.dirty = true;
	view_redraw(v);
}

/* ---- actions and keys ---- */

static bool act(struct more *m, enum action a)
{
	enum entry_result r;

	if (a == ACT_CHOOSE)
		return ask_code(m);
	if (entry_grid_act(&m->entry, &m->grid, a))
		return true;
	r = entry_act(&m->entry, a);
	if (r == ENTRY_SUBMIT)
		submit(m);
	return entry_take(r);
}

static bool more_act(struct view *v, enum action a)
{
	struct more *m = v->state;
	bool used = act(m, a);

	/* A view that was popped is closed later. */
	settle_part(m);
	return used;
}

static bool more_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct more *m = v->state;

	return entry_grid_key(&m->entry, &m->grid, k, paste, n);
}

static const char *const *more_sections(const struct view *v)
{
	static const char *const GRID[] = {"grid", "form", NULL};
	const struct more *m = v->state;

	return m->entry.part == ENTRY_MORE ? GRID : entry_sections(&m->entry);
}

static const enum action *more_hints(const struct view *v)
{
	static const enum action FORM[] = {ACT_SAVE,     ACT_ENTER, ACT_NEXT,
					   ACT_PREVIOUS, ACT_BACK,  ACT_NONE};
	static const enum action GRID[] = {ACT_SAVE, ACT_CHOOSE, ACT_ENTER, ACT_ROW_DELETE,
					   ACT_UNDO, ACT_BACK,   ACT_NONE};
	static const enum action PLAIN[] = {ACT_SAVE, ACT_ENTER, ACT_ROW_DELETE,
					    ACT_UNDO, ACT_BACK,  ACT_NONE};
	const struct more *m = v->state;

	if (m->entry.part != ENTRY_MORE)
		return FORM;
	return m->part->codes ? GRID : PLAIN;
}

static const char *more_help(const struct view *v)
{
	const struct more *m = v->state;

	if (m->entry.part == ENTRY_MORE)
		return grid_help(&m->grid);
	return m->entry.part == ENTRY_FORM ? form_help(&m->entry.form)
					   : "回车确定或取消；上键回到栏目。";
}

static bool more_leave(struct view *v, bool forced)
{
	struct more *m = v->state;

	return entry_leave(&m->entry, forced);
}

const struct view_ops view_blue_more_ops = {
    .name = "blue-more",
    .modal = true,
    .size = sizeof(struct more),
    .open = more_open,
    .place = more_place,
    .layout = more_layout,
    .paint = more_paint,
    .sections = more_sections,
    .key = more_key,
    .act = more_act,
    .hints = more_hints,
    .help = more_help,
    .answer = more_answer,
    .leave = more_leave,
    .close = more_close,
};
