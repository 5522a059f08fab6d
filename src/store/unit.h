/* store/unit.h - 直连单位 and 使用单位, with what the tax side says about them. */
#ifndef KP_STORE_UNIT_H
#define KP_STORE_UNIT_H

#include "base/secret.h"
#include "store/db.h"
#include "tax/code.h"
#include "tax/taxpayer.h"

enum unit_env { ENV_PRODUCTION, ENV_SANDBOX, ENV_PRACTICE };
const char *unit_env_word(enum unit_env env);           /* production, sandbox, practice */
const char *unit_env_label(enum unit_env env);          /* 正式, 沙箱, 演练 */
bool unit_env_parse(const char *s, enum unit_env *out); /* either form */

struct unit {
	int64_t id, direct_id; /* direct_id 0 for a direct unit */
	bool direct, joint, verified;
	enum unit_env env;
	char *tax_no, *name, *leqi_id, *region, *address, *phone, *bank, *account;
	char *url, *ca_pem, *connect_to, *sealed_key, *key_hint, *edition, *verify_error;
	char *proxy;    /* host:port, asked to CONNECT to the server of url; "" none */
	char *tls_name; /* whose certificate the server of url shows; "" the host of url */
	char *project, *filing_region;         /* 渠道/项目名称, 备案地区 */
	char *issue_channel, *collect_channel; /* src/tax/channel.h; "" none, NULL leqi */
	char *abilities;                       /* chosen ones: words with ',' between */
	char *handler;                         /* 经办身份: legal, finance, tax; "" */
	char *safety_until;                    /* 安全验证截止日 yyyy-MM-dd; "" not told */
	char *frozen_why;
	int64_t frozen_at;  /* 0: not frozen */
	int64_t granted_at; /* 0: not told */
	int64_t verified_at, created_at, updated_at;
};
void unit_free(struct unit *u);
/* Every text "", every number 0. */
void unit_blank(struct unit *u);
/* *to is the caller's, by unit_free. */
void unit_copy(const struct unit *from, struct unit *to);
/* What binds a sealed API key to its unit: "unit-key:<env>:<tax_no>", into out. */
enum { UNIT_KEY_CONTEXT = 64 };
const char *unit_key_context(const struct unit *u, char out[UNIT_KEY_CONTEXT]);
/* A new idempotency key of a request: using id, direct id, 32 random characters (protocol 1.8). */
void unit_serial(const struct unit *u, const struct unit *direct, char out[101]);

/* May it go to another environment?  Only a direct unit nothing hangs on, which the tax side of
 * its own never told anything about. */
enum err store_unit_movable(struct db *db, int64_t id, bool *out, struct err_info *e);
/* Inserts (id 0, gives id) or updates by id; the environment stays what it was inserted with, or
 * ERR_INVALID "unit.env_fixed", unless the unit is movable. */
enum err store_unit_put(struct db *db, struct unit *u, struct err_info *e);
/* ERR_INVALID "unit.unknown" when absent. */
enum err store_unit_get(struct db *db, int64_t id, struct unit *out, struct err_info *e);
/* By tax number; role NULL takes a using unit first, then a direct one; env NULL: any (the
 * newest). */
enum err store_unit_find(struct db *db, const char *tax_no, const char *role,
			 const enum unit_env *env, struct unit *out, struct err_info *e);
typedef enum err (*unit_each)(void *arg, const struct unit *u);
/* Those of a tax number, as direct and as using one (role NULL) in whatever environment, direct
 * ones first, by id. */
enum err store_unit_named(struct db *db, const char *tax_no, const char *role, unit_each f,
			  void *arg, struct err_info *e);
/* Conditions of a list, all of them together; NULL: none.  Texts are looked for anywhere in theirs,
 * width and case aside (features C3). */
struct unit_query {
	const char *role;
	const char *name, *tax_no, *project, *filing_region;
	const char *proxy; /* in proxy or connect_to */
	const char *state; /* verified, unverified, frozen */
	bool tree;         /* each direct unit before those below it; else by id */
};
enum err store_unit_query(struct db *db, const struct unit_query *q, unit_each f, void *arg,
			  struct err_info *e);
enum err store_unit_list(struct db *db, const char *role, unit_each f, void *arg,
			 struct err_info *e);
enum err store_unit_count(struct db *db, const char *role, int64_t *out, struct err_info *e);
/* The only using unit, or ERR_INVALID ("unit.none", "unit.choose"). */
enum err store_unit_only(struct db *db, struct unit *out, struct err_info *e);
enum err store_unit_set_state(struct db *db, int64_t id, bool verified, const char *error,
			      struct err_info *e);
/* at 0: may issue again. */
enum err store_unit_freeze(struct db *db, int64_t id, int64_t at, const char *why,
			   struct err_info *e);
/* What a person has collected for a unit, removed rows aside. */
struct unit_catalogue {
	int64_t buyers, goods, types;
};
enum err store_unit_catalogue(struct db *db, int64_t id, struct unit_catalogue *out,
			      struct err_info *e);
/* ERR_INVALID "unit.used" while invoices, numbers, quota or other using units hang on it, or a call
 * that the tax side may have obeyed has no answer; "unit.quota" while quota of it was not given
 * back (features C26). */
enum err store_unit_unused(struct db *db, int64_t id, struct err_info *e);
/* Some of its buyers or goods, which may be very many, before it is removed; *gone 0: none left. */
enum err store_unit_shed(struct db *db, int64_t id, int most, int *gone, struct err_info *e);
/* With all that is left of it.  Refused as store_unit_unused says. */
enum err store_unit_remove(struct db *db, int64_t id, struct err_info *e);
/* store_unit_unused without what store_unit_drop_records removes; invoices whose end is not known
 * are refused as well, and calls without an answer. */
enum err store_unit_at_rest(struct db *db, int64_t id, struct err_info *e);
/* Its invoices, numbers and quota with all that was derived from them: only with a backup
 * (unit_records.c). */
enum err store_unit_drop_records(struct db *db, int64_t id, struct err_info *e);
/* A mark of what store_unit_drop_records and store_unit_remove would delete: it is another one when
 * something of it has come or changed since. */
enum err store_unit_mark(struct db *db, int64_t id, char out[HASH_TEXT], struct err_info *e);
/* Why a unit is frozen while it is being removed; one whose removal was cut short stays so. */
#define UNIT_REMOVAL_WHY "正在连同记录删除；中断了的，再删除一次，或解除冻结（中断时什么都没有删）"
/* Thaws those: a home that is restored removes nothing. */
enum err store_unit_removals_end(struct db *db, struct err_info *e);
/* What that would remove. */
struct unit_records {
	int64_t invoices, numbers; /* numbers: in hand, not taken */
	int64_t quota;             /* of this month, fen */
};
enum err store_unit_records(struct db *db, int64_t id, struct unit_records *out,
			    struct err_info *e);
/* Its own, or those of the using units below it. */
enum err store_unit_has_invoices(struct db *db, int64_t id, bool *out, struct err_info *e);

/* Taxpayer data; absent: *found false and *out zeroed. */
enum err store_taxpayer_get(struct db *db, int64_t unit, struct taxpayer *out, bool *found,
			    struct err_info *e);
/* What differs from what was told before is kept as changes; so are the rates'. */
enum err store_taxpayer_put(struct db *db, int64_t unit, const struct taxpayer *t,
			    struct err_info *e);
/* Is the name of the unit the one the tax side has (width, case and blanks aside)?  True, too, when
 * it told none.  Else what is wrong and how it is mended is put into e: of that class,
 * "unit.name". */
bool store_taxpayer_named(const struct taxpayer *t, const struct unit *u, enum err class,
			  struct err_info *e);
/* One thing of a unit that the tax side changed: key as in the JSON of `taxpayer show`, of a rate
 * rates.RATE or rates.RATE.levy. */
struct taxpayer_change {
	int64_t id, at;
	char key[32];
	const char *before, *after; /* "" nothing */
};
typedef enum err (*taxpayer_change_each)(void *arg, const struct taxpayer_change *c);
/* Newest first, ids below cursor (0: from the start), at most limit; key NULL: all; a key with a
 * point behind it: all below it. */
enum err store_taxpayer_changes(struct db *db, int64_t unit, const char *key, int64_t cursor,
				int limit, taxpayer_change_each f, void *arg, struct err_info *e);
/* Adds one, at the present time; inside a transaction. */
enum err store_taxpayer_change_add(struct db *db, int64_t unit, const char *key, const char *before,
				   const char *after, struct err_info *e);
/* Replaces the rates of a unit. */
enum err store_rates_put(struct db *db, int64_t unit, const struct tax_rate *rates, size_t n,
			 struct err_info *e);
/* malloc'd array. */
enum err store_rates_get(struct db *db, int64_t unit, struct tax_rate **out, size_t *n,
			 struct err_info *e);
/* The codes of 差额征税: replaces those of a unit; how many there are (0: never told); one of them,
 * *found false when it is none; *out is freed by differential_code_free. */
enum err store_differential_put(struct db *db, int64_t unit, const struct differential_code *codes,
				size_t n, struct err_info *e);
enum err store_differential_count(struct db *db, int64_t unit, int64_t *out, struct err_info *e);
enum err store_differential_get(struct db *db, int64_t unit, const char *code,
				struct differential_code *out, bool *found, struct err_info *e);

#endif
