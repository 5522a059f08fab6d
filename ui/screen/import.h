/* ui/screen/import.h - 批量导入: a workbook into a catalogue (features G53, G66).
 *
 *   import.c        the page: what, whose, which file      import_files.c     names of files
 *   import_run.c    the work, in a task                    import_report.c    how it ended
 *   import_template.c  the empty workbook to fill in       import_source.c   where files come from
 *
 * On the page a unit can be chosen; from then on it is the session's.  The page makes way for the
 * task (ui/task.h), which goes on in the background if wanted, and that for the report; closing the
 * report leads back to the list.
 */
#ifndef KP_UI_SCREEN_IMPORT_H
#define KP_UI_SCREEN_IMPORT_H

#include "ui/view.h"

/* table: a name of desk_transfer_name. */
struct import_arg {
	const char *table;
};
extern const struct view_ops view_import_ops;

/* Asks what is to be imported, then opens the page. */
void import_choose(void);
/* Asks for the kind of file, writes an empty workbook of the table and says where it is. */
void import_template(const char *table);
/* The same of anything else: `write` makes the file, ERR_INVALID "file.exists" where one is. */
typedef enum err (*template_writer)(const char *table, const char *path, enum sheet_format f,
				    struct err_info *e);
void import_template_of(const char *label, const char *table, template_writer write);

#endif
