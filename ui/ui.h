/* ui/ui.h - facade of the ui room: the workstation.
 *
 * Purpose     A window on the store: screens, forms, lists, keys.  A clerk's key becomes an action,
 *             an action a call of desk; the engine works in its own thread.
 * Invariants  The UI thread alone touches the terminal and never waits for the network.  Drawing is
 *             four steps (sizes, content, paint, cursor) and one update per turn of the loop; text
 *             reaches cells only through draw.h (I8); work per key is bounded by what is on the
 *             screen (I9).  The terminal is restored on every way out, a crash included.
 * Ownership   struct ui owns the session, the view stack and the engine thread.
 *
 *   pure (no terminal)            key.h decode keys and paste · conf.h configuration lines ·
 *                                 action.h what can be done · keymap.h keys to actions ·
 *                                 options.h · line.h line editor · layout.h rectangles
 *   terminal                      term.h set up, restore, sizes · draw.h cells · theme.h faces
 *   widgets                       form.h · list.h · grid.h · picker.h · dialog.h
 *   program                       view.h the stack · loop.h · frame.h top and bottom lines ·
 *                                 worker.h engine thread · task.h long work in a thread ·
 *                                 transfer.h sz and rz · script.h player ·
 *                                 screen/ one file a screen
 */
#ifndef KP_UI_UI_H
#define KP_UI_UI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Opens the workstation on a home; returns the exit code of the contract.
 * user NULL: the OS user. */
int ui_main(const char *home, const char *user, const char *unit);

/* Row i of the key sheet, false past the end: place, keys, action, label, help.  Row 0 reads the
 * keys of the home; texts live until the next call. */
enum { UI_KEY_WORDS = 5 };
bool ui_key_row(const char *home, size_t i, const char *words[UI_KEY_WORDS]);

#endif
