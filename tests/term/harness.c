/* harness.c - pseudo terminal, libvterm, waiting. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/text.h"

enum { PATH_SIZE = 4096, OUTPUT_MAX = 256 << 20, ENV_MAX = 40, ARGS_MAX = 20 };

/* Before the day of the practice platform's own quota period nothing would be valid; any day does.
 * */
static const char NOW[] = "KAIPIAO_NOW==2026-11-20T10:21:07+08:00";

struct pty {
	pid_t pid;
	int fd, rows, cols, status;
	bool ended, visible;
	VTerm *vt;
	VTermScreen *screen;
	struct buf output;
	size_t taken;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- the lab ---- */

const char *lab_program(void)
{
	static char path[PATH_SIZE];
	const char *bin = getenv("BIN");

	snprintf(path, sizeof(path), "%s/kaipiao", bin ? bin : "bin");
	return path;
}

static const char *scratch(void)
{
	static char path[PATH_SIZE];

	if (!*path) {
		snprintf(path, sizeof(path), "%s/term-XXXXXX",
			 getenv("TMPDIR") ? getenv("TMPDIR") : ".");
		assert_non_null(mkdtemp(path));
	}
	return path;
}

static void clean_environment(const char *const *more)
{
	const char *const base[] = {"TERM=xterm-256color",
				    "LC_ALL=C.UTF-8",
				    NOW,
				    "KAIPIAO_SCRIPT",
				    "KAIPIAO_STATS",
				    "NO_COLOR",
				    "LANG",
				    "LC_CTYPE",
				    "TMUX",
				    "STY",
				    "LINES",
				    "COLUMNS",
				    "KAIPIAO_HOME",
				    NULL};
	const char *const *lists[] = {base, more};
	size_t i;

	for (i = 0; i < 2; i++) {
		const char *const *e;

		for (e = lists[i]; e && *e; e++) {
			const char *equals = strchr(*e, '=');
			char name[64];

			snprintf(name, sizeof(name), "%.*s",
				 equals ? (int)(equals - *e) : (int)strlen(*e), *e);
			if (equals)
				setenv(name, equals + 1, 1);
			else
				unsetenv(name);
		}
	}
}

static void become(const char *const *env, const char *const *args)
{
	char *argv[ARGS_MAX] = {(char *)(uintptr_t)lab_program()};
	int n = 1;

	for (; args && *args && n < ARGS_MAX - 1; args++)
		argv[n++] = (char *)(uintptr_t)*args;
	clean_environment(env);
	execv(argv[0], argv);
	_exit(127);
}

/* Runs without a terminal to its end; the exit status. */
static int run_plain(const char *const *env, const char *const *args)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		become(env, args);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

const char *lab_home(void)
{
	static char home[PATH_SIZE];

	if (!*home) {
		const char *const demo[] = {"--home", home, "demo", "--headless", NULL};
		/* Nothing comes by itself: what the engine is at stands on the screen. */
		const char *const still[] = {"--home",         home, "param", "set", "engine",
					     "red_refresh_ms", "0",  NULL};

		snprintf(home, sizeof(home), "%.4000s/home", scratch());
		assert_int_equal(run_plain(NULL, demo), 0);
		assert_int_equal(run_plain(NULL, still), 0);
	}
	return home;
}

char *play(int rows, int cols, const char *script)
{
	char path[PATH_SIZE], out[PATH_SIZE], setting[PATH_SIZE + 20];
	const char *const env[] = {setting, NULL}, *const args[] = {"--home", lab_home(), NULL};
	const char *at;
	struct buf b;
	FILE *f;
	int c;

	snprintf(path, sizeof(path), "%.4000s/script", scratch());
	snprintf(out, sizeof(out), "%.4000s/out", scratch());
	snprintf(setting, sizeof(setting), "KAIPIAO_SCRIPT=%s", path);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "size %d %d\n", rows, cols);
	for (at = strstr(script, "OUT"); at; script = at + 3, at = strstr(script, "OUT"))
		fprintf(f, "%.*s%s", (int)(at - script), script, out);
	fputs(script, f);
	fclose(f);
	unlink(out);
	assert_int_equal(run_plain(env, args), 0);
	f = fopen(out, "r");
	assert_non_null(f);
	buf_init(&b, OUTPUT_MAX);
	while ((c = fgetc(f)) != EOF)
		buf_addc(&b, (char)c);
	fclose(f);
	return buf_detach(&b);
}

/* ---- the terminal ---- */

static int on_property(VTermProp prop, VTermValue *v, void *user)
{
	struct pty *p = user;

	if (prop == VTERM_PROP_CURSORVISIBLE)
		p->visible = v->boolean;
	return 1;
}

static void open_terminal(struct pty *p)
{
	static const VTermScreenCallbacks CALLBACKS = {.settermprop = on_property};

	/* libvterm 0.1 writes a wide character past the end of a row of one column. */
	p->vt = vterm_new(p->rows, p->cols < 2 ? 2 : p->cols);
	vterm_set_utf8(p->vt, 1);
	p->screen = vterm_obtain_screen(p->vt);
	vterm_screen_set_callbacks(p->screen, &CALLBACKS, p);
	vterm_screen_enable_altscreen(p->screen, 1);
	vterm_screen_reset(p->screen, 1);
	p->visible = true;
}

struct pty *pty_start(int rows, int cols, const char *const *env, const char *const *args)
{
	const char *all[ARGS_MAX] = {"--home", lab_home()};
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	struct pty *p = mem_zalloc(sizeof(*p));
	int n = 2;

	for (; args && *args && n < ARGS_MAX - 1; args++)
		all[n++] = *args;
	p->rows = rows;
	p->cols = cols;
	buf_init(&p->output, OUTPUT_MAX);
	open_terminal(p);
	p->pid = forkpty(&p->fd, NULL, NULL, &size);
	assert_true(p->pid >= 0);
	if (p->pid == 0)
		become(env, all);
	return p;
}

/* Reads once, waiting at most ms; false when nothing came. */
static bool pump(struct pty *p, int ms)
{
	struct pollfd poller = {.fd = p->fd, .events = POLLIN};
	char bytes[65536];
	ssize_t n;

	if (poll(&poller, 1, ms) <= 0)
		return false;
	n = read(p->fd, bytes, sizeof(bytes));
	if (n <= 0)
		return false;
	buf_add(&p->output, bytes, (size_t)n);
	vterm_input_write(p->vt, bytes, (size_t)n);
	return true;
}

void pty_send(struct pty *p, const char *bytes, size_t n)
{
	while (n) {
		ssize_t done = write(p->fd, bytes, n);

		/* A full line: the program answers first. */
		if (done < 0 && errno == EAGAIN) {
			pump(p, 10);
			continue;
		}
		assert_true(done > 0);
		bytes += done;
		n -= (size_t)done;
	}
}

void pty_type(struct pty *p, const char *text)
{
	pty_send(p, text, strlen(text));
}

void pty_signal(struct pty *p, int number)
{
	kill(p->pid, number);
}

void pty_resize(struct pty *p, int rows, int cols)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	p->rows = rows;
	p->cols = cols;
	/* A new one: libvterm 0.1 does not survive every change of size, and what the program sends
	 * after a change has to stand alone anyway. */
	vterm_free(p->vt);
	open_terminal(p);
	ioctl(p->fd, TIOCSWINSZ, &size);
}

static bool wait_text(struct pty *p, const char *text, bool wanted)
{
	int64_t until = now_ms() + WAIT_MS;

	do {
		char *screen = pty_screen(p);
		bool there = strstr(screen, text) != NULL;

		free(screen);
		if (there == wanted)
			return true;
		pump(p, 50);
	} while (now_ms() < until);
	return false;
}

bool pty_wait_text(struct pty *p, const char *text)
{
	return wait_text(p, text, true);
}

bool pty_wait_no_text(struct pty *p, const char *text)
{
	return wait_text(p, text, false);
}

bool pty_wait_screen(struct pty *p, const char *want)
{
	int64_t until = now_ms() + WAIT_MS;

	for (;;) {
		char *screen = pty_screen(p);
		bool same = !strcmp(screen, want);

		if (!same && now_ms() >= until)
			print_error("the terminal shows\n%sbut painted was\n%s", screen, want);
		free(screen);
		if (same || now_ms() >= until)
			return same;
		pump(p, 50);
	}
}

bool pty_wait_cursor(struct pty *p, int row, int col)
{
	int64_t until = now_ms() + WAIT_MS;
	int r, c;
	bool visible;

	do {
		pty_cursor(p, &r, &c, &visible);
		if (visible && r == row && c == col)
			return true;
		pump(p, 50);
	} while (now_ms() < until);
	print_error("the cursor stands at %d %d, not %d %d\n", r, c, row, col);
	return false;
}

void pty_settle(struct pty *p, int ms)
{
	while (pump(p, ms))
		;
}

size_t pty_bytes(struct pty *p)
{
	size_t n = p->output.len - p->taken;

	p->taken = p->output.len;
	return n;
}

const char *pty_output(const struct pty *p, size_t *n)
{
	*n = p->output.len;
	return buf_str(&p->output);
}

bool pty_said(const struct pty *p, const char *bytes)
{
	return p->output.len && memmem(p->output.data, p->output.len, bytes, strlen(bytes));
}

char *pty_screen(const struct pty *p)
{
	struct buf b;
	int row, col;

	buf_init(&b, OUTPUT_MAX);
	for (row = 0; row < p->rows; row++) {
		for (col = 0; col < p->cols; col++) {
			VTermScreenCell cell;
			VTermPos at = {.row = row, .col = col};
			char utf8[4];
			int i;

			vterm_screen_get_cell(p->screen, at, &cell);
			if (cell.chars[0] == (uint32_t)-1) /* second half of a wide one */
				continue;
			if (!cell.chars[0])
				buf_addc(&b, ' ');
			for (i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
				buf_add(&b, utf8, text_put(cell.chars[i], utf8));
		}
		while (b.len && b.data[b.len - 1] == ' ')
			b.data[--b.len] = 0;
		buf_addc(&b, '\n');
	}
	return buf_detach(&b);
}

void pty_cursor(const struct pty *p, int *row, int *col, bool *visible)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(p->vt), &at);
	*row = at.row;
	*col = at.col;
	*visible = p->visible;
}

bool pty_is_cooked(const struct pty *p)
{
	const tcflag_t want = ECHO | ICANON | ISIG;
	struct termios t;

	return tcgetattr(p->fd, &t) == 0 && (t.c_lflag & want) == want && (t.c_oflag & OPOST) &&
	       (t.c_iflag & ICRNL);
}

/* ---- the end ---- */

static bool poll_status(struct pty *p, int options, bool (*is)(int))
{
	int64_t until = now_ms() + WAIT_MS;
	int status;

	while (now_ms() < until) {
		pid_t got = p->ended ? 0 : waitpid(p->pid, &status, WNOHANG | options);

		if (got == p->pid && is(status)) {
			p->status = status;
			return true;
		}
		pump(p, 10);
	}
	return false;
}

static bool is_end(int status)
{
	return WIFEXITED(status) || WIFSIGNALED(status);
}

static bool is_stop(int status)
{
	return WIFSTOPPED(status);
}

int pty_wait_end(struct pty *p)
{
	p->ended = poll_status(p, 0, is_end);
	pty_settle(p, 20); /* what it said last */
	return p->ended ? p->status : -1;
}

bool pty_wait_stopped(struct pty *p)
{
	return poll_status(p, WUNTRACED, is_stop);
}

void pty_free(struct pty **p)
{
	int status = 0;

	if (!*p)
		return;
	if (!(*p)->ended) {
		kill((*p)->pid, SIGCONT);
		kill((*p)->pid, SIGTERM);
		status = pty_wait_end(*p);
		if (!(*p)->ended) {
			kill((*p)->pid, SIGKILL);
			waitpid((*p)->pid, NULL, 0);
		}
	}
	close((*p)->fd);
	vterm_free((*p)->vt);
	buf_free(&(*p)->output);
	free(*p);
	*p = NULL;
	assert_int_equal(status, 0);
}
