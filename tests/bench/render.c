/* Renders an invoice of the JSON form to a file and counts renderings per second.
 *
 *   render FORMAT INVOICE.json [-n TIMES] [-o FILE] [--number N] [--date "yyyy-MM-dd HH:mm:ss"]
 *          [--seller NAME] [--seller-no TAXNO] [--seller-bank B] [--seller-account A]
 *          [--region CODE] [--production] [--accepted] [--watermark TEXT]
 *
 * Prints "name seconds per-second bytes"; the times count one process on one core.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "print/print.h"
#include "tax/calc.h"
#include "tax/invoice_json.h"

struct options {
	const char *format, *input, *output, *times;
	const char *number, *date, *seller, *seller_no, *seller_bank, *seller_account;
	const char *region, *watermark;
	bool production, accepted;
};

static int fail(const struct err_info *e)
{
	char text[2048];

	fprintf(stderr, "render: %s %s\n", e->field, err_sentence(e, text, sizeof(text)));
	return 1;
}

static bool parse(int argc, char **argv, struct options *o)
{
	const struct {
		const char *name;
		const char **value;
	} valued[] = {
	    {"-n", &o->times},
	    {"-o", &o->output},
	    {"--number", &o->number},
	    {"--date", &o->date},
	    {"--seller", &o->seller},
	    {"--seller-no", &o->seller_no},
	    {"--seller-bank", &o->seller_bank},
	    {"--seller-account", &o->seller_account},
	    {"--region", &o->region},
	    {"--watermark", &o->watermark},
	};
	size_t k;
	int i;

	if (argc < 3)
		return false;
	o->format = argv[1];
	o->input = argv[2];
	for (i = 3; i < argc; i++) {
		if (!strcmp(argv[i], "--production")) {
			o->production = true;
			continue;
		}
		if (!strcmp(argv[i], "--accepted")) {
			o->accepted = true;
			continue;
		}
		for (k = 0; k < sizeof(valued) / sizeof(valued[0]); k++)
			if (!strcmp(argv[i], valued[k].name))
				break;
		if (k == sizeof(valued) / sizeof(valued[0]) || i + 1 == argc)
			return false;
		*valued[k].value = argv[++i];
	}
	return true;
}

static enum err load(const struct options *o, struct invoice *inv, struct err_info *e)
{
	cJSON *tree = NULL;
	char *text = NULL;
	size_t n;
	enum err r;

	r = file_read(o->input, INVOICE_FILE_MAX, &text, &n, e);
	if (r == ERR_OK)
		r = json_parse(text, n, INVOICE_FILE_MAX, &tree, e);
	free(text);
	if (r != ERR_OK)
		return r;
	r = invoice_from_json(cJSON_IsArray(tree) ? cJSON_GetArrayItem(tree, 0) : tree, "", inv, e);
	json_free(&tree);
	if (r == ERR_OK)
		r = tax_invoice_compute(inv, e);
	if (r != ERR_OK) {
		invoice_free(inv);
		return r;
	}
	text_copy(inv->number, sizeof(inv->number), o->number);
	text_copy(inv->issued_at, sizeof(inv->issued_at), o->date);
	mem_set(&inv->seller.name, o->seller);
	mem_set(&inv->seller.tax_no, o->seller_no);
	mem_set(&inv->seller.bank, o->seller_bank);
	mem_set(&inv->seller.account, o->seller_account);
	return ERR_OK;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum err render(const struct options *o, enum print_format format, const struct invoice *inv,
		       struct buf *out, struct err_info *e)
{
	const struct print_face face = {
	    .invoice = inv,
	    .region_code = o->region,
	    .platform_no = "5d2cff003e35abac053a",
	    .issue_mode = PRINT_MODE_OWN,
	    .accepted = o->accepted,
	    .production = o->production,
	    .watermark = o->watermark,
	};
	long times = strtol(o->times, NULL, 10), i;
	enum err r = ERR_OK;
	double begin, spent;
	char name[PRINT_NAME_TEXT];

	buf_init(out, PRINT_SIZE_MAX);
	begin = now();
	for (i = 0; r == ERR_OK && i < times; i++) {
		buf_reset(out);
		r = print_render(format, &face, out, e);
	}
	spent = now() - begin;
	if (r == ERR_OK)
		printf("%s %.4f %.1f %zu\n", print_file_name(format, inv, name), spent,
		       spent > 0 ? (double)times / spent : 0.0, out->len);
	return r;
}

int main(int argc, char **argv)
{
	struct options o = {
	    .times = "1",
	    .number = "26447000000000000001",
	    .date = "2026-01-31 09:30:00",
	    .seller = "深圳市示例软件有限公司",
	    .seller_no = "91440300MA5EXAMPL1",
	    .seller_bank = "",
	    .seller_account = "",
	    .region = "14403000000",
	};
	enum print_format format;
	struct err_info e = {0};
	struct invoice inv;
	struct buf out;
	enum err r;

	if (!parse(argc, argv, &o) || !print_format_parse(o.format, &format)) {
		fputs("usage: render pdf|ofd|xml|txt INVOICE.json [-n TIMES] [-o FILE] ...\n",
		      stderr);
		return 2;
	}
	if (load(&o, &inv, &e) != ERR_OK)
		return fail(&e);
	r = render(&o, format, &inv, &out, &e);
	if (r == ERR_OK && o.output)
		r = file_write(o.output, out.data, out.len, 0644, &e);
	buf_free(&out);
	invoice_free(&inv);
	return r == ERR_OK ? 0 : fail(&e);
}
