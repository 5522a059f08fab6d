/* cli/catalogue_p.h - between the verbs of the catalogues. */
#ifndef KP_CLI_CATALOGUE_P_H
#define KP_CLI_CATALOGUE_P_H

#include "cli/cli_p.h"

/* What the options say, over what is there; "tax-no" is the member "tax_no". */
void cli_catalogue_fill(struct cli *c, void *item, const struct catalogue_field *fields);
/* --keep-twin. */
enum twin_policy cli_twins(const struct cli *c);
/* The same of an edit, where twins go by the name and an `other` option: one that was kept once is
 * no reason to refuse what has nothing to do with it. */
enum twin_policy cli_edit_twins(const struct cli *c, const char *other);
/* Says of a refused twin how to keep both; gives r back. */
enum err cli_twin_hint(struct cli *c, enum err r);

/* The conditions of list and export, without page. */
void cli_buyer_query(struct cli *c, struct buyer_query *q);
void cli_goods_query(struct cli *c, struct goods_query *q);

/* Removes what the arguments name: all or none. */
typedef enum err (*catalogue_find)(struct cli *c, const char *no, int64_t *id);
typedef enum err (*catalogue_remove)(struct session *s, const int64_t *ids, size_t n, int *removed,
				     struct err_info *e);
enum err cli_catalogue_remove(struct cli *c, catalogue_find find, catalogue_remove remove);

#endif
