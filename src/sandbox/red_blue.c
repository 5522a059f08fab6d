/* sandbox/red_blue.c - blue invoices as red letters see them: lines net of discounts, what others
 * did with them, how far they are reversed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sandbox/red.h"

static const char *const use_keys[USE_N] = {
    [USE_FPZT] = "fpzt",       [USE_YCPZZT] = "ycpzzt", [USE_FPYT] = "fpyt",
    [USE_RZZT] = "rzzt",       [USE_XFSYT] = "xfsyt",   [USE_ZZSYHYT] = "zzsyhyt",
    [USE_REST] = "undeducted", [USE_HZSDBS] = "hzsdbs", [USE_REFUSED] = "refused",
    [USE_SWAPPED] = "swapped",
};

const char *blue_use_key(enum blue_use use)
{
	return use_keys[use];
}

const char *blue_text(const struct blue *b, const char *key)
{
	const char *s = json_member(b->json, key);
	return !s[0] && !strcmp(key, "xsfmc") ? b->seller_name : s;
}

/* ---- where it stands ---- */

/* Uploaded here, or put there as another channel's. */
static bool find_uploaded(struct sb *sb, enum env env, struct blue *b)
{
	sqlite3_stmt *q = db_query(sb,
				   "SELECT at, sllsh<>'', body, tax_no FROM invoice"
				   " WHERE env=?1 AND fphm=?2",
				   "it", (int64_t)env, b->fphm);
	struct unit u;
	char tax_no[32] = "";
	if (b->fpdm[0] || !db_next(sb, q))
		return false;
	b->at = db_int(q, 0);
	b->uploaded = db_int(q, 1) != 0;
	text_copy(tax_no, sizeof(tax_no), db_text(q, 3));
	json_parse(db_text(q, 2), strlen(db_text(q, 2)), SB_BODY_MAX, &b->json, NULL);
	sqlite3_reset(q);
	if (unit_by(sb, U_TAX_NO, tax_no, &u))
		text_copy(b->seller_name, sizeof(b->seller_name), u.v[U_NAME]);
	return b->json != NULL;
}

static bool find_told(struct sb *sb, enum env env, struct blue *b)
{
	sqlite3_stmt *q = db_query(sb,
				   "SELECT at, paper, body FROM red_blue"
				   " WHERE env=?1 AND fpdm=?2 AND fphm=?3",
				   "itt", (int64_t)env, b->fpdm, b->fphm);
	if (!db_next(sb, q))
		return false;
	b->at = db_int(q, 0);
	b->paper = db_int(q, 1) != 0;
	json_parse(db_text(q, 2), strlen(db_text(q, 2)), SB_BODY_MAX, &b->json, NULL);
	sqlite3_reset(q);
	return b->json != NULL;
}

/* ---- lines ---- */

static void read_number(const cJSON *json, const char *key, mpq_t out)
{
	if (!num_parse(json_member(json, key), 25, 24, out))
		mpq_set_ui(out, 0, 1);
}

static void read_blue_line(struct blue_line *l, const cJSON *json)
{
	l->json = json;
	mpq_inits(l->je, l->se, l->sl, l->dj, l->red_je, l->red_se, l->red_sl, NULL);
	read_number(json, "je", l->je);
	read_number(json, "se", l->se);
	l->has_sl = json_member(json, "sl")[0] && json_member(json, "dj")[0];
	if (l->has_sl) {
		read_number(json, "sl", l->sl);
		read_number(json, "dj", l->dj);
	}
}

static void read_lines(struct blue *b)
{
	const cJSON *each, *list = json_get(b->json, "fpmxList");
	size_t n = 0;
	cJSON_ArrayForEach(each, list)
	{
		n++;
	}
	b->lines = mem_zalloc((n + 1) * sizeof(b->lines[0]));
	cJSON_ArrayForEach(each, list)
	{
		struct blue_line *l = &b->lines[b->n++];
		read_blue_line(l, each);
		l->gone = !strcmp(json_member(each, "fphxz"), "01") && b->n > 1;
		if (l->gone) {
			mpq_add(l[-1].je, l[-1].je, l->je);
			mpq_add(l[-1].se, l[-1].se, l->se);
			l[-1].discounted = true;
		}
	}
}

/* ---- what happened to it ---- */

static void read_use(struct sb *sb, enum env env, struct blue *b)
{
	sqlite3_stmt *q =
	    db_query(sb, "SELECT use, value FROM red_use WHERE env=?1 AND fpdm=?2 AND fphm=?3",
		     "itt", (int64_t)env, b->fpdm, b->fphm);
	while (db_next(sb, q)) {
		for (int i = 0; i < USE_N; i++) {
			if (!strcmp(use_keys[i], db_text(q, 0)))
				text_copy(b->use[i], sizeof(b->use[i]), db_text(q, 1));
		}
	}
}

static void add_fen(mpq_t sum, int64_t fen)
{
	mpq_t v;
	mpq_init(v);
	mpq_set_si(v, fen, 100);
	mpq_canonicalize(v);
	mpq_add(sum, sum, v);
	mpq_clear(v);
}

static void read_reds(struct sb *sb, enum env env, struct blue *b)
{
	sqlite3_stmt *q = db_query(sb,
				   "SELECT l.lzmxxh, l.je, l.se, l.sl, f.issued_at FROM red_form f"
				   " JOIN red_line l ON l.form=f.id"
				   " WHERE f.env=?1 AND f.fpdm=?2 AND f.fphm=?3 AND f.issued='Y'",
				   "itt", (int64_t)env, b->fpdm, b->fphm);
	mpq_t sl;
	mpq_init(sl);
	while (db_next(sb, q)) {
		int64_t row = db_int(q, 0);
		b->red_je -= db_int(q, 1);
		b->red_se -= db_int(q, 2);
		b->last_red = db_int(q, 4) > b->last_red ? db_int(q, 4) : b->last_red;
		if (row < 1 || row > (int64_t)b->n)
			continue;
		struct blue_line *l = &b->lines[row - 1];
		add_fen(l->red_je, -db_int(q, 1));
		add_fen(l->red_se, -db_int(q, 2));
		if (num_parse(db_text(q, 3), 25, 24, sl))
			mpq_sub(l->red_sl, l->red_sl, sl);
	}
	mpq_clear(sl);
}

static void settle_state(struct blue *b)
{
	int64_t hjje = 0, hjse = 0;
	money_parse(blue_text(b, "hjje"), &hjje);
	money_parse(blue_text(b, "hjse"), &hjse);
	const char *state = b->red_je <= 0                           ? "0"
			    : b->red_je >= hjje && b->red_se >= hjse ? "8"
								     : "7";
	text_copy(b->fpzt, sizeof(b->fpzt), b->use[USE_FPZT][0] ? b->use[USE_FPZT] : state);
}

bool blue_load(struct sb *sb, enum env env, const char *fpdm, const char *fphm, struct blue *b)
{
	memset(b, 0, sizeof(*b));
	if (!text_copy(b->fpdm, sizeof(b->fpdm), fpdm) ||
	    !text_copy(b->fphm, sizeof(b->fphm), fphm) || !fphm[0])
		return false;
	if (!find_uploaded(sb, env, b) && !find_told(sb, env, b))
		return false;
	read_lines(b);
	read_use(sb, env, b);
	read_reds(sb, env, b);
	settle_state(b);
	return true;
}

void blue_free(struct blue *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct blue_line *l = &b->lines[i];
		mpq_clears(l->je, l->se, l->sl, l->dj, l->red_je, l->red_se, l->red_sl, NULL);
	}
	free(b->lines);
	json_free(&b->json);
	b->lines = NULL;
	b->n = 0;
}

bool blue_unused(const struct blue *b)
{
	const char *use = b->use[USE_FPYT];
	return (!use[0] || !strcmp(use, "0")) && strcmp(b->use[USE_RZZT], "02") != 0 &&
	       strcmp(b->use[USE_XFSYT], "01") != 0;
}

bool blue_running(struct sb *sb, enum env env, const struct blue *b)
{
	return db_value(sb, 0,
			"SELECT 1 FROM red_form WHERE env=?1 AND fpdm=?2 AND fphm=?3"
			" AND issued='N' AND state<='04' LIMIT 1",
			"itt", (int64_t)env, b->fpdm, b->fphm) != 0;
}

void blue_mark(struct sb *sb, enum env env, const char *fpdm, const char *fphm, enum blue_use use,
	       const char *value)
{
	db_run(sb, "INSERT OR REPLACE INTO red_use VALUES(?1, ?2, ?3, ?4, ?5)", "itttt",
	       (int64_t)env, fpdm, fphm, use_keys[use], value);
}
