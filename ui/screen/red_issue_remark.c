/* red_issue_remark.c - the remark of red invoices: typed in a box of its own, kept until they are
 * issued, so that going back loses nothing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/forms.h"
#include "ui/screen/red_issue_p.h"

enum { FIELD_REMARK = 1, KEEP_NAME = 80, WHY = 100 };

static const char *too_long(const char *text, char out[WHY])
{
	size_t n = text_chars(text);

	if (n <= RED_REMARK_CHARS)
		return NULL;
	snprintf(out, WHY, "备注最多 %d 个字，多了 %zu 个", RED_REMARK_CHARS, n - RED_REMARK_CHARS);
	return out;
}

static const char *check_remark(const struct form *f, const struct field *fd, const char *text,
				char *out)
{
	static char why[WHY];

	(void)f;
	(void)fd;
	(void)out;
	return too_long(text, why);
}

static const struct field REMARK[] = {
    {.id = FIELD_REMARK,
     .kind = FIELD_TEXT,
     .label = "备注",
     .col = 7,
     .width = 56,
     .wide_width = 76,
     .max_chars = RED_REMARK_CHARS * 2, /* what is too much is told, not cut */
     .check = check_remark,
     .help = "红字发票的备注，最多 382 个字；空着的，票面只有对应的蓝字发票号码。"},
    {.id = 0},
};

/* As it is typed or pasted. */
static void say_length(const struct form *f, char *out, size_t size)
{
	const char *text = form_get(f, FIELD_REMARK);
	char why[WHY];

	if (too_long(text, why))
		snprintf(out, size, "%s", why);
	else
		snprintf(out, size, "%zu 个字，最多 %d 个", text_chars(text), RED_REMARK_CHARS);
}

static void fill_remark(struct form *f, void *arg)
{
	form_set(f, FIELD_REMARK, arg ? arg : "");
}

bool red_issue_ask_remark(struct red_issue *s, int token)
{
	return view_ask(s->sheet.view, token, &view_form_ops,
			&(struct ask_form_arg) {.title = "红字发票的备注",
						.fields = REMARK,
						.fill = fill_remark,
						.live = say_length,
						.arg = s->remark});
}

/* ---- kept ---- */

/* Of one letter, or of just these together: the same first and last of as many. */
static const char *keep_name(const struct red_issue *s, char out[KEEP_NAME])
{
	const struct red_pick *p = &s->pick;

	if (p->count == 1)
		snprintf(out, KEEP_NAME, "red-remark:%" PRId64, p->letters[0]);
	else
		snprintf(out, KEEP_NAME, "red-remark:%" PRId64 "-%" PRId64 ":%zu", p->letters[0],
			 p->letters[p->count - 1], p->count);
	return out;
}

static void keep(const struct red_issue *s, const char *text)
{
	char name[KEEP_NAME];

	desk_choice_save(ui_session(), keep_name(s, name), text, NULL);
}

void red_issue_take_remark(struct red_issue *s, const struct form *f)
{
	free(s->remark);
	s->remark = mem_strdup(form_get(f, FIELD_REMARK));
	s->kept = false;
	red_issue_keep_remark(s);
}

void red_issue_keep_remark(const struct red_issue *s)
{
	if (s->remark)
		keep(s, *s->remark ? s->remark : NULL);
}

void red_issue_find_remark(struct red_issue *s)
{
	char name[KEEP_NAME];

	if (desk_choice_load(ui_session(), keep_name(s, name), &s->remark, NULL))
		s->remark = NULL;
	s->kept = s->remark != NULL;
}

void red_issue_drop_remark(struct red_issue *s)
{
	if (s->remark)
		keep(s, NULL);
}
