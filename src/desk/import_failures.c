/* import_failures.c - the failed rows as a workbook to mend and import again: the headings of the
 * file, its cells as they were, and the reason. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk/import_p.h"

enum { REASON_WIDTH = 60 };
#define SUFFIX     ".失败.xlsx"
#define STDIN_NAME "导入"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

enum err import_failures_init(struct import_failures *f, const struct import_options *o,
			      const char *home, struct err_info *e)
{
	const char *file = !strcmp(o->file, "-") ? STDIN_NAME : o->file;
	int n;

	*f = (struct import_failures) {.options = o, .home = home};
	if (o->failures)
		n = snprintf(f->usual, sizeof(f->usual), "%s", o->failures);
	else
		n = snprintf(f->usual, sizeof(f->usual), "%s" SUFFIX, file);
	if (n < 0 || (size_t)n >= sizeof(f->usual))
		return err_fail(e, ERR_INVALID, "file.path", file, "路径太长");
	if (same_file(f->usual, file)) {
		err_fail(e, ERR_INVALID, "import.failures", f->usual,
			 "失败的行不能写进要导入的文件");
		err_hint(e, "请用 --failures 指定另一个文件");
		return ERR_INVALID;
	}
	return ERR_OK;
}

/* Columns of the file as heads, without the reason of an earlier import. */
static size_t heads_of(struct import_failures *f, const struct sheet_table *t,
		       const struct sheet_import *sheet, struct sheet_head *heads)
{
	size_t i, n = 0;

	f->width = sheet_import_width(sheet);
	if (f->width > SHEET_WIDTH)
		f->width = SHEET_WIDTH;
	for (i = 0; i < f->width; i++) {
		const char *title = sheet_import_heading(sheet, i);
		int column = sheet_heading(t, title);

		f->keep[i] = !strstr(title, IMPORT_REASON_HEAD);
		if (!f->keep[i])
			continue;
		heads[n] = (struct sheet_head) {.title = title};
		if (column >= 0) {
			heads[n].width = t->columns[column].width;
			heads[n].id = t->columns[column].type == SHEET_ID;
		}
		n++;
	}
	heads[n++] = (struct sheet_head) {.title = IMPORT_REASON_HEAD, .width = REASON_WIDTH};
	return n;
}

static enum err begin(struct import_failures *f, const struct sheet_table *t,
		      const struct sheet_import *sheet, struct err_info *e)
{
	struct sheet_head heads[SHEET_WIDTH + 1];
	size_t n = heads_of(f, t, sheet, heads);
	struct err_info why = {0};
	int k;

	memcpy(f->path, f->usual, sizeof(f->path));
	if (!sheet_write_begin(f->path, SHEET_XLSX, true, t->title, heads, n, &f->writer, &why))
		return ERR_OK;
	/* A directory one may only read from, for instance: then at home.  Where the person has
	 * named a place it is that place or none. */
	k = snprintf(f->path, sizeof(f->path), "%s/%s", f->home, base_name(f->usual));
	if (f->options->failures || k < 0 || (size_t)k >= sizeof(f->path)) {
		if (e)
			*e = why;
		return why.class;
	}
	return sheet_write_begin(f->path, SHEET_XLSX, true, t->title, heads, n, &f->writer, e);
}

enum err import_failures_add(struct import_failures *f, const struct sheet_table *t,
			     const struct sheet_import *sheet, const struct import_row *row,
			     struct err_info *e)
{
	const char *cells[SHEET_WIDTH + 1];
	size_t i, n = 0;
	enum err r;

	if (!f->writer && (r = begin(f, t, sheet, e)))
		return r;
	for (i = 0; i < f->width; i++) {
		if (f->keep[i])
			cells[n++] = i < row->raw_count ? row->raw[i] : "";
	}
	cells[n] = row->fault;
	return sheet_write_row(f->writer, cells, e);
}

enum err import_failures_end(struct import_failures *f, struct err_info *e)
{
	return f->writer ? sheet_write_end(&f->writer, e) : ERR_OK;
}

void import_failures_drop(struct import_failures *f)
{
	if (f->writer)
		sheet_write_drop(&f->writer);
}

void import_failures_clean(const struct import_failures *f)
{
	/* Only a name of our own making is ours to remove. */
	if (!f->options->failures)
		unlink(f->usual);
}
