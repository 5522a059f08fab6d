/* store/templates.h - 发票模板: invoices kept under a name as a starting point, per unit, for one
 * person or for all clerks.  The body is the input form of the invoice, valid or not. */
#ifndef KP_STORE_TEMPLATES_H
#define KP_STORE_TEMPLATES_H

#include "store/db.h"
#include "tax/invoice.h"

enum { TEMPLATE_NAME_CHARS = 40, TEMPLATE_NAME = TEMPLATE_NAME_CHARS * 4 + 4 };

struct invoice_template {
	int64_t id, unit_id, owner_id; /* owner 0: shared */
	char name[TEMPLATE_NAME];
	enum invoice_kind kind;
	char buyer_name[1204];
	int64_t line_count, gross, uses, used_at, created_by, created_at, updated_at;
	char *body; /* owned, or NULL in rows of a list */
};
void invoice_template_free(struct invoice_template *t);

/* Inserts (id 0, gives id) or replaces name, owner and content by id.  A name that is taken among
 * the owner's: ERR_INVALID "template.exists". */
enum err store_template_put(struct db *db, struct invoice_template *t, struct err_info *e);
/* One's own and shared ones are found.  *found false: none of that id, or another person's. */
enum err store_template_get(struct db *db, int64_t unit, int64_t user, int64_t id,
			    struct invoice_template *out, bool *found, struct err_info *e);
/* By name: one's own goes before a shared one.  *id 0: none. */
enum err store_template_by_name(struct db *db, int64_t unit, int64_t user, const char *name,
				int64_t *id, struct err_info *e);
enum err store_template_delete(struct db *db, int64_t id, struct err_info *e);
/* Counts one use. */
enum err store_template_used(struct db *db, int64_t id, struct err_info *e);

/* Texts live during the call. */
typedef enum err (*template_each)(void *arg, const struct invoice_template *t);
/* One's own and shared ones with `text` in name or buyer (width and case aside), most used first;
 * cursor and *next count rows, 0 at the beginning and the end. */
enum err store_template_page(struct db *db, int64_t unit, int64_t user, const char *text,
			     int64_t cursor, int limit, template_each f, void *arg, int64_t *next,
			     int64_t *total, struct err_info *e);

#endif
