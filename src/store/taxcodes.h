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
 * becomes the environment's by store_taxcode_set_stamp in the same transaction. */
enum err store_taxcode_put(struct db *db, const struct tax_code *c, bool from_tax,
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
/* Code prefix, or words found in name, 简称 or keywords (all of them); leaves first by relevance,
 * then code order; keyset by code (cursor "" = start).  *next: cursor of the next page or "". */
enum err store_taxcode_search(struct db *db, const char *env, const char *text, const char *cursor,
			      int limit, taxcode_each f, void *arg, char next[20],
			      struct err_info *e);
enum err store_taxcode_children(struct db *db, const char *env, const char *parent, taxcode_each f,
				void *arg, struct err_info *e);
/* from_tax: as total once the tax side of the environment has spoken, else 0. */
enum err store_taxcode_count(struct db *db, const char *env, int64_t *total, int64_t *from_tax,
			     struct err_info *e);
/* Timestamp of the last sync ("" never), kept per environment.  Setting it takes the rows put from
 * the tax side since into the environment's list. */
enum err store_taxcode_stamp(struct db *db, const char *env, char out[24], struct err_info *e);
enum err store_taxcode_set_stamp(struct db *db, const char *env, const char *stamp,
				 struct err_info *e);

#endif
