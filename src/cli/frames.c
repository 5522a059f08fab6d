/* frames.c - what verbs have in common: a page of a list, one row, results, waiting. */
#include <stdio.h>
#include <string.h>

#include "cli/cli_p.h"

const char *cli_unit_asked(const struct cli *c, char out[CLI_UNIT])
{
	const char *own = cli_option(c, "unit"), *unit = own ? own : c->unit;

	if (!unit || !c->env || strchr(unit, '@'))
		return unit;
	snprintf(out, CLI_UNIT, "%s@%s", unit, c->env);
	return out;
}

enum err cli_list(struct cli *c, const struct shape *shape, enum list_total total, list_fn fill)
{
	struct cli_list l = {.c = c, .limit = LIST_DEFAULT};
	char cursor[24];
	enum err r = total == TOTAL_ROWS ? ERR_OK : cli_paging(c, &l.limit, &l.cursor);

	if (r)
		return r;
	cli_grid_init(&l.grid, shape);
	if (!(r = fill(&l))) {
		if (total == TOTAL_ROWS)
			l.total = (int64_t)cli_grid_rows(&l.grid);
		else if (total == TOTAL_CAPPED)
			l.at_least = l.total >= DESK_COUNT_CAP;
		cli_grid_print_page(c, &l.grid, l.total, l.at_least, cursor_text(l.next, cursor));
		if (*l.note && c->json) /* the document stands open */
			json_put(&c->doc, "note", l.note);
		else if (*l.note)
			cli_say(c, "%s", l.note);
	}
	cli_grid_free(&l.grid);
	return r;
}

void cli_one(struct cli *c, struct grid *g)
{
	cli_grid_print_one(c, g);
	cli_grid_free(g);
}

void cli_results(struct cli *c, const struct grid *g)
{
	struct json_out o;

	if (!c->json) {
		cli_grid_table(c, g);
		return;
	}
	cli_document(c, &o);
	cli_grid_put_rows(&o, "results", g);
	cli_document_end(c, &o);
}

void cli_removed(struct cli *c, const char *said)
{
	struct json_out o;

	cli_say(c, "%s%s", said, c->args[0]);
	if (!c->json)
		return;
	cli_document(c, &o);
	json_put(&o, "removed", c->args[0]);
	cli_document_end(c, &o);
}

enum err cli_finish(struct cli *c, enum err started, struct desk_wait *w)
{
	enum err r = started ? started : cli_wait_jobs(c, w);

	desk_wait_free(w);
	return r;
}
