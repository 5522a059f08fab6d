/* term_signal.c - raw input, waiting, and signals; a dying program leaves the terminal usable. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ui/term_p.h"

enum { STACK = 64 * 1024 };

static const struct {
	int number;
	unsigned event; /* 0: stop and come back */
} QUIET[] = {
    {SIGWINCH, TERM_RESIZED},  {SIGHUP, TERM_HANGUP},     {SIGTERM, TERM_TERMINATE},
    {SIGINT, TERM_TERMINATE},  {SIGQUIT, TERM_TERMINATE}, {SIGTSTP, 0},
    {SIGCONT, TERM_CONTINUED},
};
static const int FATAL[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
enum { QUIETS = sizeof(QUIET) / sizeof(QUIET[0]), FATALS = sizeof(FATAL) / sizeof(FATAL[0]) };

static struct sigaction before_quiet[QUIETS], before_fatal[FATALS];
static volatile sig_atomic_t seen[QUIETS];
static int wake[2] = {-1, -1};
static bool no_tty, taken;
/* What the handlers of fatal signals need; constant while they are installed. */
static volatile sig_atomic_t raw;
static struct termios saved;
static char last_bytes[TERM_STRING];
static size_t last_len;
static char stack[STACK];

/* ---- handlers: async-signal-safe calls only ---- */

static void on_quiet(int number)
{
	int keep = errno;
	size_t i;

	for (i = 0; i < QUIETS; i++) {
		if (QUIET[i].number == number)
			seen[i] = 1;
	}
	/* A full pipe wakes as well. */
	if (write(wake[1], "", 1) < 0)
		errno = keep;
	errno = keep;
}

static void on_fatal(int number)
{
	size_t i;

	if (raw) {
		raw = 0;
		if (write(TERM_OUT, last_bytes, last_len) >= 0 || errno)
			tcsetattr(TERM_IN, TCSAFLUSH, &saved);
	}
	for (i = 0; i < FATALS; i++) {
		if (FATAL[i] == number)
			sigaction(number, &before_fatal[i], NULL);
	}
	raise(number);
}

/* ---- modes of the line ---- */

enum err term_raw(struct err_info *e)
{
	struct termios t;

	if (no_tty)
		return ERR_OK;
	if (!raw && tcgetattr(TERM_IN, &saved) != 0)
		return err_errno(e, errno, "终端");
	t = saved;
	t.c_iflag &= (tcflag_t) ~(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON);
	t.c_oflag &= (tcflag_t)~OPOST;
	t.c_lflag &= (tcflag_t) ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	if (tcsetattr(TERM_IN, TCSADRAIN, &t) != 0)
		return err_errno(e, errno, "终端");
	raw = 1;
	return ERR_OK;
}

void term_cooked(void)
{
	if (no_tty || !raw)
		return;
	raw = 0;
	/* Drained, not flushed: what was typed ahead belongs to the shell. */
	tcsetattr(TERM_IN, TCSADRAIN, &saved);
}

/* ---- start and stop ---- */

enum err term_signal_start(bool headless, const char *last, size_t n, struct err_info *e)
{
	struct sigaction quiet = {.sa_handler = on_quiet, .sa_flags = SA_RESTART},
			 fatal = {.sa_handler = on_fatal, .sa_flags = SA_ONSTACK | SA_NODEFER};
	stack_t alternative = {.ss_sp = stack, .ss_size = sizeof(stack)};
	size_t i;

	no_tty = headless;
	last_len = n < sizeof(last_bytes) ? n : sizeof(last_bytes);
	memcpy(last_bytes, last, last_len);
	if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
		return err_errno(e, errno, "终端");
	sigaltstack(&alternative, NULL);
	sigemptyset(&quiet.sa_mask);
	sigemptyset(&fatal.sa_mask);
	for (i = 0; i < QUIETS; i++) {
		seen[i] = 0;
		sigaction(QUIET[i].number, &quiet, &before_quiet[i]);
	}
	for (i = 0; i < FATALS && !headless; i++)
		sigaction(FATAL[i], &fatal, &before_fatal[i]);
	taken = true;
	return ERR_OK;
}

void term_signal_stop(void)
{
	size_t i;

	if (!taken)
		return;
	taken = false;
	for (i = 0; i < QUIETS; i++)
		sigaction(QUIET[i].number, &before_quiet[i], NULL);
	for (i = 0; i < FATALS && !no_tty; i++)
		sigaction(FATAL[i], &before_fatal[i], NULL);
	for (i = 0; i < 2; i++) {
		close(wake[i]);
		wake[i] = -1;
	}
}

/* ---- waiting ---- */

/* Stops as the shell expects and comes back when it says so. */
static unsigned stop_here(void)
{
	term_suspend();
	raise(SIGSTOP);
	term_resume();
	return TERM_CONTINUED;
}

static unsigned signals(void)
{
	unsigned events = 0;
	size_t i;

	for (i = 0; i < QUIETS; i++) {
		if (!seen[i])
			continue;
		seen[i] = 0;
		events |= QUIET[i].event ? QUIET[i].event : stop_here();
	}
	return events;
}

static void drain_wake(void)
{
	char drain[64];

	while (read(wake[0], drain, sizeof(drain)) > 0)
		;
}

bool term_ending(int timeout_ms)
{
	struct pollfd p[] = {
	    {.fd = wake[0], .events = POLLIN},
	    {.fd = TERM_OUT, .events = 0}}; /* says when nobody holds the other end */
	bool ending = poll(p, 2, timeout_ms) > 0 && p[1].revents;
	size_t i;

	drain_wake();
	for (i = 0; i < QUIETS; i++)
		ending = ending || (seen[i] && (QUIET[i].event & (TERM_HANGUP | TERM_TERMINATE)));
	if (ending && write(wake[1], "", 1) < 0) /* full: it wakes as well */
		return true;
	return ending;
}

unsigned term_wait(int wake_fd, int timeout_ms)
{
	struct pollfd p[] = {{.fd = no_tty ? -1 : TERM_IN, .events = POLLIN},
			     {.fd = wake[0], .events = POLLIN},
			     {.fd = wake_fd, .events = POLLIN}};
	unsigned events = 0;

	if (poll(p, sizeof(p) / sizeof(p[0]), timeout_ms) < 0)
		return errno == EINTR ? signals() : TERM_HANGUP;
	if (p[0].revents & POLLIN)
		events |= TERM_INPUT;
	else if (p[0].revents)
		events |= TERM_HANGUP;
	if (p[1].revents)
		drain_wake();
	if (p[2].revents)
		events |= TERM_WAKE;
	if (term_out_lost())
		events |= TERM_HANGUP;
	return events | signals();
}

size_t term_read(void *bytes, size_t n)
{
	ssize_t got;

	do {
		got = read(TERM_IN, bytes, n);
	} while (got < 0 && errno == EINTR);
	return got > 0 ? (size_t)got : 0;
}
