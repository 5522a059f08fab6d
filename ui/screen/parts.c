/* parts.c - sentences, errands, details: what several screens say and do alike. */
#include "ui/screen/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

enum { DETAIL_LABEL = 16, WIDE = 100, HINTS_MAX = 24 };

/* ---- what the session may ---- */

const char *screen_may(enum desk_action a)
{
	static char why[1200];
	struct err_info e = {0};

	return desk_allow(ui_session(), a, &e) ? ui_sentence(&e, why, sizeof(why)) : NULL;
}

const enum action *screen_possible(const struct view *v, const enum action *hints)
{
	static enum action shown[HINTS_MAX + 1];
	size_t n = 0;

	for (; *hints != ACT_NONE && n < HINTS_MAX; hints++) {
		if (!v->ops->why_not(v, *hints))
			shown[n++] = *hints;
	}
	shown[n] = ACT_NONE;
	return shown;
}

/* ---- a unit that is not ready ---- */

/* The tax bureau's manual has this very sentence (features G4). */
static const char NOT_ACTIVATED[] =
    "当前销方企业未开通乐企数电发票业务，请在系统的【开票业务配置】功能中添加配置信息并完成业务激活处理！";

bool gate_open(struct gate *g)
{
	struct err_info e = {0};
	struct unit u;

	*g = (struct gate) {.text = ""};
	if (!desk_unit_ready(ui_session(), &u, NULL, &e))
		unit_free(&u);
	else if (!strcmp(e.code, "unit.none"))
		text_copy(g->text, sizeof(g->text), NOT_ACTIVATED);
	else
		ui_sentence(&e, g->text, sizeof(g->text));
	g->choose = !strcmp(e.code, "unit.choose");
	return !g->text[0];
}

void gate_paint(const struct gate *g, struct rect r)
{
	struct rect box = rect_centre(r, 6, r.w > WIDE ? 80 : r.w - 8);
	int row;

	draw_clear(r, FACE_NORMAL);
	row = draw_wrapped(box, 0, 0, box.w, box.h - 2, FACE_WARNING, g->text);
	draw_text(box, row + 1, 0, box.w, ALIGN_LEFT, FACE_VALUE,
		  g->choose ? "按回车选用使用单位" : "按回车去开票业务配置");
	draw_cursor(box, row + 1, 0);
}

bool gate_act(const struct gate *g, enum action a)
{
	if (!g->text[0] || a != ACT_ENTER)
		return false;
	if (!g->choose)
		return ui_do(ACT_GO_WIZARD);
	screen_choose_unit();
	return true;
}

const enum action *gate_hints(void)
{
	static const enum action HINTS[] = {ACT_ENTER, ACT_GO_WIZARD, ACT_BACK, ACT_NONE};

	return HINTS;
}

void screen_hint_unit(struct err_info *e)
{
	/* Which one is said by the sentence itself: it is not the configuration that is missing. */
	if (e && strcmp(e->code, "unit.choose") != 0)
		err_hint(e, "请先完成开票业务配置");
}

/* ---- work asked for ---- */

struct desk_wait *errand_wait(struct errand *t)
{
	desk_wait_free(&t->wait);
	t->open = false;
	return &t->wait;
}

bool errand_begin(struct errand *t, const char *what, enum err r, const struct err_info *e)
{
	text_copy(t->what, sizeof(t->what), what);
	if (r) {
		ui_error(e);
		return false;
	}
	t->open = true;
	ui_message(MESSAGE_INFO, "%s：已交给同步，办好后会在这里说明，可以先做别的", what);
	ui_wake_engine();
	return true;
}

bool errand_rests(struct errand *t, enum err *verdict, struct err_info *e)
{
	bool done = false;

	if (!t->open)
		return false;
	*verdict = desk_wait_settled(&t->wait, ui_session()->db, &done, e);
	if (*verdict == ERR_BUSY) /* the database; at the next change */
		return false;
	if (!*verdict && !done)
		return false;
	if (!*verdict)
		*verdict = desk_wait_verdict(ui_session(), &t->wait, e);
	t->open = false;
	return true;
}

/* What a sentence says of its subject, where that was named already. */
static const char *past_subject(const char *sentence, const char *what)
{
	static const char COLON[] = "：";
	size_t n = strlen(what);

	if (strncmp(sentence, what, n) != 0 || strncmp(sentence + n, COLON, strlen(COLON)) != 0)
		return sentence;
	return sentence + n + strlen(COLON);
}

void errand_tell(const struct errand *t, enum err verdict, const struct err_info *e)
{
	char sentence[1200];
	const char *why;

	if (!verdict) {
		ui_message(MESSAGE_GOOD, "%s：已完成", t->what);
		return;
	}
	why = past_subject(ui_sentence(e, sentence, sizeof(sentence)), t->what);
	if (verdict == ERR_BUSY || verdict == ERR_UNKNOWN)
		ui_message(MESSAGE_WARNING, "%s：%s%s", t->what, why,
			   strstr(why, "已记录") ? "" : "；已记录，会自动再试");
	else
		ui_message(MESSAGE_ERROR, "%s没有办成：%s", t->what, why);
}

void errand_free(struct errand *t)
{
	desk_wait_free(&t->wait);
}

const char *errand_words(const struct errand *t, char out[160])
{
	static const char *const LATER[] = {
	    [ENGINE_OFF] = "同步没有运行，办理要等它启动",
	    [ENGINE_NEW] = "正在办理",
	    [ENGINE_IDLE] = "正在办理",
	    [ENGINE_BUSY] = "正在等待税局答复",
	    [ENGINE_OFFLINE] = "连不上税局，恢复后自动办理",
	    [ENGINE_ELSEWHERE] = "由其他进程的同步办理",
	};

	*out = 0;
	if (t->open)
		snprintf(out, 160, "%s：%s", t->what, LATER[ui_engine()]);
	return out;
}

const char *errand_why(const struct errand *t)
{
	return t->open ? "上一件还在办理，请等它结束" : NULL;
}

/* ---- details ---- */

void detail_add(struct buf *b, const char *label, const char *value)
{
	int pad = DETAIL_LABEL - (int)text_cols(label);

	if (!text_empty(value))
		buf_addf(b, "%s%*s%s\n", label, pad > 1 ? pad : 1, "", value);
}

void detail_time(struct buf *b, const char *label, int64_t t)
{
	char text[DATETIME_TEXT];

	if (t)
		detail_add(b, label, datetime_text(t, text));
}

void detail_int(struct buf *b, const char *label, int64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	detail_add(b, label, text);
}

/* ---- lists ---- */

const char *const *screen_list_sections(const struct list *l, const char *name)
{
	static const char *sections[3];

	if (l->filtering)
		return list_sections(l);
	sections[0] = name;
	sections[1] = "list";
	return sections;
}

enum list_result screen_list_act(struct list *l, enum action a)
{
	enum list_result r;

	if (screen_list_ask(l, a))
		return LIST_USED;
	r = list_act(l, a);
	if (l->filtering && (a == ACT_ENTER || a == ACT_FIND) && *form_error(l->filter))
		ui_message(MESSAGE_ERROR, "%s", form_error(l->filter));
	return r;
}

bool screen_filter_keeps(const struct list *l, enum action a)
{
	static const enum action THROUGH[] = {ACT_HELP, ACT_PALETTE, ACT_BACK,
					      ACT_QUIT, ACT_REPAINT, ACT_COPY};
	size_t i;

	for (i = 0; i < sizeof(THROUGH) / sizeof(THROUGH[0]); i++) {
		if (THROUGH[i] == a)
			return false;
	}
	return l->filtering;
}

const char *screen_tail(const char *text, int cols, char *out, size_t size)
{
	size_t n = strlen(text);
	uint32_t cp;
	const char *at = text;

	for (; draw_cols(at) + (at > text) > cols && *at; n = strlen(at))
		at += text_next(at, n, &cp);
	snprintf(out, size, "%s%s", at > text ? "~" : "", at);
	return out;
}

const char *screen_when(int64_t t, bool wide, char out[32])
{
	char text[DATETIME_TEXT];

	*out = 0;
	if (!t)
		return out;
	datetime_text(t, text);
	if (wide)
		text_copy(out, 32, text);
	else
		snprintf(out, 32, "%.11s", text + 5);
	return out;
}

int64_t screen_cursor(const char *cursor)
{
	return strtoll(cursor, NULL, 10);
}

void screen_next(int64_t next, char out[64])
{
	if (next)
		snprintf(out, 64, "%lld", (long long)next);
	else
		*out = 0;
}
