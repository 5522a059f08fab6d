/* red_apply_given_json.c - a blue invoice that is typed in, as JSON for the desk, and back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_apply_given_p.h"

enum { RATE_COLS = 12 };
#define TYPED "typed" /* the member only this form knows */

static const char *const KIND_WORDS[] = {"ordinary", "special"};

/* ---- the invoice as JSON ---- */

/* "13" is 13 % here: nobody has a rate of 1,300 %. */
static const char *rate_text(const char *cell, char out[RATE_COLS])
{
	char text[RATE_COLS + 2];
	int32_t ppm;
	char words[RATE_TEXT];

	snprintf(text, sizeof(text), "%.*s%%", RATE_COLS, cell);
	if (!rate_parse(cell, &ppm) && !rate_parse(text, &ppm))
		text_copy(out, RATE_COLS, cell);
	else
		text_copy(out, RATE_COLS, rate_format(ppm, words));
	return out;
}

/* Of a cell that need not be filled in. */
static bool amount_of(const struct grid_row *r, int column, int64_t *fen)
{
	return *r->cell[column - 1] && fen_parse(r->cell[column - 1], fen);
}

bool given_amounts(const struct grid_row *r, int64_t *net, int64_t *tax)
{
	struct dec quantity, price;
	char rate[RATE_COLS];
	int32_t ppm;

	if (!amount_of(r, GIVEN_COL_NET, net) &&
	    (!dec_parse(r->cell[GIVEN_COL_QUANTITY - 1], &quantity) ||
	     !dec_parse(r->cell[GIVEN_COL_PRICE - 1], &price) ||
	     !dec_mul_fen(quantity, price, net)))
		return false;
	return rate_parse(rate_text(r->cell[GIVEN_COL_RATE - 1], rate), &ppm) &&
	       fen_mul_ratio(*net, ppm, RATE_ONE, tax);
}

/* The tax of the face, as what it differs by from what is computed. */
static void put_tax(struct json_out *o, const struct grid_row *r)
{
	int64_t typed, net, tax;
	char text[FEN_TEXT];

	if (!amount_of(r, GIVEN_COL_TAX, &typed))
		json_put(o, given_keys[GIVEN_COL_TAX - 1], r->cell[GIVEN_COL_TAX - 1]);
	else if (given_amounts(r, &net, &tax) && typed != tax)
		json_put(o, given_keys[GIVEN_COL_TAX - 1], fen_format(typed - tax, text));
}

static void put_line(struct json_out *o, const struct grid_row *r)
{
	const char *code = r->cell[GIVEN_COL_CODE - 1];
	struct tax_code c;
	char rate[RATE_COLS];
	int i;

	json_open(o, NULL, '{');
	for (i = 0; i < GIVEN_COLS; i++) {
		if (!*r->cell[i])
			continue;
		if (i == GIVEN_COL_TAX - 1) {
			put_tax(o, r);
			continue;
		}
		json_put(o, given_keys[i],
			 i == GIVEN_COL_RATE - 1 ? rate_text(r->cell[i], rate) : r->cell[i]);
	}
	if (*code && !desk_taxcode_get(ui_session(), code, &c, NULL)) {
		json_put(o, "short_name", c.short_name);
		tax_code_free(&c);
	}
	json_close(o, '}');
}

static void put_party(struct json_out *o, const char *key, const char *name, const char *tax_no)
{
	json_open(o, key, '{');
	json_put(o, "name", name);
	json_put(o, "tax_no", tax_no);
	json_close(o, '}');
}

/* A day alone is its first second. */
static void put_date(struct json_out *o, const char *typed)
{
	struct date d;
	char text[DATETIME_TEXT];

	if (strlen(typed) <= GIVEN_DAY && date_parse(typed, &d))
		json_put(o, "issued_at",
			 datetime_text(date_unix((struct datetime) {.date = d}), text));
	else
		json_put(o, "issued_at", typed);
}

bool given_blank(const struct grid_row *r)
{
	int i;

	for (i = 0; i < GIVEN_COLS; i++) {
		if (*r->cell[i])
			return false;
	}
	return true;
}

/* As it was typed, for whoever comes back: check figures, a date without time, taxes, rates. */
static void put_typed(struct json_out *o, const struct given *g)
{
	int row;

	json_open(o, TYPED, '{');
	json_put(o, "issued_at", form_get(&g->head, GIVEN_DATE));
	json_put(o, "net", form_get(&g->head, GIVEN_NET));
	json_put(o, "tax", form_get(&g->head, GIVEN_TAX));
	json_open(o, "lines", '[');
	for (row = 0; row < g->grid.count; row++) {
		const struct grid_row *r = &g->grid.rows[row];

		if (given_blank(r))
			continue;
		json_open(o, NULL, '{');
		json_put(o, "rate", r->cell[GIVEN_COL_RATE - 1]);
		json_put(o, "tax", r->cell[GIVEN_COL_TAX - 1]);
		json_close(o, '}');
	}
	json_close(o, ']');
	json_close(o, '}');
}

char *given_plain(const char *text)
{
	cJSON *tree = NULL;
	char *out;

	if (json_parse(text, strlen(text), RED_GIVEN_MAX, &tree, NULL))
		return NULL;
	cJSON_DeleteItemFromObjectCaseSensitive(tree, TYPED);
	out = cJSON_PrintUnformatted(tree);
	json_free(&tree);
	return out;
}

char *given_write(const struct given *g)
{
	const struct form *f = &g->head;
	bool seller = g->wizard->side == RED_SELLER;
	const char *name = form_get(f, GIVEN_PARTY), *tax_no = form_get(f, GIVEN_TAX_NO);
	const struct ui_facts *u = ui_facts();
	struct json_out o;
	struct buf out;
	int row;

	buf_init(&out, RED_GIVEN_MAX);
	json_out_init(&o, &out, 0);
	json_open(&o, NULL, '{');
	json_put(&o, "number", form_get(f, GIVEN_NUMBER));
	json_put(&o, "code", form_get(f, GIVEN_CODE));
	json_put_bool(&o, "paper", form_flag(f, GIVEN_PAPER));
	put_date(&o, form_get(f, GIVEN_DATE));
	json_put(&o, "kind", KIND_WORDS[form_choice(f, GIVEN_KIND) == 1]);
	json_put_bool(&o, "prices_include_tax", false);
	put_party(&o, "seller", seller ? u->unit_name : name, seller ? u->unit_tax_no : tax_no);
	put_party(&o, "buyer", seller ? name : u->unit_name, seller ? tax_no : u->unit_tax_no);
	json_open(&o, "lines", '[');
	for (row = 0; row < g->grid.count; row++) {
		if (!given_blank(&g->grid.rows[row]))
			put_line(&o, &g->grid.rows[row]);
	}
	json_close(&o, ']');
	put_typed(&o, g);
	json_close(&o, '}');
	return buf_detach(&out);
}

/* ---- and back ---- */

static void read_lines(struct given *g, const cJSON *lines, const cJSON *typed)
{
	const cJSON *item;
	int row = 0, i;

	cJSON_ArrayForEach(item, lines)
	{
		const cJSON *words = cJSON_GetArrayItem(typed, row);

		for (i = 0; i < GIVEN_COL_RATE - 1; i++)
			grid_set(&g->grid, row, i + 1, json_member(item, given_keys[i]));
		grid_set(&g->grid, row, GIVEN_COL_RATE,
			 words ? json_member(words, "rate") : json_member(item, "tax_rate"));
		grid_set(&g->grid, row, GIVEN_COL_TAX, json_member(words, "tax"));
		row++;
	}
	if (row)
		given_computed(&g->grid, 0, row - 1);
}

void given_read(struct given *g, const char *text)
{
	const cJSON *party, *typed;
	cJSON *tree = NULL;
	struct form *f = &g->head;

	if (json_parse(text, strlen(text), RED_GIVEN_MAX, &tree, NULL))
		return;
	party = json_get(tree, g->wizard->side == RED_SELLER ? "buyer" : "seller");
	form_set(f, GIVEN_NUMBER, json_member(tree, "number"));
	form_set(f, GIVEN_CODE, json_member(tree, "code"));
	typed = json_get(tree, TYPED);
	form_set(f, GIVEN_DATE, json_member(typed ? typed : tree, "issued_at"));
	form_set(f, GIVEN_NET, json_member(typed, "net"));
	form_set(f, GIVEN_TAX, json_member(typed, "tax"));
	form_set(f, GIVEN_PARTY, json_member(party, "name"));
	form_set(f, GIVEN_TAX_NO, json_member(party, "tax_no"));
	form_set(f, GIVEN_KIND, given_kinds[!strcmp(json_member(tree, "kind"), KIND_WORDS[1])]);
	if (cJSON_IsTrue(json_get(tree, "paper")))
		form_set(f, GIVEN_PAPER, "1");
	read_lines(g, json_get(tree, "lines"), json_get(typed, "lines"));
	json_free(&tree);
}

enum err apply_given_read(const struct apply *s, struct red_given_blue *out, struct err_info *e)
{
	char *plain = s->given_file ? NULL : given_plain(s->given);
	const char *text = plain ? plain : s->given;
	enum err r = red_given_read(text, strlen(text), out, e);

	free(plain);
	return r;
}
