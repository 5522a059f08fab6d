/* sandbox/units.h - the fictional companies of the practice platform.
 *
 * A unit is a row of text columns; the same column names are used in SQL, in the control port and
 * in the start line.  A company that is both 直连单位 and 使用单位 is one row.
 */
#ifndef KP_SANDBOX_UNITS_H
#define KP_SANDBOX_UNITS_H

#include "sandbox/sandbox_p.h"

enum { UNIT_TEXT = 256 };

/* column, SQL and JSON name, default */
#define UNIT_COLUMNS(X)                                                                            \
	X(U_TAX_NO, "tax_no", "")                                                                  \
	X(U_NAME, "name", "")                                                                      \
	X(U_LEQI_ID, "leqi_id", "")                                                                \
	X(U_DIRECT, "direct", "") /* tax number of its 直连单位 */                             \
	X(U_IS_DIRECT, "is_direct", "N")                                                           \
	X(U_IS_USING, "is_using", "Y")                                                             \
	X(U_RELATION, "relation", "self") /* self 自用, joint 联用, other 他用 */            \
	X(U_DWGX, "dwgx", "02")           /* 单位关系; 00 and 04: without control */           \
	X(U_ACCESS, "access", "Y")        /* N: the access was suspended */                        \
	X(U_SERVICES, "services", "")     /* granted services, comma separated; empty: all */      \
	X(U_PROVINCE, "province", "14400000000")                                                   \
	X(U_NSRLX, "nsrlx", "1")                                                                   \
	X(U_NSRZTDM, "nsrztdm", "03")                                                              \
	X(U_FXNSRLX, "fxnsrlx", "")                                                                \
	X(U_NSRYJJB, "nsryjjb", "")                                                                \
	X(U_FXNSRBZ, "fxnsrbz", "N")                                                               \
	X(U_NSRXYDJ, "nsrxydj", "A")                                                               \
	X(U_XDPSDQYBZ, "xdpsdqybz", "Y")                                                           \
	X(U_HYDM, "hydm", "5179")                                                                  \
	X(U_ZFJGLXDM, "zfjglxdm", "0")                                                             \
	X(U_ADDRESS, "address", "练习市模拟大道1号")                                               \
	X(U_PHONE, "phone", "0755-00000000")                                                       \
	X(U_BANK, "bank", "练习银行模拟支行")                                                      \
	X(U_ACCOUNT, "account", "6200000000000000000")                                             \
	X(U_KPR, "kpr", "") /* registered issuing person (联用, 他用) */                       \
	X(U_KPRZJLX, "kprzjlx", "")                                                                \
	X(U_KPRZJHM, "kprzjhm", "")                                                                \
	X(U_QUOTA, "quota_total", "10000000.00") /* usual month total; 9999999999999999: 按需 */ \
	X(U_KEY_REAL, "key_real", "")                                                              \
	X(U_KEY_TEST, "key_test", "")                                                              \
	X(U_SAFETY, "safety_until", "") /* 开票安全验证截止日; empty: none */

enum unit_column {
#define X(id, name, value) id,
	UNIT_COLUMNS(X)
#undef X
	    U_N
};

struct unit {
	char v[U_N][UNIT_TEXT];
};

/* CREATE TABLE text. */
const char *unit_schema(void);
/* Fills an empty state with the preset companies. */
void unit_presets(struct sb *sb);
bool unit_by(struct sb *sb, enum unit_column key, const char *value, struct unit *out);
/* Calls f for every unit: 直连单位, 自用, then the others. */
void unit_each(struct sb *sb, void (*f)(void *ctx, const struct unit *u), void *ctx);
/* Adds or changes the unit named by body.tax_no; false with a sentence in error. */
bool unit_post(struct sb *sb, const cJSON *body, char error[256]);
/* Why the unit may not issue, apply or confirm (protocol 7.1), NULL when it may; *code: BI code. */
const char *unit_barred(const struct unit *u, const char **code);
/* Is the day of its 开票安全验证 over? */
bool unit_safety_over(const struct unit *u, int64_t now);
/* Whether the unit works without control of the direct unit (fpkjfsDm 4). */
bool unit_uncontrolled(const struct unit *u);
/* The ability a unit must call under: 202007, 202076, 202077. */
const char *unit_ability(const struct unit *u);
/* The key of the environment, 32 hexadecimal digits. */
const char *unit_key(const struct unit *u, enum env env);
/* Writes the array of the start line and of GET /units under `key`. */
void unit_write_all(struct sb *sb, struct json_out *o, const char *key);

#endif
