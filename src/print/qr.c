#include "print/qr_p.h"

#include <qrencode.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "print/print.h"

enum { QR_VERSION = 5, CRC_POLYNOMIAL = 0x8005 };

uint16_t print_crc16(const void *data, size_t n)
{
	const unsigned char *p = data;
	unsigned crc = 0;
	size_t i;
	int bit;

	for (i = 0; i < n; i++) {
		crc ^= (unsigned)p[i] << 8;
		for (bit = 0; bit < 8; bit++)
			crc = crc & 0x8000 ? (crc << 1) ^ CRC_POLYNOMIAL : crc << 1;
		crc &= 0xFFFF;
	}
	return (uint16_t)crc;
}

enum err print_qr_text(const struct invoice *inv, char out[PRINT_QR_TEXT], struct err_info *e)
{
	const char *d = inv->issued_at, *kind = inv->kind == INVOICE_SPECIAL ? "31" : "32";
	char amount[FEN_TEXT], text[PRINT_QR_TEXT - 4];
	int n;

	if (strlen(inv->number) != NUMBER_TEXT - 1 || strlen(d) != DATETIME_TEXT - 1)
		return err_fail(e, ERR_INVALID, "print.unnumbered", "版式文件",
				"发票还没有号码或开票日期");
	n = snprintf(text, sizeof(text), "01,%s,,%s,%s,%.4s%.2s%.2s,,", kind, inv->number,
		     fen_format(inv->gross_fen, amount), d, d + 5, d + 8);
	snprintf(out, PRINT_QR_TEXT, "%s%04X", text, print_crc16(text, (size_t)n));
	return ERR_OK;
}

enum err qr_make(const char *text, bool module[QR_MODULES][QR_MODULES], struct err_info *e)
{
	QRcode *q = QRcode_encodeData((int)strlen(text), (const unsigned char *)text, QR_VERSION,
				      QR_ECLEVEL_M);
	const int from = (QR_MODULES - QR_BLANK) / 2, to = from + QR_BLANK;
	int x, y;

	if (!q || q->width != QR_MODULES) {
		QRcode_free(q);
		return err_fail(e, ERR_INTERNAL, "print.qr", "二维码", "无法编码 %s", text);
	}
	for (y = 0; y < QR_MODULES; y++)
		for (x = 0; x < QR_MODULES; x++)
			module[y][x] = (q->data[y * QR_MODULES + x] & 1) &&
				       !(x >= from && x < to && y >= from && y < to);
	QRcode_free(q);
	return ERR_OK;
}
