/* view.c - the stack of screens and the four steps of a paint. */
#include "ui/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "ui/list.h"
#include "ui/loop.h"

static struct view *top, *closed; /* closed: linked through below */
static bool store_changed;

struct view *view_top(void)
{
	return top;
}

struct view *view_base(void)
{
	struct view *v = top;

	while (v && v->ops->modal && v->below)
		v = v->below;
	return v;
}

void view_redraw(struct view *v)
{
	if (v)
		v->dirty = true;
}

void view_relayout(void)
{
	struct view *v;

	for (v = top; v; v = v->below)
		v->needs_layout = v->dirty = true;
}

bool view_any_dirty(void)
{
	const struct view *v;

	for (v = top; v; v = v->below) {
		if (v->dirty)
			return true;
		if (!v->ops->modal)
			break;
	}
	return false;
}

void view_store_changed(void)
{
	store_changed = true;
	view_redraw(top);
}

/* ---- opening ---- */

static void free_view(struct view *v)
{
	if (v->ops->close)
		v->ops->close(v);
	free(v->state);
	free(v);
}

static struct view *open_view(const struct view_ops *ops, const void *arg)
{
	struct view *v = mem_zalloc(sizeof(*v));
	struct err_info e = {0};

	v->ops = ops;
	v->state = mem_zalloc(ops->size ? ops->size : 1);
	v->needs_layout = v->dirty = true;
	if (ops->open && ops->open(v, arg, &e)) {
		ui_error(&e);
		free(v->state);
		free(v);
		return NULL;
	}
	return v;
}

static bool push(struct view *asker, int token, const struct view_ops *ops, const void *arg)
{
	struct view *v = open_view(ops, arg);

	if (!v)
		return false;
	v->asker = asker;
	v->token = token;
	v->below = top;
	top = v;
	return true;
}

bool view_push(const struct view_ops *ops, const void *arg)
{
	return push(NULL, 0, ops, arg);
}

bool view_ask(struct view *asker, int token, const struct view_ops *ops, const void *arg)
{
	return push(asker, token, ops, arg);
}

/* ---- closing ---- */

static bool on_stack(const struct view *wanted)
{
	const struct view *v;

	for (v = top; v; v = v->below) {
		if (v == wanted)
			return true;
	}
	return false;
}

/* Takes the top view off; it lives until view_reap. */
static struct view *take_top(void)
{
	struct view *v = top;

	top = v->below;
	v->below = closed;
	closed = v;
	/* What a child did is ours to show: our own commits wake nobody. */
	store_changed = true;
	view_redraw(top);
	return v;
}

void view_pop(bool ok, const void *result)
{
	struct view *v;

	if (!top)
		return;
	v = take_top();
	if (v->asker && v->asker->ops->answer && on_stack(v->asker))
		v->asker->ops->answer(v->asker, v->token, ok, result);
}

bool view_switch(const struct view_ops *ops, const void *arg)
{
	struct view *v, *old = top;

	for (v = top; v && v->below; v = v->below) {
		if (v->ops->leave && !v->ops->leave(v, false))
			return false;
	}
	/* A view may open another one while it leaves, e.g. a question. */
	if (top != old)
		return false;
	while (top && top->below)
		take_top();
	return (top && top->ops == ops) || view_push(ops, arg);
}

bool view_start(const struct view_ops *ops, const void *arg)
{
	struct view *v = open_view(ops, arg);

	if (!v)
		return false;
	while (top)
		take_top();
	top = v;
	return true;
}

bool view_leave_all(bool forced)
{
	struct view *v, *old = top;

	for (v = top; v; v = v->below) {
		if (v->ops->leave && !v->ops->leave(v, forced) && !forced)
			return false;
	}
	return forced || top == old;
}

void view_reap(void)
{
	while (closed) {
		struct view *v = closed;

		closed = v->below;
		free_view(v);
	}
}

void view_close_all(void)
{
	while (top)
		take_top();
	view_reap();
	store_changed = false; /* nobody is left to be told */
}

/* ---- painting ---- */

static void lay_out(struct view *v, struct rect area)
{
	if (!v->needs_layout)
		return;
	v->area = v->ops->modal && v->ops->place ? v->ops->place(v, area) : area;
	if (v->ops->layout)
		v->ops->layout(v);
	v->needs_layout = false;
}

static void paint_from(struct view *v, struct rect area, bool changed)
{
	if (v->ops->modal && v->below)
		paint_from(v->below, area, changed);
	lay_out(v, area);
	if (v->ops->content)
		v->ops->content(v, changed);
	lay_out(v, area); /* content may want more room than the one before */
	draw_forget_cursor();
	list_forget_nothing();
	if (v->ops->paint)
		v->ops->paint(v);
	v->dirty = false;
}

void view_paint_all(struct rect area)
{
	bool changed = store_changed;

	store_changed = false;
	if (top)
		paint_from(top, area, changed);
}

void view_paint_none(void)
{
	struct view *v;

	for (v = top; v; v = v->below)
		v->dirty = false;
}

/* ---- sections ---- */

const char *const *view_sections(const struct view *v, const char *out[VIEW_SECTIONS])
{
	const char *const *own = v && v->ops->sections ? v->ops->sections(v) : NULL;
	bool named = false;
	int n = 0;

	for (; own && *own && n < VIEW_SECTIONS - 3; own++) {
		named |= v->ops->name && !strcmp(*own, v->ops->name);
		out[n++] = *own;
	}
	if (v && v->ops->name && !named)
		out[n++] = v->ops->name;
	out[n++] = "global";
	out[n] = NULL;
	return out;
}
