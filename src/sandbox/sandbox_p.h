/* sandbox/sandbox_p.h - what the files of the practice platform share.
 *
 * Calling     Functions that touch sb->db are called with sb->lock held.  Money in SQL is int64_t
 *             fen; money in checks is an exact rational (num.h).
 */
#ifndef KP_SANDBOX_P_H
#define KP_SANDBOX_P_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

#define SANDBOX_SERVER_NAME "lqpt.chinatax.gov.cn"

enum { SB_PATH = 512, SB_STMTS = 256, SB_BODY_MAX = 96 * 1024 * 1024 };

enum env { ENV_REAL, ENV_TEST, ENV_N };
/* "正式" or "沙箱". */
const char *env_name(enum env env);
/* Also takes "prod" and "sandbox"; false: neither. */
bool env_parse(const char *text, enum env *out);

struct taxcodes;

struct sb {
	char dir[SB_PATH];
	sqlite3 *db;
	struct {
		const char *sql;
		sqlite3_stmt *stmt;
	} stmts[SB_STMTS];
	bool db_failed; /* a statement of the running transaction failed */
	pthread_mutex_t lock;
	struct taxcodes *codes;
	int64_t result_delay_ms; /* status 01 until then */
	int64_t receipt_life_ms; /* a receipt can be queried this long */
	bool play;               /* others begin red letters by themselves */
};

/* ---- store.c: the state file ---- */

enum err db_open(struct sb *sb, struct err_info *e);
void db_close(struct sb *sb);
void db_begin(struct sb *sb);
/* False: the transaction was rolled back (disk full, damaged file). */
bool db_commit(struct sb *sb);
void db_rollback(struct sb *sb);
/* Prepares (once per literal), binds and returns the statement.  types: t = const char *,
 * i = int64_t.  NULL on failure (sb->db_failed is set). */
sqlite3_stmt *db_query(struct sb *sb, const char *sql, const char *types, ...);
/* The next row of a query; false past the last. */
bool db_next(struct sb *sb, sqlite3_stmt *stmt);
/* Runs a statement without rows. */
bool db_run(struct sb *sb, const char *sql, const char *types, ...);
const char *db_text(sqlite3_stmt *stmt, int column); /* never NULL */
int64_t db_int(sqlite3_stmt *stmt, int column);
/* First column of the first row, or `otherwise`. */
int64_t db_value(struct sb *sb, int64_t otherwise, const char *sql, const char *types, ...);

/* ---- one call of an interface ---- */

struct unit;

struct headers {
	const char *jrdwptbh, *sydwptbh, *fwbm, *nlbm, *ylbm, *sxcsbz, *access_token, *client_tid,
	    *ptlx, *content_type;
};

struct request {
	enum env env;
	char ability[16], service[32];
	char id[17]; /* RequestId */
	struct headers h;
	const struct unit *direct, *unit; /* 直连单位, 使用单位 */
	const cJSON *json;                /* decrypted request */
	int64_t now_ms;
};

/* A service writes its decrypted answer (a JSON object) into data. */
typedef void service_fn(struct sb *sb, const struct request *rq, struct buf *data);

service_fn numbers_service, quota_query_service, quota_move_service, quota_interval_service,
    risk_service, taxpayer_service, rates_service, taxcodes_service, differential_service,
    upload_service, result_service, collect_apply_service, collect_fetch_service, usage_service,
    summary_query_service, summary_confirm_service, red_apply_service, red_confirm_service,
    red_list_service, red_detail_service;

/* ---- answer.c: building answers ---- */

/* {"returncode":code,"returnmsg":text} */
void answer_fail(struct buf *data, const char *code, const char *fmt, ...) ERR_PRINTF(3, 4);
/* Opens the object with returncode 00; the caller adds keys and closes it with json_close('}'). */
void answer_open(struct json_out *o, struct buf *data);
/* An amount or count: a string, or a JSON number while the switch json_numbers is on. */
void answer_fen(struct json_out *o, const char *key, int64_t fen);
void answer_int(struct json_out *o, const char *key, int64_t v);
/* "123.45" */
enum { MONEY_TEXT = 32 };
const char *money_format(int64_t fen, char out[MONEY_TEXT]);
/* At most 16 digits before and 2 after the point; false: not such a number. */
bool money_parse(const char *s, int64_t *fen);
/* True when the request names the tax number of the using unit under `key`; else the answer is
 * written. */
bool answer_same_taxpayer(const struct request *rq, const char *key, struct buf *data);

/* ---- numbers.c ---- */

enum segment_state { SEGMENT_NONE, SEGMENT_UNKNOWN, SEGMENT_OK };
/* Whether the number lies in a segment handed to this taxpayer in this environment and its present
 * province; NONE: the taxpayer has no segment at all. */
enum segment_state numbers_find(struct sb *sb, enum env env, const struct unit *u,
				const char *fphm);
/* Digits 3-6 of this unit's numbers: province and kind. */
void numbers_structure(const struct unit *u, char out[5]);

/* ---- quota.c ---- */

enum quota_state { QUOTA_OK, QUOTA_MISSING, QUOTA_OUTSIDE, QUOTA_SHORT };
/* Takes fen from the downloaded quota of the month of kprq (business seconds), or says why not. */
enum quota_state quota_use(struct sb *sb, enum env env, const struct unit *u, int64_t kprq,
			   int64_t fen);
/* Gives fen back to the month of kprq: a red invoice of the same month. */
void quota_give(struct sb *sb, enum env env, const struct unit *u, int64_t kprq, int64_t fen);
bool quota_month_locked(struct sb *sb, enum env env, const char *tax_no, int64_t kprq);
/* Makes the row of a month exist with the unit's usual total. */
void quota_row(struct sb *sb, enum env env, const char *tax_no, const char *month);
void quota_month_end(const char *month, char out[9]);

/* ---- rates.c ---- */

/* Whether the rate (parts per million) is enabled on the day "yyyy-MM-dd". */
bool rates_enabled(struct sb *sb, long ppm, const char *day);
void rates_preset(struct sb *sb);

/* ---- leqi.c, log ---- */

struct http_call;
void leqi_handle(void *sb, struct http_call *call);
bool leqi_admit(void *sb, struct http_call *call);
void control_handle(void *sb, struct http_call *call);
/* Control verbs that change something; false: no such path. */
bool control_post(struct sb *sb, const char *path, const cJSON *body, struct json_out *o,
		  char error[256]);

/* ---- tls.c ---- */

struct tls_files {
	char ca_file[SB_PATH];
	char *key, *chain; /* PEM, owned */
};
enum err tls_prepare(const char *dir, struct tls_files *out, struct err_info *e);
void tls_free(struct tls_files *t);

/* ---- sm4.c ---- */

enum { SM4_KEY = 16 };
bool sm4_key_parse(const char *hex, unsigned char key[SM4_KEY]);
/* base64(SM4-ECB-PKCS#7(plain)) appended to out. */
bool sm4_seal(const unsigned char key[SM4_KEY], const char *plain, size_t n, struct buf *out);
/* The reverse; white space in the text is ignored.  False: not base64, not whole blocks, or bad
 * padding. */
bool sm4_open(const unsigned char key[SM4_KEY], const char *text, size_t n, struct buf *out);

#endif
