/* buyer_form_fields.c - the fields of a buyer and of an address, and what a buyer has in them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/buyer_form_p.h"

static const char *check_tax_no(const struct form *f, const struct field *fd, const char *text,
				char *out)
{
	(void)f;
	(void)fd;
	return screen_tax_no_fault(text, out);
}

const struct field buyer_form_fields[] = {
    {.id = BUYER_NAME,
     .kind = FIELD_TEXT,
     .label = "名称",
     .col = 8,
     .width = 62,
     .wide_width = 94,
     .max_chars = 300,
     .required = true,
     .help = "购方的全称，与营业执照或身份证件一致。"},
    {.id = BUYER_TAX_NO,
     .kind = FIELD_DIGITS,
     .label = "税号",
     .row = 1,
     .col = 8,
     .width = 20,
     .max_chars = 20,
     .check = check_tax_no,
     .help = "统一社会信用代码或纳税人识别号，15 至 20 位；自然人可以不填。"},
    {.id = BUYER_PERSON,
     .kind = FIELD_FLAG,
     .label = "自然人",
     .row = 1,
     .col = 39,
     .width = 1,
     .help = "购方是个人时用空格打勾，票面名称后加（个人）。"},
    {.id = BUYER_MNEMONIC,
     .kind = FIELD_TEXT,
     .label = "简码",
     .row = 1,
     .col = 50,
     .width = 20,
     .max_chars = 50,
     .help = "便于查找的短码，按名称的拼音首字母建议，可以改。"},
    {.id = BUYER_ADDRESS,
     .kind = FIELD_TEXT,
     .label = "地址",
     .row = 2,
     .col = 8,
     .width = 62,
     .wide_width = 94,
     .max_chars = 300,
     .help = "印在发票上的地址，可不填。这一栏到手机是默认地址的，F6 再加一个。"},
    {.id = BUYER_PHONE,
     .kind = FIELD_TEXT,
     .label = "电话",
     .row = 3,
     .col = 8,
     .width = 20,
     .max_chars = 60,
     .help = "印在发票上的电话，可不填。"},
    {.id = BUYER_BANK,
     .kind = FIELD_TEXT,
     .label = "开户行",
     .row = 3,
     .col = 39,
     .width = 31,
     .wide_width = 63,
     .max_chars = 120,
     .help = "开户银行的全称，可不填。"},
    {.id = BUYER_ACCOUNT,
     .kind = FIELD_DIGITS,
     .label = "账号",
     .row = 4,
     .col = 8,
     .width = 24,
     .max_chars = 50,
     .help = "银行账号，可不填。"},
    {.id = BUYER_EMAIL,
     .kind = FIELD_DIGITS,
     .label = "邮箱",
     .row = 4,
     .col = 41,
     .width = 29,
     .wide_width = 61,
     .max_chars = 72,
     .help = "交付发票的邮箱，可不填。"},
    {.id = BUYER_MOBILE,
     .kind = FIELD_DIGITS,
     .label = "手机",
     .row = 5,
     .col = 8,
     .width = 20,
     .max_chars = 20,
     .help = "交付发票的手机号，可不填。"},
    {.id = 0},
};

const struct field buyer_address_fields[] = {
    {.id = BUYER_ADDRESS,
     .kind = FIELD_TEXT,
     .label = "地址",
     .col = 8,
     .width = 56,
     .max_chars = 300,
     .help = "印在发票上的地址。"},
    {.id = BUYER_PHONE,
     .kind = FIELD_TEXT,
     .label = "电话",
     .row = 1,
     .col = 8,
     .width = 24,
     .max_chars = 60,
     .help = "印在发票上的电话。"},
    {.id = BUYER_BANK,
     .kind = FIELD_TEXT,
     .label = "开户行",
     .row = 2,
     .col = 8,
     .width = 56,
     .max_chars = 120,
     .help = "开户银行的全称。"},
    {.id = BUYER_ACCOUNT,
     .kind = FIELD_DIGITS,
     .label = "账号",
     .row = 3,
     .col = 8,
     .width = 30,
     .max_chars = 50,
     .help = "银行账号。"},
    {.id = BUYER_EMAIL,
     .kind = FIELD_DIGITS,
     .label = "邮箱",
     .row = 4,
     .col = 8,
     .width = 40,
     .max_chars = 72,
     .help = "交付发票的邮箱。"},
    {.id = BUYER_MOBILE,
     .kind = FIELD_DIGITS,
     .label = "手机",
     .row = 5,
     .col = 8,
     .width = 20,
     .max_chars = 20,
     .help = "交付发票的手机号。"},
    {.id = 0},
};

/* ---- the buyer ---- */

static char **buyer_text(struct buyer *b, int id)
{
	return (char **)(void *)((char *)b + buyer_fields[id - 1].offset);
}

char **buyer_address_text(struct buyer_address *a, int id)
{
	size_t at = buyer_fields[id - 1].in_address;

	return at == FIELD_NOWHERE ? NULL : (char **)(void *)((char *)a + at);
}

void buyer_form_show(struct buyer_form *s)
{
	int id;

	for (id = BUYER_NAME; id <= BUYER_MOBILE; id++)
		form_set(&s->entry.form, id, catalogue_text(&s->buyer, &buyer_fields[id - 1]));
	form_set(&s->entry.form, BUYER_PERSON, s->buyer.is_person ? "1" : "");
}

void buyer_form_read(struct buyer_form *s)
{
	int id;

	for (id = BUYER_NAME; id <= BUYER_MOBILE; id++) {
		char *text = text_trim(form_get(&s->entry.form, id)), capitals[64];

		if (id == BUYER_TAX_NO)
			mem_set(buyer_text(&s->buyer, id),
				screen_capitals(text, capitals, sizeof(capitals)));
		else
			mem_set(buyer_text(&s->buyer, id), text);
		free(text);
	}
	s->buyer.is_person = form_flag(&s->entry.form, BUYER_PERSON);
}

/* ---- addresses ---- */

void buyer_form_swap(struct buyer_form *s, int address)
{
	int id;

	for (id = BUYER_NAME; id <= BUYER_MOBILE; id++) {
		char **slot = buyer_address_text(&s->buyer.more[address], id);
		char *text;

		if (!slot)
			continue;
		text = *slot;
		*slot = mem_strdup(form_get(&s->entry.form, id));
		form_set(&s->entry.form, id, text);
		free(text);
	}
}

void buyer_form_drop(struct buyer_form *s, int address)
{
	struct buyer_address *a = &s->buyer.more[address];
	size_t behind = s->buyer.more_count - (size_t)address - 1;
	int id;

	for (id = BUYER_NAME; id <= BUYER_MOBILE; id++) {
		char **slot = buyer_address_text(a, id);

		if (slot)
			free(*slot);
	}
	memmove(a, a + 1, behind * sizeof(*a));
	s->buyer.more_count--;
}
