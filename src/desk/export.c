/* export.c - catalogues and lists as workbooks (features G52, G65, G68, M6). */
#include <stdio.h>
#include <string.h>

#include "desk/export_p.h"
#include "store/snapshot.h"

enum { STAMP_TRIES = 60, NAME = 200 };

static const struct export_kind *const KINDS[] = {&export_buyers, &export_goods, &export_codes,
						  &export_types};

enum err export_put(struct export *x, const char *const *cells, struct err_info *e)
{
	const char *row[SHEET_COLUMNS] = {NULL};
	size_t i;

	for (i = 0; x->kind->keys[i]; i++) {
		if (x->columns[i] >= 0)
			row[x->columns[i]] = cells[i];
	}
	x->rows++;
	if (x->progress) {
		atomic_store(&x->progress->rows, x->rows);
		atomic_store(&x->progress->done, x->rows);
		if (atomic_load(&x->progress->cancel))
			return err_fail(e, ERR_INVALID, "export.cancelled", "导出", "已取消");
	}
	return sheet_write_row(x->writer, row, e);
}

/* ---- where to ---- */

static enum err begin_at(struct export *x, const struct sheet_table *t, const char *path,
			 struct err_info *e)
{
	struct sheet_head heads[SHEET_COLUMNS];
	size_t n = sheet_table_heads(t, heads);

	return sheet_write_begin(path, x->options->format, x->options->replace, t->title, heads, n,
				 &x->writer, e);
}

/* A name with the time; one that is taken by an export of the same second takes the next. */
static enum err begin_stamped(struct export *x, const struct sheet_table *t, char *path,
			      size_t size, struct err_info *e)
{
	const char *folder = x->options->folder ? x->options->folder : ".";
	struct err_info why = {0};
	char name[NAME];
	enum err r = ERR_INVALID;
	int i;

	for (i = 0; i < STAMP_TRIES; i++) {
		sheet_stamped_name(name, sizeof(name), t->file, clock_now() + i,
				   x->options->format);
		if (!file_join(path, size, folder, name))
			return err_fail(e, ERR_INVALID, "file.path", folder, "路径太长");
		r = begin_at(x, t, path, &why);
		if (r != ERR_INVALID || strcmp(why.code, "file.exists") != 0)
			break;
	}
	if (r && e)
		*e = why;
	return r;
}

static enum err begin(struct export *x, const struct sheet_table *t, char *path, size_t size,
		      struct err_info *e)
{
	if (!x->options->path)
		return begin_stamped(x, t, path, size, e);
	if (!text_copy(path, size, x->options->path))
		return err_fail(e, ERR_INVALID, "file.path", "导出", "路径太长");
	return begin_at(x, t, path, e);
}

static const struct export_kind *kind_of(const char *table)
{
	size_t i;

	for (i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		if (!strcmp(KINDS[i]->table, table))
			return KINDS[i];
	}
	return NULL;
}

static enum err unknown_table(const char *table, struct err_info *e)
{
	return err_fail(e, ERR_INVALID, "export.table", "导出", "没有“%.40s”这种表", table);
}

static enum err settle_unit(struct session *s, struct err_info *e)
{
	struct unit u;
	enum err r = desk_unit(s, &u, e);

	if (!r)
		unit_free(&u);
	return r;
}

/* A row that is changed meanwhile would move to a page that is done. */
static enum err rows_of_one_moment(struct export *x, struct err_info *e)
{
	struct rows *hold;
	enum err r = store_snapshot_begin(x->s->db, &hold, e);

	if (r)
		return r;
	r = x->kind->each(x, e);
	store_snapshot_end(&hold);
	return r;
}

enum err desk_export(struct session *s, const struct export_options *o, struct import_progress *p,
		     int64_t *rows, char *path, struct err_info *e)
{
	const struct sheet_table *t = sheet_table(o->table);
	struct export x = {.s = s, .options = o, .progress = p, .kind = kind_of(o->table)};
	size_t i;
	enum err r;

	if (!x.kind || !t)
		return unknown_table(o->table, e);
	for (i = 0; x.kind->keys[i]; i++)
		x.columns[i] = sheet_column(t, x.kind->keys[i]);
	/* Whose it is may have to be remembered, and that before the moment of reading. */
	if ((r = desk_allow(s, DESK_VIEW, e)) || (x.kind->of_unit && (r = settle_unit(s, e))) ||
	    (r = begin(&x, t, path, HOME_PATH + 256, e)))
		return r;
	if ((r = rows_of_one_moment(&x, e))) {
		sheet_write_drop(&x.writer);
		return r;
	}
	*rows = x.rows;
	return sheet_write_end(&x.writer, e);
}

enum err desk_template(struct session *s, const char *table, const char *path, enum sheet_format f,
		       bool replace, struct err_info *e)
{
	const struct sheet_table *t = sheet_table(table);
	enum err r = desk_allow(s, DESK_VIEW, e);

	if (r)
		return r;
	return t ? sheet_template(t, path, f, replace, e) : unknown_table(table, e);
}

enum err desk_export_rows(struct session *s, const char *path, enum sheet_format f,
			  const char *sheet, const struct sheet_head *heads, size_t n,
			  export_row row, void *arg, int64_t *rows, struct err_info *e)
{
	const char *cells[SHEET_WIDTH];
	struct sheet_writer *w = NULL;
	enum err r = desk_allow(s, DESK_VIEW, e);

	*rows = 0;
	if (r)
		return r;
	if (n > SHEET_WIDTH)
		return err_fail(e, ERR_INTERNAL, "export.width", "导出", "%zu 列太多", n);
	if ((r = sheet_write_begin(path, f, false, sheet, heads, n, &w, e)))
		return r;
	for (;;) {
		memset(cells, 0, sizeof(cells));
		if (!row(arg, cells))
			return sheet_write_end(&w, e);
		if ((r = sheet_write_row(w, cells, e))) {
			sheet_write_drop(&w);
			return r;
		}
		++*rows;
	}
}
