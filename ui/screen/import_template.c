/* import_template.c - an empty workbook of a table, under a name that is new. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/import.h"
#include "ui/screen/saved.h"

enum { TRIES = 100, FILE_NAME = 200, PATH_SIZE = HOME_PATH + 256 };

static const enum sheet_format FORMATS[] = {SHEET_XLSX, SHEET_CSV_BOM, SHEET_CSV_GBK};
static const char *const LINES[] = {"xlsx：有下拉选项、说明和样例", "CSV（UTF-8）", "CSV（GBK）",
				    NULL};
static struct {
	char label[64];
	const char *table;
	template_writer write;
} asked;

/* One that is being filled in stays: the next gets a number. */
static enum err write_template(enum sheet_format f, char path[PATH_SIZE], struct err_info *e)
{
	char files[HOME_PATH], folder[HOME_PATH], name[FILE_NAME], number[16] = "";
	enum err r = home_path(ui_session()->home, HOME_FILES, files, e);
	int i;

	if (!r)
		r = saved_folder(files, true, folder, e);
	for (i = 2; !r && i < TRIES; i++) {
		snprintf(name, sizeof(name), "%s导入模板%s%s", asked.label, number,
			 sheet_format_suffix(f));
		if (!file_join(path, PATH_SIZE, folder, name))
			return err_fail(e, ERR_INVALID, "file.path", folder, "路径太长");
		r = asked.write(asked.table, path, f, e);
		if (r != ERR_INVALID || strcmp(e->code, "file.exists") != 0)
			return r;
		err_clear(e);
		r = ERR_OK;
		snprintf(number, sizeof(number), "-%d", i);
	}
	return r ? r : err_fail(e, ERR_INVALID, "file.exists", folder, "模板太多，请删掉一些");
}

static void save(int i)
{
	char path[PATH_SIZE];
	struct err_info e = {0};

	if (write_template(FORMATS[i], path, &e))
		ui_error(&e);
	else
		view_push(&view_saved_ops,
			  &(struct saved_arg) {.title = "下载模板",
					       .note = "模板已存好，填好后用“批量导入”。",
					       .path = path});
}

void import_template_of(const char *label, const char *table, template_writer write)
{
	text_copy(asked.label, sizeof(asked.label), label);
	asked.table = table;
	asked.write = write;
	view_push(&view_choose_ops,
		  &(struct choose_arg) {.title = "下载模板", .lines = LINES, .then = save});
}

static enum err write_table(const char *table, const char *path, enum sheet_format f,
			    struct err_info *e)
{
	return desk_template(ui_session(), table, path, f, false, e);
}

void import_template(const char *table)
{
	import_template_of(desk_transfer_label(table), table, write_table);
}
