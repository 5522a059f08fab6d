/* numbers_ask.c - the dialogs of the numbers: how many to claim, and when to claim by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/numbers_p.h"
#include "ui/screen/sellers.h"

enum { FIELD_COUNT = 1, FIELD_SELLER, FIELD_ON, FIELD_BELOW, FIELD_CLAIM };
enum { ASK_CLAIM = 1, ASK_AUTO, ASK_CLAIM_ON };

static const char *check_count(const struct form *f, const struct field *fd, const char *text,
			       char *out);

static const struct field CLAIM[] = {
    {.id = FIELD_SELLER,
     .kind = FIELD_SHOW,
     .label = "销方名称",
     .col = 10,
     .width = 56,
     .required = true,
     .help = "为谁领购；空格或左右键换一个，确定后画面也换到它。"},
    {.id = FIELD_COUNT,
     .kind = FIELD_DIGITS,
     .label = "申领数量",
     .row = 1,
     .col = 10,
     .width = 8,
     .offered = true,
     .max_chars = 8,
     .required = true,
     .check = check_count,
     .help = "1 至 100000 份；超过 5000 份自动分次提交，中断后接着领，不会重复。"},
    {.id = 0},
};

static struct field claim_fields[sizeof(CLAIM) / sizeof(CLAIM[0])]; /* of the open dialog */

static const char *check_part(const struct form *f, const struct field *fd, const char *text,
			      char *out);

static const struct field AUTO[] = {
    {.id = FIELD_ON,
     .kind = FIELD_FLAG,
     .label = "自动领购",
     .col = 14,
     .width = 3,
     .help = "空格勾选：库存少于预警份数时自动领购。"},
    {.id = FIELD_BELOW,
     .kind = FIELD_DIGITS,
     .label = "预警份数",
     .row = 1,
     .col = 14,
     .width = 8,
     .offered = true,
     .max_chars = 6,
     .required = true,
     .check = check_part,
     .help = "库存少于它就领购；0 表示最近一段的五分之一。"},
    {.id = FIELD_CLAIM,
     .kind = FIELD_DIGITS,
     .label = "每次领购份数",
     .row = 2,
     .col = 14,
     .width = 8,
     .offered = true,
     .max_chars = 6,
     .required = true,
     .check = check_part,
     .help = "每次领购多少；0 表示与最近一段相同。"},
    {.id = 0},
};

static const char *check_part(const struct form *f, const struct field *fd, const char *text,
			      char *out)
{
	(void)f;
	if (text_all_digits(text) && strtol(text, NULL, 10) <= CLAIM_MAX)
		return NULL;
	snprintf(out, 256, "%s应为 0 至 100000 的整数", fd->label);
	return out;
}

static const char *check_count(const struct form *f, const struct field *fd, const char *text,
			       char *out)
{
	long n = text_all_digits(text) && strlen(text) <= 6 ? strtol(text, NULL, 10) : 0;

	(void)f;
	(void)fd;
	(void)out;
	return n >= 1 && n <= CLAIM_MAX ? NULL : "申领数量应为 1 至 100000 的整数";
}

/* ---- dialogs ---- */

static void fill_claim(struct form *f, void *arg)
{
	(void)arg;
	form_set(f, FIELD_SELLER, sellers_current());
	form_set(f, FIELD_COUNT, "100");
	form_focus(f, FIELD_COUNT);
}

static void fill_auto(struct form *f, void *arg)
{
	const struct numbers_auto *a = arg;
	char text[24];

	form_set(f, FIELD_ON, a->on ? "1" : "");
	snprintf(text, sizeof(text), "%lld", (long long)a->below);
	form_set(f, FIELD_BELOW, text);
	snprintf(text, sizeof(text), "%lld", (long long)a->claim);
	form_set(f, FIELD_CLAIM, text);
}

static bool ask_claim(struct view *v)
{
	struct err_info e = {0};

	if (sellers_read(&e)) {
		ui_error(&e);
		return true;
	}
	memcpy(claim_fields, CLAIM, sizeof(CLAIM));
	sellers_field(claim_fields, FIELD_SELLER);
	return view_ask(v, ASK_CLAIM, &view_form_ops,
			&(struct ask_form_arg) {.title = "领购发票",
						.fields = claim_fields,
						.fill = fill_claim,
						.note = "向税局领购号码，每次最多 100000 份；"
							"分次提交，每次 5000 份。"});
}

static bool ask_auto(struct view *v)
{
	struct numbers *s = v->state;

	return view_ask(v, ASK_AUTO, &view_form_ops,
			&(struct ask_form_arg) {.title = "自动领购设置",
						.fields = AUTO,
						.fill = fill_auto,
						.arg = &s->automatic,
						.note = "0 表示按最近一段号码推算。"});
}

static void claim(struct numbers *s, const struct form *f)
{
	struct err_info e = {0};
	enum err r;

	if (!sellers_use(f, FIELD_SELLER))
		return;
	r = desk_numbers_claim(ui_session(), form_get(f, FIELD_COUNT), errand_wait(&s->errand),
			       &s->claim, &e);
	errand_begin(&s->errand, "领购发票", r, &e);
}

/* How many that will be is said before they are claimed. */
static bool ask_claim_on(struct view *v)
{
	struct numbers *s = v->state;
	char words[CLAIM_WORDS];

	snprintf(s->question, sizeof(s->question),
		 "第 %lld 号领购：%s。向税局再领没有领到的 %lld 份？", (long long)s->left.id,
		 desk_claim_words(&s->left, words), (long long)s->left.failed);
	return view_ask(v, ASK_CLAIM_ON, &view_ask_ops,
			&(struct ask_arg) {.title = "继续领购",
					   .text = s->question,
					   .yes = "继续领购",
					   .no = "返回",
					   .safe = true});
}

static void claim_on(struct numbers *s)
{
	struct err_info e = {0};
	enum err r =
	    desk_claim_continue(ui_session(), NULL, errand_wait(&s->errand), &s->claim, &e);

	errand_begin(&s->errand, "继续领购", r, &e);
}

static void set_auto(const struct numbers *s, const struct form *f)
{
	struct numbers_auto a = {.on = form_flag(f, FIELD_ON),
				 .below = strtoll(form_get(f, FIELD_BELOW), NULL, 10),
				 .claim = strtoll(form_get(f, FIELD_CLAIM), NULL, 10)};
	struct err_info e = {0};

	if (a.claim == s->automatic.claim)
		a.claim = -1; /* unchanged: 0 is what it is before anybody sets it */
	if (desk_numbers_set_auto(ui_session(), &a, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "自动领购设置已保存");
}

void numbers_claimed(struct numbers *s, enum err verdict, const struct err_info *e)
{
	struct claim c;
	char sentence[1200], words[CLAIM_WORDS];

	if (desk_claim_get(ui_session(), s->claim, &c, NULL) || c.state == CLAIM_DONE ||
	    !c.claimed) {
		errand_tell(&s->errand, verdict, e);
		return;
	}
	ui_message(MESSAGE_WARNING, "%s：%s。%s", s->errand.what, desk_claim_words(&c, words),
		   verdict ? ui_sentence(e, sentence, sizeof(sentence)) : "");
}

bool numbers_ask(struct view *v, enum action a)
{
	if (a == ACT_CLAIM)
		return ask_claim(v);
	if (a == ACT_CLAIM_ON)
		return ask_claim_on(v);
	return a == ACT_AUTO && ask_auto(v);
}

void numbers_answer(struct view *v, int token, bool ok, const void *result)
{
	if (!ok)
		return;
	if (token == ASK_CLAIM)
		claim(v->state, result);
	else if (token == ASK_CLAIM_ON)
		claim_on(v->state);
	else if (token == ASK_AUTO)
		set_auto(v->state, result);
}
