/* ui/transfer.h - files between the host and the person's own machine over the terminal line.
 *
 * sz and rz of lrzsz speak on the terminal itself: curses steps back, the program runs in the
 * foreground, curses comes back and repaints.  Inside tmux or screen the line belongs to the
 * multiplexer and the way is closed; then a ready scp line is offered.
 */
#ifndef KP_UI_TRANSFER_H
#define KP_UI_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* NULL when the files can be sent (received) over the line, else why not, in a word or two. */
const char *transfer_why_not_send(void);
const char *transfer_why_not_receive(void);
enum err transfer_send(const char *const *paths, size_t n, struct err_info *e);
/* Receives one file into a directory of our own; path[size] gets it.  The caller removes it. */
enum err transfer_receive(char *path, size_t size, struct err_info *e);
void transfer_received_remove(const char *path); /* with the directory */
/* "scp user@host:path ." for the other end; for a file to come: "scp FILE user@host:path". */
void transfer_scp_line(const char *path, bool fetch, char *out, size_t size);

#endif
