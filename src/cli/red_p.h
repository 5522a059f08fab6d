/* cli/red_p.h - between the files of the red letters. */
#ifndef KP_CLI_RED_P_H
#define KP_CLI_RED_P_H

#include "cli/cli_p.h"

/* Prints the letter as it stands now, and returns how its application or action stands. */
enum err cli_red_tell(struct cli *c, int64_t id);
/* Whether jobs that brought letters in, and were waited for, got all; says what they noted. */
enum err cli_red_complete(struct cli *c, const struct desk_wait *w);
/* Rows of shape_red_lines. */
void cli_red_lines(struct grid *g, const struct red_letter *l);

#endif
