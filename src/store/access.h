/* store/access.h - 开票员 of a unit, answers about its 接入条件, its 安全验证截止日. */
#ifndef KP_STORE_ACCESS_H
#define KP_STORE_ACCESS_H

#include "store/db.h"
#include "tax/access.h"

enum drawer_state { DRAWER_BOUND, DRAWER_WAITING, DRAWER_STOPPED };
const char *drawer_state_word(enum drawer_state s);  /* bound waiting stopped */
const char *drawer_state_label(enum drawer_state s); /* 已绑定 待绑定 已停用 */
bool drawer_state_parse(const char *text, enum drawer_state *out); /* either form */

enum { DRAWER_NAME = 1204, DRAWER_TYPE = 8, DRAWER_NUMBER = 40, DRAWER_PLATFORM = 244 };
struct drawer {
	int64_t id, unit_id, created_at, updated_at;
	enum drawer_state state;
	char name[DRAWER_NAME], id_type[DRAWER_TYPE], id_no[DRAWER_NUMBER];
	char platform[DRAWER_PLATFORM];
};
/* Inserts (id 0, gives id) or updates by id; ERR_INVALID "drawer.exists" for a name that is
 * there. */
enum err store_drawer_put(struct db *db, struct drawer *d, struct err_info *e);
enum err store_drawer_find(struct db *db, int64_t unit, const char *name, struct drawer *out,
			   bool *found, struct err_info *e);
enum err store_drawer_remove(struct db *db, int64_t id, struct err_info *e);
typedef enum err (*drawer_each)(void *arg, const struct drawer *d);
/* By name; bound ones first. */
enum err store_drawer_list(struct db *db, int64_t unit, drawer_each f, void *arg,
			   struct err_info *e);

struct eligibility_said {
	enum eligibility_answer answer;
	char note[ELIGIBILITY_NOTE], by[260];
	int64_t at;
};
/* Of the items 0..3, zeroed where nothing was said. */
enum err store_eligibility_get(struct db *db, int64_t unit,
			       struct eligibility_said out[ELIGIBILITY_ITEMS], struct err_info *e);
/* ANSWER_NONE without a note takes it back. */
enum err store_eligibility_put(struct db *db, int64_t unit, size_t item,
			       const struct eligibility_said *said, int64_t user,
			       struct err_info *e);

/* yyyy-MM-dd, "" takes it away. */
enum err store_unit_safety(struct db *db, int64_t unit, const char *until, struct err_info *e);

#endif
