/* batch_order.c - the records of an order as an invoice: what each column becomes. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/batch_p.h"

/* ---- faults ---- */

void order_fault_add(struct order_faults *f, int line, int column, bool warning, const char *text)
{
	struct order_fault *at;

	if (f->count == f->room) {
		f->room = f->room ? 2 * f->room : 4;
		f->all = mem_realloc(f->all, f->room * sizeof(*f->all));
	}
	at = &f->all[f->count++];
	at->line = line;
	at->column = column;
	at->warning = warning;
	text_copy(at->text, sizeof(at->text), text);
	f->errors += !warning;
}

/* A cell on its way into the invoice. */
struct cell {
	const struct stage *stage;
	struct staged *order;
	struct tax_line *l; /* NULL: of the head */
	int line, column;
	const struct sheet_column *means;
	const char *value;
};

static void refuse(const struct cell *c, const char *why)
{
	char text[SHEET_REASON];

	snprintf(text, sizeof(text), "%s：%s", c->means->title, why);
	text[text_whole(text, strlen(text))] = 0;
	order_fault_add(&c->order->faults, c->line, c->column, false, text);
}

/* ---- columns that are not simply texts ---- */

static bool is_yes(const struct cell *c)
{
	return !strcmp(c->value, "是");
}

static void take_kind(const struct cell *c)
{
	c->order->invoice.kind =
	    !strcmp(c->value, "增值税专用发票") ? INVOICE_SPECIAL : INVOICE_ORDINARY;
}

static void take_inclusive(const struct cell *c)
{
	c->order->invoice.prices_include_tax = is_yes(c);
}

static void take_person(const struct cell *c)
{
	c->order->invoice.buyer_is_person = is_yes(c);
	c->order->invoice.buyer_person_said = true;
}

/* "201", "居民身份证" or both. */
static const char *code_of(enum code_table t, const char *text)
{
	const struct code_row *row = code_find(t, text);
	char digits[8] = "";
	size_t n = strspn(text, "0123456789");

	if (!row)
		row = code_find_name(t, text);
	if (!row && n && n < sizeof(digits)) {
		memcpy(digits, text, n);
		row = code_find(t, digits);
	}
	return row ? row->code : NULL;
}

/* Countries go by their number; the table knows letters, too. */
static const char *country_of(const char *text)
{
	static const struct {
		const char *word, *code;
	} WORDS[] = {{"中华人民共和国", "156"}, {"香港", "344"}, {"澳门", "446"}, {"台湾", "158"}};
	size_t i;

	for (i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		if (!strcmp(WORDS[i].word, text))
			return WORDS[i].code;
	}
	return code_of(CODES_COUNTRIES, text);
}

static void take_code(const struct cell *c, const char *code, char **slot, const char *what)
{
	char why[200];

	if (code) {
		mem_set(slot, code);
		return;
	}
	snprintf(why, sizeof(why), "不认识“%.60s”，请填写%s的名称或代码", c->value, what);
	refuse(c, why);
}

static void take_buyer_id(const struct cell *c)
{
	take_code(c, code_of(CODES_ID_TYPES, c->value), &c->order->invoice.buyer_id_type,
		  "证件类型");
}

static void take_handler_id(const struct cell *c)
{
	take_code(c, code_of(CODES_ID_TYPES, c->value), &c->order->invoice.handler_id_type,
		  "证件类型");
}

static void take_buyer_country(const struct cell *c)
{
	take_code(c, country_of(c->value), &c->order->invoice.buyer_country, "国家或地区");
}

static void take_handler_country(const struct cell *c)
{
	take_code(c, country_of(c->value), &c->order->invoice.handler_country, "国家或地区");
}

/* 展示地址、电话 / 展示开户银行、银行账号 / both / 是 / 否 */
static void take_show(const struct cell *c, bool *address, bool *bank)
{
	bool no = strstr(c->value, "不展示") || strstr(c->value, "否") || !strcmp(c->value, "N");
	bool yes = !no && (strstr(c->value, "是") || !strcmp(c->value, "Y"));

	*address = !no && (yes || strstr(c->value, "地址"));
	*bank = !no && (yes || strstr(c->value, "银行") || strstr(c->value, "账号"));
	if (!no && !*address && !*bank)
		refuse(c, "请填写 是、否、展示地址、电话 或 展示开户银行、银行账号");
}

static void take_show_buyer(const struct cell *c)
{
	struct invoice *inv = &c->order->invoice;

	take_show(c, &inv->show_buyer_address, &inv->show_buyer_bank);
}

static void take_show_seller(const struct cell *c)
{
	struct invoice *inv = &c->order->invoice;

	take_show(c, &inv->show_seller_address, &inv->show_seller_bank);
}

static void take_show_buyer_bank(const struct cell *c)
{
	c->order->invoice.show_buyer_bank |= is_yes(c);
}

static void take_show_seller_bank(const struct cell *c)
{
	c->order->invoice.show_seller_bank |= is_yes(c);
}

/* What the invoice says of the seller is what the unit's particulars say. */
static void same_as_unit(const struct cell *c, const char *ours)
{
	char why[400];

	if (!strcmp(c->value, ours))
		return;
	snprintf(why, sizeof(why),
		 "“%.80s”与使用单位登记的“%.80s”不同，请清空这一格，或修改使用单位的资料", c->value,
		 *ours ? ours : "（空）");
	refuse(c, why);
}

static void take_seller_bank(const struct cell *c)
{
	same_as_unit(c, c->stage->unit.bank);
}

static void take_seller_account(const struct cell *c)
{
	same_as_unit(c, c->stage->unit.account);
}

static void refuse_filled(const struct cell *c)
{
	char why[300];

	snprintf(why, sizeof(why), "填了“%.60s”，本程序还不支持这一项，请清空或到电子税务局开具",
		 c->value);
	c->order->beyond = true;
	refuse(c, why);
}

static void refuse_yes(const struct cell *c)
{
	if (is_yes(c))
		refuse_filled(c);
}

static void take_coal(const struct cell *c, const char *before, const char *after)
{
	char **slot = &c->order->invoice.coal_quality, *whole;
	size_t n = strlen(*slot) + strlen(before) + strlen(c->value) + strlen(after) + 1;

	whole = mem_alloc(n);
	snprintf(whole, n, "%s%s%s%s", *slot, before, c->value, after);
	mem_set(slot, whole);
	free(whole);
}

static void take_coal_heat(const struct cell *c)
{
	take_coal(c, "每千克煤炭发热量：", "千卡、");
}

static void take_coal_sulfur(const struct cell *c)
{
	take_coal(c, "干基全硫：", "%、");
}

static void take_coal_volatile(const struct cell *c)
{
	take_coal(c, "干燥无灰基挥发分：", "%");
}

/* ---- of a line ---- */

static void take_quantity(const struct cell *c)
{
	c->l->has_quantity = dec_parse(c->value, &c->l->quantity);
	if (!c->l->has_quantity)
		refuse(c, "数字太长");
}

static void take_price(const struct cell *c)
{
	c->l->has_price = dec_parse(c->value, &c->l->price);
	if (!c->l->has_price)
		refuse(c, "数字太长");
}

static void take_amount(const struct cell *c)
{
	c->l->has_amount = fen_parse(c->value, &c->l->amount_fen);
	if (!c->l->has_amount)
		refuse(c, "数字太大");
}

static void take_rate(const struct cell *c)
{
	if (!rate_parse(c->value, &c->l->rate_ppm))
		refuse(c, "不是税率，如 0.13");
}

static void take_discount(const struct cell *c)
{
	int64_t fen;

	if (!fen_parse(c->value, &fen)) {
		refuse(c, "数字太大");
	} else if (fen < 0) {
		refuse(c, "请填正数：折扣行由程序生成");
	} else if (fen) {
		c->l->discount.by = DISCOUNT_BY_AMOUNT;
		c->l->discount.amount_fen = fen;
	}
}

/* 即征即退 says which one in the next column. */
static void take_preference(const struct cell *c)
{
	const char *code;

	if (!strcmp(c->value, "即征即退"))
		return;
	code = code_of(CODES_PREFERENCES, c->value);
	if (code && *c->l->preference && strcmp(c->l->preference, code) != 0)
		refuse(c, "与另一列的优惠政策不同，请核对");
	else
		take_code(c, code, &c->l->preference, "优惠政策");
}

/* ---- which column is what ---- */

typedef void (*take_fn)(const struct cell *c);
static const struct {
	const char *key;
	take_fn take;
} TAKERS[] = {
    {"kind", take_kind},
    {"special", refuse_filled},
    {"inclusive", take_inclusive},
    {"buyer.is_person", take_person},
    {"buyer.id_type", take_buyer_id},
    {"buyer.country", take_buyer_country},
    {"scrap.region", refuse_filled},
    {"scrap.address", refuse_filled},
    {"show_buyer", take_show_buyer},
    {"show_buyer_bank", take_show_buyer_bank},
    {"agent", refuse_yes},
    {"agent.no", refuse_filled},
    {"scrap.kind", refuse_filled},
    {"coal.heat", take_coal_heat},
    {"coal.sulfur", take_coal_sulfur},
    {"coal.volatile", take_coal_volatile},
    {"seller.bank", take_seller_bank},
    {"seller.account", take_seller_account},
    {"show_seller", take_show_seller},
    {"show_seller_bank", take_show_seller_bank},
    {"handler.id_type", take_handler_id},
    {"handler.country", take_handler_country},
    {"waive", refuse_filled},
    {"quantity", take_quantity},
    {"price", take_price},
    {"amount", take_amount},
    {"tax_rate", take_rate},
    {"discount.amount", take_discount},
    {"preference", take_preference},
    {"refund", take_preference},
};

/* Of each column: a function, or the place of a text; neither: it is looked at elsewhere. */
struct meaning {
	take_fn take;
	size_t offset;
};
static struct meaning meanings[LINES + 1][SHEET_COLUMNS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static struct meaning meaning_of(const char *key, const struct text_field *texts)
{
	size_t i;

	for (i = 0; i < sizeof(TAKERS) / sizeof(TAKERS[0]); i++) {
		if (!strcmp(TAKERS[i].key, key))
			return (struct meaning) {TAKERS[i].take, (size_t)-1};
	}
	for (; texts->key; texts++) {
		if (!strcmp(texts->key, key))
			return (struct meaning) {NULL, texts->offset};
	}
	return (struct meaning) {NULL, (size_t)-1};
}

static void find_meanings(void)
{
	enum batch_table t;
	size_t i;

	for (t = HEADS; t <= LINES; t++) {
		const struct sheet_table *table = batch_table(t);

		for (i = 0; i < table->count; i++)
			meanings[t][i] = meaning_of(table->columns[i].key,
						    t == HEADS ? invoice_texts : line_texts);
	}
}

/* ---- records ---- */

static void take_values(struct cell *c, const char *record, enum batch_table t, void *base)
{
	const struct sheet_table *table = batch_table(t);
	struct batch_value v;
	struct batch_walk w;

	batch_walk_begin(&w, record);
	while (batch_walk_next(&w, &v, &c->value)) {
		const struct meaning *m = &meanings[t][v.column];

		if (v.form != VALUE_GOOD)
			continue;
		c->column = v.column;
		c->means = &table->columns[v.column];
		if (m->take)
			m->take(c);
		else if (m->offset != (size_t)-1)
			mem_set((char **)(void *)((char *)base + m->offset), c->value);
	}
}

static void take_reason(struct staged *o, const char *record, int line)
{
	struct batch_record r = batch_record_of(record);

	if (r.reason)
		order_fault_add(&o->faults, line, r.column == COLUMN_NONE ? -1 : r.column, false,
				batch_record_reason(record));
}

static void tell_hidden(struct staged *o, const char *record, int line)
{
	struct batch_record r = batch_record_of(record);
	const struct sheet_table *t = batch_table(r.table);
	char text[SHEET_REASON];
	const char *value;
	struct batch_value v;
	struct batch_walk w;

	if (!r.cleaned)
		return;
	batch_walk_begin(&w, record);
	while (batch_walk_next(&w, &v, &value)) {
		if (!v.hidden)
			continue;
		sheet_hidden_text(t->columns[v.column].title, v.hidden, text);
		order_fault_add(&o->faults, line, r.table == EXTRAS ? -1 : v.column, true, text);
	}
}

static const char *value_of(const char *record, int column)
{
	const char *text;
	struct batch_value v;
	struct batch_walk w;

	batch_walk_begin(&w, record);
	while (batch_walk_next(&w, &v, &text)) {
		if (v.column == column && v.form == VALUE_GOOD)
			return text;
	}
	return "";
}

/* The word for using one, the policy and a rate of 免税 or 不征税 must say the same. */
static void settle_preference(struct cell *c, const char *record)
{
	static const char *const UNTAXED[] = {[3] = "03", [4] = "04"};
	const struct sheet_table *t = batch_table(LINES);
	struct batch_record r = batch_record_of(record);
	const char *use;

	if (r.untaxed && text_empty(c->l->preference))
		mem_set(&c->l->preference, UNTAXED[r.untaxed]);
	c->column = sheet_column(t, "use_preference");
	c->means = &t->columns[c->column];
	use = value_of(record, c->column);
	if (!strcmp(use, "是") && text_empty(c->l->preference))
		refuse(c, "填了 是，但没有优惠政策类型，请选择一种");
	else if (!strcmp(use, "否") && !text_empty(c->l->preference) && !r.untaxed)
		refuse(c, "填了 否，却有优惠政策类型，请核对");
}

static void build_line(struct stage *g, struct staged *o, const char *record)
{
	struct cell c = {.stage = g, .order = o, .l = invoice_add_line(&o->invoice)};

	c.line = (int)o->invoice.line_count - 1;
	take_reason(o, record, c.line);
	tell_hidden(o, record, c.line);
	take_values(&c, record, LINES, c.l);
	settle_preference(&c, record);
}

static void build_extra(struct staged *o, const char *record)
{
	static const char NAME[] = "extras.name", VALUE[] = "extras.value";
	const struct sheet_table *t = batch_table(EXTRAS);
	struct extra_element *x = invoice_add_extra(&o->invoice);

	take_reason(o, record, -1);
	tell_hidden(o, record, -1);
	mem_set(&x->name, value_of(record, sheet_column(t, NAME)));
	mem_set(&x->value, value_of(record, sheet_column(t, VALUE)));
}

static void settle_country(char **country, const char *type, const char *number)
{
	const char *code = *type && *number ? tax_document_country(type, number) : NULL;

	if (code && text_empty(*country))
		mem_set(country, code);
}

/* The bureau's sheet leaves out what a document settles: the country, and of an identity card the
 * tax number. */
static void settle_person(struct invoice *inv)
{
	settle_country(&inv->handler_country, inv->handler_id_type, inv->handler_id_no);
	if (!inv->buyer_is_person)
		return;
	settle_country(&inv->buyer_country, inv->buyer_id_type, inv->buyer_id_no);
	if (!strcmp(inv->buyer_id_type, "201") && text_empty(inv->buyer.tax_no))
		mem_set(&inv->buyer.tax_no, inv->buyer_id_no);
}

void order_build(const struct order_records *records, struct stage *g, struct staged *o)
{
	size_t i;

	pthread_once(&once, find_meanings);
	if (records->head) {
		struct cell c = {.stage = g, .order = o, .line = -1};

		take_reason(o, records->head, -1);
		tell_hidden(o, records->head, -1);
		take_values(&c, records->head, HEADS, &o->invoice);
		settle_person(&o->invoice);
	}
	for (i = 0; i < records->count; i++) {
		const char *record = records->lines[i];

		switch (batch_record_of(record).table) {
		case EXTRAS:
			build_extra(o, record);
			break;
		case LINES:
			build_line(g, o, record);
			break;
		default: /* 特定业务 is refused as a whole */
			break;
		}
	}
}

/* One column says what two fields are. */
static int head_column(const char *field)
{
	if (!strcmp(field, "show_buyer_address"))
		field = "show_buyer";
	else if (!strcmp(field, "show_seller_address"))
		field = "show_seller";
	return sheet_column(batch_table(HEADS), field);
}

int order_column_of(const char *field, int *line)
{
	static const char LINE[] = "lines[";
	char *end;

	*line = -1;
	if (strncmp(field, LINE, sizeof(LINE) - 1) != 0)
		return head_column(field);
	*line = (int)strtol(field + sizeof(LINE) - 1, &end, 10);
	if (strncmp(end, "].", 2) != 0)
		return -1;
	if (!strncmp(end + 2, "discount", strlen("discount")))
		return sheet_column(batch_table(LINES), "discount.amount");
	return sheet_column(batch_table(LINES), end + 2);
}
