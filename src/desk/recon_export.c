/* recon_export.c - the differences of a run as a workbook. */
#include <string.h>

#include "base/base.h"
#include "desk/recon.h"
#include "desk/records_p.h"

enum { PAGE = 500 };

static const struct sheet_head HEADS[] = {
    {"数电发票号码", 22, true}, {"差异", 18, false},     {"购买方名称", 30, false},
    {"价税合计", 16, false},    {"本机", 50, false},     {"税局", 50, false},
    {"内容", 12, false},        {"处理办法", 50, false}, {"状态", 10, false},
    {"处理说明", 40, false},
};
enum { COLUMNS = sizeof(HEADS) / sizeof(HEADS[0]) };

struct run_export {
	const struct recon_export *options;
	struct sheet_writer *writer;
	int64_t rows;
	struct err_info e;
};

static enum err put(void *arg, const struct recon_difference *d)
{
	static const char *const COMPARED[] = {"没有比对", "一致", "不同"};
	struct run_export *x = arg;
	char gross[FEN_TEXT];
	const char *cells[COLUMNS] = {d->number,
				      recon_kind_label(d->kind),
				      d->buyer,
				      d->kind == RECON_FIGURES ? "" : fen_format(d->gross, gross),
				      d->ours,
				      d->theirs,
				      COMPARED[d->compared],
				      recon_kind_mend(d->kind),
				      recon_state_label(d->state),
				      d->note};

	x->rows++;
	return sheet_write_row(x->writer, cells, &x->e);
}

static enum err begin(void *arg, const char *path, struct err_info *e)
{
	struct run_export *x = arg;

	return sheet_write_begin(path, x->options->format, x->options->replace, "对账差异", HEADS,
				 COLUMNS, &x->writer, e);
}

static enum err open_file(struct run_export *x, char path[HOME_PATH + 256], struct err_info *e)
{
	const struct recon_export *o = x->options;

	if (!o->path)
		return records_stamped(o->folder, "对账差异导出列表",
				       sheet_format_suffix(o->format), begin, x, path, e);
	if (!text_copy(path, HOME_PATH + 256, o->path))
		return err_fail(e, ERR_INVALID, "file.path", "导出", "路径太长");
	return begin(x, path, e);
}

enum err desk_recon_export(struct session *s, const struct recon_export *o, int64_t *rows,
			   char path[HOME_PATH + 256], struct err_info *e)
{
	struct run_export x = {.options = o};
	struct difference_filter f = {.run = o->run, .all = o->all, .limit = PAGE};
	struct recon_run run;
	int64_t job, total;
	enum err r;

	if ((r = desk_recon_get(s, o->run, &run, &job, e)))
		return r;
	if (!strcmp(run.state, "running"))
		return desk_recon_verdict(s, &run, e);
	if ((r = open_file(&x, path, e)))
		return r;
	do {
		r = desk_recon_differences(s, &f, put, &x, &f.cursor, &total, e);
		if (r && x.e.class && e)
			*e = x.e;
	} while (!r && f.cursor);
	if (r)
		sheet_write_drop(&x.writer);
	else
		r = sheet_write_end(&x.writer, e);
	*rows = x.rows;
	return r;
}
