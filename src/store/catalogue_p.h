/* catalogue_p.h - what buyers and goods have in common: the same columns around their own texts,
 * one search index, one way to list, to rank and to load many.
 *
 * A struct catalogue says what is different; everything here works on "looks": the few columns by
 * which a row is found and ranked.
 */
#ifndef KP_STORE_CATALOGUE_P_H
#define KP_STORE_CATALOGUE_P_H

#include "store/buyers.h"

/* What is searched of a row: its name, another name ("" none) and codes. */
enum { LOOK_NAME, LOOK_OTHER, LOOK_CODES, LOOK_TEXTS = LOOK_CODES + 4 };
struct look {
	int64_t id, doc, uses, used_at;
	/* Something that an invoice needs is missing; a buyer: issued to once, never entered,
	 * without a tax number. */
	bool open;
	const char *texts[LOOK_TEXTS]; /* while the query stands on the row */
};
/* The columns of a look, in front of its texts. */
#define LOOK_HEAD "id, COALESCE(doc, 0), uses, used_at, "
/* Of a buyer with further addresses their telephones, too, a line each. */
#define BUYER_ALL(NUMBER)                                                                          \
	"CASE more WHEN 0 THEN " NUMBER " ELSE " NUMBER " || COALESCE((SELECT"                     \
	" group_concat(char(10) || a." NUMBER ", '') FROM buyer_address a"                         \
	" WHERE a.buyer_id = buyer.id AND a." NUMBER " <> ''), '') END"
#define BUYER_LOOK                                                                                 \
	LOOK_HEAD "source = 'issued' AND tax_no = '' AND uses < 2 AND is_person = 0,"              \
		  " name, '', tax_no, mnemonic, " BUYER_ALL("phone") ", " BUYER_ALL("mobile")
#define GOODS_LOOK   LOOK_HEAD "rate_ppm = -1, name, short_name, mnemonic, tax_code, spec, ''"
#define LOOK_PRESENT " AND removed_at IS NULL"
#define PAGE_BELOW   " AND doc < ? AND doc > 0 ORDER BY doc DESC LIMIT ?"
/* Parameters of `same`: 1 key of the text, 2 unit, 3 text, 4 limit. */
#define CATALOGUE_SQL(TABLE, LOOK)                                                                 \
	.counter = TABLE, .look = "SELECT " LOOK " FROM " TABLE " WHERE unit_id = ? AND doc = ?",  \
	.older = "SELECT " LOOK " FROM " TABLE                                                     \
		 " WHERE unit_id = ? AND doc < ? AND doc > 0 ORDER BY doc DESC",                   \
	.used = "SELECT " LOOK " FROM " TABLE " WHERE unit_id = ? AND uses > 0" LOOK_PRESENT       \
		" ORDER BY used_at DESC, id DESC LIMIT ?",                                         \
	.same_name =                                                                               \
	    "SELECT " LOOK " FROM " TABLE                                                          \
	    " WHERE name_key = ?1 AND unit_id = ?2 AND name = ?3" LOOK_PRESENT " LIMIT ?4",        \
	.same_mnemonic = "SELECT " LOOK " FROM " TABLE " WHERE unit_id = ?2 AND mnemonic = ?3"     \
			 " AND mnemonic <> ''" LOOK_PRESENT " LIMIT ?4",                           \
	.unindexed = "SELECT u.id FROM unit u WHERE EXISTS (SELECT 1 FROM " TABLE                  \
		     " c WHERE c.unit_id = u.id AND c.doc IS NULL) LIMIT 1",                       \
	.unindexed_of = "SELECT " LOOK " FROM " TABLE                                              \
			" WHERE unit_id = ? AND doc IS NULL ORDER BY id LIMIT ?",                  \
	.set_marked = "UPDATE " TABLE " SET by_name = ? WHERE id = ?",                             \
	.use = "UPDATE " TABLE " SET uses = uses + ?, used_at = MAX(used_at, ?) WHERE id = ?",     \
	.remove = "UPDATE " TABLE " SET removed_at = ?, doc = 0"                                   \
		  " WHERE id = ? AND unit_id = ?" LOOK_PRESENT

/* Rows of a unit that are not removed: unit, kind. */
#define CATALOGUE_COUNT "SELECT count FROM catalogue_tally WHERE unit_id = ? AND kind = ?"

/* Of a table whose rows a and b are the same when SAME holds; KIND as in enum find_kind. */
#define CATALOGUE_ANOTHER(TABLE, SAME)                                                             \
	"EXISTS (SELECT 1 FROM " TABLE " b WHERE " SAME " AND +b.unit_id = ?1 AND b.id <> a.id"    \
	" AND b.removed_at IS NULL)"
#define CATALOGUE_TWIN_OF(TABLE, SAME)                                                             \
	"SELECT * FROM (SELECT b.id FROM " TABLE " a CROSS JOIN " TABLE " b ON " SAME              \
	" AND +b.unit_id = ?1 AND b.id <> a.id AND b.removed_at IS NULL WHERE a.id = ?2 LIMIT 1)"
#define CATALOGUE_TWINS(TABLE, KIND, ANOTHER)                                                      \
	.is_twin = "SELECT 1 FROM catalogue_twin t CROSS JOIN " TABLE " a ON a.id = t.id"          \
		   " WHERE t.unit_id = ?1 AND t.kind = " KIND " AND t.id = ?2"                     \
		   " AND a.removed_at IS NULL AND (" ANOTHER ")",                                  \
	.twin_docs = "SELECT a.doc FROM catalogue_twin t CROSS JOIN " TABLE " a ON a.id = t.id"    \
		     " WHERE t.unit_id = ?1 AND t.kind = " KIND " AND a.removed_at IS NULL"        \
		     " AND a.doc > 0 AND (" ANOTHER ") ORDER BY t.id DESC LIMIT ?2"

struct catalogue {
	enum find_kind kind;
	const struct catalogue_field *fields;
	unsigned char code_fields[LOOK_TEXTS - LOOK_CODES]; /* enum find_field */
	const char *counter, *look, *older, *used, *same_name, *same_mnemonic, *same_code,
	    *unindexed, *unindexed_of, *set_marked, *use, *remove;
	const char *set_doc; /* 1 document, 2 key of the name, 3 of the first code, 4 id */
	/* The whole row: unit, id; texts of the fields from column GET_TEXTS. */
	const char *get, *page; /* whole rows: the third column is the document */
	size_t size;            /* of the struct */
	void (*read)(struct rows *q, void *out);
	void (*free)(void *item);
	/* Whom a row of a load may mean: id, same name, same key, has a key (catalogue_load.c).
	 * Parameters: 1 key of the name, 2 of the key, 3 unit, 4 name, 5 group, 6 key. */
	const char *kin, *kin_exact, *kin_marked; /* kin_exact: all, the newest first */
	const char *kin_all;                      /* name, group, key of every row; unit */
	/* Of a row, 1 unit and 2 id: another one that is the same, one for each way to be it; is it
	 * one of those that stand in catalogue_twin and still are?  Documents of all of these: 2 at
	 * most. */
	const char *twin_of, *is_twin, *twin_docs;
	bool key_in_name; /* a key counts within its name: the only one may take another */
};
extern const struct catalogue catalogue_buyers, catalogue_goods;

/* ---- one row (catalogue.c) ---- */
uint64_t catalogue_hash(uint64_t h, const char *text);
/* What stands for a text of a unit in the indexes name_key and tax_key; 0 for "".  It is stored:
 * another function would be another schema. */
int64_t catalogue_key(int64_t unit, const char *text);
char **catalogue_slot(void *item, const struct catalogue_field *f);
void catalogue_free_texts(const struct catalogue_field *fields, void *item);
/* Texts are never NULL in the table: a struct gets "" of its own where it has none, or, when it
 * only lends its texts, one that is nobody's. */
void catalogue_fill_texts(const struct catalogue_field *fields, void *item);
void catalogue_lend_empty(const struct catalogue_field *fields, void *item);
/* The first n texts that the item leaves empty are lent by `known`. */
void catalogue_lend_known(const struct catalogue_field *fields, size_t n, void *item,
			  const void *known);
void catalogue_copy_texts(const struct catalogue_field *fields, void *out, const void *in);
/* Reads the texts of the fields from consecutive columns. */
void catalogue_read_texts(const struct catalogue_field *fields, struct rows *q, int column,
			  void *item);
enum err catalogue_get(struct db *db, const struct catalogue *c, int64_t unit, int64_t id,
		       void *out, bool *found, struct err_info *e);
/* Reads at most max whole rows of a query that yields ids; out is an array of c->size. */
enum err catalogue_read_all(struct db *db, const struct catalogue *c, int64_t unit, struct rows **q,
			    enum err r, void *out, int max, int *n, struct err_info *e);
enum err catalogue_remove(struct db *db, const struct catalogue *c, int64_t unit,
			  const int64_t *ids, size_t n, int *removed, struct err_info *e);
enum err catalogue_tally(struct db *db, const struct catalogue *c, int64_t unit, int64_t change,
			 struct err_info *e);
enum err catalogue_use(struct db *db, const struct catalogue *c, int64_t id, int64_t uses,
		       int64_t at, struct err_info *e);
/* A row was written: when there is another that is the same, both are noted.  Whoever may have been
 * noted before under what he was is forgotten first. */
enum err catalogue_note_twin(struct db *db, const struct catalogue *c, int64_t unit, int64_t id,
			     struct err_info *e);
enum err catalogue_note_again(struct db *db, const struct catalogue *c, int64_t unit, int64_t id,
			      struct err_info *e);
enum err catalogue_is_twin(struct db *db, const struct catalogue *c, int64_t unit, int64_t id,
			   bool *out, struct err_info *e);
/* The documents of all twins, the newest first, at most TWIN_DOCS; malloc'd. */
enum { TWIN_DOCS = 20000 };
enum err catalogue_twins(struct db *db, const struct catalogue *c, int64_t unit, int64_t **docs,
			 size_t *n, struct err_info *e);
enum catalogue_source catalogue_source_read(const char *word);
const char *catalogue_source_word(enum catalogue_source s);

/* ---- looks (catalogue_list.c) ---- */
void look_read(struct rows *q, struct look *out);
/* What a look's texts are to the index; name[] takes both names when there are two. */
enum { LOOK_NAMES = 4096 };
void look_find_text(const struct catalogue *c, const struct look *l, char name[LOOK_NAMES],
		    struct find_text *out);
enum match_rank look_rank(const struct catalogue *c, const struct match *m, const struct look *l);
enum err look_of_doc(struct db *db, const struct catalogue *c, int64_t unit, int64_t doc,
		     struct rows **q, struct look *out, bool *found, struct err_info *e);

/* ---- lists (catalogue_list.c) ---- */
/* One condition: a text typed, looked for in one text of the look, or in all (LOOK_ANY). */
enum { LOOK_ANY = -1, CATALOGUE_TESTS = 6 };
struct catalogue_test {
	const char *text;
	int where, also; /* also: another code, 0 none */
	bool begins;     /* the text begins with it, letter by letter */
	bool initials;   /* or the name begins with it, as pinyin */
};
struct catalogue_query {
	struct catalogue_test tests[CATALOGUE_TESTS];
	size_t count;
	int64_t cursor;
	int limit;
	/* Sorted texts one of which the look's text `among_at` has to be, unless the look is open;
	 * NULL: any.  docs: the only rows that come into question, newest first; NULL: any. */
	const char (*among)[20];
	size_t among_count;
	int among_at;
	const int64_t *docs;
	size_t doc_count;
};
typedef enum err (*catalogue_each)(void *arg, const void *item);
enum err catalogue_list(struct db *db, const struct catalogue *c, int64_t unit,
			const struct catalogue_query *q, catalogue_each f, void *arg, int64_t *next,
			struct err_info *e);
enum err catalogue_count(struct db *db, const struct catalogue *c, int64_t unit,
			 const struct catalogue_query *q, int64_t cap, int64_t *out,
			 struct err_info *e);

/* ---- the best (catalogue_best.c) ---- */
enum err catalogue_best(struct db *db, const struct catalogue *c, int64_t unit, const char *text,
			int max, void *out, int *n, struct err_info *e);
/* How much a row is in use: at most 1,000 uses, each worth 16 when the last was within a day, 8
 * within a week, 4 within a month, 2 within a year, else 1. */
int64_t catalogue_score(int64_t uses, int64_t used_at, int64_t now);

/* ---- many (catalogue_load.c) ---- */
struct load_kin;
struct catalogue_load {
	struct db *db;
	const struct catalogue *c;
	int64_t unit, now, added;
	int64_t id_next, id_end, doc_next, doc_end;
	int64_t id_first;      /* of the load, 0: none yet */
	int64_t rows, present; /* so far in the load, in the unit before it */
	struct find_batch *batch;
	struct catalogue_seen *seen; /* NULL: not worth it yet */
	unsigned char *marks;        /* two bits for an id: met, address decided */
	size_t mark_bytes;
	const void *row; /* the one in hand */
	bool maybe;      /* it may be, or be the same as, one that is there */
	/* Stores rows that wait, all of them or only when one of them may be the same as k (NULL:
	 * all).  NULL: none ever wait. */
	enum err (*settle)(struct catalogue_load *l, const struct load_kin *k, struct err_info *e);
	/* Does what is stored say all that it says?  With a row of the unit that is there. */
	enum err (*says)(struct catalogue_load *l, int64_t id, bool *says, struct err_info *e);
};
enum { LOAD_MET = 1, LOAD_DECIDED = 2 };
/* What a row of a load says who it is: the name (and what else is of the group) and the key. */
struct load_kin {
	const char *name, *group, *key; /* group: "" for buyers, the specification of goods */
	int64_t name_key, key_key;      /* catalogue_key of both */
};
struct load_kin load_kin_of(int64_t unit, const char *name, const char *group, const char *key);
enum err catalogue_load_begin(struct db *db, const struct catalogue *c, int64_t unit,
			      struct catalogue_load *l, struct err_info *e);
enum err catalogue_load_end(struct catalogue_load *l, struct err_info *e);
void catalogue_load_drop(struct catalogue_load *l);
bool load_marked(const struct catalogue_load *l, int64_t id, int mark);
void load_mark(struct catalogue_load *l, int64_t id, int mark);
/* Whom it means: *id 0 nobody yet.  told->twin: another of the key or the name, unless the row is
 * one that stood beside it already. */
enum err load_resolve(struct catalogue_load *l, const struct load_kin *k, int64_t *id,
		      struct load_told *told, struct err_info *e);
enum err load_next_id(struct catalogue_load *l, int64_t *id, struct err_info *e);
/* Counts a row and remembers it; *maybe false: nobody in the unit, nor any row before, has its name
 * or its key (catalogue_seen.c). */
enum err catalogue_seen_row(struct catalogue_load *l, const struct load_kin *k, bool *maybe,
			    struct err_info *e);
void catalogue_seen_free(struct catalogue_seen **s);
/* A new document with these terms. */
enum err load_next_doc(struct catalogue_load *l, const uint32_t *terms, size_t n, int64_t *doc,
		       struct err_info *e);

#endif
