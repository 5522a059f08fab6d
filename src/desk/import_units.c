/* import_units.c - rows of 企业信息 (features B18): using units come new, any unit is changed. */
#include <stdio.h>
#include <string.h>

#include "desk/import_p.h"
#include "desk/unit_p.h"
#include "tax/channel.h"

enum key {
	NAME,
	TAX_NO,
	LEQI_ID,
	ROLE,
	DIRECT,
	ENV,
	RELATION,
	ISSUE,
	COLLECT,
	REGION,
	ADDRESS,
	PHONE,
	BANK,
	ACCOUNT,
	PROJECT,
	FILING,
	HANDLER,
	GRANTED,
	COUNT
};
static const char *const KEYS[COUNT + 1] = {
    "name",          "tax_no",          "leqi_id", "role",    "direct", "env",  "relation",
    "issue_channel", "collect_channel", "region",  "address", "phone",  "bank", "account",
    "project",       "filing_region",   "handler", "granted", NULL};

/* Where a member of the form stands. */
static const size_t OFFSETS[COUNT] = {
    [NAME] = offsetof(struct unit_form, name),
    [LEQI_ID] = offsetof(struct unit_form, leqi_id),
    [DIRECT] = offsetof(struct unit_form, direct),
    [ENV] = offsetof(struct unit_form, env),
    [RELATION] = offsetof(struct unit_form, relation),
    [ISSUE] = offsetof(struct unit_form, issue_channel),
    [COLLECT] = offsetof(struct unit_form, collect_channel),
    [REGION] = offsetof(struct unit_form, region),
    [ADDRESS] = offsetof(struct unit_form, address),
    [PHONE] = offsetof(struct unit_form, phone),
    [BANK] = offsetof(struct unit_form, bank),
    [ACCOUNT] = offsetof(struct unit_form, account),
    [PROJECT] = offsetof(struct unit_form, project),
    [FILING] = offsetof(struct unit_form, filing_region),
    [HANDLER] = offsetof(struct unit_form, handler),
    [GRANTED] = offsetof(struct unit_form, granted),
};

static const char **member(struct unit_form *f, int key)
{
	return (const char **)(void *)((char *)f + OFFSETS[key]);
}

static bool is_direct(const struct import_row *row)
{
	return !strcmp(row->values[ROLE], "直连单位");
}

/* Cells that are empty or of no use are not given. */
static struct unit_form form_of(const struct import_row *row)
{
	struct unit_form f = {.role = is_direct(row) ? "direct" : "using",
			      .tax_no = row->values[TAX_NO]};
	int i;

	for (i = 0; i < COUNT; i++)
		if (i != TAX_NO && i != ROLE && *row->values[i] && !(row->leave >> i & 1))
			*member(&f, i) = row->values[i];
	return f;
}

/* What can be said without the store. */
static void look(struct import_batch *b, struct import_row *row)
{
	char warning[UNIT_WARNING] = "", text[SHEET_REASON];
	struct unit_form f = form_of(row);
	struct err_info why = {0};
	struct unit u;

	if (row->fault)
		return;
	unit_blank(&u);
	u.direct = is_direct(row);
	mem_set(&u.issue_channel, "leqi");
	mem_set(&u.collect_channel, "leqi");
	if (unit_apply_form(NULL, &u, &f, warning, &why))
		import_fault(b, row, import_sentence(row, sheet_table("unit"), &why, text));
	else if (*warning && !row->warning)
		row->warning = import_batch_text(b, warning, strlen(warning));
	unit_free(&u);
}

static enum err nothing(struct import *m, struct err_info *e)
{
	(void)m;
	(void)e;
	return ERR_OK;
}

static void nothing_to_drop(struct import *m)
{
	(void)m;
}

/* ---- into the store ---- */

/* The unit as the form would write it. */
static const char *stored(const struct unit *u, const char *above, int key, char out[DATE_TEXT])
{
	const struct channel_word *handler;

	switch (key) {
	case NAME:
		return u->name;
	case LEQI_ID:
		return u->leqi_id;
	case DIRECT:
		return above;
	case ENV:
		return unit_env_label(u->env);
	case RELATION:
		return u->joint ? "联用" : "自用";
	case ISSUE:
		return channel_label(u->issue_channel);
	case COLLECT:
		return channel_label(u->collect_channel);
	case ADDRESS:
		return u->address;
	case PHONE:
		return u->phone;
	case BANK:
		return u->bank;
	case ACCOUNT:
		return u->account;
	case PROJECT:
		return u->project;
	case FILING:
		return u->filing_region;
	case HANDLER:
		handler = handler_find(u->handler);
		return handler ? handler->label : "";
	case GRANTED:
		return u->granted_at ? date_text(u->granted_at, out) : "";
	default:
		return u->region;
	}
}

/* Takes what is the same out of the form; false: nothing is left. */
static bool keep_changes(const struct unit *u, const char *above, struct unit_form *f)
{
	const struct code_row *region = code_find(CODES_REGIONS, u->region ? u->region : "");
	char text[DATE_TEXT];
	bool any = false;
	int i;

	for (i = 0; i < COUNT; i++) {
		const char **slot = member(f, i);

		if (i == TAX_NO || i == ROLE || !*slot)
			continue;
		if (!strcmp(*slot, stored(u, above, i, text)) || i == ENV ||
		    (i == REGION && region && !strcmp(*slot, region->name)))
			*slot = NULL;
		any |= *slot != NULL;
	}
	return any;
}

/* The changes of the row on the unit in memory. */
static enum err apply(struct session *s, struct unit *u, struct unit_form *f,
		      enum load_result *result, struct err_info *e)
{
	char warning[UNIT_WARNING] = "";
	struct unit above = {0};
	enum err r = u->direct_id ? store_unit_get(s->db, u->direct_id, &above, e) : ERR_OK;
	bool any = !r && keep_changes(u, above.tax_no ? above.tax_no : "", f);

	unit_free(&above);
	*result = any ? LOAD_UPDATED : LOAD_UNCHANGED;
	return r || !any ? r : unit_change(s, u, f, NULL, warning, e);
}

static enum err change(struct session *s, struct unit *u, struct unit_form *f,
		       enum load_result *result, struct err_info *e)
{
	enum err r = apply(s, u, f, result, e);

	return r || *result == LOAD_UNCHANGED ? r : unit_store(s, u, "unit.edit", e);
}

static enum err refuse_direct(struct err_info *e)
{
	return err_fail(e, ERR_INVALID, "unit.import_direct", "企业角色",
			"直连单位有密钥，不能导入，请在画面里增加");
}

static enum err add(struct session *s, const struct unit_form *f, struct err_info *e)
{
	char warning[UNIT_WARNING] = "";
	struct unit u;
	enum err r;

	if (!strcmp(f->role, "direct"))
		return refuse_direct(e);
	if (!(r = unit_make(s, f, &u, warning, e)))
		r = unit_store(s, &u, "unit.add", e);
	unit_free(&u);
	return r;
}

/* Would it be stored?  What is wrong is in *why; another error than ERR_INVALID is none of the
 * row. */
static enum err try_row(struct session *s, const struct import_row *row, struct err_info *why)
{
	struct unit_form f = form_of(row);
	const struct unit_ref ref = {f.tax_no, f.role, f.env};
	char warning[UNIT_WARNING] = "";
	enum load_result result;
	struct unit u;
	enum err r = unit_load_one(s, &ref, f.role, &u, why);

	if (!r) {
		r = apply(s, &u, &f, &result, why);
		unit_free(&u);
		return r;
	}
	if (r != ERR_INVALID || strcmp(why->code, "unit.unknown") != 0)
		return r;
	if (is_direct(row))
		return refuse_direct(why);
	r = unit_make(s, &f, &u, warning, why);
	unit_free(&u);
	return r;
}

static enum err check(struct import *m, struct import_row *row, char fault[SHEET_REASON],
		      char warning[SHEET_REASON], struct err_info *e)
{
	struct err_info why = {0};
	char text[SHEET_REASON];
	enum err r = row->fault ? ERR_OK : try_row(m->s, row, &why);

	(void)warning;
	if (r == ERR_INVALID)
		sheet_reason_add(fault, import_sentence(row, m->table, &why, text));
	else if (r && e)
		*e = why;
	return r == ERR_INVALID ? ERR_OK : r;
}

static enum err load(struct import *m, const struct import_row *row, enum load_result *result,
		     struct load_told *told, struct err_info *e)
{
	struct unit_form f = form_of(row);
	const struct unit_ref ref = {f.tax_no, f.role, f.env};
	struct err_info why = {0};
	struct unit u;
	enum err r = unit_load_one(m->s, &ref, f.role, &u, &why);

	(void)told;
	if (r == ERR_INVALID && !strcmp(why.code, "unit.unknown")) {
		*result = LOAD_ADDED;
		return add(m->s, &f, e);
	}
	if (r) {
		if (e)
			*e = why;
		return r;
	}
	r = change(m->s, &u, &f, result, e);
	unit_free(&u);
	return r;
}

const struct import_kind import_units = {
    .table = "unit",
    .label = "企业信息",
    .audit = "unit.import",
    .action = DESK_UNITS,
    .number = TAX_NO,
    .keys = KEYS,
    .look = look,
    .begin = nothing,
    .check = check,
    .load = load,
    .end = nothing,
    .drop = nothing_to_drop,
};
