/* import_codes.c - rows of the tax bureau's 税收分类编码 table, or of one of ours.  They join the
 * list that serves the unit: the starter list, or, once the tax side has spoken, its own, which
 * gets what it lacks and stays the authority for what it has. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/import_p.h"
#include "desk/taxcodes_p.h"

enum { CODE_DIGITS = 19 };
enum { CODE, PARENT, NAME, SHORT, VAT, LEVY, NOTE, WORDS, START, STOP, TEXTS };
enum { SUMMARY = TEXTS, DIFFERENTIAL, UNTAXED };

static const char *const KEYS[] = {
    "code",     "parent", "name", "short_name", "vat_rates",    "levy_rates", "note",
    "keywords", "start",  "stop", "summary",    "differential", "untaxed",    NULL};
static const size_t OFFSETS[TEXTS] = {
    [CODE] = offsetof(struct tax_code, code),     [PARENT] = offsetof(struct tax_code, parent),
    [NAME] = offsetof(struct tax_code, name),     [SHORT] = offsetof(struct tax_code, short_name),
    [VAT] = offsetof(struct tax_code, vat_rates), [LEVY] = offsetof(struct tax_code, levy_rates),
    [NOTE] = offsetof(struct tax_code, note),     [WORDS] = offsetof(struct tax_code, keywords),
    [START] = offsetof(struct tax_code, start),   [STOP] = offsetof(struct tax_code, stop),
};
static const struct {
	int key;
	size_t offset;
} FLAGS[] = {
    {SUMMARY, offsetof(struct tax_code, summary)},
    {DIFFERENTIAL, offsetof(struct tax_code, differential)},
    {UNTAXED, offsetof(struct tax_code, untaxed)},
};
enum { FLAG_COUNT = sizeof(FLAGS) / sizeof(FLAGS[0]) };

static char **text_at(struct tax_code *c, int i)
{
	return (char **)(void *)((char *)c + OFFSETS[i]);
}

static bool *flag_at(struct tax_code *c, int i)
{
	return (bool *)(void *)((char *)c + FLAGS[i].offset);
}

static void look(struct import_batch *b, struct import_row *row)
{
	const char *code = row->values[CODE];
	char text[SHEET_REASON];

	if (strlen(code) == CODE_DIGITS && text_all_digits(code))
		return;
	if (row->fault && !*code)
		return; /* told already */
	snprintf(text, sizeof(text), "%s：“%.40s”应为 %d 位数字",
		 row->part->titles[sheet_column(sheet_table("taxcodes"), "code")], code,
		 CODE_DIGITS);
	import_fault(b, row, text);
}

static enum err begin(struct import *m, struct err_info *e)
{
	const char *env;
	enum err r = taxcode_env(m->s, &env, e);

	return r ? r : store_taxcode_list(m->s->db, env, m->env, e);
}

/* What the row says over what is there; true when that makes a difference. */
static bool apply(const struct import *m, const struct import_row *row, struct tax_code *c)
{
	char parent[20];
	bool changed = false;
	int i;

	for (i = 0; i < TEXTS; i++) {
		const char *value = row->values[i];

		if (i == PARENT && !*value)
			value = tax_code_parent(row->values[CODE], parent);
		else if (!import_has(m, row, i))
			continue;
		changed |= !text_eq(*text_at(c, i), value);
		mem_set(text_at(c, i), value);
	}
	for (i = 0; i < FLAG_COUNT; i++) {
		bool value = *row->values[FLAGS[i].key] == 'Y';

		if (!import_has(m, row, FLAGS[i].key))
			continue;
		changed |= *flag_at(c, i) != value;
		*flag_at(c, i) = value;
	}
	return changed;
}

static enum err load(struct import *m, const struct import_row *row, enum load_result *result,
		     struct load_told *told, struct err_info *e)
{
	struct tax_code c = {0};
	bool found = false, changed;
	int i;
	enum err r = store_taxcode_get(m->s->db, m->env, row->values[CODE], &c, &found, e);

	if (r)
		return r;
	*told = (struct load_told) {0};
	for (i = 0; !found && i < TEXTS; i++)
		mem_set(text_at(&c, i), "");
	changed = apply(m, row, &c);
	*result = !found ? LOAD_ADDED : changed ? LOAD_UPDATED : LOAD_UNCHANGED;
	if (found && changed && *m->env) {
		*result = LOAD_UNCHANGED;
		m->report->kept++;
	}
	if (*result != LOAD_UNCHANGED)
		r = *m->env ? store_taxcode_add(m->s->db, m->env, &c, e)
			    : store_taxcode_put(m->s->db, &c, false, e);
	tax_code_free(&c);
	return r;
}

static enum err end(struct import *m, struct err_info *e)
{
	return store_taxcode_index(m->s->db, m->env, e);
}

static void drop(struct import *m)
{
	(void)m;
}

const struct import_kind import_codes = {
    .table = "taxcodes",
    .label = "税收分类编码",
    .audit = "taxcodes.import",
    .action = DESK_PARAMS,
    .number = -1,
    .keys = KEYS,
    .look = look,
    .begin = begin,
    .load = load,
    .end = end,
    .drop = drop,
};
