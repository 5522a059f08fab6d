/* cli.c - one run: arguments, session, verb, output, exit code. */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli_p.h"

/* An import of a million rows writes for many seconds. */
enum { UNIT_CHOICE = 64 };

/* ---- output ---- */

void cli_flush(struct cli *c)
{
	int fault = file_put_all(STDOUT_FILENO, buf_str(&c->out), c->out.len);

	/* A reader that went away is no fault of ours; a full disk is. */
	if (fault && fault != EPIPE && !c->e.class)
		err_errno(&c->e, fault, "标准输出");
	buf_reset(&c->out);
}

void cli_say(struct cli *c, const char *fmt, ...)
{
	char text[2048], *shown;
	va_list ap;

	if (c->json)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text[text_whole(text, strlen(text))] = 0;
	shown = text_visible(text);
	buf_addf(&c->out, "%s\n", shown);
	free(shown);
}

void cli_document(struct cli *c, struct json_out *o)
{
	json_out_init(o, &c->out, 0);
	json_open(o, NULL, '{');
	c->document = true;
}

void cli_document_end(struct cli *c, struct json_out *o)
{
	c->doc = *o;
	c->open = true;
}

void cli_document_close(struct cli *c)
{
	if (!c->open)
		return;
	json_close(&c->doc, '}');
	buf_addc(&c->out, '\n');
	c->open = false;
}

static void put_error(struct json_out *o, const struct err_info *e)
{
	char sentence[sizeof(e->what) + sizeof(e->why) + sizeof(e->hint) + 16];

	json_open(o, "error", '{');
	json_put(o, "class", err_class_name(e->class));
	json_put(o, "code", e->code);
	json_put(o, "message", err_sentence(e, sentence, sizeof(sentence)));
	json_put(o, "field", *e->field ? e->field : NULL);
	json_put(o, "hint", *e->hint ? e->hint : NULL);
	json_close(o, '}');
}

/* A file that is there: the way out has a name here. */
static void name_replacing(struct cli *c)
{
	const struct option *o = c->action ? c->action->options : NULL;

	for (; o && o->name && strcmp(c->e.code, "file.exists") == 0; o++)
		if (strcmp(o->name, "replace") == 0)
			err_hint(&c->e, "请换一个文件名，或加 --replace 覆盖");
}

static void report(struct cli *c)
{
	char sentence[1200], *shown;
	struct json_out o;

	name_replacing(c);
	shown = text_visible(err_sentence(&c->e, sentence, sizeof(sentence)));
	fprintf(stderr, "kaipiao: %s\n", shown);
	free(shown);
	log_err(LOG_WARN, "cli", &c->e);
	if (c->json && !c->document) {
		cli_document(c, &o);
		cli_document_end(c, &o);
	}
	if (c->open)
		put_error(&c->doc, &c->e);
}

/* ---- waiting ---- */

enum err cli_wait(struct cli *c, struct desk_wait *w)
{
	enum err r;

	if (c->no_wait || (!w->job_count && !w->invoice_count))
		return ERR_OK;
	r = sync_until(c->home, c->s->db, c->timeout_ms, desk_wait_settled, w, &c->e);
	if (r && r != ERR_UNKNOWN)
		return r;
	/* Time is over: what is known so far says more than that. */
	err_clear(&c->e);
	return ERR_OK;
}

enum err cli_wait_jobs(struct cli *c, struct desk_wait *w)
{
	enum err r = cli_wait(c, w);

	return r ? r : desk_wait_verdict(c->s, w, &c->e);
}

/* ---- one run ---- */

/* --unit and --env in one word: "税号@环境". */
static enum err unit_choice(struct cli *c, char out[UNIT_CHOICE], const char **choice)
{
	*choice = c->unit;
	if (!c->env)
		return ERR_OK;
	if (c->unit && strchr(c->unit, '@'))
		return cli_usage(c, "环境写在 --unit 里或用 --env 给出，二者只用一个");
	if (snprintf(out, UNIT_CHOICE, "%s@%s", c->unit ? c->unit : "", c->env) >= UNIT_CHOICE)
		return cli_usage(c, "--unit 太长");
	*choice = out;
	return ERR_OK;
}

static void say_waiting(void)
{
	fprintf(stderr, "正在等导入或另一个进程写完，最多等 %d 秒……\n", DB_PATIENCE_MS / 1000);
}

enum err cli_session(struct cli *c)
{
	char path[HOME_PATH], text[UNIT_CHOICE];
	const char *choice;
	enum err r = unit_choice(c, text, &choice);

	if (!r)
		r = desk_open(c->home, c->user, choice, &c->s, &c->e);
	if (!r)
		db_be_patient(c->s->db, DB_PATIENCE_MS, say_waiting);

	/* A log that cannot be written must not stop the work. */
	if (!r && !home_path(c->home, HOME_LOG, path, NULL))
		log_open(path, NULL);
	return r;
}

/* --seller of a verb: the unit it works for, as --unit, but this once. */
static enum err choose_seller(struct cli *c)
{
	const char *seller = cli_option(c, "seller"), *choice;
	char text[UNIT_CHOICE];
	enum err r;

	if (!seller)
		return ERR_OK;
	if (c->unit)
		return cli_usage(c, "销方用 --seller 或 --unit 给出，二者只用一个");
	c->s->passing = true;
	c->unit = seller;
	if ((r = unit_choice(c, text, &choice)))
		return r;
	if (!text_copy(c->s->unit_choice, sizeof(c->s->unit_choice), choice))
		return err_fail(&c->e, ERR_INVALID, "unit.unknown", "使用单位", "税号太长");
	return ERR_OK;
}

static enum err find_home(struct cli *c)
{
	if (!c->home_arg)
		return home_default(c->home, &c->e);
	if (!text_copy(c->home, sizeof(c->home), c->home_arg))
		return err_fail(&c->e, ERR_INVALID, "home.path", "主目录", "路径太长");
	return ERR_OK;
}

static enum err start_clock(struct cli *c)
{
	if (clock_start(getenv("KAIPIAO_NOW")))
		return ERR_OK;
	return err_fail(&c->e, ERR_USAGE, "clock.form", "KAIPIAO_NOW",
			"不是有效的时间，应如 2026-01-31T23:59:58+08:00");
}

/* Whatever a verb writes, it is never a file of the home itself. */
static enum err check_targets(struct cli *c)
{
	static const char *const OPTIONS[] = {"o", "failures"};
	const char *path;
	size_t i;
	enum err r = ERR_OK;

	for (i = 0; i < sizeof(OPTIONS) / sizeof(OPTIONS[0]) && !r; i++)
		if ((path = cli_option(c, OPTIONS[i])) && strcmp(path, "-") != 0)
			r = home_may_write(c->home, path, &c->e);
	return r;
}

static enum err run(struct cli *c, int argc, char **argv)
{
	enum err r;

	if ((r = cli_parse(c, argc, argv)) || (r = start_clock(c)))
		return r;
	if (!c->action) {
		cli_overview(c);
		return ERR_OK;
	}
	if ((r = find_home(c)) || (r = check_targets(c)))
		return r;
	if (!(c->action->flags & NO_SESSION) && ((r = cli_session(c)) || (r = choose_seller(c))))
		return r;
	return c->action->run(c);
}

bool cli_no_verb(int argc, char **argv, struct cli_place *out)
{
	struct cli c = {0};

	_Static_assert(sizeof(out->home) == HOME_PATH, "a home fits");
	if (cli_parse(&c, argc, argv) || c.action || c.json || start_clock(&c) || find_home(&c))
		return false;
	crash_init();
	out->user = c.user;
	out->unit = c.unit;
	return text_copy(out->home, sizeof(out->home), c.home);
}

/* --unit stays for the verbs to come and for the workstation: another company would issue, so that
 * is said. */
static void tell_default(struct cli *c)
{
	char now[DESK_UNIT_SHORT], before[DESK_UNIT_SHORT], *shown;
	struct buf b;

	if (!c->s || !c->s->unit_before)
		return;
	desk_unit_short(c->s, c->s->user.last_unit_id, now);
	desk_unit_short(c->s, c->s->unit_before, before);
	buf_init(&b, 2 * DESK_UNIT_SHORT + 200);
	buf_addf(&b, "以后不写 --unit 就是 %s%s%s%s，工作站里也是", now, *before ? "（原来是 " : "",
		 before, *before ? "）" : "");
	shown = text_visible(buf_str(&b));
	fprintf(stderr, "%s\n", shown);
	free(shown);
	buf_free(&b);
}

int cli_main(int argc, char **argv)
{
	struct cli c = {0};
	enum err r;

	crash_init();
	signal(SIGPIPE, SIG_IGN);
	buf_init(&c.out, CLI_OUT_MAX);
	r = run(&c, argc, argv);
	if (c.out.failed && !r)
		r = err_fail(&c.e, ERR_INTERNAL, "output.size", "输出", "超过 %d 字节",
			     CLI_OUT_MAX);
	if (r && c.e.class)
		report(&c);
	cli_document_close(&c);
	if (!r)
		err_clear(&c.e); /* from here on it tells of the output alone */
	cli_flush(&c);
	if (!r && c.e.class) {
		r = c.e.class;
		report(&c);
	}
	tell_default(&c);
	desk_close(&c.s);
	buf_free(&c.out);
	log_close();
	return (int)r;
}
