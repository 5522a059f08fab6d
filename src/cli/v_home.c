/* v_home.c - init, version, sync. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/batch_p.h"

/* ---- init ---- */

static const struct column INIT[] = {
    {"home", "主目录", COLUMN_TEXT, 0},
    {"user", "管理员", COLUMN_TEXT, 0},
    {"created", "新建", COLUMN_BOOL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_init = {"init", INIT};

enum err verb_init(struct cli *c)
{
	struct grid g;
	bool created = false;
	char os_user[64];
	enum err r = desk_home_init(c->home, &created, &c->e);

	if (r)
		return r;
	desk_os_user(os_user, sizeof(os_user));
	cli_grid_init(&g, &shape_init);
	cli_grid_text(&g, c->home);
	cli_grid_textf(&g, "admin");
	cli_grid_bool(&g, created);
	cli_one(c, &g);
	if (created)
		cli_say(c,
			"管理员 admin 已绑定系统用户 %s。下一步：kaipiao unit add --role direct …",
			os_user);
	return ERR_OK;
}

/* ---- version ---- */

static const struct column VERSION[] = {
    {"version", "版本", COLUMN_TEXT, 0},
    {"schema", "数据库版本", COLUMN_NUMBER, 0},
    {"protocol", "乐企接口版本", COLUMN_TEXT, 0},
    {"sqlite", "SQLite", COLUMN_TEXT, 0},
    {"curl", "libcurl", COLUMN_TEXT, 0},
    {"cjson", "cJSON", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_version = {"version", VERSION};

enum err verb_version(struct cli *c)
{
	struct grid g;

	cli_grid_init(&g, &shape_version);
	cli_grid_text(&g, KP_VERSION);
	cli_grid_int(&g, db_schema_version());
	cli_grid_text(&g, "4.000");
	cli_grid_text(&g, db_backend_version());
	cli_grid_text(&g, leqi_transport_version());
	cli_grid_text(&g, cJSON_Version());
	cli_one(c, &g);
	return ERR_OK;
}

/* ---- sync ---- */

static const struct column SYNC[] = {
    {"done", "完成的任务", COLUMN_NUMBER, 0},
    {"failed", "失败的任务", COLUMN_NUMBER, 0},
    {"open", "未完的任务", COLUMN_NUMBER, 0},
    {"unfinished", "结果未定的发票", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_sync = {"sync --once", SYNC};

static atomic_bool stop_daemon;

static void on_stop(int number)
{
	(void)number;
	stop_daemon = true;
}

static enum err run_daemon(struct cli *c)
{
	struct sigaction a = {.sa_handler = on_stop};
	struct batch_service *batches = NULL;
	enum err r;

	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
	desk_close(&c->s); /* the engine has its own connection */
	if ((r = desk_service_start(c->home, NULL, &batches, &c->e)))
		return r;
	r = sync_daemon(c->home, &stop_daemon, &c->e);
	desk_service_stop(&batches);
	return r;
}

/* Batches first, then what is open and what the calendar asks for. */
static enum err settle(struct cli *c, struct sync_summary *sum)
{
	struct sync_summary batches = {0};
	enum err r = cli_batch_drive(c, 0, &batches);

	if (!r)
		r = sync_settle(c->home, c->timeout_ms, sum, &c->e);
	sum->done += batches.done;
	sum->failed += batches.failed;
	return r;
}

struct backlog {
	int64_t waiting;
	struct err_info why;
};

static enum err note_waiting(void *arg, const struct job *j)
{
	struct backlog *b = arg;

	if (j->error_class != ERR_BUSY)
		return ERR_OK;
	b->waiting++;
	text_copy(b->why.why, sizeof(b->why.why), j->error_text);
	text_copy(b->why.hint, sizeof(b->why.hint), j->error_hint);
	return ERR_OK;
}

/* ERR_BUSY when all that is open waits for a connection or a busy platform. */
static enum err unreached(struct cli *c, const struct sync_summary *sum)
{
	struct job_query q = {.state = "ready", .limit = LIST_MAX};
	struct backlog b = {.waiting = 0};
	int64_t next, total;
	enum err r = desk_job_list(c->s, &q, note_waiting, &b, &next, &total, &c->e);

	if (r || !b.waiting || b.waiting < total || sum->open > total)
		return r;
	err_fail(&c->e, ERR_BUSY, "sync.unreached", "同步", "%lld 个任务都在等待税局：%s",
		 (long long)total, b.why.why);
	err_hint(&c->e, "%s%s已记录，稍后再运行 kaipiao sync --once", b.why.hint,
		 *b.why.hint ? "；" : "");
	return ERR_BUSY;
}

/* A batch that is running still. */
static enum err batches_left(struct cli *c)
{
	bool left;
	enum err r = desk_runner_wanted(c->s->db, &left, &c->e);

	if (r || !left)
		return r;
	r = err_fail(&c->e, ERR_UNKNOWN, "batch.pending", "同步", "还有批量开票没有开完");
	err_hint(&c->e, "用 kaipiao batch list 查看，稍后再运行 kaipiao sync --once");
	return r;
}

static enum err run_once(struct cli *c)
{
	struct sync_summary sum = {0};
	struct grid g;
	enum err r = settle(c, &sum);

	if (r == ERR_BUSY && !*c->e.hint)
		err_hint(&c->e, "请等它结束，或用 kaipiao jobs list 查看进度");
	if (r)
		return r;
	cli_grid_init(&g, &shape_sync);
	cli_grid_int(&g, sum.done);
	cli_grid_int(&g, sum.failed);
	cli_grid_int(&g, sum.open);
	cli_grid_int(&g, sum.unfinished);
	cli_one(c, &g);
	if (!sum.open && !sum.unfinished)
		return batches_left(c);
	if ((r = unreached(c, &sum)))
		return r;
	r = err_fail(&c->e, ERR_UNKNOWN, "sync.open", "同步",
		     "还有 %lld 个任务、%lld 张发票没有结果", (long long)sum.open,
		     (long long)sum.unfinished);
	err_hint(&c->e, "已记录；可用 kaipiao jobs list 查看，稍后再运行 kaipiao sync --once");
	return r;
}

enum err verb_sync(struct cli *c)
{
	if (cli_flag(c, "once") == cli_flag(c, "daemon"))
		return cli_usage(c, "请给出 --once 或 --daemon 之一");
	return cli_flag(c, "daemon") ? run_daemon(c) : run_once(c);
}
