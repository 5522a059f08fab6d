/* ui/screen/buyer_form_p.h - what the files of the buyer's form share. */
#ifndef KP_UI_SCREEN_BUYER_FORM_P_H
#define KP_UI_SCREEN_BUYER_FORM_P_H

#include "ui/screen/buyer_form.h"
#include "ui/screen/catalogue.h"
#include "ui/screen/entry.h"

/* Those of texts are places of buyer_fields and 1. */
enum buyer_field_id {
	BUYER_NAME = 1,
	BUYER_TAX_NO,
	BUYER_MNEMONIC,
	BUYER_ADDRESS,
	BUYER_PHONE,
	BUYER_BANK,
	BUYER_ACCOUNT,
	BUYER_EMAIL,
	BUYER_MOBILE,
	BUYER_PERSON
};
enum { BUYER_TWINS = 3 };

struct buyer_form {
	struct view *view;
	struct entry entry;
	struct buyer buyer; /* as it was read, with the addresses as they are now */
	char proposed[64];  /* 简码 made of the name, as long as nobody has changed it */
	bool replace;       /* that one has just got the focus: typing begins anew */
	char was[2][320];   /* name and tax number it was read with */
	int address;        /* the selected one of the list */
	int editing;        /* the one in the open dialog, -1 a new one */
	struct buyer twins[BUYER_TWINS]; /* of the open question */
	int twin_count;
	int64_t stored;
	char text[3000]; /* of the open question */
};

/* ---- buyer_form_fields.c ---- */
extern const struct field buyer_form_fields[], buyer_address_fields[];
void buyer_form_show(struct buyer_form *s); /* what the buyer has into the fields */
void buyer_form_read(struct buyer_form *s); /* and back */
/* The slot of the text of a field in an address, NULL when it is none of an address. */
char **buyer_address_text(struct buyer_address *a, int id);
/* Makes the further address the default one, which takes its place. */
void buyer_form_swap(struct buyer_form *s, int address);
void buyer_form_drop(struct buyer_form *s, int address);

/* ---- buyer_form_save.c ---- */
/* What a person should know of the name and tax number in the fields: into the entry's note. */
void buyer_form_look(struct buyer_form *s);
/* Checks, asks about duplicates, stores and closes the form. */
void buyer_form_submit(struct buyer_form *s, int ask_token);
void buyer_form_answer(struct buyer_form *s, int choice);
void buyer_form_free_twins(struct buyer_form *s);

#endif
