/* address.c - forms of e-mail addresses, host names and service URLs. */
#include "base/address.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { LOCAL_MAX = 64, LABEL_MAX = 63, NAME_MAX_BYTES = 253, KEY_LIKE = 20 };

/* Labels of letters, digits and inner hyphens, parted by single dots. */
static bool name_ok(const char *s, size_t n, size_t least)
{
	size_t labels = 0, at = 0;

	if (!n || n > NAME_MAX_BYTES)
		return false;
	while (at <= n) {
		size_t end = at;

		while (end < n && s[end] != '.') {
			if (!isalnum((unsigned char)s[end]) && s[end] != '-')
				return false;
			end++;
		}
		if (end == at || end - at > LABEL_MAX || s[at] == '-' || s[end - 1] == '-')
			return false;
		labels++;
		at = end + 1;
	}
	return labels >= least;
}

static bool local_ok(const char *s, size_t n)
{
	if (!n || n > LOCAL_MAX || s[0] == '.' || s[n - 1] == '.')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!isalnum((unsigned char)s[i]) && !memchr("!#$%&'*+-/=?^_`{|}~.", s[i], 20))
			return false;
		if (s[i] == '.' && s[i + 1] == '.')
			return false;
	}
	return true;
}

bool address_ok(const char *s)
{
	const char *at = strrchr(s, '@');

	const char *last = at ? strrchr(at, '.') : NULL;

	/* A last label of digits would be an IPv4 address. */
	return last && isalpha((unsigned char)last[1]) && strlen(s) < ADDRESS_TEXT &&
	       local_ok(s, (size_t)(at - s)) && name_ok(at + 1, strlen(at + 1), 2);
}

/* ---- several ---- */

/* Bytes of a separator at s, 0: none. */
static size_t separator(const char *s)
{
	static const char *const WIDE[] = {"，", "；", "、", "　"};

	if (*s && strchr(",; \t\r\n", *s))
		return 1;
	for (size_t i = 0; i < sizeof(WIDE) / sizeof(WIDE[0]); i++) {
		size_t n = strlen(WIDE[i]);

		if (!strncmp(s, WIDE[i], n))
			return n;
	}
	return 0;
}

static enum err take(struct addresses *a, const char *s, size_t n, struct err_info *e)
{
	char one[ADDRESS_TEXT];

	snprintf(one, sizeof(one), "%.*s", (int)(n < sizeof(one) ? n : sizeof(one) - 1), s);
	if (n >= sizeof(one) || !address_ok(one)) {
		char *shown = text_clean(one, 60, false);

		err_fail(e, ERR_INVALID, "address.form", "邮箱地址", "“%s”不是邮箱地址", shown);
		err_hint(e, "写作 名称@域名，多个用逗号隔开");
		free(shown);
		return ERR_INVALID;
	}
	for (size_t i = 0; i < a->count; i++) {
		if (!strcasecmp(a->item[i], one))
			return ERR_OK;
	}
	if (a->count == ADDRESSES_MAX)
		return err_fail(e, ERR_INVALID, "address.many", "邮箱地址", "一次最多 %d 个",
				ADDRESSES_MAX);
	memcpy(a->item[a->count++], one, sizeof(one));
	return ERR_OK;
}

enum err addresses_parse(const char *text, struct addresses *out, struct err_info *e)
{
	struct addresses a = {.count = 0};
	const char *s = text ? text : "";

	while (*s) {
		size_t skip = separator(s), n = 0;
		enum err r;

		if (skip) {
			s += skip;
			continue;
		}
		while (s[n] && !separator(s + n))
			n++;
		if ((r = take(&a, s, n, e)))
			return r;
		s += n;
	}
	if (!a.count)
		return err_fail(e, ERR_INVALID, "address.none", "邮箱地址", "没有填写");
	*out = a;
	return ERR_OK;
}

const char *addresses_text(const struct addresses *a, char *out, size_t size)
{
	size_t len = 0;

	out[0] = 0;
	for (size_t i = 0; i < a->count; i++) {
		size_t n = strlen(a->item[i]) + (i ? 2 : 0);

		if (len + n >= size)
			break;
		snprintf(out + len, size - len, "%s%s", i ? ", " : "", a->item[i]);
		len += n;
	}
	return out;
}

/* ---- hosts and URLs ---- */

/* Hexadecimal digits and colons: enough to keep anything else out of a URL. */
static bool like_ipv6(const char *s)
{
	size_t n = strlen(s);

	return n >= 2 && n <= 39 && strchr(s, ':') && strspn(s, "0123456789abcdefABCDEF:") == n;
}

bool host_ok(const char *s)
{
	return strlen(s) < HOST_TEXT && (like_ipv6(s) || name_ok(s, strlen(s), 1));
}

bool host_is_loopback(const char *s)
{
	if (!strcasecmp(s, "localhost") || !strcmp(s, "::1"))
		return true;
	/* 127.x.y.z and nothing else: a name may begin like it. */
	return !strncmp(s, "127.", 4) && strspn(s, "0123456789.") == strlen(s) && host_ok(s);
}

/* The host of what follows "://", without port and brackets; false when it has no sound form. */
static bool url_host(const char *s, char host[HOST_TEXT])
{
	size_t n = strcspn(s, "/?");
	const char *end, *port;

	if (*s == '[') {
		end = memchr(s, ']', n);
		if (!end)
			return false;
		port = end + 1;
		s++;
	} else {
		end = memchr(s, ':', n);
		if (!end)
			end = s + n;
		port = end;
	}
	if (end == s || (size_t)(end - s) >= HOST_TEXT)
		return false;
	memcpy(host, s, (size_t)(end - s));
	host[end - s] = 0;
	if (*port == ':') {
		size_t digits = strspn(port + 1, "0123456789");

		if (!digits || digits > 5)
			return false;
		port += 1 + digits;
	}
	return (!*port || *port == '/' || *port == '?') && host_ok(host);
}

enum err url_check(const char *url, bool plain, struct err_info *e)
{
	bool secure = !strncasecmp(url, "https://", 8), open = !strncasecmp(url, "http://", 7);
	char host[HOST_TEXT];
	const char *p;

	for (p = url;
	     (unsigned char)*p > ' ' && (unsigned char)*p < 0x7f && !strchr("\"<>\\^`{|}#@", *p);
	     p++)
		;
	if (*p || (!secure && !open) || strlen(url) >= URL_TEXT ||
	    !url_host(url + (secure ? 8 : 7), host)) {
		err_fail(e, ERR_INVALID, "url.form", "地址", "“%.60s”不是服务地址",
			 *p ? "（含有不允许的字符）" : url);
		err_hint(e, "写作 https://主机:端口/路径");
		return ERR_INVALID;
	}
	if (secure || plain || host_is_loopback(host))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "url.plain", "地址", "须以 https:// 开头，明文会泄露开票数据");
	err_hint(e, "只在自己的内网里、确实没有证书时，才勾选“允许明文”；命令行加 --plain yes");
	return ERR_INVALID;
}

/* ---- what a URL hides ---- */

/* Of a path: letters and digits mixed, too long to be read. */
static bool like_key(const char *s, size_t n)
{
	bool letter = false, digit = false;

	for (size_t i = 0; i < n; i++) {
		letter |= isalpha((unsigned char)s[i]) != 0;
		digit |= isdigit((unsigned char)s[i]) != 0;
	}
	return n >= KEY_LIKE && letter && digit;
}

const char *url_hidden(const char *url, size_t *at, size_t *n)
{
	const char *scheme = strstr(url, "://"), *host = scheme ? scheme + 3 : url;
	size_t query = strcspn(url, "?"), begin = (size_t)(host - url), user, end;

	user = begin + strcspn(host, "/?@");
	if (*at < begin)
		*at = begin;
	if (*at == begin && url[user] == '@' && user > begin) {
		*n = user - begin;
		*at = user;
		return host;
	}
	while (url[*at]) {
		bool of_query = *at > query;

		end = *at + strcspn(url + *at, of_query ? "&" : "/?");
		if (of_query) {
			size_t name = *at + strcspn(url + *at, "=&");

			if (url[name] == '=' && name < end)
				*at = name + 1;
		}
		*n = end - *at;
		begin = *at;
		*at = end + (url[end] != 0);
		if (of_query ? *n > 0 : begin > user && like_key(url + begin, *n))
			return url + begin;
	}
	return NULL;
}

const char *url_mask(const char *url, char out[URL_TEXT])
{
	size_t at = 0, n = 0, len = 0;
	const char *from = url, *hidden;

	out[0] = 0;
	while ((hidden = url_hidden(url, &at, &n)) && len < URL_TEXT) {
		snprintf(out + len, URL_TEXT - len, "%.*s***", (int)(hidden - from), from);
		len += strlen(out + len);
		from = hidden + n;
	}
	if (len < URL_TEXT)
		snprintf(out + len, URL_TEXT - len, "%s", from);
	return out;
}
