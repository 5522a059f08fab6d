/* desk/goods.h - 商品信息 (features G60-G71): list, add, edit, remove, match, tax codes of goods. */
#ifndef KP_DESK_GOODS_H
#define KP_DESK_GOODS_H

#include "desk/buyers.h"
#include "store/goods.h"
#include "tax/code.h"

/* q->env and q->today are filled in here. */
enum err desk_goods_list(struct session *s, struct goods_query *q, goods_each f, void *arg,
			 int64_t *next, int64_t *total, bool *at_least, struct err_info *e);
enum err desk_goods_match(struct session *s, const char *text, int max, struct goods *out, int *n,
			  struct err_info *e);
enum err desk_goods_get(struct session *s, int64_t id, struct goods *out, struct err_info *e);
/* As store_goods_named: ERR_INVALID "goods.unknown", "goods.several". */
enum err desk_goods_named(struct session *s, const char *no, struct goods *out, struct err_info *e);
/* ERR_INVALID with the field: name, tax code that is a summary, stopped or unknown, rate the code
 * or the unit does not allow, preference and rate that do not go together, price. */
enum err desk_goods_check(struct session *s, const struct goods *g, char warning[200],
			  struct err_info *e);
enum err desk_goods_twins(struct session *s, const struct goods *g, struct goods *out, int max,
			  int *n, struct err_info *e);
/* Is there another one of the same name and specification? */
enum err desk_goods_has_twin(struct session *s, int64_t id, bool *out, struct err_info *e);
/* short_name comes from the tax code when it is "". */
enum err desk_goods_add(struct session *s, struct goods *g, enum twin_policy p, struct err_info *e);
/* As desk_buyer_edit and desk_buyer_change. */
enum err desk_goods_edit(struct session *s, struct goods *g, enum twin_policy p,
			 struct err_info *e);
typedef enum err (*goods_change)(void *arg, struct goods *g, struct err_info *e);
enum err desk_goods_change(struct session *s, int64_t id, goods_change f, void *arg,
			   enum twin_policy p, char warning[200], struct err_info *e);
enum err desk_goods_remove(struct session *s, const int64_t *ids, size_t n, int *removed,
			   struct err_info *e);

/* May the code stand on a line today? */
enum code_fault { CODE_FINE, CODE_NONE, CODE_UNKNOWN, CODE_SUMMARY, CODE_STOPPED };
const char *code_fault_label(enum code_fault f); /* "", 无编码, 编码不存在, 汇总项, 编码已停用 */
enum err desk_goods_fault(struct session *s, const char *tax_code, enum code_fault *out,
			  struct err_info *e);
/* Gives goods another tax code (and its 简称; the rate stays if the code allows it, else the only
 * rate the code has, else none).  All or none; one audit row.  *rateless: how many lost their rate
 * by that and wait for another. */
enum err desk_goods_recode(struct session *s, const int64_t *ids, size_t n, const char *tax_code,
			   int *changed, int *rateless, struct err_info *e);
/* Is the preference to be offered for goods of the code?  Not when the code names others; whether
 * it goes with the rate is another question. */
bool desk_goods_may_prefer(struct session *s, const char *tax_code, const char *preference);
/* Goods with a preference and without a rate get the rate it fixes, when that is one. */
void desk_goods_fix_rate(struct goods *g);

/* A tax code proposed for a name, never applied by itself. */
struct code_hint {
	char code[20], short_name[400];
	int32_t rate_ppm;
	char reason[400]; /* 与“…”相似，用过 3 次 */
};
enum err desk_goods_suggest(struct session *s, const char *name, struct code_hint *out, int max,
			    int *n, struct err_info *e);
/* Rates a code may have in this unit, highest first, each once; preferences that go with a rate are
 * in tax/code.h.  free(*out). */
enum err desk_code_rates(struct session *s, const char *tax_code, int32_t **out, size_t *n,
			 struct err_info *e);

#endif
