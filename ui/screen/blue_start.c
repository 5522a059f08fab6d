/* blue_start.c - issuing begins: checks, what a refusal points at, the sheet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

enum { WARNINGS_MAX = 16 * 1024 };

/* The first error that stands, and every warning. */
struct findings {
	struct err_info first;
	bool wrong, mendable;
	struct buf warnings;
};

/* Issuing fetches stale data and codes before it validates for good: the sheet says what came of
 * it. */
static bool refresh_may_mend(const struct tax_finding *f)
{
	int64_t total = 0, from_tax = 0;

	if (!strncmp(f->at.code, "seller.", 7))
		return strstr(f->at.code, ".stale") || strstr(f->at.code, ".missing");
	if (!strcmp(f->at.code, "differential.list"))
		return true;
	if (strcmp(f->at.code, "line.tax_code.unknown") != 0)
		return false;
	return !desk_taxcode_count(ui_session(), &total, &from_tax, NULL) && !from_tax;
}

static void add_finding(void *arg, size_t index, const struct tax_finding *f)
{
	struct findings *all = arg;
	char sentence[1200];

	(void)index;
	if (!f->warning && refresh_may_mend(f)) {
		all->mendable = true;
		return;
	}
	if (!f->warning) {
		if (!all->wrong)
			all->first = f->at;
		all->wrong = true;
		return;
	}
	buf_addf(&all->warnings, "%s\n", err_sentence(&f->at, sentence, sizeof(sentence)));
}

/* ---- refusals ---- */

static int row_of_line(const struct blue *b, int line)
{
	int row, n = -1;

	for (row = 0; row < b->grid.count; row++) {
		n += !blue_row_blank(b, row);
		if (n == line)
			return row;
	}
	return 0;
}

static void point_at_row(struct blue *b, const struct blue_place *p, const char *sentence)
{
	int row = row_of_line(b, p->line);
	struct grid_row *g = &b->grid.rows[row];

	grid_focus(&b->grid, row, p->column);
	free(g->error);
	g->error = mem_strdup(sentence);
	g->error_column = p->column - 1;
}

/* What to press on this screen, in the place of a mend for the shell. */
static const struct {
	const char *code, *hint;
} MENDS[] = {
    {"line.tax_code.", "在项目名称按 F4 选择"},
    {"line.short_name.", "在项目名称按 F4 重新选择税收分类编码"},
    {"line.rate.", "在税率按 F4 选择可用的税率"},
    {"line.price_amount", "按 Alt-w 看可以怎么改，或删去一项"},
    {"totals.tax", "按 Alt-w 把尾差分摊到各行，或拆成几张发票"},
    {"line.triple", "填数量和单价，或只填金额；三项都填时要相符"},
    {"line.tax_rate.required", "填 13、免税、不征税，或按 F4 选择"},
    {"quota.", "在“授信额度”下载额度后再开"},
    {"numbers.", "在“数电领购”领购号码后再开"},
};

const char *blue_sentence(const struct err_info *e, char *out, size_t size)
{
	struct err_info here = *e;
	size_t i;

	for (i = 0; i < sizeof(MENDS) / sizeof(MENDS[0]); i++) {
		if (!strncmp(e->code, MENDS[i].code, strlen(MENDS[i].code)))
			err_hint(&here, "%s", MENDS[i].hint);
	}
	return err_sentence(&here, out, size);
}

void blue_refused(struct blue *b, const struct err_info *e)
{
	struct blue_place p;
	char sentence[1200];
	struct form *f;

	blue_sentence(e, sentence, sizeof(sentence));
	ui_message(MESSAGE_ERROR, "%s", sentence);
	if (blue_point_subject(b, e->field, sentence) || !blue_place_of(e->field, &p))
		return;
	blue_focus(b, p.part);
	f = blue_part_form(b, p.part);
	if (f)
		form_fail(f, p.field, sentence);
	else
		point_at_row(b, &p, sentence);
}

/* A field whose form is not right; false when there is none. */
static bool form_wrong(struct blue *b)
{
	static const enum blue_part PARTS[] = {BLUE_HEAD, BLUE_FOOT};
	size_t i;

	for (i = 0; i < 2; i++) {
		const char *sentence = form_check(blue_part_form(b, PARTS[i]));

		if (!sentence)
			continue;
		blue_focus(b, PARTS[i]);
		ui_message(MESSAGE_ERROR, "%s", sentence);
		return true;
	}
	return false;
}

static bool row_wrong(struct blue *b)
{
	int row;

	blue_rows_compute(b, 0, b->grid.count - 1, true);
	for (row = 0; row < b->grid.count; row++) {
		const struct grid_row *g = &b->grid.rows[row];

		if (!g->error)
			continue;
		blue_focus(b, BLUE_GRID);
		grid_focus(&b->grid, row, g->error_column + 1);
		ui_message(MESSAGE_ERROR, "第 %d 行%s", row + 1, g->error);
		return true;
	}
	return false;
}

/* ---- the sheet ---- */

static void open_sheet(struct blue *b, struct invoice_set *set, const char *warnings)
{
	struct issue_arg a = {
	    .set = set, .warnings = warnings, .form_id = b->form_id, .draft_id = b->draft_id};
	struct quota_month q;

	if (!desk_quota_get(ui_session(), &q, NULL)) {
		a.quota_known = true;
		a.quota_after = q.unused - q.reserved - tax_quota_amount(&set->items[0]);
	}
	view_ask(b->view, BLUE_ASK_ISSUE, &view_issue_ops, &a);
}

void blue_issue(struct blue *b)
{
	int *row_of = mem_alloc((size_t)(b->grid.count + 1) * sizeof(*row_of));
	struct invoice_set set = {.items = mem_zalloc(sizeof(*set.items)), .n = 1};
	struct findings found = {.wrong = false};
	struct err_info e = {0};
	bool kept = blue_keep(b, false);
	enum err r;

	b->issuing = !kept && b->late;
	if (b->issuing)
		ui_message(MESSAGE_WARNING, "正在写入，等它写完就核对开具");
	buf_init(&found.warnings, WARNINGS_MAX);
	blue_form_build(b, &set.items[0], row_of);
	free(row_of);
	if (kept && !form_wrong(b) && !row_wrong(b)) {
		r = desk_check(ui_session(), &set, add_finding, &found, &e);
		if (found.wrong)
			blue_refused(b, &found.first);
		else if (r && !found.mendable)
			ui_error(&e);
		else
			open_sheet(b, &set, buf_str(&found.warnings));
	}
	buf_free(&found.warnings);
	invoice_set_free(&set);
}
