#include "ui/form_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* ---- what a kind takes ---- */

/* Characters that carry no meaning in numbers as people copy them. */
static bool is_dropped(enum field_kind kind, uint32_t cp)
{
	if (cp == ' ' || cp == 0xA0 || cp == '\t' || cp == '\n')
		return true;
	return kind == FIELD_AMOUNT && (cp == ',' || cp == 0xFFE5 || cp == 0xA5);
}

static uint32_t date_sign(uint32_t cp)
{
	/* 年 and 月 part, 日 ends: "2025年11月20日" pasted is a date. */
	if (cp == 0x5E74 || cp == 0x6708 || cp == '/' || cp == '.')
		return '-';
	return cp == 0x65E5 ? 0 : cp;
}

static char *folded(enum field_kind kind, const char *text)
{
	char *wide = text_fold_width(text);
	size_t n = strlen(wide), at, out = 0, len;
	uint32_t cp;

	for (at = 0; at < n; at += len) {
		len = text_next(wide + at, n - at, &cp);
		if (is_dropped(kind, cp))
			continue;
		if (kind == FIELD_DATE) {
			cp = date_sign(cp);
			if (!cp)
				continue;
			wide[out++] = cp < 0x80 ? (char)cp : '?';
			continue;
		}
		/* A Chinese input method gives its full stop for the decimal point. */
		if (kind == FIELD_AMOUNT && cp == 0x3002) {
			wide[out++] = '.';
			continue;
		}
		memmove(wide + out, wide + at, len);
		out += len;
	}
	wide[out] = 0;
	return wide;
}

bool form_type(struct line *l, enum field_kind kind, const char *text, size_t n)
{
	char *copy, *fold;
	bool typed;

	if (kind != FIELD_DIGITS && kind != FIELD_AMOUNT && kind != FIELD_DATE)
		return line_paste(l, text, n);
	copy = mem_strndup(text, n);
	fold = folded(kind, copy);
	typed = *fold && line_paste(l, fold, strlen(fold));
	free(fold);
	free(copy);
	return typed;
}

bool form_is_number(const char *text)
{
	size_t whole, part = 0;

	if (*text == '-')
		text++;
	whole = strspn(text, "0123456789");
	text += whole;
	if (*text == '.')
		part = strspn(++text, "0123456789");
	text += part;
	return whole + part > 0 && *text == 0;
}

/* ---- dates ---- */

/* Up to three numbers parted by '-'; 0 when the text is anything else. */
static int numbers_of(const char *text, int out[3])
{
	int count = 0;
	size_t digits;

	while (count < 3) {
		digits = strspn(text, "0123456789");
		if (digits == 0 || digits > 4)
			return 0;
		out[count++] = (int)strtol(text, NULL, 10);
		text += digits;
		if (!*text)
			return count;
		if (*text++ != '-')
			return 0;
	}
	return 0;
}

bool form_date_parse(const char *text, struct date *out)
{
	int v[3], count;

	if (date_parse(text, out))
		return true;
	count = numbers_of(text, v);
	if (count == 2) {
		v[2] = v[1];
		v[1] = v[0];
		v[0] = date_of(clock_now()).date.year;
	} else if (count != 3 || v[0] < 1000) {
		return false;
	}
	if (!date_valid(v[0], v[1], v[2]))
		return false;
	*out = (struct date) {.year = v[0], .month = v[1], .day = v[2]};
	return true;
}

static void write_date(struct line *l, struct date d)
{
	char out[48];

	snprintf(out, sizeof(out), "%04d-%02d-%02d", d.year, d.month, d.day);
	if (strcmp(out, l->text) != 0)
		line_set(l, out);
}

void form_date_settle(struct line *l)
{
	struct date d;

	if (form_date_parse(l->text, &d))
		write_date(l, d);
}

bool form_date_key(struct line *l, uint32_t cp)
{
	struct date d;
	bool empty = l->len == 0;

	if (cp != '+' && cp != '-')
		return false;
	if (empty)
		d = date_of(clock_now()).date;
	else if (!form_date_parse(l->text, &d))
		return false;
	if (!empty)
		d = date_from_days(date_days(d) + (cp == '+' ? 1 : -1));
	if (!date_valid(d.year, d.month, d.day))
		return false;
	write_date(l, d);
	return true;
}

/* ---- editing actions ---- */

static bool home(struct line *l)
{
	bool moved = l->caret > 0;

	line_home(l);
	return moved;
}

static bool end(struct line *l)
{
	bool moved = l->caret < l->len;

	line_end(l);
	return moved;
}

static bool clear(struct line *l)
{
	bool had = l->len > 0;

	line_clear(l);
	return had;
}

enum edit_result form_edit(struct line *l, enum action a)
{
	static const struct {
		enum action action;
		bool (*run)(struct line *l);
		enum edit_result done;
	} EDITS[] = {
	    {ACT_LEFT, line_left, EDIT_MOVED},
	    {ACT_RIGHT, line_right, EDIT_MOVED},
	    {ACT_FIRST, home, EDIT_MOVED},
	    {ACT_LAST, end, EDIT_MOVED},
	    {ACT_DELETE_BACK, line_delete_back, EDIT_CHANGED},
	    {ACT_DELETE_HERE, line_delete_here, EDIT_CHANGED},
	    {ACT_DELETE_WORD, line_delete_word, EDIT_CHANGED},
	    {ACT_CLEAR, clear, EDIT_CHANGED},
	};
	size_t i;

	for (i = 0; i < sizeof(EDITS) / sizeof(EDITS[0]); i++) {
		if (EDITS[i].action == a)
			return EDITS[i].run(l) ? EDITS[i].done : EDIT_UNUSED;
	}
	return EDIT_UNUSED;
}
