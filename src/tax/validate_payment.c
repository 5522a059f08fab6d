/* tax/validate_payment.c - rules of the payments (protocol 7.5): what was paid how, under which
 * number. */
#include <string.h>

#include "tax/validate_p.h"

static bool incomplete(const struct check *c, size_t i, char *why)
{
	const struct payment *p = &c->inv->payments[i];

	if (*p->channel && *p->number)
		return false;
	return rule_say(why, "支付渠道和交易单号必须都填写");
}

static bool channel_unknown(const struct check *c, size_t i, char *why)
{
	const char *channel = c->inv->payments[i].channel;

	if (!*channel || code_find(CODES_PAYMENT_CHANNELS, channel))
		return false;
	return rule_say(why, "支付渠道 %s 不在代码表中", channel);
}

/* One payment told twice is a slip: it would be printed and sent as two. */
static bool twice(const struct check *c, size_t i, char *why)
{
	const struct payment *p = &c->inv->payments[i];

	for (size_t k = 0; k < i && *p->channel && *p->number; k++) {
		const struct payment *other = &c->inv->payments[k];
		if (!strcmp(other->channel, p->channel) && !strcmp(other->number, p->number))
			return rule_say(why, "与第 %zu 笔的支付渠道和交易单号 %s 相同", k + 1,
					p->number);
	}
	return false;
}

const struct item_rule payment_rules[] = {
    {{"payment.incomplete", false, "", "", "补全另一项，或删去这一笔"}, incomplete},
    {{"payment.channel.unknown", false, "", "",
      "填支付渠道代码，如 009（支付宝）、010（微信支付）"},
     channel_unknown},
    {{"payment.twice", false, "number", "", "请删去重复的一笔"}, twice},
    {{.code = NULL}, NULL},
};
