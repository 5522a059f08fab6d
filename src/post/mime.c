/* mime.c - the message: header lines that cannot be broken out of, text and files as MIME parts.
 *
 * Names of files stand twice, as mail programs want them: Content-Type name in encoded words (RFC
 * 2047: QQ mail, 163 mail, old Outlook) and Content-Disposition filename* (RFC 2231: the others).
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "post/post_p.h"

enum {
	WORD_BYTES = 45,  /* of text in an encoded word: 60 characters of base64 in 75 */
	PLAIN_MAX = 60,   /* characters of a header that stays as it is */
	PIECE_CHARS = 60, /* of a piece of a long file name */
	LINE_MAX_BYTES = 8192,
};

/* ---- header texts ---- */

/* Printable ASCII without what has a meaning in encoded words. */
static bool plain(const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < ' ' || (unsigned char)s[i] >= 0x7f ||
		    strchr("\"\\=?()<>[]:;,", s[i]))
			return false;
	return n <= PLAIN_MAX && (!n || (*s != ' ' && s[n - 1] != ' '));
}

char *post_encode_words(const char *text)
{
	char *clean = text_clean(text, LINE_MAX_BYTES / 8, false);
	const char *s = clean;
	struct buf b;

	if (plain(clean))
		return clean;
	buf_init(&b, 2 * LINE_MAX_BYTES);
	while (*s) {
		unsigned char base64[WORD_BYTES / 3 * 4 + 1];
		size_t n = strlen(s);

		n = n > WORD_BYTES ? text_whole(s, WORD_BYTES) : n;
		EVP_EncodeBlock(base64, (const unsigned char *)s, (int)n);
		buf_addf(&b, "%s=?UTF-8?B?%s?=", s == clean ? "" : "\r\n ", (char *)base64);
		s += n;
	}
	free(clean);
	return buf_detach(&b);
}

/* One character as RFC 2231 has it; returns its length. */
static size_t percent(char out[4], unsigned char c)
{
	bool own = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		   (c && strchr("-._", c));

	return (size_t)snprintf(out, 4, own ? "%c" : "%%%02X", c);
}

/* A piece ends before a character that would pass its bound. */
static size_t piece(struct buf *b, const char *s)
{
	size_t n = 0, chars = 0;

	while (s[n]) {
		uint32_t cp;
		size_t len = text_next(s + n, strlen(s + n), &cp), i;

		if (chars + 3 * len > PIECE_CHARS)
			break;
		for (i = 0; i < len; i++) {
			char one[4];

			chars += percent(one, (unsigned char)s[n + i]);
			buf_adds(b, one);
		}
		n += len;
	}
	return n;
}

char *post_encode_file_name(const char *name)
{
	char *clean = text_clean(name, LINE_MAX_BYTES / 8, false);
	const char *s = clean;
	struct buf b, first;
	size_t n, i;

	buf_init(&b, 4 * LINE_MAX_BYTES);
	if (plain(clean)) {
		buf_addf(&b, "filename=\"%s\"", clean);
		free(clean);
		return buf_detach(&b);
	}
	buf_init(&first, LINE_MAX_BYTES);
	n = piece(&first, s);
	if (!s[n]) {
		buf_addf(&b, "filename*=UTF-8''%s", buf_str(&first));
	} else {
		buf_addf(&b, "filename*0*=UTF-8''%s", buf_str(&first));
		for (i = 1, s += n; *s; i++, s += n) {
			buf_addf(&b, ";\r\n filename*%zu*=", i);
			n = piece(&b, s);
		}
	}
	buf_free(&first);
	free(clean);
	return buf_detach(&b);
}

const char *post_date(int64_t t, char out[40])
{
	static const char *const DAYS[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct datetime d = date_of(t);
	int64_t day = date_days(d.date) % 7;

	snprintf(out, 40, "%s, %02d %s %04d %02d:%02d:%02d +0800", DAYS[day < 0 ? day + 7 : day],
		 d.date.day, MONTHS[d.date.month - 1], d.date.year, d.hour, d.minute, d.second);
	return out;
}

/* ---- the message ---- */

static void add(struct curl_slist **list, struct buf *b)
{
	struct curl_slist *more = b->failed ? NULL : curl_slist_append(*list, buf_str(b));

	if (more)
		*list = more;
	buf_reset(b);
}

static void add_words(struct curl_slist **list, struct buf *b, const char *name, const char *text,
		      const char *after)
{
	char *words = post_encode_words(text);

	buf_addf(b, "%s: %s%s", name, words, after);
	add(list, b);
	free(words);
}

static struct curl_slist *message_headers(const struct mail_call *c)
{
	struct curl_slist *list = NULL;
	struct buf b;
	char date[40], address[ADDRESS_TEXT + 8];

	buf_init(&b, 4 * LINE_MAX_BYTES);
	buf_addf(&b, "Date: %s", post_date(c->date, date));
	add(&list, &b);
	buf_addf(&b, "Message-ID: <%s>", c->message_id);
	add(&list, &b);
	snprintf(address, sizeof(address), "%s<%s>", text_empty(c->from_name) ? "" : " ", c->from);
	add_words(&list, &b, "From", text_empty(c->from_name) ? "" : c->from_name, address);
	buf_adds(&b, "To: ");
	for (size_t i = 0; i < c->to->count; i++)
		buf_addf(&b, "%s%s", i ? ",\r\n " : "", c->to->item[i]);
	add(&list, &b);
	add_words(&list, &b, "Subject", c->subject, "");
	buf_free(&b);
	return list;
}

/* libcurl asks for a part's bytes as it sends them; they are the caller's. */
struct source {
	const struct mail_file *file;
	size_t at;
};

static size_t give(char *out, size_t size, size_t count, void *arg)
{
	struct source *s = arg;
	size_t room = size * count, left = s->file->size - s->at, n = room < left ? room : left;

	memcpy(out, (const char *)s->file->data + s->at, n);
	s->at += n;
	return n;
}

static bool add_file(curl_mime *mime, const struct mail_file *f)
{
	curl_mimepart *part = curl_mime_addpart(mime);
	struct source *s = malloc(sizeof(*s));
	struct curl_slist *list = NULL;
	char *words, *name;
	struct buf b;
	bool ok;

	if (!part || !s) {
		free(s);
		return false;
	}
	*s = (struct source) {.file = f};
	words = post_encode_words(f->name);
	name = post_encode_file_name(f->name);
	buf_init(&b, 8 * LINE_MAX_BYTES);
	buf_addf(&b, "Content-Type: %s;\r\n name=\"%s\"", f->type, words);
	add(&list, &b);
	buf_addf(&b, "Content-Disposition: attachment;\r\n %s", name);
	add(&list, &b);
	ok = curl_mime_data_cb(part, (curl_off_t)f->size, give, NULL, free, s) == CURLE_OK &&
	     curl_mime_encoder(part, "base64") == CURLE_OK &&
	     curl_mime_headers(part, list, 1) == CURLE_OK;
	buf_free(&b);
	free(words);
	free(name);
	return ok;
}

curl_mime *mime_message(CURL *curl, const struct mail_call *c, struct curl_slist **headers)
{
	curl_mime *mime = curl_mime_init(curl);
	curl_mimepart *text = mime ? curl_mime_addpart(mime) : NULL;
	bool ok = text && curl_mime_data(text, c->text, CURL_ZERO_TERMINATED) == CURLE_OK &&
		  curl_mime_type(text, "text/plain; charset=UTF-8") == CURLE_OK &&
		  curl_mime_encoder(text, "base64") == CURLE_OK;

	for (size_t i = 0; ok && i < c->file_count; i++)
		ok = add_file(mime, &c->files[i]);
	if (!ok) {
		curl_mime_free(mime);
		return NULL;
	}
	*headers = message_headers(c);
	return mime;
}
