#include "print/rows_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "print/sheet_p.h"
#include "tax/validate.h"

/* Cuts the next wrapped row off *rest. */
static struct slice cut(struct slice *rest, double em)
{
	struct slice row = {rest->s, 0};
	size_t skip = 0;

	if (rest->n)
		row.n = text_row(FONT_SONG, rest->s, rest->n, em, &skip);
	rest->s += row.n + skip;
	rest->n -= row.n + skip;
	return row;
}

static void add_row(struct item_rows *t, struct item_row row)
{
	if (t->count == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 64;
		t->rows = mem_realloc(t->rows, t->cap * sizeof(*t->rows));
	}
	t->rows[t->count++] = row;
}

static struct slice slice_of(const char *s)
{
	return (struct slice) {s ? s : "", s ? strlen(s) : 0};
}

static void wrap_source(struct item_rows *t, size_t index, double name_em, double spec_em,
			double unit_em)
{
	const struct item_source *src = &t->sources[index];
	/* A discount row repeats the name alone. */
	bool discount = src->row.nature == ROW_DISCOUNT;
	struct slice name = slice_of(src->name);
	struct slice spec = slice_of(discount ? "" : src->row.line->spec);
	struct slice unit = slice_of(discount ? "" : src->row.line->unit);
	bool first = true;

	for (; first || name.n || spec.n || unit.n; first = false) {
		struct item_row row = {.source = index, .first = first};

		row.name = cut(&name, name_em);
		row.spec = cut(&spec, spec_em);
		row.unit = cut(&unit, unit_em);
		add_row(t, row);
	}
}

void item_rows_make(struct item_rows *t, const struct invoice *inv, double name_em, double spec_em,
		    double unit_em)
{
	struct tax_row row;
	size_t cursor = 0, i;

	memset(t, 0, sizeof(*t));
	t->sources = mem_zalloc(tax_row_count(inv) * sizeof(*t->sources));
	while (tax_row_next(inv, &cursor, &row)) {
		t->sources[t->source_count].row = row;
		t->sources[t->source_count++].name = tax_line_full_name(row.line);
	}
	for (i = 0; i < t->source_count; i++)
		wrap_source(t, i, name_em, spec_em, unit_em);
}

void item_rows_free(struct item_rows *t)
{
	size_t i;

	for (i = 0; i < t->source_count; i++)
		free(t->sources[i].name);
	free(t->sources);
	free(t->rows);
	memset(t, 0, sizeof(*t));
}

void item_rows_sum(const struct item_rows *t, size_t first, size_t n, int64_t *net, int64_t *tax)
{
	size_t i;

	*net = *tax = 0;
	for (i = first; i < first + n && i < t->count; i++) {
		const struct tax_row *r = &t->sources[t->rows[i].source].row;

		if (!t->rows[i].first)
			continue;
		*net += r->net_fen;
		*tax += r->tax_fen;
	}
}
