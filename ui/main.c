/* main.c - the workstation from its first to its last moment. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/loop.h"
#include "ui/screens.h"
#include "ui/script.h"
#include "ui/task.h"
#include "ui/term.h"
#include "ui/ui.h"
#include "ui/worker.h"

/* The first wrong line of the configuration, and how many there are. */
struct complaints {
	char first[512];
	int count;
};

static void complain(void *arg, const char *file, int line, const char *sentence)
{
	struct complaints *c = arg;

	if (!c->count++)
		snprintf(c->first, sizeof(c->first), "%s 第 %d 行：%s", file, line, sentence);
}

static int report(const struct err_info *e)
{
	char sentence[1200], *shown;

	shown = text_visible(err_sentence(e, sentence, sizeof(sentence)));
	fprintf(stderr, "kaipiao: %s\n", shown);
	free(shown);
	return (int)e->class;
}

static enum err open_script(struct err_info *e)
{
	const char *file = getenv("KAIPIAO_SCRIPT");

	return text_empty(file) ? ERR_OK : script_open(file, e);
}

static enum err open_terminal(struct err_info *e)
{
	int rows = 0, cols = 0;
	enum err r;

	if (script_active())
		script_size(&rows, &cols);
	r = term_start(options_get(), script_active(), rows, cols, e);
	if (!r)
		theme_apply();
	return r;
}

/* What there is to say at the start, the most important last. */
static void first_message(const struct complaints *c)
{
	if (term_notice())
		ui_message(MESSAGE_WARNING, "%s", term_notice());
	if (c->count)
		ui_message(MESSAGE_WARNING, "配置有 %d 处没有采用：%s", c->count, c->first);
}

/* The home screen for somebody who is known, the login screen for others. */
static enum err first_view(bool known, struct err_info *e)
{
	enum err r = known ? worker_start(ui_home(), e) : ERR_OK;

	if (!r && !view_start(known ? &view_home_ops : &view_login_ops, NULL))
		r = err_fail(e, ERR_INTERNAL, "ui.first", "界面", "第一个画面没有打开：%s",
			     message_text());
	return r;
}

static enum err run(bool known, const struct complaints *c, int *code, struct err_info *e)
{
	enum err r = open_terminal(e);

	if (r)
		return r;
	if (!(r = first_view(known, e))) {
		first_message(c);
		stats_open();
		*code = loop_run();
		stats_close();
	}
	/* The terminal first: nobody should look at a dead screen while the engine ends its call.
	 * */
	view_close_all();
	term_restore();
	task_stop();
	worker_stop();
	return r;
}

int ui_main(const char *home, const char *user, const char *unit)
{
	struct complaints c = {.count = 0};
	struct err_info e = {0};
	char path[HOME_PATH];
	bool known;
	int code = 0;
	enum err r;

	signal(SIGPIPE, SIG_IGN);
	ui_set_place(home, unit);
	if ((r = open_script(&e)))
		return report(&e);
	r = ui_open_session(user, &e);
	known = !r;
	/* Somebody unknown may say who they are; a name that was given is right or wrong. */
	if (r && (r != ERR_DENIED || user))
		return report(&e);
	if (!home_path(home, HOME_LOG, path, NULL))
		log_open(path, NULL);
	conf_load(home, complain, &c);
	err_clear(&e);
	r = run(known, &c, &code, &e);
	ui_close_session();
	script_close();
	log_close();
	return r ? report(&e) : code;
}
