/* blue_more_text.c - codes as people read and type them; what the form says of a subject. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_more_p.h"

const char *more_code_text(enum code_table t, const char *code, char out[120])
{
	const struct code_row *row = *code ? code_find(t, code) : NULL;

	snprintf(out, 120, "%s%s%.90s", code, row ? " " : "", row ? row->name : "");
	return out;
}

const char *more_code_of(enum code_table t, const char *text, char out[120])
{
	char *trimmed = text_trim(text), *folded = text_fold_width(trimmed);
	const struct code_row *row = code_find_name(t, trimmed);
	size_t n = strcspn(folded, " ");

	snprintf(out, 120, "%.*s", (int)(n < 100 ? n : 100), folded);
	if (!code_find(t, out) && row)
		text_copy(out, 120, row->code);
	else if (!code_find(t, out))
		snprintf(out, 120, "%.100s", trimmed);
	free(folded);
	free(trimmed);
	return out;
}

int more_code_match(enum code_table t, const char *text, struct candidate *out, int max)
{
	const struct code_row *row;
	size_t i, n = strlen(text);
	char label[120];
	int found = 0;

	for (i = 0; n && found < max && (row = code_at(t, i)); i++) {
		if (strncmp(row->code, text, n) != 0 && !strstr(row->name, text))
			continue;
		out[found] = (struct candidate) {.id = (int64_t)i};
		text_copy(out[found].label, sizeof(out[found].label),
			  more_code_text(t, row->code, label));
		found++;
	}
	return found;
}

void more_take(char **slot, const char *text)
{
	free(*slot);
	*slot = text_trim(text);
}

/* ---- marks ---- */

static void mark_differential(const struct invoice *inv, char out[80])
{
	char fen[FEN_TEXT + 8];

	if (!*inv->differential)
		return;
	if (!strcmp(inv->differential, DIFFERENTIAL_FULL))
		snprintf(out, 80, "差额征税 全额");
	else
		snprintf(out, 80, "差额 %s", fen_format_grouped(inv->deduction_fen, fen));
}

static void mark_payment(const struct invoice *inv, char out[80])
{
	const struct code_row *row =
	    *inv->settlement ? code_find(CODES_SETTLEMENTS, inv->settlement) : NULL;
	const char *first = inv->payment_count ? inv->payments[0].channel : "";
	const struct code_row *channel = *first ? code_find(CODES_PAYMENT_CHANNELS, first) : NULL;

	if (inv->payment_count > 1)
		snprintf(out, 80, "支付 %zu 笔", inv->payment_count);
	else if (inv->payment_count)
		snprintf(out, 80, "支付 %.40s", channel ? channel->name : first);
	else if (*inv->settlement)
		snprintf(out, 80, "结算 %.40s", row ? row->name : inv->settlement);
}

static void mark_person(const struct invoice *inv, char out[80])
{
	bool handler = false;
	const struct text_field *f;

	for (f = invoice_texts; f->key; f++)
		handler |= !strncmp(f->key, "handler.", 8) && *text_value(inv, f);
	if (handler)
		snprintf(out, 80, "经办人");
	else if (inv->buyer_is_person && *inv->buyer_id_no)
		snprintf(out, 80, "证件");
	else if (*inv->buyer_email || *inv->buyer_mobile)
		snprintf(out, 80, "邮箱手机");
}

static void mark_shown(const struct invoice *inv, char out[80])
{
	if (inv->show_buyer_address || inv->show_seller_address)
		snprintf(out, 80, "展示地址");
	else if (*inv->coal_quality)
		snprintf(out, 80, "煤炭品质");
}

static void mark_extras(const struct invoice *inv, char out[80])
{
	if (inv->extra_count)
		snprintf(out, 80, "附加要素 %zu 项", inv->extra_count);
}

const char *blue_more_mark(const struct invoice *inv, enum more_subject subject, char out[80])
{
	static void (*const MARKS[MORE_SUBJECTS])(const struct invoice *inv, char out[80]) = {
	    [MORE_DIFFERENTIAL] = mark_differential,
	    [MORE_PAYMENT] = mark_payment,
	    [MORE_PERSON] = mark_person,
	    [MORE_SHOWN] = mark_shown,
	    [MORE_EXTRAS] = mark_extras,
	};

	out[0] = 0;
	MARKS[subject](inv, out);
	return out;
}
