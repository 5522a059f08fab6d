/* bench/fill.c - makes a home with many invoices.
 *
 *   fill HOME COUNT    a new home with one unit and COUNT invoices
 *
 * Invoices are inserted by the store's own functions; only the way through the states is cut short.
 * They spread over three years and BUYERS buyers, half of them with one buyer in twenty.  Nearly
 * all are issued; some are drafts, failed or void, and the last few wait in the states in between.
 * Completion knows all buyers; the index of searches has all invoices.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/home.h"
#include "store/store.h"
#include "tax/calc.h"

enum {
	BUYERS = 20000,
	FREQUENT = BUYERS / 20,
	BLOCK = 20000,
	TAKEN_IN = 1000,
	SECONDS = 3 * 365 * 86400,
	WAITING = 40,
	RED_EVERY = 50
};

static const char start[] = "2023-01-01T08:00:00+08:00";

static const char *const cities[] = {
    "北京", "上海",   "广州", "深圳", "杭州", "南京", "苏州", "成都", "重庆", "武汉",
    "西安", "天津",   "长沙", "郑州", "青岛", "济南", "大连", "沈阳", "宁波", "无锡",
    "厦门", "福州",   "合肥", "南昌", "昆明", "贵阳", "南宁", "海口", "太原", "石家庄",
    "长春", "哈尔滨", "兰州", "银川", "西宁", "拉萨", "东莞", "佛山", "珠海", "温州",
};
static const char *const firsts[] = {"华", "中", "金", "新", "东", "恒", "瑞", "嘉", "宏", "安",
				     "天", "国", "信", "百", "创", "联", "盛", "远", "德", "博"};
static const char *const seconds[] = {"泰", "达", "辉", "源", "利", "康", "通", "丰", "成",
				      "宇", "诚", "智", "美", "和", "润", "海", "川", "峰",
				      "林", "腾", "旺", "升", "科", "兴", "益"};
static const char *const trades[] = {"科技",     "商贸",     "物流",    "餐饮管理",
				     "建筑工程", "医疗器械", "信息技术"};
static const char *const goods[] = {"技术服务费", "办公用纸", "笔记本电脑",
				    "运输服务",   "会议服务", "螺纹钢"};
static const char *const codes[] = {"3040201010000000000", "1060105010000000000",
				    "1090511010000000000", "3010502020000000000",
				    "3040801010000000000", "1080207010000000000"};
static const char *const shorts[] = {"信息技术服务", "纸制品",   "计算机",
				     "运输服务",     "会展服务", "黑色金属"};
/* One invoice in four has a remark. */
static const char *const remarks[] = {"合同", "项目", "送货单", "押金"};
static const int32_t rates[] = {60000, 130000, 130000, 90000, 60000, 130000};

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
_Static_assert(LENGTH(cities) * LENGTH(firsts) * LENGTH(seconds) == BUYERS, "one name per buyer");

static uint64_t scatter(uint64_t n)
{
	n = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
	n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
	return n ^ n >> 31;
}

static void set_buyer(struct party *p, uint64_t buyer)
{
	char name[160], tax_no[24];

	snprintf(name, sizeof(name), "%s%s%s%s有限公司", cities[buyer % 40],
		 firsts[buyer / 40 % 20], seconds[buyer / 800], trades[buyer % LENGTH(trades)]);
	snprintf(tax_no, sizeof(tax_no), "91%013" PRIu64 "MA1", UINT64_C(4403000000000) + buyer);
	mem_set(&p->name, name);
	mem_set(&p->tax_no, tax_no);
}

static void set_line(struct tax_line *l, uint64_t h)
{
	size_t g = h % LENGTH(goods);

	mem_set(&l->name, goods[g]);
	mem_set(&l->tax_code, codes[g]);
	mem_set(&l->short_name, shorts[g]);
	mem_set(&l->unit, "件");
	l->rate_ppm = rates[g];
	l->has_quantity = l->has_price = true;
	l->quantity = dec_from_int((int64_t)(1 + (h >> 8) % 90));
	l->price = dec_from_fen((int64_t)(100 + (h >> 20) % 500000));
}

static enum err make_invoice(struct invoice_record *r, uint64_t n, struct err_info *e)
{
	struct invoice *inv = &r->invoice;
	uint64_t h = scatter(n);
	char text[64];

	invoice_init(inv);
	inv->kind = h % 10 < 7 ? INVOICE_ORDINARY : INVOICE_SPECIAL;
	inv->prices_include_tax = h >> 4 & 1;
	set_buyer(&inv->buyer, (h >> 8) % (h >> 5 & 1 ? FREQUENT : BUYERS));
	mem_set(&inv->seller.name, "深圳市示例软件有限公司");
	mem_set(&inv->seller.tax_no, "914403000000000001");
	mem_set(&inv->drawer, h >> 44 & 7 ? "张三" : "李会计");
	if ((h >> 48 & 3) == 0) {
		snprintf(text, sizeof(text), "%s HT-%05" PRIu64, remarks[h >> 50 & 3],
			 scatter(h) % 100000);
		mem_set(&inv->remark, text);
	}
	snprintf(text, sizeof(text), "SO-%08" PRIu64, n + 1);
	mem_set(&inv->order_no, text);
	for (uint64_t i = 0; i <= (h >> 40 & 1); i++)
		set_line(invoice_add_line(inv), scatter(h + i));
	datetime_text(clock_now(), inv->issued_at);
	month_text(clock_now(), r->quota_month);
	return tax_invoice_compute(inv, e);
}

/* The state an invoice ends in; `left` invoices come after it. */
static enum invoice_state final_state(uint64_t n, uint64_t left)
{
	static const enum invoice_state waiting[] = {INVOICE_NUMBERED, INVOICE_SENDING,
						     INVOICE_ACCEPTED, INVOICE_UNKNOWN};
	uint64_t h = scatter(n ^ UINT64_C(1) << 40) % 1000;

	if (left < WAITING)
		return waiting[left % LENGTH(waiting)];
	return h < 10   ? INVOICE_DRAFT
	       : h < 15 ? INVOICE_VOID
	       : h < 18 ? INVOICE_FAILED
			: INVOICE_ISSUED;
}

/* Takes numbered invoices to their last state at once, and keeps the tallies by block: going
 * through every state between, one by one, would double the time. */
static int64_t arrived[INVOICE_STATES][2];

static enum err arrive(struct db *db, const struct invoice_record *rec, enum invoice_state to,
		       struct err_info *e)
{
	bool finished = to == INVOICE_ISSUED || to == INVOICE_VOID;
	enum err r;

	if (to == INVOICE_DRAFT || to == INVOICE_NUMBERED)
		return ERR_OK;
	arrived[to][rec->invoice.kind]++;
	if (to == INVOICE_ISSUED &&
	    (r = store_report_mark(db, rec->unit_id, rec->id, rec->invoice.issued_at, e)))
		return r;
	return db_run(db, e, NULL,
		      "UPDATE invoice SET state = ?, message = ?, finished_at = NULLIF(?, 0)"
		      " WHERE id = ?",
		      "ssll", invoice_state_word(to),
		      to == INVOICE_FAILED ? "购买方名称与纳税人识别号不符" : "",
		      finished ? clock_now() : (int64_t)0, rec->id);
}

static enum err add_tally(struct db *db, int64_t unit, const char *state, const char *kind,
			  int64_t count, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "INSERT INTO invoice_tally (unit_id, state, kind, count) VALUES (?, ?, ?, ?)"
		      " ON CONFLICT (unit_id, state, kind)"
		      " DO UPDATE SET count = invoice_tally.count + excluded.count",
		      "lssl", unit, state, kind, count);
}

static enum err keep_tallies(struct db *db, int64_t unit, struct err_info *e)
{
	const char *from = invoice_state_word(INVOICE_NUMBERED);
	enum err r = ERR_OK;

	for (int i = 0; !r && i < 2 * INVOICE_STATES; i++) {
		const char *to = invoice_state_word((enum invoice_state)(i / 2));
		const char *kind = invoice_kind_word((enum invoice_kind)(i % 2));
		int64_t *count = &arrived[i / 2][i % 2];

		if (!*count)
			continue;
		if (!(r = add_tally(db, unit, to, kind, *count, e)))
			r = add_tally(db, unit, from, kind, -*count, e);
		*count = 0;
	}
	return r;
}

static enum err add_invoice(struct db *db, int64_t unit, int64_t user, uint64_t n, uint64_t left,
			    struct err_info *e)
{
	enum invoice_state end = final_state(n, left);
	struct invoice_record r = {
	    .unit_id = unit,
	    .created_by = user,
	    .state = end == INVOICE_DRAFT ? INVOICE_DRAFT : INVOICE_NUMBERED,
	};
	enum err rc = make_invoice(&r, n, e);

	if (end != INVOICE_DRAFT)
		snprintf(r.invoice.number, sizeof(r.invoice.number), "2644%016" PRIu64, n + 1);
	r.quota_amount = r.invoice.net_fen;
	if (!rc)
		rc = store_invoice_insert(db, &r, e);
	if (!rc)
		rc = arrive(db, &r, end, e);
	if (!rc && n % RED_EVERY == 0)
		rc = db_run(db, e, NULL,
			    "INSERT INTO invoice_red (invoice_id, unit_id, blue_number)"
			    " VALUES (?, ?, '')",
			    "ll", r.id, unit);
	invoice_record_free(&r);
	return rc;
}

static enum err add_block(struct db *db, int64_t unit, int64_t user, uint64_t first, uint64_t count,
			  struct err_info *e)
{
	enum err r = db_begin(db, e);

	if (r)
		return r;
	for (uint64_t n = first; !r && n < count && n < first + BLOCK; n++) {
		r = add_invoice(db, unit, user, n, count - 1 - n, e);
		clock_shift((int64_t)((n + 1) * SECONDS / count - n * SECONDS / count));
	}
	if (!r && !(r = keep_tallies(db, unit, e)))
		return db_commit(db, e);
	db_rollback(db);
	return r;
}

static enum err add_unit(struct db *db, int64_t direct_id, int64_t *id, struct err_info *e)
{
	struct unit u = {
	    .direct = !direct_id, .direct_id = direct_id, .env = ENV_PRACTICE, .verified = true};
	enum err r;

	mem_set(&u.tax_no, "914403000000000001");
	mem_set(&u.name, "深圳市示例软件有限公司");
	mem_set(&u.leqi_id, "00000000000000000001");
	mem_set(&u.region, "14403000000");
	mem_set(&u.url, "https://127.0.0.1:1/access/sandbox/v2/invoke");
	mem_set(&u.edition, "4.000");
	r = store_unit_put(db, &u, e);
	*id = u.id;
	unit_free(&u);
	return r;
}

static enum err add_units(struct db *db, int64_t *unit, struct err_info *e)
{
	int64_t direct;
	enum err r;

	if ((r = db_begin(db, e)))
		return r;
	if (!(r = add_unit(db, 0, &direct, e)) && !(r = add_unit(db, direct, unit, e)))
		return db_commit(db, e);
	db_rollback(db);
	return r;
}

/* What completion knows in such a home: every buyer, and the goods. */
static enum err remember(struct db *db, int64_t unit, struct err_info *e)
{
	enum err r = db_begin(db, e);

	if (r)
		return r;
	for (uint64_t n = 0; !r && n < BUYERS; n++) {
		struct invoice inv;

		invoice_init(&inv);
		set_buyer(&inv.buyer, n);
		r = store_buyer_issued(db, unit, &inv, e);
		if (!r && n < LENGTH(goods)) {
			set_line(invoice_add_line(&inv), n);
			r = store_goods_issued(db, unit, inv.lines, true, e);
		}
		invoice_free(&inv);
	}
	if (!r)
		return db_commit(db, e);
	db_rollback(db);
	return r;
}

/* As the engine does when nothing else is to be done. */
static enum err take_in(struct db *db, struct err_info *e)
{
	bool left = true;
	enum err r = ERR_OK;

	while (!r && left) {
		if ((r = db_begin(db, e)))
			return r;
		r = store_invoice_find_step(db, TAKEN_IN, &left, e);
		if (!r)
			r = db_commit(db, e);
		else
			db_rollback(db);
	}
	return r;
}

static enum err fill(const char *home, uint64_t count, struct err_info *e)
{
	struct app_user user;
	struct db *db = NULL;
	char path[HOME_PATH];
	int64_t unit = 0;
	bool created;
	enum err r;

	if ((r = desk_home_init(home, &created, e)) || (r = home_path(home, HOME_DB, path, e)) ||
	    (r = db_open(path, DB_WRITE, &db, e)))
		return r;
	if (!(r = store_user_find(db, "admin", &user, e)))
		r = add_units(db, &unit, e);
	for (uint64_t n = 0; !r && n < count; n += BLOCK)
		r = add_block(db, unit, user.id, n, count, e);
	if (!r)
		r = remember(db, unit, e);
	if (!r)
		r = take_in(db, e);
	db_close(&db);
	return r;
}

int main(int argc, char **argv)
{
	struct err_info e = {0};
	char text[2048], *end;
	uint64_t count = argc == 3 ? strtoull(argv[2], &end, 10) : 0;

	if (!count || *end || count > 100000000) {
		fprintf(stderr, "usage: fill HOME COUNT\n");
		return 2;
	}
	clock_start(start);
	if (!fill(argv[1], count, &e))
		return 0;
	fprintf(stderr, "fill: %s %s\n", err_sentence(&e, text, sizeof(text)), e.detail);
	return 1;
}
