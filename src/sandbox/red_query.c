/* sandbox/red_query.c - CXQDHZQRDLB and CXQDHZQRDMX (protocol 4.1, 7.11). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sandbox/faults.h"
#include "sandbox/fields.h"
#include "sandbox/red.h"

enum { PAGE_SIZE = 20, PAGE_MAX = 1000 };

static void put_time(struct json_out *o, const char *key, int64_t ms)
{
	char text[DATETIME_TEXT];
	json_put(o, key, ms ? datetime_text(ms / 1000, text) : "");
}

/* What list and detail have in common. */
static void write_form(struct json_out *o, const struct form_row *f, bool list)
{
	const struct {
		const char *key, *value;
	} texts[] = {
	    {"uuid", f->uuid},         {"hzfpxxqrdbh", f->number}, {"lrfsf", f->applicant},
	    {"xsfnsrsbh", f->seller},  {"xsfmc", f->seller_name},  {"gmfnsrsbh", f->buyer},
	    {"gmfmc", f->buyer_name},  {"lzfpdm", f->fpdm},        {"lzfphm", f->fphm},
	    {"sfzzfpbz", f->paper},    {"lzkprq", f->kprq},        {"lzfppzDm", f->kind},
	    {"lzfpTdyslxDm", f->tdys}, {"chyyDm", f->reason},      {"hzqrxxztDm", f->state},
	    {"ykjhzfpbz", f->issued},  {"hzfphm", f->red_number},  {"hzkprq", f->red_kprq},
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		json_put(o, texts[i].key, texts[i].value);
	answer_fen(o, "lzhjje", f->hjje);
	answer_fen(o, "lzhjse", f->hjse);
	answer_fen(o, "hzcxje", f->red_je);
	answer_fen(o, "hzcxse", f->red_se);
	if (list)
		answer_int(o, "hzqrdmxsl", f->count);
	else
		json_put(o, "cezslxDm", f->cezs);
	put_time(o, "qrrq", f->confirmed);
	put_time(o, "lrrq", f->entered);
	json_put(o, "yxbz", form_valid(f) ? "Y" : "N");
}

/* ---- list ---- */

struct filter {
	bool buyer;
	const char *own, *other, *other_name;
	int64_t from, to; /* ms, [from, to) */
	long long page, size;
};

static const struct field list_fields[] = {
    {"yhjslx", "用户角色类型", 1, REQUIRED, FORM_TEXT, "|0|1|"},
    {"xsfnsrsbh", "销售方识别号", 20, 0, FORM_TEXT, NULL},
    {"gmfnsrsbh", "购买方识别号", 20, 0, FORM_TEXT, NULL},
    {"lrfsf", "录入方身份", 1, 0, FORM_TEXT, "|0|1|"},
    {"lrrqq", "录入日期起", 10, 0, FORM_DATE, NULL},
    {"lrrqz", "录入日期止", 10, 0, FORM_DATE, NULL},
    {"lzfpdm", "蓝字发票代码", 12, 0, FORM_DIGITS, NULL},
    {"lzfphm", "蓝字发票号码", 20, 0, FORM_DIGITS, NULL},
    {"hzfpxxqrdbh", "红字确认单编号", 20, 0, FORM_DIGITS, NULL},
    {"hzqrxxztDm", "红字确认信息状态代码", 2, 0, FORM_TEXT,
     "|01|02|03|04|05|06|07|08|09|10|11|12|13|"},
    {"fppzDm", "发票票种代码", 2, 0, FORM_TEXT, "|01|02|03|04|05|06|"},
    {"pageNumber", "页码", 10, 0, FORM_DIGITS, NULL},
    {"pageSize", "每页数量", 10, 0, FORM_DIGITS, NULL},
};

static bool check_own(const struct request *rq, struct filter *f, struct refusal *r)
{
	static const struct {
		const char *number, *name, *party, *no_name, *no_number, *long_name;
	} roles[] = {{"xsfnsrsbh", "xsfmc", "销售方", "RI3001", "RI3006", "RI3003"},
		     {"gmfnsrsbh", "gmfmc", "购买方", "RI3000", "RI3005", "RI3002"}};
	f->buyer = json_member(rq->json, "yhjslx")[0] == '1';
	for (int i = 0; i < 2; i++) {
		if (text_chars(json_member(rq->json, roles[i].name)) > 300)
			return red_refuse(r, roles[i].long_name, "%s名称长度超过300位",
					  roles[i].party);
	}
	f->own = json_member(rq->json, roles[f->buyer].number);
	f->other = json_member(rq->json, roles[!f->buyer].number);
	f->other_name = json_member(rq->json, roles[!f->buyer].name);
	if (!json_member(rq->json, roles[f->buyer].name)[0])
		return red_refuse(r, roles[f->buyer].no_name, "%s名称不能为空",
				  roles[f->buyer].party);
	if (!f->own[0])
		return red_refuse(r, roles[f->buyer].no_number, "%s识别号不能为空",
				  roles[f->buyer].party);
	return !strcmp(f->own, rq->unit->v[U_TAX_NO]) ||
	       red_refuse(r, "", "%s识别号与使用单位平台编号不对应", roles[f->buyer].party);
}

/* Days of entry; the current month when none is given. */
static bool read_days(const struct request *rq, struct filter *f, struct refusal *r)
{
	const char *from = json_member(rq->json, "lrrqq"), *to = json_member(rq->json, "lrrqz");
	struct datetime first = date_of(rq->now_ms / 1000), last = first;
	struct fault lag = {0};
	first.hour = first.minute = first.second = 0;
	last = first;
	if (!to[0] || !date_parse(to, &last.date))
		last.date =
		    from[0] ? last.date
			    : (struct date) {first.date.year, first.date.month,
					     date_month_days(first.date.year, first.date.month)};
	if (!from[0] || !date_parse(from, &first.date))
		first.date = (struct date) {last.date.year, last.date.month, 1};
	f->from = date_unix(first) * 1000;
	f->to = (date_unix(last) + 24 * 3600) * 1000;
	if (f->from < f->to && fault_take(FAULT_LIST_LAG, rq->service, &lag) &&
	    f->to > rq->now_ms - lag.value * 1000)
		f->to = rq->now_ms - lag.value * 1000;
	return f->from < f->to || lag.value || red_refuse(r, "", "录入日期起不能晚于录入日期止");
}

static bool read_filter(const struct request *rq, struct filter *f, struct refusal *r)
{
	char text[400];
	for (size_t i = 0; i < sizeof(list_fields) / sizeof(list_fields[0]); i++) {
		if (!field_fits(rq->json, &list_fields[i], "", text))
			return red_refuse(r, "", "%s", text);
	}
	if (!check_own(rq, f, r) || !read_days(rq, f, r))
		return false;
	f->page = 1;
	f->size = PAGE_SIZE;
	if ((json_member(rq->json, "pageNumber")[0] &&
	     !json_member_int(rq->json, "pageNumber", 1, INT32_MAX, &f->page)) ||
	    (json_member(rq->json, "pageSize")[0] &&
	     !json_member_int(rq->json, "pageSize", 1, PAGE_MAX, &f->size)))
		return red_refuse(r, "", "页码应从1起，每页数量应为1至1000");
	return true;
}

#define LIST_WHERE(own, other)                                                                     \
	" FROM red_form f WHERE f.env=?1 AND f." own "=?2 AND f.entered>=?3 AND f.entered<?4"      \
	" AND (?5='' OR f." other "=?5) AND (?6='' OR f." other "_name=?6)"                        \
	" AND (?7='' OR f.applicant=?7) AND (?8='' OR f.fpdm=?8) AND (?9='' OR f.fphm=?9)"         \
	" AND (?10='' OR f.number=?10) AND (?11='' OR f.state=?11) AND (?12='' OR f.kind=?12)"
#define LIST_BIND(rq, f)                                                                           \
	(int64_t)(rq)->env, (f)->own, (f)->from, (f)->to, (f)->other, (f)->other_name,             \
	    json_member((rq)->json, "lrfsf"), json_member((rq)->json, "lzfpdm"),                   \
	    json_member((rq)->json, "lzfphm"), json_member((rq)->json, "hzfpxxqrdbh"),             \
	    json_member((rq)->json, "hzqrxxztDm"), json_member((rq)->json, "fppzDm")

static int64_t count_list(struct sb *sb, const struct request *rq, const struct filter *f)
{
	return f->buyer ? db_value(sb, 0, "SELECT count(*)" LIST_WHERE("buyer", "seller"),
				   "itiitttttttt", LIST_BIND(rq, f))
			: db_value(sb, 0, "SELECT count(*)" LIST_WHERE("seller", "buyer"),
				   "itiitttttttt", LIST_BIND(rq, f));
}

#define LIST_ROWS(own, other)                                                                      \
	"SELECT " FORM_COLUMNS LIST_WHERE(own, other) " ORDER BY f.entered DESC, f.id DESC"        \
						      " LIMIT ?13 OFFSET ?14"

static void write_list(struct sb *sb, const struct request *rq, const struct filter *f,
		       int64_t total, struct buf *data)
{
	int64_t size = f->size, skip = (f->page - 1) * f->size;
	struct json_out o;
	struct form_row row;
	sqlite3_stmt *q = f->buyer ? db_query(sb, LIST_ROWS("buyer", "seller"), "itiittttttttii",
					      LIST_BIND(rq, f), size, skip)
				   : db_query(sb, LIST_ROWS("seller", "buyer"), "itiittttttttii",
					      LIST_BIND(rq, f), size, skip);
	answer_open(&o, data);
	json_open(&o, "hzqrxxList", '{');
	answer_int(&o, "pageNumber", f->page);
	answer_int(&o, "pageSize", f->size);
	answer_int(&o, "total", total);
	json_open(&o, "list", '[');
	while (db_next(sb, q)) {
		form_read(q, &row);
		json_open(&o, NULL, '{');
		write_form(&o, &row, true);
		json_close(&o, '}');
	}
	json_close(&o, ']');
	json_close(&o, '}');
	json_close(&o, '}');
}

void red_list_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	struct filter f;
	struct refusal r;
	red_tick(sb, rq->now_ms);
	red_play(sb, rq);
	if (!read_filter(rq, &f, &r)) {
		red_answer_refusal(rq, &r, data);
		return;
	}
	int64_t total = count_list(sb, rq, &f);
	if (!total && !fault_on(FAULT_EMPTY_LIST, rq->service)) {
		red_refuse(&r, "RI3004", "未查询到红字确认单信息");
		red_answer_refusal(rq, &r, data);
		return;
	}
	write_list(sb, rq, &f, total, data);
}

/* ---- detail ---- */

static void write_lines(struct sb *sb, struct json_out *o, const struct form_row *f)
{
	static const char *const texts[] = {"sphfwssflhbbm", "hwhyslwfwmc", "spfwjc",
					    "xmmc",          "ggxh",        "dw",
					    "fpspdj",        "fpspsl",      "yhzcbs"};
	sqlite3_stmt *q = db_query(sb,
				   "SELECT xh, lzmxxh, je, se, slv, kce, code, full_name,"
				   " short_name, name, ggxh, dw, dj, sl, yhzcbs FROM red_line"
				   " WHERE form=?1 ORDER BY xh",
				   "i", f->id);
	json_open(o, "hzqrxxmxList", '[');
	while (db_next(sb, q)) {
		json_open(o, NULL, '{');
		answer_int(o, "xh", db_int(q, 0));
		answer_int(o, "lzmxxh", db_int(q, 1));
		answer_fen(o, "je", db_int(q, 2));
		if (fault_on(FAULT_JSON_NUMBERS, NULL))
			json_put_raw(o, "sl1", db_text(q, 4));
		else
			json_put(o, "sl1", db_text(q, 4));
		answer_fen(o, "se", db_int(q, 3));
		json_put(o, "kce", db_text(q, 5));
		for (int i = 0; i < 9; i++)
			json_put(o, texts[i], db_text(q, 6 + i));
		json_close(o, '}');
	}
	json_close(o, ']');
}

void red_detail_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	struct form_row f;
	struct refusal r;
	struct json_out o;
	const char *uuid = json_member(rq->json, "uuid"), *tax_no = rq->unit->v[U_TAX_NO],
		   *seller = json_member(rq->json, "xsfnsrsbh");
	red_tick(sb, rq->now_ms);
	if (!uuid[0] || !seller[0]) {
		red_refuse(&r, "", "%s 不能为空", uuid[0] ? "xsfnsrsbh" : "uuid");
		red_answer_refusal(rq, &r, data);
	} else if (!form_by_uuid(sb, rq->env, uuid, &f) || strcmp(f.seller, seller) != 0 ||
		   (strcmp(f.seller, tax_no) != 0 && strcmp(f.buyer, tax_no) != 0)) {
		red_refuse(&r, "RI4000", "未查询到红字确认单明细信息");
		red_answer_refusal(rq, &r, data);
	} else {
		answer_open(&o, data);
		write_form(&o, &f, false);
		write_lines(sb, &o, &f);
		json_close(&o, '}');
	}
}
