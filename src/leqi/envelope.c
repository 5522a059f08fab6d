/* envelope.c - from the bytes of an answer to a class: gzip, envelope, error layers.
 *
 * Source: protocol 1.5, 1.6 and 5.  Rule of doubt: what cannot be read may still have been carried
 * out, so it is LOST, never a refusal.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "leqi/wire_p.h"

enum { HEAD_MAX = 4096 };

bool envelope_gunzip(const char *bytes, size_t n, struct buf *out, bool *was_gzip)
{
	unsigned char piece[64 * 1024];
	z_stream z = {0};
	int rc = Z_OK;

	*was_gzip = n > 2 && (unsigned char)bytes[0] == 0x1f && (unsigned char)bytes[1] == 0x8b;
	if (!*was_gzip)
		return true;
	if (n > LEQI_ANSWER_MAX || inflateInit2(&z, 15 + 16) != Z_OK)
		return false;
	z.next_in = (unsigned char *)(uintptr_t)bytes;
	z.avail_in = (uInt)n;
	while (rc == Z_OK && !out->failed) {
		z.next_out = piece;
		z.avail_out = sizeof(piece);
		rc = inflate(&z, Z_NO_FLUSH);
		buf_add(out, piece, sizeof(piece) - z.avail_out);
	}
	inflateEnd(&z);
	return rc == Z_STREAM_END && !out->failed;
}

/* The first words of an answer that is no JSON, for the person: the title of an HTML page, or the
 * text itself. */
static enum leqi_class not_json(struct leqi_reply *rep, const char *text, size_t n, const char *why)
{
	char head[240], *clean = NULL;
	const char *title = memmem(text, n, "<title>", 7), *end;
	size_t left;

	if (title) {
		title += 7;
		left = n - (size_t)(title - text);
		end = memmem(title, left, "<", 1);
		text = title;
		n = end ? (size_t)(end - title) : left;
	}
	n = n < sizeof(head) - 1 ? n : text_whole(text, sizeof(head) - 1);
	memcpy(head, text, n);
	head[n] = 0;
	clean = text_clean(head, 60, false);
	reply_fail(rep, LEQI_LOST, LEQI_LOST_HINT, "%s：%s", why, *clean ? clean : "（空）");
	free(clean);
	return rep->class;
}

static enum leqi_class undecodable(struct leqi_reply *rep, const char *why)
{
	return reply_fail(rep, LEQI_LOST, LEQI_LOST_HINT, "%s", why);
}

/* A platform code other than 200, or an Error object: known sentence, or what doubt demands. */
static enum leqi_class platform_says(struct leqi_reply *rep, const char *code,
				     enum leqi_class otherwise)
{
	if (platform_known(code, rep->message, rep))
		return rep->class;
	if (!rep->message[0])
		return reply_fail(rep, otherwise, otherwise == LEQI_LOST ? LEQI_LOST_HINT : "",
				  "平台返回代码 %s", code);
	text_copy(rep->hint, sizeof(rep->hint), otherwise == LEQI_LOST ? LEQI_LOST_HINT : "");
	rep->class = otherwise;
	return otherwise;
}

/* Texts that may stand beside a platform code. */
static void take_message(struct leqi_reply *rep, const cJSON *envelope, const cJSON *response)
{
	static const char *const KEYS[] = {"message", "msg", "errorMsg", "httpStatusMsg", "error"};
	const cJSON *error = wire_get(response, "Error");

	for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]) && !rep->message[0]; i++)
		reply_say(rep, wire_text(envelope, KEYS[i]));
	reply_say(rep, wire_text(error, "Message"));
	wire_copy(error, "Code", rep->return_code, sizeof(rep->return_code));
}

/* The decrypted object: returncode decides. */
static enum leqi_class decode_data(struct leqi_reply *rep, struct buf *plain, cJSON **data)
{
	cJSON *tree = NULL;
	enum leqi_class class;
	int seconds;

	if (json_parse_theirs(buf_str(plain), plain->len, LEQI_ANSWER_MAX, &tree, NULL) != ERR_OK ||
	    !cJSON_IsObject(tree)) {
		json_free(&tree);
		return undecodable(rep, "应答解密后不是完整的 JSON：密钥可能不对，或应答被截断");
	}
	rep->answer = reply_trace_text(buf_str(plain), plain->len);
	wire_mask(rep->answer);
	wire_pair(tree, "returncode", rep->return_code, sizeof(rep->return_code));
	reply_say(rep, wire_text(tree, "returnmsg"));
	if (!rep->return_code[0]) {
		json_free(&tree);
		return undecodable(rep, "应答里没有返回码");
	}
	class = strcmp(rep->return_code, "00") == 0 ? LEQI_OK : LEQI_REFUSED;
	if (class == LEQI_REFUSED && !rep->message[0])
		reply_fail(rep, class, "", "税务侧拒绝，未说明原因");
	rep->class = class;
	if (class == LEQI_REFUSED && platform_flow_control(rep->message, &seconds))
		platform_known("", rep->message, rep);
	*data = tree;
	return rep->class;
}

static enum leqi_class decode_response(const unsigned char key[LEQI_KEY], struct leqi_reply *rep,
				       const cJSON *response, cJSON **data)
{
	const cJSON *item = wire_get(response, "Data");
	struct buf plain;
	enum leqi_class class;

	wire_copy(response, "RequestId", rep->request_id, sizeof(rep->request_id));
	if (cJSON_IsObject(wire_get(response, "Error"))) {
		take_message(rep, NULL, response);
		return platform_says(rep, rep->return_code, LEQI_REFUSED);
	}
	if (!cJSON_IsString(item))
		return undecodable(rep, "应答里没有数据（Data）");
	buf_init(&plain, LEQI_ANSWER_MAX);
	if (leqi_unseal(key, item->valuestring, strlen(item->valuestring), &plain) != ERR_OK)
		class = undecodable(rep, "应答解不开：密钥与环境可能不匹配，或应答在途中损坏");
	else
		class = decode_data(rep, &plain, data);
	if (plain.data)
		secret_wipe(plain.data, plain.len);
	buf_free(&plain);
	return class;
}

/* body is text that holds JSON, or the object itself; *inner is to be freed by the caller. */
static const cJSON *open_body(const cJSON *envelope, cJSON **inner)
{
	const cJSON *body = wire_get(envelope, "body");

	*inner = NULL;
	if (cJSON_IsString(body)) {
		if (json_parse_theirs(body->valuestring, strlen(body->valuestring), LEQI_ANSWER_MAX,
				      inner, NULL) != ERR_OK)
			return NULL;
		body = *inner;
	}
	if (!body)
		body = envelope;
	return wire_get(body, "Response");
}

static enum leqi_class decode_envelope(const unsigned char key[LEQI_KEY], struct leqi_reply *rep,
				       const cJSON *envelope, cJSON **data)
{
	cJSON *inner;
	const cJSON *response = open_body(envelope, &inner);
	enum leqi_class class;

	wire_copy(envelope, "httpStatusCode", rep->platform_code, sizeof(rep->platform_code));
	if (rep->platform_code[0] && strcmp(rep->platform_code, "200") != 0) {
		wire_copy(response, "RequestId", rep->request_id, sizeof(rep->request_id));
		take_message(rep, envelope, response);
		if (!response && !rep->message[0])
			reply_say(rep, wire_text(envelope, "body"));
		class = platform_says(rep, rep->platform_code, LEQI_LOST);
	} else if (!cJSON_IsObject(response)) {
		take_message(rep, envelope, NULL);
		class = rep->message[0] ? platform_says(rep, "", LEQI_LOST)
					: undecodable(rep, "应答不完整：没有 Response");
	} else {
		class = decode_response(key, rep, response, data);
	}
	json_free(&inner);
	return class;
}

static enum leqi_class decode_text(const unsigned char key[LEQI_KEY], const char *s, size_t n,
				   struct leqi_reply *rep, cJSON **data)
{
	cJSON *tree = NULL;
	enum leqi_class class;

	if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
		s += 3;
		n -= 3;
	}
	while (n && isspace((unsigned char)*s)) {
		s++;
		n--;
	}
	if (!n)
		return undecodable(rep, "应答是空的");
	if (*s != '{') {
		class = not_json(rep, s, n, "应答不是乐企的格式");
		return platform_known("", rep->message, rep) ? rep->class : class;
	}
	if (json_parse_theirs(s, n, LEQI_ANSWER_MAX, &tree, NULL) != ERR_OK)
		return not_json(rep, s, n, "应答被截断或不是完整的 JSON");
	class = decode_envelope(key, rep, tree, data);
	json_free(&tree);
	return class;
}

/* The beginning of an answer that could not be opened, for the request log. */
static char *head_of(const char *bytes, size_t n)
{
	return reply_trace_text(bytes, n < HEAD_MAX ? n : text_whole(bytes, HEAD_MAX));
}

enum leqi_class envelope_decode(const unsigned char key[LEQI_KEY], const char *bytes, size_t n,
				struct leqi_reply *rep, cJSON **data)
{
	struct buf plain;
	bool was_gzip;
	enum leqi_class class;

	*data = NULL;
	buf_init(&plain, LEQI_ANSWER_MAX);
	if (!envelope_gunzip(bytes, n, &plain, &was_gzip))
		class = undecodable(rep, "应答的压缩数据损坏");
	else if (was_gzip)
		class = decode_text(key, buf_str(&plain), plain.len, rep, data);
	else
		class = decode_text(key, bytes, n, rep, data);
	if (!rep->answer && was_gzip)
		rep->answer = head_of(buf_str(&plain), plain.len);
	else if (!rep->answer && n)
		rep->answer = head_of(bytes, n);
	buf_free(&plain);
	return class;
}

enum leqi_class leqi_decode(const unsigned char key[LEQI_KEY], const char *bytes, size_t n,
			    struct leqi_reply *rep)
{
	cJSON *data;

	*rep = (struct leqi_reply) {0};
	envelope_decode(key, bytes, n, rep, &data);
	json_free(&data);
	return rep->class;
}
