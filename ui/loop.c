/* loop.c - one turn after another: wait, decode, act, paint. */
#include "ui/loop.h"

#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "ui/frame.h"
#include "ui/roles.h"
#include "ui/screen/batch.h"
#include "ui/screens.h"
#include "ui/script.h"
#include "ui/task.h"
#include "ui/term.h"
#include "ui/worker.h"

enum {
	TICK_MS = 2000,     /* other processes' commits and the age of the oldest invoice */
	BUSY_TICK_MS = 250, /* while the engine works, its progress */
	SCRIPT_MS = 10,
	READ_MAX = 16384,
	EXIT_SCRIPT = 70
};

static struct {
	struct keys *keys;
	bool quit, facts_stale;
	int exit_code;
	int64_t esc_at, tick_at, idle_at; /* idle_at 0: no view has work to do */
	/* Whose idle_at is: another view does not wait for it. */
	const struct view *idler;
	const struct view_ops *idler_ops;
	/* What the views and what the top line showed last. */
	enum engine_status told, status;
	char age[32], task[64];
} loop;

/* ---- for views ---- */

void ui_quit(int exit_code)
{
	loop.quit = true;
	loop.exit_code = exit_code;
}

void ui_wake_engine(void)
{
	worker_wake();
	loop.facts_stale = true;
	view_store_changed();
}

enum engine_status ui_engine(void)
{
	return worker_status();
}

enum err ui_login(const char *user, struct err_info *e)
{
	enum err r = ui_open_session(user, e);

	if (!r)
		r = worker_start(ui_home(), e);
	if (r)
		return r;
	return view_start(&view_home_ops, NULL) ? ERR_OK : ERR_INTERNAL;
}

static bool act(enum action a)
{
	struct view *v = view_top();
	const char *why = role_why_not(a);

	if (why) {
		ui_message(MESSAGE_WARNING, "%s", why);
		return true;
	}
	why = v->ops->why_not ? v->ops->why_not(v, a) : NULL;
	if (why) {
		ui_message(MESSAGE_WARNING, "%s：%s", action_info(a)->label, why);
		return true;
	}
	return (v->ops->act && v->ops->act(v, a)) || global_act(a);
}

bool ui_do(enum action a)
{
	bool used = act(a);

	if (used)
		view_redraw(view_top());
	return used;
}

/* ---- keys ---- */

static void handle_key(struct key k)
{
	struct view *v = view_top();
	const char *buffer[VIEW_SECTIONS], *paste = NULL;
	unsigned serial = message_serial();
	enum action a = keymap_find(view_sections(v, buffer), k);
	size_t n = 0;
	bool used;

	if (k.code == K_PASTE)
		paste = keys_paste(loop.keys, &n);
	used = a != ACT_NONE && act(a);
	if (!used && view_top() == v && v->ops->key)
		used = v->ops->key(v, k, paste, n);
	/* A key nobody wants changes nothing, not even the message. */
	if (used) {
		view_redraw(view_top());
		message_expire(serial, a != ACT_NONE);
	}
	stats_key(k, a, used);
}

static void handle_keys(void)
{
	struct key k;

	while (!loop.quit && keys_next(loop.keys, &k))
		handle_key(k);
}

static void feed(const char *bytes, size_t n)
{
	stats_read();
	keys_feed(loop.keys, bytes, n);
	loop.esc_at = clock_mono_ms() + options_get()->escape_delay_ms;
}

/* ---- the world outside ---- */

/* Did what the top line says change? */
static bool top_line_moved(void)
{
	char age[sizeof(loop.age)], task[sizeof(loop.task)];
	enum engine_status s = worker_status();
	bool moved;

	facts_age(age);
	task_words(task);
	moved = s != loop.status || strcmp(age, loop.age) != 0 || strcmp(task, loop.task) != 0;
	loop.status = s;
	text_copy(loop.age, sizeof(loop.age), age);
	text_copy(loop.task, sizeof(loop.task), task);
	return moved;
}

static void look(void)
{
	bool moved = facts_store_moved(), busy;
	enum engine_status status;
	struct task_view task;

	loop.facts_stale = false;
	task_look(&task);
	status = worker_status();
	busy = status == ENGINE_BUSY || task.state == TASK_RUNNING;
	loop.tick_at = clock_mono_ms() + (busy ? BUSY_TICK_MS : TICK_MS);
	/* What is to be done today tells of the line, too. */
	if (moved || status != loop.told)
		view_store_changed();
	loop.told = status;
	/* Our own commits do not count as movement. */
	if (facts_refresh() | top_line_moved())
		view_redraw(view_top());
	task_turn();
	batch_turn();
}

static void resize(int rows, int cols)
{
	term_resize(rows, cols);
	view_relayout();
}

/* What is being imported gives way to what was typed. */
static void hang_up(void)
{
	task_stop();
	view_leave_all(true);
	ui_quit(0);
}

static void read_input(void)
{
	char bytes[READ_MAX];
	size_t n = term_read(bytes, sizeof(bytes));

	if (n)
		feed(bytes, n);
	else
		hang_up();
}

static int timeout_ms(void)
{
	int64_t now = clock_mono_ms(), until = loop.tick_at;

	if (loop.idle_at && loop.idle_at < until)
		until = loop.idle_at;
	if (keys_pending(loop.keys) && loop.esc_at < until)
		until = loop.esc_at;
	return until > now ? (int)(until - now) : 0;
}

/* A step of a visible view's own work, when it is due. */
static void idle(void)
{
	struct view *v = view_top();
	int ms;

	while (v && !v->ops->idle)
		v = v->ops->modal ? v->below : NULL;
	if (!v) {
		loop.idle_at = 0;
		return;
	}
	if (v == loop.idler && v->ops == loop.idler_ops && clock_mono_ms() < loop.idle_at)
		return;
	loop.idler = v;
	loop.idler_ops = v->ops;
	ms = v->ops->idle(v);
	loop.idle_at = ms < 0 ? 0 : clock_mono_ms() + ms;
}

static void handle_events(unsigned events)
{
	if (events & TERM_INPUT)
		read_input();
	if (events & (TERM_RESIZED | TERM_CONTINUED))
		resize(0, 0);
	if (events & TERM_WAKE)
		worker_drain();
	if (keys_pending(loop.keys) && clock_mono_ms() >= loop.esc_at)
		keys_timeout(loop.keys);
	handle_keys();
	if ((events & TERM_WAKE) || loop.facts_stale || clock_mono_ms() >= loop.tick_at)
		look();
	if (events & (TERM_HANGUP | TERM_TERMINATE))
		hang_up();
}

/* ---- scripts ---- */

static void play(void)
{
	const char *bytes;
	size_t n;
	int rows, cols;

	switch (script_next(&bytes, &n, &rows, &cols)) {
	case SCRIPT_WAIT:
		handle_events(term_wait(worker_fd(), SCRIPT_MS));
		look();
		break;
	case SCRIPT_BYTES:
		feed(bytes, n);
		handle_keys();
		/* A script's keys are whole: an ESC at the end is the key. */
		keys_timeout(loop.keys);
		handle_keys();
		if (loop.facts_stale)
			look();
		break;
	case SCRIPT_RESIZE:
		resize(rows, cols);
		break;
	case SCRIPT_HANGUP:
		hang_up();
		break;
	case SCRIPT_END:
		ui_quit(0);
		break;
	case SCRIPT_FAILED:
		ui_quit(EXIT_SCRIPT);
		break;
	}
}

/* ---- painting ---- */

static void paint(void)
{
	struct rect area;
	bool small;

	if (view_any_dirty()) {
		draw_forget_cursor();
		area = frame_area(&small);
		if (small) {
			view_paint_none();
		} else {
			view_paint_all(area);
			frame_paint();
		}
		top_line_moved();
		term_flush();
	}
	stats_flushed();
}

int loop_run(void)
{
	loop.keys = term_keys();
	look();
	while (!loop.quit && view_top()) {
		paint();
		if (script_active())
			play();
		else
			handle_events(term_wait(worker_fd(), timeout_ms()));
		if (!loop.quit)
			idle();
		view_reap();
	}
	keys_free(&loop.keys);
	return loop.exit_code;
}
