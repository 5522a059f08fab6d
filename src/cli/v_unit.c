/* v_unit.c - 直连单位 and 使用单位. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_p.h"
#include "cli/watch_p.h"

static const struct column UNIT[] = {
    {"role", "角色", COLUMN_TEXT, FOR_JSON},
    {"role_text", "角色", COLUMN_TEXT, FOR_PEOPLE},
    {"env", "环境", COLUMN_TEXT, FOR_JSON},
    {"env_text", "环境", COLUMN_TEXT, FOR_BOTH},
    {"tax_no", "税号", COLUMN_TEXT, 0},
    {"name", "名称", COLUMN_TEXT, 0},
    {"leqi_id", "乐企ID", COLUMN_TEXT, 0},
    {"direct", "直连单位税号", COLUMN_OPTIONAL, 0},
    {"relation", "关系", COLUMN_TEXT, FOR_JSON},
    {"relation_text", "关系", COLUMN_TEXT, FOR_PEOPLE},
    {"region", "区域代码", COLUMN_OPTIONAL, 0},
    {"address", "地址", COLUMN_TEXT, 0},
    {"phone", "电话", COLUMN_TEXT, 0},
    {"bank", "开户行", COLUMN_TEXT, 0},
    {"account", "账号", COLUMN_TEXT, 0},
    {"url", "接入地址", COLUMN_OPTIONAL, 0},
    {"connect_to", "代理服务地址", COLUMN_OPTIONAL, 0},
    {"proxy", "代理服务器", COLUMN_OPTIONAL, 0},
    {"tls_name", "服务器证书名称", COLUMN_OPTIONAL, 0},
    {"has_ca", "自有 CA 证书", COLUMN_BOOL, 0},
    {"key", "API 密钥", COLUMN_OPTIONAL, 0},
    {"edition", "接口版本", COLUMN_TEXT, 0},
    {"project", "渠道/项目名称", COLUMN_TEXT, 0},
    {"filing_region", "备案地区", COLUMN_TEXT, 0},
    {"issue_channel", "开票通道", COLUMN_TEXT, FOR_JSON},
    {"issue_channel_text", "开票通道", COLUMN_TEXT, FOR_PEOPLE},
    {"collect_channel", "收票通道", COLUMN_OPTIONAL, FOR_JSON},
    {"collect_channel_text", "收票通道", COLUMN_TEXT, FOR_PEOPLE},
    {"capabilities", "接入能力", COLUMN_TEXT, FOR_JSON},
    {"capabilities_text", "接入能力", COLUMN_TEXT, FOR_BOTH},
    {"capabilities_told", "税局答复的能力", COLUMN_OPTIONAL, 0},
    {"handler", "经办身份", COLUMN_OPTIONAL, FOR_JSON},
    {"handler_text", "经办身份", COLUMN_OPTIONAL, FOR_PEOPLE},
    {"granted", "授权日期", COLUMN_OPTIONAL, 0},
    {"safety_until", "开票安全验证截止日", COLUMN_OPTIONAL, 0},
    {"frozen", "已冻结", COLUMN_BOOL, 0},
    {"frozen_at", "冻结时间", COLUMN_TIME, 0},
    {"frozen_why", "冻结原因", COLUMN_OPTIONAL, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"verified_at", "验证时间", COLUMN_TIME, 0},
    {"verify_error", "验证失败原因", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_unit = {"unit show, add, edit, rename", UNIT};

static const struct column UNITS[] = {
    {"role", "角色", COLUMN_TEXT, FOR_JSON},
    {"role_text", "角色", COLUMN_TEXT, FOR_PEOPLE},
    {"env", "环境", COLUMN_TEXT, FOR_JSON},
    {"env_text", "环境", COLUMN_TEXT, FOR_PEOPLE},
    {"tax_no", "税号", COLUMN_TEXT, 0},
    {"name", "名称", COLUMN_TEXT, 0},
    {"leqi_id", "乐企ID", COLUMN_TEXT, 0},
    {"direct", "直连单位税号", COLUMN_OPTIONAL, 0},
    {"project", "渠道/项目名称", COLUMN_TEXT, FOR_JSON},
    {"filing_region", "备案地区", COLUMN_TEXT, FOR_JSON},
    {"frozen", "已冻结", COLUMN_BOOL, FOR_JSON},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_PEOPLE},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_units = {"unit list", UNITS};

static const struct column VERIFY[] = {
    {"role", "角色", COLUMN_TEXT, FOR_JSON},  {"role_text", "角色", COLUMN_TEXT, FOR_PEOPLE},
    {"env", "环境", COLUMN_TEXT, FOR_JSON},   {"env_text", "环境", COLUMN_TEXT, FOR_BOTH},
    {"tax_no", "税号", COLUMN_TEXT, 0},       {"name", "名称", COLUMN_TEXT, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON}, {"state_text", "状态", COLUMN_TEXT, FOR_PEOPLE},
    {"message", "说明", COLUMN_TEXT, 0},      {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_verify = {"unit verify", VERIFY};

static const char *role_word(const struct unit *u)
{
	return u->direct ? "direct" : "using";
}

static const char *role_text(const struct unit *u)
{
	return u->direct ? "直连单位" : "使用单位";
}

static const char *state_text(const struct unit *u)
{
	return u->frozen_at ? "已冻结" : u->verified ? "验证通过" : "未验证";
}

/* The columns every list of units begins with. */
static void put_who(struct grid *g, const struct unit *u)
{
	cli_grid_text(g, role_word(u));
	cli_grid_text(g, role_text(u));
	cli_grid_text(g, unit_env_word(u->env));
	cli_grid_text(g, unit_env_label(u->env));
	cli_grid_text(g, u->tax_no);
	cli_grid_text(g, u->name);
}

static enum err add_short(void *arg, const struct unit_view *v)
{
	struct grid *g = arg;
	const struct unit *u = v->unit;

	put_who(g, u);
	cli_grid_text(g, u->leqi_id);
	cli_grid_text(g, v->direct);
	cli_grid_text(g, u->project);
	cli_grid_text(g, u->filing_region);
	cli_grid_bool(g, u->frozen_at != 0);
	cli_grid_text(g, u->verified ? "verified" : "unverified");
	cli_grid_text(g, state_text(u));
	return ERR_OK;
}

/* How the tax side reaches it, and what it may. */
static void add_access(struct grid *g, const struct unit_view *v)
{
	const struct unit *u = v->unit;

	cli_grid_text(g, u->project);
	cli_grid_text(g, u->filing_region);
	cli_grid_text(g, u->issue_channel);
	cli_grid_text(g, v->issue_channel);
	cli_grid_text(g, u->collect_channel);
	cli_grid_text(g, v->collect_channel);
	cli_grid_text(g, u->abilities);
	cli_grid_text(g, v->abilities);
	cli_grid_text(g, v->told);
	cli_grid_text(g, u->handler);
	cli_grid_text(g, v->handler);
	cli_grid_text(g, v->granted);
	cli_grid_text(g, u->safety_until);
	cli_grid_bool(g, u->frozen_at != 0);
	cli_grid_time(g, u->frozen_at);
	cli_grid_text(g, u->frozen_why);
}

static enum err add_full(void *arg, const struct unit_view *v)
{
	struct grid *g = arg;
	const struct unit *u = v->unit;
	const char *const rest[] = {u->leqi_id,
				    v->direct,
				    u->joint ? "joint" : "self",
				    u->joint ? "联用" : "自用",
				    u->region,
				    u->address,
				    u->phone,
				    u->bank,
				    u->account,
				    u->url,
				    u->connect_to,
				    u->proxy,
				    u->tls_name};
	size_t i;

	put_who(g, u);
	for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		cli_grid_text(g, rest[i]);
	cli_grid_bool(g, !text_empty(u->ca_pem));
	cli_grid_text(g, u->key_hint);
	cli_grid_text(g, u->edition);
	add_access(g, v);
	cli_grid_text(g, u->verified ? "verified" : "unverified");
	cli_grid_text(g, state_text(u));
	cli_grid_time(g, u->verified_at);
	cli_grid_text(g, u->verify_error);
	return ERR_OK;
}

static struct unit_ref ref_of(struct cli *c)
{
	return (struct unit_ref) {c->args[0], cli_option(c, "role"), cli_env(c)};
}

static struct unit_form form_of(struct cli *c)
{
	return (struct unit_form) {
	    .role = cli_option(c, "role"),
	    .env = cli_env(c),
	    .name = cli_option(c, "name"),
	    .tax_no = cli_option(c, "taxno"),
	    .leqi_id = cli_option(c, "leqi-id"),
	    .key_file = cli_option(c, "key-file"),
	    .url = cli_option(c, "url"),
	    .ca_file = cli_option(c, "ca-file"),
	    .connect_to = cli_option(c, "connect-to"),
	    .direct = cli_option(c, "direct"),
	    .relation = cli_option(c, "relation"),
	    .region = cli_option(c, "region"),
	    .address = cli_option(c, "address"),
	    .phone = cli_option(c, "phone"),
	    .bank = cli_option(c, "bank"),
	    .account = cli_option(c, "account"),
	    .edition = cli_option(c, "edition"),
	    .project = cli_option(c, "project"),
	    .filing_region = cli_option(c, "filing-region"),
	    .proxy = cli_option(c, "proxy"),
	    .tls_name = cli_option(c, "tls-name"),
	    .issue_channel = cli_option(c, "issue-channel"),
	    .collect_channel = cli_option(c, "collect-channel"),
	    .abilities = cli_option(c, "abilities"),
	    .handler = cli_option(c, "handler"),
	    .granted = cli_option(c, "granted"),
	};
}

static struct unit_query query_of(const struct cli *c)
{
	return (struct unit_query) {
	    .role = cli_option(c, "role"),
	    .name = cli_option(c, "name"),
	    .tax_no = cli_option(c, "taxno"),
	    .project = cli_option(c, "project"),
	    .filing_region = cli_option(c, "filing-region"),
	    .proxy = cli_option(c, "proxy"),
	    .state = cli_option(c, "state"),
	};
}

static enum err fill_list(struct cli_list *l)
{
	struct unit_query q = query_of(l->c);

	return desk_unit_query(l->c->s, &q, add_short, &l->grid, &l->c->e);
}

enum err verb_unit_list(struct cli *c)
{
	return cli_list(c, &shape_units, TOTAL_ROWS, fill_list);
}

/* A company may be both: people see one card after the other, JSON gets one object, and the other
 * roles under "others". */
static enum err print_units(struct cli *c, const struct unit_ref *ref, const char *warning)
{
	struct grid g;
	struct json_out o;
	size_t row;
	enum err r;

	cli_grid_init(&g, &shape_unit);
	r = desk_unit_show(c->s, ref, add_full, &g, &c->e);
	if (!r && c->json) {
		cli_document(c, &o);
		cli_grid_put_members(&o, &g, 0);
		if (cli_grid_rows(&g) > 1)
			cli_grid_put_rows(&o, "all", &g);
		json_put(&o, "warning", *warning ? warning : NULL);
		cli_document_end(c, &o);
	}
	for (row = 0; !r && !c->json && row < cli_grid_rows(&g); row++) {
		struct grid one = g;

		one.cells += row * g.width;
		one.count = g.width;
		if (row)
			cli_say(c, " ");
		cli_grid_print_one(c, &one);
	}
	if (!r && *warning)
		cli_say(c, "注意：%s", warning);
	cli_grid_free(&g);
	return r;
}

enum err verb_unit_show(struct cli *c)
{
	struct unit_ref ref = ref_of(c);

	return print_units(c, &ref, "");
}

/* The unit that was added: its environment may have come from the address or the direct unit. */
struct newest {
	const char *tax_no;
	int64_t id;
	enum unit_env env;
};

static enum err find_newest(void *arg, const struct unit_view *v)
{
	struct newest *n = arg;

	if (v->unit->id > n->id && !strcmp(v->unit->tax_no, n->tax_no)) {
		n->id = v->unit->id;
		n->env = v->unit->env;
	}
	return ERR_OK;
}

static const struct column MISSING[] = {
    {"field", "字段", COLUMN_TEXT, 0},
    {"what", "哪一项", COLUMN_TEXT, 0},
    {"message", "说明", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_missing = {"unit add: errors[]", MISSING};

/* Of several members that were left out each is named (features C21). */
static void put_missing(struct cli *c, const struct unit_form *f)
{
	struct err_info missing[UNIT_REQUIRED] = {0};
	size_t i, n = desk_unit_missing(f, missing);
	struct json_out o;
	struct grid g;

	if (strcmp(c->e.code, "unit.missing") != 0)
		return;
	cli_grid_init(&g, &shape_missing);
	for (i = 0; i < n; i++) {
		cli_grid_text(&g, missing[i].field);
		cli_grid_text(&g, missing[i].what);
		cli_grid_text(&g, missing[i].why);
	}
	if (c->json) {
		cli_document(c, &o);
		cli_grid_put_rows(&o, "errors", &g);
		cli_document_end(c, &o);
	} else if (n > 1) {
		cli_grid_table(c, &g);
	}
	cli_grid_free(&g);
}

enum err verb_unit_add(struct cli *c)
{
	struct unit_form f = form_of(c);
	struct newest n = {.tax_no = f.tax_no};
	struct unit_ref ref = {f.tax_no, f.role, NULL};
	char warning[UNIT_WARNING];
	enum err r = desk_unit_add(c->s, &f, warning, &c->e);

	if (r)
		put_missing(c, &f);
	if (r || (r = desk_unit_list(c->s, f.role, find_newest, &n, &c->e)))
		return r;
	ref.env = unit_env_word(n.env);
	return print_units(c, &ref, warning);
}

enum err verb_unit_edit(struct cli *c)
{
	struct unit_form f = form_of(c);
	const char *renamed = f.tax_no;
	struct unit_ref ref = {renamed ? renamed : c->args[0], f.role, f.env};
	char warning[UNIT_WARNING];
	enum err r;

	f.tax_no = c->args[0];
	r = desk_unit_edit(c->s, &f, renamed, warning, &c->e);
	return r ? r : print_units(c, &ref, warning);
}

enum err verb_unit_rename(struct cli *c)
{
	struct unit_ref ref = ref_of(c);
	enum err r = desk_unit_rename(c->s, &ref, &c->e);

	return r ? r : print_units(c, &ref, "");
}

/* ---- verify ---- */

enum { SENTENCE = 1024 };

struct verified {
	struct cli *c;
	struct desk_wait w;
	struct grid g;
	struct err_info each[CLI_ARGS]; /* of the refs: why it was not asked about */
	struct err_info stopped;        /* why nobody asked, class 0: somebody did */
};

/* How this verification ended, not what the last one left. */
static enum err add_verified(void *arg, const struct unit_view *v)
{
	struct verified *all = arg;
	struct grid *g = &all->g;
	const struct unit *u = v->unit;
	struct err_info why = {0};
	char text[SENTENCE] = "";
	bool ok = !desk_wait_unit_verdict(all->c->s, &all->w, u->id, &why);

	if (!ok && all->stopped.class && !strcmp(why.code, "job.open"))
		why = all->stopped;
	if (!ok)
		err_sentence(&why, text, sizeof(text));
	put_who(g, u);
	cli_grid_text(g, ok ? "verified" : "unverified");
	cli_grid_text(g, ok ? state_text(u) : "没有通过");
	cli_grid_text(g, text);
	return ERR_OK;
}

static void add_refused(struct grid *g, const struct unit_ref *ref, const struct err_info *why)
{
	const char *role = ref->role ? ref->role : "", *at = strchr(ref->tax_no, '@');
	size_t n = at ? (size_t)(at - ref->tax_no) : strlen(ref->tax_no);
	char text[SENTENCE];
	enum unit_env env;
	const char *named = at ? at + 1 : ref->env;
	bool known = named && unit_env_parse(named, &env);

	err_sentence(why, text, sizeof(text));
	cli_grid_text(g, role);
	cli_grid_text(g, !*role ? "" : !strcmp(role, "direct") ? "直连单位" : "使用单位");
	cli_grid_text(g, known ? unit_env_word(env) : "");
	cli_grid_text(g, known ? unit_env_label(env) : "");
	cli_grid_textf(g, "%.*s", (int)(n < 64 ? n : 64), ref->tax_no);
	cli_grid_text(g, "");
	cli_grid_text(g, "unverified");
	cli_grid_text(g, "没有验证");
	cli_grid_text(g, text);
}

static enum err print_verified(struct verified *all, const struct unit_ref *refs, size_t n)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < n && !r; i++) {
		if (all->each[i].class)
			add_refused(&all->g, &refs[i], &all->each[i]);
		else
			r = desk_unit_show(all->c->s, &refs[i], add_verified, all, NULL);
	}
	if (!r)
		cli_grid_print_page(all->c, &all->g, (int64_t)cli_grid_rows(&all->g), false, "");
	return r;
}

/* A row for each, also for what was refused; the worst of them is the verb's end. */
enum err verb_unit_verify(struct cli *c)
{
	struct verified *all = mem_zalloc(sizeof(*all));
	struct unit_ref refs[CLI_ARGS];
	size_t i, n = (size_t)c->argc;
	enum err r;

	all->c = c;
	for (i = 0; i < n; i++)
		refs[i] = (struct unit_ref) {c->args[i], cli_option(c, "role"), cli_env(c)};
	cli_grid_init(&all->g, &shape_verify);
	if (!(r = desk_unit_verify_each(c->s, refs, n, all->each, &all->w, &c->e))) {
		if (all->w.job_count && (r = cli_wait(c, &all->w)))
			all->stopped = c->e;
		else if (all->w.job_count)
			r = desk_wait_verdict(c->s, &all->w, &c->e);
		for (i = 0; i < n; i++) {
			enum err one = all->each[i].class;

			if (one && one != r && desk_worse(r, one) == one) {
				r = one;
				c->e = all->each[i];
			}
		}
		/* With --json the sentence about a single one is the whole answer. */
		if (!r || n > 1 || (!c->json && all->w.job_count))
			print_verified(all, refs, n);
	}
	cli_grid_free(&all->g);
	desk_wait_free(&all->w);
	free(all);
	return r;
}

/* ---- freeze, remove ---- */

static enum err freeze(struct cli *c, bool on)
{
	struct unit_ref ref = ref_of(c);
	char warning[120] = "";
	int64_t going = 0;
	enum err r;

	ref.role = "using";
	r = desk_unit_freeze(c->s, &ref, on, cli_option(c, "reason"), &c->e);
	if (!r && on)
		r = desk_unit_going(c->s, &ref, &going, &c->e);
	if (going)
		snprintf(warning, sizeof(warning), "已取号还没有结果的 %lld 张发票照常开完",
			 (long long)going);
	return r ? r : print_units(c, &ref, warning);
}

enum err verb_unit_freeze(struct cli *c)
{
	return freeze(c, true);
}

enum err verb_unit_unfreeze(struct cli *c)
{
	return freeze(c, false);
}

static void say_removed(struct cli *c, const char *backup)
{
	struct json_out o;

	cli_say(c, "已移除 %s", c->args[0]);
	if (*backup)
		cli_say(c, "移除前的备份：%s", backup);
	if (!c->json)
		return;
	cli_document(c, &o);
	json_put(&o, "removed", c->args[0]);
	json_put(&o, "backup", *backup ? backup : NULL);
	cli_document_end(c, &o);
}

enum err verb_unit_remove(struct cli *c)
{
	struct unit_ref ref = ref_of(c);
	struct import_progress p = {0};
	char backup[HOME_PATH] = "";
	struct watch w;
	enum err r;

	cli_watch_begin(&w, "移除", &p);
	if (cli_flag(c, "force"))
		r = desk_unit_remove_all(c->s, &ref, backup, &p, &c->e);
	else
		r = desk_unit_remove(c->s, &ref, false, &p, &c->e);
	cli_watch_end(&w);
	if (!r)
		say_removed(c, backup);
	else if (*backup)
		fprintf(stderr, "备份已写好：%s\n", backup);
	return r;
}
