/* script.c - the player: lines of a file become bytes of a terminal, waits and dumps. */
#include "ui/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/file.h"
#include "base/text.h"
#include "ui/loop.h"
#include "ui/task.h"
#include "ui/term.h"
#include "ui/worker.h"

enum { SCRIPT_MAX = 1 << 20, BYTES_MAX = 8 << 20, WAIT_MS = 20000, SIZE_LIMIT = 1000 };

static struct {
	bool active;
	char *text, *end; /* owned; lines end with NUL */
	const char *next; /* the line under way */
	char *keys;       /* owned: names still to be sent, one in a turn */
	int line, rows, cols;
	int64_t deadline; /* of the wait under way, 0 none */
	bool idle_seen;   /* and the facts were read again since */
	struct buf bytes;
} script;

bool script_active(void)
{
	return script.active;
}

void script_size(int *rows, int *cols)
{
	*rows = script.rows;
	*cols = script.cols;
}

/* ---- keys to bytes, as xterm sends them ---- */

static const struct {
	uint32_t code;
	const char *plain, *with; /* with: format taking the modifier's number, NULL none */
} SENT[] = {
    {K_UP, "\033[A", "\033[1;%uA"},
    {K_DOWN, "\033[B", "\033[1;%uB"},
    {K_RIGHT, "\033[C", "\033[1;%uC"},
    {K_LEFT, "\033[D", "\033[1;%uD"},
    {K_HOME, "\033[H", "\033[1;%uH"},
    {K_END, "\033[F", "\033[1;%uF"},
    {K_PGUP, "\033[5~", "\033[5;%u~"},
    {K_PGDN, "\033[6~", "\033[6;%u~"},
    {K_INSERT, "\033[2~", "\033[2;%u~"},
    {K_DELETE, "\033[3~", "\033[3;%u~"},
    {K_BACKSPACE, "\177", NULL},
    {K_TAB, "\t", NULL},
    {K_BACKTAB, "\033[Z", "\033[Z"},
    {K_ENTER, "\r", NULL},
    {K_ESC, "\033", NULL},
    {K_F1, "\033OP", "\033[1;%uP"},
    {K_F2, "\033OQ", "\033[1;%uQ"},
    {K_F3, "\033OR", "\033[1;%uR"},
    {K_F4, "\033OS", "\033[1;%uS"},
    {K_F5, "\033[15~", "\033[15;%u~"},
    {K_F6, "\033[17~", "\033[17;%u~"},
    {K_F7, "\033[18~", "\033[18;%u~"},
    {K_F8, "\033[19~", "\033[19;%u~"},
    {K_F9, "\033[20~", "\033[20;%u~"},
    {K_F10, "\033[21~", "\033[21;%u~"},
    {K_F11, "\033[23~", "\033[23;%u~"},
    {K_F12, "\033[24~", "\033[24;%u~"},
};

static bool send_named(struct key k)
{
	unsigned number = 1 + ((k.mods & K_SHIFT) ? 1U : 0U) + ((k.mods & K_ALT) ? 2U : 0U) +
			  ((k.mods & K_CTRL) ? 4U : 0U);
	const char *p;
	size_t i;

	for (i = 0; i < sizeof(SENT) / sizeof(SENT[0]); i++) {
		if (SENT[i].code != k.code)
			continue;
		if (!k.mods || !SENT[i].with) {
			buf_adds(&script.bytes, SENT[i].plain);
			return true;
		}
		for (p = SENT[i].with; *p; p++) {
			if (*p == '%')
				buf_addf(&script.bytes, "%u", number);
			else if (*p != 'u' || p[-1] != '%')
				buf_addc(&script.bytes, *p);
		}
		return true;
	}
	return false;
}

static bool send_key(const char *name)
{
	struct key k;
	char utf8[4];

	if (!key_parse(name, &k))
		return false;
	if (k.code >= K_FIRST)
		return send_named(k);
	if (k.mods & K_ALT)
		buf_addc(&script.bytes, '\033');
	if (k.mods & K_CTRL)
		buf_addc(&script.bytes, (char)(k.code & 0x1F));
	else
		buf_add(&script.bytes, utf8, text_put(k.code, utf8));
	return true;
}

/* ---- the screen ---- */

static bool shows(const char *words)
{
	int row, rows, cols;
	bool found = false;

	term_size(&rows, &cols);
	for (row = 0; row < rows && !found; row++) {
		char *text = draw_dump_row(row);

		found = strstr(text, words) != NULL;
		free(text);
	}
	return found;
}

static void dump_rows(struct buf *out)
{
	int row, rows, cols;

	buf_init(out, SCRIPT_MAX);
	term_size(&rows, &cols);
	for (row = 0; row < rows; row++) {
		char *text = draw_dump_row(row);

		buf_addf(out, "%s\n", text);
		free(text);
	}
}

static enum script_step fail(const char *why)
{
	struct buf out;

	dump_rows(&out);
	fprintf(stderr, "script line %d: %s: %s\n%s", script.line, why, script.next, buf_str(&out));
	buf_free(&out);
	return SCRIPT_FAILED;
}

static enum script_step write_dump(const char *file, bool of_cursor)
{
	struct err_info e = {0};
	struct buf out;
	int row, col;
	enum err r;

	if (of_cursor) {
		buf_init(&out, SCRIPT_MAX);
		if (draw_cursor_at(&row, &col))
			buf_addf(&out, "%d %d\n", row, col);
		else
			buf_adds(&out, "hidden\n");
	} else {
		dump_rows(&out);
	}
	r = file_write(file, buf_str(&out), out.len, 0644, &e);
	buf_free(&out);
	return r ? fail(e.why) : SCRIPT_BYTES;
}

/* ---- commands: each gets the rest of its line ---- */

typedef enum script_step (*command)(char *rest);

/* One key in a turn, so that none becomes part of the one before. */
static enum script_step next_key(void)
{
	size_t n = strcspn(script.keys, " ");
	char *name = mem_strndup(script.keys, n);
	bool sent = send_key(name);

	free(name);
	memmove(script.keys, script.keys + n, strlen(script.keys + n) + 1);
	while (*script.keys == ' ')
		memmove(script.keys, script.keys + 1, strlen(script.keys));
	return sent ? SCRIPT_BYTES : fail("unknown key");
}

static enum script_step run_key(char *rest)
{
	mem_set(&script.keys, rest);
	return next_key();
}

static enum script_step run_type(char *rest)
{
	buf_adds(&script.bytes, rest);
	return SCRIPT_BYTES;
}

static enum script_step run_paste(char *rest)
{
	size_t n = strlen(rest), i;

	if (n < 2 || rest[0] != '"' || rest[n - 1] != '"')
		return fail("paste wants \"TEXT\"");
	buf_adds(&script.bytes, "\033[200~");
	for (i = 1; i < n - 1; i++) {
		if (rest[i] == '\\' && i + 1 < n - 1) {
			i++;
			buf_addc(&script.bytes, rest[i] == 'n'   ? '\n'
						: rest[i] == 't' ? '\t'
								 : rest[i]);
		} else {
			buf_addc(&script.bytes, rest[i]);
		}
	}
	buf_adds(&script.bytes, "\033[201~");
	return SCRIPT_BYTES;
}

/* Is there a word of the state in a view that is on the screen? */
static bool in_state(const char *word)
{
	const struct view *v;

	for (v = view_top(); v; v = v->ops->modal ? v->below : NULL) {
		const char *state = v->ops->state ? v->ops->state(v) : NULL;

		if (state && strstr(state, word))
			return true;
	}
	return false;
}

static bool holds(char *rest)
{
	char *what = rest + strcspn(rest, " ");

	if (*what)
		*what++ = 0;
	if (!strcmp(rest, "screen"))
		return view_top() && !strcmp(view_top()->ops->name, what);
	if (!strcmp(rest, "state"))
		return in_state(what);
	if (!strcmp(rest, "text"))
		return shows(what);
	return !strcmp(rest, "no-text") && !shows(what);
}

static enum script_step waiting(bool done)
{
	int64_t now = clock_mono_ms();

	if (done) {
		script.deadline = 0;
		return SCRIPT_BYTES;
	}
	if (!script.deadline)
		script.deadline = now + WAIT_MS;
	return now < script.deadline ? SCRIPT_WAIT : fail("waited in vain");
}

static enum script_step run_wait(char *rest)
{
	return waiting(holds(rest));
}

/* The engine ends its work before the screen hears of it: after idle was seen there is one look at
 * the facts more (every wait looks). */
static enum script_step run_idle(char *rest)
{
	struct task_view task;
	bool before = script.idle_seen;

	(void)rest;
	task_look(&task);
	script.idle_seen = !before && worker_idle() && task.state != TASK_RUNNING;
	return waiting(before);
}

static enum script_step run_dump(char *rest)
{
	return write_dump(rest, false);
}

static enum script_step run_dump_cursor(char *rest)
{
	return write_dump(rest, true);
}

static bool take_size(const char *rest)
{
	char *end;
	long rows = strtol(rest, &end, 10), cols = strtol(end, &end, 10);

	if (rows < 1 || cols < 1 || rows > SIZE_LIMIT || cols > SIZE_LIMIT || *end)
		return false;
	script.rows = (int)rows;
	script.cols = (int)cols;
	return true;
}

static enum script_step run_resize(char *rest)
{
	return take_size(rest) ? SCRIPT_RESIZE : fail("ROWS COLS");
}

static enum script_step run_hangup(char *rest)
{
	(void)rest;
	return SCRIPT_HANGUP;
}

static enum script_step run_quit(char *rest)
{
	(void)rest;
	return SCRIPT_END;
}

static const struct {
	const char *name;
	command run;
} COMMANDS[] = {
    {"size", run_resize},
    {"resize", run_resize},
    {"key", run_key},
    {"type", run_type},
    {"paste", run_paste},
    {"wait", run_wait},
    {"dump", run_dump},
    {"dump-cursor", run_dump_cursor},
    {"hangup", run_hangup},
    {"quit", run_quit},
    {"sleep-until-idle", run_idle},
};

/* Runs a copy of the line, so that a wait can look at it again. */
static enum script_step run_line(const char *line)
{
	char *copy = mem_strdup(line), *rest = copy + strcspn(copy, " ");
	enum script_step step;
	size_t i, count = sizeof(COMMANDS) / sizeof(COMMANDS[0]);

	if (*rest)
		*rest++ = 0;
	for (i = 0; i < count && strcmp(COMMANDS[i].name, copy) != 0; i++)
		;
	step = i < count ? COMMANDS[i].run(rest) : fail("unknown command");
	free(copy);
	return step;
}

enum err script_open(const char *file, struct err_info *e)
{
	size_t n, i;
	enum err r = file_read(file, SCRIPT_MAX, &script.text, &n, e);

	if (r)
		return r;
	for (i = 0; i < n; i++) {
		if (script.text[i] == '\n')
			script.text[i] = 0;
	}
	script.next = script.text;
	script.end = script.text + n;
	script.line = 1;
	script.active = true;
	script.rows = 24;
	script.cols = 80;
	buf_init(&script.bytes, BYTES_MAX);
	if (!strncmp(script.text, "size ", 5) && !take_size(script.text + 5))
		return err_fail(e, ERR_INVALID, "script.size", file, "size ROWS COLS");
	return ERR_OK;
}

void script_close(void)
{
	if (!script.active)
		return;
	script.active = false;
	free(script.text);
	free(script.keys);
	script.keys = NULL;
	buf_free(&script.bytes);
}

enum script_step script_next(const char **bytes, size_t *n, int *rows, int *cols)
{
	enum script_step step = SCRIPT_BYTES;

	bool more = script.keys && *script.keys;

	buf_reset(&script.bytes);
	if (!more && script.next >= script.end)
		return SCRIPT_END;
	if (more)
		step = next_key();
	else if (*script.next && *script.next != '#')
		step = run_line(script.next);
	if (step != SCRIPT_WAIT && !(script.keys && *script.keys)) {
		script.next += strlen(script.next) + 1;
		script.line++;
	}
	script_size(rows, cols);
	*bytes = buf_str(&script.bytes);
	*n = script.bytes.len;
	return step;
}
