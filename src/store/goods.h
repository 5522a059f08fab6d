/* store/goods.h - 商品信息: goods and services of a unit; the same shape as store/buyers.h. */
#ifndef KP_STORE_GOODS_H
#define KP_STORE_GOODS_H

#include "store/buyers.h"

struct goods {
	int64_t id, unit_id, doc;
	char *name, *category, *mnemonic, *tax_code, *short_name, *spec, *unit, *preference;
	char *price; /* decimal text in the mode of `inclusive`, "" none */
	bool inclusive;
	int32_t rate_ppm; /* -1: none */
	enum catalogue_source source;
	int64_t uses, used_at, created_at, updated_at, removed_at;
	int64_t rev; /* as that of a buyer */
};
void goods_free(struct goods *g);
void goods_copy(struct goods *out, const struct goods *in);
/* "name", "category", "mnemonic", "tax_code", "short_name", "spec", "unit", "price", "preference";
 * ends with key NULL.  The same order as the texts of struct goods_row. */
extern const struct catalogue_field goods_fields[];

enum err store_goods_insert(struct db *db, struct goods *g, struct err_info *e);
enum err store_goods_update(struct db *db, const struct goods *g, struct err_info *e);
enum err store_goods_remove(struct db *db, int64_t unit, const int64_t *ids, size_t n, int *removed,
			    struct err_info *e);
enum err store_goods_get(struct db *db, int64_t unit, int64_t id, struct goods *out, bool *found,
			 struct err_info *e);
/* Others of the same name and specification. */
/* Is there another one of the same name and specification?  Cheap: for lists. */
enum err store_goods_is_twin(struct db *db, int64_t unit, int64_t id, bool *out,
			     struct err_info *e);
enum err store_goods_twins(struct db *db, int64_t unit, const struct goods *g, struct goods *out,
			   int max, int *n, struct err_info *e);
/* Remembers the goods of a line that is being issued, in the manner of store_buyer_issued. */
enum err store_goods_issued(struct db *db, int64_t unit, const struct tax_line *l, bool inclusive,
			    struct err_info *e);
/* What the `goods` member of an invoice's JSON names: an own number "#id", a 简码 or a name; *n
 * gets how many there are (at most max are read), those of the 简码 first. */
enum err store_goods_named(struct db *db, int64_t unit, const char *text, struct goods *out,
			   int max, int *n, struct err_info *e);

struct goods_query {
	const char *text, *name, *mnemonic, *tax_code, *short_name; /* tax_code: its beginning */
	/* only those that cannot stand on a line: without tax code or rate, or with a code that is
	 * stopped, a summary, or unknown */
	bool unusable;
	bool twins; /* only those of which there is another of the same name and specification */
	const char *env, *today; /* of the unit; for `unusable` */
	int64_t cursor;
	int limit;
};
typedef enum err (*goods_each)(void *arg, const struct goods *g);
enum err store_goods_list(struct db *db, int64_t unit, const struct goods_query *q, goods_each f,
			  void *arg, int64_t *next, struct err_info *e);
enum err store_goods_count(struct db *db, int64_t unit, const struct goods_query *q, int64_t cap,
			   int64_t *out, struct err_info *e);
enum err store_goods_best(struct db *db, int64_t unit, const char *text, int max, struct goods *out,
			  int *n, struct err_info *e);
/* Goods whose names share most with this one, with a tax code, best first. */
enum err store_goods_similar(struct db *db, int64_t unit, const char *name, struct goods *out,
			     int max, int *n, struct err_info *e);

enum { GOODS_TEXTS = 9 };
struct goods_row {
	const char *name, *category, *mnemonic, *tax_code, *short_name, *spec, *unit, *price,
	    *preference;
	bool has[GOODS_TEXTS]; /* false, or an empty text: what is there stays */
	int32_t rate_ppm;      /* -1: the file does not say */
	int inclusive;         /* 1, 0; -1: the file does not say */
};
/* Which goods a row means: same name, specification and tax code; else the only one of name and
 * specification that no earlier row of this load has met (it gets the code); a row without code:
 * the one that such rows have meant before, else the only one of name and specification; else a new
 * one.  The first row that meets goods says what they are; a rate brings its preference along. */
struct goods_load;
enum err store_goods_load_begin(struct db *db, int64_t unit, struct goods_load **out,
				struct err_info *e);
/* Before goods that are there get another code, rate or preference: f says whether what the row and
 * the goods make together may stand; ERR_INVALID leaves the goods as they are. */
typedef enum err (*goods_merged)(void *arg, const struct goods *g, struct err_info *e);
void store_goods_load_ask(struct goods_load *l, goods_merged f, void *arg);
enum err store_goods_load(struct goods_load *l, const struct goods_row *r, const uint32_t *terms,
			  size_t n, enum load_result *result, struct load_told *told,
			  struct err_info *e);
enum err store_goods_load_end(struct goods_load **l, struct err_info *e);
void store_goods_load_drop(struct goods_load **l);
size_t store_goods_terms(const struct goods_row *r, uint32_t out[FIND_TERMS]);

#endif
