/* leqi_drive - the leqi room by hand: one JSON command per line in, one JSON answer per line out.
 *
 * {"op":"unit","url":…,"direct":…,"using":…,"key":…,"ca_file":…,"connect_to":…,"ability":…,
 *  "edition":…,"use_case":…,"region":…,"tax_no":…,"joint":bool,"sandbox_flag":bool,
 *  "connect_ms":n,"total_ms":n} sets the unit of the calls that follow.  Calls: claim count serial;
 * quota; move kind amount serial; adjust month; risk; taxpayer; rates; codes stamp; upload invoices
 * (input form + number, issued_at, seller); raw bodies; result receipt; probe; forbid on (the trace
 * refuses).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "leqi/leqi.h"
#include "tax/calc.h"
#include "tax/invoice_json.h"

struct drive {
	struct leqi *leqi;
	struct leqi_unit unit;
	unsigned char key[LEQI_KEY];
	cJSON *texts; /* the unit's command: its strings live here */
	char *ca;
	bool forbid;
	int traced;
	struct json_out out;
	struct buf line;
};

static const char *text_of(const struct drive *d, const char *key)
{
	const char *s = json_member(d->texts, key);

	return *s ? s : NULL;
}

static enum err on_trace(void *arg, const char *service, const struct leqi_reply *rep)
{
	struct drive *d = arg;

	d->traced += *service && rep->request && rep->trace_id[0] && rep->url[0];
	return d->forbid ? ERR_BUSY : ERR_OK;
}

static void set_unit(struct drive *d, cJSON *command)
{
	long long ms = 0;
	size_t n;

	json_free(&d->texts);
	free(d->ca);
	d->ca = NULL;
	d->texts = cJSON_Duplicate(command, true);
	d->unit = (struct leqi_unit) {.base_url = text_of(d, "url"),
				      .key = d->key,
				      .direct_id = text_of(d, "direct"),
				      .using_id = text_of(d, "using"),
				      .ability = text_of(d, "ability"),
				      .connect_to = text_of(d, "connect_to"),
				      .proxy = text_of(d, "proxy"),
				      .tls_name = text_of(d, "tls_name"),
				      .use_case = text_of(d, "use_case"),
				      .edition = text_of(d, "edition")};
	if (!leqi_key_parse(text_of(d, "key"), d->key))
		json_put(&d->out, "fault", "key");
	if (text_of(d, "ca_file") &&
	    file_read(text_of(d, "ca_file"), 1 << 20, &d->ca, &n, NULL) != ERR_OK)
		json_put(&d->out, "fault", "ca_file");
	d->unit.ca_pem = d->ca;
	d->unit.joint = cJSON_IsTrue(json_get(d->texts, "joint"));
	d->unit.sandbox_flag = cJSON_IsTrue(json_get(d->texts, "sandbox_flag"));
	if (json_member_int(d->texts, "connect_ms", 1, 600000, &ms))
		d->unit.connect_ms = (long)ms;
	if (json_member_int(d->texts, "total_ms", 1, 600000, &ms))
		d->unit.total_ms = (long)ms;
}

static void put_reply(struct drive *d, struct leqi_reply *rep)
{
	struct json_out *o = &d->out;

	json_put(o, "class", leqi_class_word(rep->class));
	json_put_int(o, "http", rep->http_status);
	json_put(o, "platform", rep->platform_code);
	json_put(o, "code", rep->return_code);
	json_put(o, "message", rep->message);
	json_put(o, "hint", rep->hint);
	json_put(o, "request_id", rep->request_id);
	json_put(o, "trace_id", rep->trace_id);
	json_put(o, "url", rep->url);
	json_put_int(o, "retry_after", rep->retry_after_s);
	json_put_int(o, "server_time", rep->server_time);
	json_put_int(o, "took_ms", rep->took_ms);
	json_put(o, "request", rep->request);
	json_put(o, "answer", rep->answer && strlen(rep->answer) < 100000 ? rep->answer : NULL);
	leqi_reply_free(rep);
}

static void do_claim(struct drive *d, const cJSON *c)
{
	struct leqi_numbers n = {0};
	struct leqi_reply rep;
	long long count = 0;
	char serial[LEQI_SERIAL_TEXT];

	json_member_int(c, "count", 0, 1000000, &count);
	leqi_serial(&d->unit, serial);
	if (*json_member(c, "serial"))
		text_copy(serial, sizeof(serial), json_member(c, "serial"));
	leqi_claim_numbers(d->leqi, &d->unit, text_of(d, "tax_no"), count, serial, &n, &rep);
	put_reply(d, &rep);
	json_put(&d->out, "first", n.first);
	json_put(&d->out, "last", n.last);
	json_put_int(&d->out, "count", n.count);
}

static void do_quota(struct drive *d, const cJSON *c)
{
	struct leqi_quota q = {0};
	struct leqi_reply rep;

	(void)c;
	leqi_query_quota(d->leqi, &d->unit, text_of(d, "tax_no"), text_of(d, "region"), &q, &rep);
	put_reply(d, &rep);
	json_put_bool(&d->out, "paused", q.paused);
	json_put_fen(&d->out, "total", q.total);
	json_put_fen(&d->out, "available", q.available);
	json_put_fen(&d->out, "downloaded", q.downloaded);
	json_put_fen(&d->out, "unused", q.unused);
	json_put(&d->out, "month", q.month);
}

static void put_interval(struct drive *d, const struct leqi_interval *i)
{
	json_put(&d->out, "month", i->month);
	json_put(&d->out, "start", i->start);
	json_put(&d->out, "end", i->end);
}

static void do_move(struct drive *d, const cJSON *c)
{
	struct leqi_interval i = {0};
	struct leqi_reply rep;
	int64_t fen = 0;
	char serial[LEQI_SERIAL_TEXT];

	fen_parse(json_member(c, "amount"), &fen);
	leqi_serial(&d->unit, serial);
	if (*json_member(c, "serial"))
		text_copy(serial, sizeof(serial), json_member(c, "serial"));
	leqi_move_quota(d->leqi, &d->unit, text_of(d, "tax_no"), text_of(d, "region"),
			strcmp(json_member(c, "kind"), "return") != 0, fen, serial, &i, &rep);
	put_reply(d, &rep);
	put_interval(d, &i);
}

static void do_adjust(struct drive *d, const cJSON *c)
{
	struct leqi_interval i = {0};
	struct leqi_reply rep;

	leqi_adjust_quota(d->leqi, &d->unit, text_of(d, "tax_no"), text_of(d, "region"),
			  json_member(c, "month"), &i, &rep);
	put_reply(d, &rep);
	put_interval(d, &i);
}

static void do_taxpayer(struct drive *d, const cJSON *c)
{
	struct taxpayer t = {0};
	struct leqi_reply rep;
	bool risk = strcmp(json_member(c, "op"), "risk") == 0;

	if (risk)
		leqi_query_risk(d->leqi, &d->unit, text_of(d, "tax_no"), text_of(d, "region"), &t,
				&rep);
	else
		leqi_query_taxpayer(d->leqi, &d->unit, text_of(d, "tax_no"), text_of(d, "region"),
				    &t, &rep);
	put_reply(d, &rep);
	json_put(&d->out, "tax_no", t.tax_no);
	json_put(&d->out, "name", t.name);
	json_put(&d->out, "state", t.state);
	json_put(&d->out, "pilot", t.pilot);
	json_put(&d->out, "risk_flag", t.risk_flag);
	json_put(&d->out, "risk_class", t.risk_class);
	json_put(&d->out, "credit", t.credit_grade);
	json_put(&d->out, "industry", t.industry);
	json_put_int(&d->out, "basic_at", t.basic_at);
	json_put_int(&d->out, "risk_at", t.risk_at);
}

static void do_rates(struct drive *d, const cJSON *c)
{
	struct tax_rate *rates = NULL;
	struct leqi_reply rep;
	char text[RATE_TEXT];
	size_t n = 0;

	(void)c;
	leqi_query_rates(d->leqi, &d->unit, &rates, &n, &rep);
	put_reply(d, &rep);
	json_open(&d->out, "rates", '[');
	for (size_t i = 0; i < n; i++) {
		json_open(&d->out, NULL, '{');
		json_put(&d->out, "rate", rate_format(rates[i].ppm, text));
		json_put_bool(&d->out, "levy", rates[i].levy);
		json_put_bool(&d->out, "enabled", rates[i].enabled);
		json_put(&d->out, "start", rates[i].start);
		json_put(&d->out, "stop", rates[i].stop);
		json_close(&d->out, '}');
	}
	json_close(&d->out, ']');
	free(rates);
}

struct code_sums {
	size_t summaries, named;
	char first[20];
	bool refuse;
};

static enum err on_code(void *arg, const struct tax_code *c)
{
	struct code_sums *s = arg;

	if (!s->first[0])
		text_copy(s->first, sizeof(s->first), c->code);
	s->summaries += c->summary;
	s->named += *c->name && *c->short_name && *c->start;
	return s->refuse ? ERR_DAMAGED : ERR_OK;
}

static void do_codes(struct drive *d, const cJSON *c)
{
	struct code_sums s = {.refuse = cJSON_IsTrue(json_get(c, "refuse"))};
	struct leqi_reply rep;
	char stamp[24] = "";
	size_t count = 0;

	leqi_query_codes(d->leqi, &d->unit, text_of(d, "tax_no"), text_of(d, "region"),
			 json_member(c, "stamp"), on_code, &s, stamp, &count, &rep);
	put_reply(d, &rep);
	json_put(&d->out, "stamp", stamp);
	json_put_int(&d->out, "count", (long long)count);
	json_put_int(&d->out, "named", (long long)s.named);
	json_put_int(&d->out, "summaries", (long long)s.summaries);
	json_put(&d->out, "first", s.first);
}

/* The body of one invoice of a command, or why there is none. */
static bool build(struct drive *d, const cJSON *item, struct buf *out)
{
	cJSON *input = cJSON_Duplicate(item, true);
	const cJSON *seller = json_get(item, "seller");
	char ip[48], mac[24], said[1200];
	struct invoice inv;
	struct err_info e;
	struct leqi_invoice in = {.invoice = &inv,
				  .direct_id = d->unit.direct_id,
				  .region = text_of(d, "region"),
				  .ip = ip,
				  .mac = mac,
				  .drawer_id_type = text_of(d, "drawer_id_type"),
				  .drawer_id_no = text_of(d, "drawer_id_no"),
				  .joint = d->unit.joint,
				  .edition = d->unit.edition};
	bool ok;

	err_clear(&e);
	leqi_machine(ip, mac);
	cJSON_DeleteItemFromObject(input, "number");
	cJSON_DeleteItemFromObject(input, "issued_at");
	cJSON_DeleteItemFromObject(input, "seller");
	ok = invoice_from_json(input, "", &inv, &e) == ERR_OK;
	if (ok) {
		text_copy(inv.number, sizeof(inv.number), json_member(item, "number"));
		text_copy(inv.issued_at, sizeof(inv.issued_at), json_member(item, "issued_at"));
		mem_set(&inv.seller.name, json_member(seller, "name"));
		mem_set(&inv.seller.tax_no, json_member(seller, "tax_no"));
		ok = tax_invoice_compute(&inv, &e) == ERR_OK &&
		     leqi_invoice_body(&in, out, &e) == ERR_OK;
		invoice_free(&inv);
	}
	if (!ok)
		json_put(&d->out, "fault", err_sentence(&e, said, sizeof(said)));
	json_free(&input);
	return ok;
}

static void send_bodies(struct drive *d, struct buf *bufs, size_t n)
{
	struct leqi_body *bodies = mem_zalloc(sizeof(*bodies) * (n + 1));
	char receipt[LEQI_RECEIPT_TEXT] = "";
	struct leqi_reply rep;

	for (size_t i = 0; i < n; i++)
		bodies[i] = (struct leqi_body) {buf_str(&bufs[i]), bufs[i].len};
	leqi_upload(d->leqi, &d->unit, bodies, n, receipt, &rep);
	put_reply(d, &rep);
	json_put(&d->out, "receipt", receipt);
	free(bodies);
}

static void do_upload(struct drive *d, const cJSON *c)
{
	bool raw = strcmp(json_member(c, "op"), "raw") == 0;
	const cJSON *list = json_get(c, raw ? "bodies" : "invoices"), *item;
	size_t n = (size_t)cJSON_GetArraySize(list), i = 0;
	struct buf *bufs = mem_zalloc(sizeof(*bufs) * (n + 1));
	bool ok = true;

	cJSON_ArrayForEach(item, list)
	{
		struct json_out o;

		buf_init(&bufs[i], 1 << 26);
		json_out_init(&o, &bufs[i], 0);
		if (raw)
			json_put_tree(&o, NULL, item);
		else
			ok = build(d, item, &bufs[i]) && ok;
		i++;
	}
	if (ok)
		send_bodies(d, bufs, n);
	for (i = 0; i < n; i++)
		buf_free(&bufs[i]);
	free(bufs);
}

static void do_result(struct drive *d, const cJSON *c)
{
	static const char *const WORDS[] = {"done", "processing", "failed", "duplicate"};
	struct leqi_result *r = NULL;
	struct leqi_reply rep;
	size_t n = 0;

	leqi_upload_result(d->leqi, &d->unit, json_member(c, "receipt"), &r, &n, &rep);
	put_reply(d, &rep);
	json_open(&d->out, "results", '[');
	for (size_t i = 0; i < n; i++) {
		json_open(&d->out, NULL, '{');
		json_put(&d->out, "number", r[i].number);
		json_put(&d->out, "status", WORDS[r[i].status]);
		json_put(&d->out, "code", r[i].code);
		json_put(&d->out, "message", r[i].message);
		json_close(&d->out, '}');
	}
	json_close(&d->out, ']');
	free(r);
}

static void do_probe(struct drive *d, const cJSON *c)
{
	struct leqi_probe p;
	struct err_info e;

	(void)c;
	err_clear(&e);
	json_put(&d->out, "err", err_class_name(leqi_probe(d->leqi, &d->unit, &p, &e)));
	json_put_bool(&d->out, "resolved", p.resolved);
	json_put_bool(&d->out, "connected", p.connected);
	json_put_bool(&d->out, "verified", p.verified);
	json_put(&d->out, "address", p.address);
	json_put(&d->out, "message", p.message);
	json_put(&d->out, "hint", e.hint);
	json_put_int(&d->out, "server_time", p.server_time);
}

static void do_forbid(struct drive *d, const cJSON *c)
{
	d->forbid = cJSON_IsTrue(json_get(c, "on"));
}

static const struct {
	const char *name;
	void (*run)(struct drive *d, const cJSON *c);
} OPS[] = {
    {"claim", do_claim},   {"quota", do_quota},       {"move", do_move},   {"adjust", do_adjust},
    {"risk", do_taxpayer}, {"rates", do_rates},       {"codes", do_codes}, {"upload", do_upload},
    {"raw", do_upload},    {"taxpayer", do_taxpayer}, {"probe", do_probe}, {"result", do_result},
    {"forbid", do_forbid},
};

static void run(struct drive *d, cJSON *command)
{
	const char *op = json_member(command, "op");

	if (strcmp(op, "unit") == 0) {
		set_unit(d, command);
		return;
	}
	for (size_t i = 0; i < sizeof(OPS) / sizeof(OPS[0]); i++)
		if (strcmp(OPS[i].name, op) == 0)
			OPS[i].run(d, command);
	json_put_int(&d->out, "traced", d->traced);
}

static void answer(struct drive *d, const char *line, size_t n)
{
	struct err_info e;
	cJSON *command;

	buf_reset(&d->line);
	json_out_init(&d->out, &d->line, 0);
	json_open(&d->out, NULL, '{');
	if (json_parse(line, n, INVOICE_FILE_MAX, &command, &e) == ERR_OK) {
		run(d, command);
		json_free(&command);
	} else {
		json_put(&d->out, "fault", e.why);
	}
	json_close(&d->out, '}');
	puts(buf_str(&d->line));
	fflush(stdout);
}

int main(void)
{
	struct drive d = {0};
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	clock_start(getenv("KAIPIAO_NOW"));
	buf_init(&d.line, 1 << 28);
	if (leqi_open(&d.leqi, NULL) != ERR_OK)
		return 1;
	leqi_set_trace(d.leqi, on_trace, &d);
	while ((n = getline(&line, &size, stdin)) > 0)
		answer(&d, line, (size_t)n);
	free(line);
	free(d.ca);
	json_free(&d.texts);
	buf_free(&d.line);
	leqi_close(&d.leqi);
	return 0;
}
