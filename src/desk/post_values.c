/* post_values.c - single values of the settings of pushes and mail, and their secrets. */
#include "desk/post_values_p.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

enum { SECRET_MAX = 256, CA_MAX = 1 << 20 };

/* ---- single values ---- */

enum err post_bad(const char *field, const char *label, const char *why, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "post.field", label, "%s", why);
	err_field(e, "%s", field);
	return ERR_INVALID;
}

enum err post_take_text(const char *field, const char *label, const char *value, char *out,
			size_t size, size_t chars, struct err_info *e)
{
	size_t at;
	uint32_t cp;
	char *clean;
	enum err r = ERR_OK;

	if (!value)
		return ERR_OK;
	clean = text_trim(value);
	if (text_find_forbidden(clean, false, &at, &cp))
		r = post_bad(field, label, "含有不允许的字符", e);
	else if (text_chars(clean) > chars || !text_copy(out, size, clean))
		r = post_bad(field, label, "太长", e);
	free(clean);
	return r;
}

enum err post_take_flag(const char *field, const char *label, const char *value, bool *out,
			struct err_info *e)
{
	if (!value)
		return ERR_OK;
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return post_bad(field, label, "应为 yes 或 no", e);
	*out = !strcmp(value, "yes");
	return ERR_OK;
}

enum err post_take_number(const char *field, const char *label, const char *value, int min, int max,
			  int *out, struct err_info *e)
{
	char why[80];
	long v;

	if (!value)
		return ERR_OK;
	v = text_all_digits(value) && strlen(value) < 7 ? strtol(value, NULL, 10) : -1;
	snprintf(why, sizeof(why), "应为 %d 到 %d 的整数", min, max);
	if (v < min || v > max)
		return post_bad(field, label, why, e);
	*out = (int)v;
	return ERR_OK;
}

/* The certificates are kept as text, so that the file may go away. */
enum err post_take_ca(const char *file, char **out, struct err_info *e)
{
	char *pem;
	size_t n;
	enum err r;

	if (!file)
		return ERR_OK;
	if (!*file) {
		mem_set(out, "");
		return ERR_OK;
	}
	if ((r = file_read(file, CA_MAX, &pem, &n, e)))
		return r;
	if (strlen(pem) != n || !strstr(pem, "-----BEGIN CERTIFICATE-----"))
		r = post_bad("ca-file", "CA 证书文件", "不是 PEM 格式的证书", e);
	else
		mem_set(out, pem);
	free(pem);
	return r;
}

/* ---- secrets ---- */

enum err post_seal(struct session *s, const char *context, const char *secret, size_t n, char **out,
		   struct err_info *e)
{
	unsigned char key[SECRET_KEY];
	char *sealed;
	enum err r = home_load_key(s->home, s->db, key, e);

	if (r)
		return r;
	r = secret_seal(key, context, secret, n, &sealed, e);
	secret_wipe(key, sizeof(key));
	if (r)
		return r;
	free(*out);
	*out = sealed;
	return ERR_OK;
}

/* One line of printable characters, blanks around it left out. */
static enum err seal_text(struct session *s, const struct secret_rule *rule, const char *context,
			  const char *text, size_t n, char **out, struct err_info *e)
{
	size_t i;

	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	while (n && isspace((unsigned char)*text)) {
		text++;
		n--;
	}
	for (i = 0; i < n; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return post_bad(rule->field, rule->label, "应只有一行可见的字符", e);
	}
	if (n < rule->min || n > SECRET_MAX)
		return post_bad(rule->field, rule->label,
				n > SECRET_MAX ? "最多 256 个字节" : "太短，至少 16 个字符", e);
	return post_seal(s, context, text, n, out, e);
}

enum err post_take_secret(struct session *s, const struct secret_rule *rule, const char *context,
			  const char *typed, const char *file, char **out, struct err_info *e)
{
	char *data;
	size_t n;
	enum err r;

	if (typed)
		return seal_text(s, rule, context, typed, strlen(typed), out, e);
	if (!file)
		return ERR_OK;
	if ((r = file_read(file, 4096, &data, &n, e)))
		return r;
	r = seal_text(s, rule, context, data, n, out, e);
	secret_wipe(data, n);
	free(data);
	return r;
}
