/* term.c - curses on a terminal or on nothing: start, restore, sizes, suspend. */
#include "ui/term.h"

#include <curses.h>
#include <term.h>

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "ui/draw.h"
#include "ui/term_p.h"

enum { SIZE_MAX_CELLS = 1000, ENTER_MAX = TERM_STRING };
static const char PASTE_ON[] = "\033[?2004h", PASTE_OFF[] = "\033[?2004l";
static const char MOUSE_ON[] = "\033[?1000h\033[?1006h", MOUSE_OFF[] = "\033[?1006l\033[?1000l";

static struct {
	SCREEN *screen;
	FILE *out;
	bool on, headless, utf8, suspended;
	int rows, cols;
	const char *notice;
	/* Keypad, paste mode and mouse, on and off. */
	char enter[ENTER_MAX], leave[ENTER_MAX];
} term;

/* ---- terminfo ---- */

static struct {
	char *out;
	size_t n, size;
} collected;

static int collect(int c)
{
	if (collected.n + 1 < collected.size)
		collected.out[collected.n++] = (char)c;
	return c;
}

static size_t put_string(const char *s, char *out, size_t size)
{
	collected.out = out;
	collected.n = 0;
	collected.size = size;
	if (size)
		*out = 0;
	if (!s || s == (char *)-1 || !size)
		return 0;
	tputs(s, 1, collect);
	out[collected.n] = 0;
	return collected.n;
}

size_t term_string(const char *name, char *out, size_t size)
{
	char copy[32];

	text_copy(copy, sizeof(copy), name);
	return put_string(tigetstr(copy), out, size);
}

/* What a dying program sends: plain attributes, visible cursor, own screen, bottom line. */
static size_t last_words(char *out, size_t size)
{
	static const char *const NAMES[] = {"sgr0", "op", "cnorm"};
	char cup[] = "cup", *move = tigetstr(cup);
	size_t n = 0, i;

	for (i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		n += term_string(NAMES[i], out + n, size - n);
	if (move && move != (char *)-1)
		n += put_string(tparm(move, SIZE_MAX_CELLS - 2, 0, 0, 0, 0, 0, 0, 0, 0), out + n,
				size - n);
	n += term_string("rmcup", out + n, size - n);
	n += (size_t)snprintf(out + n, size - n, "%s\r\n", term.leave);
	return n;
}

static void add_mode(char *out, const char *name, const char *paste, const char *mouse)
{
	size_t more = strlen(paste) + strlen(mouse) + 1,
	       n = term_string(name, out, ENTER_MAX - more);

	snprintf(out + n, more, "%s%s", paste, mouse);
}

static void prepare_modes(bool mouse)
{
	add_mode(term.enter, "smkx", PASTE_ON, mouse ? MOUSE_ON : "");
	add_mode(term.leave, "rmkx", PASTE_OFF, mouse ? MOUSE_OFF : "");
}

/* ---- start ---- */

static enum err need_terminal(struct err_info *e)
{
	const char *name = getenv("TERM");

	if (!isatty(TERM_IN) || !isatty(TERM_OUT)) {
		err_fail(e, ERR_INVALID, "term.none", "界面", "标准输入和输出不是终端");
		err_hint(e, "请直接在终端里运行，或使用命令行动作（kaipiao help）");
		return ERR_INVALID;
	}
	if (text_empty(name) || !strcmp(name, "dumb")) {
		err_fail(e, ERR_INVALID, "term.dumb", "终端", "环境变量 TERM 是%s，不能显示界面",
			 text_empty(name) ? "空的" : " dumb");
		err_hint(e, "请先执行 export TERM=xterm-256color");
		return ERR_INVALID;
	}
	return ERR_OK;
}

static bool is_known(const char *name)
{
	int status = 0;

	if (setupterm(name, fileno(term.out), &status) != OK)
		return false;
	del_curterm(cur_term);
	return true;
}

/* The terminal's own description, else that of the family nearly everything belongs to. */
static enum err open_curses(struct err_info *e)
{
	const char *asked = term.headless ? "xterm" : getenv("TERM");
	const char *const names[] = {asked, "xterm-256color", "xterm", "vt100"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !term.screen; i++) {
		char name[64];

		text_copy(name, sizeof(name), names[i]);
		if (is_known(name))
			term.screen = newterm(name, term.out, term.out);
	}
	if (!term.screen || !cursor_address) {
		err_fail(e, ERR_INVALID, "term.dumb", "终端",
			 "本机没有终端类型 %s 的说明，或它不能定位光标", asked);
		err_hint(e, "请先执行 export TERM=xterm，或安装软件包 ncurses-base");
		return ERR_INVALID;
	}
	if (i > 1)
		term.notice = "本机不认识环境变量 TERM 的终端类型，已按 xterm 显示";
	return ERR_OK;
}

static void set_up_curses(void)
{
	nonl();
	raw();
	noecho();
	typeahead(-1); /* an update is never cut short */
	idlok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
}

enum err term_start(const struct options *o, bool headless, int rows, int cols, struct err_info *e)
{
	char last[TERM_STRING];
	size_t n;
	enum err r;

	memset(&term, 0, sizeof(term));
	term.headless = headless;
	if ((!headless && (r = need_terminal(e))) || (r = term_locale(&term.notice, &term.utf8, e)))
		return r;
	if (term.utf8)
		setenv("NCURSES_NO_UTF8_ACS", "1", 0);
	text_set_ambiguous(o->ambiguous_width);
	use_env(FALSE);
	if (!(term.out = term_out_open(headless, e)))
		return e ? e->class : ERR_INTERNAL;
	if ((r = open_curses(e))) {
		term_restore();
		return r;
	}
	set_up_curses();
	prepare_modes(o->mouse);
	n = last_words(last, sizeof(last));
	if ((r = term_signal_start(headless, last, n, e)) || (r = term_raw(e))) {
		term_restore();
		return r;
	}
	term.on = true;
	atexit(term_restore);
	term_out_send();
	term_out_write(term.enter, strlen(term.enter));
	term_resize(rows, cols);
	return ERR_OK;
}

void term_restore(void)
{
	if (term.screen) {
		endwin();
		if (term.on && !term.suspended) {
			term_out_send();
			term_out_write(term.leave, strlen(term.leave));
		}
		term.on = false;
		delscreen(term.screen);
		term.screen = NULL;
	}
	term_cooked();
	term_signal_stop();
	term_out_close();
}

/* ---- leaving for a moment ---- */

void term_suspend(void)
{
	if (!term.on || term.suspended)
		return;
	endwin();
	term_out_send();
	term_out_write(term.leave, strlen(term.leave));
	term_cooked();
	term.suspended = true;
}

void term_resume(void)
{
	if (!term.on || !term.suspended)
		return;
	term.suspended = false;
	term_raw(NULL);
	term_out_write(term.enter, strlen(term.enter));
	term_repaint();
}

/* ---- sizes ---- */

void term_size(int *rows, int *cols)
{
	*rows = term.rows;
	*cols = term.cols;
}

static int within(int v)
{
	return v < 1 ? 1 : v > SIZE_MAX_CELLS ? SIZE_MAX_CELLS : v;
}

void term_resize(int rows, int cols)
{
	struct winsize w;

	if (!term.headless && (rows <= 0 || cols <= 0) && ioctl(TERM_OUT, TIOCGWINSZ, &w) == 0 &&
	    w.ws_row && w.ws_col) {
		rows = w.ws_row;
		cols = w.ws_col;
	}
	if (rows <= 0 || cols <= 0) {
		rows = 24;
		cols = 80;
	}
	term.rows = within(rows);
	term.cols = within(cols);
	resize_term(term.rows, term.cols);
	term_repaint();
}

/* ---- the screen ---- */

void term_flush(void)
{
	if (!term.on || term.suspended)
		return;
	draw_place_cursor();
	wnoutrefresh(stdscr);
	doupdate();
	term_out_send();
}

void term_repaint(void)
{
	clearok(curscr, TRUE);
}

bool term_is_utf8(void)
{
	return term.utf8;
}

const char *term_notice(void)
{
	return term.notice;
}

bool term_in_multiplexer(void)
{
	return !text_empty(getenv("TMUX")) || !text_empty(getenv("STY"));
}
