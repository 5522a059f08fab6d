/* ui/explain.h - from any failure, by one key: what it means, what to do (features F8, I4, N5).
 *
 * Explained is the message line where it says what went wrong, else what the `trouble` of the view
 * gives: the failure of the selected row, of the detail that is open. */
#ifndef KP_UI_EXPLAIN_H
#define KP_UI_EXPLAIN_H

#include <stdbool.h>

/* Opens the explanation; where nothing failed, a message says so. */
bool explain_show(void);
/* Is there something to be explained that the table knows? */
bool explain_knows(void);

#endif
