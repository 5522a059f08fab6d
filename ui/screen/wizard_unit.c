/* wizard_unit.c - the forms of 直连单位 and 使用单位: what is stored, what was changed, saving. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/wizard.h"

enum { ABILITIES = 400 };

static const char URL_PRODUCTION[] = "https://lqpt.chinatax.gov.cn:8443/access/v2/invoke/";
static const char URL_SANDBOX[] = "https://lqpt.chinatax.gov.cn:8443/access/sandbox/v2/invoke/";

/* ---- what is stored ---- */

/* What a verified using unit keeps (features C23). */
static bool stays(enum unit_field id)
{
	static const enum unit_field FREE[] = {
	    UNIT_ADDRESS, UNIT_PHONE,   UNIT_BANK,   UNIT_ACCOUNT, UNIT_ISSUE,
	    UNIT_COLLECT, UNIT_PROJECT, UNIT_FILING, UNIT_HANDLER, UNIT_GRANTED};
	size_t i;

	for (i = 0; i < sizeof(FREE) / sizeof(FREE[0]); i++)
		if (FREE[i] == id)
			return false;
	return true;
}

/* A key that is stored need not be typed again, nor a certificate; the environment is chosen as
 * long as nothing hangs on it. */
static void fit_fields(struct unit_card *c)
{
	bool fixed = !c->direct && c->stored && c->verified, chosen = !c->stored || c->movable;
	int i;

	unit_card_fields(c);
	for (i = 0; c->fields[i].id; i++) {
		if (c->fields[i].id == UNIT_KEY) {
			c->fields[i].required = !c->stored;
			c->fields[i].stands = *c->key_words ? c->key_words : NULL;
		}
		if (c->fields[i].id == UNIT_CA_FILE && c->has_ca)
			c->fields[i].stands = "已填写，证书存在本机";
		if (c->fields[i].id == UNIT_ENV)
			c->fields[i].kind = chosen ? FIELD_CHOICE : FIELD_SHOW;
		if (fixed && stays((enum unit_field)c->fields[i].id))
			c->fields[i].kind = FIELD_SHOW;
	}
	if (!chosen && form_focused(&c->form) == UNIT_ENV)
		form_focus(&c->form, UNIT_NAME);
	if (fixed && stays((enum unit_field)form_focused(&c->form)))
		form_focus(&c->form, UNIT_ADDRESS);
}

void unit_card_init(struct unit_card *c, bool direct)
{
	*c = (struct unit_card) {.direct = direct};
	unit_card_fields(c);
	form_init(&c->form, c->fields, c);
	fit_fields(c);
	if (direct) {
		form_set(&c->form, UNIT_ENV, unit_envs[0]);
		form_set(&c->form, UNIT_URL, URL_PRODUCTION);
		form_set(&c->form, UNIT_ABILITY, "1"); /* 基础 and 归集 are a must */
		form_set(&c->form, UNIT_ABILITY + 1, "1");
	} else {
		form_set(&c->form, UNIT_RELATION, unit_relations[0]);
		form_set(&c->form, UNIT_ISSUE, "乐企平台");
		form_set(&c->form, UNIT_COLLECT, "乐企平台");
	}
}

static void forget_was(struct unit_card *c)
{
	int i;

	for (i = 0; i < UNIT_FIELDS; i++) {
		free(c->was[i]);
		c->was[i] = NULL;
	}
}

void unit_card_free(struct unit_card *c)
{
	forget_was(c);
	form_free(&c->form);
}

static void put(struct unit_card *c, enum unit_field id, const char *text)
{
	form_set(&c->form, id, text ? text : "");
	free(c->was[id]);
	c->was[id] = mem_strdup(text ? text : "");
}

/* "基础能力、归集能力" -> ticks. */
static void put_abilities(struct unit_card *c, const char *labels)
{
	int i;

	for (i = 0; unit_abilities[i]; i++) {
		const char *p = strstr(labels, unit_abilities[i]);

		put(c, (enum unit_field)(UNIT_ABILITY + i), p ? "1" : "");
	}
}

/* 税号@环境: the number alone may be there in several environments. */
static void put_above(struct unit_card *c, const struct unit_view *v)
{
	char text[64] = "";

	text_copy(c->above, sizeof(c->above), v->direct);
	if (*v->direct)
		snprintf(text, sizeof(text), "%s@%s", v->direct, unit_env_label(v->unit->env));
	put(c, UNIT_DIRECT, text);
}

static enum err take(void *arg, const struct unit_view *v)
{
	struct unit_card *c = arg;
	const struct unit *u = v->unit;
	const struct code_row *region = code_find(CODES_REGIONS, u->region ? u->region : "");

	c->stored = true;
	c->verified = u->verified;
	text_copy(c->tax_no, sizeof(c->tax_no), u->tax_no);
	text_copy(c->env, sizeof(c->env), unit_env_word(u->env));
	c->movable = v->movable;
	c->has_ca = !text_empty(u->ca_pem);
	c->key_words[0] = 0;
	if (!text_empty(u->key_hint))
		snprintf(c->key_words, sizeof(c->key_words), "已填写 %s", u->key_hint);
	ui_spoken(u->verify_error ? u->verify_error : "", c->error, sizeof(c->error));
	put(c, UNIT_ENV, unit_env_label(u->env));
	put(c, UNIT_NAME, u->name);
	put(c, UNIT_TAX_NO, u->tax_no);
	put(c, UNIT_LEQI_ID, u->leqi_id);
	put(c, UNIT_KEY, "");
	put(c, UNIT_URL, u->url);
	put(c, UNIT_CONNECT_TO, u->connect_to);
	put(c, UNIT_CA_FILE, "");
	put_above(c, v);
	put(c, UNIT_RELATION, unit_relations[u->joint]);
	put(c, UNIT_REGION, region ? region->name : u->region);
	put(c, UNIT_ADDRESS, u->address);
	put(c, UNIT_PHONE, u->phone);
	put(c, UNIT_BANK, u->bank);
	put(c, UNIT_ACCOUNT, u->account);
	put(c, UNIT_PROXY, u->proxy);
	put(c, UNIT_TLS_NAME, u->tls_name);
	put(c, UNIT_PROJECT, u->project);
	put(c, UNIT_FILING, u->filing_region);
	put(c, UNIT_ISSUE, v->issue_channel);
	put(c, UNIT_COLLECT, v->collect_channel);
	put(c, UNIT_HANDLER, v->handler);
	put(c, UNIT_GRANTED, v->granted);
	put_abilities(c, v->abilities);
	fit_fields(c);
	c->form.dirty = false;
	return ERR_OK;
}

enum err unit_card_load(struct unit_card *c, const struct unit_ref *ref, struct err_info *e)
{
	return desk_unit_show(ui_session(), ref, take, c, e);
}

enum err unit_card_again(struct unit_card *c, const struct unit_ref *ref, struct err_info *e)
{
	char *ca = mem_strdup(form_get(&c->form, UNIT_CA_FILE));
	enum err r = unit_card_load(c, ref, e);

	if (!r && c->has_ca)
		put(c, UNIT_CA_FILE, ca);
	free(ca);
	return r;
}

struct newest {
	const char *number;             /* of that number; NULL any */
	const struct unit_card *direct; /* under this one; NULL any */
	int64_t id;
	char tax_no[24], env[16];
};

/* A direct unit may be there in several environments. */
static bool is_under(const struct unit_view *v, const struct unit_card *direct)
{
	return text_eq(v->direct, direct->tax_no) &&
	       !strcmp(unit_env_word(v->unit->env), direct->env);
}

static enum err keep_newest(void *arg, const struct unit_view *v)
{
	struct newest *n = arg;

	if (v->unit->id <= n->id || (n->number && strcmp(v->unit->tax_no, n->number) != 0) ||
	    (n->direct && !is_under(v, n->direct)))
		return ERR_OK;
	n->id = v->unit->id;
	text_copy(n->tax_no, sizeof(n->tax_no), v->unit->tax_no);
	text_copy(n->env, sizeof(n->env), unit_env_word(v->unit->env));
	return ERR_OK;
}

void unit_card_find(struct unit_card *c, const struct unit_card *direct)
{
	const char *role = c->direct ? "direct" : "using";
	struct newest n = {.direct = direct};

	if (desk_unit_list(ui_session(), role, keep_newest, &n, NULL) || !n.id)
		return;
	unit_card_load(c, &(struct unit_ref) {n.tax_no, role, n.env}, NULL);
}

bool unit_card_current(struct unit_card *using)
{
	struct unit u;

	if (desk_unit(ui_session(), &u, NULL))
		return false;
	unit_card_load(using, &(struct unit_ref) {u.tax_no, "using", unit_env_word(u.env)}, NULL);
	unit_free(&u);
	return using->stored;
}

struct above {
	int64_t wanted; /* of the unit the session works for */
	int all, verified;
	bool found;
	char tax_no[24], env[16];
};

static enum err see_direct(void *arg, const struct unit_view *v)
{
	struct above *a = arg;
	const struct unit *u = v->unit;

	a->all++;
	if (!u->verified || a->found)
		return ERR_OK;
	a->verified++;
	a->found = u->id == a->wanted;
	text_copy(a->tax_no, sizeof(a->tax_no), u->tax_no);
	text_copy(a->env, sizeof(a->env), unit_env_word(u->env));
	return ERR_OK;
}

bool unit_card_find_above(struct unit_card *direct)
{
	struct above a = {.wanted = 0};
	struct unit u;

	if (!desk_unit(ui_session(), &u, NULL)) {
		a.wanted = u.direct_id;
		unit_free(&u);
	}
	if (!desk_unit_list(ui_session(), "direct", see_direct, &a, NULL) &&
	    (a.found || a.verified == 1))
		unit_card_load(direct, &(struct unit_ref) {a.tax_no, "direct", a.env}, NULL);
	return a.all > 0;
}

void unit_card_fit(struct unit_card *direct, const struct unit_card *using)
{
	const char *tax_no = using->above;

	if (!using->stored || text_empty(tax_no) ||
	    (!strcmp(direct->tax_no, tax_no) && !strcmp(direct->env, using->env)))
		return;
	unit_card_keep(direct, false);
	unit_card_load(direct, &(struct unit_ref) {tax_no, "direct", using->env}, NULL);
}

struct unit_ref unit_card_ref(const struct unit_card *c)
{
	return (struct unit_ref) {c->tax_no, c->direct ? "direct" : "using", c->env};
}

/* ---- saving ---- */

/* Options of the desk's sentences and the fields they stand on. */
static const struct {
	const char *option;
	enum unit_field id;
} OPTIONS[] = {
    {"env", UNIT_ENV},
    {"name", UNIT_NAME},
    {"taxno", UNIT_TAX_NO},
    {"leqi-id", UNIT_LEQI_ID},
    {"key", UNIT_KEY},
    {"key-file", UNIT_KEY},
    {"url", UNIT_URL},
    {"ca-file", UNIT_CA_FILE},
    {"connect-to", UNIT_CONNECT_TO},
    {"direct", UNIT_DIRECT},
    {"relation", UNIT_RELATION},
    {"region", UNIT_REGION},
    {"address", UNIT_ADDRESS},
    {"phone", UNIT_PHONE},
    {"bank", UNIT_BANK},
    {"account", UNIT_ACCOUNT},
    {"proxy", UNIT_PROXY},
    {"tls-name", UNIT_TLS_NAME},
    {"project", UNIT_PROJECT},
    {"filing-region", UNIT_FILING},
    {"issue-channel", UNIT_ISSUE},
    {"collect-channel", UNIT_COLLECT},
    {"handler", UNIT_HANDLER},
    {"granted", UNIT_GRANTED},
    {"abilities", UNIT_ABILITY},
};

static void refuse(struct unit_card *c, const struct err_info *e)
{
	char sentence[1200];
	size_t i;

	ui_sentence(e, sentence, sizeof(sentence));
	ui_message(MESSAGE_ERROR, "%s", sentence);
	for (i = 0; i < sizeof(OPTIONS) / sizeof(OPTIONS[0]); i++) {
		if (!strcmp(OPTIONS[i].option, e->field))
			form_fail(&c->form, OPTIONS[i].id, sentence);
	}
}

/* The text of a field; NULL when it is as stored, or empty in a new unit: "not given". */
static const char *given(const struct unit_card *c, enum unit_field id)
{
	const char *text = form_get(&c->form, id);

	if (c->stored)
		return c->was[id] && !strcmp(c->was[id], text) ? NULL : text;
	return *text ? text : NULL;
}

/* The ticks as a list, NULL when they are as stored. */
static const char *given_abilities(const struct unit_card *c, char out[ABILITIES])
{
	struct buf b;
	bool any = !c->stored;
	int i;

	buf_init(&b, ABILITIES);
	for (i = 0; unit_abilities[i]; i++) {
		any |= given(c, (enum unit_field)(UNIT_ABILITY + i)) != NULL;
		if (form_flag(&c->form, UNIT_ABILITY + i))
			buf_addf(&b, "%s%s", b.len ? "、" : "", unit_abilities[i]);
	}
	text_copy(out, ABILITIES, buf_str(&b));
	buf_free(&b);
	return any ? out : NULL;
}

static struct unit_form unit_form_of(const struct unit_card *c, char abilities[ABILITIES])
{
	struct unit_form f = {
	    .role = c->direct ? "direct" : "using",
	    .name = given(c, UNIT_NAME),
	    .leqi_id = given(c, UNIT_LEQI_ID),
	    .project = given(c, UNIT_PROJECT),
	    .filing_region = given(c, UNIT_FILING),
	};

	if (c->direct) {
		f.key = given(c, UNIT_KEY);
		f.url = given(c, UNIT_URL);
		f.ca_file = given(c, UNIT_CA_FILE);
		f.connect_to = given(c, UNIT_CONNECT_TO);
		f.proxy = given(c, UNIT_PROXY);
		f.tls_name = given(c, UNIT_TLS_NAME);
		f.abilities = given_abilities(c, abilities);
	} else {
		f.issue_channel = given(c, UNIT_ISSUE);
		f.collect_channel = given(c, UNIT_COLLECT);
		f.handler = given(c, UNIT_HANDLER);
		f.granted = given(c, UNIT_GRANTED);
		f.region = given(c, UNIT_REGION);
		f.address = given(c, UNIT_ADDRESS);
		f.phone = given(c, UNIT_PHONE);
		f.bank = given(c, UNIT_BANK);
		f.account = given(c, UNIT_ACCOUNT);
		f.direct = given(c, UNIT_DIRECT);
		if (given(c, UNIT_RELATION))
			f.relation = form_choice(&c->form, UNIT_RELATION) ? "joint" : "self";
	}
	return f;
}

static enum err add(struct unit_card *c, char *warning, struct err_info *e)
{
	char abilities[ABILITIES];
	struct unit_form f = unit_form_of(c, abilities);

	f.tax_no = form_get(&c->form, UNIT_TAX_NO);
	if (c->direct)
		f.env = form_get(&c->form, UNIT_ENV);
	return desk_unit_add(ui_session(), &f, warning, e);
}

static struct unit_form edit_form_of(const struct unit_card *c, char abilities[ABILITIES])
{
	struct unit_form f = unit_form_of(c, abilities);

	f.tax_no = c->tax_no;
	f.env = c->env;
	f.env_to = c->direct ? given(c, UNIT_ENV) : NULL;
	return f;
}

static enum err edit(struct unit_card *c, char *warning, struct err_info *e)
{
	char abilities[ABILITIES];
	struct unit_form f = edit_form_of(c, abilities);
	const char *renamed = given(c, UNIT_TAX_NO);

	if (!c->form.dirty)
		return ERR_OK;
	return desk_unit_edit(ui_session(), &f, renamed, warning, e);
}

size_t unit_card_stops(const struct unit_card *c)
{
	char abilities[ABILITIES];
	struct unit_form f = edit_form_of(c, abilities);
	size_t below = 0;

	if (!c->direct || !c->stored || !c->form.dirty)
		return 0;
	desk_unit_edit_stops(ui_session(), &f, given(c, UNIT_TAX_NO), &below, NULL);
	return below;
}

/* What has been stored is read again, so that a later save knows what has changed.  Of one number
 * in several environments a new unit is the newest. */
static bool reload(struct unit_card *c)
{
	const char *role = c->direct ? "direct" : "using";
	struct newest n = {.number = form_get(&c->form, UNIT_TAX_NO)};
	const char *env = c->direct ? form_get(&c->form, UNIT_ENV) : c->env;
	struct unit_ref ref = {form_get(&c->form, UNIT_TAX_NO), role, c->stored ? env : NULL};
	struct err_info e = {0};
	char tax_no[24];

	text_copy(tax_no, sizeof(tax_no), ref.tax_no);
	ref.tax_no = tax_no;
	if (!c->stored && !desk_unit_list(ui_session(), role, keep_newest, &n, &e))
		ref.env = n.env;
	if (!e.class && !unit_card_again(c, &ref, &e))
		return true;
	ui_error(&e);
	return false;
}

/* Its number alone may name the unit the session works for, or that it is the only one: with one
 * more it has to be said which it is. */
static void hold_current(void)
{
	struct session *s = ui_session();
	struct unit u;

	if (desk_unit(s, &u, NULL))
		return;
	snprintf(s->unit_choice, sizeof(s->unit_choice), "%s@%s", u.tax_no, unit_env_word(u.env));
	unit_free(&u);
}

bool unit_card_save(struct unit_card *c)
{
	char warning[UNIT_WARNING] = "";
	const char *wrong = form_check(&c->form);
	struct err_info e = {0};

	unit_card_keep(c, false);

	if (wrong) {
		ui_message(MESSAGE_ERROR, "%s", wrong);
		return false;
	}
	if (!c->stored && !c->direct)
		hold_current();
	if (c->stored ? edit(c, warning, &e) : add(c, warning, &e)) {
		refuse(c, &e);
		return false;
	}
	unit_card_forget(c); /* before it goes by another number */
	if (!reload(c))
		return false;
	if (*warning)
		ui_message(MESSAGE_WARNING, "已保存。注意：%s", warning);
	else
		ui_message(MESSAGE_GOOD, "已保存 %s", form_get(&c->form, UNIT_NAME));
	ui_wake_engine(); /* the top line reads the unit again */
	return true;
}

/* ---- fields that follow others ---- */

struct unit_follow unit_card_before(const struct unit_card *c)
{
	return (struct unit_follow) {.env = form_choice(&c->form, UNIT_ENV),
				     .relation = form_choice(&c->form, UNIT_RELATION)};
}

/* The address belongs to the environment; one that was typed stays. */
static void follow_env(struct unit_card *c)
{
	const char *url = form_get(&c->form, UNIT_URL);
	int env = form_choice(&c->form, UNIT_ENV);

	if (*url && strcmp(url, URL_PRODUCTION) != 0 && strcmp(url, URL_SANDBOX) != 0)
		return;
	form_set(&c->form, UNIT_URL, env == 0 ? URL_PRODUCTION : env == 1 ? URL_SANDBOX : "");
}

void unit_card_follow(struct unit_card *c, struct unit_follow before)
{
	struct unit_follow now = unit_card_before(c);

	if (c->direct && now.env != before.env)
		follow_env(c);
	if (c->direct || now.relation == before.relation)
		return;
	form_set(&c->form, UNIT_ISSUE, now.relation ? "乐企平台（联用）" : "乐企平台");
	form_set(&c->form, UNIT_COLLECT, now.relation ? "无" : "乐企平台");
}

const char *unit_card_locked(const struct unit_card *c)
{
	int id = form_focused(&c->form);

	return c->direct && (id == UNIT_ABILITY || id == UNIT_ABILITY + 1)
		   ? "基础能力和归集能力自用必选，不能取消"
		   : NULL;
}
