/* import_buyers.c - rows of 购方信息 (features G51, G53). */
#include <stdio.h>
#include <string.h>

#include "desk/import_p.h"
#include "tax/ids.h"

enum { TEXTS = 9, IS_PERSON = TEXTS, IS_DEFAULT };

/* The first nine in the order of struct buyer_row. */
static const char *const KEYS[] = {"name",   "tax_no",    "mnemonic",   "address",
				   "phone",  "bank",      "account",    "email",
				   "mobile", "is_person", "is_default", NULL};
static const size_t OFFSETS[TEXTS] = {
    offsetof(struct buyer_row, name),     offsetof(struct buyer_row, tax_no),
    offsetof(struct buyer_row, mnemonic), offsetof(struct buyer_row, address),
    offsetof(struct buyer_row, phone),    offsetof(struct buyer_row, bank),
    offsetof(struct buyer_row, account),  offsetof(struct buyer_row, email),
    offsetof(struct buyer_row, mobile)};

static int yes_no(const char *value)
{
	return *value ? *value == 'Y' : -1;
}

static void take_row(const struct import_row *row, uint32_t has, struct buyer_row *out)
{
	int i;

	for (i = 0; i < TEXTS; i++) {
		out->has[i] = (has & ~row->leave) >> i & 1;
		*(const char **)(void *)((char *)out + OFFSETS[i]) =
		    row->leave >> i & 1 ? "" : row->values[i];
	}
	out->is_person = yes_no(row->values[IS_PERSON]);
	out->is_default = yes_no(row->values[IS_DEFAULT]);
}

/* The rules of the form, on a row. */
static enum err check(const struct buyer_row *r, char warning[200], struct err_info *e)
{
	struct buyer b = {.is_person = r->is_person == 1};

	b.party = (struct party) {.name = (char *)(uintptr_t)r->name,
				  .tax_no = (char *)(uintptr_t)r->tax_no,
				  .address = (char *)(uintptr_t)r->address,
				  .phone = (char *)(uintptr_t)r->phone,
				  .bank = (char *)(uintptr_t)r->bank,
				  .account = (char *)(uintptr_t)r->account};
	b.mnemonic = (char *)(uintptr_t)r->mnemonic;
	b.email = (char *)(uintptr_t)r->email;
	b.mobile = (char *)(uintptr_t)r->mobile;
	return desk_buyer_check(&b, warning, e);
}

static void look(struct import_batch *b, struct import_row *row)
{
	uint32_t terms[FIND_TERMS], *kept;
	char warning[200] = "", text[SHEET_REASON];
	struct err_info why;
	struct buyer_row r;

	take_row(row, 0, &r);
	if (row->fault && !*r.name)
		return; /* told already */
	if (check(&r, warning, &why))
		import_fault(b, row, import_sentence(row, sheet_table("buyers"), &why, text));
	if (row->fault)
		return;
	if (*warning && !row->warning)
		row->warning = import_batch_text(b, warning, strlen(warning));
	row->term_count = store_buyer_terms(&r, terms);
	kept = import_batch_take(b, row->term_count * sizeof(*kept));
	memcpy(kept, terms, row->term_count * sizeof(*kept));
	row->terms = kept;
}

static enum err begin(struct import *m, struct err_info *e)
{
	return store_buyer_load_begin(m->s->db, m->unit, (struct buyer_load **)&m->load, e);
}

static enum err load(struct import *m, const struct import_row *row, enum load_result *result,
		     struct load_told *told, struct err_info *e)
{
	struct buyer_row r;

	take_row(row, m->has, &r);
	return store_buyer_load(m->load, &r, row->terms, row->term_count, result, told, e);
}

static enum err name_twin(struct import *m, int64_t id, char out[IMPORT_TWIN], struct err_info *e)
{
	struct buyer b;
	bool found = false;
	enum err r = store_buyer_get(m->s->db, m->unit, id, &b, &found, e);

	*out = 0;
	if (r || !found)
		return r;
	snprintf(out, IMPORT_TWIN, "%.240s（%s）", b.party.name,
		 *b.party.tax_no ? b.party.tax_no : "无税号");
	out[text_whole(out, strlen(out))] = 0;
	buyer_free(&b);
	return ERR_OK;
}

static enum err end(struct import *m, struct err_info *e)
{
	return store_buyer_load_end((struct buyer_load **)&m->load, e);
}

static void drop(struct import *m)
{
	if (m->load)
		store_buyer_load_drop((struct buyer_load **)&m->load);
}

const struct import_kind import_buyers = {
    .table = "buyers",
    .label = "购方信息",
    .audit = "buyer.import",
    .action = DESK_CATALOGUE,
    .of_unit = true,
    .number = 1,
    .name_twin = name_twin,
    .same_key = "税号相同",
    .same_name = "名称相同",
    .keys = KEYS,
    .look = look,
    .begin = begin,
    .load = load,
    .end = end,
    .drop = drop,
};
