/* The search index: nothing that matches is left out, newest first, however it was written. */
#include "unit/store_fixture.h"
#include "base/match.h"
#include "base/pinyin.h"
#include "store/find_node_p.h"

enum { ROWS = 4000, TEXT = 3072, CODES = 3, QUERIES = 3000 };

struct row {
	char name[TEXT], codes[CODES][40];
};
static struct row rows[ROWS + 1]; /* by document */

/* ---- texts ----------------------------------------------------------------------------------- */

/* Polyphones, company words, letters, digits, what is passed over, what has no reading. */
static const char *const pieces[] = {
    "重", "长", "乐", "行", "单",    "曾", "厦", "解",   "区",       "翟",   "仇",   "华",   "建",
    "深", "圳", "市", "科", "技",    "有", "限", "公",   "司",       "安",   "额",   "儿",   "吕",
    "女", "绿", "西", "先", "广",    "州", "𠀀", "〇",   "有限公司", "集团", "科技", "贸易", "上海",
    "A",  "b",  "Ｃ", "zh", "Apple", "4",  "７", "α",    "ク",       "ü",    "é",    " ",    "（",
    "）", "-",  "·",  "、", "(",     ")",  "&",  "重庆", "银行",     "长安", "\n",   "　",   "'",
};
static const char *const code_pieces[] = {"9144", "0300", "MA5", "X", "0755-", "2699", "1",
					  "zh",   "SZ",   "華",  " ", "-",     "Ａ",   "8"};

static void append(char *out, size_t size, const char *s)
{
	size_t n = strlen(out);

	if (n + strlen(s) < size)
		memcpy(out + n, s, strlen(s) + 1);
}

static void make_row(struct row *r)
{
	memset(r, 0, sizeof(*r));
	for (uint32_t i = 0, n = pick(12); i < n; i++)
		append(r->name, TEXT, pieces[pick(sizeof(pieces) / sizeof(*pieces))]);
	if (!pick(200)) { /* more terms than are kept */
		for (int i = 0; i < 900; i++) {
			char one[5] = "";

			text_put(0x4E00 + pick(0x5000), one);
			append(r->name, TEXT, one);
		}
	}
	for (int c = 0; c < CODES; c++)
		for (uint32_t i = 0, n = pick(6); i < n; i++)
			append(r->codes[c], sizeof(r->codes[c]),
			       code_pieces[pick(sizeof(code_pieces) / sizeof(*code_pieces))]);
}

static struct find_text text_of(const struct row *r)
{
	static const unsigned char fields[CODES] = {FIND_NUMBER, FIND_MNEMONIC, FIND_OTHER};

	return (struct find_text) {.name = r->name,
				   .codes = {r->codes[0], r->codes[1], r->codes[2]},
				   .count = CODES,
				   .fields = fields};
}

/* Some characters of a text, each as it is, as an initial or as a reading. */
static void part_of(const char *text, char *out, size_t size)
{
	uint32_t skip = pick(1 + (uint32_t)text_chars(text)), n = 1 + pick(8), way = pick(4);
	const uint16_t *readings;

	while (skip-- && *text)
		pinyin_next(&text);
	for (; n-- && *text;) {
		const char *from = text;
		uint32_t cp = pinyin_next(&text);
		size_t count = pinyin_readings(cp, &readings);
		char one[8] = "";

		memcpy(one, from, (size_t)(text - from));
		if (count && way && !(way == 3 && pick(3) == 0)) {
			text_copy(one, sizeof(one),
				  pinyin_syllable(readings[pick((uint32_t)count)]));
			if (way == 1 || (way == 3 && pick(2)))
				one[1] = '\0';
			else if (!n && pick(2))
				one[1 + pick((uint32_t)strlen(one))] = '\0';
		} else if (way && pinyin_passed_over(cp) && pick(2)) {
			continue;
		}
		append(out, size, *one == '\n' ? " " : one);
	}
}

static void make_query(char *out, size_t size)
{
	const struct row *r = &rows[1 + pick(ROWS)];
	uint32_t words = 1 + (pick(4) == 0);

	*out = '\0';
	for (; words--; append(out, size, words ? " " : "")) {
		uint32_t way = pick(10);

		if (way < 6)
			part_of(r->name, out, size);
		else if (way < 8)
			part_of(r->codes[pick(CODES)], out, size);
		else
			for (uint32_t n = 1 + pick(3); n--;)
				append(out, size, (const char[]) {(char)('a' + pick(26)), '\0'});
	}
}

/* ---- candidates ------------------------------------------------------------------------------ */

struct seen {
	unsigned char of[ROWS + 1];
	int64_t last, count, stop;
};

static enum err see(void *arg, int64_t doc, bool *enough)
{
	struct seen *s = arg;

	assert_true(doc > 0 && doc <= ROWS && doc < s->last);
	s->of[doc] = 1;
	s->last = doc;
	*enough = ++s->count == s->stop;
	return ERR_OK;
}

static enum match_rank rank_of(const struct match *m, const struct row *r)
{
	const char *codes[] = {r->codes[0], r->codes[1], r->codes[2]};

	return match_text(m, r->name, codes, CODES);
}

/* Every row that matches is a candidate; returns the number of those that do not. */
static int64_t check_query(struct fixture *f, const char *query, int64_t *matching)
{
	struct seen all = {.last = ROWS + 1}, begins = {.last = ROWS + 1};
	struct match *m = match_new(query);
	const uint32_t *chars;
	bool one = match_word(m, 0, &chars) && !match_word(m, 1, &chars);
	int64_t hits = 0;

	must(f, store_find(f->db, f->unit, FIND_BUYERS, query, 0, see, &all, &f->e));
	must(f, store_find_begins(f->db, f->unit, FIND_BUYERS, query, 0, see, &begins, &f->e));
	for (int64_t doc = 1; doc <= ROWS; doc++) {
		enum match_rank rank = rank_of(m, &rows[doc]);

		hits += rank != MATCH_NONE;
		if ((rank != MATCH_NONE && !all.of[doc]) ||
		    (one && rank <= MATCH_BEGINS && !begins.of[doc]))
			fail_msg("'%s' (rank %d) misses '%s' %s %s %s", query, (int)rank,
				 rows[doc].name, rows[doc].codes[0], rows[doc].codes[1],
				 rows[doc].codes[2]);
	}
	match_free(&m);
	*matching += hits;
	return all.count - hits;
}

/* The same of one field, and of a field beside a text that may be anywhere. */
static void check_field(struct fixture *f, const char *query, const char *other)
{
	struct find_ask asks[] = {{.text = query, .first = true},
				  {.text = other, .in = FIND_ANYWHERE}};
	struct match *m = match_new(query), *o = match_new(other);
	size_t field = pick(FIND_FIELDS), n = 1 + pick(2);
	struct seen some = {.last = ROWS + 1};

	asks[0].begins = pick(2) ? FIND_ANYWHERE : 0;
	asks[0].in = 1u << field;
	must(f, store_find_asked(f->db, f->unit, FIND_BUYERS, asks, n, 0, see, &some, &f->e));
	for (int64_t doc = 1; doc <= ROWS; doc++) {
		const struct row *r = &rows[doc];
		const char *const code = field < CODES ? r->codes[field] : "";
		enum match_rank rank = match_text(m, field < CODES ? "" : r->name, &code, 1);

		if (rank <= (asks[0].begins ? MATCH_BEGINS : MATCH_PART) && !some.of[doc] &&
		    (n == 1 || rank_of(o, r) != MATCH_NONE))
			fail_msg("'%s' in %zu, '%s' misses '%s' %s %s %s", query, field,
				 n > 1 ? other : "", r->name, r->codes[0], r->codes[1],
				 r->codes[2]);
	}
	match_free(&m);
	match_free(&o);
}

/* In a code, or what a name begins with. */
static void check_initials(struct fixture *f, const char *query)
{
	const unsigned name = 1u << FIND_NAME;
	const struct find_ask ask = {query, name | 1u << FIND_MNEMONIC, name, true};
	struct match *m = match_new(query);
	struct seen some = {.last = ROWS + 1};

	must(f, store_find_asked(f->db, f->unit, FIND_BUYERS, &ask, 1, 0, see, &some, &f->e));
	for (int64_t doc = 1; doc <= ROWS; doc++) {
		const struct row *r = &rows[doc];
		const char *const code = r->codes[1];

		if ((match_text(m, "", &code, 1) != MATCH_NONE ||
		     match_text(m, r->name, NULL, 0) <= MATCH_BEGINS) &&
		    !some.of[doc])
			fail_msg("'%s' misses '%s' %s", query, r->name, code);
	}
	match_free(&m);
}

/* What mnemonics begin with as it was indexed before there were terms for it. */
static void make_older(uint32_t *terms, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t pair = terms[i] - TERM_FIRST;

		if (terms[i] >= TERM_FIRST && terms[i] < TERM_END)
			terms[i] = find_code_triple(&find_spaces[FIND_MNEMONIC], SYMBOL_BEGIN,
						    pair / SYMBOLS, pair % SYMBOLS);
	}
}

/* Half the rows in one batch, a few in another, the others singly; some as they once were. */
static void index_rows(struct fixture *f)
{
	uint32_t terms[FIND_TERMS];
	struct find_batch *b = store_find_batch(f->unit, FIND_BUYERS);
	int64_t first, doc;

	for (doc = 1; doc <= ROWS; doc++)
		make_row(&rows[doc]);
	must(f, db_begin(f->db, &f->e));
	must(f, store_find_docs(f->db, f->unit, FIND_BUYERS, ROWS, &first, &f->e));
	assert_int_equal(first, 1);
	for (doc = 1; doc <= ROWS - 300; doc++) {
		struct find_text t = text_of(&rows[doc]);
		size_t n = find_terms(&t, terms);

		if (doc <= ROWS / 3)
			make_older(terms, n);
		must(f, store_find_batch_add(b, doc, terms, n, &f->e));
		if (doc == ROWS / 2) {
			must(f, store_find_batch_end(f->db, &b, &f->e));
			b = store_find_batch(f->unit, FIND_BUYERS);
		}
	}
	must(f, store_find_batch_end(f->db, &b, &f->e));
	assert_null(b);
	for (; doc <= ROWS; doc++) {
		struct find_text t = text_of(&rows[doc]);

		must(f, store_find_put(f->db, f->unit, FIND_BUYERS, doc, &t, &f->e));
	}
	must(f, db_commit(f->db, &f->e));
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void nothing_that_matches_is_left_out(void **state)
{
	static const char *const queries[] = {
	    "",
	    "a",
	    "8",
	    "（",
	    "-",
	    "cq",
	    "zq",
	    "zhongqing",
	    "chongqing",
	    "hua",
	    "zh",
	    "xian",
	    "xi'an",
	    "lv",
	    "lu",
	    "nü",
	    "v",
	    "i",
	    "重庆 91",
	    "华",
	    "α",
	    "ク",
	    "apple",
	    "9144",
	    "0755-2",
	    "07552699",
	    "有限公司",
	    "yxgs",
	    "youxiangongsi",
	    "youxiang",
	    "s z",
	    "a b",
	    "𠀀",
	    "szs",
	    "shenzhenshi",
	    "華",
	    "&",
	    "(",
	    "shenzhenshikejiyouxiangongsishanghai",
	    "shanghaizhongqingchangan有限公司深圳市科技银行",
	};
	struct fixture *f = *state;
	int64_t falses = 0, hits = 0;
	char query[256], other[256];

	index_rows(f);
	for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++)
		check_query(f, queries[i], &hits);
	for (int i = 0; i < QUERIES; i++) {
		make_query(query, sizeof(query));
		falses += check_query(f, query, &hits);
		make_query(other, sizeof(other));
		check_field(f, query, other);
		check_initials(f, query);
	}
	assert_true(hits > QUERIES);
	/* And the index narrows: on the whole not many more candidates than rows. */
	assert_true(falses < hits);
}

/* The documents that the table has for a term. */
static size_t postings(struct fixture *f, uint32_t term, uint32_t *out, size_t size)
{
	int64_t list, doc;
	struct rows *q;
	size_t n = 0;

	must(f, find_list_get(f->db, f->unit, FIND_GOODS, &list, &doc, &f->e));
	must(f, db_query(f->db, &q, &f->e,
			 "SELECT id, docs FROM find_post WHERE id BETWEEN ? AND ? ORDER BY id",
			 "ll", find_key(list, term, 0), find_key(list, term, DOC_MAX)));
	while (rows_next(q)) {
		uint32_t docs[BLOCK_DOCS];
		size_t bytes, count;
		const void *blob = rows_blob(q, 1, &bytes);

		assert_true(bytes <= BLOCK_BYTES);
		count = find_decode(rows_int(q, 0), blob, bytes, docs);
		assert_true(n + count <= size);
		memcpy(out + n, docs, count * sizeof(*docs));
		n += count;
	}
	must(f, rows_end(&q, ERR_OK, &f->e));
	return n;
}

enum { MANY = 24000, EACH = 250, STEP = 7 };

/* Terms of a document: one of all, one of every so many, one of few, one twice. */
static size_t terms_of(uint32_t doc, uint32_t terms[EACH])
{
	size_t n = 0;

	terms[n++] = 5;
	terms[n++] = 1000 + doc % 17;
	terms[n++] = 150000 + doc / 3;
	terms[n++] = 5;
	for (; n < EACH; n++)
		terms[n] = 20000 + (doc * 31 + (uint32_t)n * 977) % 50000;
	return n;
}

static void check_term(struct fixture *f, uint32_t term, uint32_t *want, uint32_t *have)
{
	size_t n = 0;

	for (uint32_t doc = STEP; doc <= MANY * STEP; doc += STEP) {
		uint32_t terms[EACH];
		size_t count = terms_of(doc, terms), i;

		for (i = 0; i < count && terms[i] != term; i++)
			;
		if (i < count)
			want[n++] = doc;
	}
	assert_int_equal(postings(f, term, have, MANY), n);
	assert_memory_equal(want, have, n * sizeof(*want));
}

/* Walking a term downwards in steps of all sizes, over the borders of its blocks. */
static void check_walk(struct fixture *f, uint32_t term, const uint32_t *docs, size_t n)
{
	struct find_search s = {.db = f->db, .e = &f->e, .top = MANY * STEP};
	int64_t next, list;

	must(f, find_list_get(f->db, f->unit, FIND_GOODS, &list, &next, &f->e));
	s.list = list;
	for (uint32_t most = 1; most < 3 * MANY; most *= 3) {
		struct find_node *node = find_node_terms(&s, term, term);
		size_t left = n;
		int64_t doc = s.top + 5;

		for (; doc > 0; doc -= 1 + pick(most)) {
			while (left && docs[left - 1] > doc)
				left--;
			assert_int_equal(find_node_seek(&s, node, doc), left ? docs[left - 1] : 0);
		}
		find_node_free(node);
		node = find_node_terms(&s, term, term); /* from the last block to the first */
		assert_int_equal(find_node_seek(&s, node, s.top), docs[n - 1]);
		assert_int_equal(find_node_seek(&s, node, docs[0]), docs[0]);
		find_node_free(node);
	}
}

/* More postings than memory holds: runs beside it, merged into what is there already. */
static void runs_are_merged(void **state)
{
	struct fixture *f = *state;
	struct find_batch *b = NULL;
	uint32_t *want = mem_alloc(MANY * sizeof(*want)), *have = mem_alloc(MANY * sizeof(*have));
	uint32_t terms[EACH];
	int64_t first;

	must(f, db_begin(f->db, &f->e));
	must(f, store_find_docs(f->db, f->unit, FIND_GOODS, MANY * STEP, &first, &f->e));
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t doc = (i + 1) * STEP;

		if (i == 0 || i == 100) { /* a short batch first */
			if (b)
				must(f, store_find_batch_end(f->db, &b, &f->e));
			b = store_find_batch(f->unit, FIND_GOODS);
		}
		must(f, store_find_batch_add(b, doc, terms, terms_of(doc, terms), &f->e));
	}
	must_fail(f, ERR_INTERNAL, "find.order",
		  store_find_batch_add(b, MANY * STEP, terms, 1, &f->e));
	must(f, store_find_batch_end(f->db, &b, &f->e));
	must(f, db_commit(f->db, &f->e));
	check_term(f, 5, want, have);
	check_walk(f, 5, have, MANY);
	check_term(f, 1003, want, have);
	check_term(f, 150000 + STEP, want, have);
	for (uint32_t term = 20000; term < 20000 + 50000; term += 5003)
		check_term(f, term, want, have);
	free(want);
	free(have);
}

static void candidates_come_in_portions(void **state)
{
	struct fixture *f = *state;
	struct seen all = {.last = ROWS + 1}, some = {.last = ROWS + 1};
	int64_t below = 0, portions = 0;

	index_rows(f);
	must(f, store_find(f->db, f->unit, FIND_BUYERS, "gs", 0, see, &all, &f->e));
	assert_true(all.count > 100);
	do {
		some.stop = some.count + 7;
		must(f, store_find(f->db, f->unit, FIND_BUYERS, "gs", below, see, &some, &f->e));
		below = some.last;
		portions++;
	} while (some.count == some.stop);
	assert_int_equal(portions, all.count / 7 + 1);
	assert_memory_equal(all.of, some.of, sizeof(all.of));
	/* Below the first there is none, nor in another catalogue. */
	some.stop = 0;
	must(f, store_find(f->db, f->unit, FIND_BUYERS, "", 1, see, &some, &f->e));
	must(f, store_find(f->db, f->unit, FIND_GOODS, "gs", 0, see, &some, &f->e));
	must(f, store_find(f->db, f->direct, FIND_BUYERS, "gs", 0, see, &some, &f->e));
	assert_int_equal(some.count, all.count);
}

static int64_t candidates(struct fixture *f, const char *text, enum find_field field)
{
	const struct find_ask ask = {.text = text, .in = 1u << field};
	struct seen s = {.last = ROWS + 1};

	must(f, store_find_asked(f->db, f->unit, FIND_GOODS, &ask, 1, 0, see, &s, &f->e));
	return s.count;
}

static int64_t initials(struct fixture *f, const char *text)
{
	const struct find_ask ask = {text, FIND_ANYWHERE, 1u << FIND_NAME, true};
	struct seen s = {.last = ROWS + 1};

	must(f, store_find_asked(f->db, f->unit, FIND_GOODS, &ask, 1, 0, see, &s, &f->e));
	return s.count;
}

enum { ALIKE = 100 };

/* What every number has is no candidate of a telephone. */
static void fields_are_kept_apart(void **state)
{
	static const unsigned char fields[] = {FIND_NUMBER, FIND_MNEMONIC, FIND_OTHER};
	const struct find_text t = {.name = "华为技术",
				    .codes = {"91440300MAKP0A011Y", "KH000123", "0755-26990000"},
				    .count = 3,
				    .fields = fields};
	struct fixture *f = *state;
	int64_t doc;

	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < ALIKE; i++) {
		must(f, store_find_docs(f->db, f->unit, FIND_GOODS, 1, &doc, &f->e));
		must(f, store_find_put(f->db, f->unit, FIND_GOODS, doc, &t, &f->e));
	}
	must(f, db_commit(f->db, &f->e));
	for (unsigned field = 0; field < FIND_FIELDS; field++) {
		assert_int_equal(candidates(f, "9144", field), field == FIND_NUMBER ? ALIKE : 0);
		assert_int_equal(candidates(f, "0755", field), field == FIND_OTHER ? ALIKE : 0);
		assert_int_equal(candidates(f, "kh00", field), field == FIND_MNEMONIC ? ALIKE : 0);
		assert_int_equal(candidates(f, "kh", field), field == FIND_MNEMONIC ? ALIKE : 0);
		assert_int_equal(candidates(f, "hw", field), field == FIND_NAME ? ALIKE : 0);
	}
	assert_int_equal(initials(f, "hw"), ALIKE);
	assert_int_equal(initials(f, "kh0"), ALIKE);
	assert_int_equal(initials(f, "js"), 0);
	assert_int_equal(initials(f, "wjs"), 0);
}

static int64_t begun(struct fixture *f, const char *text)
{
	const struct find_ask ask = {text, 1u << FIND_MNEMONIC, 1u << FIND_MNEMONIC, true};
	struct seen s = {.last = ROWS + 1};

	must(f, store_find_asked(f->db, f->unit, FIND_GOODS, &ask, 1, 0, see, &s, &f->e));
	return s.count;
}

/* L shares a symbol with K, but not where a mnemonic begins. */
static void beginnings_of_mnemonics_are_told_apart(void **state)
{
	static const unsigned char fields[] = {FIND_MNEMONIC};
	static const char *const mnemonics[] = {"KG", "LG", "KGX", "LHX", "K", "L", "XKG"};
	struct fixture *f = *state;
	int64_t doc;

	must(f, db_begin(f->db, &f->e));
	for (size_t i = 0; i < sizeof(mnemonics) / sizeof(*mnemonics); i++) {
		const struct find_text t = {.codes = {mnemonics[i]}, .count = 1, .fields = fields};

		must(f, store_find_docs(f->db, f->unit, FIND_GOODS, 1, &doc, &f->e));
		must(f, store_find_put(f->db, f->unit, FIND_GOODS, doc, &t, &f->e));
	}
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(begun(f, "kg"), 2);
	assert_int_equal(begun(f, "l"), 3);
	assert_int_equal(begun(f, "k"), 3);
	assert_int_equal(begun(f, "kgx"), 1);
	assert_int_equal(begun(f, "lhx"), 1);
	assert_int_equal(begun(f, "kh"), 0);
	assert_int_equal(begun(f, "x"), 1);
}

static enum err refuse(void *arg, int64_t doc, bool *enough)
{
	(void)arg, (void)doc, (void)enough;
	return ERR_BUSY;
}

static void clearing_keeps_the_numbers(void **state)
{
	struct fixture *f = *state;
	struct seen none = {.last = ROWS + 1};
	const struct find_text t = {.name = "华为"};
	int64_t doc;

	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 40; i++) {
		must(f, store_find_docs(f->db, -1, FIND_CODES, 1, &doc, &f->e));
		must(f, store_find_put(f->db, -1, FIND_CODES, doc, &t, &f->e));
	}
	must(f, store_find_put(f->db, -1, FIND_CODES, doc, &t, &f->e)); /* again: the same */
	must_fail(f, ERR_INTERNAL, "find.order",
		  store_find_put(f->db, -1, FIND_CODES, doc - 1, &t, &f->e));
	must(f, store_find(f->db, -1, FIND_CODES, "hw", 0, see, &none, &f->e));
	assert_int_equal(none.count, 40);
	assert_int_equal(store_find(f->db, -1, FIND_CODES, "hw", 0, refuse, NULL, &f->e), ERR_BUSY);
	must(f, store_find_clear(f->db, -1, FIND_CODES, &f->e));
	must(f, store_find_clear(f->db, 77, FIND_CODES, &f->e));
	none = (struct seen) {.last = ROWS + 1};
	must(f, store_find(f->db, -1, FIND_CODES, "hw", 0, see, &none, &f->e));
	assert_int_equal(none.count, 0);
	must(f, store_find_docs(f->db, -1, FIND_CODES, 1, &doc, &f->e));
	assert_int_equal(doc, 41);
	must_fail(f, ERR_INVALID, "find.docs",
		  store_find_docs(f->db, -1, FIND_CODES, DOC_MAX, &doc, &f->e));
	must(f, db_commit(f->db, &f->e));
	must_fail(f, ERR_INTERNAL, "db.outside",
		  store_find_docs(f->db, -1, FIND_CODES, 1, &doc, &f->e));
}

static enum err count_only(void *arg, int64_t doc, bool *enough)
{
	(void)doc, (void)enough;
	++*(int64_t *)arg;
	return ERR_OK;
}

static void damaged_blocks_do_no_harm(void **state)
{
	struct fixture *f = *state;
	int64_t n = 0;

	index_rows(f);
	run_sql(f, "UPDATE find_post SET docs = randomblob(id % 3000)");
	for (int i = 0; i < 300; i++) {
		char query[256];

		make_query(query, sizeof(query));
		must(f, store_find(f->db, f->unit, FIND_BUYERS, query, 0, count_only, &n, &f->e));
	}
	assert_true(n > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(nothing_that_matches_is_left_out, fixture_setup,
					    fixture_teardown),
	    cmocka_unit_test_setup_teardown(runs_are_merged, fixture_setup, fixture_teardown),
	    cmocka_unit_test_setup_teardown(fields_are_kept_apart, fixture_setup, fixture_teardown),
	    cmocka_unit_test_setup_teardown(beginnings_of_mnemonics_are_told_apart, fixture_setup,
					    fixture_teardown),
	    cmocka_unit_test_setup_teardown(candidates_come_in_portions, fixture_setup,
					    fixture_teardown),
	    cmocka_unit_test_setup_teardown(clearing_keeps_the_numbers, fixture_setup,
					    fixture_teardown),
	    cmocka_unit_test_setup_teardown(damaged_blocks_do_no_harm, fixture_setup,
					    fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
