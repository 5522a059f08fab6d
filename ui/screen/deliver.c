/* deliver.c - 交付与推送: what was mailed and pushed, what waits, what failed and why. */
#include "ui/screen/deliver_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/loop.h"

enum { FIELD_WHAT = 1, FIELD_STATE, FIELD_NO };
enum { ASK_AGAIN = 1, ASK_WITHDRAW };
/* Cells that are not shown. */
enum { CELL_MESSAGE = LIST_COLUMNS - 2, CELL_STATE };
enum { TAIL = 8 };

static const char *const WHATS[] = {"邮件", "推送", NULL};
/* The same places for both: the word of the other is passed over. */
static const char *const STATES[] = {"全部", "等待", "成功", "失败", "结果未知", "撤下", NULL};
static const struct {
	const char *mail, *push;
} STATE_WORDS[] = {
    {NULL, NULL},         {"queued", "waiting"}, {"sent", "done"},
    {"failed", "person"}, {"unknown", "person"}, {"cancelled", "skipped"},
};

static const struct field FILTER[] = {
    {.id = FIELD_WHAT,
     .kind = FIELD_CHOICE,
     .label = "内容",
     .col = 6,
     .width = 4,
     .choices = WHATS,
     .help = "看邮件还是推送，空格或左右键选择；回车查询。"},
    {.id = FIELD_STATE,
     .kind = FIELD_CHOICE,
     .label = "状态",
     .col = 20,
     .width = 8,
     .choices = STATES,
     .help = "空格或左右键选择；“失败”含需人工的推送，“撤下”是取消的邮件和搁置的推送。"},
    {.id = FIELD_NO,
     .kind = FIELD_TEXT,
     .label = "发票",
     .col = 38,
     .width = 22,
     .max_chars = 60,
     .help = "发票号码或订单号，完整的；空着不限。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {.label = "编号", .width = 5, .wide_width = 7, .align = ALIGN_RIGHT},
    {.label = "时间", .width = 11, .wide_width = 19},
    {.label = "发票号码", .width = 10, .wide_width = 20},
    {.label = "购方名称", .width = 14, .wide_width = 24},
    {.label = "状态", .width = 8, .wide_width = 8},
    {.label = "次数", .width = 4, .wide_width = 4, .align = ALIGN_RIGHT, .from = 90},
    {.label = "收件人、应答", .width = -1, .wide_width = -1},
    {.label = NULL},
};

bool deliver_shows_mail(const struct deliver *s)
{
	return form_choice(&s->frame.filter, FIELD_WHAT) <= 0;
}

/* ---- rows ---- */

static void put_number(char *cell, const char *number, bool wide)
{
	size_t n = strlen(number);

	if (wide || n <= TAIL)
		text_copy(cell, LIST_CELL, number);
	else
		snprintf(cell, LIST_CELL, "..%s", number + n - TAIL);
}

static struct list_row *begin_row(struct listing_page *p, int64_t id, int64_t at,
				  const char *number, const char *buyer)
{
	struct list_row *row = listing_row(p, id, FACE_NORMAL);

	snprintf(row->cell[0], LIST_CELL, "%lld", (long long)id);
	screen_when(at, p->wide, row->cell[1]);
	put_number(row->cell[2], number, p->wide);
	text_copy(row->cell[3], LIST_CELL, buyer);
	return row;
}

/* Why it waits or failed, else what was answered. */
static void put_words(struct list_row *row, const char *message, const char *answer)
{
	char *cell = row->cell[CELL_MESSAGE];

	if (*message)
		snprintf(cell, LIST_CELL, "说明：%s", message);
	else if (*answer)
		snprintf(cell, LIST_CELL, "应答：%.900s", answer);
	cell[text_whole(cell, strlen(cell))] = 0;
}

static enum err add_mail(void *arg, const struct mail *m)
{
	static const enum face FACES[MAIL_STATES] = {
	    [MAIL_QUEUED] = FACE_VALUE, [MAIL_SENDING] = FACE_VALUE,   [MAIL_SENT] = FACE_NORMAL,
	    [MAIL_FAILED] = FACE_ERROR, [MAIL_UNKNOWN] = FACE_WARNING, [MAIL_CANCELLED] = FACE_DIM};
	struct listing_page *p = arg;
	struct list_row *row =
	    begin_row(p, m->id, m->sent_at ? m->sent_at : m->updated_at, m->number, m->buyer);

	row->face = FACES[m->state];
	text_copy(row->cell[4], LIST_CELL, mail_state_label(m->state));
	snprintf(row->cell[5], LIST_CELL, "%d", m->attempts);
	text_copy(row->cell[6], LIST_CELL, m->recipients);
	put_words(row, m->message, m->answer);
	text_copy(row->cell[CELL_STATE], LIST_CELL, mail_state_word(m->state));
	return ERR_OK;
}

static enum err add_event(void *arg, const struct push_event *v)
{
	static const enum face FACES[PUSH_STATES] = {[PUSH_WAITING] = FACE_VALUE,
						     [PUSH_DONE] = FACE_NORMAL,
						     [PUSH_PERSON] = FACE_ERROR,
						     [PUSH_SKIPPED] = FACE_DIM};
	struct listing_page *p = arg;
	struct list_row *row =
	    begin_row(p, v->id, v->done_at ? v->done_at : v->updated_at, v->number, v->buyer);

	row->face = v->state == PUSH_WAITING && v->attempts ? FACE_WARNING : FACES[v->state];
	text_copy(row->cell[4], LIST_CELL, push_state_label(v->state));
	snprintf(row->cell[5], LIST_CELL, "%d", v->attempts);
	text_copy(row->cell[6], LIST_CELL, v->answer);
	put_words(row, v->message, v->answer);
	text_copy(row->cell[CELL_STATE], LIST_CELL, push_state_word(v->state));
	return ERR_OK;
}

static enum err read_posts(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct deliver *s = v->state;
	int at = form_choice(&s->frame.filter, FIELD_STATE);
	const char *no = form_get(&s->frame.filter, FIELD_NO);
	const struct mail_query m = {.state = STATE_WORDS[at < 0 ? 0 : at].mail,
				     .no = *no ? no : NULL,
				     .cursor = p->cursor,
				     .limit = p->max};
	const struct push_query q = {.state = STATE_WORDS[at < 0 ? 0 : at].push,
				     .no = m.no,
				     .cursor = m.cursor,
				     .limit = m.limit};

	if (deliver_shows_mail(s))
		return desk_mail_list(ui_session(), &m, add_mail, p, &p->next, &p->total, e);
	return desk_push_list(ui_session(), &q, add_event, p, &p->next, &p->total, e);
}

/* ---- detail ---- */

static enum err mail_text(const char *id, struct buf *b, struct err_info *e)
{
	struct mail *m = mem_zalloc(sizeof(*m));
	enum err r = desk_mail_get(ui_session(), id, m, e);

	if (!r) {
		detail_add(b, "状态", mail_state_label(m->state));
		detail_add(b, "说明", m->message);
		detail_add(b, "收件人", m->recipients);
		detail_add(b, "发票号码", m->number);
		detail_add(b, "购方名称", m->buyer);
		detail_add(b, "来由", m->automatic ? "开票成功自动发送" : "有人要求");
		detail_time(b, "创建时间", m->created_at);
		detail_time(b, "发送时间", m->sent_at);
		detail_int(b, "发送次数", m->attempts);
		if (m->smtp_status)
			detail_int(b, "SMTP", m->smtp_status);
		detail_add(b, "服务器应答", m->answer);
		detail_add(b, "Message-ID", m->message_id);
	}
	free(m);
	return r;
}

static enum err event_text(const char *id, struct buf *b, struct err_info *e)
{
	struct push_event v;
	char event[EVENT_ID_TEXT];
	enum err r = desk_push_get(ui_session(), id, &v, e);

	if (r)
		return r;
	detail_add(b, "状态", push_state_label(v.state));
	detail_add(b, "说明", v.message);
	detail_add(b, "发票号码", v.number);
	detail_add(b, "购方名称", v.buyer);
	detail_add(b, "事件编号", push_event_id(ui_facts()->env_id, v.number, event));
	detail_time(b, "登记时间", v.queued_at);
	detail_time(b, "推送时间", v.done_at);
	detail_int(b, "推送次数", v.attempts);
	if (v.http_status)
		detail_int(b, "HTTP", v.http_status);
	detail_add(b, "接收方应答", v.answer);
	return ERR_OK;
}

static bool deliver_chosen(struct view *v)
{
	const struct deliver *s = v->state;
	const char *id = list_row(&s->frame.list)->cell[0];
	bool mail = deliver_shows_mail(s);
	struct err_info e = {0};
	struct buf b;

	buf_init(&b, DETAIL_MAX);
	if (mail ? mail_text(id, &b, &e) : event_text(id, &b, &e))
		ui_error(&e);
	else
		view_push(&view_read_ops, &(struct read_arg) {.title = mail ? "邮件" : "推送",
							      .text = buf_str(&b)});
	buf_free(&b);
	return true;
}

/* ---- again, withdrawing ---- */

static bool is_state(const struct deliver *s, const char *word)
{
	const struct list_row *row = list_row(&s->frame.list);

	return row && !strcmp(row->cell[CELL_STATE], word);
}

/* The row as it is shown now: what happens meanwhile must not turn an answer to another. */
static void note_row(struct deliver *s)
{
	const struct list_row *row = list_row(&s->frame.list);

	text_copy(s->asked_id, sizeof(s->asked_id), row->cell[0]);
	text_copy(s->asked_state, sizeof(s->asked_state), row->cell[CELL_STATE]);
}

static void go_again(struct deliver *s, bool again)
{
	struct desk_wait w = {0};
	struct err_info e = {0};
	enum err r = deliver_shows_mail(s) ? desk_mail_again(ui_session(), s->asked_id, NULL, again,
							     s->asked_state, &w, &e)
					   : desk_push_again(ui_session(), s->asked_id, &w, &e);

	desk_wait_free(&w);
	s->frame.list.stale = true;
	if (r) {
		ui_error(&e);
		return;
	}
	ui_wake_engine();
	ui_message(MESSAGE_GOOD, "已排队");
}

static bool again(struct deliver *s)
{
	bool sent = is_state(s, "sent");
	const struct list_row *row = list_row(&s->frame.list);

	note_row(s);
	if (!deliver_shows_mail(s) || (!sent && !is_state(s, "unknown"))) {
		go_again(s, false);
		return true;
	}
	snprintf(
	    s->question, sizeof(s->question),
	    sent ? "已经发送给 %.120s，再发一封？"
		 : "上次的结果不知道，邮件服务器可能已经收下，%.120s 可能收到两封。先问收件人。",
	    row->cell[6]);
	s->question[text_whole(s->question, strlen(s->question))] = 0;
	return view_ask(s->frame.view, ASK_AGAIN, &view_ask_ops,
			&(struct ask_arg) {
			    .title = "再发一次", .text = s->question, .yes = "再发", .no = "返回"});
}

static bool ask_withdraw(struct deliver *s)
{
	const struct list_row *row = list_row(&s->frame.list);
	bool mail = deliver_shows_mail(s);

	note_row(s);
	snprintf(s->question, sizeof(s->question),
		 mail ? "取消发给 %.120s 的邮件？" : "搁置发票 %.120s 的推送？后面的先推送。",
		 row->cell[mail ? 6 : 2]);
	s->question[text_whole(s->question, strlen(s->question))] = 0;
	return view_ask(s->frame.view, ASK_WITHDRAW, &view_ask_ops,
			&(struct ask_arg) {.title = mail ? "取消邮件" : "搁置推送",
					   .text = s->question,
					   .yes = mail ? "取消邮件" : "搁置",
					   .no = "返回"});
}

static void withdraw(struct deliver *s)
{
	struct err_info e = {0};

	if (deliver_shows_mail(s) ? desk_mail_cancel(ui_session(), s->asked_id, &e)
				  : desk_push_skip(ui_session(), s->asked_id, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "已撤下");
	s->frame.list.stale = true;
}

static const char *row_why_not(const struct deliver *s, enum action a)
{
	const struct list_row *row = list_row(&s->frame.list);

	if (!row)
		return "没有选中的一行";
	if (a == ACT_WITHDRAW &&
	    (is_state(s, "sent") || is_state(s, "done") || is_state(s, "sending") ||
	     is_state(s, "cancelled") || is_state(s, "skipped")))
		return "已经送出或撤下";
	if (a == ACT_RETRY && is_state(s, "sending"))
		return "正在发送";
	return screen_may(DESK_ISSUE);
}

/* ---- the view ---- */

static bool deliver_content(struct view *v, bool changed)
{
	struct deliver *s = v->state;
	struct err_info e = {0};
	enum err verdict;

	if (changed && errand_rests(&s->errand, &verdict, &e))
		errand_tell(&s->errand, verdict, &e);
	return true;
}

/* Below the list: why the selected one waits, or what was answered. */
static bool deliver_paint(struct view *v)
{
	struct deliver *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);
	char words[160];
	const char *text = s->errand.open ? errand_words(&s->errand, words)
			   : row          ? row->cell[CELL_MESSAGE]
					  : "";

	listing_say(&s->frame, s->errand.open || !row ? FACE_NORMAL : row->face, text);
	return true;
}

static void deliver_answer(struct view *v, int token, bool ok, const void *result)
{
	struct deliver *s = v->state;

	(void)result;
	if (!ok || !list_row(&s->frame.list))
		return;
	if (token == ASK_AGAIN)
		go_again(s, true);
	else
		withdraw(s);
}

static bool deliver_act(struct view *v, enum action a)
{
	struct deliver *s = v->state;

	switch (a) {
	case ACT_RETRY:
		return again(s);
	case ACT_WITHDRAW:
		return ask_withdraw(s);
	case ACT_MAIL_SET:
		return deliver_ask_mail_set();
	case ACT_PUSH_SET:
		return deliver_ask_push_set();
	case ACT_POST_TEST:
		return deliver_ask_test(s);
	case ACT_PUSH:
		return deliver_ask_month();
	default:
		return false;
	}
}

static const char *deliver_why_not(const struct view *v, enum action a)
{
	const struct deliver *s = v->state;

	if (a == ACT_RETRY || a == ACT_WITHDRAW)
		return row_why_not(s, a);
	if (a == ACT_POST_TEST && errand_why(&s->errand))
		return errand_why(&s->errand);
	if (a == ACT_MAIL_SET || a == ACT_PUSH_SET || a == ACT_POST_TEST)
		return screen_may(DESK_POST);
	return a == ACT_PUSH ? screen_may(DESK_ISSUE) : NULL;
}

static const char *deliver_state(const struct view *v)
{
	const struct deliver *s = v->state;

	return s->errand.open ? "waiting" : NULL;
}

static void deliver_close(struct view *v)
{
	struct deliver *s = v->state;

	errand_free(&s->errand);
}

static const enum action HINTS[] = {ACT_FIND,     ACT_DETAIL,   ACT_RETRY, ACT_WITHDRAW,
				    ACT_MAIL_SET, ACT_PUSH_SET, ACT_PUSH,  ACT_POST_TEST,
				    ACT_BACK,     ACT_NONE};
static const struct listing_kind POSTS = {
    .title = "交付与推送",
    .empty = "还没有。s 邮件设置、S 推送设置；在开票记录里 m 发邮件、w 推送。",
    .columns = COLUMNS,
    .filter = FILTER,
    .allow = DESK_VIEW,
    .trouble_cell = CELL_MESSAGE,
    .of_unit = true,
    .capped = true,
    .foot = 1,
    .hints = HINTS,
    .help = "“已发送”是邮件服务器确认收下的；“结果未知”的再发之前会先问。F3 换成推送，"
	    "t 再来一次，x 撤下。",
    .read = read_posts,
    .content = deliver_content,
    .paint = deliver_paint,
    .act = deliver_act,
    .chosen = deliver_chosen,
    .state_now = deliver_state,
    .close = deliver_close,
};

static enum err deliver_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	return listing_open(v, &POSTS, e);
}

const struct view_ops view_deliver_ops = {
    LISTING_VIEW,
    .name = "deliver",
    .path = "开票 › 交付与推送",
    .size = sizeof(struct deliver),
    .open = deliver_open,
    .why_not = deliver_why_not,
    .answer = deliver_answer,
};
