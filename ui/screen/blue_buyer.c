/* blue_buyer.c - the buyer of the blue form: completion, picker, taking all particulars. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"
#include "ui/screen/buyer_form.h"
#include "ui/screen/catalogue.h"

/* A candidate leaves room for what tells it from others of its name. */
enum { BUYERS_SHOWN = 8, PICKED_MAX = 64, CANDIDATE_COLS = 40 };
enum { OWNER_COLS = 22 };
enum { ADDRESSES_SHOWN = 30, ADDRESS_WORDS = 500 };

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

static void fill_address(struct blue *b, const char *address, const char *phone, const char *bank,
			 const char *account)
{
	blue_set(b, BLUE_ADDRESS, address);
	blue_set(b, BLUE_PHONE, phone);
	blue_set(b, BLUE_BANK, bank);
	blue_set(b, BLUE_ACCOUNT, account);
	b->changed = true;
}

static void fill_buyer(struct blue *b, const struct buyer *u)
{
	blue_set(b, BLUE_BUYER, u->party.name);
	blue_set(b, BLUE_TAX_NO, u->party.tax_no);
	blue_set(b, BLUE_PERSON, u->is_person ? "1" : "");
	fill_address(b, u->party.address, u->party.phone, u->party.bank, u->party.account);
	b->strange = false;
	blue_look_owner(b);
	/* The buyer is complete: the next thing to type is a line. */
	blue_focus(b, BLUE_GRID);
}

/* ---- one of several addresses ---- */

static void ask_address(struct blue *b, const struct buyer *u)
{
	const char *lines[ADDRESSES_SHOWN + 2] = {NULL};
	char(*words)[ADDRESS_WORDS] = mem_zalloc((ADDRESSES_SHOWN + 1) * sizeof(*words));
	const struct buyer_address first = {.address = u->party.address,
					    .phone = u->party.phone,
					    .bank = u->party.bank,
					    .account = u->party.account};
	size_t i, n = u->more_count < ADDRESSES_SHOWN ? u->more_count : ADDRESSES_SHOWN;
	char text[ADDRESS_WORDS - 16];

	snprintf(words[0], ADDRESS_WORDS, "默认  %s",
		 screen_address_words(&first, text, sizeof(text)));
	for (i = 0; i < n; i++)
		snprintf(words[i + 1], ADDRESS_WORDS, "      %s",
			 screen_address_words(&u->more[i], text, sizeof(text)));
	for (i = 0; i <= n; i++)
		lines[i] = words[i];
	b->addresses_of = u->id;
	view_ask(b->view, BLUE_ASK_ADDRESS, &view_choose_ops,
		 &(struct choose_arg) {.title = "用哪个地址", .lines = lines});
	free(words);
}

void blue_answer_address(struct blue *b, const void *result)
{
	int chosen = *(const int *)result - 1;
	struct err_info e = {0};
	struct buyer u;

	if (chosen < 0)
		return;
	if (desk_buyer_get(ui_session(), b->addresses_of, &u, &e)) {
		ui_error(&e);
		return;
	}
	/* Another connection may have taken it away since it was shown. */
	if ((size_t)chosen < u.more_count)
		fill_address(b, u.more[chosen].address, u.more[chosen].phone, u.more[chosen].bank,
			     u.more[chosen].account);
	buyer_free(&u);
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
	if (u.more_count)
		ask_address(b, &u);
	buyer_free(&u);
}

void blue_open_for(int64_t buyer)
{
	if (view_push(&view_blue_ops, NULL))
		blue_take_buyer(view_top()->state, buyer);
}

/* ---- one that is not known ---- */

static struct buyer typed_buyer(const struct blue *b)
{
	const struct form *f = &b->head;

	/* Lent. */
	return (struct buyer) {
	    .party = {.name = (char *)(uintptr_t)form_get(f, BLUE_BUYER),
		      .tax_no = (char *)(uintptr_t)form_get(f, BLUE_TAX_NO),
		      .address = (char *)(uintptr_t)form_get(f, BLUE_ADDRESS),
		      .phone = (char *)(uintptr_t)form_get(f, BLUE_PHONE),
		      .bank = (char *)(uintptr_t)form_get(f, BLUE_BANK),
		      .account = (char *)(uintptr_t)form_get(f, BLUE_ACCOUNT)},
	    .is_person = form_flag(f, BLUE_PERSON),
	};
}

void blue_look_owner(struct blue *b)
{
	struct buyer like = typed_buyer(b);

	/* A hint only: with nobody to ask there is none. */
	if (!ui_session() || desk_buyer_owner(ui_session(), &like, b->owner, NULL))
		*b->owner = 0;
	b->head.doubted = *b->owner ? BLUE_TAX_NO : 0;
}

const char *blue_owner_words(const struct blue *b, char *out, size_t size)
{
	int focused = form_focused(&b->head);
	size_t used, n = text_fit(b->owner, OWNER_COLS, &used);

	if (!*b->owner || b->part != BLUE_HEAD ||
	    (focused != BLUE_TAX_NO && focused != BLUE_BUYER && focused != BLUE_PERSON))
		return NULL;
	snprintf(out, size, "这是“%.*s%s”的税号，请核对；改名的请到购方信息改。", (int)n, b->owner,
		 b->owner[n] ? "~" : "");
	return out;
}

void blue_look_buyer(struct blue *b)
{
	struct buyer like = typed_buyer(b), other;
	int n = 0;

	blue_look_owner(b);
	b->strange = false;
	if (!*like.party.name || desk_allow(ui_session(), DESK_CATALOGUE, NULL) ||
	    desk_buyer_twins(ui_session(), &like, &other, 1, &n, NULL))
		return;
	b->strange = !n;
	if (n)
		buyer_free(&other);
}

void blue_ask_keep(struct blue *b)
{
	struct buyer like = typed_buyer(b);
	struct buyer_form_arg a = {.with = &like};

	view_ask(b->view, BLUE_ASK_KEEP, &view_buyer_form_ops, &a);
}

/* ---- choosing ---- */

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
	struct pick_arg a = {.title = "购方", .text = "", .source = pick_buyers, .arg = b};

	view_ask(b->view, BLUE_ASK_BUYER, &view_pick_ops, &a);
}

void blue_answer_buyer(struct blue *b, const void *result)
{
	const struct picked *p = result;

	blue_take_buyer(b, strtoll(p->key, NULL, 10));
}
