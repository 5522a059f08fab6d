/* cli/cli.h - facade of the cli room: the command line.
 *
 * Purpose     `kaipiao VERB ...` does one thing and exits.  Verbs are rows of one table; help,
 *             usage and the list of JSON keys are made from the same rows.  A verb parses its
 *             arguments, calls desk, lets sync work where it has to wait, and prints text or one
 * JSON document. Invariants  Exit codes are the error classes of base/err.h.  Standard output
 *             carries results only; sentences about faults go to standard error (and, with --json,
 *             into the document too). Text of the tax side and of files is made visible before it
 *             reaches the terminal (I8). A reader that goes away ends the output silently.
 * Ownership   Nothing outlives cli_main.
 */
#ifndef KP_CLI_CLI_H
#define KP_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

/* Runs one verb; returns the exit code. */
int cli_main(int argc, char **argv);

/* Where the workstation is to be opened, from the global options; texts are argv's. */
struct cli_place {
	const char *user, *unit; /* NULL: not given */
	char home[1024];
};
/* True when the command line is right and names no verb: *out is filled and the clock has started.
 * Otherwise (also with --json) the run is cli_main's. */
bool cli_no_verb(int argc, char **argv, struct cli_place *out);

/* What `demo` opens on a terminal once the practice home is ready; returns an exit code.  Given by
 * main, because this room knows no screen. */
typedef int (*cli_workstation)(const char *home, const char *user, const char *unit);
void cli_set_workstation(cli_workstation open);

/* Row i of the workstation's keys for `help keys`, false past the end: place, keys, action, label,
 * help.  Given by main too. */
enum { CLI_KEY_WORDS = 5 };
typedef bool (*cli_key_row)(const char *home, size_t i, const char *words[CLI_KEY_WORDS]);
void cli_set_keys(cli_key_row row);

/* What `help` says, row by row, for the manual page; false past the end.  The words are static. */
struct cli_doc_verb {
	const char *verb, *sub; /* sub NULL: the verb stands alone */
	const char *synopsis, *help;
};
bool cli_doc_verb(size_t i, struct cli_doc_verb *out);
struct cli_doc_option {
	const char *dashes, *name, *arg, *help; /* arg NULL: a flag */
};
#define CLI_DOC_GLOBAL ((size_t)-1) /* the options in front of the verb */
bool cli_doc_option(size_t verb, size_t i, struct cli_doc_option *out);

#endif
