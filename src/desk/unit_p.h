/* desk/unit_p.h - between the files of unit management. */
#ifndef KP_DESK_UNIT_P_H
#define KP_DESK_UNIT_P_H

#include "desk/unit.h"

/* Copies of the units that a reference names, the direct one first.  ERR_INVALID when there is
 * none. */
struct unit_set {
	struct unit *items;
	size_t n;
};
enum err unit_set_load(struct session *s, const struct unit_ref *ref, struct unit_set *out,
		       struct err_info *e);
/* The one using unit that "税号@环境", "税号" or "@环境" names; `last` (0: none) decides where only
 * the environment was given.  ERR_INVALID "unit.several" where that is not one. */
enum err unit_pick_using(struct session *s, const char *choice, int64_t last, struct unit *out,
			 struct err_info *e);
/* Ids of every unit that "税号" or "税号@环境" names, as direct and as using one; at most max.
 * ERR_INVALID "unit.unknown": none. */
enum err unit_ids_named(struct session *s, const char *text, int64_t *ids, size_t max, size_t *n,
			struct err_info *e);
/* Every unit of a role (NULL: both). */
enum err unit_set_all(struct session *s, const char *role, struct unit_set *out,
		      struct err_info *e);
/* Those ids, in that order. */
enum err unit_set_ids(struct session *s, const int64_t *ids, size_t n, struct unit_set *out,
		      struct err_info *e);
/* Takes those of `more` that are not in the set yet; `more` is empty then. */
void unit_set_join(struct unit_set *set, struct unit_set *more);
void unit_set_free(struct unit_set *set);
/* The one unit to change; where a company has both, the `prefer`red role. */
enum err unit_load_one(struct session *s, const struct unit_ref *ref, const char *prefer,
		       struct unit *out, struct err_info *e);
enum err unit_parse_env(const char *text, enum unit_env *env, struct err_info *e);
enum err unit_check_role(const char *role, struct err_info *e);

/* Checks the members of the form that are given and puts them into the unit. */
enum err unit_apply_form(struct session *s, struct unit *u, const struct unit_form *f,
			 char *warning, struct err_info *e);

/* What was sealed under another context of the unit, under its own; nothing where it has no key. */
enum err unit_seal_again(const struct session *s, struct unit *u, const char *before,
			 struct err_info *e);

/* A using unit hangs on a direct one that is verified (features C20): else ERR_INVALID
 * "unit.direct_first", said of `what`. */
enum err unit_direct_verified(const struct unit *above, const char *what, struct err_info *e);

/* The parts of adding and editing, in whatever transaction: a new unit out of the form, which is
 * for unit_free in any case; the changes of a form to one that is there; writing it with its audit
 * row. */
enum err unit_make(struct session *s, const struct unit_form *f, struct unit *u, char *warning,
		   struct err_info *e);
enum err unit_change(struct session *s, struct unit *u, const struct unit_form *f,
		     const char *rename_to, char *warning, struct err_info *e);
enum err unit_store(struct session *s, struct unit *u, const char *action, struct err_info *e);

/* ---- unit_hold.c: a unit that is removed with its records stands still meanwhile ---- */

/* Frozen, and marked as it was then: what is backed up after unit_hold is all there is as long as
 * unit_hold_same says so. */
struct unit_hold {
	int64_t ids[2]; /* the unit that issues, if any, and the direct one it goes with; 0 none */
	char marks[2][HASH_TEXT];
};
/* ids are given.  In a transaction of its own; refuses what is not at rest.  One that a person has
 * frozen, or a removal that was cut short, stays frozen. */
enum err unit_hold(struct session *s, struct unit_hold *h, struct err_info *e);
/* Inside a transaction: ERR_BUSY "unit.changed" when something has come since; backup: where it
 * is. */
enum err unit_hold_same(struct session *s, const struct unit_hold *h, const char *backup,
			struct err_info *e);
/* Nothing was removed: thaws what unit_hold froze. */
void unit_hold_end(struct session *s, const struct unit_hold *h);

#endif
