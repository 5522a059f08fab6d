/* import_failures.c - the failed rows as a workbook to mend and import again: its sheets as they
 * begin, the cells as they were, and the reason. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk/import_p.h"

enum { REASON_WIDTH = 60, NAMES_MAX = 1000 };
#define MARK       ".失败"
#define ENDING     ".xlsx"
#define STDIN_NAME "导入"

/* ---- its name ---- */

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

/* A file of ours has this fraction of a second as its time: whoever changes the file changes that,
 * and what may hold somebody's work is never replaced or removed. */
enum { OURS_NSEC = 20260229 * 10 };

static bool is_ours(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_mtim.tv_nsec == OURS_NSEC;
}

static void mark_ours(const char *path)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_nsec = OURS_NSEC}};

	times[1].tv_sec = (time_t)clock_now();
	/* Where this fails the file counts as somebody's: it stays. */
	if (utimensat(AT_FDCWD, path, times, 0) != 0)
		log_write(LOG_WARN, "import", "no mark on %s: %s", path, strerror(errno));
}

/* Takes the ending off, and a number before it; 0: the text does not end so. */
static int take_number(char *stem, const char *ending)
{
	size_t n = strlen(stem), end = strlen(ending), digits;
	int number = 1;

	if (n <= end || strcmp(stem + n - end, ending) != 0)
		return 0;
	n -= end;
	stem[n] = 0;
	for (digits = 0; digits < n && isdigit((unsigned char)stem[n - 1 - digits]); digits++)
		;
	if (digits && digits < 4 && digits + 1 < n && stem[n - 1 - digits] == '-') {
		number = (int)strtol(stem + n - digits, NULL, 10);
		stem[n - 1 - digits] = 0;
	}
	return number;
}

/* X.xlsx fails into X.xlsx.失败.xlsx, that one into X.xlsx.失败-2.xlsx ... */
static bool make_stem(struct import_failures *f, const char *file)
{
	char stem[sizeof(f->stem)];
	size_t mark = strlen(MARK), n;
	int number;

	f->first = 1;
	f->ending = ENDING;
	if (f->options->failures) {
		if (!text_copy(f->stem, sizeof(f->stem), file))
			return false;
		n = strlen(f->stem);
		if (n > strlen(ENDING) && !strcmp(f->stem + n - strlen(ENDING), ENDING))
			f->stem[n - strlen(ENDING)] = 0;
		else
			f->ending = "";
		return true;
	}
	if (!text_copy(stem, sizeof(stem), file))
		return false;
	number = take_number(stem, ENDING);
	n = strlen(stem);
	if (number && n > mark && !strcmp(stem + n - mark, MARK)) {
		f->first = number + 1;
		return text_copy(f->stem, sizeof(f->stem), stem);
	}
	n = (size_t)snprintf(f->stem, sizeof(f->stem), "%s" MARK, file);
	return n < sizeof(f->stem);
}

static bool make_name(const struct import_failures *f, const char *folder, int number,
		      char out[sizeof(f->path)])
{
	const char *stem = *folder ? base_name(f->stem) : f->stem;
	char suffix[16] = "";
	int n;

	if (number > 1)
		snprintf(suffix, sizeof(suffix), "-%d", number);
	n = snprintf(out, sizeof(f->path), "%s%s%s%s%s", folder, *folder ? "/" : "", stem, suffix,
		     f->ending);
	return n >= 0 && (size_t)n < sizeof(f->path);
}

/* The first name that is free, or a file of ours. */
static bool choose_name(struct import_failures *f, const char *folder)
{
	struct stat st;
	int k;

	for (k = f->first; k < NAMES_MAX; k++) {
		if (!make_name(f, folder, k, f->path))
			return false;
		if (stat(f->path, &st) != 0 || is_ours(&st) || !S_ISREG(st.st_mode))
			return true;
	}
	return false;
}

static enum err too_long(const char *file, struct err_info *e)
{
	return err_fail(e, ERR_INVALID, "file.path", file, "路径太长");
}

enum err import_failures_init(struct import_failures *f, const struct import_options *o,
			      const char *home, struct err_info *e)
{
	const char *file = !strcmp(o->file, "-") ? STDIN_NAME : o->file;

	*f = (struct import_failures) {.options = o, .home = home};
	if (!make_stem(f, o->failures ? o->failures : file) || !choose_name(f, ""))
		return too_long(file, e);
	if (o->failures && same_file(o->failures, file)) {
		err_fail(e, ERR_INVALID, "import.failures", o->failures,
			 "失败的行不能写进要导入的文件");
		err_hint(e, "请用 --failures 指定另一个文件");
		return ERR_INVALID;
	}
	return ERR_OK;
}

/* ---- its rows ---- */

/* Headings of the sheet as heads, and the reason: in the column it had after an earlier import,
 * else behind them. */
static size_t heads_of(struct import_failures *f, const struct sheet_table *t,
		       const struct sheet_part *part, struct sheet_head *heads)
{
	size_t i;

	f->reason = part->width;
	for (i = 0; i < part->width; i++) {
		const char *title = part->headings[i];
		int column = sheet_heading(t, title);

		heads[i] = (struct sheet_head) {.title = title};
		if (column >= 0) {
			heads[i].width = t->columns[column].width;
			heads[i].id =
			    t->columns[column].type == SHEET_ID || t->columns[column].digits;
		}
		if (f->reason == part->width && strstr(title, IMPORT_REASON_HEAD))
			f->reason = i;
	}
	if (f->reason < part->width)
		heads[f->reason].width = REASON_WIDTH;
	else
		heads[i++] =
		    (struct sheet_head) {.title = IMPORT_REASON_HEAD, .width = REASON_WIDTH};
	return i;
}

static enum err begin_file(struct import_failures *f, const char *sheet,
			   const struct sheet_head *heads, size_t n, struct err_info *e)
{
	const struct sheet_top *top = f->part->top;
	struct err_info why = {0};

	if (!choose_name(f, ""))
		return too_long(f->stem, e);
	if (!sheet_write_begin_below(f->path, top, sheet, heads, n, &f->writer, &why))
		return ERR_OK;
	/* A directory one may only read from, for instance: then at home.  Where the person has
	 * named a place it is that place or none. */
	if (f->options->failures || !choose_name(f, f->home)) {
		if (e)
			*e = why;
		return why.class;
	}
	return sheet_write_begin_below(f->path, top, sheet, heads, n, &f->writer, e);
}

enum err import_failures_sheet(struct import_failures *f, const struct sheet_table *t,
			       const struct sheet_part *part, struct err_info *e)
{
	struct sheet_head heads[SHEET_WIDTH + 1];
	const char *name = *part->name ? part->name : t->title;
	size_t n = heads_of(f, t, part, heads);

	f->part = part;
	return f->writer ? sheet_write_sheet_below(f->writer, part->top, name, heads, n, e)
			 : begin_file(f, name, heads, n, e);
}

enum err import_failures_add(struct import_failures *f, const struct sheet_table *t,
			     const struct import_row *row, struct err_info *e)
{
	const char *cells[SHEET_WIDTH + 1];
	const struct sheet_part *part = row->part;
	size_t i;
	enum err r;

	if (part != f->part && (r = import_failures_sheet(f, t, part, e)))
		return r;
	for (i = 0; i < part->width; i++) {
		bool stale = strstr(part->headings[i], IMPORT_REASON_HEAD);

		cells[i] = i < row->raw_count && !stale ? row->raw[i] : "";
	}
	cells[f->reason] = row->fault;
	return sheet_write_row(f->writer, cells, e);
}

enum err import_failures_end(struct import_failures *f, struct err_info *e)
{
	enum err r;

	if (!f->writer)
		return ERR_OK;
	if (!(r = sheet_write_end(&f->writer, e)))
		mark_ours(f->path);
	return r;
}

void import_failures_drop(struct import_failures *f)
{
	if (f->writer)
		sheet_write_drop(&f->writer);
}

void import_failures_clean(const struct import_failures *f)
{
	char path[sizeof(f->path)];
	struct stat st;
	int k;

	/* Only a name of our own making is ours to remove. */
	if (f->options->failures)
		return;
	for (k = f->first; make_name(f, "", k, path) && stat(path, &st) == 0; k++) {
		if (is_ours(&st))
			unlink(path);
	}
}
