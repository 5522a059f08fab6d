/* store_red_fixture.h - red letters for store tests: made up, put as the tax side's, applied
 * for. */
#ifndef KP_TESTS_STORE_RED_FIXTURE_H
#define KP_TESTS_STORE_RED_FIXTURE_H

#include "store_fixture.h"

static const char *const parties[] = {"甲公司", "乙贸易（上海）有限公司", "丙", "ＡＢＣ有限公司"};

/* ---- letters --------------------------------------------------------------------------------- */

static inline void uuid_of(int n, char out[33])
{
	snprintf(out, 33, "%032d", n);
}

/* A letter of the tax side: n makes it another one. */
static inline void letter_of(struct red_letter *l, int n, enum red_side entered_by,
			     enum red_state state)
{
	struct red_line *line;
	char text[40];

	red_letter_init(l);
	uuid_of(n, text);
	mem_set(&l->uuid, text);
	snprintf(text, sizeof(text), "2611%016d", n);
	mem_set(&l->number, text);
	l->entered_by = entered_by;
	l->state = state;
	l->valid = red_state_open(state);
	l->reason = RED_RETURN;
	mem_set(&l->seller_name, "测试有限公司");
	mem_set(&l->seller_tax_no, "91440300USING00001");
	mem_set(&l->buyer_name, parties[0]);
	mem_set(&l->buyer_tax_no, "91310115MA1TEST00B");
	mem_set(&l->blue_number, "26112000000000000001");
	mem_set(&l->blue_kind, "02");
	text_copy(l->blue_issued_at, DATETIME_TEXT, "2026-11-03 09:00:00");
	text_copy(l->entered_at, DATETIME_TEXT, "2026-11-19 12:00:00");
	l->blue_net_fen = 100000;
	l->blue_tax_fen = 13000;
	line = red_add_line(l);
	line->blue_row = 1;
	line->rate_ppm = 130000;
	line->has_quantity = true;
	line->quantity = (struct dec) {.coef = -2};
	line->price = (struct dec) {.coef = 100};
	line->net_fen = l->net_fen = -20000;
	line->tax_fen = l->tax_fen = -2600;
	mem_set(&line->name, "货物");
	mem_set(&line->tax_code, "1010101010000000000");
	l->declared_lines = 1;
}

static inline int64_t put(struct fixture *f, enum red_side side, struct red_letter *l,
			  enum red_put want)
{
	enum red_put what;
	int64_t id = 0;

	must(f, store_red_put(f->db, f->unit, side, l, &what, &id, &f->e));
	assert_int_equal(what, want);
	return id;
}

static inline int64_t apply(struct fixture *f, int n)
{
	struct red_record r = {.unit_id = f->unit, .side = RED_SELLER, .created_by = f->user};
	int64_t id;

	letter_of(&r.letter, n, RED_SELLER, RED_UNKNOWN);
	mem_set(&r.letter.number, "");
	mem_set(&r.letter.uuid, "");
	r.letter.entered_at[0] = '\0';
	must(f, store_red_insert(f->db, &r, &f->e));
	id = r.id;
	assert_int_equal(red_record_situation(&r), RED_ON_THE_WAY);
	red_record_free(&r);
	return id;
}

static inline void assert_tallies(struct fixture *f)
{
	for (int side = 0; side < 2; side++) {
		enum red_side s = (enum red_side)side;
		int64_t kept[RED_SITUATIONS], want[RED_SITUATIONS] = {0};
		struct rows *q;
		must(f, store_red_tallies(f->db, f->unit, &s, kept, &f->e));
		/* Asked of every letter, by the words of the rule. */
		must(f, db_query(f->db, &q, &f->e,
				 "SELECT progress, entered_by, state, issued, valid, action, making"
				 " FROM red_letter"
				 " WHERE unit_id = ? AND side = ?",
				 "li", f->unit, side));
		while (rows_next(q)) {
			bool known = !strcmp(rows_text(q, 0), "known");
			int64_t by = rows_int(q, 1), state = rows_int(q, 2);
			bool busy = *rows_text(q, 5) || rows_int(q, 6);
			if (!known)
				want[strcmp(rows_text(q, 0), "refused") ? RED_ON_THE_WAY
				     : rows_int(q, 4)                   ? RED_FAILED
									: RED_VOID]++;
			else if (rows_int(q, 3))
				want[RED_WAS_ISSUED]++;
			else if (state <= 4 && !rows_int(q, 4))
				want[RED_VOID]++;
			else if (busy && state <= 4)
				want[RED_ON_THE_WAY]++;
			else if (state == 2 || state == 3)
				want[by == side ? RED_FOR_THEM : RED_FOR_US]++;
			else if (state == 1 || state == 4)
				want[side == 0 ? RED_ISSUABLE : RED_THEY_ISSUE]++;
			else
				want[RED_VOID]++;
		}
		must(f, rows_end(&q, ERR_OK, &f->e));
		for (int i = 0; i < RED_SITUATIONS; i++)
			assert_int_equal(kept[i], want[i]);
	}
}

#endif
