/* red_do.c - what can be done with a red letter, from the lists and from its own screen. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/invoices.h"
#include "ui/screen/red_p.h"

/* ---- words ---- */

enum face red_face(enum red_situation s)
{
	static const enum face FACES[RED_SITUATIONS] = {
	    [RED_FOR_US] = FACE_WARNING,    [RED_FOR_THEM] = FACE_NORMAL,
	    [RED_ISSUABLE] = FACE_VALUE,    [RED_THEY_ISSUE] = FACE_NORMAL,
	    [RED_WAS_ISSUED] = FACE_NORMAL, [RED_VOID] = FACE_DIM,
	    [RED_ON_THE_WAY] = FACE_VALUE,  [RED_FAILED] = FACE_ERROR,
	};

	return FACES[s];
}

const char *red_side_name(enum red_side s)
{
	return s == RED_SELLER ? "销售方" : "购买方";
}

const char *red_gross(int64_t net, int64_t tax, char out[RED_MONEY])
{
	return fen_format_grouped(net + tax, out);
}

/* ---- may it be done ---- */

static const struct {
	enum action action;
	enum red_action red;
	const char *title, *yes;
} DEEDS[] = {
    {ACT_RED_CONFIRM, RED_CONFIRM, "确认红字确认单", "确认"},
    {ACT_RED_DENY, RED_DENY, "否认红字确认单", "否认"},
    {ACT_RED_REVOKE, RED_REVOKE, "撤销红字确认单", "撤销"},
    {ACT_RED_ISSUE, RED_ISSUE, "开具红字发票", "开具"},
    {ACT_RED_AGAIN, RED_ACTIONS, "重新提交红字确认单", "重新提交"},
    {ACT_RED_DROP, RED_ACTIONS, "放弃红字确认单", "放弃"},
};
enum { DEED_COUNT = sizeof(DEEDS) / sizeof(DEEDS[0]) };

static size_t deed_of(enum action a)
{
	size_t i;

	for (i = 0; i < DEED_COUNT && DEEDS[i].action != a;)
		i++;
	return i;
}

static const char *why_not_red(const struct red_record *r)
{
	static char why[160];

	if (r->red_invoice_id)
		return NULL;
	if (!r->letter.issued)
		return "还没有开具红字发票";
	snprintf(why, sizeof(why), "红字发票 %.20s 不是在这里开具的，可在税局查看",
		 r->letter.red_number);
	return why;
}

const char *red_why_not(const struct red_record *r, enum action a)
{
	static char why[1200];
	struct err_info e = {0};
	size_t i = deed_of(a);

	if (a != ACT_SHOW_RED && a != ACT_SHOW_BLUE && i == DEED_COUNT)
		return NULL;
	if (!r)
		return "没有选中的确认单";
	if (a == ACT_SHOW_RED)
		return why_not_red(r);
	if (a == ACT_SHOW_BLUE)
		return r->blue_invoice_id ? NULL : "蓝字发票不是在这里开具的";
	if (a == ACT_RED_DROP && r->progress == RED_REFUSED && !r->letter.valid)
		return "已经放弃";
	if (a == ACT_RED_DROP)
		return r->progress == RED_REFUSED ? screen_may(DESK_ISSUE)
						  : "只有申请失败的可以放弃";
	if (a == ACT_RED_AGAIN)
		return r->progress == RED_REFUSED ? screen_may(DESK_ISSUE)
						  : "只有申请失败的可以重新提交";
	return desk_red_may(ui_session(), r, DEEDS[i].red, &e) ? ui_sentence(&e, why, sizeof(why))
							       : NULL;
}

/* ---- asking ---- */

static void say_whose(struct buf *b, const struct red_record *r)
{
	const struct red_letter *l = &r->letter;
	const char *party = r->side == RED_SELLER ? l->buyer_name : l->seller_name;
	const char *gap = *l->number ? " " : "";

	if (l->entered_by == r->side)
		buf_addf(b, "我方录入的红字确认单%s%s，对方是%s\n", gap, l->number, party);
	else
		buf_addf(b, "%s录入的红字确认单%s%s\n", party, gap, l->number);
}

static void say_amounts(struct buf *b, const struct red_letter *l)
{
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY];

	buf_addf(b, "蓝字发票 %s%s%s，%.10s 开具；冲红原因：%s\n", l->blue_code,
		 *l->blue_code ? " " : "", l->blue_number, l->blue_issued_at,
		 red_reason_label(l->reason));
	buf_addf(b, "冲销金额 %s，税额 %s，价税合计 %s\n\n", fen_format_grouped(l->net_fen, net),
		 fen_format_grouped(l->tax_fen, tax), red_gross(l->net_fen, l->tax_fen, gross));
}

static const char *what_follows(const struct red_record *r, enum action a)
{
	if (a == ACT_RED_CONFIRM)
		return r->side == RED_SELLER ? "确认后由我方开具红字发票。"
					     : "确认后由对方开具红字发票。";
	if (a == ACT_RED_AGAIN)
		return "照原来的内容再申请一次。上次没有成功：";
	if (a == ACT_RED_DROP)
		return "不再申请，归入已作废；以后还可以重新提交。没有成功：";
	return a == ACT_RED_DENY ? "否认后这张确认单作废，要冲红只能重新录入。"
				 : "撤销后这张确认单作废，要冲红只能重新录入。";
}

bool red_ask(struct red_work *w, struct view *asker, int token, const struct red_record *r,
	     enum action a)
{
	size_t i = deed_of(a);
	struct buf b;

	buf_init(&b, sizeof(w->question) * 2);
	say_whose(&b, r);
	say_amounts(&b, &r->letter);
	buf_addf(&b, "%s%s", what_follows(r, a),
		 a == ACT_RED_AGAIN || a == ACT_RED_DROP ? r->message : "");
	text_copy(w->question, sizeof(w->question), buf_str(&b));
	w->question[text_whole(w->question, strlen(w->question))] = 0;
	buf_free(&b);
	w->id = r->id;
	w->what = a;
	w->fetched = false;
	return view_ask(
	    asker, token, &view_ask_ops,
	    &(struct ask_arg) {
		.title = DEEDS[i].title, .text = w->question, .yes = DEEDS[i].yes, .no = "返回"});
}

/* ---- doing ---- */

static enum err put(struct red_work *w, bool *done, struct err_info *e)
{
	struct desk_wait *wait = errand_wait(&w->errand);
	int64_t id = 0;
	enum err r;

	if (w->what != ACT_RED_AGAIN)
		return desk_red_act(ui_session(), w->id, DEEDS[deed_of(w->what)].red, wait, done,
				    e);
	if (!(r = desk_red_again(ui_session(), w->id, &id, wait, e)))
		w->id = id;
	return r;
}

/* Nothing is done while what the tax side says of us is older than a day. */
static void fetch_risk(struct red_work *w)
{
	struct err_info e = {0};
	enum err r = desk_taxpayer_sync(ui_session(), errand_wait(&w->errand), &e);

	w->fetched = true;
	w->fetching = errand_begin(&w->errand, "同步风险信息", r, &e);
}

/* Our own record alone: nothing goes to the tax side. */
static void drop(const struct red_work *w)
{
	struct err_info e = {0};

	if (desk_red_drop(ui_session(), w->id, NULL, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "已放弃，归入已作废；以后还可以重新提交");
}

static void put_to_engine(struct red_work *w)
{
	const size_t i = deed_of(w->what);
	struct err_info e = {0};
	bool done = false;
	enum err r = put(w, &done, &e);

	if (r == ERR_INVALID && !strncmp(e.code, "seller.", 7) && !w->fetched)
		fetch_risk(w);
	else if (!r && done)
		ui_message(MESSAGE_GOOD, "已处理：这张红字确认单已经%s", DEEDS[i].yes);
	else
		errand_begin(&w->errand, DEEDS[i].title, r, &e);
}

void red_run(struct red_work *w)
{
	if (w->what == ACT_RED_DROP)
		drop(w);
	else
		put_to_engine(w);
}

/* With what can be done now. */
static void tell_done(const struct red_work *w)
{
	const char *next = "";
	struct red_record r;

	if (!desk_red_by_id(ui_session(), w->id, &r, NULL)) {
		if (red_record_situation(&r) == RED_ISSUABLE)
			next = "，可以开具红字发票了";
		red_record_free(&r);
	}
	ui_message(MESSAGE_GOOD, "%s成功%s", DEEDS[deed_of(w->what)].yes, next);
}

bool red_work_rests(struct red_work *w, bool changed)
{
	struct err_info e = {0};
	enum err verdict;

	if (!changed || !errand_rests(&w->errand, &verdict, &e))
		return false;
	if (w->fetching && !verdict) {
		w->fetching = false;
		red_run(w);
		return true;
	}
	w->fetching = false;
	if (!verdict)
		verdict = desk_red_verdict(ui_session(), w->id, &e);
	if (verdict)
		errand_tell(&w->errand, verdict, &e);
	else
		tell_done(w);
	return true;
}

bool red_show_invoice(const struct red_record *r, enum action a)
{
	return view_push(&view_invoice_ops,
			 a == ACT_SHOW_RED ? &r->red_invoice_id : &r->blue_invoice_id);
}
