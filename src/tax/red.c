/* tax/red.c - red letters: text fields as tables; init, copy, free; words. */
#include "tax/red.h"

#include <stdlib.h>

#include "base/term.h"
#include "tax/items_p.h"

#define HEAD(key, label, member, max)                                                              \
	{                                                                                          \
		key, label, offsetof(struct red_letter, member), max, false, false                 \
	}
#define LINE(key, label, member, max)                                                              \
	{                                                                                          \
		key, label, offsetof(struct red_line, member), max, false, false                   \
	}

/* Lengths: protocol 4.1, CXQDHZQRDLB and CXQDHZQRDMX. */
const struct text_field red_texts[] = {
    HEAD("number", "红字确认单编号", number, 20),
    HEAD("uuid", "红字确认单 UUID", uuid, 32),
    HEAD("seller.tax_no", "销售方税号", seller_tax_no, 20),
    HEAD("seller.name", "销售方名称", seller_name, 300),
    HEAD("buyer.tax_no", "购买方税号", buyer_tax_no, 20),
    HEAD("buyer.name", "购买方名称", buyer_name, 300),
    HEAD("blue.code", "蓝字发票代码", blue_code, 12),
    HEAD("blue.number", "蓝字发票号码", blue_number, 20),
    HEAD("blue.kind", "蓝字发票票种", blue_kind, 2),
    HEAD("element", "特定要素", element, 2),
    HEAD("differential", "差额征税类型", differential, 2),
    HEAD("red_number", "红字发票号码", red_number, 20),
    {.key = NULL},
};

const struct text_field red_line_texts[] = {
    LINE("tax_code", "税收分类编码", tax_code, 19),
    LINE("name", "项目名称", name, 600),
    LINE("short_name", "商品简称", short_name, 120),
    LINE("spec", "规格型号", spec, 150),
    LINE("unit", "单位", unit, 300),
    LINE("preference", "优惠政策标识", preference, 2),
    {.key = NULL},
};

void red_letter_init(struct red_letter *l)
{
	*l = (struct red_letter) {.valid = true};
	item_init(l, red_texts);
}

void red_clear_lines(struct red_letter *l)
{
	items_free(l->lines, l->line_count, sizeof(*l->lines), red_line_texts);
	l->lines = NULL;
	l->line_count = 0;
}

void red_letter_free(struct red_letter *l)
{
	item_free(l, red_texts);
	red_clear_lines(l);
	*l = (struct red_letter) {.valid = false};
}

void red_letter_copy(struct red_letter *out, const struct red_letter *in)
{
	*out = *in;
	item_own(out, in, red_texts);
	out->lines = items_copy(in->lines, in->line_count, sizeof(*in->lines), red_line_texts);
}

struct red_line *red_add_line(struct red_letter *l)
{
	void *items = l->lines;
	struct red_line *line = items_append(&items, &l->line_count, sizeof(*line), red_line_texts);

	l->lines = items;
	line->rate_ppm = -1;
	return line;
}

/* ---- words ---- */

static const struct term sides[] = {
    [RED_SELLER] = {"seller", "销方"},
    [RED_BUYER] = {"buyer", "购方"},
};

static const struct term reasons[RED_REASONS] = {
    [0] = {"", ""},
    [RED_MISTAKE] = {"01", "开票有误"},
    [RED_RETURN] = {"02", "销货退回"},
    [RED_STOP] = {"03", "服务中止"},
    [RED_ALLOWANCE] = {"04", "销售折让"},
};

static const struct term states[RED_STATES] = {
    [RED_UNKNOWN] = {"", ""},
    [RED_FREE] = {"01", "无需确认"},
    [RED_WAITS_BUYER] = {"02", "销方录入待购方确认"},
    [RED_WAITS_SELLER] = {"03", "购方录入待销方确认"},
    [RED_AGREED] = {"04", "购销双方已确认"},
    [RED_DENIED_BY_BUYER] = {"05", "作废（销方录入购方否认）"},
    [RED_DENIED_BY_SELLER] = {"06", "作废（购方录入销方否认）"},
    [RED_EXPIRED] = {"07", "作废（超72小时未确认）"},
    [RED_WITHDRAWN] = {"08", "作废（发起方撤销）"},
    [RED_REVOKED] = {"09", "作废（确认后撤销）"},
    [RED_ABNORMAL] = {"10", "作废（异常凭证）"},
    [RED_TAXPAYER] = {"11", "作废（纳税人状态异常）"},
    [RED_PERSON_REFUSED] = {"12", "作废（自然人拒收）"},
    [RED_REFUND] = {"13", "作废（已开具退税申请单）"},
};

static const struct term actions[RED_ACTIONS] = {
    [RED_CONFIRM] = {"confirm", "确认"},
    [RED_DENY] = {"deny", "否认"},
    [RED_REVOKE] = {"revoke", "撤销"},
    [RED_ISSUE] = {"issue", "开具红字发票"},
};

const char *red_side_word(enum red_side s)
{
	return sides[s].word;
}

const char *red_side_label(enum red_side s)
{
	return sides[s].label;
}

bool red_side_parse(const char *s, enum red_side *out)
{
	int i = term_find(sides, RED_SELLER, RED_BUYER + 1, s);

	if (i >= 0)
		*out = (enum red_side)i;
	return i >= 0;
}

const char *red_reason_code(enum red_reason r)
{
	return reasons[r].word;
}

const char *red_reason_label(enum red_reason r)
{
	return reasons[r].label;
}

bool red_reason_parse(const char *s, enum red_reason *out)
{
	int i = term_find(reasons, RED_MISTAKE, RED_REASONS, s);

	if (i >= 0)
		*out = (enum red_reason)i;
	return i >= 0;
}

const char *red_state_code(enum red_state s)
{
	return states[s].word;
}

const char *red_state_label(enum red_state s)
{
	return states[s].label;
}

bool red_state_parse(const char *s, enum red_state *out)
{
	int i = term_find(states, RED_FREE, RED_STATES, s);

	if (i >= 0)
		*out = (enum red_state)i;
	return i >= 0;
}

const char *red_action_word(enum red_action a)
{
	return actions[a].word;
}

const char *red_action_label(enum red_action a)
{
	return actions[a].label;
}

bool red_action_parse(const char *s, enum red_action *out)
{
	int i = term_find(actions, RED_CONFIRM, RED_ACTIONS, s);

	if (i >= 0)
		*out = (enum red_action)i;
	return i >= 0;
}
