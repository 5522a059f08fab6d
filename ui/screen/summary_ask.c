/* summary_ask.c - the dialogs of 乐企汇总确认: confirm, cancel, a new month, the switch. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/summary_p.h"

enum { FIELD_MONTH = 1, FIELD_IDENTITY, FIELD_ON };
enum { ASK_CONFIRM = 1, ASK_CANCEL, ASK_AUTO };

static const char *const IDENTITIES[] = {"请选择", "使用单位", "直连单位", NULL};
static const struct field ADD[] = {
    {.id = FIELD_MONTH,
     .kind = FIELD_TEXT,
     .label = "汇总月份",
     .col = 10,
     .width = 8,
     .offered = true,
     .max_chars = 7,
     .required = true,
     .help = "YYYY-MM，已经结束的月份。"},
    {.id = FIELD_IDENTITY,
     .kind = FIELD_CHOICE,
     .label = "接入身份",
     .row = 1,
     .col = 10,
     .width = 10,
     .choices = IDENTITIES,
     .help = "空格或左右键选择：以使用单位或直连单位的身份。"},
    {.id = 0},
};
static const struct field AUTO[] = {
    {.id = FIELD_ON,
     .kind = FIELD_FLAG,
     .label = "自动汇总确认",
     .col = 16,
     .width = 3,
     .help = "空格勾选：12 日上午还没有确认、发票都有结果时，程序自动确认。"},
    {.id = 0},
};

/* ---- a new month ---- */

static void fill_add(struct form *f, void *arg)
{
	char now[MONTH_TEXT], month[MONTH_TEXT];

	(void)arg;
	form_set(f, FIELD_MONTH, summary_month_add(month_text(clock_now(), now), -1, month));
	form_set(f, FIELD_IDENTITY, IDENTITIES[0]);
}

static bool submit_add(struct form *f, void *arg)
{
	static const char *const WORDS[] = {"", "using", "direct"};
	int identity = form_choice(f, FIELD_IDENTITY);
	struct err_info e = {0};
	char sentence[1200];

	(void)arg;
	if (!desk_summary_add(ui_session(), form_get(f, FIELD_MONTH),
			      WORDS[identity > 0 ? identity : 0], &e)) {
		ui_message(MESSAGE_GOOD, "%s 的记录已新增", form_get(f, FIELD_MONTH));
		return true;
	}
	form_fail(f, !strcmp(e.field, "identity") ? FIELD_IDENTITY : FIELD_MONTH,
		  ui_sentence(&e, sentence, sizeof(sentence)));
	return false;
}

static bool ask_add(struct summaries *s)
{
	struct err_info e = {0};
	struct unit u;

	if (desk_unit(ui_session(), &u, &e)) {
		ui_error(&e);
		return true;
	}
	snprintf(s->question, sizeof(s->question), "组织：%.200s（%.40s）", u.name, u.tax_no);
	unit_free(&u);
	return view_push(&view_form_ops, &(struct ask_form_arg) {.title = "新增汇总确认",
								 .fields = ADD,
								 .fill = fill_add,
								 .note = s->question,
								 .submit = submit_add,
								 .saves = true});
}

/* ---- confirm, cancel ---- */

static bool ask_confirm(struct view *v)
{
	struct summaries *s = v->state;
	const struct summary_view *now = summary_selected(s);
	char net[FEN_TEXT + 8], tax[FEN_TEXT + 8], rnet[FEN_TEXT + 8], rtax[FEN_TEXT + 8];
	int n;

	if (!now)
		return true;
	text_copy(s->asked, sizeof(s->asked), now->row.month);
	s->forced = now->pending > 0;
	n = snprintf(
	    s->question, sizeof(s->question),
	    "%s  蓝字 %lld 张 金额 %s 税额 %s，红字 %lld 张 金额 %s 税额 %s。确认后这个月的"
	    "发票不能再上传，13 日 0 时以前可以取消。",
	    now->row.month, (long long)now->ours.blue_count,
	    fen_format_grouped(now->ours.blue_net, net),
	    fen_format_grouped(now->ours.blue_tax, tax), (long long)now->ours.red_count,
	    fen_format_grouped(now->ours.red_net, rnet),
	    fen_format_grouped(now->ours.red_tax, rtax));
	if (s->forced && n > 0 && (size_t)n < sizeof(s->question))
		snprintf(s->question + n, sizeof(s->question) - (size_t)n,
			 "注意：还有 %lld 张这个月的发票没有结果，它们以后只能重开。",
			 (long long)now->pending);
	return view_ask(v, ASK_CONFIRM, &view_ask_ops,
			&(struct ask_arg) {.title = "汇总确认",
					   .text = s->question,
					   .yes = s->forced ? "仍要确认" : "确认",
					   .no = "返回"});
}

static bool ask_cancel(struct view *v)
{
	struct summaries *s = v->state;
	const struct summary_view *now = summary_selected(s);

	if (!now)
		return true;
	text_copy(s->asked, sizeof(s->asked), now->row.month);
	snprintf(s->question, sizeof(s->question),
		 "取消 %s 的确认。之后这个月的发票又可以上传，须在 13 日 0 时以前再确认。%s",
		 now->row.month, now->pending ? "没有上传的会自动上传。" : "");
	return view_ask(
	    v, ASK_CANCEL, &view_ask_ops,
	    &(struct ask_arg) {
		.title = "取消确认", .text = s->question, .yes = "取消确认", .no = "返回"});
}

static void begin(struct summaries *s, bool cancel)
{
	struct err_info e = {0};
	enum err r = cancel
			 ? desk_summary_cancel(ui_session(), s->asked, errand_wait(&s->errand), &e)
			 : desk_summary_confirm(ui_session(), s->asked, s->forced,
						errand_wait(&s->errand), &e);

	s->asks = errand_begin(&s->errand, cancel ? "取消汇总确认" : "汇总确认", r, &e);
	s->known = false;
}

static bool look(struct summaries *s)
{
	const struct summary_view *now = summary_selected(s);
	struct err_info e = {0};
	enum err r;

	if (!now)
		return true;
	r = desk_summary_look(ui_session(), now->row.month, errand_wait(&s->errand), &e);
	s->asks = false;
	errand_begin(&s->errand, "取税局的数", r, &e);
	return true;
}

void summary_errand_end(struct summaries *s, enum err verdict, const struct err_info *e)
{
	bool asks = s->asks, follows = s->follows;

	s->asks = s->follows = false;
	/* What was refused stays to be read; the figures speak for themselves. */
	if (!follows || verdict)
		errand_tell(&s->errand, verdict, e);
	if (verdict != ERR_REFUSED || !asks ||
	    desk_summary_follow(ui_session(), s->asked, errand_wait(&s->errand), NULL) ||
	    !s->errand.wait.job_count)
		return;
	s->errand.open = s->follows = true;
	text_copy(s->errand.what, sizeof(s->errand.what), "取税局的数");
	ui_wake_engine();
}

/* ---- the switch ---- */

static void fill_auto(struct form *f, void *arg)
{
	const struct summaries *s = arg;

	form_set(f, FIELD_ON, s->automatic ? "1" : "");
}

static bool ask_auto(struct view *v)
{
	return view_ask(v, ASK_AUTO, &view_form_ops,
			&(struct ask_form_arg) {.title = "自动汇总确认",
						.fields = AUTO,
						.fill = fill_auto,
						.arg = v->state,
						.note = "不管开关，13 日 0 时税局都会自动汇总。"});
}

static void set_auto(struct summaries *s, const struct form *f)
{
	struct err_info e = {0};

	if (desk_summary_set_auto(ui_session(), form_flag(f, FIELD_ON), &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "自动汇总确认已%s",
			   form_flag(f, FIELD_ON) ? "打开" : "关闭");
	if (desk_summary_auto(ui_session(), &s->automatic, NULL))
		s->automatic = false;
}

/* ---- for the view ---- */

bool summary_ask(struct view *v, enum action a)
{
	switch (a) {
	case ACT_SUMMARY_CONFIRM:
		return ask_confirm(v);
	case ACT_SUMMARY_CANCEL:
		return ask_cancel(v);
	case ACT_SUMMARY_LOOK:
		return look(v->state);
	case ACT_ADD:
		return ask_add(v->state);
	case ACT_AUTO:
		return ask_auto(v);
	default:
		return false;
	}
}

void summary_answer(struct view *v, int token, bool ok, const void *result)
{
	struct summaries *s = v->state;

	if (!ok)
		return;
	if (token == ASK_CONFIRM || token == ASK_CANCEL)
		begin(s, token == ASK_CANCEL);
	else if (token == ASK_AUTO)
		set_auto(s, result);
}
