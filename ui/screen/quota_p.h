/* ui/screen/quota_p.h - the screen of the quota and the dialogs over it. */
#ifndef KP_UI_SCREEN_QUOTA_P_H
#define KP_UI_SCREEN_QUOTA_P_H

#include "ui/screen/listing.h"

enum quota_token { QUOTA_DOWNLOAD = 1, QUOTA_RETURN, QUOTA_ADJUST, QUOTA_AUTO, QUOTA_YUAN };
enum { QUOTA_NOTE = 300 };

struct quota {
	struct listing frame;
	struct errand errand;
	struct figures figures;
	struct quota_month month, before; /* before: when the figures were asked for */
	struct quota_auto automatic;
	bool known;
	bool refresh; /* figures are asked for after a move (protocol 7.3) */
	bool rest;    /* the yuan that was downloaded goes back (features N65) */
	bool compare; /* say whether a sync has changed anything (features G36) */
	char note[QUOTA_NOTE];
};

/* ---- quota_ask.c ---- */
/* Opens the dialog of an action; false: not one of ours. */
bool quota_ask(struct view *v, enum action a);
/* A dialog was filled in. */
void quota_answer(struct view *v, int token, bool ok, const void *result);
bool quota_sync(struct quota *s);
/* The errand has come to rest. */
void quota_errand_end(struct quota *s, enum err verdict, const struct err_info *e);

#endif
