/* wire.c - what HTTP and SMTP calls have in common: verified TLS, limits, words for faults. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cert.h"
#include "base/log.h"
#include "base/text.h"
#include "post/post_p.h"

enum { IDLE_SECONDS = 30, CONNECT_MS = 10000, TOTAL_MS = 60000 };

const char *post_class_word(enum post_class c)
{
	static const char *const WORDS[] = {[POST_OK] = "ok",
					    [POST_REFUSED] = "refused",
					    [POST_MISCONFIGURED] = "misconfigured",
					    [POST_LATER] = "later",
					    [POST_LOST] = "lost"};

	return WORDS[c];
}

enum err post_error(const struct post_reply *rep, const char *what, struct err_info *e)
{
	static const struct {
		enum err class;
		const char *code;
	} CLASSES[] = {[POST_REFUSED] = {ERR_REFUSED, "post.refused"},
		       [POST_MISCONFIGURED] = {ERR_REFUSED, "post.misconfigured"},
		       [POST_LATER] = {ERR_BUSY, "post.later"},
		       [POST_LOST] = {ERR_UNKNOWN, "post.lost"}};

	if (rep->class == POST_OK)
		return ERR_OK;
	err_fail(e, CLASSES[rep->class].class, CLASSES[rep->class].code, what, "%s", rep->words);
	if (*rep->hint)
		err_hint(e, "%s", rep->hint);
	return CLASSES[rep->class].class;
}

enum err post_open(struct post **out, struct err_info *e)
{
	static const char WHAT[] = "推送与邮件";
	struct post *p;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_fail(e, ERR_INTERNAL, "post.open", WHAT, "网络库无法启动");
	p = mem_zalloc(sizeof(*p));
	p->push = curl_easy_init();
	p->mail = curl_easy_init();
	if (!p->push || !p->mail) {
		post_close(&p);
		return err_fail(e, ERR_INTERNAL, "post.open", WHAT, "网络库无法启动");
	}
	*out = p;
	return ERR_OK;
}

void post_close(struct post **p)
{
	if (!*p)
		return;
	curl_easy_cleanup((*p)->push);
	curl_easy_cleanup((*p)->mail);
	free(*p);
	*p = NULL;
}

void post_watch(struct post *p, const atomic_bool *stop)
{
	p->stop = stop;
}

static int look(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct post *p = arg;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return p->stop && *p->stop && !p->pledged;
}

void wire_prepare(struct post *p, CURL *curl, const char *ca_pem, long connect_ms, long total_ms)
{
	curl_easy_reset(curl); /* keeps the connections */
	p->error[0] = 0;
	p->pledged = false;
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (!text_empty(ca_pem)) {
		struct curl_blob blob = {(void *)(uintptr_t)ca_pem, strlen(ca_pem), CURL_BLOB_COPY};

		curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL); /* these authorities alone */
	}
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms ? connect_ms : CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, total_ms ? total_ms : TOTAL_MS);
	curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, p);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, p->error);
}

enum post_class reply_set(struct post_reply *rep, enum post_class c, const char *hint,
			  const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(rep->words, sizeof(rep->words), fmt, ap);
	va_end(ap);
	rep->words[text_whole(rep->words, strlen(rep->words))] = 0;
	text_copy(rep->hint, sizeof(rep->hint), hint);
	rep->class = c;
	return c;
}

void reply_keep(struct post_reply *rep, const char *bytes, size_t n)
{
	char *raw = mem_strndup(bytes, n < POST_ANSWER ? n : POST_ANSWER);
	char *clean = text_clean(raw, POST_KEPT, true), *line;

	for (line = clean; *line; line++)
		if (*line == '\n' || *line == '\t')
			*line = ' ';
	line = text_trim(clean);
	text_copy(rep->answer, sizeof(rep->answer), line);
	free(line);
	free(clean);
	free(raw);
}

/* ---- faults before anything could have been taken ---- */

static const struct {
	CURLcode code;
	enum post_class class;
	const char *words, *hint;
} FAULTS[] = {
    {CURLE_COULDNT_RESOLVE_HOST, POST_LATER, "域名解析失败", "检查网络、DNS 和主机名"},
    {CURLE_COULDNT_CONNECT, POST_LATER, "连接不上对方端口", "检查网络、防火墙、主机和端口"},
    {CURLE_OPERATION_TIMEDOUT, POST_LATER, "等待对方超时", "检查网络与防火墙，或稍后再试"},
    {CURLE_SSL_CONNECT_ERROR, POST_MISCONFIGURED, "TLS 握手没有完成",
     "核对端口与加密方式；对方须支持 TLS 1.2"},
    {CURLE_USE_SSL_FAILED, POST_MISCONFIGURED, "对方不支持 STARTTLS，没有发送任何数据",
     "核对端口与加密方式"},
    {CURLE_SSL_CACERT_BADFILE, POST_MISCONFIGURED, "CA 证书读不出来", "重新指定 PEM 格式的证书"},
    {CURLE_UNSUPPORTED_PROTOCOL, POST_MISCONFIGURED, "地址不是 http、https", "改正地址"},
    {CURLE_URL_MALFORMAT, POST_MISCONFIGURED, "地址写法不对", "改正地址"},
    {CURLE_LOGIN_DENIED, POST_MISCONFIGURED, "对方不认这个用户名和密码",
     "核对用户名和密码；多数邮箱要用授权码"},
    {CURLE_ABORTED_BY_CALLBACK, POST_LATER, "程序正在退出，下次继续", ""},
    {CURLE_OUT_OF_MEMORY, POST_LATER, "内存不足", "关闭其他程序后再试"},
};

enum post_class wire_fault(struct post *p, CURL *curl, CURLcode code, struct post_reply *rep)
{
	long verify = 0;

	log_write(LOG_INFO, "post", "curl %d %s", (int)code, p->error);
	if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR) {
		curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &verify);
		return reply_set(rep, POST_MISCONFIGURED,
				 "核对主机名；对方用自己的证书时指定它的 CA",
				 "证书校验失败：%s，没有发送任何数据",
				 cert_words(verify, "证书上的主机名与地址不符"));
	}
	for (size_t i = 0; i < sizeof(FAULTS) / sizeof(FAULTS[0]); i++)
		if (FAULTS[i].code == code)
			return reply_set(rep, FAULTS[i].class, FAULTS[i].hint, "%s",
					 FAULTS[i].words);
	return reply_set(rep, POST_LATER, "检查网络；程序会自动再试", "连接没有建立起来或中断了");
}
