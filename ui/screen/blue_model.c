/* blue_model.c - fields of the blue form to members of the invoice; where a finding stands. */
#include "ui/screen/blue_model.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"

const char *const blue_modes[] = {"含税", "不含税", NULL};

/* ---- fields ---- */

enum as { AS_KIND, AS_MODE, AS_FLAG, AS_TEXT };
static const struct {
	enum as as;
	size_t offset;
	const char *path; /* of the finding */
	enum blue_part part;
} FIELDS[BLUE_FIELDS] = {
    [BLUE_KIND] = {AS_KIND, 0, "kind", BLUE_HEAD},
    [BLUE_MODE] = {AS_MODE, 0, "prices_include_tax", BLUE_HEAD},
    [BLUE_TYPE] = {AS_TEXT, offsetof(struct invoice, business_type), "business_type", BLUE_HEAD},
    [BLUE_ORDER] = {AS_TEXT, offsetof(struct invoice, order_no), "order_no", BLUE_HEAD},
    [BLUE_BUYER] = {AS_TEXT, offsetof(struct invoice, buyer.name), "buyer.name", BLUE_HEAD},
    [BLUE_TAX_NO] = {AS_TEXT, offsetof(struct invoice, buyer.tax_no), "buyer.tax_no", BLUE_HEAD},
    [BLUE_PERSON] = {AS_FLAG, offsetof(struct invoice, buyer_is_person), "buyer.is_person",
		     BLUE_HEAD},
    [BLUE_ADDRESS] = {AS_TEXT, offsetof(struct invoice, buyer.address), "buyer.address", BLUE_HEAD},
    [BLUE_PHONE] = {AS_TEXT, offsetof(struct invoice, buyer.phone), "buyer.phone", BLUE_HEAD},
    [BLUE_BANK] = {AS_TEXT, offsetof(struct invoice, buyer.bank), "buyer.bank", BLUE_HEAD},
    [BLUE_ACCOUNT] = {AS_TEXT, offsetof(struct invoice, buyer.account), "buyer.account", BLUE_HEAD},
    [BLUE_REMARK] = {AS_TEXT, offsetof(struct invoice, remark), "remark", BLUE_FOOT},
    [BLUE_DRAWER] = {AS_TEXT, offsetof(struct invoice, drawer), "drawer", BLUE_FOOT},
    [BLUE_PAYEE] = {AS_TEXT, offsetof(struct invoice, payee), "payee", BLUE_FOOT},
    [BLUE_REVIEWER] = {AS_TEXT, offsetof(struct invoice, reviewer), "reviewer", BLUE_FOOT},
    [BLUE_SHOW_BUYER] = {AS_FLAG, offsetof(struct invoice, show_buyer_bank), "show_buyer_bank",
			 BLUE_FOOT},
    [BLUE_SHOW_SELLER] = {AS_FLAG, offsetof(struct invoice, show_seller_bank), "show_seller_bank",
			  BLUE_FOOT},
};

enum blue_part blue_part_of(enum blue_field id)
{
	return FIELDS[id].part;
}

static void *member(const struct invoice *inv, enum blue_field id)
{
	return (char *)(uintptr_t)inv + FIELDS[id].offset;
}

void blue_field_read(struct invoice *inv, enum blue_field id, const char *text)
{
	char *trimmed;

	switch (FIELDS[id].as) {
	case AS_KIND:
		invoice_kind_parse(text, &inv->kind);
		break;
	case AS_MODE:
		inv->prices_include_tax = strcmp(text, blue_modes[1]) != 0;
		break;
	case AS_FLAG:
		*(bool *)member(inv, id) = *text != 0;
		break;
	case AS_TEXT:
		trimmed = text_trim(text);
		mem_set(member(inv, id), trimmed);
		free(trimmed);
	}
}

const char *blue_field_text(const struct invoice *inv, enum blue_field id)
{
	switch (FIELDS[id].as) {
	case AS_KIND:
		return invoice_kind_label(inv->kind);
	case AS_MODE:
		return blue_modes[inv->prices_include_tax ? 0 : 1];
	case AS_FLAG:
		return *(const bool *)member(inv, id) ? "1" : "";
	case AS_TEXT:
		break;
	}
	return *(char *const *)member(inv, id);
}

/* ---- places ---- */

static const struct {
	const char *member;
	enum blue_column column;
} MEMBERS[] = {
    {"name", BLUE_NAME},         {"tax_code", BLUE_NAME}, {"short_name", BLUE_NAME},
    {"goods", BLUE_NAME},        {"spec", BLUE_SPEC},     {"unit", BLUE_UNIT},
    {"quantity", BLUE_QUANTITY}, {"price", BLUE_PRICE},   {"amount", BLUE_AMOUNT},
    {"discount", BLUE_AMOUNT},   {"tax_rate", BLUE_RATE}, {"preference", BLUE_RATE},
};

static bool line_place(const char *path, struct blue_place *out)
{
	const char *rest;
	char *end;
	size_t i;

	if (strncmp(path, "lines", 5) != 0)
		return false;
	*out = (struct blue_place) {.part = BLUE_GRID, .column = BLUE_NAME};
	if (path[5] != '[')
		return true; /* the lines as a whole */
	out->line = (int)strtol(path + 6, &end, 10);
	rest = !strncmp(end, "].", 2) ? end + 2 : "";
	for (i = 0; i < sizeof(MEMBERS) / sizeof(MEMBERS[0]); i++) {
		size_t n = strlen(MEMBERS[i].member);

		if (!strncmp(rest, MEMBERS[i].member, n) && (!rest[n] || rest[n] == '.'))
			out->column = MEMBERS[i].column;
	}
	return true;
}

bool blue_place_of(const char *path, struct blue_place *out)
{
	int id;

	if (line_place(path, out))
		return true;
	for (id = 1; id < BLUE_FIELDS; id++) {
		if (strcmp(FIELDS[id].path, path) != 0)
			continue;
		*out = (struct blue_place) {.part = FIELDS[id].part, .field = id};
		return true;
	}
	/* Particulars of the buyer that have no field of their own. */
	if (strncmp(path, "buyer", 5) != 0)
		return false;
	*out = (struct blue_place) {.part = BLUE_HEAD, .field = BLUE_PERSON};
	return true;
}
