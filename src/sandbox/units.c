/* sandbox/units.c - rows of fictional companies: presets, reading, changing. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/secret.h"
#include "base/text.h"
#include "sandbox/units.h"

static const struct {
	const char *name, *value;
} columns[U_N] = {
#define X(id, name, value) [id] = {name, value},
    UNIT_COLUMNS(X)
#undef X
};

const char *unit_schema(void)
{
	return "CREATE TABLE IF NOT EXISTS unit("
#define X(id, name, value) "\"" name "\" TEXT NOT NULL,"
	    UNIT_COLUMNS(X)
#undef X
		"PRIMARY KEY(tax_no), UNIQUE(leqi_id))";
}

#define X(id, name, value) ",\"" name "\""
#define UNIT_SELECT        "SELECT 1" UNIT_COLUMNS(X) " FROM unit"

static void read_row(sqlite3_stmt *q, struct unit *u)
{
	for (int i = 0; i < U_N; i++)
		text_copy(u->v[i], UNIT_TEXT, db_text(q, i + 1));
}

bool unit_by(struct sb *sb, enum unit_column key, const char *value, struct unit *out)
{
	sqlite3_stmt *q = key == U_LEQI_ID
			      ? db_query(sb, UNIT_SELECT " WHERE leqi_id=?1", "t", value)
			      : db_query(sb, UNIT_SELECT " WHERE tax_no=?1", "t", value);
	if (!db_next(sb, q))
		return false;
	read_row(q, out);
	sqlite3_reset(q);
	return true;
}

void unit_each(struct sb *sb, void (*f)(void *ctx, const struct unit *u), void *ctx)
{
	sqlite3_stmt *q =
	    db_query(sb, UNIT_SELECT " ORDER BY is_direct DESC, relation<>'self', tax_no", "");
	while (db_next(sb, q)) {
		struct unit u;
		read_row(q, &u);
		f(ctx, &u);
	}
}
#undef X

static void store_row(struct sb *sb, const struct unit *u)
{
	static char sql[64 + 2 * U_N]; /* stays put: statements are cached by address */
	if (!sql[0]) {
		size_t n =
		    (size_t)snprintf(sql, sizeof(sql), "INSERT OR REPLACE INTO unit VALUES(?");
		for (int i = 1; i < U_N; i++)
			n += (size_t)snprintf(sql + n, sizeof(sql) - n, ",?");
		snprintf(sql + n, sizeof(sql) - n, ")");
	}
	sqlite3_stmt *q = db_query(sb, sql, "");
	for (int i = 0; q && i < U_N; i++)
		sqlite3_bind_text(q, i + 1, u->v[i], -1, SQLITE_TRANSIENT);
	db_next(sb, q);
}

/* ---- presets ---- */

/* The check character of an organisation code (8 characters, GB 11714). */
static char organisation_check(const char *body)
{
	static const int weight[8] = {3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;
	for (int i = 0; i < 8; i++)
		sum += weight[i] * (body[i] >= 'A' ? body[i] - 'A' + 10 : body[i] - '0');
	int c = 11 - sum % 11;
	return c == 10 ? 'X' : c == 11 ? '0' : (char)('0' + c);
}

/* Completes "91" + region(6) + organisation(8) to a 统一社会信用代码 (GB 32100). */
static void credit_code(const char *region, const char *body, char out[19])
{
	static const char set[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	snprintf(out, 18, "91%s%s%c", region, body, organisation_check(body));
	int sum = 0, weight = 1;
	for (int i = 0; i < 17; i++) {
		sum += (int)(strchr(set, out[i]) - set) * weight;
		weight = weight * 3 % 31;
	}
	out[17] = set[(31 - sum % 31) % 31];
	out[18] = 0;
}

/* Any identity card number of a person who does not exist, with its check digit (GB 11643). */
static void identity_number(const char *first17, char out[19])
{
	static const int weight[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;
	for (int i = 0; i < 17; i++)
		sum += weight[i] * (first17[i] - '0');
	snprintf(out, 19, "%s%c", first17, "10X98765432"[sum % 11]);
}

static void set(struct unit *u, enum unit_column c, const char *value)
{
	text_copy(u->v[c], UNIT_TEXT, value);
}

static void fill_blanks(struct unit *u)
{
	char uuid[UUID_TEXT];
	if (!u->v[U_LEQI_ID][0]) {
		random_uuid(uuid);
		uuid[20] = 0;
		set(u, U_LEQI_ID, uuid);
	}
	if (u->v[U_IS_DIRECT][0] == 'Y' && !u->v[U_KEY_REAL][0]) {
		random_uuid(uuid);
		set(u, U_KEY_REAL, uuid);
		random_uuid(uuid);
		set(u, U_KEY_TEST, uuid);
	}
	if (!u->v[U_DIRECT][0])
		set(u, U_DIRECT, u->v[U_TAX_NO]);
}

static void defaults(struct unit *u)
{
	for (int i = 0; i < U_N; i++)
		set(u, (enum unit_column)i, columns[i].value);
}

static const struct {
	const char *region, *body, *name, *province;
	struct {
		enum unit_column c;
		const char *value;
	} set[9];
} presets[] = {
    {"440000",
     "MAKP0001",
     "开票练习集团有限公司",
     "14400000000",
     {{U_IS_DIRECT, "Y"},
      {U_DWGX, "05"},
      {U_ZFJGLXDM, "1"},
      {U_QUOTA, "9999999999999999"},
      {U_ADDRESS, "广东省练习市集团路1号"},
      {U_PHONE, "020-00000000"}}},
    {"440300",
     "MAKP0002",
     "深圳开票练习科技有限公司",
     "14403000000",
     {{U_HYDM, "6513"}, {U_ADDRESS, "深圳市练习区科技路2号"}}},
    {"110108",
     "MAKP0003",
     "北京开票练习商贸有限公司",
     "11100000000",
     {{U_RELATION, "joint"},
      {U_DWGX, "04"},
      {U_NSRLX, "2"},
      {U_NSRXYDJ, "B"},
      {U_KPR, "练习员"},
      {U_KPRZJLX, "201"},
      {U_ADDRESS, "北京市练习区商贸路3号"},
      {U_PHONE, "010-00000000"}}},
};

void unit_presets(struct sb *sb)
{
	if (db_value(sb, 0, "SELECT count(*) FROM unit", "") > 0)
		return;
	char direct[19] = "", card[19];
	identity_number("11010819900101001", card);
	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++) {
		struct unit u;
		char code[19];
		defaults(&u);
		credit_code(presets[i].region, presets[i].body, code);
		if (i == 0)
			memcpy(direct, code, sizeof(direct));
		set(&u, U_TAX_NO, code);
		set(&u, U_NAME, presets[i].name);
		set(&u, U_PROVINCE, presets[i].province);
		set(&u, U_DIRECT, direct);
		for (size_t k = 0; k < 9 && presets[i].set[k].value; k++)
			set(&u, presets[i].set[k].c, presets[i].set[k].value);
		if (u.v[U_KPRZJLX][0])
			set(&u, U_KPRZJHM, card);
		fill_blanks(&u);
		store_row(sb, &u);
	}
}

bool unit_post(struct sb *sb, const cJSON *body, char error[256])
{
	struct unit u;
	const char *tax_no = json_member(body, "tax_no");
	if (!tax_no[0]) {
		snprintf(error, 256, "缺少 tax_no");
		return false;
	}
	if (!unit_by(sb, U_TAX_NO, tax_no, &u))
		defaults(&u);
	for (int i = 0; i < U_N; i++) {
		const char *value = json_text(json_get(body, columns[i].name));
		if (value && !text_copy(u.v[i], UNIT_TEXT, value)) {
			snprintf(error, 256, "%s 太长", columns[i].name);
			return false;
		}
	}
	fill_blanks(&u);
	store_row(sb, &u);
	return true;
}

/* ---- what follows from a row ---- */

const char *unit_barred(const struct unit *u, const char **code)
{
	*code = "BI1008";
	if (!strcmp(u->v[U_FXNSRLX], "01"))
		return "开票方为I类风险纳税人，不允许开票";
	*code = "BI1009";
	if (!strcmp(u->v[U_NSRYJJB], "01"))
		return "开票方预警级别为红色，不允许开票";
	*code = "BI1010";
	if (!strcmp(u->v[U_FXNSRBZ], "Y"))
		return "开票方为风险纳税人，不允许开票";
	*code = "BI1011";
	if (strcmp(u->v[U_NSRZTDM], "03") != 0 && strcmp(u->v[U_NSRZTDM], "09") != 0)
		return "开票方纳税人状态不允许开票";
	return strcmp(u->v[U_XDPSDQYBZ], "Y") ? "开票方不是数电票试点企业" : NULL;
}

bool unit_safety_over(const struct unit *u, int64_t now)
{
	char today[DATE_TEXT];

	return u->v[U_SAFETY][0] && strcmp(date_text(now, today), u->v[U_SAFETY]) > 0;
}

bool unit_uncontrolled(const struct unit *u)
{
	const char *d = u->v[U_DWGX];
	return strcmp(u->v[U_RELATION], "self") != 0 && (!strcmp(d, "00") || !strcmp(d, "04"));
}

const char *unit_ability(const struct unit *u)
{
	if (!strcmp(u->v[U_RELATION], "joint"))
		return "202076";
	if (!strcmp(u->v[U_RELATION], "other"))
		return "202077";
	return "202007";
}

const char *unit_key(const struct unit *u, enum env env)
{
	return u->v[env == ENV_REAL ? U_KEY_REAL : U_KEY_TEST];
}

static void write_row(struct json_out *o, const struct unit *u, const char *role)
{
	json_open(o, NULL, '{');
	json_put(o, "role", role);
	for (int i = 0; i < U_N; i++) {
		if (i != U_KEY_REAL && i != U_KEY_TEST)
			json_put(o, columns[i].name, u->v[i]);
	}
	json_put(o, "ability", unit_ability(u));
	if (!strcmp(role, "direct")) {
		json_open(o, "keys", '{');
		for (int env = 0; env < ENV_N; env++)
			json_put(o, env_name((enum env)env), unit_key(u, (enum env)env));
		json_close(o, '}');
	}
	json_close(o, '}');
}

static void write_direct(void *ctx, const struct unit *u)
{
	if (u->v[U_IS_DIRECT][0] == 'Y')
		write_row(ctx, u, "direct");
}

static void write_using(void *ctx, const struct unit *u)
{
	if (u->v[U_IS_USING][0] == 'Y')
		write_row(ctx, u, "using");
}

void unit_write_all(struct sb *sb, struct json_out *o, const char *key)
{
	json_open(o, key, '[');
	unit_each(sb, write_direct, o);
	unit_each(sb, write_using, o);
	json_close(o, ']');
}
