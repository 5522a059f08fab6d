/* ui/screen/import.h - 批量导入: a workbook into a catalogue (features G53, G66).
 *
 *   import.c        the view: form, steps, keys      import_report.c  how it ended
 *   import_files.c  completing the name of a file
 *
 * The unit is that of the session; another one can be chosen on the page.  The rows go in by a task
 * (ui/task.h) that goes on when the page is left.
 */
#ifndef KP_UI_SCREEN_IMPORT_H
#define KP_UI_SCREEN_IMPORT_H

#include "ui/view.h"

/* table: a name of desk_transfer_name. */
struct import_arg {
	const char *table;
};
extern const struct view_ops view_import_ops;

#endif
