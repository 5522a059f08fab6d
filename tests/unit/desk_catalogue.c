/* Buyers and goods at the desk: rules, twins, merging, audit, permission, tax codes of goods. */
#include "desk_lab.h"

#define STEEL "1080207050000000000"

static struct buyer buyer(const char *name, const char *tax_no)
{
	struct buyer b = {.id = 0};

	mem_set(&b.party.name, name);
	mem_set(&b.party.tax_no, tax_no);
	return b;
}

static int64_t add_buyer(struct lab *lab, const char *name, const char *tax_no)
{
	struct buyer b = buyer(name, tax_no);

	assert_int_equal(desk_buyer_add(lab->s, &b, TWIN_KEEP, &lab->e), ERR_OK);
	int64_t id = b.id;
	buyer_free(&b);
	return id;
}

static int64_t count(struct lab *lab, const char *sql)
{
	int64_t n = -1;

	assert_int_equal(db_get_int(lab->s->db, &lab->e, &n, NULL, sql, ""), ERR_OK);
	return n;
}

/* The newest audit row: action, and whether before and after contain the texts. */
static void assert_audit(struct lab *lab, const char *action, const char *before, const char *after)
{
	struct rows *q;

	assert_int_equal(
	    db_query(lab->s->db, &q, &lab->e,
		     "SELECT action, before, after FROM audit ORDER BY id DESC LIMIT 1", ""),
	    ERR_OK);
	assert_true(rows_next(q));
	assert_string_equal(rows_text(q, 0), action);
	assert_non_null(strstr(rows_text(q, 1), before));
	assert_non_null(strstr(rows_text(q, 2), after));
	assert_int_equal(rows_end(&q, ERR_OK, &lab->e), ERR_OK);
}

static struct session *session_of(struct lab *lab, const char *role)
{
	struct app_user u = {.enabled = true};
	struct session *s;

	snprintf(u.name, sizeof(u.name), "%s", role);
	snprintf(u.display_name, sizeof(u.display_name), "%s", role);
	snprintf(u.role, sizeof(u.role), "%s", role);
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_user_add(lab->s->db, &u, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_open(lab->home, role, NULL, &s, &lab->e), ERR_OK);
	return s;
}

/* ---- buyers ---- */

static void checks_buyers(void **state)
{
	static const struct {
		const char *name, *tax_no, *code, *field;
	} bad[] = {
	    {" ", "", "buyer.name.required", "name"},
	    {"甲", "9144", "buyer.tax_no.form", "tax_no"},
	    {"甲", "91440300makp0a011y", "buyer.tax_no.form", "tax_no"},
	    {"甲\n乙", "", "text.forbidden", "name"},
	    {"甲", "914403000000000000000", "text.too_long", "tax_no"},
	};
	char warning[200];
	struct err_info e;
	struct buyer b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		b = buyer(bad[i].name, bad[i].tax_no);
		assert_int_equal(desk_buyer_check(&b, warning, &e), ERR_INVALID);
		assert_string_equal(e.code, bad[i].code);
		assert_string_equal(e.field, bad[i].field);
		assert_true(*e.what && *e.why && *e.hint);
		buyer_free(&b);
	}
	b = buyer("甲", "91440300MAKP0A011X");
	assert_int_equal(desk_buyer_check(&b, warning, &e), ERR_OK);
	assert_non_null(strstr(warning, "校验码"));
	mem_set(&b.party.tax_no, "91440300MAKP0A011Y");
	mem_set(&b.email, "a.x.cn");
	assert_int_equal(desk_buyer_check(&b, warning, &e), ERR_OK);
	assert_non_null(strstr(warning, "邮箱"));
	mem_set(&b.email, "");
	assert_int_equal(desk_buyer_check(&b, warning, &e), ERR_OK);
	assert_string_equal(warning, "");
	buyer_free(&b);
}

static void adds_and_edits_buyers(void **state)
{
	struct lab *lab = *state;
	struct buyer b = buyer("华建", "91440300MAKP0A011Y"), other, found[4];
	int64_t id;
	int n;

	lab_stock(lab, 10, 100000);
	assert_int_equal(desk_buyer_add(lab->s, &b, TWIN_REFUSE, &lab->e), ERR_OK);
	assert_audit(lab, "buyer.add", "", "\"tax_no\":\"91440300MAKP0A011Y\"");
	other = buyer("别的", "91440300MAKP0A011Y");
	assert_int_equal(desk_buyer_add(lab->s, &other, TWIN_REFUSE, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "buyer.twin");
	assert_string_equal(lab->e.field, "tax_no");
	assert_non_null(strstr(lab->e.why, "华建"));
	assert_int_equal(desk_buyer_twins(lab->s, &other, found, 4, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 1);
	buyer_free(&found[0]);
	assert_int_equal(desk_buyer_add(lab->s, &other, TWIN_KEEP, &lab->e), ERR_OK);
	/* That there are two was decided before. */
	mem_set(&other.party.phone, "1");
	assert_int_equal(desk_buyer_edit(lab->s, &other, TWIN_REFUSE, &lab->e), ERR_OK);
	/* What has changed since it was read is not undone. */
	mem_set(&other.party.phone, "2");
	assert_int_equal(desk_buyer_edit(lab->s, &other, TWIN_REFUSE, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "catalogue.changed");
	id = other.id;
	buyer_free(&other);
	assert_int_equal(desk_buyer_get(lab->s, id, &other, &lab->e), ERR_OK);
	assert_string_equal(other.party.phone, "1");
	mem_set(&other.party.name, "改名");
	mem_set(&other.party.tax_no, "");
	assert_int_equal(desk_buyer_edit(lab->s, &other, TWIN_REFUSE, &lab->e), ERR_OK);
	assert_audit(lab, "buyer.edit", "别的", "改名");
	/* It is offered at once (features G56). */
	assert_int_equal(desk_buyer_match(lab->s, "gm", 4, found, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 1);
	assert_int_equal(found[0].id, other.id);
	buyer_free(&found[0]);
	assert_int_equal(desk_buyer_match(lab->s, "g", 4, found, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 0);
	other.id = 99;
	assert_int_equal(desk_buyer_edit(lab->s, &other, TWIN_KEEP, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "buyer.unknown");
	buyer_free(&b);
	buyer_free(&other);
}

static void finds_buyers_by_reference(void **state)
{
	struct lab *lab = *state;
	struct buyer b;
	int64_t id;
	char no[32];

	lab_stock(lab, 10, 100000);
	id = add_buyer(lab, "华建", "91440300MAKP0A011Y");
	add_buyer(lab, "同名", "");
	add_buyer(lab, "同名", "91440300MAKP00022T");
	snprintf(no, sizeof(no), "#%lld", (long long)id);
	assert_int_equal(desk_buyer_named(lab->s, no, &b, &lab->e), ERR_OK);
	buyer_free(&b);
	assert_int_equal(desk_buyer_named(lab->s, "91440300MAKP0A011Y", &b, &lab->e), ERR_OK);
	assert_int_equal(b.id, id);
	buyer_free(&b);
	assert_int_equal(desk_buyer_named(lab->s, "华建", &b, &lab->e), ERR_OK);
	buyer_free(&b);
	assert_int_equal(desk_buyer_named(lab->s, "同名", &b, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "buyer.several");
	assert_int_equal(desk_buyer_named(lab->s, "谁", &b, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "buyer.unknown");
}

static enum err use_buyer(struct lab *lab, int64_t id, int64_t uses, int64_t at)
{
	const struct buyer from = {.uses = uses, .used_at = at};

	return store_buyer_inherit(lab->s->db, id, &from, &lab->e);
}

static void merges_buyers(void **state)
{
	struct lab *lab = *state;
	struct buyer from = buyer("华建（旧）", "91440300MAKP0A011Y"), into = buyer("华建", ""), b;

	lab_stock(lab, 10, 100000);
	mem_set(&from.mnemonic, "HJ");
	mem_set(&from.party.address, "路 1");
	mem_set(&into.party.address, "路 2");
	assert_int_equal(desk_buyer_add(lab->s, &from, TWIN_KEEP, &lab->e), ERR_OK);
	assert_int_equal(desk_buyer_add(lab->s, &into, TWIN_KEEP, &lab->e), ERR_OK);
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(use_buyer(lab, from.id, 3, 1000), ERR_OK);
	assert_int_equal(use_buyer(lab, into.id, 2, 2000), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_buyer_merge(lab->s, from.id, from.id, &lab->e), ERR_INVALID);
	assert_int_equal(desk_buyer_merge(lab->s, from.id, into.id, &lab->e), ERR_OK);
	assert_audit(lab, "buyer.merge", "路 2", "路 1");
	assert_int_equal(desk_buyer_get(lab->s, into.id, &b, &lab->e), ERR_OK);
	assert_string_equal(b.party.name, "华建");
	assert_string_equal(b.party.tax_no, "91440300MAKP0A011Y");
	assert_string_equal(b.mnemonic, "HJ");
	assert_string_equal(b.party.address, "路 2");
	assert_int_equal(b.more_count, 1);
	assert_string_equal(b.more[0].address, "路 1");
	assert_int_equal(b.uses, 5);
	assert_int_equal(b.used_at, 2000);
	buyer_free(&b);
	assert_int_equal(desk_buyer_get(lab->s, from.id, &b, &lab->e), ERR_OK);
	assert_true(b.removed_at > 0);
	buyer_free(&b);
	assert_int_equal(desk_buyer_merge(lab->s, from.id, into.id, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "buyer.removed");
	buyer_free(&from);
	buyer_free(&into);
}

struct listing {
	int n;
};

static enum err count_buyer(void *arg, const struct buyer *b)
{
	(void)b;
	((struct listing *)arg)->n++;
	return ERR_OK;
}

static int count_buyers(struct lab *lab, const struct buyer_query *q)
{
	struct listing l = {0};
	int64_t next, total;
	bool at_least;

	assert_int_equal(
	    desk_buyer_list(lab->s, q, count_buyer, &l, &next, &total, &at_least, &lab->e), ERR_OK);
	return l.n;
}

/* What is entered into another buyer is there whole or not at all. */
static void enters_into_another(void **state)
{
	struct lab *lab = *state;
	struct buyer b = buyer("华建（新）", "91440300MAKP0A011Y"), into = buyer("华建", ""), now;
	struct buyer_query q = {.limit = 9};
	int n = 0;

	lab_stock(lab, 10, 100000);
	assert_int_equal(desk_buyer_add(lab->s, &into, TWIN_KEEP, &lab->e), ERR_OK);
	assert_int_equal(desk_buyer_enter(lab->s, &b, into.id + 9, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "buyer.unknown");
	assert_int_equal(desk_buyer_match(lab->s, "华建", 1, &now, &n, &lab->e), ERR_OK);
	assert_int_equal(now.id, into.id);
	buyer_free(&now);
	q.name = "华建（新）";
	assert_int_equal(count_buyers(lab, &q), 0);
	assert_int_equal(desk_buyer_enter(lab->s, &b, into.id, &lab->e), ERR_OK);
	assert_int_equal(count_buyers(lab, &q), 0);
	assert_int_equal(desk_buyer_get(lab->s, into.id, &now, &lab->e), ERR_OK);
	assert_string_equal(now.party.name, "华建");
	assert_string_equal(now.party.tax_no, "91440300MAKP0A011Y");
	buyer_free(&now);
	/* One that is there, edited, goes the same way. */
	assert_int_equal(desk_buyer_add(lab->s, &b, TWIN_KEEP, &lab->e), ERR_OK);
	mem_set(&b.party.phone, "1");
	assert_int_equal(desk_buyer_enter(lab->s, &b, b.id, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "buyer.same");
	assert_int_equal(desk_buyer_enter(lab->s, &b, into.id, &lab->e), ERR_OK);
	assert_int_equal(desk_buyer_get(lab->s, into.id, &now, &lab->e), ERR_OK);
	assert_string_equal(now.party.phone, "1");
	buyer_free(&now);
	assert_int_equal(desk_buyer_get(lab->s, b.id, &now, &lab->e), ERR_OK);
	assert_true(now.removed_at > 0);
	buyer_free(&now);
	buyer_free(&b);
	buyer_free(&into);
}

static void lists_and_removes_buyers(void **state)
{
	struct lab *lab = *state;
	struct buyer_query q = {.limit = 2};
	struct listing l = {0};
	int64_t ids[3], next, total;
	bool at_least;
	int removed = 0, i;

	lab_stock(lab, 10, 100000);
	for (i = 0; i < 3; i++)
		ids[i] = add_buyer(lab, i ? "乙公司" : "甲", "");
	assert_int_equal(
	    desk_buyer_list(lab->s, &q, count_buyer, &l, &next, &total, &at_least, &lab->e),
	    ERR_OK);
	assert_true(l.n == 2 && next > 0 && total == 3 && !at_least);
	q.text = "公司";
	assert_int_equal(
	    desk_buyer_list(lab->s, &q, count_buyer, &l, &next, &total, &at_least, &lab->e),
	    ERR_OK);
	assert_true(l.n == 4 && !next && total == 2 && !at_least);
	assert_int_equal(desk_buyer_remove(lab->s, ids, 2, &removed, &lab->e), ERR_OK);
	assert_int_equal(removed, 2);
	assert_audit(lab, "buyer.remove", "乙公司", "");
	assert_int_equal(desk_buyer_remove(lab->s, ids, 2, &removed, &lab->e), ERR_OK);
	assert_int_equal(removed, 0);
}

static void asks_for_permission(void **state)
{
	struct lab *lab = *state;
	struct buyer b = buyer("甲", ""), found[2];
	struct goods g = {.rate_ppm = -1};
	struct session *s;
	int64_t id;
	int n;

	lab_stock(lab, 10, 100000);
	id = add_buyer(lab, "甲", "");
	s = session_of(lab, "viewer");
	mem_set(&g.name, "甲");
	assert_int_equal(desk_buyer_add(s, &b, TWIN_KEEP, &lab->e), ERR_DENIED);
	assert_int_equal(desk_buyer_edit(s, &b, TWIN_KEEP, &lab->e), ERR_DENIED);
	assert_int_equal(desk_buyer_merge(s, 1, 2, &lab->e), ERR_DENIED);
	assert_int_equal(desk_buyer_remove(s, &id, 1, &n, &lab->e), ERR_DENIED);
	assert_int_equal(desk_goods_add(s, &g, TWIN_KEEP, &lab->e), ERR_DENIED);
	assert_int_equal(desk_goods_edit(s, &g, TWIN_KEEP, &lab->e), ERR_DENIED);
	assert_int_equal(desk_goods_remove(s, &id, 1, &n, &lab->e), ERR_DENIED);
	assert_int_equal(desk_goods_recode(s, &id, 1, STEEL, &n, &n, &lab->e), ERR_DENIED);
	assert_int_equal(desk_buyer_match(s, "甲", 2, found, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 1);
	buyer_free(&found[0]);
	desk_close(&s);
	buyer_free(&b);
	goods_free(&g);
}

/* ---- goods ---- */

static struct goods goods(const char *name, const char *code, int32_t rate)
{
	struct goods g = {.rate_ppm = rate, .inclusive = true};

	mem_set(&g.name, name);
	mem_set(&g.tax_code, code);
	return g;
}

static int64_t add_goods(struct lab *lab, const char *name, const char *code)
{
	struct goods g = goods(name, code, 130000);

	assert_int_equal(desk_goods_add(lab->s, &g, TWIN_KEEP, &lab->e), ERR_OK);
	int64_t id = g.id;
	goods_free(&g);
	return id;
}

static void put_code(struct lab *lab, const char *code, const char *rates, const char *stop)
{
	struct tax_code c = {.code = (char *)(uintptr_t)code,
			     .name = (char *)(uintptr_t) "某编码",
			     .short_name = (char *)(uintptr_t) "某简称",
			     .vat_rates = (char *)(uintptr_t)rates,
			     .stop = (char *)(uintptr_t)stop};
	char list[16];

	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_taxcode_list(lab->s->db, "practice", list, &lab->e), ERR_OK);
	assert_string_equal(list, "");
	assert_int_equal(store_taxcode_put(lab->s->db, &c, false, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
}

static void checks_goods(void **state)
{
	static const struct {
		const char *name, *code, *preference, *price;
		int32_t rate;
		const char *error, *field;
	} bad[] = {
	    {"", STEEL, "", "", 130000, "line.name.required", "name"},
	    {"钢", "108", "", "", 130000, "line.tax_code.form", "tax_code"},
	    {"钢", "9990000000000000000", "", "", 130000, "line.tax_code.unknown", "tax_code"},
	    {"钢", "1080000000000000000", "", "", 130000, "line.tax_code.summary", "tax_code"},
	    {"钢", "1080101010000000000", "", "", 130000, "line.tax_code.stopped", "tax_code"},
	    {"钢", STEEL, "", "", 60000, "line.rate.disabled", "tax_rate"},
	    {"钢", STEEL, "03", "", 130000, "line.preference.rate", "tax_rate"},
	    {"钢", STEEL, "77", "", 130000, "line.preference.unknown", "preference"},
	    {"钢", STEEL, "", "1,000", 130000, "goods.price", "price"},
	    {"钢", STEEL, "", "0", 130000, "goods.price", "price"},
	    {"钢", "", "03", "", 130000, "line.preference.rate", "tax_rate"},
	};
	struct lab *lab = *state;
	char warning[200];
	struct goods g;
	size_t i;

	lab_stock(lab, 10, 100000);
	put_code(lab, "1080101010000000000", "13%", "2025-01-01");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		g = goods(bad[i].name, bad[i].code, bad[i].rate);
		mem_set(&g.preference, bad[i].preference);
		mem_set(&g.price, bad[i].price);
		assert_int_equal(desk_goods_check(lab->s, &g, warning, &lab->e), ERR_INVALID);
		assert_string_equal(lab->e.code, bad[i].error);
		assert_string_equal(lab->e.field, bad[i].field);
		assert_null(strstr(lab->e.what, "行"));
		goods_free(&g);
	}
	g = goods("钢", "", -1);
	assert_int_equal(desk_goods_check(lab->s, &g, warning, &lab->e), ERR_OK);
	assert_string_equal(warning, "");
	mem_set(&g.tax_code, STEEL);
	assert_int_equal(desk_goods_check(lab->s, &g, warning, &lab->e), ERR_OK);
	mem_set(&g.name, "*金属*钢");
	assert_int_equal(desk_goods_check(lab->s, &g, warning, &lab->e), ERR_OK);
	assert_non_null(strstr(warning, "*"));
	goods_free(&g);
}

static void adds_and_edits_goods(void **state)
{
	struct lab *lab = *state;
	struct goods g, other, found[2];
	struct goods_query q = {.limit = 9, .text = "luowen"};
	int64_t id, next, total;
	bool at_least;
	int n;

	lab_stock(lab, 10, 100000);
	id = add_goods(lab, "螺纹钢", STEEL);
	assert_audit(lab, "goods.add", "", "\"tax_rate\":\"0.13\"");
	assert_int_equal(desk_goods_get(lab->s, id, &g, &lab->e), ERR_OK);
	assert_true(*g.short_name);
	other = goods("螺纹钢", STEEL, 130000);
	assert_int_equal(desk_goods_add(lab->s, &other, TWIN_REFUSE, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "goods.twin");
	goods_free(&other);
	mem_set(&g.tax_code, "1080000000000000000");
	assert_int_equal(desk_goods_edit(lab->s, &g, TWIN_KEEP, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "line.tax_code.summary");
	mem_set(&g.tax_code, STEEL);
	mem_set(&g.price, "4500");
	assert_int_equal(desk_goods_edit(lab->s, &g, TWIN_REFUSE, &lab->e), ERR_OK);
	assert_audit(lab, "goods.edit", "\"name\"", "\"price\":\"4500\"");
	/* What has changed since it was read is not undone. */
	mem_set(&g.price, "4600");
	assert_int_equal(desk_goods_edit(lab->s, &g, TWIN_REFUSE, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "catalogue.changed");
	goods_free(&g);
	assert_int_equal(desk_goods_match(lab->s, "lwg", 2, found, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 1);
	goods_free(&found[0]);
	assert_int_equal(desk_goods_list(lab->s, &q, (goods_each)count_buyer, &(struct listing) {0},
					 &next, &total, &at_least, &lab->e),
			 ERR_OK);
	assert_int_equal(total, 1);
	assert_int_equal(desk_goods_remove(lab->s, &id, 1, &n, &lab->e), ERR_OK);
	assert_audit(lab, "goods.remove", "螺纹钢", "");
	assert_int_equal(desk_goods_named(lab->s, "螺纹钢", &g, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "goods.unknown");
}

static void tells_faults_and_recodes(void **state)
{
	static const char stopped[] = "1080101010000000000", nine[] = "1080101030000000000";
	struct lab *lab = *state;
	enum code_fault fault;
	int64_t ids[2], rows;
	struct goods g;
	int changed = 0, rateless = -1;

	lab_stock(lab, 10, 100000);
	put_code(lab, stopped, "13%", "");
	put_code(lab, nine, "9%", "");
	ids[0] = add_goods(lab, "水泥", stopped);
	ids[1] = add_goods(lab, "砖", stopped);
	assert_int_equal(desk_goods_fault(lab->s, stopped, &fault, &lab->e), ERR_OK);
	assert_int_equal(fault, CODE_FINE);
	put_code(lab, stopped, "13%", "2025-11-20");
	assert_int_equal(desk_goods_fault(lab->s, stopped, &fault, &lab->e), ERR_OK);
	assert_string_equal(code_fault_label(fault), "编码已停用");
	assert_int_equal(desk_goods_fault(lab->s, "", &fault, &lab->e), ERR_OK);
	assert_int_equal(fault, CODE_NONE);
	assert_int_equal(desk_goods_recode(lab->s, ids, 2, stopped, &changed, &rateless, &lab->e),
			 ERR_INVALID);
	assert_string_equal(lab->e.code, "goods.code");
	rows = count(lab, "SELECT COUNT(*) FROM audit");
	assert_int_equal(desk_goods_recode(lab->s, ids, 2, STEEL, &changed, &rateless, &lab->e),
			 ERR_OK);
	assert_int_equal(changed, 2);
	assert_int_equal(rateless, 0);
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM audit"), rows + 1);
	assert_audit(lab, "goods.recode", stopped, STEEL);
	assert_int_equal(desk_goods_get(lab->s, ids[1], &g, &lab->e), ERR_OK);
	assert_int_equal(g.rate_ppm, 130000);
	assert_true(*g.short_name && strcmp(g.short_name, "某简称") != 0);
	goods_free(&g);
	/* The unit has no 9 %: no rate is left. */
	assert_int_equal(desk_goods_recode(lab->s, ids, 1, nine, &changed, &rateless, &lab->e),
			 ERR_OK);
	assert_int_equal(desk_goods_get(lab->s, ids[0], &g, &lab->e), ERR_OK);
	assert_int_equal(rateless, 1);
	assert_int_equal(g.rate_ppm, -1);
	assert_string_equal(g.short_name, "某简称");
	goods_free(&g);
	assert_int_equal(desk_goods_recode(lab->s, ids, 1, nine, &changed, &rateless, &lab->e),
			 ERR_OK);
	assert_int_equal(changed, 0);
	assert_int_equal(rateless, 0);
}

static void names_rates_of_a_code(void **state)
{
	static const char both[] = "1080101010000000000";
	struct lab *lab = *state;
	int64_t unit = lab_stock(lab, 10, 100000);
	struct tax_rate rates[] = {{.ppm = 90000, .enabled = true},
				   {.ppm = 130000, .enabled = true},
				   {.ppm = 60000, .enabled = true},
				   {.ppm = 130000, .enabled = true}};
	int32_t *out;
	size_t n;

	put_code(lab, both, "9%、13%", "");
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_rates_put(lab->s->db, unit, rates, 3, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_code_rates(lab->s, both, &out, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 2);
	assert_true(out[0] == 130000 && out[1] == 90000);
	free(out);
	/* Before the tax side has named any: those of the code. */
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_rates_put(lab->s->db, unit, rates, 0, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_code_rates(lab->s, both, &out, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 2);
	assert_int_equal(out[1], 90000);
	free(out);
	assert_int_equal(desk_code_rates(lab->s, "9990000000000000000", &out, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 0);
	free(out);
}

static void proposes_codes_with_reasons(void **state)
{
	static const char stopped[] = "1080101010000000000";
	struct lab *lab = *state;
	struct code_hint hints[4];
	int n;

	lab_stock(lab, 10, 100000);
	put_code(lab, stopped, "13%", "");
	add_goods(lab, "螺纹钢筋", STEEL);
	add_goods(lab, "螺纹钢管", STEEL);
	add_goods(lab, "螺纹管", stopped);
	put_code(lab, stopped, "13%", "2025-01-01");
	assert_int_equal(desk_goods_suggest(lab->s, "螺纹钢", hints, 4, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 1);
	assert_string_equal(hints[0].code, STEEL);
	assert_int_equal(hints[0].rate_ppm, 130000);
	assert_non_null(strstr(hints[0].reason, "与“螺纹钢"));
	assert_int_equal(desk_goods_suggest(lab->s, "咨询服务", hints, 4, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 0);
}

#define LAB(f) cmocka_unit_test_setup_teardown(f, lab_open, lab_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(checks_buyers), LAB(adds_and_edits_buyers),
	    LAB(finds_buyers_by_reference),  LAB(merges_buyers),
	    LAB(enters_into_another),        LAB(lists_and_removes_buyers),
	    LAB(asks_for_permission),        LAB(checks_goods),
	    LAB(adds_and_edits_goods),       LAB(tells_faults_and_recodes),
	    LAB(names_rates_of_a_code),      LAB(proposes_codes_with_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
