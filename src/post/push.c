/* push.c - one signed POST of a JSON body. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/secret.h"
#include "base/address.h"
#include "base/text.h"
#include "post/post_p.h"

enum { READ_MAX = 1024 * 1024, DAY = 86400 };

/* What is kept of an answer; the rest is read, up to READ_MAX, so that the connection can be used
 * again. */
struct answer {
	struct buf kept;
	size_t read;
};

static size_t take_answer(char *bytes, size_t size, size_t count, void *arg)
{
	struct answer *a = arg;
	size_t n = size * count, room = POST_ANSWER - a->kept.len;

	buf_add(&a->kept, bytes, n < room ? n : room);
	a->read += n;
	return a->read > READ_MAX ? 0 : n;
}

void post_sign(const struct push_call *c, char out[POST_SIGNATURE])
{
	char prefix[32], hash[HASH_TEXT];

	snprintf(prefix, sizeof(prefix), "%" PRId64 ".", c->timestamp);
	hash_hmac_sha256(c->key, c->key_len, prefix, c->body, c->size, hash);
	snprintf(out, POST_SIGNATURE, "v1=%s", hash);
}

static struct curl_slist *headers(const struct push_call *c)
{
	struct curl_slist *list = NULL;
	char line[200], signature[POST_SIGNATURE];

	list = curl_slist_append(list, "Content-Type: application/json");
	list = curl_slist_append(list, "Expect:");
	snprintf(line, sizeof(line), "X-Kaipiao-Key: %.100s", c->key_id);
	list = curl_slist_append(list, line);
	snprintf(line, sizeof(line), "X-Kaipiao-Timestamp: %" PRId64, c->timestamp);
	list = curl_slist_append(list, line);
	post_sign(c, signature);
	snprintf(line, sizeof(line), "X-Kaipiao-Signature: %s", signature);
	return curl_slist_append(list, line);
}

static const struct {
	int from, to;
	const char *words, *hint;
} STATUSES[] = {
    {300, 399, "接收方要求转到别的地址，没有跟随", "把推送地址改成最终的地址"},
    {401, 403, "接收方拒绝了签名或来源", "核对密钥编号与密钥，以及接收方的时钟"},
    {404, 404, "接收方没有这个路径", "核对推送地址"},
    {413, 413, "接收方嫌内容太大", "把每次推送的张数改小"},
    {429, 429, "接收方要求放慢", "程序会等待后再试"},
};

/* Whatever is not 2xx comes again: the receiver may be mended, and drops what it has. */
static enum post_class not_taken(struct post_reply *rep)
{
	for (size_t i = 0; i < sizeof(STATUSES) / sizeof(STATUSES[0]); i++)
		if (rep->status >= STATUSES[i].from && rep->status <= STATUSES[i].to)
			return reply_set(rep, POST_LATER, STATUSES[i].hint, "%s（HTTP %d）",
					 STATUSES[i].words, rep->status);
	return reply_set(rep, POST_LATER, "请接收方查看", "接收方返回 HTTP %d", rep->status);
}

/* Of the key and of the address's own secrets nothing is kept. */
static void hide_told(struct buf *heard, const struct push_call *c)
{
	size_t at = 0, n = 0;
	const char *part;

	hide_word(heard, c->key, c->key_len);
	while ((part = url_hidden(c->url, &at, &n)) != NULL)
		hide_word(heard, part, n);
}

static enum post_class judge(struct post *p, CURLcode code, const struct answer *a,
			     struct post_reply *rep)
{
	curl_off_t retry = 0, sent = 0;
	long status = 0;

	curl_easy_getinfo(p->push, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(p->push, CURLINFO_RETRY_AFTER, &retry);
	curl_easy_getinfo(p->push, CURLINFO_SIZE_UPLOAD_T, &sent);
	rep->status = status >= 200 ? (int)status : 0;
	rep->reached = rep->status != 0;
	rep->retry_after_s = retry > DAY ? DAY : retry > 0 ? (int)retry : 0;
	reply_keep(rep, buf_str(&a->kept), a->kept.len);
	/* The status says it; what is wrong with the rest of the answer changes nothing. */
	if (rep->status >= 200 && rep->status < 300)
		return POST_OK;
	if (rep->status)
		return not_taken(rep);
	wire_fault(p, p->push, code, rep);
	if (sent > 0 && rep->class == POST_LATER)
		return reply_set(rep, POST_LOST, "程序会用同一事件编号再推一次，接收方按编号去重",
				 code == CURLE_OPERATION_TIMEDOUT ? "已发出，等待应答超时"
								  : "已发出，没有得到应答");
	return rep->class;
}

enum post_class post_push(struct post *p, const struct push_call *c, struct post_reply *rep)
{
	struct curl_slist *list = headers(c);
	struct answer a = {.read = 0};
	int64_t from = clock_mono_ms();
	CURL *curl = p->push;
	CURLcode code;

	*rep = (struct post_reply) {.class = POST_OK};
	buf_init(&a.kept, POST_ANSWER + 1);
	wire_prepare(p, curl, c->ca_pem, c->connect_ms, c->total_ms);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "kaipiao/" KP_VERSION);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_URL, c->url);
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, c->body);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->size);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &a);
	code = curl_easy_perform(curl);
	hide_told(&a.kept, c);
	rep->class = judge(p, code, &a, rep);
	rep->took_ms = (long)(clock_mono_ms() - from);
	curl_easy_reset(curl); /* nothing of this call stays referenced */
	curl_slist_free_all(list);
	buf_free(&a.kept);
	return rep->class;
}
