/* sandbox/faces.c - faces of issued invoices, packed; invoices put there or taken away by hand. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/date.h"
#include "base/text.h"
#include "sandbox/collect.h"
#include "sandbox/faults.h"
#include "sandbox/red.h"
#include "sandbox/units.h"

enum { MIB = 1024 * 1024, FILL_MAX = 1000000, PREFIX = 12 };

#define OF_QUERY                                                                                   \
	" FROM invoice WHERE env=?1 AND tax_no=?2 AND kprq>=?3 AND kprq<=?4||' 99'"                \
	" AND instr(body, ?5)>0"

static const char *kind_mark(const char *kind)
{
	return strcmp(kind, "81") == 0   ? "\"fppz\":\"01\""
	       : strcmp(kind, "82") == 0 ? "\"fppz\":\"02\""
					 : "\"none\"";
}

int64_t face_count(struct sb *sb, const struct face_query *q)
{
	return db_value(sb, 0, "SELECT count(*)" OF_QUERY, "itttt", (int64_t)q->env, q->tax_no,
			q->from, q->to, kind_mark(q->kind));
}

/* ---- one face ---- */

static void write_lines(struct json_out *o, const cJSON *body)
{
	static const char *const keys[] = {"xmmc", "ggxh", "dw", "se", "je"};
	const cJSON *line;
	long long at = 0;

	json_open(o, "hwxx", '[');
	cJSON_ArrayForEach(line, json_get(body, "fpmxList"))
	{
		json_open(o, NULL, '{');
		json_put_int(o, "xh", ++at);
		json_put(o, "slv", json_member(line, "slv"));
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			json_put(o, keys[i], json_member(line, keys[i]));
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void write_face(struct json_out *o, sqlite3_stmt *q)
{
	static const char *const keys[] = {"xsfnsrsbh", "xsfmc", "gmfnsrsbh", "gmfmc", "bz", "kpr"};
	cJSON *body = NULL;
	char text[MONEY_TEXT];
	const char *json = db_text(q, 5);

	if (json_parse(json, strlen(json), SB_BODY_MAX, &body, NULL))
		return;
	json_open(o, NULL, '{');
	json_put(o, "fphm", db_text(q, 0));
	json_put(o, "kprq", db_text(q, 1));
	json_put(o, "fppzDm", strcmp(json_member(body, "fppz"), "01") == 0 ? "81" : "82");
	json_put(o, "sflzfp", db_int(q, 4) < 0 ? "N" : "Y");
	json_put(o, "kjhzfpdydlzfphm", json_member(body, "dylzfphm"));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		json_put(o, keys[i], json_member(body, keys[i]));
	json_put(o, "hjje", money_format(db_int(q, 2), text));
	json_put(o, "hjse", money_format(db_int(q, 3), text));
	json_put(o, "jshj", money_format(db_int(q, 4), text));
	write_lines(o, body);
	json_close(o, '}');
	json_free(&body);
}

/* ---- packing ---- */

struct packer {
	z_stream z;
	struct buf out;
	bool ok;
};

static void pack(struct packer *p, const char *bytes, size_t n, bool last)
{
	unsigned char piece[64 * 1024];
	int rc;

	p->z.next_in = (unsigned char *)(uintptr_t)bytes;
	p->z.avail_in = (uInt)n;
	do {
		p->z.next_out = piece;
		p->z.avail_out = sizeof(piece);
		rc = deflate(&p->z, last ? Z_FINISH : Z_NO_FLUSH);
		buf_add(&p->out, piece, sizeof(piece) - p->z.avail_out);
	} while (p->z.avail_out == 0);
	p->ok = p->ok && rc != Z_STREAM_ERROR && !p->out.failed;
}

/* What inflates to very much: blanks between the invoices, or a text in one of them. */
static void pack_bomb(struct packer *p, const struct fault *f)
{
	char *piece = mem_alloc(MIB);

	memset(piece, strcmp(f->text, "string") == 0 ? 'A' : ' ', MIB);
	if (piece[0] == 'A')
		pack(p, "[{\"fphm\":\"", 10, false);
	else
		pack(p, "[", 1, false);
	for (int64_t i = 0; i < f->value; i++)
		pack(p, piece, MIB, false);
	pack(p, piece[0] == 'A' ? "\"}]" : "]", piece[0] == 'A' ? 3 : 1, true);
	free(piece);
}

static void pack_faces(struct sb *sb, const struct face_query *q, int64_t package, struct packer *p)
{
	struct buf text;
	struct json_out o;
	sqlite3_stmt *rows = db_query(
	    sb,
	    "SELECT fphm, kprq, hjje, hjse, jshj, body" OF_QUERY " ORDER BY seq LIMIT ?6 OFFSET ?7",
	    "ittttii", (int64_t)q->env, q->tax_no, q->from, q->to, kind_mark(q->kind),
	    (int64_t)COLLECT_PACKAGE, (package - 1) * COLLECT_PACKAGE);

	buf_init(&text, SB_BODY_MAX);
	json_out_init(&o, &text, 0);
	json_open(&o, NULL, '[');
	while (db_next(sb, rows)) {
		write_face(&o, rows);
		if (text.len > MIB) {
			pack(p, buf_str(&text), text.len, false);
			buf_reset(&text);
		}
	}
	json_close(&o, ']');
	pack(p, buf_str(&text), text.len, true);
	buf_free(&text);
}

bool face_package(struct sb *sb, const struct face_query *q, int64_t package, struct buf *out)
{
	struct packer p = {.ok = true};
	struct fault f;

	if (deflateInit2(&p.z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	buf_init(&p.out, SB_BODY_MAX / 2);
	if (fault_take(FAULT_BOMB, "PLFPXZSQFK", &f))
		pack_bomb(&p, &f);
	else
		pack_faces(sb, q, package, &p);
	deflateEnd(&p.z);
	if (p.ok) {
		char *text = mem_alloc(p.out.len / 3 * 4 + 8);

		EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)p.out.data,
				(int)p.out.len);
		buf_adds(out, text);
		free(text);
	}
	buf_free(&p.out);
	return p.ok && !out->failed;
}

/* ---- by hand ---- */

static const char *const money_keys[] = {"hjje", "hjse", "jshj"};
static const char *const text_keys[] = {"gmfmc", "gmfnsrsbh", "kprq", "fppz"};

struct hand {
	enum env env;
	const char *number;
	int64_t money[3];
};

static bool read_hand(const cJSON *body, struct hand *h, char error[256])
{
	const char *env = json_member(body, "env");

	h->env = ENV_REAL;
	h->number = json_member(body, "number");
	if ((env[0] && !env_parse(env, &h->env)) || strlen(h->number) != 20 ||
	    !text_all_digits(h->number)) {
		snprintf(error, 256, "number 应为 20 位，env 应为 正式 或 沙箱");
		return false;
	}
	return true;
}

static void replace_text(cJSON *tree, const char *key, const char *value)
{
	if (json_get(tree, key))
		cJSON_ReplaceItemInObjectCaseSensitive(tree, key, cJSON_CreateString(value));
	else
		cJSON_AddStringToObject(tree, key, value);
}

static void change(struct sb *sb, const cJSON *body, const struct hand *h, char error[256])
{
	sqlite3_stmt *q = db_query(sb,
				   "SELECT body, hjje, hjse, jshj, kprq FROM invoice"
				   " WHERE env=?1 AND fphm=?2",
				   "it", (int64_t)h->env, h->number);
	cJSON *tree = NULL;
	struct buf text;
	struct json_out o;
	int64_t money[3];
	char kprq[DATETIME_TEXT];

	if (!db_next(sb, q) ||
	    json_parse(db_text(q, 0), strlen(db_text(q, 0)), SB_BODY_MAX, &tree, NULL)) {
		snprintf(error, 256, "没有这张发票");
		return;
	}
	for (int i = 0; i < 3; i++)
		money[i] = db_int(q, i + 1);
	text_copy(kprq, sizeof(kprq), db_text(q, 4));
	sqlite3_reset(q);
	for (int i = 0; i < 3; i++) {
		if (!json_get(body, money_keys[i]))
			continue;
		money_parse(json_member(body, money_keys[i]), &money[i]);
		replace_text(tree, money_keys[i], json_member(body, money_keys[i]));
	}
	for (int i = 0; i < 4; i++)
		if (json_get(body, text_keys[i]))
			replace_text(tree, text_keys[i], json_member(body, text_keys[i]));
	if (json_get(body, "kprq"))
		text_copy(kprq, sizeof(kprq), json_member(body, "kprq"));
	buf_init(&text, SB_BODY_MAX);
	json_out_init(&o, &text, 0);
	json_put_tree(&o, NULL, tree);
	db_run(sb,
	       "UPDATE invoice SET hjje=?3, hjse=?4, jshj=?5, kprq=?6, body=?7 WHERE env=?1"
	       " AND fphm=?2",
	       "itiiitt", (int64_t)h->env, h->number, money[0], money[1], money[2], kprq,
	       buf_str(&text));
	buf_free(&text);
	json_free(&tree);
}

static void insert(struct sb *sb, const cJSON *body, const struct hand *h)
{
	const char *fppz = json_member(body, "fppz"), *name = json_member(body, "gmfmc");
	struct buf text;
	struct json_out o;
	char now[DATETIME_TEXT], amount[MONEY_TEXT];
	const char *kprq = json_member(body, "kprq");
	int64_t at = clock_now();

	if (!datetime_parse(kprq, &at))
		kprq = datetime_text(at, now);
	buf_init(&text, SB_BODY_MAX);
	json_out_init(&o, &text, 0);
	json_open(&o, NULL, '{');
	json_put(&o, "fphm", h->number);
	json_put(&o, "fppz", strcmp(fppz, "01") == 0 ? "01" : "02");
	json_put(&o, "xsfnsrsbh", json_member(body, "tax_no"));
	json_put(&o, "gmfmc", name[0] ? name : "其他渠道的客户");
	json_put(&o, "gmfnsrsbh", json_member(body, "gmfnsrsbh"));
	json_put(&o, "kprq", kprq);
	json_put(&o, "dylzfphm", json_member(body, "dylzfphm"));
	for (int i = 0; i < 3; i++)
		json_put(&o, money_keys[i], money_format(h->money[i], amount));
	json_open(&o, "fpmxList", '[');
	json_open(&o, NULL, '{');
	json_put(&o, "xmmc", "服务费");
	json_put(&o, "slv", "0.06");
	json_put(&o, "je", money_format(h->money[0], amount));
	json_put(&o, "se", money_format(h->money[1], amount));
	json_close(&o, '}');
	json_close(&o, ']');
	json_close(&o, '}');
	db_run(sb,
	       "INSERT INTO invoice(env, fphm, tax_no, kprq, hjje, hjse, jshj, quota, sha, at,"
	       " sllsh, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, '', ?8, '', ?9)",
	       "itttiiiit", (int64_t)h->env, h->number, json_member(body, "tax_no"), kprq,
	       h->money[0], h->money[1], h->money[2], at * 1000, buf_str(&text));
	buf_free(&text);
}

void collect_post_invoice(struct sb *sb, const cJSON *body, char error[256])
{
	const char *deed = json_member(body, "do");
	struct hand h;

	if (!read_hand(body, &h, error))
		return;
	if (strcmp(deed, "remove") == 0) {
		db_run(sb, "DELETE FROM invoice WHERE env=?1 AND fphm=?2", "it", (int64_t)h.env,
		       h.number);
	} else if (strcmp(deed, "change") == 0) {
		change(sb, body, &h, error);
	} else if (strcmp(deed, "state") == 0) {
		blue_mark(sb, h.env, "", h.number, USE_FPZT, json_member(body, "fpzt"));
	} else if (strcmp(deed, "add") == 0) {
		for (int i = 0; i < 3; i++)
			if (!money_parse(json_member(body, money_keys[i]), &h.money[i]))
				snprintf(error, 256, "%s 应为金额", money_keys[i]);
		if (!error[0])
			insert(sb, body, &h);
	} else {
		snprintf(error, 256, "do 应为 remove、change、state 或 add");
	}
}

void collect_post_fill(struct sb *sb, const cJSON *body, char error[256])
{
	const char *prefix = json_member(body, "prefix");
	long long count = 0;
	char number[24];

	if (!json_member_int(body, "count", 1, FILL_MAX, &count) || strlen(prefix) != PREFIX ||
	    !text_all_digits(prefix)) {
		snprintf(error, 256, "count 为张数，prefix 为 12 位数字");
		return;
	}
	for (long long i = 0; i < count; i++) {
		struct hand h = {.env = ENV_REAL, .number = number, .money = {10000, 600, 10600}};
		const char *env = json_member(body, "env");

		if (env[0])
			env_parse(env, &h.env);
		snprintf(number, sizeof(number), "%s%08lld", prefix, i);
		insert(sb, body, &h);
	}
}
