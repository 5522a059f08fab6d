/* main.c - a verb, or the workstation when none is given on a terminal. */
#include <stdlib.h>
#include <unistd.h>

#include "base/process.h"
#include "cli/cli.h"
#include "ui/ui.h"

/* A script plays without a terminal. */
static int wants_screen(void)
{
	return getenv("KAIPIAO_SCRIPT") || (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
}

int main(int argc, char **argv)
{
	struct cli_place place;

	process_close_up();
	if (wants_screen() && cli_no_verb(argc, argv, &place))
		return ui_main(place.home, place.user, place.unit);
	cli_set_workstation(ui_main);
	cli_set_keys(ui_key_row);
	return cli_main(argc, argv);
}
