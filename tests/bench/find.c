/* bench/find.c - finding buyers, against LIKE over the same table.
 *
 *   find make HOME COUNT      a new home with COUNT buyers; prints how long and how large
 *   find search HOME QUERIES  the best of them for QUERIES texts, one after another
 *   find peer HOME QUERIES    the same with LIKE '%...%', the newest first
 *
 * Names are made of cities, given words, trades and forms as registries have them; everything
 * follows from the number of a buyer.  Texts are what is typed at a form: initials, parts of a
 * name, of a number, of a telephone, pinyin, and what is not there.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base.h"
#include "desk/home.h"
#include "store/buyers.h"
#include "store/store.h"

enum { BEST = 8, BLOCK = 50000, NAME = 160, WORD = 64 };

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static const char *const cities[] = {
    "北京市", "上海",   "广州市", "深圳市", "杭州",   "南京", "苏州", "成都", "重庆",
    "武汉市", "西安",   "天津市", "长沙",   "郑州",   "青岛", "济南", "大连", "沈阳",
    "宁波",   "无锡",   "厦门市", "福州",   "合肥",   "南昌", "昆明", "贵阳", "南宁",
    "海口",   "太原",   "石家庄", "长春市", "哈尔滨", "兰州", "银川", "西宁", "乌鲁木齐",
    "东莞市", "佛山市", "珠海",   "温州",   "泉州",   "烟台", "常州", "徐州", "嘉兴",
    "绍兴",   "惠州",   "中山",   "义乌",   "昆山",   "浙江", "江苏", "广东", "山东",
};
static const char *const words[] = {
    "华", "建", "信", "达", "通", "瑞", "恒", "泰", "鑫", "源", "盛", "隆", "宏", "昌", "嘉", "和",
    "安", "康", "宇", "博", "金", "百", "联", "汇", "创", "智", "云", "海", "天", "正", "德", "润",
    "丰", "科", "力", "美", "佳", "永", "兴", "万", "大", "中", "元", "亿", "利", "长", "乐", "行",
    "单", "曾", "新", "国", "远", "东", "方", "诚", "明", "光", "辉", "腾", "飞", "龙", "凤", "祥",
    "福", "禄", "寿", "喜", "春", "夏", "秋", "晟", "睿", "哲", "思", "锐", "凯", "欧", "亚", "太",
    "平", "洋", "山", "川", "江", "河", "湖", "林", "森", "木", "石", "玉", "珠", "宝", "银", "铭",
    "浩", "然", "轩", "宸", "逸", "尚", "品", "优", "选", "捷", "迅", "驰", "骏", "马", "鹏", "鸿",
    "雁", "鹤", "松", "柏", "梅", "兰", "竹", "菊", "荣", "耀", "重", "解", "仇", "翟", "区", "厦",
};
static const char *const trades[] = {
    "科技",     "贸易",       "建筑工程", "电子商务", "信息技术", "餐饮管理", "物流",
    "机械设备", "装饰工程",   "医疗器械", "文化传播", "环保科技", "生物科技", "食品",
    "服饰",     "商贸",       "实业",     "投资管理", "广告",     "网络科技", "电子",
    "汽车销售", "教育咨询",   "企业管理", "人力资源", "房地产",   "化工",     "新材料",
    "农业开发", "国际旅行社", "五金制品", "酒店",
};
static const char *const forms[] = {"有限公司", "有限公司",        "有限公司",     "有限公司",
				    "有限公司", "有限责任公司",    "股份有限公司", "有限公司分公司",
				    "经营部",   "（集团）有限公司"};
static const char signs[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
static const int regions[] = {110108, 310115, 440300, 440106, 330100, 320100, 500103, 510107};

static uint64_t scatter(uint64_t n)
{
	n = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
	n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
	return n ^ n >> 31;
}

/* Numbers that follow from a seed. */
static size_t draw(uint64_t *seed, size_t n)
{
	*seed = scatter(*seed);
	return (size_t)((*seed >> 11) % n);
}

/* ---- buyers ---------------------------------------------------------------------------------- */

struct made {
	char core[WORD]; /* 字号 */
	const char *city, *trade;
	char name[NAME], tax_no[24], mnemonic[16], phone[24];
};

static void initials(const char *text, char *out, size_t size)
{
	const uint16_t *readings;
	size_t n = 0;

	while (*text && n + 1 < size) {
		if (pinyin_readings(pinyin_next(&text), &readings))
			out[n++] = (char)(*pinyin_syllable(*readings) - 'a' + 'A');
	}
	out[n] = '\0';
}

static void make_buyer(uint64_t number, struct made *m)
{
	uint64_t seed = scatter(number);
	size_t n = draw(&seed, 4) ? 2 : 3 + draw(&seed, 2), i;

	m->city = cities[draw(&seed, LENGTH(cities))];
	m->trade = trades[draw(&seed, LENGTH(trades))];
	*m->core = '\0';
	for (i = 0; i < n; i++)
		snprintf(m->core + strlen(m->core), WORD - strlen(m->core), "%s",
			 words[draw(&seed, LENGTH(words))]);
	snprintf(m->name, NAME, "%s%s%s%s", m->city, m->core, m->trade,
		 forms[draw(&seed, LENGTH(forms))]);
	snprintf(m->tax_no, sizeof(m->tax_no), "91%06d", regions[draw(&seed, LENGTH(regions))]);
	for (i = 8; i < 18; i++)
		m->tax_no[i] = signs[draw(&seed, i < 12 ? 10 : sizeof(signs) - 1)];
	m->tax_no[18] = '\0';
	snprintf(m->phone, sizeof(m->phone), "1%d%09zu", 3 + (int)draw(&seed, 7),
		 draw(&seed, 1000000000));
	*m->mnemonic = '\0';
	if (draw(&seed, 2))
		initials(m->core, m->mnemonic, sizeof(m->mnemonic));
}

static enum err add_buyers(struct db *db, int64_t unit, uint64_t count, struct err_info *e)
{
	uint32_t terms[FIND_TERMS];
	struct buyer_load *load = NULL;
	enum err r = store_buyer_load_begin(db, unit, &load, e);

	for (uint64_t n = 0; !r && n < count; n++) {
		struct made m;
		struct buyer_row row = {.is_person = -1, .is_default = -1};
		enum load_result result;

		make_buyer(n, &m);
		row.name = m.name;
		row.tax_no = m.tax_no;
		row.mnemonic = m.mnemonic;
		row.phone = m.phone;
		row.address = row.bank = row.account = row.email = row.mobile = "";
		for (int i = 0; i < BUYER_TEXTS; i++)
			row.has[i] = true;
		r = store_buyer_load(load, &row, terms, store_buyer_terms(&row, terms), &result,
				     NULL, e);
	}
	if (!r)
		return store_buyer_load_end(&load, e);
	store_buyer_load_drop(&load);
	return r;
}

/* One in two hundred was issued to, more or less often and recently. */
static enum err use_buyers(struct db *db, int64_t unit, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE buyer SET uses = 1 + id % 37, used_at = ? - id * 7919 % 20000000"
		      " WHERE unit_id = ? AND id % 200 = 7",
		      "ll", clock_now(), unit);
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* Some characters of a text from one of them. */
static void part(uint64_t *seed, const char *text, size_t chars, char out[NAME])
{
	size_t all = text_chars(text), from, bytes;

	chars = chars < all ? chars : all;
	from = text_prefix(text, draw(seed, all - chars + 1));
	bytes = text_prefix(text + from, chars);
	snprintf(out, NAME, "%.*s", (int)bytes, text + from);
}

static void spell(uint64_t *seed, const char *text, bool initials_mixed, char out[NAME])
{
	const uint16_t *readings;
	size_t used = 0, n;

	*out = '\0';
	while (*text && used + 8 < NAME) {
		n = pinyin_readings(pinyin_next(&text), &readings);
		if (!n)
			continue;
		snprintf(out + used, NAME - used, "%s", pinyin_syllable(readings[draw(seed, n)]));
		used += initials_mixed && draw(seed, 2) ? 1 : strlen(out + used);
		out[used] = '\0';
	}
}

static void small(char *s)
{
	for (; *s; s++)
		*s = *s >= 'A' && *s <= 'Z' ? (char)(*s - 'A' + 'a') : *s;
}

/* Fields a text is meant for; LIKE looks into that one alone. */
enum field { NAMES, TAX_NOS, MNEMONICS, PHONES };
enum way {
	TWO_INITIALS,
	INITIALS,
	TWO_CHARS,
	CHARS,
	CORE,
	TAX_PART,
	TAX_END,
	PHONE_PART,
	PINYIN,
	MIXED,
	ABSENT,
	TWO_WORDS,
	WAYS
};
static const struct {
	const char *word;
	enum field field;
} ways[] = {
    [TWO_INITIALS] = {"two initials", MNEMONICS},
    [INITIALS] = {"initials", MNEMONICS},
    [TWO_CHARS] = {"two characters", NAMES},
    [CHARS] = {"three, four characters", NAMES},
    [CORE] = {"given name", NAMES},
    [TAX_PART] = {"part of a tax number", TAX_NOS},
    [TAX_END] = {"end of a tax number", TAX_NOS},
    [PHONE_PART] = {"part of a telephone", PHONES},
    [PINYIN] = {"pinyin", MNEMONICS},
    [MIXED] = {"pinyin and initials", MNEMONICS},
    [ABSENT] = {"not there", NAMES},
    [TWO_WORDS] = {"two words", NAMES},
};

static enum way make_text(uint64_t number, uint64_t buyers, char out[NAME])
{
	uint64_t seed = scatter(number ^ UINT64_C(1) << 50);
	enum way way = (enum way)(number % WAYS);
	struct made m, other;
	char letters[NAME];

	make_buyer(draw(&seed, buyers), &m);
	make_buyer(buyers + number, &other); /* nobody's */
	initials(m.name, letters, sizeof(letters));
	small(letters);
	switch (way) {
	case TWO_INITIALS:
		part(&seed, letters, 2, out);
		break;
	case INITIALS:
		part(&seed, letters, 3 + draw(&seed, 2), out);
		break;
	case TWO_CHARS:
		part(&seed, m.name, 2, out);
		break;
	case CHARS:
		part(&seed, m.name, 3 + draw(&seed, 2), out);
		break;
	case TAX_PART:
		part(&seed, m.tax_no, 4 + draw(&seed, 6), out);
		break;
	case TAX_END:
		snprintf(out, NAME, "%s", m.tax_no + 12);
		break;
	case PHONE_PART:
		part(&seed, m.phone, 4 + draw(&seed, 5), out);
		break;
	case PINYIN:
		spell(&seed, m.core, false, out);
		break;
	case MIXED:
		snprintf(letters, sizeof(letters), "%s%s", m.city, m.core);
		spell(&seed, letters, true, out);
		break;
	case ABSENT:
		snprintf(out, NAME, "%s%s%s", other.core, m.trade, draw(&seed, 2) ? "" : "厂");
		break;
	case TWO_WORDS:
		snprintf(out, NAME, "%s %s", m.city, m.core);
		break;
	default:
		snprintf(out, NAME, "%s", m.core);
	}
	return way;
}

/* ---- searching ------------------------------------------------------------------------------- */

static int64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static enum err ours(struct db *db, int64_t unit, const char *text, int *found, struct err_info *e)
{
	struct buyer best[BEST];
	enum err r = store_buyer_best(db, unit, text, BEST, best, found, e);

	for (int i = 0; !r && i < *found; i++)
		buyer_free(&best[i]);
	return r;
}

/* What a program without an index would ask; of two words both are asked. */
static enum err like(struct db *db, int64_t unit, enum field field, const char *text, int *found,
		     struct err_info *e)
{
	static const char *const sql[] = {
	    [NAMES] = "SELECT id FROM buyer WHERE unit_id = ? AND name LIKE ? AND name LIKE ?"
		      " ORDER BY used_at DESC, id DESC LIMIT ?",
	    [TAX_NOS] = "SELECT id FROM buyer WHERE unit_id = ? AND tax_no LIKE ? AND tax_no LIKE ?"
			" ORDER BY used_at DESC, id DESC LIMIT ?",
	    [MNEMONICS] = "SELECT id FROM buyer WHERE unit_id = ? AND mnemonic LIKE ?"
			  " AND mnemonic LIKE ? ORDER BY used_at DESC, id DESC LIMIT ?",
	    [PHONES] = "SELECT id FROM buyer WHERE unit_id = ? AND phone LIKE ? AND phone LIKE ?"
		       " ORDER BY used_at DESC, id DESC LIMIT ?",
	};
	const char *blank = strchr(text, ' ');
	char first[NAME + 3], second[NAME + 3];
	struct rows *q = NULL;
	enum err r;

	snprintf(first, sizeof(first), "%%%.*s%%", blank ? (int)(blank - text) : (int)strlen(text),
		 text);
	snprintf(second, sizeof(second), "%%%s%%", blank ? blank + 1 : "");
	r = db_query(db, &q, e, sql[field], "lssi", unit, first, second, BEST);
	for (*found = 0; !r && rows_next(q); ++*found)
		;
	return rows_end(&q, r, e);
}

static enum err open_home(const char *home, struct db **db, int64_t *unit, int64_t *count,
			  struct err_info *e)
{
	char path[HOME_PATH];
	enum err r;

	if ((r = home_path(home, HOME_DB, path, e)) || (r = db_open(path, DB_READ, db, e)))
		return r;
	r = db_get_int(*db, e, unit, NULL, "SELECT MIN(unit_id) FROM buyer", "");
	return r ? r : db_get_int(*db, e, count, NULL, "SELECT COUNT(*) FROM buyer", "");
}

static enum err search(const char *home, uint64_t queries, bool peer, struct err_info *e)
{
	struct db *db = NULL;
	int64_t unit = 0, count = 0;
	enum err r = open_home(home, &db, &unit, &count, e);

	printf("[");
	for (uint64_t i = 0; !r && i < queries; i++) {
		char text[NAME];
		enum way way = make_text(i, (uint64_t)count, text);
		int found = 0;
		int64_t start = now_ns(CLOCK_MONOTONIC);
		int64_t cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID);

		r = peer ? like(db, unit, ways[way].field, text, &found, e)
			 : ours(db, unit, text, &found, e);
		cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		printf("%s[\"%s\", \"%s\", %d, %" PRId64 ", %" PRId64 "]", i ? ",\n" : "",
		       ways[way].word, text, found, now_ns(CLOCK_MONOTONIC) - start, cpu);
	}
	printf("]\n");
	db_close(&db);
	return r;
}

/* ---- making ---------------------------------------------------------------------------------- */

static enum err add_unit(struct db *db, int64_t *id, struct err_info *e)
{
	struct unit u = {.direct = true, .env = ENV_PRACTICE, .verified = true};
	enum err r;

	mem_set(&u.tax_no, "914403000000000001");
	mem_set(&u.name, "深圳市示例软件有限公司");
	mem_set(&u.leqi_id, "00000000000000000001");
	mem_set(&u.url, "https://127.0.0.1:1/access/sandbox/v2/invoke");
	mem_set(&u.edition, "4.000");
	r = store_unit_put(db, &u, e);
	*id = u.id;
	unit_free(&u);
	return r;
}

static enum err fill(struct db *db, uint64_t count, struct err_info *e)
{
	int64_t unit = 0;
	enum err r = db_begin(db, e);

	if (r)
		return r;
	if ((r = add_unit(db, &unit, e)) || (r = add_buyers(db, unit, count, e)) ||
	    (r = use_buyers(db, unit, e))) {
		db_rollback(db);
		return r;
	}
	return db_commit(db, e);
}

static enum err make(const char *home, uint64_t count, struct err_info *e)
{
	struct db *db = NULL;
	char path[HOME_PATH];
	int64_t start = now_ns(CLOCK_MONOTONIC), bytes = 0, blocks = 0, whole = 0;
	bool created;
	enum err r;

	if ((r = desk_home_init(home, &created, e)) || (r = home_path(home, HOME_DB, path, e)) ||
	    (r = db_open(path, DB_WRITE, &db, e)))
		return r;
	if (!(r = fill(db, count, e)) &&
	    !(r = db_get_int(db, e, &bytes, NULL, "SELECT SUM(LENGTH(docs) + 14) FROM find_post",
			     "")) &&
	    !(r = db_get_int(db, e, &blocks, NULL, "SELECT COUNT(*) FROM find_post", "")))
		r = db_get_int(db, e, &whole, NULL,
			       "SELECT page_count * page_size FROM pragma_page_count,"
			       " pragma_page_size",
			       "");
	if (!r)
		printf("{\"ns\": %" PRId64 ", \"index_bytes\": %" PRId64 ", \"blocks\": %" PRId64
		       ", \"bytes\": %" PRId64 "}\n",
		       now_ns(CLOCK_MONOTONIC) - start, bytes, blocks, whole);
	db_close(&db);
	return r;
}

int main(int argc, char **argv)
{
	struct err_info e = {0};
	char text[2048], *end = NULL;
	uint64_t n = argc == 4 ? strtoull(argv[3], &end, 10) : 0;
	const char *verb = argc == 4 ? argv[1] : "";
	enum err r = ERR_USAGE;

	if (n && !*end && n <= 100000000)
		r = !strcmp(verb, "make")     ? make(argv[2], n, &e)
		    : !strcmp(verb, "search") ? search(argv[2], n, false, &e)
		    : !strcmp(verb, "peer")   ? search(argv[2], n, true, &e)
					      : ERR_USAGE;
	if (r == ERR_USAGE)
		fprintf(stderr, "usage: find make|search|peer HOME NUMBER\n");
	else if (r)
		fprintf(stderr, "find: %s %s\n", err_sentence(&e, text, sizeof(text)), e.detail);
	return r == ERR_USAGE ? 2 : r != ERR_OK;
}
