/* leqi/leqi.h - facade of the leqi room: the wire to 乐企.
 *
 * Purpose     A call is a function from request struct to outcome: envelope, headers, SM4-ECB,
 *             three error layers, gzip, numbers or strings (protocol ch. 1-5).  Tables map our
 *             structs to the wire's keys; pinyin lives in this room only.
 * Invariants  No state beyond connections, no retry, no SQL.  TLS is 1.2 or newer and always
 *             verified (system store or the unit's own CA); a request body is never sent to an
 *             unverified peer, and never twice; redirects are not followed.  Keys never appear in a
 *             reply, a trace or a log.  Answers are bounded (LEQI_ANSWER_MAX), validated UTF-8 and
 *             stripped of control characters.
 * Doubt       A fault before the first byte of the body was taken is LATER or MISCONFIGURED: the
 *             call was certainly not processed.  After that everything unreadable is LOST, also an
 *             unknown code of the platform.
 * Calling     One struct leqi per thread; connections are kept alive per host.  Every function
 *             returns the class of the reply and fills *rep; release with leqi_reply_free.  A
 *             per-call trace callback sees the request before the first byte leaves and may forbid
 *             the call.  Crash points: "leqi.before" and "leqi.after" around the network.
 * Ownership   The caller owns requests and replies; nothing is kept.
 */
#ifndef KP_LEQI_LEQI_H
#define KP_LEQI_LEQI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "tax/code.h"
#include "tax/invoice.h"
#include "tax/red.h"
#include "tax/summary.h"
#include "tax/taxpayer.h"

enum {
	LEQI_KEY = 16,
	LEQI_ANSWER_MAX = 256 * 1024 * 1024,
	LEQI_SERIAL_TEXT = 101,
	LEQI_RECEIPT_TEXT = 64
};

struct leqi;

/* How to reach the tax side for one using unit.  All strings are the caller's. */
struct leqi_unit {
	const char *base_url;     /* .../invoke or .../invoke/ */
	const char *direct_id;    /* 接入单位平台编号 */
	const char *using_id;     /* 使用单位平台编号 */
	const unsigned char *key; /* LEQI_KEY bytes */
	const char *ability;      /* 202007; 202076 for 联用; NULL: 202007 */
	const char *ca_pem;       /* own CA certificates, or NULL for the system store */
	const char *connect_to;   /* forwarding "host:port" or NULL; the URL's name is verified */
	const char *proxy;        /* "host:port" that is asked to CONNECT, or NULL */
	const char *tls_name;     /* the server's own name where base_url has an address; or NULL */
	const char *use_case;     /* 用例编码, sandbox only, or NULL */
	bool sandbox_flag;        /* 沙箱测试标志 */
	bool joint;               /* 联用 */
	const char *edition;      /* "4.000", "5.001" ...; NULL: newest */
	long connect_ms, total_ms; /* 0: defaults (10 s, 60 s) */
};

/* What an outcome means for the job (architecture: error classes). */
enum leqi_class {
	LEQI_OK,            /* returncode 00 */
	LEQI_REFUSED,       /* decrypted answer with another returncode: this request is refused */
	LEQI_MISCONFIGURED, /* needs another configuration: codes, certificate, key */
	LEQI_LATER, /* certainly not processed: no connection, flow control, trace forbade */
	LEQI_LOST,  /* may have been processed: timeout, reset, 5xx, HTML, cut, undecryptable */
};
const char *leqi_class_word(
    enum leqi_class c); /* ok refused misconfigured later lost: request log */

struct leqi_reply {
	enum leqi_class class;
	int http_status;        /* 0: none */
	char platform_code[16]; /* httpStatusCode of the envelope, "" when none */
	char return_code[16];   /* of the decrypted answer */
	char message[900]; /* cleaned text of the tax side, or our own words on a transport fault */
	char hint[320];    /* how to mend, for MISCONFIGURED and LATER */
	char request_id[64]; /* of the platform */
	char trace_id[40];   /* our clientTid */
	char url[300];
	long took_ms;
	int retry_after_s;   /* flow control: wait at least this long; else 0 */
	int64_t server_time; /* Date header as Unix time, 0: none (clock skew) */
	bool unread;         /* LOST: it answered, and gave something that cannot be worked with */
	char *request, *answer; /* plain JSON, documents starred; owned. An answer that cannot be
				 * opened is given as it came, at most 4 KiB. */
};
void leqi_reply_free(struct leqi_reply *rep);
/* Fills e from a reply: class OK->ERR_OK, REFUSED->ERR_REFUSED, MISCONFIGURED->ERR_REFUSED,
 * LATER->ERR_BUSY, LOST->ERR_UNKNOWN. `what` is the action ("下载额度"). */
enum err leqi_error(const struct leqi_reply *rep, const char *what, struct err_info *e);

/* Called before the first byte: service, rep->trace_id/url/request are filled. Not ERR_OK
 * forbids the call (class LATER). */
typedef enum err (*leqi_trace)(void *arg, const char *service, const struct leqi_reply *rep);

enum err leqi_open(struct leqi **out, struct err_info *e);
void leqi_close(struct leqi **l);
void leqi_set_trace(struct leqi *l, leqi_trace f, void *arg);

/* Makes a serial for idempotent requests: using id + direct id + 32 random characters (protocol
 * 1.8). */
void leqi_serial(const struct leqi_unit *u, char out[LEQI_SERIAL_TEXT]);

/* ---- interfaces (service code in brackets; protocol 4.1) ---- */

/* [QDFPPLFM] count 1..5000; same serial and count gives the same segment. */
struct leqi_numbers {
	char first[NUMBER_TEXT], last[NUMBER_TEXT];
	int64_t count;
};
enum leqi_class leqi_claim_numbers(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				   int64_t count, const char *serial, struct leqi_numbers *out,
				   struct leqi_reply *rep);

/* [CXSXED] amounts in fen; the 按需开票 value fits. */
struct leqi_quota {
	bool paused;
	int64_t total, available, downloaded, unused;
	char month[8]; /* yyyy-MM */
};
enum leqi_class leqi_query_quota(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				 const char *region, struct leqi_quota *out,
				 struct leqi_reply *rep);
/* [XZTHSXED] download (returned interval yyyy-MM-dd in start/end, may be "") or return. */
struct leqi_interval {
	char month[8], start[11], end[11];
};
enum leqi_class leqi_move_quota(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				const char *region, bool download, int64_t fen, const char *serial,
				struct leqi_interval *out, struct leqi_reply *rep);
/* [TZSXEDYXQ] month yyyy-MM */
enum leqi_class leqi_adjust_quota(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				  const char *region, const char *month, struct leqi_interval *out,
				  struct leqi_reply *rep);

/* [CXNSRFXXX] and [CXNSRJBXX] fill their members of *t and leave the others. */
enum leqi_class leqi_query_risk(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				const char *region, struct taxpayer *t, struct leqi_reply *rep);
enum leqi_class leqi_query_taxpayer(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				    const char *region, struct taxpayer *t, struct leqi_reply *rep);
/* [CXKYSL] malloc'd array. */
enum leqi_class leqi_query_rates(struct leqi *l, const struct leqi_unit *u, struct tax_rate **out,
				 size_t *n, struct leqi_reply *rep);
/* [CXCEZSBM] malloc'd array; each freed by differential_code_free. */
enum leqi_class leqi_query_differential(struct leqi *l, const struct leqi_unit *u,
					struct differential_code **out, size_t *n,
					struct leqi_reply *rep);
/* [CXSSFLBM] stamp "" or that of the last answer; each row is handed to f; new_stamp gets the
 * answer's. "Nothing new" is LEQI_OK with *count 0 and new_stamp = stamp. */
typedef enum err (*leqi_code_each)(void *arg, const struct tax_code *c);
enum leqi_class leqi_query_codes(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				 const char *region, const char *stamp, leqi_code_each f, void *arg,
				 char new_stamp[24], size_t *count, struct leqi_reply *rep);

/* The wire JSON object of one invoice (deterministic bytes), checked against the field table
 * (lengths, required): ERR_INVALID names the field by its Chinese name. */
struct leqi_invoice {
	const struct invoice *invoice;             /* computed, numbered, issued_at set */
	const char *direct_id, *region;            /* 平台编号, 区域代码 */
	const char *ip, *mac;                      /* of this machine */
	const char *drawer_id_type, *drawer_id_no; /* 联用 */
	bool joint;
	const char *edition;
};
enum err leqi_invoice_body(const struct leqi_invoice *in, struct buf *out, struct err_info *e);
/* The machine's address and MAC (first up, non-loopback interface; a fixed private pair when
 * there is none): ip[48], mac[24] as xx-xx-xx-xx-xx-xx upper case. */
void leqi_machine(char ip[48], char mac[24]);

/* [QDFPSC] bodies: JSON objects made by leqi_invoice_body, n <= 100; receipt on OK. */
struct leqi_body {
	const char *json;
	size_t len;
};
enum leqi_class leqi_upload(struct leqi *l, const struct leqi_unit *u,
			    const struct leqi_body *bodies, size_t n,
			    char receipt[LEQI_RECEIPT_TEXT], struct leqi_reply *rep);
/* [CXQDFPSCJG] per-invoice results. "Not found yet" (returncode 01 / BI2000) is LEQI_OK with *n
 * 0. */
enum leqi_status {
	LEQI_STATUS_DONE,
	LEQI_STATUS_PROCESSING,
	LEQI_STATUS_FAILED,
	LEQI_STATUS_DUPLICATE
};
struct leqi_result {
	char number[NUMBER_TEXT];
	enum leqi_status status;
	char code[24];
	char message[600];
};
enum leqi_class leqi_upload_result(struct leqi *l, const struct leqi_unit *u, const char *receipt,
				   struct leqi_result **out, size_t *n, struct leqi_reply *rep);

/* ---- 汇总确认 (summary.c; protocol 7.13) ---- */

/* [CXFPHZQRXX] of all platforms the taxpayer issues by; malloc'd array.  Not told: LEQI_OK with
 * *n 0.  Red amounts are negative. */
struct leqi_summary {
	char platform[24], month[8];
	struct summary_figures figures;
};
enum leqi_class leqi_query_summary(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				   const char *region, const char *month, struct leqi_summary **out,
				   size_t *n, struct leqi_reply *rep);
/* [SCFPHZQRXX] confirms a month with the six figures of this platform, NULL cancels.  It has no
 * serial: what is lost is sent again as it was. */
enum leqi_class leqi_send_summary(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				  const char *region, const char *month,
				  const struct summary_figures *six, struct leqi_reply *rep);
/* What a refusal says: the figures are not the tax side's; the month is confirmed, or is not. */
bool leqi_says_unequal(const char *message);
bool leqi_says_confirmed(const char *message);
bool leqi_says_unconfirmed(const char *message);

/* ---- what the tax side has (recon.c) ---- */

/* [PLFPXZSQ] of 归集 (203067): issued invoices of a kind, first and last day as yyyyMMdd in one
 * month.  Few are allowed (protocol 8.1); REFUSED 03 is one too many or no right. */
enum { LEQI_COLLECT_SERIAL = 40, LEQI_PACKAGE_MAX = 2000, LEQI_PACKAGES_MAX = 10000 };
enum leqi_class leqi_collect_apply(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				   const char *first, const char *last, enum invoice_kind kind,
				   char serial[LEQI_COLLECT_SERIAL], struct leqi_reply *rep);
/* [PLFPXZSQFK] a package of an application, from 1; each face (protocol 4.7) is handed to f.  What
 * inflates without end is refused while it does, LOST.  f's error: LATER, faces before it were
 * handed over. */
struct leqi_face {
	char number[NUMBER_TEXT], issued_at[DATETIME_TEXT], seller_tax_no[32], buyer_tax_no[32];
	char buyer_name[600];
	char blue_number[NUMBER_TEXT]; /* of a red one; "": not told, or an old one */
	bool red;
	int rows; /* of goods; -1: not told */
	int64_t net, tax, gross;
};
enum leqi_package_state {
	LEQI_PACKAGE_RUNNING, /* ask again in 3 to 5 minutes */
	LEQI_PACKAGE_READY,
	LEQI_PACKAGE_NONE, /* no such invoices */
	LEQI_PACKAGE_FAILED
};
struct leqi_package {
	enum leqi_package_state state;
	int packages;
};
typedef enum err (*leqi_face_each)(void *arg, const struct leqi_face *f);
enum leqi_class leqi_collect_fetch(struct leqi *l, const struct leqi_unit *u, const char *serial,
				   int package, leqi_face_each f, void *arg,
				   struct leqi_package *out, struct leqi_reply *rep);
/* [FPZTXXCX] one invoice by number and day (yyyyMMdd); an edition before 4.000 has it under 归集.
 * It says nothing of amounts. */
struct leqi_usage {
	bool found, locked; /* 红字锁定 */
	char number[NUMBER_TEXT], issued_at[DATETIME_TEXT];
	char state[4], use[4], period[8]; /* fpzt, fpyt, 税款所属期 yyyy-MM */
};
enum leqi_class leqi_query_usage(struct leqi *l, const struct leqi_unit *u, const char *number,
				 const char *day, enum invoice_kind kind, struct leqi_usage *out,
				 struct leqi_reply *rep);
const char *leqi_usage_label(const char *state); /* 正常 作废 已红冲 部分红冲 全额冲红 */

/* ---- red letters (red.c, red_list.c; protocol 7.10, 7.11) ---- */

/* [QDHZQRDSQ] the letter with its lines; ERR_INVALID of the table is MISCONFIGURED.  The state is
 * "" when the answer does not say. */
enum { LEQI_LETTER_NUMBER = 21, LEQI_LETTER_UUID = 33 };
struct leqi_red_answer {
	char number[LEQI_LETTER_NUMBER], uuid[LEQI_LETTER_UUID], state[4];
};
enum leqi_class leqi_red_apply(struct leqi *l, const struct leqi_unit *u,
			       const struct red_letter *letter, struct leqi_red_answer *out,
			       struct leqi_reply *rep);
/* The request alone, checked against the field table: ERR_INVALID names the field. */
enum err leqi_red_body(const struct red_letter *letter, struct buf *out, struct err_info *e);
/* [QDHZQRDQR] confirm, deny or revoke.  The time is "" when the answer has none. */
enum leqi_class leqi_red_act(struct leqi *l, const struct leqi_unit *u,
			     const struct red_letter *letter, enum red_action action,
			     char confirmed_at[DATETIME_TEXT], struct leqi_reply *rep);
/* [CXQDHZQRDLB] one page, letters without lines, each handed to f.  Without days the tax side gives
 * the current month only.  "None" (RI3004) is LEQI_OK with no rows.  f's error: LATER, letters
 * before it were handed over.  Rows nobody can read are counted, and the others handed over. */
struct leqi_red_query {
	enum red_side side;        /* ours */
	const char *tax_no, *name; /* of our side */
	const char *from, *to;     /* 录入日期 yyyy-MM-dd; NULL or "" */
	const char *entered_by, *blue_code, *blue_number, *number, *state; /* NULL or "": any */
	unsigned page, size;                                               /* from 1 */
};
struct leqi_red_page {
	int64_t total; /* -1: not told */
	size_t rows, unread;
};
typedef enum err (*leqi_red_each)(void *arg, const struct red_letter *letter);
enum leqi_class leqi_red_list(struct leqi *l, const struct leqi_unit *u,
			      const struct leqi_red_query *q, leqi_red_each f, void *arg,
			      struct leqi_red_page *out, struct leqi_reply *rep);
/* [CXQDHZQRDMX] head and lines; the caller frees *out (also when nothing was found).  RI4000 is
 * LEQI_OK with *found false.  Found without lines: those cannot be read, or do not add up to
 * the head.  A head that cannot be read is LOST and rep->unread. */
enum leqi_class leqi_red_detail(struct leqi *l, const struct leqi_unit *u, const char *uuid,
				const char *seller_tax_no, struct red_letter *out, bool *found,
				struct leqi_reply *rep);
/* A refused application: the blue invoice is not known there (yet), or a letter for it is under
 * way already (protocol 5.4, 5.5). */
bool leqi_red_says_unknown_blue(const struct leqi_reply *rep);
bool leqi_red_says_exists(const struct leqi_reply *rep);

/* True when a refusal text says that the number already exists
 * (发票号码为[...]在数据库中已存在); number[21] gets the number the text names, "" when it names
 * none. */
bool leqi_says_duplicate(const char *message, char number[NUMBER_TEXT]);
/* True when a refusal is about risk, quota, time or the network rather than the invoice's content:
 * the same invoice may be sent again after the cause is gone (protocol 7.4). */
bool leqi_cause_is_outside(const char *code_or_message);

/* Version of the HTTP library with its TLS backend. */
const char *leqi_transport_version(void);

/* Decodes one reply envelope (fuzz target and tests): as a call would see it. */
enum leqi_class leqi_decode(const unsigned char key[LEQI_KEY], const char *bytes, size_t n,
			    struct leqi_reply *rep);
/* base64(SM4-ECB-PKCS#7) and back (protocol 1.7). */
enum err leqi_seal(const unsigned char key[LEQI_KEY], const void *plain, size_t n, struct buf *out);
enum err leqi_unseal(const unsigned char key[LEQI_KEY], const char *text, size_t n,
		     struct buf *out);
bool leqi_key_parse(const char *hex, unsigned char key[LEQI_KEY]);

/* Documentation of the wire tables: i-th row of a service's request (false past the end). */
struct leqi_field_doc {
	const char *key, *label, *type, *note;
	unsigned length;
	bool required;
};
bool leqi_field(const char *service, size_t i, struct leqi_field_doc *out);

/* The hops of a call, in the order it takes them.  With a proxy the first two are those to it. */
enum leqi_hop {
	LEQI_HOP_NAME,    /* name resolution */
	LEQI_HOP_TCP,     /* the port answers */
	LEQI_HOP_PROXY,   /* CONNECT is granted */
	LEQI_HOP_TLS,     /* handshake, name, chain, dates */
	LEQI_HOP_CLOCK,   /* the server's Date */
	LEQI_HOP_PATH,    /* there is a platform at the address (404, ResourceNotFound) */
	LEQI_HOP_DIRECT,  /* 直连单位乐企ID */
	LEQI_HOP_USING,   /* 使用单位乐企ID */
	LEQI_HOP_KEY,     /* 密钥 */
	LEQI_HOP_ADDRESS, /* 出口 IP */
	LEQI_HOP_ABILITY, /* 能力 and qualification */
	LEQI_HOP_REGION,  /* 省级税务机关代码 */
	LEQI_HOPS         /* none of them: whatever it is, the way is free */
};
const char *leqi_hop_word(enum leqi_hop h); /* name tcp proxy tls clock path ...; "" */
/* Which hop a call that is not OK was stopped at (protocol 5.1; features N67); LEQI_HOPS when it
 * says none. */
enum leqi_hop leqi_reply_hop(const struct leqi_reply *rep);

/* The first hops, for doctor: resolves, connects, does the TLS handshake; sends a HEAD without any
 * secret.  Not ERR_OK: `fault` is the hop that failed, and e says why. */
struct leqi_probe {
	bool resolved, connected, verified;
	enum leqi_hop fault; /* LEQI_HOPS: none of NAME, TCP, PROXY, TLS */
	char address[64], message[300];
	long took_ms;
	int64_t server_time;
};
enum err leqi_probe(struct leqi *l, const struct leqi_unit *u, struct leqi_probe *out,
		    struct err_info *e);

#endif
