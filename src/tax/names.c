/* tax/names.c - what an invoice is called and costs on the wire: names as sent, quota it takes. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "tax/validate.h"

static size_t without_suffix(const char *name, size_t n, const char *suffix)
{
	size_t m = strlen(suffix);

	return n >= m && !memcmp(name + n - m, suffix, m) ? n - m : n;
}

#define PERSON_MARK "（个人）"

size_t tax_person_bytes(const char *name)
{
	size_t n = without_suffix(name, strlen(name), "(个人)");

	return without_suffix(name, n, PERSON_MARK);
}

char *tax_buyer_name(const struct invoice *inv)
{
	static const char mark[] = PERSON_MARK;
	const char *name = inv->buyer.name;
	size_t n;

	if (!inv->buyer_is_person)
		return mem_strdup(name);
	n = tax_person_bytes(name);
	char *out = mem_alloc(n + sizeof(mark));
	memcpy(out, name, n);
	memcpy(out + n, mark, sizeof(mark));
	return out;
}

char *tax_line_full_name(const struct tax_line *l)
{
	size_t s = strlen(l->short_name), n = strlen(l->name);

	if (!s)
		return mem_strdup(l->name);
	char *out = mem_alloc(s + n + 3);
	out[0] = out[s + 1] = '*';
	memcpy(out + 1, l->short_name, s);
	memcpy(out + s + 2, l->name, n + 1);
	return out;
}

/* Invoices of the old machines are named by a code of 10 or 12 digits and a number of 8; those of
 * 12 begin with 0 or 1, where the new ones have the year. */
static size_t code_digits(const char *number)
{
	size_t n = strlen(number);

	return n == 18 || (n == 20 && *number < '2') ? n - 8 : 0;
}

const char *tax_red_reference(const struct invoice *inv, char out[RED_REFERENCE_TEXT])
{
	const char *blue = text_empty(inv->blue_number) ? "" : inv->blue_number;
	size_t code = code_digits(blue);
	int n = 0;

	*out = '\0';
	if (!inv->red)
		return out;
	if (code)
		n = snprintf(out, RED_REFERENCE_TEXT, "被红冲蓝字发票代码：%.*s 号码：%.8s",
			     (int)code, blue, blue + code);
	else
		n = snprintf(out, RED_REFERENCE_TEXT, "被红冲蓝字数电发票号码：%.20s", blue);
	snprintf(out + n, (size_t)(RED_REFERENCE_TEXT - n), " 红字发票信息确认单编号：%.20s",
		 text_empty(inv->red_letter_no) ? "" : inv->red_letter_no);
	return out;
}

int64_t tax_quota_amount(const struct invoice *inv)
{
	int64_t quota = inv->net_fen;

	for (size_t i = 0; i < inv->line_count; i++) {
		const struct tax_line *l = &inv->lines[i];
		if (!strcmp(l->preference, "04") && !code_find(CODES_RESERVE, l->tax_code))
			quota -= l->net_fen + l->discount_net_fen;
	}
	return quota;
}
