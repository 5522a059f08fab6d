/* v_explain.c - what a message or code of the tax side means and what to do. */
#include "cli/cli_p.h"

static const struct column ADVICE[] = {
    {"pattern", "代码或原文", COLUMN_TEXT, 0},
    {"cause", "原因", COLUMN_TEXT, 0},
    {"advice", "处理办法", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_advice = {"explain", ADVICE};

enum err verb_explain(struct cli *c)
{
	const struct tax_advice *a;
	struct grid g;
	size_t i;

	cli_grid_init(&g, &shape_advice);
	for (i = 0; (a = tax_advice(c->args[0], i)); i++) {
		cli_grid_text(&g, a->pattern);
		cli_grid_text(&g, a->cause);
		cli_grid_text(&g, a->advice);
		cli_say(c, "%s", a->pattern);
		cli_say(c, "  原因：%s", a->cause);
		cli_say(c, "  处理：%s", a->advice);
	}
	if (c->json)
		cli_grid_print_page(c, &g, (int64_t)i, false, "");
	else if (!i)
		cli_say(c,
			"没有找到与“%.80s”相符的条目；请带上 kaipiao log export "
			"的记录联系主管税务机关",
			c->args[0]);
	cli_grid_free(&g);
	return ERR_OK;
}
