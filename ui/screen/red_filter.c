/* red_filter.c - the conditions of the lists of red letters (features E3, E16, E23, E25). */
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_p.h"

enum {
	FIELD_SIDE = 1,
	FIELD_STATE,
	FIELD_ISSUED,
	FIELD_PARTY,
	FIELD_FROM,
	FIELD_TO,
	FIELD_BLUE,
	FIELD_FIXED,
	FIELD_WHO
};
enum { OLD_NUMBER = 8, WHOLE_NUMBER = 20 };

static const char *const SIDES[] = {"全部", "销售方", "购买方", NULL};
static const char *const ISSUED[] = {"全部", "未开票", "已开票", NULL};
static const char *const WHO[] = {"全部", "我方", "对方", NULL};
/* In the order of the states. */
static const char *const STATES[] = {"全部",
				     "无需确认",
				     "销方录入待购方确认",
				     "购方录入待销方确认",
				     "购销双方已确认",
				     "作废（销方录入购方否认）",
				     "作废（购方录入销方否认）",
				     "作废（超72小时未确认）",
				     "作废（发起方撤销）",
				     "作废（确认后撤销）",
				     "作废（异常凭证）",
				     "作废（纳税人状态异常）",
				     "作废（自然人拒收）",
				     "作废（已开具退税申请单）",
				     NULL};

static const char *check_to(const struct form *f, const struct field *fd, const char *text,
			    char *out)
{
	struct date from, to;

	(void)fd;
	(void)out;
	if (!date_parse(form_get(f, FIELD_FROM), &from) || !date_parse(text, &to))
		return NULL;
	return date_unix((struct datetime) {.date = from}) >
		       date_unix((struct datetime) {.date = to})
		   ? "蓝票日期：起晚于止"
		   : NULL;
}

static const char *check_blue(const struct form *f, const struct field *fd, const char *text,
			      char *out)
{
	size_t n = strlen(text);

	(void)f;
	(void)fd;
	(void)out;
	return !n || n == OLD_NUMBER || n == WHOLE_NUMBER ? NULL
							  : "蓝票号码：填完整的 20 位或 8 位";
}

/* clang-format off */
#define PARTY(r)                                                                                   \
	{.id = FIELD_PARTY, .kind = FIELD_TEXT, .label = "对方名称", .row = (r), .col = 10,        \
	 .width = 24, .max_chars = 100, .help = "对方纳税人名称的一部分。"}
#define FROM(r)                                                                                    \
	{.id = FIELD_FROM, .kind = FIELD_DATE, .label = "蓝票日期", .row = (r), .col = 46,         \
	 .width = 11, .help = "原蓝票开票日期从哪一天起，例如 2026-01-01、01-01；空着不限。"}
#define TO(r)                                                                                      \
	{.id = FIELD_TO, .kind = FIELD_DATE, .label = "至", .row = (r), .col = 63, .width = 11,    \
	 .check = check_to, .help = "原蓝票开票日期到哪一天为止（含当天）；空着不限。"}
#define SIDE                                                                                       \
	{.id = FIELD_SIDE, .kind = FIELD_CHOICE, .label = "购/销方", .col = 10, .width = 6,        \
	 .choices = SIDES, .help = "我方是销方还是购方，空格或左右键选择。"}
#define FIXED                                                                                      \
	{.id = FIELD_FIXED, .kind = FIELD_SHOW, .label = "状态", .col = 10, .width = 44}
/* clang-format on */

const struct field red_filter_letters[] = {
    SIDE,
    {.id = FIELD_STATE,
     .kind = FIELD_CHOICE,
     .label = "状态",
     .col = 25,
     .width = 24,
     .choices = STATES,
     .help = "确认单状态，空格或左右键选择。"},
    {.id = FIELD_ISSUED,
     .kind = FIELD_CHOICE,
     .label = "开票状态",
     .col = 61,
     .width = 6,
     .choices = ISSUED,
     .help = "红字发票开了没有，空格或左右键选择。"},
    PARTY(1),
    FROM(1),
    TO(1),
    {.id = FIELD_BLUE,
     .kind = FIELD_DIGITS,
     .label = "蓝票号码",
     .row = 2,
     .col = 10,
     .width = 20,
     .max_chars = WHOLE_NUMBER,
     .check = check_blue,
     .help = "原蓝字发票的号码，完整的：数电票 20 位，税控发票 8 位；空着不限。"},
    {.id = 0},
};

const struct field red_filter_handle[] = {
    FIXED,
    {.id = FIELD_WHO,
     .kind = FIELD_CHOICE,
     .label = "等谁确认",
     .col = 66,
     .width = 4,
     .choices = WHO,
     .help = "等我方确认的，还是等对方的，空格或左右键选择。"},
    PARTY(1),
    FROM(1),
    TO(1),
    {.id = 0},
};

const struct field red_filter_issue[] = {
    FIXED, PARTY(1), FROM(1), TO(1), {.id = 0},
};

const struct field red_filter_situation[] = {
    SIDE, PARTY(1), FROM(1), TO(1), {.id = 0},
};

void red_filter_fill(struct form *f, enum red_list which)
{
	if (which == RED_LIST_HANDLE)
		form_set(f, FIELD_FIXED, "销方录入待购方确认、购方录入待销方确认");
	else if (which == RED_LIST_ISSUE)
		form_set(f, FIELD_FIXED, "无需确认、购销双方已确认，未开票");
}

/* ---- to a query ---- */

static void copy_day(const struct form *f, int id, char out[DATE_TEXT])
{
	struct date d;

	if (date_parse(form_get(f, id), &d))
		text_copy(out, DATE_TEXT, date_text(date_unix((struct datetime) {.date = d}), out));
}

static void ask_fields(const struct form *f, struct red_asked *out)
{
	int side = form_choice(f, FIELD_SIDE), state = form_choice(f, FIELD_STATE);
	int issued = form_choice(f, FIELD_ISSUED);
	struct red_filter *to = &out->filter;

	out->side = side == 2 ? RED_BUYER : RED_SELLER;
	if (side > 0)
		to->side = &out->side;
	if (state > 0)
		to->states = 1u << state;
	out->issued = issued == 2;
	if (issued > 0)
		to->issued = &out->issued;
	if (*form_get(f, FIELD_BLUE))
		to->blue_number = form_get(f, FIELD_BLUE);
}

void red_filter_ask(const struct form *f, enum red_list which, enum red_situation s,
		    struct red_asked *out)
{
	int who = which == RED_LIST_HANDLE ? form_choice(f, FIELD_WHO) : 0;

	*out = (struct red_asked) {.situation = s};
	if (which == RED_LIST_SENT || which == RED_LIST_RECEIVED) {
		out->sent = which == RED_LIST_SENT;
		out->filter.sent = &out->sent;
		ask_fields(f, out);
	} else if (which == RED_LIST_SITUATION) {
		ask_fields(f, out);
	}
	if (which == RED_LIST_HANDLE && who <= 0)
		out->filter.states = 1u << RED_WAITS_BUYER | 1u << RED_WAITS_SELLER;
	else if (which == RED_LIST_HANDLE)
		out->situation = who == 1 ? RED_FOR_US : RED_FOR_THEM;
	else if (which == RED_LIST_ISSUE)
		out->situation = RED_ISSUABLE;
	if (which == RED_LIST_ISSUE || which == RED_LIST_SITUATION || who > 0)
		out->filter.situation = &out->situation;
	if (*form_get(f, FIELD_PARTY))
		out->filter.party = form_get(f, FIELD_PARTY);
	copy_day(f, FIELD_FROM, out->filter.blue_from);
	copy_day(f, FIELD_TO, out->filter.blue_to);
}
