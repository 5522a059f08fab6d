/* sandbox/red_confirm.c - QDHZQRDQR: who may agree, refuse or take back in which state
 * (protocol 7.11). */
#include <string.h>

#include "base/date.h"
#include "sandbox/red.h"

/* ---- the state machine ---- */

enum who { WHO_SELLER, WHO_BUYER, WHO_APPLICANT, WHO_OTHER };

static const struct {
	const char *state;
	char deed;
	enum who who;
	const char *to;
} transitions[] = {
    {"01", 'C', WHO_APPLICANT, "08"}, {"02", 'Y', WHO_BUYER, "04"},  {"02", 'N', WHO_BUYER, "05"},
    {"02", 'C', WHO_SELLER, "08"},    {"03", 'Y', WHO_SELLER, "04"}, {"03", 'N', WHO_SELLER, "06"},
    {"03", 'C', WHO_BUYER, "08"},     {"04", 'C', WHO_OTHER, "09"},
};

static enum party party_of(const struct form_row *f, enum who who)
{
	enum party applicant = f->applicant[0] == '0' ? PARTY_SELLER : PARTY_BUYER;
	enum party other = applicant == PARTY_SELLER ? PARTY_BUYER : PARTY_SELLER;
	switch (who) {
	case WHO_SELLER:
		return PARTY_SELLER;
	case WHO_BUYER:
		return PARTY_BUYER;
	case WHO_APPLICANT:
		return applicant;
	case WHO_OTHER:
		return other;
	}
	return PARTY_N;
}

enum party red_entitled(const struct form_row *f, char deed, const char **to)
{
	for (size_t i = 0; i < sizeof(transitions) / sizeof(transitions[0]); i++) {
		if (strcmp(transitions[i].state, f->state) == 0 && transitions[i].deed == deed) {
			*to = transitions[i].to;
			return party_of(f, transitions[i].who);
		}
	}
	return PARTY_N;
}

static const char *deed_name(char deed)
{
	return deed == 'Y' ? "确认" : deed == 'N' ? "否认" : "撤销";
}

bool red_act(struct sb *sb, const struct form_row *f, enum party by, char deed, int64_t at_ms,
	     struct refusal *r)
{
	const char *to = NULL;
	if (f->issued[0] == 'Y')
		return red_refuse(r, "N", "红字确认单已开具红字发票，不允许%s", deed_name(deed));
	enum party who = red_entitled(f, deed, &to);
	if (who == PARTY_N)
		return red_refuse(r, "N", "红字确认单状态为“%s”，不允许%s",
				  form_state_name(f->state), deed_name(deed));
	if (who != by)
		return red_refuse(r, "N", "红字确认单状态为“%s”，%s方不能%s",
				  form_state_name(f->state), by == PARTY_SELLER ? "销售" : "购买",
				  deed_name(deed));
	form_set_state(sb, f->id, to, deed == 'C' ? 0 : at_ms);
	return true;
}

/* ---- the call ---- */

static bool find_form(struct sb *sb, const struct request *rq, struct form_row *f,
		      struct refusal *r)
{
	static const char *const keys[] = {"xsfnsrsbh", "uuid", "hzqrdbh", "qrlx"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!json_member(rq->json, keys[i])[0])
			return red_refuse(r, "", "%s 不能为空", keys[i]);
	}
	const char *deed = json_member(rq->json, "qrlx");
	if (strlen(deed) != 1 || !strchr("YNC", deed[0]))
		return red_refuse(r, "", "确认类型（qrlx）应为Y、N或C");
	if (!form_by_uuid(sb, rq->env, json_member(rq->json, "uuid"), f))
		return red_refuse(r, "N", "红字确认单不存在");
	if (strcmp(f->number, json_member(rq->json, "hzqrdbh")) != 0)
		return red_refuse(r, "N", "红字确认单编号与uuid不符");
	return strcmp(f->seller, json_member(rq->json, "xsfnsrsbh")) == 0 ||
	       red_refuse(r, "N", "销售方纳税人识别号与红字确认单不符");
}

static bool act_as_unit(struct sb *sb, const struct request *rq, struct refusal *r)
{
	struct form_row f;
	const char *tax_no = rq->unit->v[U_TAX_NO], *to;
	if (!find_form(sb, rq, &f, r))
		return false;
	char deed = json_member(rq->json, "qrlx")[0];
	bool seller = !strcmp(f.seller, tax_no), buyer = !strcmp(f.buyer, tax_no);
	if (!seller && !buyer)
		return red_refuse(r, "N", "使用单位不是该红字确认单的购买方或销售方");
	enum party by = seller && buyer ? red_entitled(&f, deed, &to)
			: seller        ? PARTY_SELLER
					: PARTY_BUYER;
	return red_may_act(rq->unit, r) && red_act(sb, &f, by, deed, rq->now_ms, r);
}

void red_confirm_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	struct refusal r;
	struct json_out o;
	char now[DATETIME_TEXT];
	red_tick(sb, rq->now_ms);
	if (!act_as_unit(sb, rq, &r)) {
		red_answer_refusal(rq, &r, data);
		return;
	}
	answer_open(&o, data);
	json_put(&o, "qrrq", datetime_text(rq->now_ms / 1000, now));
	json_close(&o, '}');
}
