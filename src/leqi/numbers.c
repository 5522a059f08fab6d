/* numbers.c - number segments and quota (protocol 4.1, 7.2, 7.3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "leqi/wire_p.h"
#include "tax/ids.h"

static bool read_segment(const cJSON *data, struct leqi_numbers *out)
{
	struct leqi_numbers n;
	long long distance;
	char count[16];

	wire_copy(data, "fpqshm", n.first, sizeof(n.first));
	wire_copy(data, "fpzzhm", n.last, sizeof(n.last));
	wire_copy(data, "lysl", count, sizeof(count));
	if (!invoice_number_ok(n.first) || !invoice_number_ok(n.last) ||
	    !invoice_number_diff(n.first, n.last, &distance) || distance < 0)
		return false;
	n.count = distance + 1;
	*out = n;
	/* The count is said twice; a segment that contradicts itself may not be used. */
	return text_empty(count) || (text_all_digits(count) && strtoll(count, NULL, 10) == n.count);
}

enum leqi_class leqi_claim_numbers(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				   int64_t count, const char *serial, struct leqi_numbers *out,
				   struct leqi_reply *rep)
{
	char text[24];
	struct wire_request r = {.tax_no = tax_no, .serial = serial, .count = text};
	enum leqi_class class;
	cJSON *data;

	snprintf(text, sizeof(text), "%lld", (long long)count);
	class = wire_ask(l, u, "QDFPPLFM", &r, rep, &data);
	if (class == LEQI_OK && !read_segment(data, out))
		class = reply_unusable(rep, "的号段读不出来或自相矛盾");
	json_free(&data);
	return class;
}

static bool read_quota(const cJSON *data, struct leqi_quota *out)
{
	struct leqi_quota q = {0};

	q.paused = wire_yes(data, "ztsxbz");
	wire_month(data, "sq", q.month);
	if (!q.month[0] || !wire_fen(data, "bysxed", &q.total) ||
	    !wire_fen(data, "kysyed", &q.available) || !wire_fen(data, "yxzed", &q.downloaded) ||
	    !wire_fen(data, "yxzwsyed", &q.unused))
		return false;
	*out = q;
	return true;
}

enum leqi_class leqi_query_quota(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				 const char *region, struct leqi_quota *out, struct leqi_reply *rep)
{
	struct wire_request r = {.tax_no = tax_no, .region = region};
	enum leqi_class class;
	cJSON *data;

	class = wire_ask(l, u, "CXSXED", &r, rep, &data);
	if (class == LEQI_OK && !read_quota(data, out))
		class = reply_unusable(rep, "缺少额度的某个数");
	json_free(&data);
	return class;
}

static void read_interval(const cJSON *data, struct leqi_interval *out)
{
	wire_month(data, "sxedsq", out->month);
	wire_date(data, "syqjq", out->start);
	wire_date(data, "syqjz", out->end);
}

enum leqi_class leqi_move_quota(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				const char *region, bool download, int64_t fen, const char *serial,
				struct leqi_interval *out, struct leqi_reply *rep)
{
	char amount[FEN_TEXT];
	struct wire_request r = {.tax_no = tax_no,
				 .region = region,
				 .direct_id = u->direct_id,
				 .kind = download ? "0" : "1",
				 .amount = amount,
				 .serial = serial};
	enum leqi_class class;
	cJSON *data;

	fen_format(fen, amount);
	class = wire_ask(l, u, "XZTHSXED", &r, rep, &data);
	if (class == LEQI_OK)
		read_interval(data, out);
	json_free(&data);
	return class;
}

enum leqi_class leqi_adjust_quota(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				  const char *region, const char *month, struct leqi_interval *out,
				  struct leqi_reply *rep)
{
	struct wire_request r = {.tax_no = tax_no, .region = region, .month = month};
	enum leqi_class class;
	cJSON *data;

	class = wire_ask(l, u, "TZSXEDYXQ", &r, rep, &data);
	if (class == LEQI_OK)
		read_interval(data, out);
	json_free(&data);
	return class;
}
