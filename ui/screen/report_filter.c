/* report_filter.c - 统计报表: by what, and of which days. */
#include <string.h>

#include "base/base.h"
#include "ui/screen/report_p.h"

enum { RANGES = 8 };

static const char own_range[] = "自定";
static const char *const BYS[] = {"购方", "商品", "税率",     "开票人", "日",
				  "月",   "票种", "业务类型", NULL};
static const char *const CHOICES[RANGES + 1] = {"本月", "上月", "本季度",  "上季度", "今年",
						"去年", "今天", own_range, NULL};

static const char *check_dates(const struct form *f, const struct field *fd, const char *text,
			       char *out)
{
	struct report_options o;
	struct err_info e = {0};

	(void)text;
	if (fd->id != REPORT_TO ||
	    !report_dates(form_get(f, REPORT_FROM), form_get(f, REPORT_TO), &o, &e))
		return NULL;
	return ui_sentence(&e, out, 256);
}

const struct field report_filter[] = {
    {.id = REPORT_BY,
     .kind = FIELD_CHOICE,
     .label = "按",
     .col = 4,
     .width = 8,
     .choices = BYS,
     .help = "左右键选择按什么统计；在列表上 Tab、Shift-Tab 直接换。"},
    {.id = REPORT_RANGE_FIELD,
     .kind = FIELD_CHOICE,
     .label = "范围",
     .col = 21,
     .width = 6,
     .choices = CHOICES,
     .help = "左右键选择：本月、上月、季度、年，或自定日期。"},
    {.id = REPORT_FROM,
     .kind = FIELD_DATE,
     .label = "日期",
     .col = 36,
     .width = 11,
     .offered = true,
     .help = "开票日期从哪一天起，例如 2026-11-01、11-01；+ 和 - 改日期。"},
    {.id = REPORT_TO,
     .kind = FIELD_DATE,
     .label = "至",
     .col = 53,
     .width = 11,
     .offered = true,
     .check = check_dates,
     .help = "开票日期到哪一天为止（含当天）。"},
    {.id = REPORT_MONTHS,
     .kind = FIELD_FLAG,
     .label = "分月",
     .col = 73,
     .width = 3,
     .help = "空格：每个月分开列，各有小计；申报增值税按税率分月。"},
    {.id = 0},
};

static void fill_dates(struct form *f)
{
	char from[DATE_TEXT], to[DATE_TEXT];

	if (!report_range(form_get(f, REPORT_RANGE_FIELD), from, to))
		return;
	form_set(f, REPORT_FROM, from);
	form_set(f, REPORT_TO, to);
}

void report_filter_begin(struct form *f)
{
	form_set(f, REPORT_BY, BYS[0]);
	form_set(f, REPORT_RANGE_FIELD, CHOICES[0]);
	fill_dates(f);
}

/* Dates that are a range by name get its name. */
static void name_range(struct form *f)
{
	char from[DATE_TEXT], to[DATE_TEXT];
	size_t i;

	for (i = 0; report_range_label(i); i++) {
		if (report_range(report_range_label(i), from, to) &&
		    !strcmp(from, form_get(f, REPORT_FROM)) &&
		    !strcmp(to, form_get(f, REPORT_TO))) {
			form_set(f, REPORT_RANGE_FIELD, report_range_label(i));
			return;
		}
	}
}

static bool dates_differ(const struct form *f)
{
	char from[DATE_TEXT], to[DATE_TEXT];

	return report_range(form_get(f, REPORT_RANGE_FIELD), from, to) &&
	       (strcmp(form_get(f, REPORT_FROM), from) != 0 ||
		strcmp(form_get(f, REPORT_TO), to) != 0);
}

void report_filter_follow(struct form *f)
{
	int at = form_focused(f);

	if (form_choice(f, REPORT_BY) < 0) /* a choice can be emptied */
		form_set(f, REPORT_BY, BYS[0]);
	if (form_choice(f, REPORT_RANGE_FIELD) < 0)
		form_set(f, REPORT_RANGE_FIELD, own_range);
	if (at == REPORT_RANGE_FIELD)
		fill_dates(f);
	else if ((at == REPORT_FROM || at == REPORT_TO) && dates_differ(f))
		form_set(f, REPORT_RANGE_FIELD, own_range);
}

void report_filter_turn(struct form *f, int by)
{
	int at = form_choice(f, REPORT_BY);

	at = at < 0 ? 0 : (at + by + REPORT_BYS) % REPORT_BYS;
	form_set(f, REPORT_BY, BYS[at]);
}

static void set_date(struct form *f, int id, struct date d)
{
	char text[DATE_TEXT];

	date_text(date_unix((struct datetime) {.date = d}), text);
	form_set(f, id, text);
}

/* Whole months go by months, other days by days. */
void report_filter_shift(struct form *f, int by)
{
	struct date from, to;
	int days, months;

	if (!date_parse(form_get(f, REPORT_FROM), &from) ||
	    !date_parse(form_get(f, REPORT_TO), &to))
		return;
	if (from.day == 1 && to.day == date_month_days(to.year, to.month)) {
		months = (to.year - from.year) * 12 + to.month - from.month + 1;
		from = date_add_months(from, by * months);
		to.day = 1;
		to = date_add_months(to, by * months);
		to.day = date_month_days(to.year, to.month);
	} else {
		days = (int)(date_days(to) - date_days(from) + 1);
		from = date_from_days(date_days(from) + by * days);
		to = date_from_days(date_days(to) + by * days);
	}
	set_date(f, REPORT_FROM, from);
	set_date(f, REPORT_TO, to);
	form_set(f, REPORT_RANGE_FIELD, own_range);
	name_range(f);
}

enum err report_filter_read(struct form *f, struct report_options *out, struct err_info *e)
{
	/* 本月 is the month it is now, also when it was chosen last week. */
	if (dates_differ(f))
		fill_dates(f);
	*out = (struct report_options) {.by = BY_BUYER};
	report_by_parse(form_get(f, REPORT_BY), &out->by);
	out->months = form_flag(f, REPORT_MONTHS) && out->by != BY_DAY && out->by != BY_MONTH;
	return report_dates(form_get(f, REPORT_FROM), form_get(f, REPORT_TO), out, e);
}
