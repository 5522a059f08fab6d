/* probe.c - can the platform be reached?  For doctor and for the check of a new unit. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "leqi/leqi_p.h"

static size_t drop(char *bytes, size_t size, size_t count, void *arg)
{
	(void)bytes;
	(void)arg;
	return size * count;
}

/* A HEAD request to the root: no secret, no body; its Date tells the platform's clock. */
static void knock(CURL *curl, const struct leqi_unit *u, struct exchange *x)
{
	struct curl_slist *connect_to = NULL;
	char root[220];
	size_t n = 8 + strcspn(u->base_url + 8, "/");

	snprintf(root, sizeof(root), "%.*s/", (int)n, u->base_url);
	transport_secure(curl, u, root, &connect_to);
	curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, x->error);
	x->code = curl_easy_perform(curl);
	transport_result(curl, x);
	curl_easy_setopt(curl, CURLOPT_CONNECT_TO, NULL);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
	curl_slist_free_all(connect_to);
}

static void read_hops(CURL *curl, const struct exchange *x, struct leqi_probe *out)
{
	const char *address = NULL;
	curl_off_t shaken = 0;
	long port = 0;

	curl_easy_getinfo(curl, CURLINFO_APPCONNECT_TIME_T, &shaken);
	out->fault = transport_hop(curl, x);
	/* What the server makes of HEAD, after a good handshake, is not the question. */
	out->verified = shaken > 0 && x->code != CURLE_PEER_FAILED_VERIFICATION &&
			(out->fault == LEQI_HOPS || out->fault == LEQI_HOP_TLS);
	if (out->verified)
		out->fault = LEQI_HOPS;
	out->resolved = out->fault > LEQI_HOP_NAME;
	out->connected = out->fault > LEQI_HOP_TCP;
	curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &address);
	curl_easy_getinfo(curl, CURLINFO_PRIMARY_PORT, &port);
	if (!text_empty(address))
		snprintf(out->address, sizeof(out->address), "%.50s:%ld", address, port);
	out->server_time = x->date > 0 ? x->date : 0;
}

enum err leqi_probe(struct leqi *l, const struct leqi_unit *u, struct leqi_probe *out,
		    struct err_info *e)
{
	struct leqi_reply rep = {0};
	struct exchange x = {.unit = u};
	int64_t start = clock_mono_ms();
	CURL *curl;

	(void)l; /* a probe never takes a kept-alive connection: it must see every hop */
	*out = (struct leqi_probe) {0};
	if (!transport_unit_ok(u, &rep)) {
		out->fault = LEQI_HOP_PATH;
		text_copy(out->message, sizeof(out->message), rep.message);
		return leqi_error(&rep, "连接乐企平台", e);
	}
	curl = curl_easy_init();
	if (!curl)
		return err_fail(e, ERR_INTERNAL, "leqi.curl", "网络", "libcurl 不能启动");
	knock(curl, u, &x);
	read_hops(curl, &x, out);
	curl_easy_cleanup(curl);
	out->took_ms = (long)(clock_mono_ms() - start);
	if (out->verified)
		return ERR_OK;
	transport_fault(&x, &rep);
	text_copy(out->message, sizeof(out->message), rep.message);
	return leqi_error(&rep, "连接乐企平台", e);
}
