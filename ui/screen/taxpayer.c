/* taxpayer.c - 企业基本信息: basic data, risk, rates and quota as the tax side last told them (features
 * G1-G4). */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_model.h"
#include "ui/screen/parts.h"

struct taxpayer_screen {
	struct figures figures, before; /* before: as it was when a refresh was asked for */
	struct gate gate;
	struct errand errand;
	bool read;
	char none[1200]; /* nothing was fetched yet */
};

static const char *code_name(enum code_table t, const char *code)
{
	const struct code_row *row = code_find(t, code);

	return row ? row->name : code;
}

static void add(struct figures *s, const char *label, const char *value)
{
	figures_add(s, label, *value ? FACE_VALUE : FACE_DIM, "%s", *value ? value : "无");
}

static void add_time(struct figures *s, int64_t at)
{
	figures_time(s, "数据时间", at);
}

/* ---- panes ---- */

static void basic_pane(struct figures *s, const struct taxpayer *t)
{
	char sector[SECTOR_TEXT];

	figures_title(s, "基本信息");
	add(s, "名称", t->name);
	add(s, "税号", t->tax_no);
	add(s, "纳税人类型", code_name(CODES_TAXPAYER_TYPES, t->type));
	add(s, "纳税人状态", code_name(CODES_TAXPAYER_STATES, t->state));
	add(s, "数电试点", !strcmp(t->pilot, "Y") ? "是" : "否");
	add(s, "生产经营地址", t->address);
	add(s, "联系电话", t->phone);
	add(s, "开户行", t->bank_name);
	add(s, "账号", t->account);
	add(s, "主管税务机关", t->office_name);
	add(s, "行业", taxpayer_sector_label(t->industry, sector));
	add_time(s, t->basic_at);
}

static void risk_pane(struct figures *s, const struct taxpayer *t)
{
	struct err_info why = {0};
	bool may = taxpayer_may_issue(t, clock_now(), &why) == ERR_OK;

	figures_title(s, "风险信息");
	figures_add(s, "可以开票", may ? FACE_GOOD : FACE_ERROR, "%s%s", may ? "是" : "否，",
		    why.why);
	add(s, "纳税信用级别", t->credit_grade);
	add(s, "风险纳税人类型", taxpayer_risk_label(t->risk_class));
	add(s, "预警级别", taxpayer_alert_label(t->alert_level));
	add(s, "风险纳税人", !strcmp(t->risk_flag, "Y") ? "是" : "否");
	add_time(s, t->risk_at);
}

static void rates_in(struct figures *s, const struct taxpayer_view *v, bool enabled)
{
	char rate[BLUE_TEXT], label[BLUE_TEXT + 16];
	size_t i;

	for (i = 0; i < v->rate_count; i++) {
		const struct tax_rate *r = &v->rates[i];

		if (r->enabled != enabled)
			continue;
		snprintf(label, sizeof(label), "%s %s", r->levy ? "征收率" : "税率",
			 blue_rate_text(r->ppm, "", rate));
		figures_add(s, label, enabled ? FACE_VALUE : FACE_DIM, "%s%s%s%s%s",
			    enabled ? "启用" : "停用", *r->start ? "，自 " : "", r->start,
			    *r->stop ? " 至 " : "", r->stop);
	}
}

static void rates_pane(struct figures *s, const struct taxpayer_view *v)
{
	figures_title(s, "可用税率");
	rates_in(s, v, true);
	rates_in(s, v, false);
	if (!v->rate_count)
		figures_add(s, "税率", FACE_DIM, "还没有同步");
}

static void add_quota(struct figures *s, const char *label, bool known, int64_t fen)
{
	char text[FEN_TEXT + 8];

	if (!known)
		figures_add(s, label, FACE_DIM, "还没有同步");
	else if (fen >= QUOTA_ON_DEMAND)
		figures_add(s, label, FACE_VALUE, "按需开票，不限额");
	else
		figures_add(s, label, FACE_VALUE, "%s", fen_format_grouped(fen, text));
}

static void quota_pane(struct figures *s, const struct quota_month *q)
{
	figures_title(s, "授信额度");
	add(s, "属期", q->month);
	add_quota(s, "本月总额度", q->has_remote, q->remote_total);
	add_quota(s, "局端可下载", q->has_remote, q->remote_available);
	add_quota(s, "已下载", q->has_remote, q->remote_downloaded);
	add_quota(s, "已下载未使用", true, q->unused);
	add_quota(s, "待上传发票占用", true, q->reserved);
	if (q->end[0])
		figures_add(s, "使用区间", FACE_VALUE, "%s 至 %s", q->start, q->end);
	else
		figures_add(s, "使用区间", FACE_DIM, "还不知道");
	if (q->paused)
		figures_add(s, "暂停赋额", FACE_ERROR, "税局已暂停赋额");
	add_time(s, q->synced_at);
}

static enum err fill(void *arg, const struct taxpayer_view *v)
{
	struct figures *s = arg;

	figures_clear(s);
	basic_pane(s, v->taxpayer);
	risk_pane(s, v->taxpayer);
	quota_pane(s, v->quota);
	rates_pane(s, v);
	return ERR_OK;
}

static void read_panes(struct taxpayer_screen *s)
{
	struct err_info e = {0};

	s->read = true;
	s->none[0] = 0;
	if (!desk_taxpayer_show(ui_session(), fill, &s->figures, &e))
		return;
	figures_clear(&s->figures);
	ui_sentence(&e, s->none, sizeof(s->none));
}

static bool sync_now(struct taxpayer_screen *s)
{
	struct err_info e = {0};
	enum err r = desk_taxpayer_sync(ui_session(), errand_wait(&s->errand), &e);

	if (errand_begin(&s->errand, "同步税局信息", r, &e)) {
		figures_clear(&s->before);
		desk_taxpayer_show(ui_session(), fill, &s->before, NULL);
	}
	return true;
}

/* features G3: what the refresh has changed. */
static void tell_changes(struct taxpayer_screen *s)
{
	struct buf b;
	int n;

	buf_init(&b, DETAIL_MAX);
	n = figures_changes(&s->before, &s->figures, &b);
	if (n)
		ui_message(MESSAGE_GOOD, "同步税局信息：已完成，有 %d 项变化：%s", n, buf_str(&b));
	else
		ui_message(MESSAGE_GOOD, "同步税局信息：已完成%s",
			   s->before.count ? "，无变化" : "");
	buf_free(&b);
}

/* ---- the view ---- */

static enum err taxpayer_open(struct view *v, const void *arg, struct err_info *e)
{
	struct taxpayer_screen *s = v->state;

	(void)arg;
	gate_open(&s->gate);
	return desk_allow(ui_session(), DESK_VIEW, e);
}

static void taxpayer_close(struct view *v)
{
	struct taxpayer_screen *s = v->state;

	figures_clear(&s->figures);
	figures_clear(&s->before);
	errand_free(&s->errand);
}

static void taxpayer_content(struct view *v, bool changed)
{
	struct taxpayer_screen *s = v->state;
	struct err_info e = {0};
	enum err verdict = ERR_OK;
	bool rests;

	if (changed)
		gate_open(&s->gate);
	if (s->gate.text[0])
		return;
	rests = changed && errand_rests(&s->errand, &verdict, &e);
	if (changed || !s->read)
		read_panes(s);
	if (rests && verdict)
		errand_tell(&s->errand, verdict, &e);
	else if (rests)
		tell_changes(s);
}

static void taxpayer_paint(struct view *v)
{
	struct taxpayer_screen *s = v->state;
	struct rect r = v->area, status;
	char words[160], more[80] = "";

	if (s->gate.text[0]) {
		gate_paint(&s->gate, r);
		return;
	}
	status = rect_bottom(&r, 1);
	figures_paint(&s->figures, r);
	if (s->none[0])
		draw_text(r, r.h / 2, 0, r.w, ALIGN_CENTRE, FACE_DIM, s->none);
	if (s->figures.lines > s->figures.shown)
		snprintf(more, sizeof(more), "第 %d-%d 行，共 %d 行", s->figures.top + 1,
			 s->figures.top + s->figures.shown, s->figures.lines);
	draw_text(status, 0, 0, status.w, ALIGN_RIGHT, FACE_DIM, more);
	draw_run(status, 0, 1, FACE_WARNING, errand_words(&s->errand, words));
	draw_cursor(r, 0, 0);
}

static bool taxpayer_act(struct view *v, enum action a)
{
	struct taxpayer_screen *s = v->state;

	if (s->gate.text[0])
		return gate_act(&s->gate, a);
	if (a == ACT_SYNC_TAXPAYER)
		return sync_now(s);
	return figures_act(&s->figures, a);
}

static const char *taxpayer_why_not(const struct view *v, enum action a)
{
	const struct taxpayer_screen *s = v->state;
	const char *why;

	if (a != ACT_SYNC_TAXPAYER)
		return NULL;
	if (s->gate.text[0])
		return s->gate.text;
	return (why = screen_may(DESK_REFRESH)) ? why : errand_why(&s->errand);
}

static const char *const *taxpayer_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"taxpayer", "read", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *taxpayer_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_SYNC_TAXPAYER, ACT_PAGE_DOWN, ACT_PAGE_UP, ACT_BACK,
					    ACT_NONE};
	const struct taxpayer_screen *s = v->state;

	return s->gate.text[0] ? gate_hints() : HINTS;
}

static const char *taxpayer_help(const struct view *v)
{
	(void)v;
	return "这里是最近一次同步的税局数据，离线也能看。s 重新同步；风险信息超过 24 "
	       "小时，开票前会自动同步。";
}

static const char *taxpayer_state(const struct view *v)
{
	const struct taxpayer_screen *s = v->state;

	if (s->gate.text[0])
		return "closed";
	return s->errand.open ? "waiting" : s->none[0] ? "empty" : "ready";
}

const struct view_ops view_taxpayer_ops = {
    .name = "taxpayer",
    .path = "数电设置 › 企业基本信息",
    .size = sizeof(struct taxpayer_screen),
    .open = taxpayer_open,
    .content = taxpayer_content,
    .paint = taxpayer_paint,
    .sections = taxpayer_sections,
    .act = taxpayer_act,
    .why_not = taxpayer_why_not,
    .hints = taxpayer_hints,
    .help = taxpayer_help,
    .close = taxpayer_close,
    .state = taxpayer_state,
};
