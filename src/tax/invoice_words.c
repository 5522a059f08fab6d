/* tax/invoice_words.c - kinds and states of an invoice: words for machines and for people. */
#include "tax/invoice.h"

#include "base/term.h"

static const struct term kinds[] = {
    [INVOICE_ORDINARY] = {"ordinary", "数电普票"},
    [INVOICE_SPECIAL] = {"special", "数电专票"},
};

static const struct term states[INVOICE_STATES] = {
    [INVOICE_DRAFT] = {"draft", "草稿"},         [INVOICE_NUMBERED] = {"numbered", "预开具成功"},
    [INVOICE_SENDING] = {"sending", "上传中"},   [INVOICE_ACCEPTED] = {"accepted", "已受理"},
    [INVOICE_ISSUED] = {"issued", "开票成功"},   [INVOICE_FAILED] = {"failed", "开票失败"},
    [INVOICE_UNKNOWN] = {"unknown", "结果未知"}, [INVOICE_VOID] = {"void", "已作废"},
};

static const struct term reversals[REVERSALS] = {
    [REVERSED_NOT] = {"", ""},
    [REVERSED_PART] = {"partial", "部分红冲"},
    [REVERSED_WHOLE] = {"whole", "已红冲"},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

const char *invoice_kind_word(enum invoice_kind k)
{
	return kinds[k].word;
}

const char *invoice_kind_label(enum invoice_kind k)
{
	return kinds[k].label;
}

bool invoice_kind_parse(const char *s, enum invoice_kind *out)
{
	int i = term_find(kinds, 0, KINDS, s);

	if (i >= 0)
		*out = (enum invoice_kind)i;
	return i >= 0;
}

const char *invoice_state_word(enum invoice_state s)
{
	return states[s].word;
}

const char *invoice_state_label(enum invoice_state s)
{
	return states[s].label;
}

bool invoice_state_parse(const char *s, enum invoice_state *out)
{
	int i = term_find(states, 0, INVOICE_STATES, s);

	if (i >= 0)
		*out = (enum invoice_state)i;
	return i >= 0;
}

const char *invoice_reversal_word(enum invoice_reversal r)
{
	return reversals[r].word;
}

const char *invoice_reversal_label(enum invoice_reversal r)
{
	return reversals[r].label;
}
