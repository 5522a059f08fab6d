/* import_template.c - an empty workbook of a table, under a name that is new. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/import.h"
#include "ui/screen/saved.h"

enum { STEM = 100, FILE_NAME = 200, PATH_SIZE = HOME_PATH + 256 };

static const enum sheet_format FORMATS[] = {SHEET_XLSX, SHEET_CSV_BOM, SHEET_CSV_GBK};
static const char *const LINES[] = {"xlsx：有下拉选项、说明和样例", "CSV（UTF-8）", "CSV（GBK）",
				    NULL};
static const char *asked;

static enum err write_template(enum sheet_format f, char path[PATH_SIZE], struct err_info *e)
{
	char files[HOME_PATH], folder[HOME_PATH], stem[STEM], name[FILE_NAME];
	enum err r = home_path(ui_session()->home, HOME_FILES, files, e);

	if (r || (r = saved_folder(files, true, folder, e)))
		return r;
	snprintf(stem, sizeof(stem), "%.60s模板", desk_transfer_label(asked));
	sheet_stamped_name(name, sizeof(name), stem, clock_now(), f);
	if (!file_join(path, PATH_SIZE, folder, name))
		return err_fail(e, ERR_INVALID, "file.path", folder, "路径太长");
	/* One that is being filled in stays. */
	return desk_template(ui_session(), asked, path, f, false, e);
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

void import_template(const char *table)
{
	asked = table;
	view_push(&view_choose_ops,
		  &(struct choose_arg) {.title = "下载模板", .lines = LINES, .then = save});
}
