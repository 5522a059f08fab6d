/* ui/screen/goods_form_p.h - what the files of the form of goods share. */
#ifndef KP_UI_SCREEN_GOODS_FORM_P_H
#define KP_UI_SCREEN_GOODS_FORM_P_H

#include "ui/screen/catalogue.h"
#include "ui/screen/entry.h"
#include "ui/screen/goods.h"

/* Those of texts are places of goods_fields and 1. */
enum goods_field_id {
	GOODS_NAME = 1,
	GOODS_CATEGORY,
	GOODS_MNEMONIC,
	GOODS_CODE,
	GOODS_SHORT,
	GOODS_SPEC,
	GOODS_UNIT,
	GOODS_PRICE,
	GOODS_PREFERENCE,
	GOODS_RATE,
	GOODS_INCLUSIVE,
	GOODS_FIELDS = GOODS_INCLUSIVE
};
enum { GOODS_RATES = 24, GOODS_RATE_TEXT = 16, GOODS_PREFERENCES = 24 };
enum goods_token { GOODS_ASK_CODE = 1, GOODS_ASK_PREFERENCE, GOODS_ASK_TWIN, GOODS_ASK_CHOICE };

struct goods_form {
	struct view *view;
	struct entry entry;
	struct field fields[GOODS_FIELDS + 1]; /* those of the table, with choices of their own */
	struct goods goods;                    /* as they were read */
	char was[2][600];                      /* name and specification they were read with */
	char rates[GOODS_RATES][GOODS_RATE_TEXT];
	const char *rate_choices[GOODS_RATES + 1], *preferences[GOODS_PREFERENCES + 2];
	int offered[GOODS_PREFERENCES + 1]; /* choices in the open chooser */
	char code[24];                      /* that the rates belong to */
	char usual[80];                     /* the rates of the code without a preference */
	char gone[GOODS_RATE_TEXT];         /* the rate that had to go: it may come back */
	char preference[8];
	struct code_hint hint; /* code "": none */
	int asking;            /* the field of the open list of choices */
	int64_t stored;
};

/* ---- goods_form.c ---- */
void goods_form_read(struct goods_form *s); /* the fields into s->goods */

/* ---- goods_form_code.c ---- */
extern const char GOODS_NO_PREFERENCE[];
const char *goods_check_code(const struct form *f, const struct field *fd, const char *text,
			     char *out);
void goods_fill_choices(struct goods_form *s);                 /* of the preferences */
const char *goods_preference_code(const struct goods_form *s); /* of the one chosen, "" none */
const char *goods_preference_name(const char *code);
/* After the code or the preference changed: 简称 and the rates that go with them; one that cannot be
 * any longer goes, with a note, and comes back when it can; the only one is chosen, else the only
 * usual one of the code. */
void goods_fit_code(struct goods_form *s);
void goods_ask_code(struct goods_form *s);
void goods_answer_code(struct goods_form *s, const void *result);
void goods_ask_preference(struct goods_form *s);
void goods_answer_preference(struct goods_form *s, int choice);
/* The choices of the focused field in a list. */
bool goods_ask_choice(struct goods_form *s);
void goods_answer_choice(struct goods_form *s, int choice);
void goods_rate_chosen(struct goods_form *s); /* in whatever way */
/* A code proposed for the name, while there is none: into the entry's note. */
void goods_look_hint(struct goods_form *s);
bool goods_take_hint(struct goods_form *s);

/* ---- goods_form_save.c ---- */
void goods_form_submit(struct goods_form *s);
void goods_form_answer(struct goods_form *s, int choice);

#endif
