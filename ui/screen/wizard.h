/* ui/screen/wizard.h - 开票业务配置: from nothing to the first invoice.
 *
 *   wizard.c        the view: steps, keys                 wizard_unit.c    a unit being entered
 *   wizard_paint.c  how it looks                          wizard_fields.c  its fields
 *   wizard_sync.c   the first fetch, item by item     wizard_keep.c    what was typed, not saved
 *   wizard_verify.c saving, verifying, beginning
 */
#ifndef KP_UI_SCREEN_WIZARD_H
#define KP_UI_SCREEN_WIZARD_H

#include "ui/dialog_p.h"
#include "ui/screen/buttons.h"
#include "ui/screen/parts.h"
#include "ui/screens.h"

/* What the wizard begins with; NULL: where it was left. */
struct wizard_arg {
	bool fresh;        /* a using unit to be added */
	bool fresh_direct; /* a direct unit, and a using one under it */
	struct unit_ref
	    ref; /* a unit to be edited; tax_no NULL: none.  Texts live during the call */
};

enum wizard_step { STEP_DIRECT, STEP_USING, STEP_VERIFY, STEP_SYNC, STEPS };

/* ---- wizard_unit.c ---- */

enum unit_field { /* what was typed is kept by these numbers: new ones come behind */
		  UNIT_ENV = 1,
		  UNIT_NAME,
		  UNIT_TAX_NO,
		  UNIT_LEQI_ID,
		  UNIT_KEY,
		  UNIT_URL,
		  UNIT_CONNECT_TO,
		  UNIT_CA_FILE,
		  UNIT_PROXY,
		  UNIT_DIRECT,
		  UNIT_RELATION,
		  UNIT_REGION,
		  UNIT_ADDRESS,
		  UNIT_PHONE,
		  UNIT_BANK,
		  UNIT_ACCOUNT,
		  UNIT_TLS_NAME,
		  UNIT_PROJECT,
		  UNIT_FILING,
		  UNIT_ISSUE,
		  UNIT_COLLECT,
		  UNIT_HANDLER,
		  UNIT_GRANTED,
		  UNIT_ABILITY,                    /* the first tick, then one an ability */
		  UNIT_FIELDS = UNIT_ABILITY + 10, /* behind the last */
};

/* One unit as it is being entered. */
struct unit_card {
	bool direct, stored, verified;
	bool movable;                     /* what is stored may go to another environment */
	struct field fields[UNIT_FIELDS]; /* the table, with what is required now */
	struct form form;
	char tax_no[24], env[16]; /* as stored: what an edit refers to */
	char above[24];           /* number of the direct unit above, as stored */
	char key_words[48];       /* "已填写 ****abcd" */
	bool has_ca;              /* certificates are stored */
	char error[900];
	char *was[UNIT_FIELDS]; /* owned: values as stored, for what has changed */
};
void unit_card_init(struct unit_card *c, bool direct);
void unit_card_free(struct unit_card *c);
/* Takes over what is stored.  ERR_INVALID when there is no such unit. */
enum err unit_card_load(struct unit_card *c, const struct unit_ref *ref, struct err_info *e);
/* The stored unit once more, as it is now; the path of the certificates that was typed stays. */
enum err unit_card_again(struct unit_card *c, const struct unit_ref *ref, struct err_info *e);
/* The only or newest unit of the role, if there is one; a using one under `direct` when given. */
void unit_card_find(struct unit_card *c, const struct unit_card *direct);
/* The using unit the session works for; false: there is none. */
bool unit_card_current(struct unit_card *using);
/* The direct unit a new using one most likely belongs to: that of the unit the session works for,
 * else the only one there is; verified ones alone.  False: there is no direct unit at all. */
bool unit_card_find_above(struct unit_card *direct);
/* The direct unit a stored using one belongs to, where the card shows another one; what was typed
 * into that is kept. */
void unit_card_fit(struct unit_card *direct, const struct unit_card *using);
/* What other fields follow: the environment and the relation, before and after a key. */
struct unit_follow {
	int env, relation;
};
struct unit_follow unit_card_before(const struct unit_card *c);
/* The official address goes with the environment, the channels with the relation. */
void unit_card_follow(struct unit_card *c, struct unit_follow before);
/* Why the tick of the focused ability stays; NULL: it need not. */
const char *unit_card_locked(const struct unit_card *c);
/* How many using units could not issue for what was changed, until the unit is verified again. */
size_t unit_card_stops(const struct unit_card *c);
/* Stores it; false: a sentence stands on a field or in the message line. */
bool unit_card_save(struct unit_card *c);
struct unit_ref unit_card_ref(const struct unit_card *c);

/* ---- wizard_keep.c ---- */
/* Keeps what was typed (the key left out) for another day, when a field is left and, as the last
 * thing, on hangup; only then it waits for another writer. */
void unit_card_keep(const struct unit_card *c, bool last);
void unit_card_forget(const struct unit_card *c);
/* Gives back what was kept of this unit; true: there was something, not saved yet. */
bool unit_card_restore(struct unit_card *c);

/* ---- wizard_fields.c ---- */
extern const char *const unit_envs[], *const unit_relations[]; /* end with NULL */
extern const char *const unit_abilities[];                     /* labels of the ticks */
void unit_card_fields(struct unit_card *c);                    /* fills c->fields */

/* ---- wizard_sync.c ---- */

enum first_item {
	FIRST_TAXPAYER,
	FIRST_CODES,
	FIRST_QUOTA,
	FIRST_NUMBERS,
	FIRST_DOWNLOAD,
	FIRST_ITEMS
};
enum first_state { FIRST_WAITING, FIRST_RUNNING, FIRST_DONE, FIRST_FAILED, FIRST_SKIPPED };

struct first_fetch {
	struct errand errand[FIRST_ITEMS];
	enum first_state state[FIRST_ITEMS];
	char words[FIRST_ITEMS][300];
	struct form form; /* how many numbers, how much quota */
	bool running, complete;
};
void first_init(struct first_fetch *f);
void first_free(struct first_fetch *f);
/* Begins what is not done yet. */
void first_begin(struct first_fetch *f);
/* When the store has changed. */
void first_look(struct first_fetch *f);
void first_paint(struct first_fetch *f, struct rect r, bool focused);

/* ---- the view ---- */

enum { WIZARD_FORM = -1, WIZARD_BUTTONS = 4 };
enum { WIZARD_ASK_STOPS = 1, WIZARD_ASK_GOLIVE }; /* what is asked of view_ask */

struct wizard {
	struct view *view;
	enum wizard_step step, entry; /* where one is; where one came in, and goes back from */
	int button;                   /* WIZARD_FORM, or a button of the step */
	struct unit_card card[2];
	struct first_fetch first;
	bool first_ready, warned;
	bool then_verify; /* once what was asked about is saved */
	bool golive_seen; /* the month before go-live was looked at */
	char question[600], golive[MONTH_TEXT];
	struct errand errand; /* verification */
	char trouble[900];    /* the tax side's words under the form */
	struct wrap words, help;
	struct rect form, below, foot;
};

struct wizard_step_info {
	const char *name;
	struct button buttons[WIZARD_BUTTONS + 1];
};
extern const struct wizard_step_info wizard_steps[STEPS];
struct unit_card *wizard_card(struct wizard *w); /* of the step, or NULL */
struct form *wizard_form(struct wizard *w);      /* of the step, or NULL */
bool wizard_both_verified(const struct wizard *w);
void wizard_go(struct wizard *w, enum wizard_step step);
/* The words under the form; "" none. */
void wizard_trouble(struct wizard *w, const char *text);

/* ---- wizard_verify.c ---- */
/* The unit of the step.  Where others could not issue for it, it is asked first. */
void wizard_save(struct wizard *w);
/* Saves first, in the same way; the tax side's answer comes through wizard_verified. */
void wizard_verify(struct wizard *w);
/* The question was answered with yes. */
void wizard_saves_all_the_same(struct wizard *w);
void wizard_verified(struct wizard *w, enum err verdict, const struct err_info *e);
void wizard_first_sync(struct wizard *w);
/* Where the month before go-live has to be confirmed and has no record, offers to add one (features
 * J3, J4); then it is added. */
void wizard_offer_golive(struct wizard *w);
void wizard_add_golive(struct wizard *w);
/* Both units as they are stored; what is being typed stays. */
void wizard_read_states(struct wizard *w);

/* ---- wizard_paint.c ---- */
void wizard_layout(struct view *v);
void wizard_paint(struct view *v);

#endif
