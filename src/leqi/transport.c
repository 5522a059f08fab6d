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

/* Where the bytes go, when that is not where the name of the certificate leads. */
static struct curl_slist *forward(const struct leqi_unit *u)
{
	const char *host = u->base_url + 8;
	size_t n = strcspn(host, "/");
	bool port = memchr(host, ':', n) && host[n - 1] != ']';
	char rule[300];

	if (!text_empty(u->connect_to))
		snprintf(rule, sizeof(rule), "::%s", u->connect_to);
	else if (!text_empty(u->tls_name))
		snprintf(rule, sizeof(rule), "::%.*s%s", (int)n, host, port ? "" : ":443");
	else
		return NULL;
	return curl_slist_append(NULL, rule);
}

static void set_url(CURL *curl, const struct leqi_unit *u, const char *url)
{
	char named[600];
	const char *host = url + 8, *rest = host + strcspn(host, "/"), *port;

	if (text_empty(u->tls_name)) {
		curl_easy_setopt(curl, CURLOPT_URL, url);
		return;
	}
	for (port = rest; port > host && isdigit((unsigned char)port[-1]); port--)
		;
	port = port > host && port[-1] == ':' ? port - 1 : rest;
	snprintf(named, sizeof(named), "https://%s%s", u->tls_name, port);
	curl_easy_setopt(curl, CURLOPT_URL, named);
}

/* No proxy of the environment, and none left out because of it. */
static void set_proxy(CURL *curl, const struct leqi_unit *u)
{
	curl_easy_setopt(curl, CURLOPT_PROXY, text_empty(u->proxy) ? "" : u->proxy);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
	curl_easy_setopt(curl, CURLOPT_PROXYTYPE, (long)CURLPROXY_HTTP);
	curl_easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
	curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void transport_secure(CURL *curl, const struct leqi_unit *u, const char *url,
		      struct curl_slist **connect_to)
{
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (!text_empty(u->ca_pem)) {
		struct curl_blob blob = {(void *)(uintptr_t)u->ca_pem, strlen(u->ca_pem),
					 CURL_BLOB_COPY};

		curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL); /* the unit's own authority alone */
	}
	set_url(curl, u, url);
	set_proxy(curl, u);
	*connect_to = forward(u);
	curl_easy_setopt(curl, CURLOPT_CONNECT_TO, *connect_to);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "kaipiao/" KP_VERSION);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
			 u->connect_ms ? u->connect_ms : (long)LEQI_CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, u->total_ms ? u->total_ms : (long)LEQI_TOTAL_MS);
}

void transport_result(CURL *curl, struct exchange *x)
{
	struct curl_header *h;
	time_t t;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &x->status);
	curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &x->verify);
	curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &x->tunnel);
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
	transport_secure(l->curl, x->unit, x->url, &connect_to);
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
	transport_result(l->curl, x);
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
    {CURLE_COULDNT_CONNECT, LEQI_LATER, "连接不上对方端口",
     "检查网络、防火墙与接入地址的端口；经代理上网时用 --proxy"},
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

static enum leqi_class lost(const struct exchange *x, struct leqi_reply *rep)
{
	for (size_t i = 0; i < sizeof(LOSSES) / sizeof(LOSSES[0]); i++)
		if (LOSSES[i].code == x->code)
			return reply_fail(rep, LEQI_LOST, LEQI_LOST_HINT, "%s", LOSSES[i].words);
	return reply_fail(rep, LEQI_LOST, LEQI_LOST_HINT, "请求已发出，没有得到应答");
}

/* ---- the proxy ---- */

/* What a proxy says to CONNECT; the last row is for everything else. */
static const struct {
	long status;
	enum leqi_class class;
	const char *words, *hint;
} TUNNEL[] = {
    {407, LEQI_MISCONFIGURED, "代理服务器要求登录",
     "请代理的管理员对本机免登录放行平台的域名和端口，或换一台代理"},
    {403, LEQI_MISCONFIGURED, "代理服务器不放行这个地址",
     "请代理的管理员放行平台的域名和端口（CONNECT）"},
    {405, LEQI_MISCONFIGURED, "代理服务器不支持 CONNECT", "核对 --proxy 的端口，或换一台代理"},
    {502, LEQI_LATER, "代理服务器连不上平台", "检查代理服务器的网络；程序会自动再试"},
    {503, LEQI_LATER, "代理服务器连不上平台", "检查代理服务器的网络；程序会自动再试"},
    {504, LEQI_LATER, "代理服务器连不上平台", "检查代理服务器的网络；程序会自动再试"},
    {0, LEQI_LATER, "代理服务器没有接通平台", "核对 --proxy 与代理服务器的设置；程序会自动再试"},
};

/* Was it the proxy, and not what lies behind it, that let an exchange down? */
static bool proxy_failed(const struct exchange *x)
{
	return !text_empty(x->unit->proxy) && x->tunnel / 100 != 2;
}

static enum leqi_class proxy_fault(const struct exchange *x, struct leqi_reply *rep)
{
	size_t i = 0;

	if (x->code == CURLE_COULDNT_RESOLVE_PROXY)
		return reply_fail(rep, LEQI_LATER, "核对 --proxy 的主机名，检查网络与 DNS",
				  "代理服务器 %s 域名解析失败", x->unit->proxy);
	if (x->code == CURLE_COULDNT_CONNECT)
		return reply_fail(rep, LEQI_LATER,
				  "核对 --proxy 的地址与端口，检查代理服务器是否在运行",
				  "连接不上代理服务器 %s", x->unit->proxy);
	while (TUNNEL[i].status && TUNNEL[i].status != x->tunnel)
		i++;
	if (x->tunnel)
		return reply_fail(rep, TUNNEL[i].class, TUNNEL[i].hint, "%s（%s，HTTP %ld）",
				  TUNNEL[i].words, x->unit->proxy, x->tunnel);
	return reply_fail(rep, TUNNEL[i].class, TUNNEL[i].hint, "%s（%s）", TUNNEL[i].words,
			  x->unit->proxy);
}

enum leqi_hop transport_hop(CURL *curl, const struct exchange *x)
{
	const char *peer = NULL;
	curl_off_t named = 0;

	curl_easy_getinfo(curl, CURLINFO_NAMELOOKUP_TIME_T, &named);
	curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &peer); /* once TCP stands */
	switch (x->code) {
	case CURLE_OK:
		return LEQI_HOPS;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return LEQI_HOP_NAME;
	case CURLE_COULDNT_CONNECT:
		return LEQI_HOP_TCP;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return LEQI_HOP_TLS;
	default:
		break;
	}
	if (text_empty(peer))
		return named ? LEQI_HOP_TCP : LEQI_HOP_NAME;
	return proxy_failed(x) ? LEQI_HOP_PROXY : LEQI_HOP_TLS;
}

enum leqi_class transport_fault(const struct exchange *x, struct leqi_reply *rep)
{
	log_write(LOG_INFO, "leqi", "%s curl %d %s", rep->trace_id, (int)x->code, x->error);
	if (x->taken)
		return lost(x, rep);
	if (proxy_failed(x))
		return proxy_fault(x, rep);
	if (x->code == CURLE_PEER_FAILED_VERIFICATION || x->code == CURLE_SSL_ISSUER_ERROR)
		return reply_fail(
		    rep, LEQI_MISCONFIGURED,
		    "核对 --ca-file 与接入地址的主机名；接入地址写转发服务器的地址时用 --tls-name "
		    "写平台的域名，切勿关闭证书校验",
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

/* host:port without a scheme: libcurl would take one for another kind of proxy. */
static bool address_ok(const char *s)
{
	return text_empty(s) || (strchr(s, ':') && strlen(s) <= 250 && !strpbrk(s, "/@ "));
}

static bool name_ok(const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '-' && s[i] != '.')
			return false;
	return n <= 253;
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
	else if (!address_ok(u->connect_to))
		reply_fail(rep, LEQI_MISCONFIGURED, "--connect-to 写作 主机:端口",
			   "转发地址写法不对");
	else if (!address_ok(u->proxy))
		reply_fail(rep, LEQI_MISCONFIGURED, "--proxy 写作 主机:端口", "代理服务器写法不对");
	else if (!text_empty(u->tls_name) && !name_ok(u->tls_name))
		reply_fail(rep, LEQI_MISCONFIGURED, "--tls-name 写平台证书上的域名",
			   "服务器证书名称写法不对");
	else
		return true;
	return false;
}

const char *leqi_transport_version(void)
{
	return curl_version();
}
