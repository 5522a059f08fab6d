/* import.c - one import from its beginning to its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/import_p.h"

static const struct import_kind *const KINDS[] = {&import_buyers, &import_goods, &import_codes,
						  &import_units};

const struct import_kind *import_kind(const char *table)
{
	size_t i;

	for (i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		if (!strcmp(KINDS[i]->table, table))
			return KINDS[i];
	}
	return NULL;
}

const char *desk_transfer_name(size_t i)
{
	return i < sizeof(KINDS) / sizeof(KINDS[0]) ? KINDS[i]->table : NULL;
}

const char *desk_transfer_label(const char *name)
{
	const struct import_kind *k = import_kind(name);
	const struct sheet_table *t = k ? NULL : sheet_table(name);

	return k ? k->label : t ? t->title : name;
}

/* ---- rows ---- */

/* A fault without `partial` turns the transaction off; the rest is only looked at, so that all
 * faults are told at once.  A trial goes on: it says what would be. */
static void turn_off(struct import *m)
{
	if (!m->loading || m->options->partial || m->options->dry_run)
		return;
	m->kind->drop(m);
	db_rollback(m->s->db);
	m->loading = false;
}

static enum err failed_row(struct import *m, const struct import_row *row, struct err_info *e)
{
	m->report->failed++;
	import_note(m->report, row, true, row->fault);
	turn_off(m);
	return import_failures_add(&m->failures, m->table, row, e);
}

static void count(struct import_report *r, enum load_result result)
{
	r->added += result == LOAD_ADDED;
	r->updated += result == LOAD_UPDATED;
	r->unchanged += result == LOAD_UNCHANGED;
}

static void warn(struct import *m, const struct import_row *row, const char *const *texts, size_t n)
{
	bool any = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!texts[i] || !*texts[i])
			continue;
		import_note(m->report, row, false, texts[i]);
		any = true;
	}
	m->report->warned += any;
}

/* Which one it stands beside, and what is the same. */
static enum err tell_twin(struct import *m, const struct import_row *row,
			  const struct load_told *told, struct err_info *e)
{
	const char *same = told->same_key ? m->kind->same_key : m->kind->same_name;
	char text[SHEET_REASON], name[IMPORT_TWIN] = "", no[32] = "";
	enum err r;

	m->report->twins++;
	if (!import_note_room(m->report, false))
		return ERR_OK;
	if ((r = m->kind->name_twin(m, told->twin, name, e)))
		return r;
	/* A trial's numbers will be somebody else's. */
	if (!m->options->dry_run || !told->of_load)
		snprintf(no, sizeof(no), "#%lld ", (long long)told->twin);
	snprintf(text, sizeof(text), "与%s %s%s %s，两个都保留",
		 told->of_load ? "这个文件里的" : "已有的", no, name, same);
	import_note(m->report, row, false, text);
	return ERR_OK;
}

/* Checks and stores; what is wrong with the row is in fault. */
static enum err check_and_load(struct import *m, struct import_row *row, char fault[SHEET_REASON],
			       char warning[SHEET_REASON], struct load_told *told,
			       struct err_info *e)
{
	struct err_info why = {0};
	enum load_result result;
	char text[SHEET_REASON];
	enum err r = ERR_OK;

	if (row->fault)
		text_copy(fault, SHEET_REASON, row->fault);
	if (m->kind->check && (r = m->kind->check(m, row, fault, warning, e)))
		return r;
	if (*fault || !m->loading)
		return ERR_OK;
	r = m->kind->load(m, row, &result, told, &why);
	if (r == ERR_INVALID)
		sheet_reason_add(fault, import_sentence(row, m->table, &why, text));
	else if (r && e)
		*e = why;
	if (!r)
		count(m->report, result);
	return r == ERR_INVALID ? ERR_OK : r;
}

static enum err take_row(struct import *m, struct import_row *row, struct err_info *e)
{
	char fault[SHEET_REASON] = "", warning[SHEET_REASON] = "";
	struct load_told told = {0};
	const char *const said[] = {row->cleaned, row->warning, warning,
				    "前面已有一行是这个购方的默认地址，这一行没有作为默认"};
	enum err r;

	if (row->skip) {
		warn(m, row, &row->skip, 1);
		return ERR_OK;
	}
	m->report->rows++;
	if ((r = check_and_load(m, row, fault, warning, &told, e)))
		return r;
	if (*fault) {
		row->fault = fault;
		return failed_row(m, row, e);
	}
	m->report->cleaned += row->cleaned != NULL;
	if (row->cleaned || row->warning || *warning || told.second_default)
		warn(m, row, said, told.second_default ? 4 : 3);
	return told.twin ? tell_twin(m, row, &told, e) : ERR_OK;
}

static enum err begin_loading(struct import *m, struct err_info *e)
{
	enum err r = db_begin(m->s->db, e);

	if (r)
		return r;
	m->loading = m->begun = true;
	return m->kind->begin(m, e);
}

static enum err cancelled(struct import *m, struct err_info *e)
{
	if (!atomic_load(&m->progress->cancel))
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "import.cancelled", m->kind->label,
			"导入已取消，什么都没有导入");
}

static enum err take_batch(struct import *m, struct import_batch *b, struct err_info *e)
{
	enum err r = cancelled(m, e);
	size_t i;

	for (i = 0; !r && i < b->count; i++) {
		if (!(r = take_row(m, &b->rows[i], e)))
			r = cancelled(m, e);
	}
	atomic_store(&m->progress->rows, m->report->rows);
	crash_step("import batch");
	return r;
}

static enum err take_all(struct import *m, struct import_reader *reader, struct err_info *e)
{
	struct import_batch *b;
	enum err r;

	while (!(r = import_reader_next(reader, &b, e)) && b) {
		if (!m->begun)
			r = begin_loading(m, e);
		if (!r)
			r = take_batch(m, b, e);
		import_reader_give_back(reader, b);
		if (r)
			break;
	}
	return r ? r : cancelled(m, e);
}

/* ---- the end ---- */

static enum err all_failed(struct import *m, struct err_info *e)
{
	const struct import_report *r = m->report;
	char why[SHEET_REASON + IMPORT_PLACE] = "", place[IMPORT_PLACE];
	size_t i;

	for (i = 0; i < r->note_count && !r->notes[i].fault; i++)
		;
	if (i < r->note_count)
		snprintf(why, sizeof(why), "，%s：%.300s", import_note_place(&r->notes[i], place),
			 r->notes[i].text);
	err_fail(e, ERR_INVALID, "import.failed", m->kind->label, "%lld 行有问题，什么都没有导入%s",
		 (long long)r->failed, why);
	err_hint(e, m->options->partial ? "请改好失败文件里的行后导入它"
					: "请改好后重试，或只导入没有问题的行（--partial）");
	return ERR_INVALID;
}

static enum err store_all(struct import *m, struct err_info *e)
{
	struct db *db = m->s->db;
	char *result = NULL;
	enum err r;

	if (!m->loading && (r = db_begin(db, e))) /* a file without rows */
		return r;
	if (!m->loading || !(r = m->kind->end(m, e))) {
		m->loading = false;
		result = import_result(m->report);
		if (!(r = desk_audit(m->s, m->unit, m->kind->audit, m->options->file, "", result,
				     e)))
			r = store_job_done(db, m->report->job, result, e);
	}
	if (!r)
		r = cancelled(m, e);
	if (!r)
		r = db_commit(db, e);
	m->report->stored = !r;
	free(result);
	return r;
}

/* What was read is known; now it is stored or not. */
static enum err settle(struct import *m, struct err_info *e)
{
	const struct import_report *r = m->report;
	bool nothing = r->failed && (!m->options->partial || r->failed == r->rows);
	enum err v = import_failures_end(&m->failures, e);

	if (v)
		return v;
	text_copy(m->report->failures, sizeof(m->report->failures),
		  r->failed ? m->failures.path : "");
	if (!r->failed)
		import_failures_clean(&m->failures);
	if (nothing)
		return all_failed(m, e);
	if (!m->options->dry_run)
		return store_all(m, e);
	if (m->loading)
		m->kind->drop(m);
	m->loading = false;
	db_rollback(m->s->db);
	return import_job_tried(m, e);
}

void import_join(const struct sheet_import *sheet,
		 const char *(*text_at)(const struct sheet_import *i, size_t k),
		 char out[IMPORT_JOINED])
{
	const char *text;
	size_t k;

	for (k = 0; (text = text_at(sheet, k)); k++) {
		size_t used = strlen(out);

		if (strstr(text, IMPORT_REASON_HEAD))
			continue;
		snprintf(out + used, IMPORT_JOINED - used, "%s%s", used ? "、" : "", text);
		out[text_whole(out, strlen(out))] = 0;
	}
}

static void tell_layout(struct import *m)
{
	struct import_report *r = m->report;

	while (sheet_import_sheet(m->sheet, (size_t)r->sheets))
		r->sheets++;
	import_join(m->sheet, sheet_import_sheet, r->sheet);
	import_join(m->sheet, sheet_import_unknown, r->unknown);
	import_join(m->sheet, sheet_import_repeated, r->repeated);
	import_join(m->sheet, sheet_import_skipped, r->skipped);
}

static void note_columns(struct import *m)
{
	int i, column;

	for (i = 0; m->kind->keys[i]; i++) {
		column = sheet_column(m->table, m->kind->keys[i]);
		if (column >= 0 && sheet_import_has(m->sheet, column))
			m->has |= UINT32_C(1) << i;
	}
}

static enum err run(struct import *m, struct err_info *e)
{
	struct import_reader *reader = NULL;
	enum err r =
	    sheet_import_open(m->table, m->options->file, &m->progress->cancel, &m->sheet, e);

	if (r)
		return r;
	tell_layout(m);
	note_columns(m);
	r = import_reader_start(m->sheet, m->table, m->kind, m->progress, &reader, e);
	if (!r)
		r = take_all(m, reader, e);
	import_reader_stop(&reader);
	return r ? r : settle(m, e);
}

/* Whoever was at work when it was cancelled ends with a word of its own. */
static bool was_stopped(const struct import *m, const struct err_info *why)
{
	static const char *const WORDS[] = {"db.stopped", "sheet.stopped", "file.stopped"};
	size_t i;

	for (i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		if (!strcmp(why->code, WORDS[i]))
			return atomic_load(&m->progress->cancel);
	}
	return false;
}

/* Opens, runs and, when it fails, undoes. */
static enum err run_job(struct import *m, struct err_info *e)
{
	struct err_info why = {0};
	enum err r = import_job_add(m, e);

	if (r)
		return r;
	db_watch(m->s->db, &m->progress->cancel);
	r = run(m, &why);
	db_watch(m->s->db, NULL);
	if (r) {
		if (was_stopped(m, &why))
			cancelled(m, &why);
		if (m->loading)
			m->kind->drop(m);
		m->loading = false;
		db_rollback(m->s->db);
		import_failures_drop(&m->failures);
		import_job_failed(m, &why);
		if (e)
			*e = why;
	}
	if (m->kind->free)
		m->kind->free(m);
	sheet_import_close(&m->sheet);
	return r;
}

static enum err whose(struct import *m, struct err_info *e)
{
	struct unit u;
	enum err r;

	if (!m->kind->of_unit)
		return ERR_OK;
	if ((r = desk_unit(m->s, &u, e)))
		return r;
	m->unit = u.id;
	text_copy(m->env, sizeof(m->env), unit_env_word(u.env));
	unit_free(&u);
	return ERR_OK;
}

enum err desk_import(struct session *s, const struct import_options *o, struct import_progress *p,
		     struct import_report *out, struct err_info *e)
{
	struct import_progress alone = {0};
	struct import m = {.s = s,
			   .options = o,
			   .progress = p ? p : &alone,
			   .report = out,
			   .kind = import_kind(o->table),
			   .table = sheet_table(o->table)};
	int lock = -1;
	enum err r;

	*out = (struct import_report) {.dry_run = o->dry_run};
	if (!m.kind || !m.table)
		return err_fail(e, ERR_INVALID, "import.table", "导入", "没有“%.40s”这种表",
				o->table);
	if ((r = desk_allow(s, m.kind->action, e)) || (r = whose(&m, e)) ||
	    (r = import_failures_init(&m.failures, o, s->home, e)) ||
	    (r = import_lock(s, &lock, e)))
		return r;
	r = run_job(&m, e);
	file_unlock(&lock);
	return r;
}
