/* doc.c - the table of verbs as others may read it. */
#include "cli/cli.h"
#include "cli/cli_p.h"

static size_t verb_count(void)
{
	size_t n = 0;

	while (cli_actions[n].verb)
		n++;
	return n;
}

bool cli_doc_verb(size_t i, struct cli_doc_verb *out)
{
	const struct action *a = &cli_actions[i];

	if (i >= verb_count())
		return false;
	*out = (struct cli_doc_verb) {
	    .verb = a->verb, .sub = a->sub, .synopsis = a->synopsis, .help = a->help};
	return true;
}

bool cli_doc_option(size_t verb, size_t i, struct cli_doc_option *out)
{
	const struct option *o = cli_globals;
	size_t k;

	if (verb != CLI_DOC_GLOBAL) {
		if (verb >= verb_count())
			return false;
		o = cli_actions[verb].options;
	}
	for (k = 0; o[k].name; k++) {
		if (k != i)
			continue;
		*out = (struct cli_doc_option) {
		    .dashes = o[k].name[1] ? "--" : "-",
		    .name = o[k].name,
		    .arg = o[k].arg,
		    .help = o[k].help,
		};
		return true;
	}
	return false;
}
