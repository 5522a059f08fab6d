/* store/taxcodes.h - 税收分类编码: the tax side's list of each environment (features N64), with the
 * shipped starter list until that tax side has spoken.
 *
 * `env` is the word of an environment, or "" for the starter list (with what was imported) itself.
 */
#ifndef KP_STORE_TAXCODES_H
#define KP_STORE_TAXCODES_H

#include "store/db.h"
#include "tax/code.h"

/* Inserts or replaces.  Not from_tax: in the starter list.  from_tax: a row of an answer, which
 * becomes the environment's by store_taxcode_adopt in the same transaction. */
enum err store_taxcode_put(struct db *db, const struct tax_code *c, bool from_tax,
			   struct err_info *e);
/* Adds a code that a list which the tax side has given lacks; one it has stays. */
enum err store_taxcode_add(struct db *db, const char *env, const struct tax_code *c,
			   struct err_info *e);
/* Loads the embedded data/taxcodes.tsv when the starter list is empty (at init). */
enum err store_taxcode_starter(struct db *db, struct err_info *e);
/* *found false when absent; *out is freed by tax_code_free. */
enum err store_taxcode_get(struct db *db, const char *env, const char *code, struct tax_code *out,
			   bool *found, struct err_info *e);
/* The list that serves an environment: its own once its tax side has spoken, else "".  Its rows are
 * taxcode (env = list, code). */
enum err store_taxcode_list(struct db *db, const char *env, char list[16], struct err_info *e);
/* May the code stand on a line of that day?  Stopped: from its 停用日期 on. */
enum taxcode_use { TAXCODE_USABLE, TAXCODE_UNKNOWN, TAXCODE_SUMMARY, TAXCODE_STOPPED };
enum err store_taxcode_usable(struct db *db, const char *env, const char *code, const char *today,
			      enum taxcode_use *out, struct err_info *e);
/* Goods of a unit whose code is stopped, up to `cap`; work by the stopped codes, not the goods. */
enum err store_taxcode_stopped_goods(struct db *db, const char *env, int64_t unit,
				     const char *today, int64_t cap, int64_t *out,
				     struct err_info *e);
typedef enum err (*taxcode_each)(void *arg, const struct tax_code *c);
/* Digits: the beginning of the code.  Words (all of them): any part of name, 简称 or keywords, of
 * our own words for them (data/taxcode-words.tsv), or of the pinyin of these.  Leaves first, best
 * first, then code order; of words the first TAXCODE_FOUND rows only.  Keyset by code (cursor "" =
 * start); *next: cursor of the next page or "".  *total (may be NULL): how many there are, up to
 * TAXCODE_COUNT_CAP; *at_least: there are more.  Work depends on what is found and on these caps,
 * never on the size of the list. */
enum { TAXCODE_FOUND = 1000, TAXCODE_COUNT_CAP = 10000 };
enum err store_taxcode_search(struct db *db, const char *env, const char *text, const char *cursor,
			      int limit, taxcode_each f, void *arg, char next[20], int64_t *total,
			      bool *at_least, struct err_info *e);
/* Gives the rows of a list that were put or whose words changed since their place in the search
 * index: after store_taxcode_put of several, in the same transaction.  Rows without it are found
 * all the same, one by one. */
enum err store_taxcode_index(struct db *db, const char *env, struct err_info *e);
/* The same for all lists, at most n rows (0: only looked; inside a transaction otherwise); *left:
 * there were some.  Once for a home of an older program. */
enum err store_taxcode_index_some(struct db *db, int n, bool *left, struct err_info *e);
enum err store_taxcode_children(struct db *db, const char *env, const char *parent, taxcode_each f,
				void *arg, struct err_info *e);
/* from_tax: as total once the tax side of the environment has spoken, else 0. */
enum err store_taxcode_count(struct db *db, const char *env, int64_t *total, int64_t *from_tax,
			     struct err_info *e);
/* Timestamp of the last sync ("" never), kept per environment. */
enum err store_taxcode_stamp(struct db *db, const char *env, char out[24], struct err_info *e);

/* What an answer of the tax side changed.  A code that got its stop date counts as stopped. */
struct taxcode_news {
	int64_t added, changed, stopped;
	bool first; /* the environment had no list: all are new, and no row of it is kept */
};
/* Takes the rows put from the tax side since into the environment's list, with index, difference
 * and timestamp. */
enum err store_taxcode_adopt(struct db *db, const char *env, const char *stamp,
			     struct taxcode_news *news, struct err_info *e);
/* One code of a difference; the texts are valid in the callback. */
struct taxcode_change {
	int64_t id, at; /* `at` is the same for all rows of an answer */
	enum taxcode_kind { TAXCODE_ADDED, TAXCODE_CHANGED, TAXCODE_ENDED } kind;
	const char *code;
	struct taxcode_texts {
		const char *name, *short_name, *vat_rates, *levy_rates, *stop;
		bool summary;
	} now, before; /* before: "" for an added one */
};
typedef enum err (*taxcode_change_each)(void *arg, const struct taxcode_change *c);
/* Of one code, or of all ("").  Newest answer first, then by code; cursor 0: from the start, *next
 * 0: the end.  *total (may be NULL) up to TAXCODE_COUNT_CAP.  Differences are kept for
 * TAXCODE_CHANGE_DAYS. */
enum { TAXCODE_CHANGE_DAYS = 400 };
enum err store_taxcode_changes(struct db *db, const char *env, const char *code, int64_t cursor,
			       int limit, taxcode_change_each f, void *arg, int64_t *next,
			       int64_t *total, struct err_info *e);

#endif
