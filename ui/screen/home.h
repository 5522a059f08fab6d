/* ui/screen/home.h - what needs a person today, found out from the desk.
 *
 *   home.c        the view: items, menu, keys      home_items.c  what is there to do
 */
#ifndef KP_UI_SCREEN_HOME_H
#define KP_UI_SCREEN_HOME_H

#include "ui/screen/parts.h"

enum { HOME_ITEMS = 9, HOME_WORD = 32, HOME_TEXT = 240 };
struct home_item {
	enum face face;
	enum action action;         /* where it is dealt with */
	const char *invoices_state; /* with GO_INVOICES: the state to look for */
	bool unusable_goods;        /* with GO_GOODS: only those to be mended */
	bool red_waiting;           /* with GO_RED: the letters that wait for us */
	bool red_void;              /* with GO_RED: those that are void */
	int64_t batch;              /* with GO_BATCH: the one meant */
	char word[HOME_WORD], text[HOME_TEXT];
};
/* Fills up to HOME_ITEMS, the most urgent first; returns their number. */
int home_items(struct home_item out[HOME_ITEMS]);

#endif
