/* v_push.c - 推送开票结果: asking for it, its list, its settings. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli_p.h"

static const struct column EVENTS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"invoice_id", "发票编号", COLUMN_NUMBER, FOR_JSON},
    {"number", "发票号码", COLUMN_TEXT, 0},
    {"buyer", "购方", COLUMN_TEXT, 0},
    {"gross", "价税合计", COLUMN_MONEY, FOR_JSON},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, 0},
    {"attempts", "次数", COLUMN_NUMBER, 0},
    {"http_status", "HTTP", COLUMN_NUMBER, FOR_JSON},
    {"queued_at", "登记时间", COLUMN_TIME, 0},
    {"done_at", "推送时间", COLUMN_TIME, 0},
    {"message", "说明", COLUMN_TEXT, 0},
    {"answer", "接收方的应答", COLUMN_TEXT, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_pushes = {"push list", EVENTS};

static const struct column QUEUED[] = {
    {"queued", "登记推送", COLUMN_NUMBER, 0},
    {"waiting", "待推送", COLUMN_NUMBER, 0},
    {"person", "需人工", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_push_queue = {"invoices push", QUEUED};

static const struct column TARGET[] = {
    {"url", "推送地址", COLUMN_OPTIONAL, 0},
    {"plain", "允许明文", COLUMN_BOOL, FOR_JSON},
    {"own_ca", "自有 CA", COLUMN_BOOL, 0},
    {"key_id", "密钥编号", COLUMN_OPTIONAL, 0},
    {"kinds", "推送哪些发票", COLUMN_TEXT, FOR_JSON},
    {"kinds_text", "推送哪些发票", COLUMN_TEXT, FOR_PEOPLE},
    {"automatic", "开票成功自动推送", COLUMN_BOOL, 0},
    {"together", "一次几张", COLUMN_NUMBER, 0},
    {"days", "重试天数", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_push_target = {"push set", TARGET};

static const struct column TEST[] = {
    {"ok", "通过", COLUMN_BOOL, 0},
    {"status", "状态码", COLUMN_NUMBER, 0},
    {"answer", "对方的应答", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_post_test = {"push test, mail test", TEST};

/* ---- asking ---- */

struct out {
	FILE *file;
	struct cli *c;
};

static enum err write_line(void *arg, const char *line, size_t n)
{
	struct out *o = arg;

	if (fwrite(line, 1, n, o->file) == n)
		return ERR_OK;
	return err_errno(&o->c->e, errno, "写出开票结果");
}

/* A file is written beside its place and renamed: a half one is never taken for a whole. */
static enum err write_lines(struct cli *c, const char *to, const char *no, int64_t *count)
{
	char path[HOME_PATH];
	struct out o = {.file = stdout, .c = c};
	bool file = strcmp(to, "-") != 0;
	enum err r;

	if ((size_t)snprintf(path, sizeof(path), "%s.part", to) >= sizeof(path))
		return err_fail(&c->e, ERR_INVALID, "file.name_long", "输出文件", "路径太长");
	if (file && ((r = cli_may_replace(c, to)) || (r = home_may_write(c->home, to, &c->e))))
		return r;
	if (file && !(o.file = fopen(path, "we")))
		return err_errno(&c->e, errno, to);
	r = desk_push_lines(c->s, no, cli_option(c, "kind"), cli_option(c, "month"), write_line, &o,
			    count, &c->e);
	if (!r && (fflush(o.file) || (file && fsync(fileno(o.file)))))
		r = err_errno(&c->e, errno, to);
	if (!file)
		return r;
	fclose(o.file);
	if (!r && rename(path, to))
		r = err_errno(&c->e, errno, to);
	if (r)
		unlink(path);
	return r;
}

static void print_queue(struct cli *c, int64_t queued)
{
	struct post_counts n = {0};
	struct err_info none = {0};
	struct grid g;

	if (desk_post_counts(c->s, &n, &none))
		log_err(LOG_WARN, "cli", &none);
	cli_grid_init(&g, &shape_push_queue);
	cli_grid_int(&g, queued);
	cli_grid_int(&g, n.push_waiting);
	cli_grid_int(&g, n.push_person);
	cli_one(c, &g);
}

enum err verb_invoices_push(struct cli *c)
{
	const char *no = c->argc ? c->args[0] : NULL, *to = cli_option(c, "to");
	struct desk_wait w = {0};
	int64_t count = 0;
	enum err r;

	if (!no && !cli_option(c, "month"))
		return cli_usage(c, "请给出发票号码，或 --month YYYY-MM");
	if (no && (cli_option(c, "month") || cli_option(c, "kind")))
		return cli_usage(c, "发票号码和 --month、--kind 只给一种");
	if (to) {
		r = write_lines(c, to, no, &count);
		if (!strcmp(to, "-"))
			c->document = true; /* the lines themselves are the output */
		else if (!r)
			print_queue(c, count);
		return r;
	}
	r = desk_push_queue(c->s, no, cli_option(c, "kind"), cli_option(c, "month"), &count, &w,
			    &c->e);
	if (!r) {
		r = cli_wait_jobs(c, &w);
		print_queue(c, count);
	}
	desk_wait_free(&w);
	return r;
}

/* ---- the list ---- */

static enum err add_event(void *arg, const struct push_event *v)
{
	struct grid *g = arg;

	cli_grid_int(g, v->id);
	cli_grid_int(g, v->invoice_id);
	cli_grid_text(g, v->number);
	cli_grid_text(g, v->buyer);
	cli_grid_fen(g, v->gross);
	cli_grid_text(g, push_state_word(v->state));
	cli_grid_text(g, push_state_label(v->state));
	cli_grid_int(g, v->attempts);
	cli_grid_int(g, v->http_status);
	cli_grid_time(g, v->queued_at);
	cli_grid_time(g, v->done_at);
	cli_grid_text(g, v->message);
	cli_grid_text(g, v->answer);
	return ERR_OK;
}

static enum err fill_events(struct cli_list *l)
{
	struct cli *c = l->c;
	struct push_query q = {.state = cli_option(c, "state"),
			       .no = cli_option(c, "invoice"),
			       .limit = l->limit,
			       .cursor = l->cursor};

	return desk_push_list(c->s, &q, add_event, &l->grid, &l->next, &l->total, &c->e);
}

enum err verb_push_list(struct cli *c)
{
	return cli_list(c, &shape_pushes, TOTAL_CAPPED, fill_events);
}

static enum err print_event(struct cli *c, const char *id)
{
	struct push_event v;
	struct grid g;
	enum err r = desk_push_get(c->s, id, &v, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_pushes);
	add_event(&g, &v);
	cli_one(c, &g);
	if (*v.answer)
		cli_say(c, "接收方的应答（HTTP %d）：%s", v.http_status, v.answer);
	return ERR_OK;
}

enum err verb_push_show(struct cli *c)
{
	return print_event(c, c->args[0]);
}

enum err verb_push_send(struct cli *c)
{
	struct desk_wait w = {0};
	enum err r = desk_push_again(c->s, c->args[0], &w, &c->e);

	if (!r) {
		r = cli_wait_jobs(c, &w);
		print_queue(c, 1);
	}
	desk_wait_free(&w);
	return r;
}

enum err verb_push_skip(struct cli *c)
{
	enum err r = desk_push_skip(c->s, c->args[0], &c->e);

	return r ? r : print_event(c, c->args[0]);
}

/* ---- settings ---- */

static const char *kinds_text(const char *kinds)
{
	enum invoice_kind k;

	return invoice_kind_parse(kinds, &k) ? invoice_kind_label(k) : "全部";
}

static enum err print_target(struct cli *c)
{
	struct push_target t;
	char url[URL_TEXT];
	struct grid g;
	bool found = false;
	enum err r = desk_push_target(c->s, &t, url, &found, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_push_target);
	cli_grid_text(&g, url);
	cli_grid_bool(&g, t.plain);
	cli_grid_bool(&g, !text_empty(t.ca_pem));
	cli_grid_text(&g, t.key_id);
	cli_grid_text(&g, *t.kinds ? t.kinds : "all");
	cli_grid_text(&g, kinds_text(t.kinds));
	cli_grid_bool(&g, t.automatic);
	cli_grid_int(&g, t.together);
	cli_grid_int(&g, t.days);
	cli_one(c, &g);
	push_target_free(&t);
	return ERR_OK;
}

/* From a file or the standard input, where no list of processes shows it. */
static enum err read_url(struct cli *c, const char *file, char out[URL_TEXT])
{
	char *data, *from;
	size_t n;
	enum err r = file_read(file, 4096, &data, &n, &c->e);

	if (r)
		return r;
	from = data + strspn(data, " \t\r\n");
	n = strcspn(from, "\r\n");
	while (n && (from[n - 1] == ' ' || from[n - 1] == '\t'))
		n--;
	from[n] = 0;
	if (!n || n >= URL_TEXT)
		r = err_fail(&c->e, ERR_INVALID, "push.setting", "推送地址", "%s里%s",
			     strcmp(file, "-") ? "文件" : "标准输入",
			     n ? "的地址太长" : "没有地址");
	else
		text_copy(out, URL_TEXT, from);
	if (r)
		err_field(&c->e, "url");
	secret_wipe(data, strlen(data));
	free(data);
	return r;
}

enum err verb_push_set(struct cli *c)
{
	const char *url = cli_option(c, "url"), *file = cli_option(c, "url-file");
	char address[URL_TEXT] = "";
	enum err r = ERR_OK;

	if (url && file)
		return cli_usage(c, "--url 和 --url-file 只给一个");
	if (url && !strcmp(url, "-"))
		file = url;
	if (file && (r = read_url(c, file, address)))
		return r;
	const struct push_form f = {
	    .url = file ? address : url,
	    .key_id = cli_option(c, "key-id"),
	    .secret_file = cli_option(c, "secret-file"),
	    .ca_file = cli_option(c, "ca-file"),
	    .kinds = cli_option(c, "kinds"),
	    .automatic = cli_option(c, "automatic"),
	    .plain = cli_option(c, "plain"),
	    .together = cli_option(c, "together"),
	    .days = cli_option(c, "days"),
	};
	if (c->option_count)
		r = desk_push_set(c->s, &f, &c->e);
	secret_wipe(address, sizeof(address));
	return r ? r : print_target(c);
}

enum err verb_push_remove(struct cli *c)
{
	enum err r = desk_push_remove(c->s, &c->e);

	return r ? r : print_target(c);
}

/* ---- tests ---- */

enum err cli_post_test(struct cli *c, struct desk_wait *w)
{
	struct err_info none = {0};
	struct grid g;
	struct job j;
	cJSON *result = NULL;
	char id[24];
	enum err r = cli_wait_jobs(c, w);

	if (r)
		return r;
	snprintf(id, sizeof(id), "%lld", (long long)w->jobs[0]);
	if ((r = desk_job_get(c->s, id, &j, &c->e)))
		return r;
	json_parse(j.result, strlen(j.result), 1 << 20, &result, &none);
	cli_grid_init(&g, &shape_post_test);
	cli_grid_bool(&g, j.state == JOB_DONE);
	cli_grid_int(&g, strtol(json_member(result, "status"), NULL, 10));
	cli_grid_text(&g, json_member(result, "answer"));
	cli_one(c, &g);
	json_free(&result);
	job_free(&j);
	return ERR_OK;
}

enum err verb_push_test(struct cli *c)
{
	struct desk_wait w = {0};
	enum err r = desk_push_test(c->s, &w, &c->e);

	if (!r)
		r = cli_post_test(c, &w);
	desk_wait_free(&w);
	return r;
}
