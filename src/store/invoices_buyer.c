/* invoices_buyer.c - distinct names of buyers with an inverted index of their characters and
 * pairs. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/invoices_p.h"

enum { GRAMS_TRIED = 16, GRAM_BYTES = 9, NAMES_OF_ONE = 256 };

char *buyer_fold(const char *text)
{
	char *s = text_fold_width(text);
	for (char *p = s; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return s;
}

/* The gram of `chars` characters at s (n bytes left); its length in bytes, 0 when s is shorter. */
static size_t gram_at(const char *s, size_t n, int chars, char out[GRAM_BYTES])
{
	size_t len = 0;
	uint32_t cp;
	for (int i = 0; i < chars; i++) {
		if (len >= n)
			return 0;
		len += text_next(s + len, n - len, &cp);
	}
	memcpy(out, s, len);
	out[len] = '\0';
	return len;
}

static enum err put_grams(struct db *db, int64_t id, const char *folded, struct err_info *e)
{
	size_t n = strlen(folded);
	char gram[GRAM_BYTES];
	uint32_t cp;
	for (size_t at = 0; at < n; at += text_next(folded + at, n - at, &cp)) {
		for (int chars = 1; chars <= 2; chars++) {
			if (!gram_at(folded + at, n - at, chars, gram))
				break;
			enum err r = db_run(db, e, NULL,
					    "INSERT INTO buyer_gram (gram, name_id) VALUES (?, ?)"
					    " ON CONFLICT (gram, name_id) DO NOTHING",
					    "sl", gram, id);
			if (r)
				return r;
		}
	}
	return ERR_OK;
}

enum err buyer_name_id(struct db *db, const char *name, int64_t *id, struct err_info *e)
{
	bool found = false;
	*id = 0;
	if (text_empty(name))
		return ERR_OK;
	enum err r =
	    db_get_int(db, e, id, &found, "SELECT id FROM buyer_name WHERE name = ?", "s", name);
	if (r || found)
		return r;
	r = db_next_id(db, "buyer_name", id, e);
	if (r)
		return r;
	char *folded = buyer_fold(name);
	r = db_run(db, e, NULL, "INSERT INTO buyer_name (id, name, folded) VALUES (?, ?, ?)", "lss",
		   *id, name, folded);
	if (!r)
		r = put_grams(db, *id, folded, e);
	free(folded);
	return r;
}

enum err buyer_names_total(struct db *db, int64_t *out, struct err_info *e)
{
	*out = 0;
	return db_get_int(db, e, out, NULL, "SELECT value FROM counter WHERE name = 'buyer_name'",
			  "");
}

/* The gram of the text that the fewest names have, among the first few. */
static enum err rarest_gram(struct db *db, const char *folded, char out[GRAM_BYTES],
			    struct err_info *e)
{
	size_t n = strlen(folded);
	int64_t fewest = INT64_C(1) << 40;
	char gram[GRAM_BYTES];
	uint32_t cp;
	if (!gram_at(folded, n, 2, gram)) {
		gram_at(folded, n, 1, out);
		return ERR_OK;
	}
	int tried = 0;
	for (size_t at = 0; tried < GRAMS_TRIED && gram_at(folded + at, n - at, 2, gram); tried++) {
		int64_t count = 0;
		enum err r = db_get_int(
		    db, e, &count, NULL,
		    "SELECT COUNT(*) FROM (SELECT 1 FROM buyer_gram WHERE gram = ? LIMIT ?) g",
		    "sl", gram, fewest < 4096 ? fewest : (int64_t)4096);
		if (r)
			return r;
		if (count < fewest) {
			fewest = count;
			memcpy(out, gram, sizeof(gram));
		}
		at += text_next(folded + at, n - at, &cp);
	}
	return ERR_OK;
}

enum err buyer_names_find(struct db *db, const char *folded, size_t max, struct buyer_names *out,
			  struct err_info *e)
{
	struct rows *q;
	char gram[GRAM_BYTES] = "";
	struct buyer_names names = {0};
	size_t room = 0, seen = 0;
	/* Names that share the gram but not the text are read too: bound them with the rest. */
	size_t scan = max > SIZE_MAX / 16 ? SIZE_MAX : max * 8 + 4096;
	enum err r = rarest_gram(db, folded, gram, e);
	if (r)
		return r;
	r = db_query(db, &q, e,
		     "SELECT g.name_id, COALESCE(n.folded, '') FROM buyer_gram g"
		     " LEFT JOIN buyer_name n ON n.id = g.name_id WHERE g.gram = ?",
		     "s", gram);
	while (!r && !names.more && rows_next(q)) {
		if (++seen > scan || names.count == max) {
			names.more = true;
			break;
		}
		if (!strstr(rows_text(q, 1), folded))
			continue;
		if (names.count == room) {
			room = room ? room * 2 : 64;
			names.ids = mem_realloc(names.ids, room * sizeof(*names.ids));
		}
		names.ids[names.count++] = rows_int(q, 0);
	}
	r = rows_end(&q, r, e);
	if (r)
		free(names.ids);
	else
		*out = names;
	return r;
}

/* ---- of a buyer ------------------------------------------------------------------------------ */

static void add_name(struct buyer_names *names, int64_t id)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->ids[i] == id)
			return;
	names->ids = mem_realloc(names->ids, (names->count + 1) * sizeof(*names->ids));
	names->ids[names->count++] = id;
}

/* The names of invoices with a tax number, by steps through the index from name to name. */
static enum err names_of_number(struct db *db, int64_t unit, const char *tax_no,
				struct buyer_names *names, struct err_info *e)
{
	int64_t at = 0;
	bool found = true;
	enum err r = ERR_OK;
	while (!text_empty(tax_no) && !r && found && names->count < NAMES_OF_ONE) {
		r = db_get_int(db, e, &at, &found,
			       "SELECT buyer_name_id FROM invoice WHERE unit_id = ?"
			       " AND buyer_tax_no = ? AND buyer_tax_no <> '' AND buyer_name_id > ?"
			       " ORDER BY buyer_name_id LIMIT 1",
			       "lsl", unit, tax_no, at);
		if (!r && found)
			add_name(names, at);
	}
	return r;
}

/* What one row says of him, the present or a former one. */
static enum err names_of_row(struct db *db, struct rows *q, struct buyer_names *names,
			     struct err_info *e)
{
	int64_t id = 0;
	bool found = false;
	enum err r = db_get_int(db, e, &id, &found, "SELECT id FROM buyer_name WHERE name = ?", "s",
				rows_text(q, 1));
	if (!r && found)
		add_name(names, id);
	return r ? r : names_of_number(db, rows_int(q, 0), rows_text(q, 2), names, e);
}

enum err buyer_names_of(struct db *db, int64_t buyer, struct buyer_names *out, struct err_info *e)
{
	struct buyer_names names = {0};
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT unit_id, name, tax_no FROM buyer WHERE id = ?"
			      " UNION ALL SELECT b.unit_id, f.name, f.tax_no FROM buyer_former f"
			      " JOIN buyer b ON b.id = f.buyer_id WHERE f.buyer_id = ? LIMIT ?",
			      "lli", buyer, buyer, (int)NAMES_OF_ONE);
	while (!r && rows_next(q))
		r = names_of_row(db, q, &names, e);
	r = rows_end(&q, r, e);
	if (r)
		free(names.ids);
	else
		*out = names;
	return r;
}
