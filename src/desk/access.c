/* access.c - 开票安全验证截止日, 接入条件, what 联用 leaves out. */
#include "desk/access.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/unit_p.h"

/* ---- safety ---- */

static enum err parse_day(const char *text, char out[DATE_TEXT], struct err_info *e)
{
	struct date d;

	*out = 0;
	if (text_empty(text) || !strcmp(text, "无"))
		return ERR_OK;
	if (date_parse(text, &d)) {
		date_text(date_unix((struct datetime) {.date = d}), out);
		return ERR_OK;
	}
	err_fail(e, ERR_INVALID, "unit.safety_day", "开票安全验证截止日", "“%.40s”不是日期", text);
	err_field(e, "safety_until");
	err_hint(e, "请写作 2099-12-31；没有时写 无");
	return ERR_INVALID;
}

enum err desk_unit_safety(struct session *s, const struct unit_ref *ref, const char *until,
			  struct err_info *e)
{
	struct unit_ref using = *ref;
	char day[DATE_TEXT];
	struct unit u;
	enum err r;

	using.role = "using";
	if ((r = desk_allow(s, DESK_UNITS, e)) || (r = parse_day(until, day, e)) ||
	    (r = unit_load_one(s, &using, "using", &u, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if (!(r = store_unit_safety(s->db, u.id, day, e)))
			r = desk_audit(s, u.id, "unit.safety", u.tax_no,
				       u.safety_until ? u.safety_until : "", day, e);
		r = desk_end(s, r, e);
	}
	unit_free(&u);
	return r;
}

enum err desk_safety_check(struct session *s, const struct unit *u, struct err_info *e)
{
	struct err_info why = {0};
	char refuse[8];
	enum err over = safety_check(u->safety_until, clock_now(), u->name, &why), r;

	if (!over)
		return ERR_OK;
	if ((r = store_setting_get(s->db, SAFETY_PARAM, SAFETY_REFUSE, "1", refuse, sizeof(refuse),
				   e)))
		return r;
	if (!strcmp(refuse, "0"))
		return ERR_OK;
	if (e)
		*e = why;
	return over;
}

/* ---- 联用 ---- */

enum err desk_unit_collects(const struct unit *u, struct err_info *e)
{
	if (!u->joint)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "unit.joint", u->name, "联用仅支持开票");
	err_hint(e, "收票、归集请由企业自己的渠道办理");
	return ERR_INVALID;
}

/* ---- eligibility ---- */

static enum err judge(struct session *s, const struct unit *u,
		      struct eligibility_view out[ELIGIBILITY_ITEMS], struct err_info *e)
{
	struct eligibility_said said[ELIGIBILITY_ITEMS] = {0};
	struct taxpayer t = {.basic_at = 0};
	bool found = false;
	size_t i;
	enum err r;

	if (u && ((r = store_eligibility_get(s->db, u->id, said, e)) ||
		  (r = store_taxpayer_get(s->db, u->id, &t, &found, e))))
		return r;
	for (i = 0; i < ELIGIBILITY_ITEMS; i++) {
		struct eligibility_view *v = &out[i];

		*v = (struct eligibility_view) {.no = i + 1,
						.item = eligibility_item(i),
						.answer = said[i].answer,
						.at = said[i].at};
		text_copy(v->note, sizeof(v->note), said[i].note);
		text_copy(v->by, sizeof(v->by), said[i].by);
		v->state = eligibility_judge(i, v->answer, v->note, found ? &t : NULL, v->text);
	}
	return ERR_OK;
}

enum err desk_eligibility(struct session *s, struct eligibility_view out[ELIGIBILITY_ITEMS],
			  char **unit_name, struct err_info *e)
{
	struct err_info why = {0};
	struct unit u;
	enum err r = desk_allow(s, DESK_UNITS_VIEW, e);

	if (r)
		return r;
	r = desk_unit(s, &u, &why);
	if (r == ERR_INVALID && !strcmp(why.code, "unit.none")) {
		if (unit_name)
			*unit_name = mem_strdup("");
		return judge(s, NULL, out, e);
	}
	if (r) {
		if (e)
			*e = why;
		return r;
	}
	r = judge(s, &u, out, e);
	if (!r && unit_name)
		*unit_name = mem_strdup(u.name);
	unit_free(&u);
	return r;
}

static const struct {
	const char *word, *label;
	enum eligibility_answer answer;
} ANSWERS[] = {
    {"yes", "是", ANSWER_YES}, {"no", "否", ANSWER_NO}, {"pending", "待确认", ANSWER_NONE}};

enum { ANSWER_COUNT = sizeof(ANSWERS) / sizeof(ANSWERS[0]) };

static const char *answer_word(enum eligibility_answer a)
{
	size_t i = 0;

	while (ANSWERS[i].answer != a)
		i++;
	return ANSWERS[i].word;
}

static enum err refuse_answer(const char *why, const char *hint, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "eligibility.answer", "接入条件", "%s", why);
	err_field(e, "answer");
	err_hint(e, "%s", hint);
	return ERR_INVALID;
}

static enum err parse_answer(size_t no, const char *answer, enum eligibility_answer *out,
			     struct err_info *e)
{
	const struct eligibility_item *item = no ? eligibility_item(no - 1) : NULL;
	size_t i = 0;

	if (!item)
		return refuse_answer("没有这一项", "共四项，1 至 4", e);
	if (!item->manual && !item->exempt)
		return refuse_answer("第 3 项由税局的风险信息决定，不能人工确认",
				     "请先运行 kaipiao taxpayer sync", e);
	while (answer && i < ANSWER_COUNT && strcmp(ANSWERS[i].word, answer) != 0 &&
	       strcmp(ANSWERS[i].label, answer) != 0)
		i++;
	if (i == ANSWER_COUNT)
		return refuse_answer("应为 yes、no 或 pending", "如 --answer 1=yes", e);
	if (answer)
		*out = ANSWERS[i].answer;
	return ERR_OK;
}

static enum err check_note(const char *note, struct err_info *e)
{
	size_t at;
	uint32_t cp;

	if (note && (text_chars(note) > 200 || text_find_forbidden(note, false, &at, &cp)))
		return refuse_answer("说明太长，或有不允许的字符", "最多 200 个字，不分行", e);
	return ERR_OK;
}

enum err desk_eligibility_answer(struct session *s, size_t no, const char *answer, const char *note,
				 struct err_info *e)
{
	struct eligibility_said said[ELIGIBILITY_ITEMS];
	struct eligibility_said *one;
	char subject[24], before[32];
	struct unit u;
	enum err r;
	enum eligibility_answer wanted = ANSWER_NONE;

	if ((r = desk_allow(s, DESK_UNITS, e)) || (r = parse_answer(no, answer, &wanted, e)) ||
	    (r = check_note(note, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = store_eligibility_get(s->db, u.id, said, e)) && !(r = db_begin(s->db, e))) {
		one = &said[no - 1];
		snprintf(before, sizeof(before), "%s", answer_word(one->answer));
		snprintf(subject, sizeof(subject), "%zu", no);
		if (answer)
			one->answer = wanted;
		if (note)
			text_copy(one->note, sizeof(one->note), note);
		if (!(r = store_eligibility_put(s->db, u.id, no - 1, one, s->user.id, e)))
			r = desk_audit(s, u.id, "eligibility.answer", subject, before,
				       answer_word(one->answer), e);
		r = desk_end(s, r, e);
	}
	unit_free(&u);
	return r;
}
