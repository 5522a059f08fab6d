/* The QR code: check value, text, symbol. */
#include "print_help.h"

#include <qrencode.h>

#include "print/qr_p.h"

static void crc_known(void **state)
{
	static const struct {
		const char *text;
		uint16_t crc;
	} KNOWN[] = {
	    {"123456789", 0xFEE8},
	    {"", 0},
	    {"01,31,,24112000000048542163,4449.00,20240528,,", 0xB2B6},
	    {"01,31,,22344000000000012345,358.95,20230609,,", 0x2D08},
	    {"01,32,,25440000000000000001,100.00,20251120,,", 0xAEC6},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++)
		assert_int_equal(print_crc16(KNOWN[i].text, strlen(KNOWN[i].text)), KNOWN[i].crc);
}

static void text_known(void **state)
{
	char out[PRINT_QR_TEXT];
	struct invoice inv;

	(void)state;
	help_invoice(&inv);
	snprintf(inv.number, sizeof(inv.number), "24112000000048542163");
	snprintf(inv.issued_at, sizeof(inv.issued_at), "2024-05-28 10:11:12");
	inv.kind = INVOICE_SPECIAL;
	inv.gross_fen = 444900;
	assert_int_equal(print_qr_text(&inv, out, NULL), ERR_OK);
	assert_string_equal(out, "01,31,,24112000000048542163,4449.00,20240528,,B2B6");
	snprintf(inv.number, sizeof(inv.number), "25440000000000000001");
	snprintf(inv.issued_at, sizeof(inv.issued_at), "2025-11-20 00:00:00");
	inv.kind = INVOICE_ORDINARY;
	inv.gross_fen = 10000;
	assert_int_equal(print_qr_text(&inv, out, NULL), ERR_OK);
	assert_string_equal(out, "01,32,,25440000000000000001,100.00,20251120,,AEC6");
	invoice_free(&inv);
}

static void text_extremes(void **state)
{
	bool module[QR_MODULES][QR_MODULES];
	char out[PRINT_QR_TEXT] = "untouched";
	struct err_info e = {0};
	struct invoice inv;

	(void)state;
	help_invoice(&inv);
	inv.gross_fen = -FEN_MAX;
	assert_int_equal(print_qr_text(&inv, out, &e), ERR_OK);
	assert_non_null(strstr(out, ",-9999999999999999.99,"));
	assert_int_equal(qr_make(out, module, &e), ERR_OK);
	snprintf(out, sizeof(out), "untouched");
	inv.number[0] = 0;
	assert_int_equal(print_qr_text(&inv, out, &e), ERR_INVALID);
	assert_string_equal(e.code, "print.unnumbered");
	assert_string_equal(out, "untouched");
	invoice_free(&inv);
}

/* The symbol is version 5-M of the text, except for whole modules in the middle. */
static void symbol_blank(void **state)
{
	static const char text[] = "01,32,,25440000000000000001,100.00,20251120,,AEC6";
	QRcode *q = QRcode_encodeString8bit(text, 5, QR_ECLEVEL_M);
	bool module[QR_MODULES][QR_MODULES];
	int x, y, changed = 0, blank = 0;

	(void)state;
	assert_non_null(q);
	assert_int_equal(q->width, 37);
	assert_int_equal(qr_make(text, module, NULL), ERR_OK);
	for (y = 0; y < 37; y++) {
		for (x = 0; x < 37; x++) {
			bool inside = x >= 14 && x <= 22 && y >= 14 && y <= 22;
			bool dark = q->data[y * 37 + x] & 1;

			changed += module[y][x] != dark;
			blank += inside && !module[y][x];
			if (!inside)
				assert_int_equal(module[y][x], dark);
		}
	}
	assert_int_equal(blank, 81);
	assert_true(changed > 0);
	QRcode_free(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(crc_known),
	    cmocka_unit_test(text_known),
	    cmocka_unit_test(text_extremes),
	    cmocka_unit_test(symbol_blank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
