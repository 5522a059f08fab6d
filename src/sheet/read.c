/* The facade of the readers: one way in for workbooks and separated text. */
#include "sheet/read.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "sheet/csv_p.h"
#include "sheet/kind_p.h"
#include "sheet/xlsx_p.h"
#include "sheet/zip_p.h"

#define FILE_MAX (INT64_C(4) << 30)

struct sheet_reader {
	int fd;
	int64_t size;
	char *what; /* the file, for the words of errors */
	size_t selected;
	/* A workbook ... */
	struct sheet_zip *zip;
	struct sheet_book *book;
	struct sheet_rows *rows;
	/* ... or separated text. */
	struct sheet_text *text;
	struct sheet_csv *csv;
};

/* The first sheet that shows, else the first. */
static size_t first_visible(const struct sheet_reader *r)
{
	size_t i;

	for (i = 0; i < sheet_count(r); i++) {
		if (!sheet_hidden(r, i))
			return i;
	}
	return 0;
}

static enum err open_book(struct sheet_reader *r, const atomic_bool *stop, struct err_info *e)
{
	enum err rc = sheet_zip_open(r->fd, r->size, r->what, &r->zip, e);

	if (!rc)
		sheet_zip_watch(r->zip, stop);
	if (!rc)
		rc = sheet_kind_package(r->zip, e);
	if (!rc)
		rc = sheet_book_open(r->zip, &r->book, e);
	return rc ? rc : sheet_select(r, first_visible(r), e);
}

static enum err open_text(struct sheet_reader *r, const atomic_bool *stop, struct err_info *e)
{
	enum err rc = sheet_text_open(r->fd, r->size, r->what, stop, &r->text, e);

	return rc ? rc : sheet_csv_open(r->text, &r->csv, e);
}

enum err sheet_open(const char *path, struct sheet_reader **out, struct err_info *e)
{
	return sheet_open_watched(path, NULL, out, e);
}

enum err sheet_open_watched(const char *path, const atomic_bool *stop, struct sheet_reader **out,
			    struct err_info *e)
{
	int64_t size;
	int fd = -1;
	enum err rc = file_open_watched(path, FILE_MAX, stop, &fd, &size, e);

	return rc ? rc
		  : sheet_open_fd(fd, size, !strcmp(path, "-") ? "标准输入" : path, stop, out, e);
}

enum err sheet_open_fd(int fd, int64_t size, const char *what, const atomic_bool *stop,
		       struct sheet_reader **out, struct err_info *e)
{
	struct sheet_reader *r = mem_zalloc(sizeof(*r));
	bool is_zip = false;
	enum err rc;

	r->fd = fd;
	r->size = size;
	r->what = mem_strdup(what);
	rc = sheet_kind(r->fd, r->size, r->what, &is_zip, e);
	if (!rc)
		rc = is_zip ? open_book(r, stop, e) : open_text(r, stop, e);
	if (rc) {
		sheet_close(&r);
		return rc;
	}
	*out = r;
	return ERR_OK;
}

void sheet_close(struct sheet_reader **rp)
{
	struct sheet_reader *r = *rp;

	if (!r)
		return;
	sheet_rows_close(&r->rows);
	sheet_book_close(&r->book);
	sheet_zip_close(&r->zip);
	sheet_csv_close(&r->csv);
	sheet_text_close(&r->text);
	if (r->fd >= 0)
		close(r->fd);
	free(r->what);
	free(r);
	*rp = NULL;
}

void sheet_stop(struct sheet_reader *r)
{
	if (r->zip)
		sheet_zip_stop(r->zip);
	else
		sheet_text_stop(r->text);
}

size_t sheet_count(const struct sheet_reader *r)
{
	return r->book ? sheet_book_count(r->book) : 1;
}

const char *sheet_name(const struct sheet_reader *r, size_t i)
{
	return r->book ? sheet_book_name(r->book, i) : "";
}

bool sheet_hidden(const struct sheet_reader *r, size_t i)
{
	return r->book && sheet_book_hidden(r->book, i);
}

enum err sheet_select(struct sheet_reader *r, size_t i, struct err_info *e)
{
	if (i >= sheet_count(r))
		return err_fail(e, ERR_INVALID, "sheet.absent", r->what, "没有第 %zu 个工作表",
				i + 1);
	if (!r->book)
		return sheet_csv_rewind(r->csv, e);
	sheet_rows_close(&r->rows);
	r->selected = i;
	return sheet_rows_open(r->book, i, &r->rows, e);
}

enum err sheet_next(struct sheet_reader *r, struct sheet_row *row, bool *end, struct err_info *e)
{
	if (r->csv)
		return sheet_csv_next(r->csv, row, end, e);
	if (!r->rows)
		return err_fail(e, ERR_INVALID, "sheet.absent", r->what, "没有可读的工作表");
	return sheet_rows_next(r->rows, row, end, e);
}

int64_t sheet_size(const struct sheet_reader *r, size_t i)
{
	return r->book ? sheet_zip_size(r->zip, sheet_book_part(r->book, i)) : r->size;
}

void sheet_progress(const struct sheet_reader *r, int64_t *done, int64_t *total)
{
	int64_t strings, loaded = 0;

	if (r->csv) {
		*done = sheet_text_done(r->text);
		*total = r->size;
	} else {
		strings = sheet_book_strings_size(r->book, &loaded);
		*total = strings + sheet_size(r, r->selected);
		*done = loaded + (r->rows ? sheet_rows_done(r->rows) : 0);
	}
	if (*total <= 0)
		*total = 1;
	if (*done > *total)
		*done = *total;
}
