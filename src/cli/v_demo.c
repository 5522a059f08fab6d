/* v_demo.c - practice from an empty machine: platform, home, units, numbers, quota, sample
 * invoices. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/demo_p.h"
#include "cli/issue_p.h"

enum { STOCK_LOW = 50, FILE_KINDS = 3 };
static const char CLAIM[] = "100";
#define QUOTA_LOW  INT64_C(200000000) /* 2,000,000.00 */
#define QUOTA_TAKE INT64_C(500000000) /* 5,000,000.00 */

static const enum print_format KINDS[FILE_KINDS] = {PRINT_PDF, PRINT_OFD, PRINT_XML};

static const struct column DEMO[] = {
    {"order_no", "订单号", COLUMN_TEXT, 0},
    {"kind", "票种", COLUMN_TEXT, FOR_JSON},
    {"kind_text", "票种", COLUMN_TEXT, FOR_PEOPLE},
    {"buyer", "购方", COLUMN_TEXT, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"number", "号码", COLUMN_OPTIONAL, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"message", "说明", COLUMN_TEXT, 0},
    {"pdf", "PDF", COLUMN_OPTIONAL, FOR_JSON},
    {"ofd", "OFD", COLUMN_OPTIONAL, FOR_JSON},
    {"xml", "XML", COLUMN_OPTIONAL, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_demo = {"demo: rows[]", DEMO};

struct demo {
	struct cli *c;
	struct platform p;
	char files[HOME_PATH];
	int64_t gross;
	size_t issued, total;
};

static void step(struct demo *d, const char *text)
{
	cli_say(d->c, "· %s", text);
	cli_flush(d->c);
}

/* ---- home ---- */

static enum err practice_home(struct cli *c)
{
	const char *set = getenv("KAIPIAO_DEMO_HOME"), *data = getenv("XDG_DATA_HOME"),
		   *user = getenv("HOME");
	char base[HOME_PATH];
	bool fits = true;

	if (c->home_arg)
		return ERR_OK; /* c->home holds it */
	if (set && *set)
		fits = text_copy(c->home, sizeof(c->home), set);
	else if (data && *data)
		fits = file_join(c->home, sizeof(c->home), data, "kaipiao-practice");
	else if (user && *user)
		fits = file_join(base, sizeof(base), user, ".local/share") &&
		       file_join(c->home, sizeof(c->home), base, "kaipiao-practice");
	else
		return err_fail(&c->e, ERR_USAGE, "home.unset", "练习主目录",
				"没有设置 HOME，请用 KAIPIAO_DEMO_HOME 指定");
	return fits ? ERR_OK : err_fail(&c->e, ERR_INVALID, "home.path", "练习主目录", "路径太长");
}

static enum err only_practice(void *arg, const struct unit_view *v)
{
	struct cli *c = arg;

	if (v->unit->env == ENV_PRACTICE)
		return ERR_OK;
	err_fail(&c->e, ERR_INVALID, "demo.home", "练习", "%s 里有%s环境的单位，不能用来练习",
		 c->home, unit_env_label(v->unit->env));
	err_hint(&c->e, "请去掉 --home，或换一个目录");
	return ERR_INVALID;
}

static enum err prepare_home(struct demo *d)
{
	struct cli *c = d->c;
	bool created;
	enum err r;

	if ((r = practice_home(c)) || (r = desk_home_init(c->home, &created, &c->e)) ||
	    (r = home_path(c->home, HOME_FILES, d->files, &c->e)) ||
	    (r = file_mkdirs(d->files, 0700, &c->e)) || (r = cli_session(c)))
		return r;
	return desk_unit_list(c->s, NULL, only_practice, c, &c->e);
}

/* Practice is quick: results are asked for at once. */
static enum err quick_params(struct demo *d)
{
	static const struct {
		const char *key, *value;
	} PARAMS[] = {{"poll_first_ms", "300"}, {"poll_max_ms", "2000"}, {"retry_base_ms", "500"}};
	struct cli *c = d->c;
	size_t i;
	enum err r = ERR_OK;

	for (i = 0; i < sizeof(PARAMS) / sizeof(PARAMS[0]) && !r; i++) {
		char now[64];

		r = desk_param_get(c->s, "engine", PARAMS[i].key, now, sizeof(now), &c->e);
		if (!r && strcmp(now, PARAMS[i].value) != 0)
			r = desk_param_set(c->s, "engine", PARAMS[i].key, PARAMS[i].value, &c->e);
	}
	return r;
}

/* ---- units ---- */

struct known {
	bool there, verified, same;
	const struct platform *p;
};

static enum err compare_direct(void *arg, const struct unit_view *v)
{
	struct known *k = arg;
	const struct unit *u = v->unit;
	const char *key = k->p->direct.key;

	k->there = true;
	k->verified = u->verified;
	k->same = text_eq(u->url, k->p->url) && text_eq(u->connect_to, k->p->connect_to) &&
		  text_eq(u->leqi_id, k->p->direct.leqi_id) && strlen(key) >= 4 &&
		  strlen(u->key_hint) >= 4 &&
		  !strcmp(u->key_hint + strlen(u->key_hint) - 4, key + strlen(key) - 4);
	return ERR_OK;
}

static enum err compare_using(void *arg, const struct unit_view *v)
{
	struct known *k = arg;

	k->there = true;
	k->verified = v->unit->verified;
	k->same = text_eq(v->unit->leqi_id, k->p->using.leqi_id);
	return ERR_OK;
}

static enum err put_direct(struct demo *d, const struct known *k)
{
	struct cli *c = d->c;
	const struct platform *p = &d->p;
	char key_file[HOME_PATH], warning[UNIT_WARNING];
	struct unit_form f = {
	    .role = "direct",
	    .env = "演练",
	    .name = p->direct.name,
	    .tax_no = p->direct.tax_no,
	    .leqi_id = p->direct.leqi_id,
	    .url = p->url,
	    .ca_file = p->ca_file,
	    .connect_to = p->connect_to,
	    .key_file = key_file,
	};
	enum err r;

	if (!file_join(key_file, sizeof(key_file), c->home, ".practice-key"))
		return err_fail(&c->e, ERR_INVALID, "home.path", "练习主目录", "路径太长");
	if ((r = file_write(key_file, p->direct.key, strlen(p->direct.key), 0600, &c->e)))
		return r;
	if (k->there) {
		f.name = NULL;
		r = desk_unit_edit(c->s, &f, NULL, warning, &c->e);
	} else {
		r = desk_unit_add(c->s, &f, warning, &c->e);
	}
	unlink(key_file);
	return r;
}

static enum err put_using(struct demo *d)
{
	const struct platform_unit *u = &d->p.using;
	char warning[UNIT_WARNING];
	struct unit_form f = {
	    .role = "using",
	    .env = "演练",
	    .name = u->name,
	    .tax_no = u->tax_no,
	    .leqi_id = u->leqi_id,
	    .direct = d->p.direct.tax_no,
	    .region = u->region,
	    .address = u->address,
	    .phone = u->phone,
	    .bank = u->bank,
	    .account = u->account,
	};

	return desk_unit_add(d->c->s, &f, warning, &d->c->e);
}

static enum err verify(struct demo *d, const struct platform_unit *u, const char *role)
{
	struct cli *c = d->c;
	struct unit_ref ref = {u->tax_no, role, "演练"};
	struct desk_wait w = {0};
	enum err r = desk_unit_verify(c->s, &ref, &w, &c->e);

	if (!r)
		r = cli_wait_jobs(c, &w);
	desk_wait_free(&w);
	return r;
}

static enum err prepare_units(struct demo *d)
{
	struct cli *c = d->c;
	struct known direct = {.p = &d->p}, using = {.p = &d->p};
	struct unit_ref above = {d->p.direct.tax_no, "direct", "演练"},
			below = {d->p.using.tax_no, "using", "演练"};
	enum err r;

	/* Absent is no fault here: `there` tells. */
	desk_unit_show(c->s, &above, compare_direct, &direct, NULL);
	desk_unit_show(c->s, &below, compare_using, &using, NULL);
	if (using.there && !using.same) {
		err_fail(&c->e, ERR_INVALID, "demo.stale", "练习主目录",
			 "%s 与练习平台的数据不是同一套", c->home);
		err_hint(&c->e, "请删除整个目录后重来");
		return ERR_INVALID;
	}
	if (!direct.same && (r = put_direct(d, &direct)))
		return r;
	if (!using.there && (r = put_using(d)))
		return r;
	if (!(direct.same && direct.verified) && (r = verify(d, &d->p.direct, "direct")))
		return r;
	if (!using.verified && (r = verify(d, &d->p.using, "using")))
		return r;
	text_copy(c->s->unit_choice, sizeof(c->s->unit_choice), d->p.using.tax_no);
	return ERR_OK;
}

/* ---- numbers and quota ---- */

static enum err fill_stock(struct demo *d)
{
	struct cli *c = d->c;
	struct desk_wait w = {0};
	int64_t stock = 0;
	enum err r = desk_numbers_stock(c->s, &stock, &c->e);

	if (r || stock >= STOCK_LOW)
		return r;
	if (!(r = desk_numbers_claim(c->s, CLAIM, &w, &c->e)))
		r = cli_wait_jobs(c, &w);
	desk_wait_free(&w);
	return r;
}

static enum err quota_now(struct demo *d, struct quota_month *q)
{
	struct cli *c = d->c;
	struct desk_wait w = {0};
	enum err r = desk_quota_sync(c->s, &w, &c->e);

	if (!r && !(r = cli_wait_jobs(c, &w)))
		r = desk_quota_get(c->s, q, &c->e);
	desk_wait_free(&w);
	return r;
}

static enum err fill_quota(struct demo *d)
{
	struct cli *c = d->c;
	struct desk_wait w = {0};
	struct quota_month q;
	char amount[FEN_TEXT];
	int64_t take;
	enum err r = desk_quota_get(c->s, &q, &c->e);

	if (r || q.unused - q.reserved >= QUOTA_LOW || (r = quota_now(d, &q)) ||
	    q.unused - q.reserved >= QUOTA_LOW)
		return r;
	take = q.remote_available < QUOTA_TAKE ? q.remote_available : QUOTA_TAKE;
	if (take <= 0)
		return ERR_OK;
	if (!(r = desk_quota_move(c->s, true, fen_format(take, amount), &w, &c->e)))
		r = cli_wait_jobs(c, &w);
	desk_wait_free(&w);
	return r;
}

/* ---- samples ---- */

static enum err read_samples(struct cli *c, struct invoice_set *all)
{
	const struct embedded *f;
	size_t i, k;

	memset(all, 0, sizeof(*all));
	all->array = true;
	for (i = 0; (f = embed_nth("templates/samples/", i)); i++) {
		struct invoice_set one;
		enum err r = desk_invoices_parse(f->name, f->data, f->size, &one, &c->e);

		if (r) {
			invoice_set_free(all);
			return r;
		}
		all->items = mem_realloc(all->items, (all->n + one.n) * sizeof(*all->items));
		for (k = 0; k < one.n; k++)
			all->items[all->n++] = one.items[k]; /* moved */
		free(one.items);
	}
	return ERR_OK;
}

static enum err write_files(struct demo *d, const char *number, char paths[FILE_KINDS][HOME_PATH])
{
	struct cli *c = d->c;
	size_t i;
	enum err r = ERR_OK;

	for (i = 0; i < FILE_KINDS && !r; i++) {
		char name[PRINT_NAME_TEXT];
		struct buf b;

		buf_init(&b, PRINT_SIZE_MAX);
		r = desk_invoice_file(c->s, number, KINDS[i], &b, name, &c->e);
		if (!r && !file_join(paths[i], HOME_PATH, d->files, name))
			r = err_fail(&c->e, ERR_INVALID, "home.path", "版式文件", "路径太长");
		if (!r && !file_exists(paths[i]))
			r = file_write(paths[i], buf_str(&b), b.len, 0644, &c->e);
		buf_free(&b);
	}
	return r;
}

static enum err add_result(struct demo *d, struct grid *g, int64_t id)
{
	char paths[FILE_KINDS][HOME_PATH] = {"", "", ""};
	struct invoice_record r;
	size_t i;
	enum err rc = desk_invoice_by_id(d->c->s, id, &r, &d->c->e);

	if (rc)
		return rc;
	d->total++;
	d->gross += r.invoice.gross_fen;
	d->issued += r.state == INVOICE_ISSUED;
	if (r.state == INVOICE_ISSUED)
		rc = write_files(d, r.invoice.number, paths);
	grid_text(g, r.invoice.order_no);
	grid_text(g, invoice_kind_word(r.invoice.kind));
	grid_text(g, invoice_kind_label(r.invoice.kind));
	grid_text(g, r.invoice.buyer.name);
	grid_fen(g, r.invoice.gross_fen);
	grid_text(g, r.invoice.number);
	grid_text(g, invoice_state_word(r.state));
	grid_text(g, invoice_state_label(r.state));
	grid_text(g, r.message);
	for (i = 0; i < FILE_KINDS; i++)
		grid_text(g, paths[i]);
	invoice_record_free(&r);
	return rc;
}

static void print_results(struct demo *d, const struct grid *g)
{
	struct cli *c = d->c;
	struct json_out o;
	char gross[FEN_TEXT + 8];
	size_t row, k;

	if (c->json) {
		cli_document(c, &o);
		json_put(&o, "home", c->home);
		json_put(&o, "control", d->p.control);
		json_put_int(&o, "total", (int64_t)d->total);
		json_put_int(&o, "issued", (int64_t)d->issued);
		json_put_fen(&o, "gross", d->gross);
		grid_put_rows(&o, "rows", g);
		json_put(&o, "next", NULL);
		cli_document_end(c, &o);
		return;
	}
	grid_table(c, g);
	cli_say(c, "共 %zu 张，开票成功 %zu 张，价税合计 %s 元", d->total, d->issued,
		fen_format_grouped(d->gross, gross));
	cli_say(c, "版式文件：");
	for (row = 0; row < grid_rows(g); row++) {
		for (k = 0; k < FILE_KINDS; k++) {
			const char *path = g->cells[row * g->width + g->width - FILE_KINDS + k];

			if (*path)
				cli_say(c, "  %s", path);
		}
	}
}

static enum err show_results(struct demo *d, const int64_t *ids, size_t n)
{
	struct grid g;
	size_t i;
	enum err r = ERR_OK;

	grid_init(&g, &shape_demo);
	for (i = 0; i < n && !r; i++)
		r = add_result(d, &g, ids[i]);
	if (!r)
		print_results(d, &g);
	grid_free(&g);
	if (!r && d->issued < d->total) {
		r = err_fail(&d->c->e, ERR_UNKNOWN, "demo.open", "练习", "%zu 张中 %zu 张开票成功",
			     d->total, d->issued);
		err_hint(&d->c->e, "再运行一次 kaipiao demo 会继续");
	}
	return r;
}

static enum err issue_samples(struct demo *d)
{
	struct cli *c = d->c;
	struct invoice_set set;
	struct desk_wait w = {0};
	int64_t *ids;
	bool *repeat;
	size_t i;
	enum err r = read_samples(c, &set);

	if (r)
		return r;
	ids = mem_zalloc((set.n + 1) * sizeof(*ids));
	repeat = mem_zalloc((set.n + 1) * sizeof(*repeat));
	if (!(r = issue_set(c, &set, ids, repeat))) {
		for (i = 0; i < set.n; i++)
			desk_wait_invoice(&w, ids[i]);
		if (!(r = cli_wait(c, &w)))
			r = show_results(d, ids, set.n);
	}
	desk_wait_free(&w);
	free(ids);
	free(repeat);
	invoice_set_free(&set);
	return r;
}

/* ---- holding ---- */

static volatile sig_atomic_t stop_holding;

static void on_stop(int number)
{
	(void)number;
	stop_holding = 1;
}

static void hold(struct demo *d)
{
	struct cli *c = d->c;
	struct sigaction a = {.sa_handler = on_stop};
	struct timespec nap = {.tv_nsec = 200 * 1000 * 1000};

	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
	cli_say(c, " ");
	cli_say(c, "练习平台在运行（%s），按 Ctrl-C 结束。另开一个终端：", d->p.connect_to);
	cli_say(c, "  export KAIPIAO_HOME='%s'", c->home);
	cli_say(c, "  kaipiao blue issue 我的发票.json");
	cli_say(c, "  kaipiao invoices list");
	cli_say(c, "  kaipiao sync --once");
	cli_say(
	    c,
	    "  curl -d '{\"drop_reply\":{\"service\":\"QDFPSC\",\"times\":1}}' %s/faults　# 制造故障",
	    d->p.control);
	cli_flush(c);
	/* The platform keeps the home usable for others meanwhile; ours is closed. */
	desk_close(&c->s);
	while (!stop_holding && waitpid(d->p.pid, NULL, WNOHANG) == 0)
		nanosleep(&nap, NULL);
	if (!stop_holding)
		d->p.pid = 0; /* it ended by itself */
}

static enum err run(struct demo *d)
{
	struct cli *c = d->c;
	char state[HOME_PATH];
	enum err r;

	if ((r = prepare_home(d)) || (r = quick_params(d)) ||
	    (r = home_path(c->home, HOME_PRACTICE, state, &c->e)))
		return r;
	cli_say(c, "练习主目录 %s", c->home);
	if ((r = platform_start(&d->p, state, &c->e)))
		return r;
	step(d, "练习平台已启动，接入直连单位和使用单位");
	if ((r = prepare_units(d)))
		return r;
	step(d, "领购号码，下载额度");
	if ((r = fill_stock(d)) || (r = fill_quota(d)))
		return r;
	step(d, "开具样例发票");
	return issue_samples(d);
}

enum err verb_demo(struct cli *c)
{
	struct demo d = {.c = c};
	enum err r;

	c->no_wait = false; /* each step stands on the one before */
	r = run(&d);

	if (!r && cli_flag(c, "hold"))
		hold(&d);
	platform_stop(&d.p);
	return r;
}
