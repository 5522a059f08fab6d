/* store/taxcodes.h - 税收分类编码: the tax side's list, with the shipped starter list until then. */
#ifndef KP_STORE_TAXCODES_H
#define KP_STORE_TAXCODES_H

#include "store/db.h"
#include "tax/code.h"

/* Inserts or replaces; rows of source "tax" win over "starter". */
enum err store_taxcode_put(struct db *db, const struct tax_code *c, bool from_tax,
			   struct err_info *e);
/* Loads the embedded data/taxcodes.tsv when the table is empty (at init). */
enum err store_taxcode_starter(struct db *db, struct err_info *e);
/* *found false when absent; *out is freed by tax_code_free. */
enum err store_taxcode_get(struct db *db, const char *code, struct tax_code *out, bool *found,
			   struct err_info *e);
typedef enum err (*taxcode_each)(void *arg, const struct tax_code *c);
/* Code prefix, or words found in name, 简称 or keywords (all of them); leaves first by relevance,
 * then code order; keyset by code (cursor "" = start).  *next: cursor of the next page or "". */
enum err store_taxcode_search(struct db *db, const char *text, const char *cursor, int limit,
			      taxcode_each f, void *arg, char next[20], struct err_info *e);
enum err store_taxcode_children(struct db *db, const char *parent, taxcode_each f, void *arg,
				struct err_info *e);
enum err store_taxcode_count(struct db *db, int64_t *total, int64_t *from_tax, struct err_info *e);
/* Timestamp of the last sync ("" never), kept per environment. */
enum err store_taxcode_stamp(struct db *db, const char *env, char out[24], struct err_info *e);
enum err store_taxcode_set_stamp(struct db *db, const char *env, const char *stamp,
				 struct err_info *e);

#endif
