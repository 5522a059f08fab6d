/* archive.c - the layout files of many invoices as one zip archive. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/records_p.h"
#include "sheet/archive.h"

enum { FORMATS_KEPT = PRINT_FORMATS, STEM = 64 };

struct archiving {
	struct records_walk walk;
	const struct archive_options *options;
	struct import_progress *progress;
	struct sheet_archive *archive;
	struct print_names *names;
	struct archive_report *report;
	bool formats[FORMATS_KEPT];
	char rule[NAMING_RULE + 1];
	struct buf file; /* the one in hand; its memory is kept */
};

enum err desk_naming_rule(struct session *s, char out[NAMING_RULE + 1], struct err_info *e)
{
	enum err r = store_setting_get(s->db, "files", "naming", "", out, NAMING_RULE + 1, e);

	if (!r && !*out)
		text_copy(out, NAMING_RULE + 1, print_naming_default);
	return r;
}

/* The month is the folder; without a date (a draft's preview) there is none. */
static void entry_name(const struct archiving *a, const struct invoice *inv, enum print_format f,
		       char out[NAMING_TEXT + 16])
{
	char suffix[16], name[NAMING_TEXT];

	snprintf(suffix, sizeof(suffix), ".%s", print_format_word(f));
	print_naming_make(a->rule, inv, suffix, name);
	print_naming_take(a->names, name);
	snprintf(out, NAMING_TEXT + 16, "%.7s/%s", inv->issued_at, name);
}

static enum err add_file(struct archiving *a, const struct invoice_record *r, enum print_format f,
			 struct err_info *e)
{
	char name[NAMING_TEXT + 16];
	int64_t at = 0;
	enum err rc;

	buf_reset(&a->file);
	if ((rc = invoice_render(a->walk.s, r, f, &a->file, e)))
		return rc;
	entry_name(a, &r->invoice, f, name);
	if (!datetime_parse(r->invoice.issued_at, &at))
		at = r->created_at;
	a->report->files++;
	return sheet_archive_add(a->archive, name, buf_str(&a->file), a->file.len,
				 f == PRINT_XML || f == PRINT_TEXT, at, e);
}

static enum err add_invoice(void *arg, int64_t id, struct err_info *e)
{
	struct archiving *a = arg;
	struct invoice_record r;
	enum err rc = records_get(&a->walk, id, true, &r, e);
	int f;

	if (rc)
		return rc;
	if (r.state != INVOICE_ISSUED) {
		a->report->skipped++;
	} else {
		for (f = 0; f < PRINT_FORMATS && !rc; f++) {
			if (a->formats[f])
				rc = add_file(a, &r, (enum print_format)f, e);
		}
		a->report->invoices++;
	}
	invoice_record_free(&r);
	return rc ? rc : records_step(a->progress, a->report->invoices, e);
}

/* ---- the whole ---- */

static enum err begin(void *arg, const char *path, struct err_info *e)
{
	struct archiving *a = arg;

	return sheet_archive_begin(path, a->options->replace, &a->archive, e);
}

static enum err begin_run(struct archiving *a, struct err_info *e)
{
	const struct archive_options *o = a->options;
	char stem[STEM] = "发票文件";

	if (o->path) {
		if (!text_copy(a->report->path, sizeof(a->report->path), o->path))
			return err_fail(e, ERR_INVALID, "file.path", "压缩包", "路径太长");
		return begin(a, o->path, e);
	}
	if (o->choice.month)
		snprintf(stem, sizeof(stem), "发票文件%.7s-", o->choice.month);
	return records_stamped(o->folder, stem, ".zip", begin, a, a->report->path, e);
}

static enum err choose(struct archiving *a, struct err_info *e)
{
	bool any = false;
	enum err r = ERR_OK;
	int f;

	for (f = 0; f < PRINT_FORMATS; f++)
		any |= a->formats[f] = a->options->formats[f];
	if (!any)
		a->formats[PRINT_PDF] = a->formats[PRINT_OFD] = a->formats[PRINT_XML] = true;
	if (!a->options->rule)
		r = desk_naming_rule(a->walk.s, a->rule, e);
	else if (!(r = print_naming_check(a->options->rule, e)))
		text_copy(a->rule, sizeof(a->rule), a->options->rule);
	return r;
}

static enum err nothing(const struct archiving *a, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "archive.empty", "压缩包",
		 a->report->skipped ? "所选的发票都没有开票成功，没有版式文件"
				    : "没有符合条件的发票");
	err_hint(e, "开票成功的发票才有版式文件");
	return ERR_INVALID;
}

static enum err run(struct archiving *a, struct err_info *e)
{
	int64_t total = 0;
	bool at_least = false;
	enum err r = choose(a, e);

	if (r || (r = records_count(&a->walk, &total, &at_least, e)))
		return r;
	/* Before a file is begun: a month without invoices leaves none. */
	if (!total && !at_least)
		return nothing(a, e);
	if (a->progress && !at_least)
		atomic_store(&a->progress->total, total);
	if ((r = begin_run(a, e)) || (r = records_each(&a->walk, add_invoice, a, e)))
		return r;
	if (!a->report->files)
		return nothing(a, e);
	a->report->bytes = sheet_archive_size(a->archive);
	return sheet_archive_end(&a->archive, e);
}

enum err desk_archive(struct session *s, const struct archive_options *o, struct import_progress *p,
		      struct archive_report *out, struct err_info *e)
{
	struct archiving a = {.options = o, .progress = p, .report = out};
	enum err r;

	memset(out, 0, sizeof(*out));
	buf_init(&a.file, PRINT_SIZE_MAX);
	a.names = print_naming_set();
	if (!(r = records_open(s, &o->choice, &a.walk, e)))
		r = run(&a, e);
	if (a.archive)
		sheet_archive_drop(&a.archive);
	records_close(&a.walk);
	print_naming_set_free(&a.names);
	buf_free(&a.file);
	return r;
}
