/* buyers.c - 购方信息: rules, lists, changes with their audit. */
#include "desk/buyers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/buyers_p.h"
#include "desk/catalogue_p.h"
#include "tax/ids.h"

enum { AUDIT_MAX = 1 << 20, NAMED_MAX = 2 };

/* ---- reading ---- */

enum err desk_buyer_list(struct session *s, const struct buyer_query *q, buyer_each f, void *arg,
			 int64_t *next, int64_t *total, bool *at_least, struct err_info *e)
{
	bool filtered = !text_empty(q->text) || !text_empty(q->name) || !text_empty(q->tax_no) ||
			!text_empty(q->mnemonic) || !text_empty(q->phone) || q->twins;
	int64_t unit, counted = 0;
	enum err r;

	if ((r = desk_own_unit(s, DESK_VIEW, &unit, e)) ||
	    (r = store_buyer_list(s->db, unit, q, f, arg, next, e)) ||
	    (r = store_buyer_count(s->db, unit, q, DESK_COUNT_CAP + 1, &counted, e)))
		return r;
	catalogue_total(counted, filtered, total, at_least);
	return ERR_OK;
}

enum err desk_buyer_match(struct session *s, const char *text, int max, struct buyer *out, int *n,
			  struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	*n = 0;
	if (r || catalogue_too_short(text))
		return r;
	return store_buyer_best(s->db, unit, text, max, out, n, e);
}

static enum err unknown(struct err_info *e, const char *no)
{
	err_fail(e, ERR_INVALID, "buyer.unknown", "购方", "购方信息里没有“%.200s”", no);
	err_hint(e, "可用 kaipiao buyers list 查看");
	return ERR_INVALID;
}

enum err buyers_get(struct session *s, int64_t unit, int64_t id, struct buyer *out,
		    struct err_info *e)
{
	bool found = false;
	char no[32];
	enum err r = store_buyer_get(s->db, unit, id, out, &found, e);

	if (r || found)
		return r;
	snprintf(no, sizeof(no), "#%lld", (long long)id);
	return unknown(e, no);
}

enum err desk_buyer_get(struct session *s, int64_t id, struct buyer *out, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : buyers_get(s, unit, id, out, e);
}

static const char *number_words(const struct buyer *b)
{
	return *b->party.tax_no ? b->party.tax_no : "无税号";
}

static enum err several(struct err_info *e, const char *no, const struct buyer *two)
{
	err_fail(e, ERR_INVALID, "buyer.several", "购方",
		 "“%.120s”有多个：#%lld %.80s（%s）、#%lld %.80s（%s）", no, (long long)two[0].id,
		 two[0].party.name, number_words(&two[0]), (long long)two[1].id, two[1].party.name,
		 number_words(&two[1]));
	err_hint(e, "请用 # 加编号指明是哪一个");
	return ERR_INVALID;
}

/* The buyers of a tax number, or else of a name, in a struct that lends the text. */
static enum err named(struct session *s, int64_t unit, const char *no, struct buyer *out, int *n,
		      struct err_info *e)
{
	struct buyer b = {.party = {.tax_no = (char *)(uintptr_t)no}};
	enum err r = store_buyer_twins(s->db, unit, &b, out, NAMED_MAX, n, e);

	if (r || *n)
		return r;
	b.party = (struct party) {.name = (char *)(uintptr_t)no};
	return store_buyer_twins(s->db, unit, &b, out, NAMED_MAX, n, e);
}

enum err desk_buyer_named(struct session *s, const char *no, struct buyer *out, struct err_info *e)
{
	struct buyer found[NAMED_MAX];
	int64_t unit, id = catalogue_number(no);
	int i, n = 0;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	if (r)
		return r;
	if (id)
		return buyers_get(s, unit, id, out, e);
	if ((r = named(s, unit, no, found, &n, e)))
		return r;
	id = n ? found[0].id : 0;
	if (!n)
		r = unknown(e, no);
	else if (n > 1)
		r = several(e, no, found);
	for (i = 0; i < n; i++)
		buyer_free(&found[i]);
	return r ? r : buyers_get(s, unit, id, out, e);
}

enum err desk_buyer_twins(struct session *s, const struct buyer *b, struct buyer *out, int max,
			  int *n, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	*n = 0;
	return r ? r : store_buyer_twins(s->db, unit, b, out, max, n, e);
}

enum err desk_buyer_has_twin(struct session *s, const struct buyer *b, bool *out,
			     struct err_info *e)
{
	struct buyer other;
	int n = 0;
	enum err r = desk_buyer_twins(s, b, &other, 1, &n, e);

	*out = n > 0;
	if (n)
		buyer_free(&other);
	return r;
}

/* ---- rules ---- */

static enum err check_name(const struct buyer *b, struct err_info *e)
{
	char *name = text_trim(catalogue_text(b, &buyer_fields[0]));
	bool blank = !*name;

	free(name);
	if (!blank)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "buyer.name.required", "名称", "没有填写");
	err_field(e, "name");
	err_hint(e, "请填写购方名称");
	return ERR_INVALID;
}

static enum err check_tax_no(const struct buyer *b, char warning[200], struct err_info *e)
{
	const char *s = text_empty(b->party.tax_no) ? "" : b->party.tax_no;
	char fault[TAXNO_FAULT];
	size_t place = 0;
	enum taxno_state state = *s ? taxno_check(s, &place) : TAXNO_OK;

	if (state == TAXNO_BAD_CHECK)
		snprintf(warning, 200, "税号：统一社会信用代码的校验码不对：%s", s);
	if (state != TAXNO_BAD_FORM)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "buyer.tax_no.form", "税号", "%s", taxno_fault(s, place, fault));
	err_field(e, "tax_no");
	err_hint(e, "请改正税号，不要有空格、小写字母和其他符号");
	return ERR_INVALID;
}

/* What cannot be one is a slip of the pen; whether it exists nobody here can tell. */
static bool like_email(const char *s)
{
	const char *at = strchr(s, '@');

	return at && at != s && strchr(at, '.') && !strchr(at + 1, '@') && !strchr(s, ' ');
}

/* 11 digits that begin with 1, however they are parted, also with +86. */
static bool like_mobile(const char *s)
{
	char digits[12];
	size_t n = 0;

	s += strncmp(s, "+86", 3) ? 0 : 3;
	for (; *s; s++) {
		if (*s == ' ' || *s == '-')
			continue;
		if (*s < '0' || *s > '9' || n + 1 == sizeof(digits))
			return false;
		digits[n++] = *s;
	}
	return n == 11 && digits[0] == '1';
}

static void look_at(const char *text, bool (*like)(const char *s), const char *said,
		    char warning[200])
{
	size_t n = strlen(warning);

	if (text_empty(text) || like(text))
		return;
	snprintf(warning + n, 200 - n, "%s%s：%s", n ? "；" : "", said, text);
	warning[text_whole(warning, strlen(warning))] = 0;
}

static enum err check_addresses(const struct buyer *b, struct err_info *e)
{
	size_t i;

	if (b->more_count > BUYER_ADDRESSES) {
		err_fail(e, ERR_INVALID, "buyer.addresses", "地址",
			 "除默认地址外有 %zu 个，超过上限 %d 个", b->more_count, BUYER_ADDRESSES);
		err_field(e, "address");
		err_hint(e, "请删去不再使用的地址");
		return ERR_INVALID;
	}
	for (i = 0; i < b->more_count; i++) {
		const struct buyer_address *a = &b->more[i];
		const struct buyer as = {.party = {.address = a->address,
						   .phone = a->phone,
						   .bank = a->bank,
						   .account = a->account},
					 .email = a->email,
					 .mobile = a->mobile};
		enum err r = catalogue_check_texts(buyer_fields, &as, e);

		if (r)
			return r;
	}
	return ERR_OK;
}

enum err desk_buyer_check(const struct buyer *b, char warning[200], struct err_info *e)
{
	enum err r;

	warning[0] = 0;
	if ((r = check_name(b, e)) || (r = catalogue_check_texts(buyer_fields, b, e)) ||
	    (r = check_tax_no(b, warning, e)) || (r = check_addresses(b, e)))
		return r;
	look_at(b->email, like_email, "邮箱：不像邮箱地址", warning);
	look_at(b->mobile, like_mobile, "手机：不像手机号（11 位，1 开头）", warning);
	return ERR_OK;
}

static enum err refuse_twin(struct session *s, const struct buyer *b, enum twin_policy p,
			    struct err_info *e)
{
	struct buyer other;
	bool same_no;
	int n = 0;
	enum err r;

	if (p == TWIN_KEEP)
		return ERR_OK;
	if ((r = store_buyer_twins(s->db, b->unit_id, b, &other, 1, &n, e)) || !n)
		return r;
	same_no = !text_empty(b->party.tax_no) && text_eq(b->party.tax_no, other.party.tax_no);
	err_fail(e, ERR_INVALID, "buyer.twin", same_no ? "税号" : "名称",
		 "已有购方 #%lld %.200s（%s）", (long long)other.id, other.party.name,
		 number_words(&other));
	err_field(e, "%s", same_no ? "tax_no" : "name");
	err_hint(e, "请改用已有的购方、合并两者，或确认两者都要");
	buyer_free(&other);
	return ERR_INVALID;
}

/* ---- changes ---- */

static char *to_json(const struct buyer *b)
{
	const struct catalogue_field *f;
	struct json_out o;
	struct buf text;
	char *out;
	size_t i;

	buf_init(&text, AUDIT_MAX);
	json_out_init(&o, &text, 0);
	json_open(&o, NULL, '{');
	json_put_int(&o, "id", b->id);
	catalogue_put_texts(&o, buyer_fields, b);
	if (b->is_person)
		json_put_bool(&o, "is_person", true);
	if (b->more_count)
		json_open(&o, "addresses", '[');
	for (i = 0; i < b->more_count; i++) {
		json_open(&o, NULL, '{');
		for (f = buyer_fields; f->key; f++)
			if (f->in_address != FIELD_NOWHERE)
				json_put(&o, f->key,
					 *(char **)(void *)((char *)&b->more[i] + f->in_address));
		json_close(&o, '}');
	}
	if (b->more_count)
		json_close(&o, ']');
	json_close(&o, '}');
	out = buf_detach(&text);
	return out ? out : mem_strdup("");
}

enum err buyers_audit(struct session *s, const char *action, const struct buyer *before,
		      const struct buyer *after, struct err_info *e)
{
	const struct buyer *any = after ? after : before;
	char *was = before ? to_json(before) : mem_strdup("");
	char *is = after ? to_json(after) : mem_strdup("");
	enum err r = desk_audit(s, any->unit_id, action, any->party.name, was, is, e);

	free(was);
	free(is);
	return r;
}

enum err desk_buyer_add(struct session *s, struct buyer *b, enum twin_policy p, struct err_info *e)
{
	char warning[200];
	enum err r;

	if ((r = desk_own_unit(s, DESK_CATALOGUE, &b->unit_id, e)) ||
	    (r = desk_buyer_check(b, warning, e)) || (r = db_begin(s->db, e)))
		return r;
	b->id = 0;
	b->source = SOURCE_ENTERED;
	if (!(r = refuse_twin(s, b, p, e)) && !(r = store_buyer_insert(s->db, b, e)))
		r = buyers_audit(s, "buyer.add", NULL, b, e);
	return desk_end(s, r, e);
}

enum err buyers_removed(struct err_info *e, const struct buyer *b)
{
	err_fail(e, ERR_INVALID, "buyer.removed", b->party.name, "已经删除");
	err_hint(e, "请重新查询");
	return ERR_INVALID;
}

/* Whoever leaves name and number as they were is not asked about twins again. */
static bool renamed(const struct buyer *before, const struct buyer *after)
{
	return !text_eq(before->party.name, after->party.name) ||
	       !text_eq(before->party.tax_no, after->party.tax_no);
}

enum err buyers_edit(struct session *s, const struct buyer *b, enum twin_policy p,
		     struct err_info *e)
{
	struct buyer before, after = *b; /* lent */
	enum err r = buyers_get(s, b->unit_id, b->id, &before, e);

	if (r)
		return r;
	if (!renamed(&before, &after))
		p = TWIN_KEEP;
	after.source = SOURCE_ENTERED;
	if (before.removed_at)
		r = buyers_removed(e, &before);
	else
		r = catalogue_check_rev(before.party.name, b->rev, before.rev, e);
	if (!r && !(r = refuse_twin(s, b, p, e)) && !(r = store_buyer_update(s->db, &after, e)))
		r = buyers_audit(s, "buyer.edit", &before, &after, e);
	buyer_free(&before);
	return r;
}

enum err desk_buyer_edit(struct session *s, const struct buyer *b, enum twin_policy p,
			 struct err_info *e)
{
	struct buyer mine = *b; /* lent */
	char warning[200];
	enum err r;

	if ((r = desk_own_unit(s, DESK_CATALOGUE, &mine.unit_id, e)) ||
	    (r = desk_buyer_check(b, warning, e)) || (r = db_begin(s->db, e)))
		return r;
	return desk_end(s, buyers_edit(s, &mine, p, e), e);
}

static enum err change(struct session *s, struct buyer *b, buyer_change f, void *arg,
		       enum twin_policy p, char warning[200], struct err_info *e)
{
	enum err r;

	if ((r = f(arg, b, e)) || (r = desk_buyer_check(b, warning, e)))
		return r;
	return buyers_edit(s, b, p, e);
}

enum err desk_buyer_change(struct session *s, int64_t id, buyer_change f, void *arg,
			   enum twin_policy p, char warning[200], struct err_info *e)
{
	struct buyer b;
	int64_t unit;
	enum err r;

	warning[0] = 0;
	if ((r = desk_own_unit(s, DESK_CATALOGUE, &unit, e)) || (r = db_begin(s->db, e)))
		return r;
	if (!(r = buyers_get(s, unit, id, &b, e))) {
		r = change(s, &b, f, arg, p, warning, e);
		buyer_free(&b);
	}
	return desk_end(s, r, e);
}

/* ---- removing ---- */

static enum err remove_one(struct session *s, int64_t unit, int64_t id, int *removed_now,
			   struct err_info *e)
{
	struct buyer b;
	bool found = false;
	int one = 0;
	enum err r = store_buyer_get(s->db, unit, id, &b, &found, e);

	if (r || !found)
		return r;
	if (!b.removed_at && !(r = store_buyer_remove(s->db, unit, &id, 1, &one, e)))
		r = buyers_audit(s, "buyer.remove", &b, NULL, e);
	*removed_now += one;
	buyer_free(&b);
	return r;
}

enum err desk_buyer_remove(struct session *s, const int64_t *ids, size_t n, int *removed_now,
			   struct err_info *e)
{
	return catalogue_remove_rows(s, remove_one, ids, n, removed_now, e);
}
