/* demo_setup.c - a practice home that is ready to issue. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/demo_p.h"

enum { STOCK_LOW = 50 };
static const char CLAIM[] = "100";
#define QUOTA_LOW  INT64_C(200000000) /* 2,000,000.00 */
#define QUOTA_TAKE INT64_C(500000000) /* 5,000,000.00 */

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

enum err demo_prepare_home(struct demo *d)
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
enum err demo_quick_params(struct demo *d)
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

	return cli_finish(c, desk_unit_verify(c->s, &ref, &w, &c->e), &w);
}

enum err demo_prepare_units(struct demo *d)
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
	if (!(direct.same && direct.verified) && (r = verify(d, &d->p.direct, "direct")))
		return r;
	if (!using.there && (r = put_using(d)))
		return r;
	if (!using.verified && (r = verify(d, &d->p.using, "using")))
		return r;
	text_copy(c->s->unit_choice, sizeof(c->s->unit_choice), d->p.using.tax_no);
	return ERR_OK;
}

/* ---- numbers and quota ---- */

enum err demo_fill_stock(struct demo *d)
{
	struct cli *c = d->c;
	struct desk_wait w = {0};
	int64_t stock = 0;
	enum err r = desk_numbers_stock(c->s, &stock, &c->e);

	if (r || stock >= STOCK_LOW)
		return r;
	if (!(r = desk_numbers_claim(c->s, CLAIM, &w, NULL, &c->e)))
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

enum err demo_fill_quota(struct demo *d)
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
