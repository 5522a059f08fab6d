/* reply - arbitrary bytes as an answer of the tax side.
 *
 * The first byte chooses: even, the rest is the envelope as it came over the wire; odd, the rest is
 * the plain text of Data, sealed with our key and wrapped in a good envelope, and read as a page of
 * red letters and as one of them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "leqi/leqi_p.h"
#include "tax/advice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const unsigned char KEY[LEQI_KEY] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
					    0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};

static void must(bool good)
{
	if (!good)
		abort();
}

/* What holds for every answer whatsoever. */
static void look(const struct leqi_reply *rep)
{
	char number[NUMBER_TEXT];
	const struct tax_advice *advice;

	must(text_valid(rep->message, strlen(rep->message)));
	must(text_valid(rep->hint, strlen(rep->hint)));
	must(rep->class == LEQI_OK || rep->message[0]);
	must(rep->class != LEQI_OK || strcmp(rep->return_code, "00") == 0);
	must(!rep->answer || text_valid(rep->answer, strlen(rep->answer)));
	if (leqi_says_duplicate(rep->message, number))
		must(!number[0] || strlen(number) == NUMBER_TEXT - 1);
	leqi_cause_is_outside(rep->message);
	for (size_t i = 0; (advice = tax_advice(rep->message, i)); i++)
		must(advice->advice[0]);
}

static void wrap(const uint8_t *data, size_t size, struct buf *out)
{
	buf_adds(out, "{\"httpStatusCode\":\"200\",\"body\":{\"Response\":{\"Data\":\"");
	must(leqi_seal(KEY, data, size, out) == ERR_OK);
	buf_adds(out, "\"}}}");
}

static enum err look_letter(void *arg, const struct red_letter *l)
{
	(void)arg;
	for (const struct text_field *f = red_texts; f->key; f++)
		must(text_valid(text_value(l, f), strlen(text_value(l, f))));
	must(*l->uuid && l->state > RED_UNKNOWN && l->state < RED_STATES && l->net_fen < 0 &&
	     l->tax_fen <= 0);
	return ERR_OK;
}

static void read_red(const uint8_t *data, size_t size)
{
	struct leqi_red_page page = {.total = -1};
	struct leqi_reply rep = {0};
	struct red_letter l;
	cJSON *tree = NULL;

	if (json_parse((const char *)data, size, 1 << 20, &tree, NULL) != ERR_OK)
		return;
	red_read_page(tree, look_letter, NULL, &page, &rep);
	must(page.unread <= page.rows);
	red_letter_init(&l);
	if (red_read_letter(tree, &l)) {
		look_letter(NULL, &l);
		for (size_t i = 0; i < l.line_count; i++)
			must(l.lines[i].blue_row && l.lines[i].rate_ppm >= 0);
	}
	red_letter_free(&l);
	leqi_reply_free(&rep);
	json_free(&tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct leqi_reply rep;
	struct buf b;

	if (!size)
		return 0;
	buf_init(&b, 1 << 24);
	if (data[0] & 1) {
		wrap(data + 1, size - 1, &b);
		read_red(data + 1, size - 1);
	} else {
		buf_add(&b, data + 1, size - 1);
	}
	leqi_decode(KEY, buf_str(&b), b.len, &rep);
	look(&rep);
	leqi_reply_free(&rep);
	buf_free(&b);
	return 0;
}
