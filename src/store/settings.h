/* store/settings.h - users, parameters (配置项类型, key, 值), audit. */
#ifndef KP_STORE_SETTINGS_H
#define KP_STORE_SETTINGS_H

#include "store/db.h"

struct app_user {
	int64_t id, last_unit_id;
	char name[64], display_name[256], os_user[64], role[16];
	bool enabled;
};
enum err store_user_add(struct db *db, struct app_user *u, struct err_info *e); /* gives u->id */
/* By name, or by OS user; ERR_DENIED "user.unknown" when there is none or it is disabled. */
enum err store_user_find(struct db *db, const char *name, struct app_user *out, struct err_info *e);
enum err store_user_by_os(struct db *db, const char *os_user, struct app_user *out,
			  struct err_info *e);
/* Names of the enabled administrators, joined by 、; cut where there is no room. */
enum err store_user_admins(struct db *db, char *out, size_t size, struct err_info *e);
enum err store_user_get(struct db *db, int64_t id, struct app_user *out, struct err_info *e);
enum err store_user_set_last_unit(struct db *db, int64_t user, int64_t unit, struct err_info *e);

/* Value of a parameter, or fallback; copied into out. */
enum err store_setting_get(struct db *db, const char *type, const char *key, const char *fallback,
			   char *out, size_t size, struct err_info *e);
enum err store_setting_set(struct db *db, const char *type, const char *key, const char *value,
			   struct err_info *e); /* value NULL deletes */
/* A backup was brought back at or after this time: what was done for a thing of then may have been
 * done once before, after the backup was made. */
enum err store_before_restore(struct db *db, int64_t at, bool *out, struct err_info *e);
typedef enum err (*setting_each)(void *arg, const char *type, const char *key, const char *value);
enum err store_setting_list(struct db *db, const char *type, setting_each f, void *arg,
			    struct err_info *e);

struct audit_entry {
	int64_t user_id, unit_id;
	const char *action, *subject, *before, *after;
};
enum err store_audit_add(struct db *db, const struct audit_entry *a, struct err_info *e);

#endif
