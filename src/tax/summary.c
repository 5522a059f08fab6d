/* summary.c - months and figures of 汇总确认. */
#include "tax/summary.h"

#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"

enum { DEADLINE_DAY = 13, URGENT_DAY = 10, DAY_S = 86400 };

static const struct {
	const char *label;
	size_t at;
	bool count;
} FIGURES[SUMMARY_FIGURES] = {
    {"蓝字数量", offsetof(struct summary_figures, blue_count), true},
    {"蓝字金额", offsetof(struct summary_figures, blue_net), false},
    {"蓝字税额", offsetof(struct summary_figures, blue_tax), false},
    {"红字数量", offsetof(struct summary_figures, red_count), true},
    {"红字金额", offsetof(struct summary_figures, red_net), false},
    {"红字税额", offsetof(struct summary_figures, red_tax), false},
};

const char *summary_label(int i)
{
	return FIGURES[i].label;
}

bool summary_is_count(int i)
{
	return FIGURES[i].count;
}

int64_t summary_figure(const struct summary_figures *f, int i)
{
	int64_t v;

	memcpy(&v, (const char *)f + FIGURES[i].at, sizeof(v));
	return v;
}

bool summary_equal(const struct summary_figures *a, const struct summary_figures *b)
{
	for (int i = 0; i < SUMMARY_FIGURES; i++)
		if (summary_figure(a, i) != summary_figure(b, i))
			return false;
	return true;
}

void summary_add(struct summary_figures *sum, const struct summary_figures *f, int sign)
{
	sum->blue_count += sign * f->blue_count;
	sum->blue_net += sign * f->blue_net;
	sum->blue_tax += sign * f->blue_tax;
	sum->red_count += sign * f->red_count;
	sum->red_net += sign * f->red_net;
	sum->red_tax += sign * f->red_tax;
}

static const char *figure_text(int i, int64_t v, char out[FEN_TEXT + 8])
{
	if (!FIGURES[i].count)
		return fen_format_grouped(v, out);
	snprintf(out, FEN_TEXT, "%lld", (long long)v);
	return out;
}

void summary_difference(const struct summary_figures *ours, const struct summary_figures *theirs,
			char *out, size_t size)
{
	size_t n = 0;

	*out = 0;
	for (int i = 0; i < SUMMARY_FIGURES; i++) {
		char one[160], a[FEN_TEXT + 8], b[FEN_TEXT + 8];
		int64_t x = summary_figure(ours, i), y = summary_figure(theirs, i);

		if (x == y)
			continue;
		snprintf(one, sizeof(one), "%s%s 本机 %s 税局 %s", n ? "；" : "", FIGURES[i].label,
			 figure_text(i, x, a), figure_text(i, y, b));
		if (n + strlen(one) >= size)
			return;
		text_copy(out + n, size - n, one);
		n += strlen(one);
	}
}

/* ---- months ---- */

bool summary_month_valid(const char *month)
{
	int year, m;

	return strlen(month) == MONTH_TEXT - 1 && month_parse(month, &year, &m);
}

/* First moment of the day of the month `by` months on. */
static int64_t moment(const char *month, int by, int day)
{
	struct datetime t = {.date = {.year = 1970, .month = 1, .day = 1}};

	month_parse(month, &t.date.year, &t.date.month);
	t.date = date_add_months(t.date, by);
	t.date.day = day;
	return date_unix(t);
}

const char *summary_month_add(const char *month, int by, char out[MONTH_TEXT])
{
	return month_text(moment(month, by, 1), out);
}

int64_t summary_begins(const char *month)
{
	return moment(month, 0, 1);
}

int64_t summary_over(const char *month)
{
	return moment(month, 1, 1);
}

int64_t summary_deadline(const char *month)
{
	return moment(month, 1, DEADLINE_DAY);
}

enum summary_time summary_time(const char *month, int64_t now)
{
	if (now < summary_over(month))
		return SUMMARY_EARLY;
	return now < summary_deadline(month) ? SUMMARY_TIME : SUMMARY_CLOSED;
}

bool summary_urgent(const char *month, int64_t now)
{
	return now >= moment(month, 1, URGENT_DAY) && now < summary_deadline(month);
}

/* ---- the edges ---- */

/* Counts it the other way. */
static void turn(struct summary_figures *sum, const struct summary_edge *x)
{
	summary_add(sum, &x->figures, x->inside ? -1 : 1);
}

static bool fits(const struct summary_figures *ours, const struct summary_figures *theirs,
		 const struct summary_edge *edges, size_t n, unsigned set)
{
	struct summary_figures sum = *ours;

	for (size_t i = 0; i < n; i++)
		if (set & 1u << i)
			turn(&sum, &edges[i]);
	return summary_equal(&sum, theirs);
}

static int fit_sets(const struct summary_figures *ours, const struct summary_figures *theirs,
		    const struct summary_edge *edges, size_t n, bool *pick)
{
	unsigned first = 0;
	int found = 0;

	for (unsigned set = 0; set < 1u << n && found < 2; set++)
		if (fits(ours, theirs, edges, n, set) && !found++)
			first = set;
	for (size_t i = 0; i < n; i++)
		pick[i] = (first & 1u << i) != 0;
	return found;
}

/* Those behind the cut are of the month at its beginning, those before it at its end. */
static bool is_of_month(const struct summary_edge *x, size_t i, size_t begun, size_t over)
{
	return x->late ? i < over : i >= begun;
}

/* Over every end, with the beginning given: sum is without all edges. */
static int fit_ends(struct summary_figures sum, const struct summary_figures *theirs,
		    const struct summary_edge *edges, size_t n, size_t *over)
{
	int found = summary_equal(&sum, theirs);

	*over = 0;
	for (size_t i = 0; i < n && found < 2; i++) {
		if (!edges[i].late)
			continue;
		summary_add(&sum, &edges[i].figures, 1);
		if (summary_equal(&sum, theirs) && !found++)
			*over = i + 1;
	}
	return found;
}

static int fit_cuts(const struct summary_figures *ours, const struct summary_figures *theirs,
		    const struct summary_edge *edges, size_t n, bool *pick)
{
	struct summary_figures sum = *ours;
	size_t begun = 0, over = 0, end;
	int found = 0;

	/* Without those at the end, with all at the beginning: nothing of it cut off yet. */
	for (size_t i = 0; i < n; i++)
		if (edges[i].inside == edges[i].late)
			turn(&sum, &edges[i]);
	for (size_t i = 0; i <= n && found < 2; i++) {
		int more = i == 0 || !edges[i - 1].late ? fit_ends(sum, theirs, edges, n, &end) : 0;

		if (more && !found) {
			begun = i;
			over = end;
		}
		found += more;
		if (i < n && !edges[i].late)
			summary_add(&sum, &edges[i].figures, -1);
	}
	for (size_t i = 0; i < n; i++)
		pick[i] = found && is_of_month(&edges[i], i, begun, over) != edges[i].inside;
	return found < 2 ? found : 2;
}

int summary_fit(const struct summary_figures *ours, const struct summary_figures *theirs,
		const struct summary_edge *edges, size_t n, bool *pick)
{
	return n > SUMMARY_FIT_MAX ? fit_cuts(ours, theirs, edges, n, pick)
				   : fit_sets(ours, theirs, edges, n, pick);
}
