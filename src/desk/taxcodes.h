/* desk/taxcodes.h - 税收分类编码: search, show, refresh and what it changed; transfer.h imports. */
#ifndef KP_DESK_TAXCODES_H
#define KP_DESK_TAXCODES_H

#include "desk/session.h"
#include "desk/wait.h"

/* As store_taxcode_search: code prefixes, words, pinyin.  total and at_least may be NULL. */
enum err desk_taxcode_search(struct session *s, const char *text, const char *cursor, int limit,
			     taxcode_each f, void *arg, char next[20], int64_t *total,
			     bool *at_least, struct err_info *e);
/* The codes right below one; "" gives the topmost. */
enum err desk_taxcode_children(struct session *s, const char *parent, taxcode_each f, void *arg,
			       struct err_info *e);
/* ERR_INVALID "taxcode.unknown" when absent; *out is freed by tax_code_free. */
enum err desk_taxcode_get(struct session *s, const char *code, struct tax_code *out,
			  struct err_info *e);
enum err desk_taxcode_count(struct session *s, int64_t *total, int64_t *from_tax,
			    struct err_info *e);
enum err desk_taxcode_sync(struct session *s, struct desk_wait *w, struct err_info *e);

/* What a sync brought: from the job of desk_taxcode_sync once it is done. */
struct taxcode_synced {
	int64_t count; /* codes in the answer */
	struct taxcode_news news;
};
enum err desk_taxcode_synced(struct session *s, const struct desk_wait *w,
			     struct taxcode_synced *out, struct err_info *e);
/* "新增 3 个，变更 1 个，停用 2 个" or what else there is to say. */
enum { TAXCODE_SYNCED = 160 };
const char *taxcode_synced_text(const struct taxcode_synced *s, char out[TAXCODE_SYNCED]);
/* As store_taxcode_changes, of the session's list. */
enum err desk_taxcode_changes(struct session *s, const char *code, int64_t cursor, int limit,
			      taxcode_change_each f, void *arg, int64_t *next, int64_t *total,
			      struct err_info *e);
const char *taxcode_kind_word(enum taxcode_kind k);  /* added, changed, stopped */
const char *taxcode_kind_label(enum taxcode_kind k); /* 新增, 变更, 停用 */
/* What became different: "税率 13% → 9%；简称 谷物 → 粮食"; free it. */
char *taxcode_change_text(const struct taxcode_change *c);
/* Goods of the unit whose code is stopped today, up to DESK_COUNT_CAP. */
enum err desk_taxcode_stopped_goods(struct session *s, int64_t *out, struct err_info *e);

#endif
