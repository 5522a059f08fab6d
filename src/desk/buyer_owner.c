/* buyer_owner.c - a tax number that the catalogue knows as somebody else's: a warning, as a company
 * may have a new name. */
#include "base/base.h"
#include "desk/buyers.h"
#include "desk/issue_p.h"

enum err desk_buyer_owner(struct session *s, const struct buyer *b, char owner[BUYER_OWNER],
			  struct err_info *e)
{
	struct unit u;
	enum err r;

	*owner = 0;
	if (b->is_person || text_empty(b->party.name) || text_empty(b->party.tax_no))
		return ERR_OK;
	if ((r = desk_unit(s, &u, e)))
		return r;
	r = store_buyer_owner(s->db, u.id, b->party.name, b->party.tax_no, owner, e);
	unit_free(&u);
	return r;
}

void issue_owner_finding(const char *owner, struct tax_finding *out)
{
	*out = (struct tax_finding) {.warning = true};
	err_fail(&out->at, ERR_INVALID, "buyer.tax_no.other", "购方税号",
		 "购方信息里这是“%.90s”的税号", owner);
	err_field(&out->at, "buyer.tax_no");
	err_hint(&out->at, "请核对名称和税号；改了名称的请到购方信息里改");
}

bool issue_owner_warning(struct db *db, int64_t unit, const struct invoice *inv,
			 struct tax_finding *out)
{
	char owner[BUYER_OWNER];

	/* Who cannot look it up does not warn: what is stored does not depend on it. */
	if (inv->buyer_is_person || text_empty(inv->buyer.name) || text_empty(inv->buyer.tax_no) ||
	    store_buyer_owner(db, unit, inv->buyer.name, inv->buyer.tax_no, owner, NULL) || !*owner)
		return false;
	issue_owner_finding(owner, out);
	return true;
}
