/* ui/script.h - the built-in player: KAIPIAO_SCRIPT=FILE drives the program without a terminal.
 *
 *     size ROWS COLS           key NAME [NAME...]        type TEXT to the end of the line
 *     paste "TEXT" (\n \t)     wait screen NAME          wait state WORD        wait text WORDS
 *     dump FILE                dump-cursor FILE          resize ROWS COLS       hangup
 *     sleep-until-idle         wait no-text WORDS        quit
 * Empty lines and lines beginning with '#' say nothing.  `dump` writes every row of the screen,
 * `dump-cursor` "ROW COL" of the cursor or "hidden".  `wait` is on state, at most 20 s, else the
 * script fails with exit 70 and the screen on stderr.  The clock is KAIPIAO_NOW ("=" in front holds
 * it). Without a script these functions do nothing.
 */
#ifndef KP_UI_SCRIPT_H
#define KP_UI_SCRIPT_H

#include "ui/key.h"
#include "ui/view.h"

bool script_active(void);
enum err script_open(const char *file, struct err_info *e);
void script_close(void);
/* Size asked for by the first line. */
void script_size(int *rows, int *cols);
/* What comes next, called when the program is idle after a paint.  SCRIPT_BYTES: feed the bytes. */
enum script_step {
	SCRIPT_WAIT,
	SCRIPT_BYTES,
	SCRIPT_RESIZE,
	SCRIPT_HANGUP,
	SCRIPT_END,
	SCRIPT_FAILED
};
enum script_step script_next(const char **bytes, size_t *n, int *rows, int *cols);

#endif
