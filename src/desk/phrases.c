/* phrases.c - 备注常用语: filling in, and a person's own list. */
#include "desk/phrases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* ---- filling in ---- */

enum { DAY_WORD = 8, FILLED_MAX = 64 * 1024 };
const char phrase_placeholders[] = "{年} {月} {日} {上月} {上月年} {订单号}";

struct moment {
	struct date today, last_month;
	const char *order_no;
};

/* What stands for the word of a placeholder; NULL: it is none. */
static const char *value_of(const struct moment *m, const char *word, size_t n, char out[DAY_WORD])
{
	const struct {
		const char *word;
		int value;
	} DAYS[] = {{"年", m->today.year},
		    {"月", m->today.month},
		    {"日", m->today.day},
		    {"上月", m->last_month.month},
		    {"上月年", m->last_month.year}};
	size_t i;

	for (i = 0; i < sizeof(DAYS) / sizeof(DAYS[0]); i++) {
		if (strlen(DAYS[i].word) != n || memcmp(DAYS[i].word, word, n) != 0)
			continue;
		snprintf(out, DAY_WORD, "%d", DAYS[i].value);
		return out;
	}
	if (n == strlen("订单号") && !memcmp(word, "订单号", n) && !text_empty(m->order_no))
		return m->order_no;
	return NULL;
}

char *phrase_fill(const char *text, int64_t now, const char *order_no)
{
	struct moment m = {.today = date_of(now).date, .order_no = order_no};
	char day[DAY_WORD];
	struct buf out;

	m.last_month = date_add_months((struct date) {m.today.year, m.today.month, 1}, -1);
	buf_init(&out, FILLED_MAX);
	while (*text) {
		const char *end = *text == '{' ? strchr(text, '}') : NULL;
		const char *value =
		    end ? value_of(&m, text + 1, (size_t)(end - text - 1), day) : NULL;

		if (value) {
			buf_adds(&out, value);
			text = end + 1;
		} else {
			buf_addc(&out, *text++);
		}
	}
	return buf_detach(&out);
}

enum err phrase_check(const char *what, const char *text, struct err_info *e)
{
	/* An order number that is there, so that its word is known. */
	const struct moment m = {.order_no = "1"};
	char day[DAY_WORD];
	const char *end;

	for (; (text = strchr(text, '{')); text++) {
		end = text + strcspn(text, "}\n");
		if (*end != '}' || value_of(&m, text + 1, (size_t)(end - text - 1), day))
			continue;
		err_fail(e, ERR_INVALID, "phrase.word", what, "不认识“%.*s”",
			 (int)(end - text < 60 ? end - text + 1 : 0), text);
		err_hint(e, "可以用 %s", phrase_placeholders);
		return ERR_INVALID;
	}
	return ERR_OK;
}

/* ---- the list ---- */

enum err desk_phrase_list(struct session *s, struct phrase **out, size_t *n, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_ISSUE, &unit, e);

	return r ? r : store_phrase_list(s->db, unit, s->user.id, out, n, e);
}

static enum err check(const char *body, struct err_info *e)
{
	uint32_t cp;
	size_t at;

	if (!*body)
		return err_fail(e, ERR_INVALID, "phrase.empty", "常用语", "没有填写");
	if (text_chars(body) > PHRASE_CHARS)
		return err_fail(e, ERR_INVALID, "phrase.long", "常用语", "超过 %d 个字",
				(int)PHRASE_CHARS);
	if (text_find_forbidden(body, false, &at, &cp))
		return err_fail(e, ERR_INVALID, "phrase.character", "常用语", "不能有控制字符");
	return phrase_check("常用语", body, e);
}

enum err desk_phrase_save(struct session *s, int64_t *id, const char *body, struct err_info *e)
{
	char *trimmed = text_trim(body);
	int64_t unit;
	enum err r;

	if (!(r = check(trimmed, e)) && !(r = desk_own_unit(s, DESK_ISSUE, &unit, e)) &&
	    !(r = db_begin(s->db, e)))
		r = desk_end(s, store_phrase_put(s->db, unit, s->user.id, id, trimmed, e), e);
	free(trimmed);
	return r;
}

enum err desk_phrase_used(struct session *s, int64_t id, struct err_info *e)
{
	bool before = desk_hurry(s, true);
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_ISSUE, &unit, e);

	if (!r && !(r = db_begin(s->db, e)))
		r = desk_end(s, store_phrase_used(s->db, unit, s->user.id, id, e), e);
	desk_hurry(s, before);
	return err_not_busy(r, e);
}

enum err desk_phrase_delete(struct session *s, int64_t id, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_ISSUE, &unit, e);

	if (r || (r = db_begin(s->db, e)))
		return r;
	return desk_end(s, store_phrase_delete(s->db, unit, s->user.id, id, e), e);
}
