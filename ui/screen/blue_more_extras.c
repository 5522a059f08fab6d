/* blue_more_extras.c - 附加要素: what the parties want to have on the invoice besides. */
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"
#include "ui/screen/blue_more_p.h"

enum { E_NAME = 1, E_TYPE, E_VALUE };

static const struct field NO_FIELDS[] = {{.id = 0}};

static const struct grid_column EXTRA_COLUMNS[] = {
    {.id = E_NAME,
     .label = "名称",
     .width = 20,
     .wide_width = 30,
     .max_chars = 200,
     .help = "附加要素的名称，如 合同号、项目地点；印在备注里，也写进 XML。"},
    {.id = E_TYPE,
     .label = "类型",
     .width = 12,
     .wide_width = 16,
     .max_chars = 200,
     .help = "类型，可不填。"},
    {.id = E_VALUE,
     .label = "内容",
     .width = 34,
     .wide_width = 50,
     .max_chars = 200,
     .help = "附加要素的内容，最多 200 个字。"},
    {.id = 0},
};

/* What was typed, by column; the order of extra_texts. */
static const struct {
	int column;
	size_t offset;
} TEXTS[] = {{E_NAME, offsetof(struct extra_element, name)},
	     {E_TYPE, offsetof(struct extra_element, type)},
	     {E_VALUE, offsetof(struct extra_element, value)}};
enum { TEXT_COUNT = sizeof(TEXTS) / sizeof(TEXTS[0]) };

static char **slot(struct extra_element *x, size_t i)
{
	return (char **)(void *)((char *)x + TEXTS[i].offset);
}

static void extras_changed(struct grid *g, int first, int last)
{
	for (; first <= last && first < g->count; first++) {
		free(g->rows[first].error);
		g->rows[first].error = NULL;
	}
}

static const struct grid_hooks EXTRA_HOOKS = {.changed = extras_changed};

static bool row_blank(const struct grid *g, int row)
{
	size_t i;

	for (i = 0; i < TEXT_COUNT; i++) {
		if (*grid_get(g, row, TEXTS[i].column))
			return false;
	}
	return true;
}

static void show_extras(struct more *m)
{
	size_t i, k;

	for (i = 0; i < m->inv.extra_count; i++) {
		for (k = 0; k < TEXT_COUNT; k++)
			grid_set(&m->grid, (int)i, TEXTS[k].column, *slot(&m->inv.extras[i], k));
	}
	grid_focus(&m->grid, 0, E_NAME);
}

static void live_extras(const struct more *m, char out[200])
{
	int row, n = 0;

	for (row = 0; row < m->grid.count; row++)
		n += !row_blank(&m->grid, row);
	snprintf(out, 200, "附加要素 %d 项", n);
}

static bool read_extras(struct more *m)
{
	int row;
	size_t k;

	invoice_clear_extras(&m->inv);
	for (row = 0; row < m->grid.count; row++) {
		struct extra_element *x;

		if (row_blank(&m->grid, row))
			continue;
		x = invoice_add_extra(&m->inv);
		for (k = 0; k < TEXT_COUNT; k++)
			more_take(slot(x, k), grid_get(&m->grid, row, TEXTS[k].column));
		if (!*x->name)
			return more_fail_cell(m, row, E_NAME,
					      "附加要素：没有写名称，填上或用 Ctrl-D 删去这一行");
	}
	return true;
}

static const struct more_place EXTRA_PLACES[] = {{.path = NULL}};
static const struct more_place EXTRA_CELLS[] = {
    {"name", E_NAME}, {"type", E_TYPE}, {"value", E_VALUE}, {.path = NULL}};
static const char *const EXTRA_PATHS[] = {"extras", NULL};

const struct more_part more_extras = {
    .title = "附加要素",
    .fields = NO_FIELDS,
    .columns = EXTRA_COLUMNS,
    .hooks = &EXTRA_HOOKS,
    .rows_path = "extras",
    .places = EXTRA_PLACES,
    .cells = EXTRA_CELLS,
    .show = show_extras,
    .read = read_extras,
    .live = live_extras,
    .paths = EXTRA_PATHS,
};
