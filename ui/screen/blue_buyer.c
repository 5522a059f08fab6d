/* blue_buyer.c - the buyer of the blue form: completion, picker, taking all particulars. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"

/* A candidate leaves room for what tells it from others of its name. */
enum { BUYERS_SHOWN = 8, PICKED_MAX = 64, CANDIDATE_COLS = 40 };

void blue_candidate(struct candidate *c, const char *label, const char *detail)
{
	size_t used, n = text_fit(label, CANDIDATE_COLS, &used);

	snprintf(c->label, sizeof(c->label), "%.*s%s", (int)n, label, label[n] ? "~" : "");
	text_copy(c->detail, sizeof(c->detail), detail);
}

int blue_complete_buyer(const struct form *f, const struct field *fd, const char *text,
			struct candidate *out, int max)
{
	struct buyer found[BUYERS_SHOWN];
	int n = 0, i;

	(void)f;
	(void)fd;
	if (!*text || desk_buyer_match(ui_session(), text, max < BUYERS_SHOWN ? max : BUYERS_SHOWN,
				       found, &n, NULL))
		return 0;
	for (i = 0; i < n; i++) {
		out[i] = (struct candidate) {.id = found[i].id};
		blue_candidate(&out[i], found[i].party.name, found[i].party.tax_no);
		buyer_free(&found[i]);
	}
	return n;
}

static void fill_buyer(struct blue *b, const struct buyer *u)
{
	blue_set(b, BLUE_BUYER, u->party.name);
	blue_set(b, BLUE_TAX_NO, u->party.tax_no);
	blue_set(b, BLUE_PERSON, u->is_person ? "1" : "");
	blue_set(b, BLUE_ADDRESS, u->party.address);
	blue_set(b, BLUE_PHONE, u->party.phone);
	blue_set(b, BLUE_BANK, u->party.bank);
	blue_set(b, BLUE_ACCOUNT, u->party.account);
	b->changed = true;
	/* The buyer is complete: the next thing to type is a line. */
	blue_focus(b, BLUE_GRID);
}

void blue_take_buyer(struct blue *b, int64_t id)
{
	struct err_info e = {0};
	struct buyer u;

	if (desk_buyer_get(ui_session(), id, &u, &e)) {
		ui_error(&e);
		return;
	}
	fill_buyer(b, &u);
	buyer_free(&u);
}

static enum err pick_buyers(void *arg, const char *text, const char *parent, const char *cursor,
			    int max, struct pick_row *rows, int *count, char next[40],
			    struct err_info *e)
{
	struct buyer found[PICKED_MAX];
	int n = 0, i;
	enum err r;

	(void)arg;
	(void)parent;
	(void)cursor;
	next[0] = 0;
	*count = 0;
	if ((r = desk_buyer_match(ui_session(), text, max < PICKED_MAX ? max : PICKED_MAX, found,
				  &n, e)))
		return r;
	for (i = 0; i < n; i++) {
		rows[i] = (struct pick_row) {.branch = false};
		snprintf(rows[i].key, sizeof(rows[i].key), "%lld", (long long)found[i].id);
		text_copy(rows[i].label, sizeof(rows[i].label), found[i].party.name);
		text_copy(rows[i].detail, sizeof(rows[i].detail), found[i].party.tax_no);
		buyer_free(&found[i]);
	}
	*count = n;
	return ERR_OK;
}

void blue_ask_buyer(struct blue *b)
{
	struct pick_arg a = {.title = "开过票的购方", .text = "", .source = pick_buyers, .arg = b};

	view_ask(b->view, BLUE_ASK_BUYER, &view_pick_ops, &a);
}

void blue_answer_buyer(struct blue *b, const void *result)
{
	const struct picked *p = result;

	blue_take_buyer(b, strtoll(p->key, NULL, 10));
}
