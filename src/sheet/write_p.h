/* write_p.h - what the writers of the formats share: where the bytes go, and the package check. */
#ifndef KP_SHEET_WRITE_P_H
#define KP_SHEET_WRITE_P_H

#include <limits.h>

#include "sheet/import.h"
#include "sheet/write.h"

/* ---- where a file goes (write_target.c) ---- */

struct target {
	char path[PATH_MAX], temp[PATH_MAX], folder[PATH_MAX];
	bool replace;
	bool stream;  /* standard output or a device: takes the bytes, has no name to be given */
	bool unnamed; /* temp leads to it all the same */
	int fd;       /* the temporary file */
};
/* Makes the temporary file: beside the path, for a stream in the folder of temporary files. */
enum err sheet_target_begin(struct target *t, const char *path, bool replace, struct err_info *e);
/* Gives the content its name, or sends it down the stream; the temporary file is gone. */
enum err sheet_target_end(struct target *t, struct err_info *e);
void sheet_target_drop(struct target *t);
/* Words for a failed write: a full disk and the like ERR_DAMAGED, a path the person can mend
 * ERR_INVALID. */
enum err sheet_target_fail(struct err_info *e, int errnum, const char *path);

/* ---- formats ---- */

struct sheet_writer {
	enum sheet_format format;
	struct target target;
	size_t count;
	bool *ids;
	struct csv_out *csv;
	struct xlsx_out *xlsx;
};

struct csv_out *sheet_csv_out_begin(int fd, enum sheet_format f);
enum err sheet_csv_out_row(struct csv_out *c, const struct target *t, const char *const *cells,
			   size_t count, const bool *ids, struct err_info *e);
enum err sheet_csv_out_end(struct csv_out **c, const struct target *t, struct err_info *e);
void sheet_csv_out_drop(struct csv_out **c);

/* A sheet to be written. */
struct sheet_plan {
	const char *name;
	const struct sheet_top *top; /* NULL: the titles alone */
	const struct sheet_head *heads;
	size_t count;
};
enum err sheet_xlsx_begin(const struct target *t, const struct sheet_plan *plan,
			  struct xlsx_out **out, struct err_info *e);
enum err sheet_xlsx_sheet(struct xlsx_out *x, const struct target *t, const struct sheet_plan *plan,
			  struct err_info *e);
enum err sheet_xlsx_row(struct xlsx_out *x, const struct target *t, const char *const *cells,
			struct err_info *e);
enum err sheet_xlsx_end(struct xlsx_out **x, const struct target *t, struct err_info *e);
void sheet_xlsx_drop(struct xlsx_out **x);

/* Is every part of the package whole?  libxlsxwriter does not notice a disk that is full while it
 * gathers a part. */
bool sheet_package_whole(const char *path);

/* ---- texts of cells (write_text.c) ---- */

enum { CELL_UNITS = 32767 }; /* UTF-16 units of a cell in xlsx */
struct cell_text {
	char *data; /* grown as needed, kept between cells */
	size_t size;
};
/* The text as a cell of a workbook may hold it: cut at CELL_UNITS, without characters XML has no
 * place for, _xHHHH_ masked.  Either text itself or t->data. */
const char *sheet_cell_xlsx(struct cell_text *t, const char *text);
/* A name a sheet may have, at most 31 characters, with " (part)" from the second part on. */
void sheet_safe_name(char out[128], const char *name, unsigned part);

#endif
