/* report_names.c - what reports are by, and ranges of dates. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/report_p.h"

/* ---- by what ---- */

static const struct {
	const char *word, *label, *head;
	enum report_dim dim;
	enum report_split split;
} BYS[REPORT_BYS] = {
    [BY_BUYER] = {"buyer", "购方", "购方名称", REPORT_BUYER, REPORT_WHOLE},
    [BY_GOODS] = {"goods", "商品", "项目名称", REPORT_GOODS, REPORT_WHOLE},
    [BY_RATE] = {"rate", "税率", "税率", REPORT_RATE, REPORT_WHOLE},
    [BY_CLERK] = {"clerk", "开票人", "开票人", REPORT_CLERK, REPORT_WHOLE},
    [BY_DAY] = {"day", "日", "日期", REPORT_KIND, REPORT_BY_DAY},
    [BY_MONTH] = {"month", "月", "月份", REPORT_KIND, REPORT_BY_MONTH},
    [BY_KIND] = {"kind", "票种", "发票种类", REPORT_KIND, REPORT_WHOLE},
    [BY_TYPE] = {"type", "业务类型", "业务类型", REPORT_TYPE, REPORT_WHOLE},
};

const char *report_by_word(enum report_by by)
{
	return BYS[by].word;
}

const char *report_by_head(enum report_by by)
{
	return BYS[by].head;
}

enum report_dim report_by_dim(enum report_by by)
{
	return BYS[by].dim;
}

enum report_split report_by_split(enum report_by by)
{
	return BYS[by].split;
}

bool report_by_parts(enum report_by by)
{
	return by == BY_KIND || by == BY_RATE;
}

bool report_by_parse(const char *word, enum report_by *out)
{
	int i;

	for (i = 0; i < REPORT_BYS; i++) {
		if (text_eq(word, BYS[i].word) || text_eq(word, BYS[i].label)) {
			*out = (enum report_by)i;
			return true;
		}
	}
	return false;
}

const char *report_title(const struct report_options *o, char out[64])
{
	snprintf(out, 64, "按%s%s统计", BYS[o->by].label, o->months ? "分月" : "");
	return out;
}

/* ---- dates ---- */

static void put_date(struct date d, char out[DATE_TEXT])
{
	snprintf(out, DATE_TEXT, "%04u-%02u-%02u", (unsigned)d.year % 10000u,
		 (unsigned)d.month % 100u, (unsigned)d.day % 100u);
}

/* months: the length of the range, which begins `back` months before the one today lies in; 0: the
 * day. */
static const struct {
	const char *word, *label;
	int months, back;
} RANGES[] = {
    {"this-month", "本月", 1, 0},     {"last-month", "上月", 1, 1},
    {"this-quarter", "本季度", 3, 0}, {"last-quarter", "上季度", 3, 3},
    {"this-year", "今年", 12, 0},     {"last-year", "去年", 12, 12},
    {"today", "今天", 0, 0},
};
enum { RANGE_COUNT = sizeof(RANGES) / sizeof(RANGES[0]) };

const char *report_range_label(size_t i)
{
	return i < RANGE_COUNT ? RANGES[i].label : NULL;
}

const char *report_range_word(size_t i)
{
	return i < RANGE_COUNT ? RANGES[i].word : NULL;
}

bool report_range(const char *word, char from[DATE_TEXT], char to[DATE_TEXT])
{
	struct date first = date_of(clock_now()).date, last = first;
	size_t i;

	for (i = 0; i < RANGE_COUNT; i++) {
		if (text_eq(word, RANGES[i].word) || text_eq(word, RANGES[i].label))
			break;
	}
	if (i == RANGE_COUNT)
		return false;
	if (RANGES[i].months) {
		first.day = 1;
		first = date_add_months(first, -((first.month - 1) % RANGES[i].months));
		first = date_add_months(first, -RANGES[i].back);
		last = date_add_months(first, RANGES[i].months - 1);
		last.day = date_month_days(last.year, last.month);
	}
	put_date(first, from);
	put_date(last, to);
	return true;
}

static enum err read_date(const char *text, const char *field, const char *label,
			  char out[DATE_TEXT], struct err_info *e)
{
	struct date d;

	if (date_parse(text, &d)) {
		put_date(d, out);
		return ERR_OK;
	}
	err_fail(e, ERR_INVALID, "date.form", label, "“%.40s”不是有效的日期", text);
	err_field(e, "%s", field);
	err_hint(e, "例如 2026-11-01");
	return ERR_INVALID;
}

enum err report_dates(const char *from, const char *to, struct report_options *o,
		      struct err_info *e)
{
	enum err r = ERR_OK;

	report_range(RANGES[0].word, o->from, o->to);
	if (text_empty(from) && text_empty(to))
		return ERR_OK;
	date_text(clock_now(), o->to);
	if (!text_empty(to) && (r = read_date(to, "to", "开票日期止", o->to, e)))
		return r;
	if (text_empty(from)) /* from the first day of that month */
		snprintf(o->from, sizeof(o->from), "%.7s-01", o->to);
	else if ((r = read_date(from, "from", "开票日期起", o->from, e)))
		return r;
	if (text_empty(to) && strcmp(o->from, o->to) > 0)
		memcpy(o->to, o->from, sizeof(o->to));
	if (strcmp(o->from, o->to) <= 0)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "date.order", "开票日期", "起（%s）晚于止（%s）", o->from, o->to);
	err_field(e, "from");
	err_hint(e, "请对调两个日期");
	return ERR_INVALID;
}

const char *report_range_text(const struct report_options *o, char out[REPORT_RANGE])
{
	if (!strcmp(o->from, o->to))
		snprintf(out, REPORT_RANGE, "%s", o->from);
	else
		snprintf(out, REPORT_RANGE, "%s 至 %s", o->from, o->to);
	return out;
}
