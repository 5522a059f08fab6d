/* transport.c - one POST over verified TLS.
 *
 * The body goes out through a read function and without a way to rewind it, so that libcurl can
 * never send it a second time by itself, and so that we know for certain whether any of it left:
 * what fails before the first byte was taken was certainly not processed.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/cert.h"
#include "base/log.h"
#include "base/text.h"
#include "leqi/leqi_p.h"

enum { IDLE_SECONDS = 30 }; /* older kept-alive connections are not used again */

struct sending {
	struct exchange *x;
	size_t at;
};

static size_t give_body(char *out, size_t size, size_t count, void *arg)
{
	struct sending *s = arg;
	size_t room = size * count, left = s->x->size - s->at, n = room < left ? room : left;

	if (n)
		s->x->taken = true;
	memcpy(out, s->x->body + s->at, n);
	s->at += n;
	return n;
}

static size_t take_answer(char *bytes, size_t size, size_t count, void *arg)
{
	struct exchange *x = arg;

	buf_add(&x->answer, bytes, size * count);
	return x->answer.failed ? 0 : size * count;
}

void transport_secure(CURL *curl, const struct leqi_unit *u, struct curl_slist **connect_to)
{
	char rule[300];

	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (!text_empty(u->ca_pem)) {
		struct curl_blob blob = {(void *)(uintptr_t)u->ca_pem, strlen(u->ca_pem),
					 CURL_BLOB_COPY};

		curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL); /* the unit's own authority alone */
	}
	if (!text_empty(u->connect_to)) {
		snprintf(rule, sizeof(rule), "::%s", u->connect_to);
		*connect_to = curl_slist_append(NULL, rule);
		curl_easy_setopt(curl, CURLOPT_CONNECT_TO, *connect_to);
	}
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "kaipiao/" KP_VERSION);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
			 u->connect_ms ? u->connect_ms : (long)LEQI_CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, u->total_ms ? u->total_ms : (long)LEQI_TOTAL_MS);
}

static void read_result(CURL *curl, struct exchange *x)
{
	struct curl_header *h;
	time_t t;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &x->status);
	curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &x->verify);
	if (curl_easy_header(curl, "Date", 0, CURLH_HEADER, -1, &h) == CURLHE_OK) {
		t = curl_getdate(h->value, NULL);
		x->date = t > 0 ? (int64_t)t : 0;
	}
}

void transport_post(struct leqi *l, struct exchange *x)
{
	struct sending s = {.x = x};
	struct curl_slist *connect_to = NULL;

	curl_easy_reset(l->curl); /* keeps the connections */
	x->error[0] = 0;
	transport_secure(l->curl, x->unit, &connect_to);
	curl_easy_setopt(l->curl, CURLOPT_URL, x->url);
	curl_easy_setopt(l->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(l->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->size);
	curl_easy_setopt(l->curl, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(l->curl, CURLOPT_READDATA, &s);
	curl_easy_setopt(l->curl, CURLOPT_HTTPHEADER, x->headers);
	curl_easy_setopt(l->curl, CURLOPT_WRITEFUNCTION, take_answer);
	curl_easy_setopt(l->curl, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(l->curl, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(l->curl, CURLOPT_ERRORBUFFER, x->error);
	curl_easy_setopt(l->curl, CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS);
	x->code = curl_easy_perform(l->curl);
	read_result(l->curl, x);
	curl_easy_reset(l->curl); /* nothing of this call stays referenced */
	curl_slist_free_all(connect_to);
}

/* What failed, told by libcurl's code.  The class is for a call whose body had not left. */
static const struct {
	CURLcode code;
	enum leqi_class class;
	const char *words, *hint;
} FAULTS[] = {
    {CURLE_COULDNT_RESOLVE_HOST, LEQI_LATER, "域名解析失败",
     "检查网络与 DNS，或用 --connect-to 指定转发地址"},
    {CURLE_COULDNT_RESOLVE_PROXY, LEQI_LATER, "域名解析失败", "检查网络与 DNS"},
    {CURLE_COULDNT_CONNECT, LEQI_LATER, "连接不上对方端口",
     "检查网络、防火墙与接入地址的端口；经代理转发时用 --connect-to"},
    {CURLE_OPERATION_TIMEDOUT, LEQI_LATER, "连接超时", "检查网络与防火墙是否放行接入地址的端口"},
    {CURLE_SSL_CONNECT_ERROR, LEQI_LATER, "TLS 握手没有完成，对方可能不是 https，或低于 TLS 1.2",
     "检查接入地址与代理；TLS 须由本程序直接与平台建立"},
    {CURLE_SSL_CACERT_BADFILE, LEQI_MISCONFIGURED, "本单位的 CA 证书读不出来",
     "用 --ca-file 重新指定 PEM 格式的 CA 证书"},
    {CURLE_UNSUPPORTED_PROTOCOL, LEQI_MISCONFIGURED, "接入地址须以 https:// 开头",
     "用 unit edit --url 改正接入地址"},
    {CURLE_URL_MALFORMAT, LEQI_MISCONFIGURED, "接入地址写法不对",
     "用 unit edit --url 改正接入地址"},
    {CURLE_SETOPT_OPTION_SYNTAX, LEQI_MISCONFIGURED, "转发地址写法不对",
     "--connect-to 写作 主机:端口"},
    {CURLE_OUT_OF_MEMORY, LEQI_LATER, "内存不足", "关闭其他程序后再试"},
};

/* After the body had left, nothing is certain any more. */
static const struct {
	CURLcode code;
	const char *words;
} LOSSES[] = {
    {CURLE_OPERATION_TIMEDOUT, "请求已发出，等待应答超时"},
    {CURLE_GOT_NOTHING, "请求已发出，对方没有应答就断开了"},
    {CURLE_RECV_ERROR, "请求已发出，连接中断"},
    {CURLE_SEND_ERROR, "请求发送到一半，连接中断"},
    {CURLE_SEND_FAIL_REWIND, "请求发出后连接中断"},
    {CURLE_PARTIAL_FILE, "应答没有收全"},
    {CURLE_WRITE_ERROR, "应答超过上限"},
    {CURLE_BAD_CONTENT_ENCODING, "应答的压缩数据损坏"},
    {CURLE_WEIRD_SERVER_REPLY, "对方的应答不是 HTTP"},
};

#define LOST_HINT "结果待查；程序会先查询再处理，请勿换号码重开"

static enum leqi_class lost(const struct exchange *x, struct leqi_reply *rep)
{
	for (size_t i = 0; i < sizeof(LOSSES) / sizeof(LOSSES[0]); i++)
		if (LOSSES[i].code == x->code)
			return reply_fail(rep, LEQI_LOST, LOST_HINT, "%s", LOSSES[i].words);
	return reply_fail(rep, LEQI_LOST, LOST_HINT, "请求已发出，没有得到应答");
}

enum leqi_class transport_fault(const struct exchange *x, struct leqi_reply *rep)
{
	log_write(LOG_INFO, "leqi", "%s curl %d %s", rep->trace_id, (int)x->code, x->error);
	if (x->taken)
		return lost(x, rep);
	if (x->code == CURLE_PEER_FAILED_VERIFICATION || x->code == CURLE_SSL_ISSUER_ERROR)
		return reply_fail(
		    rep, LEQI_MISCONFIGURED,
		    "核对 --ca-file 与接入地址的主机名；经代理转发时用 --connect-to，切勿关闭证书校验",
		    "证书校验失败：%s，没有发送任何数据",
		    cert_words(x->verify, "证书上的主机名与接入地址不符"));
	for (size_t i = 0; i < sizeof(FAULTS) / sizeof(FAULTS[0]); i++)
		if (FAULTS[i].code == x->code)
			return reply_fail(rep, FAULTS[i].class, FAULTS[i].hint, "%s",
					  FAULTS[i].words);
	return reply_fail(rep, LEQI_LATER, "检查网络；程序会自动再试",
			  "请求没有发出，连接没有建立起来");
}

/* Header values: what platform numbers, abilities and use cases are made of. */
static bool plain_word(const char *s)
{
	if (text_empty(s) || strlen(s) > 64)
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && *s != '-' && *s != '_' && *s != '.')
			return false;
	return true;
}

static bool url_ok(const char *url)
{
	if (text_empty(url) || strlen(url) > 200 || strncasecmp(url, "https://", 8) != 0 || !url[8])
		return false;
	for (; *url; url++)
		if ((unsigned char)*url <= ' ' || (unsigned char)*url >= 0x7f ||
		    strchr("\"<>\\^`{|}?#@", *url))
			return false;
	return true;
}

bool transport_unit_ok(const struct leqi_unit *u, struct leqi_reply *rep)
{
	if (!url_ok(u->base_url))
		reply_fail(rep, LEQI_MISCONFIGURED,
			   "接入地址写作 https://主机:端口/access/v2/invoke",
			   "接入地址须以 https:// 开头，明文地址一律不发送");
	else if (!plain_word(u->direct_id) || !plain_word(u->using_id))
		reply_fail(rep, LEQI_MISCONFIGURED, "在单位资料里补上直连单位与使用单位的平台编号",
			   "平台编号缺失或有不允许的字符");
	else if (!text_empty(u->ability) && !plain_word(u->ability))
		reply_fail(rep, LEQI_MISCONFIGURED, "能力编码形如 202007",
			   "能力编码有不允许的字符");
	else if (!text_empty(u->use_case) && !plain_word(u->use_case))
		reply_fail(rep, LEQI_MISCONFIGURED, "核对沙箱的用例编码", "用例编码有不允许的字符");
	else if (!text_empty(u->connect_to) &&
		 (!strchr(u->connect_to, ':') || strlen(u->connect_to) > 250))
		reply_fail(rep, LEQI_MISCONFIGURED, "--connect-to 写作 主机:端口",
			   "转发地址写法不对");
	else
		return true;
	return false;
}

const char *leqi_transport_version(void)
{
	return curl_version();
}
