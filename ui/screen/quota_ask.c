/* quota_ask.c - the dialogs of the quota: download, return, interval, settings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/quota_p.h"

enum { FIELD_SUM = 1, FIELD_MONTH, FIELD_ON, FIELD_PERCENT, FIELD_CAP, FIELD_ADJUST };

static const char *check_download(const struct form *f, const struct field *fd, const char *text,
				  char *out);
static const char *check_return(const struct form *f, const struct field *fd, const char *text,
				char *out);
static const char *check_month(const struct form *f, const struct field *fd, const char *text,
			       char *out);
static const char *check_percent(const struct form *f, const struct field *fd, const char *text,
				 char *out);
static const char *check_cap(const struct form *f, const struct field *fd, const char *text,
			     char *out);

static const struct field DOWNLOAD[] = {
    {.id = FIELD_SUM,
     .kind = FIELD_AMOUNT,
     .label = "申请额度",
     .col = 11,
     .width = 24,
     .max_chars = 24,
     .required = true,
     .check = check_download,
     .help = "元，最多两位小数。"},
    {.id = 0},
};
static const struct field RETURN[] = {
    {.id = FIELD_SUM,
     .kind = FIELD_AMOUNT,
     .label = "退回额度",
     .col = 11,
     .width = 24,
     .max_chars = 24,
     .required = true,
     .check = check_return,
     .help = "元，最多两位小数。"},
    {.id = 0},
};
static const struct field MONTH[] = {
    {.id = FIELD_MONTH,
     .kind = FIELD_DIGITS,
     .label = "属期",
     .col = 7,
     .width = 8,
     .offered = true,
     .max_chars = 7,
     .required = true,
     .check = check_month,
     .help = "年月，例如 2025-11。"},
    {.id = 0},
};
static const struct field AUTO[] = {
    {.id = FIELD_ON,
     .kind = FIELD_FLAG,
     .label = "月初自动下载额度",
     .col = 20,
     .width = 3,
     .help = "空格勾选：每月 1 日自动下载一部分可下载额度。"},
    {.id = FIELD_PERCENT,
     .kind = FIELD_DIGITS,
     .label = "下载比例（%）",
     .row = 1,
     .col = 20,
     .width = 4,
     .offered = true,
     .max_chars = 3,
     .required = true,
     .check = check_percent,
     .help = "1 至 100：下载局端可下载额度的百分之几。"},
    {.id = FIELD_CAP,
     .kind = FIELD_AMOUNT,
     .label = "按需开票上限",
     .row = 2,
     .col = 20,
     .width = 20,
     .offered = true,
     .max_chars = 24,
     .check = check_cap,
     .help = "按需开票按多少元的百分之几下载；空着：上月用量的两倍、至少 100 万。"},
    {.id = FIELD_ADJUST,
     .kind = FIELD_FLAG,
     .label = "自动调整有效期",
     .row = 3,
     .col = 20,
     .width = 3,
     .help = "空格勾选：使用区间过了自动请税局调整。"},
    {.id = 0},
};

/* ---- what may be typed ---- */

static const char *check_sum(const char *text, int64_t most, const char *limit, char *out)
{
	char bound[FEN_TEXT + 8];
	int64_t fen;

	if (!fen_parse(text, &fen) || fen <= 0) {
		snprintf(out, 256, "金额应大于 0，整数最多 16 位，小数最多两位");
		return out;
	}
	if (fen <= most)
		return NULL;
	snprintf(out, 256, "超过%s %s", limit, fen_format_grouped(most, bound));
	return out;
}

static const char *check_download(const struct form *f, const struct field *fd, const char *text,
				  char *out)
{
	const struct quota *s = f->owner;

	(void)fd;
	return check_sum(text, s->month.has_remote ? s->month.remote_available : INT64_MAX,
			 "本月局端可用额度", out);
}

static const char *check_return(const struct form *f, const struct field *fd, const char *text,
				char *out)
{
	const struct quota *s = f->owner;

	(void)fd;
	return check_sum(text, s->month.unused - s->month.reserved, "可退回的额度", out);
}

static const char *check_month(const struct form *f, const struct field *fd, const char *text,
			       char *out)
{
	int year, month;

	(void)f;
	(void)fd;
	(void)out;
	return month_parse(text, &year, &month) ? NULL : "属期应为年月，例如 2025-11";
}

static const char *check_percent(const struct form *f, const struct field *fd, const char *text,
				 char *out)
{
	long n = text_all_digits(text) ? strtol(text, NULL, 10) : 0;

	(void)f;
	(void)fd;
	(void)out;
	return n >= 1 && n <= 100 ? NULL : "下载比例应为 1 至 100 的整数";
}

static const char *check_cap(const struct form *f, const struct field *fd, const char *text,
			     char *out)
{
	int64_t fen;

	(void)f;
	(void)fd;
	(void)out;
	return !*text || (fen_parse(text, &fen) && fen >= 0) ? NULL : "上限应为金额，小数最多两位";
}

/* ---- dialogs ---- */

static void fill_month(struct form *f, void *arg)
{
	char month[MONTH_TEXT];

	(void)arg;
	form_set(f, FIELD_MONTH, month_text(clock_now(), month));
}

static void fill_auto(struct form *f, void *arg)
{
	const struct quota_auto *a = arg;
	char text[FEN_TEXT];

	snprintf(text, sizeof(text), "%lld", (long long)a->percent);
	form_set(f, FIELD_ON, a->on ? "1" : "");
	form_set(f, FIELD_ADJUST, a->adjust ? "1" : "");
	form_set(f, FIELD_PERCENT, text);
	form_set(f, FIELD_CAP, a->cap ? fen_format(a->cap, text) : "");
}

static bool ask_download(struct view *v)
{
	struct quota *s = v->state;
	char most[FEN_TEXT + 8];

	if (s->month.has_remote && s->month.remote_available < QUOTA_ON_DEMAND)
		snprintf(s->note, QUOTA_NOTE, "从税局下载额度，最多 %s（局端可下载额度）。",
			 fen_format_grouped(s->month.remote_available, most));
	else
		text_copy(s->note, QUOTA_NOTE,
			  "从税局下载额度。局端可下载额度还不知道时，以税局的答复为准。");
	return view_ask(v, QUOTA_DOWNLOAD, &view_form_ops,
			&(struct ask_form_arg) {
			    .title = "下载额度", .fields = DOWNLOAD, .arg = s, .note = s->note});
}

static bool ask_return(struct view *v)
{
	struct quota *s = v->state;
	int64_t most = s->month.unused - s->month.reserved;
	char text[FEN_TEXT + 8];

	snprintf(s->note, QUOTA_NOTE,
		 "把没有使用的额度退回税局，最多 %s（已下载未使用减去待上传占用）。",
		 fen_format_grouped(most > 0 ? most : 0, text));
	return view_ask(v, QUOTA_RETURN, &view_form_ops,
			&(struct ask_form_arg) {
			    .title = "退回额度", .fields = RETURN, .arg = s, .note = s->note});
}

static bool ask_adjust(struct view *v)
{
	return view_ask(v, QUOTA_ADJUST, &view_form_ops,
			&(struct ask_form_arg) {.title = "调整有效期",
						.fields = MONTH,
						.fill = fill_month,
						.note = "请税局把额度使用区间调整到最新，"
							"每月申报完成后办理。"});
}

static bool ask_auto(struct view *v)
{
	struct quota *s = v->state;

	return view_ask(
	    v, QUOTA_AUTO, &view_form_ops,
	    &(struct ask_form_arg) {
		.title = "自动办理设置", .fields = AUTO, .fill = fill_auto, .arg = &s->automatic});
}

static bool ask_yuan(struct view *v)
{
	return view_ask(v, QUOTA_YUAN, &view_ask_ops,
			&(struct ask_arg) {.title = "更新使用区间",
					   .text =
					       "从税局下载 1 元额度，再退回 1 元，税局会重新给出"
					       "使用区间。先试过调整有效期没有用时才需要；两笔都"
					       "记入额度明细。",
					   .yes = "下载并退回"});
}

bool quota_sync(struct quota *s)
{
	struct err_info e = {0};
	enum err r = desk_quota_sync(ui_session(), errand_wait(&s->errand), &e);

	s->compare = errand_begin(&s->errand, "同步局端额度", r, &e);
	s->before = s->month;
	return true;
}

static bool same_figures(const struct quota_month *a, const struct quota_month *b)
{
	return a->has_remote == b->has_remote && a->remote_total == b->remote_total &&
	       a->remote_available == b->remote_available &&
	       a->remote_downloaded == b->remote_downloaded && a->unused == b->unused &&
	       a->paused == b->paused && !strcmp(a->start, b->start) && !strcmp(a->end, b->end);
}

static void move(struct quota *s, bool download, const struct form *f)
{
	struct err_info e = {0};
	enum err r = desk_quota_move(ui_session(), download, form_get(f, FIELD_SUM),
				     errand_wait(&s->errand), &e);

	s->refresh = errand_begin(&s->errand, download ? "下载额度" : "退回额度", r, &e);
}

static void adjust(struct quota *s, const struct form *f)
{
	struct err_info e = {0};
	enum err r =
	    desk_quota_adjust(ui_session(), form_get(f, FIELD_MONTH), errand_wait(&s->errand), &e);

	errand_begin(&s->errand, "调整有效期", r, &e);
}

static void refresh(struct quota *s)
{
	struct err_info e = {0};
	enum err r = desk_quota_refresh(ui_session(), errand_wait(&s->errand), &e);

	s->rest = errand_begin(&s->errand, "更新使用区间", r, &e);
}

static void set_auto(const struct form *f)
{
	struct quota_auto a = {.on = form_flag(f, FIELD_ON),
			       .adjust = form_flag(f, FIELD_ADJUST),
			       .percent = strtoll(form_get(f, FIELD_PERCENT), NULL, 10)};
	struct err_info e = {0};

	if (*form_get(f, FIELD_CAP))
		fen_parse(form_get(f, FIELD_CAP), &a.cap); /* it was checked */

	if (desk_quota_set_auto(ui_session(), &a, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "自动办理设置已保存");
}

/* Another job of the same errand, in the same words; false: there is none. */
static bool go_on(struct quota *s,
		  enum err (*ask)(struct session *, struct desk_wait *, struct err_info *))
{
	char what[64];

	text_copy(what, sizeof(what), s->errand.what);
	if (ask(ui_session(), errand_wait(&s->errand), NULL) || !s->errand.wait.job_count)
		return false;
	s->errand.open = true;
	text_copy(s->errand.what, sizeof(s->errand.what), what);
	ui_wake_engine();
	return true;
}

/* The answer to a move does not tell what is left: the figures are asked for at once. */
void quota_errand_end(struct quota *s, enum err verdict, const struct err_info *e)
{
	bool again = (s->refresh || s->rest) && !verdict, compare = s->compare && !verdict,
	     rest = s->rest && !verdict;

	s->refresh = s->compare = s->rest = false;
	/* The second half may be done already. */
	if (rest && go_on(s, desk_quota_refresh_rest)) {
		s->refresh = true;
		return;
	}
	if (compare && !desk_quota_get(ui_session(), &s->month, NULL) &&
	    same_figures(&s->before, &s->month))
		ui_message(MESSAGE_GOOD, "同步局端额度：已完成，无变化");
	else
		errand_tell(&s->errand, verdict, e);
	if (again)
		go_on(s, desk_quota_sync);
}

/* ---- for the view ---- */

bool quota_ask(struct view *v, enum action a)
{
	switch (a) {
	case ACT_QUOTA_DOWNLOAD:
		return ask_download(v);
	case ACT_QUOTA_RETURN:
		return ask_return(v);
	case ACT_QUOTA_ADJUST:
		return ask_adjust(v);
	case ACT_QUOTA_REFRESH:
		return ask_yuan(v);
	case ACT_AUTO:
		return ask_auto(v);
	default:
		return false;
	}
}

void quota_answer(struct view *v, int token, bool ok, const void *result)
{
	struct quota *s = v->state;

	if (!ok)
		return;
	if (token == QUOTA_DOWNLOAD || token == QUOTA_RETURN)
		move(s, token == QUOTA_DOWNLOAD, result);
	else if (token == QUOTA_ADJUST)
		adjust(s, result);
	else if (token == QUOTA_YUAN)
		refresh(s);
	else if (token == QUOTA_AUTO)
		set_auto(result);
}
