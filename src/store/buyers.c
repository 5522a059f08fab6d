/* buyers.c - one buyer: its columns, its further addresses, what issuing leaves of it. */
#include "store/buyers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "store/buyers_p.h"

enum { NUMBERS_MAX = 64 << 10 }; /* bytes of all telephones of a buyer */

#define OWN(key, label, member, chars)                                                             \
	{                                                                                          \
		key, label, offsetof(struct buyer, member), FIELD_NOWHERE, chars                   \
	}
#define ADDRESS(key, label, member, own, chars)                                                    \
	{                                                                                          \
		key, label, offsetof(struct buyer, member), offsetof(struct buyer_address, own),   \
		    chars                                                                          \
	}
/* The limits are those of an invoice's buyer. */
const struct catalogue_field buyer_fields[] = {
    OWN("name", "名称", party.name, 300),
    OWN("tax_no", "税号", party.tax_no, 20),
    OWN("mnemonic", "简码", mnemonic, 30),
    ADDRESS("address", "地址", party.address, address, 300),
    ADDRESS("phone", "电话", party.phone, phone, 60),
    ADDRESS("bank", "开户行", party.bank, bank, 120),
    ADDRESS("account", "银行账号", party.account, account, 50),
    ADDRESS("email", "邮箱", email, email, 72),
    ADDRESS("mobile", "手机", mobile, mobile, 20),
    {.key = NULL},
};

/* ---- the struct ------------------------------------------------------------------------------ */

static void address_free(struct buyer_address *a)
{
	free(a->address);
	free(a->phone);
	free(a->bank);
	free(a->account);
	free(a->email);
	free(a->mobile);
}

void buyer_free(struct buyer *b)
{
	size_t i;

	catalogue_free_texts(buyer_fields, b);
	for (i = 0; i < b->more_count; i++)
		address_free(&b->more[i]);
	free(b->more);
	*b = (struct buyer) {0};
}

char **buyer_address_slot(struct buyer_address *a, const struct catalogue_field *f)
{
	return (char **)(void *)((char *)a + f->in_address);
}

void buyer_copy(struct buyer *out, const struct buyer *in)
{
	const struct catalogue_field *f;
	size_t i;

	*out = *in;
	catalogue_copy_texts(buyer_fields, out, in);
	out->more = mem_zalloc((in->more_count + 1) * sizeof(*out->more));
	for (i = 0; i < in->more_count; i++)
		for (f = BUYER_ADDRESS_FIELDS; f->key; f++)
			*buyer_address_slot(&out->more[i], f) =
			    mem_strdup(*buyer_address_slot(&in->more[i], f));
}

static void read_buyer(struct rows *q, void *item)
{
	struct buyer *b = item;

	*b = (struct buyer) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .doc = rows_int(q, 2),
	    .is_person = rows_int(q, 3) != 0,
	    .source = catalogue_source_read(rows_text(q, 4)),
	    .uses = rows_int(q, 5),
	    .used_at = rows_int(q, 6),
	    .created_at = rows_int(q, 7),
	    .updated_at = rows_int(q, 8),
	    .removed_at = rows_int(q, 9),
	    .rev = rows_int(q, 10),
	    .more_count = (size_t)rows_int(q, 11),
	};
	catalogue_read_texts(buyer_fields, q, 12, b);
	b->more = mem_zalloc((b->more_count + 1) * sizeof(*b->more));
}

static void free_buyer(void *item)
{
	buyer_free(item);
}

#define WHOLE                                                                                      \
	"SELECT id, unit_id, COALESCE(doc, 0), is_person, source, uses, used_at, created_at,"      \
	" updated_at, COALESCE(removed_at, 0), rev, more, name, tax_no, mnemonic, address, phone," \
	" bank, account, email, mobile FROM buyer WHERE unit_id = ?"
#define KIN_TAX_NO                                                                                 \
	"SELECT id, name = ?4, 1, 1 FROM (SELECT id, name FROM buyer WHERE tax_key = ?2"           \
	" AND unit_id = ?3 AND tax_no = ?6" LOOK_PRESENT " LIMIT 2)"
/* The index of names and no other: one that begins with the unit has all of its rows. */
#define BUYER_NAMED "FROM buyer WHERE name_key = ?1 AND +unit_id = ?3 AND name = ?4"
#define KIN_NAME                                                                                   \
	"SELECT id, 1, 0, tax_no <> '' FROM (SELECT id, tax_no " BUYER_NAMED                       \
	" AND tax_no <> ?6" LOOK_PRESENT " LIMIT 2)"

#define SAME_NAME "b.name_key = a.name_key AND b.name = a.name"
#define SAME_TAX  "b.tax_key = a.tax_key AND b.tax_no = a.tax_no"

const struct catalogue catalogue_buyers = {
    .kind = FIND_BUYERS,
    .fields = buyer_fields,
    .code_fields = {FIND_NUMBER, FIND_MNEMONIC, FIND_OTHER, FIND_OTHER},
    CATALOGUE_SQL("buyer", BUYER_LOOK),
    .same_code = "SELECT " BUYER_LOOK " FROM buyer WHERE tax_key = ?1 AND unit_id = ?2"
		 " AND tax_no = ?3" LOOK_PRESENT " LIMIT ?4",
    .set_doc = "UPDATE buyer SET doc = ?1, name_key = ?2, tax_key = NULLIF(?3, 0) WHERE id = ?4",
    .get = WHOLE " AND id = ?",
    .page = WHOLE PAGE_BELOW,
    .size = sizeof(struct buyer),
    .read = read_buyer,
    .free = free_buyer,
    .twin_of =
	CATALOGUE_TWIN_OF("buyer", SAME_NAME) " UNION ALL " CATALOGUE_TWIN_OF("buyer", SAME_TAX),
    CATALOGUE_TWINS(
	"buyer", "1",
	CATALOGUE_ANOTHER("buyer", SAME_NAME) " OR " CATALOGUE_ANOTHER("buyer", SAME_TAX)),
    .kin = KIN_TAX_NO " UNION ALL " KIN_NAME,
    .kin_all = "SELECT name, '', tax_no FROM buyer WHERE unit_id = ?",
    .kin_exact = "SELECT id " BUYER_NAMED " AND tax_no = ?6" LOOK_PRESENT " ORDER BY doc DESC",
    .kin_marked = "SELECT id " BUYER_NAMED " AND by_name = 1 AND tax_no <> ?6" LOOK_PRESENT
		  " ORDER BY id LIMIT 1",
};

/* All telephones of a kind, a line each. */
static const char *join_numbers(struct buf *all, const struct buyer *b, size_t field,
				const char *first)
{
	size_t i;

	if (!b->more_count)
		return first;
	buf_init(all, NUMBERS_MAX);
	buf_adds(all, first ? first : "");
	for (i = 0; i < b->more_count; i++) {
		const char *one = *buyer_address_slot(&b->more[i], &buyer_fields[field]);

		if (!text_empty(one))
			buf_addf(all, "\n%s", one);
	}
	return buf_str(all);
}

void buyer_numbers_free(struct buyer_numbers *n)
{
	buf_free(&n->phones);
	buf_free(&n->mobiles);
}

void buyer_find_text(const struct buyer *b, struct buyer_numbers *n, struct find_text *out)
{
	*n = (struct buyer_numbers) {.phones = {.data = NULL}};
	*out = (struct find_text) {
	    .name = b->party.name,
	    .codes = {b->party.tax_no, b->mnemonic,
		      join_numbers(&n->phones, b, BUYER_PHONE, b->party.phone),
		      join_numbers(&n->mobiles, b, BUYER_MOBILE, b->mobile)},
	    .count = LOOK_TEXTS - LOOK_CODES,
	    .fields = catalogue_buyers.code_fields,
	};
}

size_t store_buyer_terms(const struct buyer_row *r, uint32_t out[FIND_TERMS])
{
	const struct buyer b = {
	    .party = {.name = (char *)(uintptr_t)buyer_row_text(r, 0),
		      .tax_no = (char *)(uintptr_t)buyer_row_text(r, 1),
		      .phone = (char *)(uintptr_t)buyer_row_text(r, 4)},
	    .mnemonic = (char *)(uintptr_t)buyer_row_text(r, 2),
	    .mobile = (char *)(uintptr_t)buyer_row_text(r, 8),
	};
	struct buyer_numbers none;
	struct find_text t;

	buyer_find_text(&b, &none, &t); /* one address: nothing is joined */
	return find_terms(&t, out);
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum err read_addresses(struct db *db, struct buyer *b, struct err_info *e)
{
	struct rows *q;
	size_t n = 0;
	enum err r = db_query(db, &q, e,
			      "SELECT address, phone, bank, account, email, mobile"
			      " FROM buyer_address WHERE buyer_id = ? ORDER BY seq",
			      "l", b->id);

	while (!r && n < b->more_count && rows_next(q)) {
		const struct catalogue_field *f;
		int column = 0;

		for (f = BUYER_ADDRESS_FIELDS; f->key; f++)
			*buyer_address_slot(&b->more[n], f) = mem_strdup(rows_text(q, column++));
		n++;
	}
	b->more_count = n;
	return rows_end(&q, r, e);
}

enum err store_buyer_get(struct db *db, int64_t unit, int64_t id, struct buyer *out, bool *found,
			 struct err_info *e)
{
	struct buyer b;
	enum err r = catalogue_get(db, &catalogue_buyers, unit, id, &b, found, e);

	if (r || !*found)
		return r;
	if (b.more_count && (r = read_addresses(db, &b, e)))
		buyer_free(&b);
	else
		*out = b;
	return r;
}

enum err store_buyer_twins(struct db *db, int64_t unit, const struct buyer *b, struct buyer *out,
			   int max, int *n, struct err_info *e)
{
	const char *name = catalogue_text(b, &buyer_fields[BUYER_NAME]);
	const char *tax_no = catalogue_text(b, &buyer_fields[BUYER_TAX_NO]);
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id FROM buyer WHERE tax_key = ? AND unit_id = ?"
			      " AND tax_no = ? AND id <> ?" LOOK_PRESENT
			      " UNION SELECT id FROM buyer WHERE name_key = ? AND unit_id = ?"
			      " AND name = ? AND id <> ?" LOOK_PRESENT " ORDER BY 1",
			      "llslllsl", catalogue_key(unit, tax_no), unit, tax_no, b->id,
			      catalogue_key(unit, name), unit, name, b->id);

	return catalogue_read_all(db, &catalogue_buyers, unit, &q, r, out, max, n, e);
}

enum err store_buyer_owner(struct db *db, int64_t unit, const char *name, const char *tax_no,
			   char owner[BUYER_OWNER], struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT name FROM buyer WHERE tax_key = ? AND unit_id = ?"
			      " AND tax_no = ?" LOOK_PRESENT " ORDER BY name <> ?, id LIMIT 1",
			      "llss", catalogue_key(unit, tax_no), unit, tax_no, name);

	*owner = 0;
	if (!r && *tax_no && rows_next(q) && strcmp(rows_text(q, 0), name) != 0) {
		snprintf(owner, BUYER_OWNER, "%s", rows_text(q, 0));
		owner[text_whole(owner, strlen(owner))] = 0;
	}
	return rows_end(&q, r, e);
}

/* ---- writing --------------------------------------------------------------------------------- */

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static enum err write_addresses(struct db *db, const struct buyer *b, struct err_info *e)
{
	enum err r =
	    db_run(db, e, NULL, "DELETE FROM buyer_address WHERE buyer_id = ?", "l", b->id);
	size_t i;

	for (i = 0; i < b->more_count && !r; i++) {
		const struct buyer_address *a = &b->more[i];

		r = db_run(db, e, NULL,
			   "INSERT INTO buyer_address (buyer_id, seq, address, phone, bank,"
			   " account, email, mobile) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			   "llssssss", b->id, (int64_t)i + 1, or_empty(a->address),
			   or_empty(a->phone), or_empty(a->bank), or_empty(a->account),
			   or_empty(a->email), or_empty(a->mobile));
	}
	return r;
}

enum err buyer_insert_row(struct db *db, const struct buyer *b, struct err_info *e)
{
	const struct party *p = &b->party;
	enum err r = db_run(
	    db, e, NULL,
	    "INSERT INTO buyer (id, unit_id, doc, name_key, tax_key, name, tax_no, mnemonic,"
	    " address, phone, bank, account, email, mobile, is_person, source, more, uses,"
	    " used_at, created_at, updated_at)"
	    " VALUES (?, ?, ?, ?, NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "lllllsssssssssisillll", b->id, b->unit_id, b->doc, catalogue_key(b->unit_id, p->name),
	    catalogue_key(b->unit_id, p->tax_no), p->name, p->tax_no, b->mnemonic, p->address,
	    p->phone, p->bank, p->account, b->email, b->mobile, b->is_person ? 1 : 0,
	    catalogue_source_word(b->source), (int)b->more_count, b->uses, b->used_at,
	    b->created_at, b->updated_at);

	return r || !b->more_count ? r : write_addresses(db, b, e);
}

enum err buyer_update_row(struct db *db, const struct buyer *b, struct err_info *e)
{
	const struct party *p = &b->party;
	enum err r = db_run(
	    db, e, NULL,
	    "UPDATE buyer SET doc = ?, name_key = ?, tax_key = NULLIF(?, 0),"
	    " by_name = CASE name WHEN ? THEN by_name ELSE 0 END, name = ?, tax_no = ?,"
	    " mnemonic = ?, address = ?, phone = ?, bank = ?, account = ?, email = ?, mobile = ?,"
	    " is_person = ?, source = ?, more = ?, updated_at = ?, rev = rev + 1"
	    " WHERE id = ? AND unit_id = ?",
	    "lllssssssssssisilll", b->doc, catalogue_key(b->unit_id, p->name),
	    catalogue_key(b->unit_id, p->tax_no), p->name, p->name, p->tax_no, b->mnemonic,
	    p->address, p->phone, p->bank, p->account, b->email, b->mobile, b->is_person ? 1 : 0,
	    catalogue_source_word(b->source), (int)b->more_count, b->updated_at, b->id, b->unit_id);

	return r ? r : write_addresses(db, b, e);
}

enum err store_buyer_insert(struct db *db, struct buyer *b, struct err_info *e)
{
	struct buyer_numbers n;
	struct find_text t;
	int64_t id = 0, doc = 0;
	enum err r;

	catalogue_fill_texts(buyer_fields, b);
	if ((r = db_next_id(db, catalogue_buyers.counter, &id, e)) ||
	    (r = store_find_docs(db, b->unit_id, FIND_BUYERS, 1, &doc, e)))
		return r;
	b->id = id;
	b->doc = doc;
	b->created_at = b->updated_at = clock_now();
	buyer_find_text(b, &n, &t);
	if (!(r = buyer_insert_row(db, b, e)))
		r = store_find_put(db, b->unit_id, FIND_BUYERS, doc, &t, e);
	if (!r)
		r = catalogue_note_twin(db, &catalogue_buyers, b->unit_id, b->id, e);
	buyer_numbers_free(&n);
	return r ? r : catalogue_tally(db, &catalogue_buyers, b->unit_id, 1, e);
}

/* What he was called so far, when that changes. */
static enum err note_former(struct db *db, const struct buyer *now, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "INSERT INTO buyer_former (buyer_id, name, tax_no)"
		      " SELECT id, name, tax_no FROM buyer WHERE id = ? AND unit_id = ?"
		      " AND uses > 0 AND (name <> ? OR tax_no <> ?)"
		      " ON CONFLICT (buyer_id, name, tax_no) DO NOTHING",
		      "llss", now->id, now->unit_id, now->party.name, now->party.tax_no);
}

enum err store_buyer_update(struct db *db, const struct buyer *b, struct err_info *e)
{
	struct buyer now = *b; /* lends its texts */
	struct buyer_numbers n;
	struct find_text t;
	enum err r = store_find_docs(db, b->unit_id, FIND_BUYERS, 1, &now.doc, e);

	if (r)
		return r;
	now.updated_at = clock_now();
	catalogue_lend_empty(buyer_fields, &now);
	buyer_find_text(&now, &n, &t);
	if (!(r = note_former(db, &now, e)) && !(r = buyer_update_row(db, &now, e)))
		r = store_find_put(db, b->unit_id, FIND_BUYERS, now.doc, &t, e);
	if (!r)
		r = catalogue_note_again(db, &catalogue_buyers, b->unit_id, b->id, e);
	buyer_numbers_free(&n);
	return r;
}

enum err store_buyer_inherit(struct db *db, int64_t id, const struct buyer *from,
			     struct err_info *e)
{
	enum err r = db_run(db, e, NULL,
			    "INSERT INTO buyer_former (buyer_id, name, tax_no)"
			    " SELECT ?, name, tax_no FROM buyer WHERE id = ? AND uses > 0"
			    " UNION SELECT ?, name, tax_no FROM buyer_former WHERE buyer_id = ?"
			    " ON CONFLICT (buyer_id, name, tax_no) DO NOTHING",
			    "llll", id, from->id, id, from->id);

	return r ? r : catalogue_use(db, &catalogue_buyers, id, from->uses, from->used_at, e);
}

enum err store_buyer_remove(struct db *db, int64_t unit, const int64_t *ids, size_t n, int *removed,
			    struct err_info *e)
{
	return catalogue_remove(db, &catalogue_buyers, unit, ids, n, removed, e);
}

/* ---- issuing --------------------------------------------------------------------------------- */

/* What the invoice says of its buyer, lent. */
static struct buyer buyer_of(int64_t unit, const struct invoice *inv)
{
	return (struct buyer) {
	    .unit_id = unit,
	    .party = inv->buyer,
	    .mnemonic = (char *)(uintptr_t) "",
	    .email = inv->buyer_email,
	    .mobile = inv->buyer_mobile,
	    .is_person = inv->buyer_is_person,
	    .source = SOURCE_ISSUED,
	    .uses = 1,
	    .used_at = clock_now(),
	};
}

/* What the invoice leaves empty says nothing: it makes no row stale. */
const char buyer_find_issued[] =
    "SELECT id, source = 'issued' AND (?1 <> '' AND address <> ?1 OR ?2 <> '' AND phone <> ?2"
    " OR ?3 <> '' AND bank <> ?3 OR ?4 <> '' AND account <> ?4 OR ?5 <> '' AND email <> ?5"
    " OR ?6 <> '' AND mobile <> ?6 OR is_person <> ?7) FROM buyer WHERE name_key = ?8"
    " AND +unit_id = ?9 AND name = ?10 AND tax_no = ?11" LOOK_PRESENT
    " ORDER BY used_at DESC, id DESC LIMIT 1";

/* The row it is, 0 none; *stale: one known from issuing alone that says something else. */
static enum err find_issued(struct db *db, const struct buyer *b, int64_t *id, bool *stale,
			    struct err_info *e)
{
	const struct party *p = &b->party;
	struct rows *q;
	enum err r =
	    db_query_lent(db, &q, e, buyer_find_issued, "ssssssillss", p->address, p->phone,
			  p->bank, p->account, b->email, b->mobile, b->is_person ? 1 : 0,
			  catalogue_key(b->unit_id, p->name), b->unit_id, p->name, p->tax_no);

	*id = 0;
	if (!r && rows_next(q)) {
		*id = rows_int(q, 0);
		*stale = rows_int(q, 1) != 0;
	}
	return rows_end(&q, r, e);
}

/* What the invoice leaves empty stays as it is known: lent by `known`.  An account number of
 * another bank would be a wrong one. */
static void keep_known(struct buyer *b, const struct buyer *known)
{
	char *account = b->party.account;
	bool other_bank =
	    !text_empty(b->party.bank) && strcmp(b->party.bank, known->party.bank) != 0;

	catalogue_lend_known(buyer_fields, BUYER_TEXTS, b, known);
	if (other_bank)
		b->party.account = account;
}

static enum err refresh(struct db *db, struct buyer *b, struct err_info *e)
{
	struct buyer known;
	bool found;
	enum err r = store_buyer_get(db, b->unit_id, b->id, &known, &found, e);

	if (r || !found)
		return r;
	keep_known(b, &known);
	b->more = known.more;
	b->more_count = known.more_count;
	r = store_buyer_update(db, b, e);
	buyer_free(&known);
	return r;
}

enum err store_buyer_issued(struct db *db, int64_t unit, const struct invoice *inv,
			    struct err_info *e)
{
	struct buyer b = buyer_of(unit, inv);
	bool stale = false;
	enum err r;

	if (text_empty(b.party.name))
		return ERR_OK;
	if ((r = find_issued(db, &b, &b.id, &stale, e)))
		return r;
	if (!b.id)
		return store_buyer_insert(db, &b, e);
	if (stale && (r = refresh(db, &b, e)))
		return r;
	return catalogue_use(db, &catalogue_buyers, b.id, 1, b.used_at, e);
}
