/* The scanner of large parts: what it takes, and that expat agrees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/scan_twin.h"

static const char *const DOCUMENTS[] = {
    "<a/>",
    "<a></a>",
    "<a>b</a >\n",
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<a b='1' c=\"2\">x</a>",
    "<?xml version='1.0' encoding='utf-8' ?><a/>",
    "\xEF\xBB\xBF<a>中</a>",
    "<a b = 'x>y' c:d=\"'\" ><e/>t<f>u</f></a><!-- ende --><?p i?>",
    "<a b='&lt;&#x4E2D;&#10;\t\r\n\r&quot;'>&amp;&lt;&gt;&apos;&#65;&#x1F600;</a>",
    "<a>\r\n\r\r\n]x]]y</a>",
    "<a><![CDATA[<b>&amp;\r\n]]]]><![CDATA[>]]></a>",
    "<a><!-- - -> --><?x y?><b/></a>",
    "<row><c r=\"A1\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> 张三 </t></is></c></row>",
    /* refused */
    "",
    "<a>",
    "<a></b>",
    "<a/><b/>",
    "x<a/>",
    "<a/>x",
    "<a b=1/>",
    "<a b='1'c='2'/>",
    "<a b='1' b='2'/>",
    "<a b='<'/>",
    "<a b/>",
    "<a / >",
    "< a/>",
    "<1/>",
    "<a>]]></a>",
    "<a>&b;</a>",
    "<a>&</a>",
    "<a>&lt</a>",
    "<a>&#0;</a>",
    "<a>&#xD800;</a>",
    "<a>&#xFFFF;</a>",
    "<a>&#X41;</a>",
    "<a>&#;</a>",
    "<a><!-- -- --></a>",
    "<a><!-- ---></a>",
    "<a><?xml version='1.0'?></a>",
    "<a><?XmL?></a>",
    "<a><? x?></a>",
    "<a><?x?y?></a>",
    "<a><![CDATA[x]]</a>",
    "<![CDATA[x]]><a/>",
    "<!DOCTYPE a><a/>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    "<a>\x01</a>",
    "<a>\xC0\x80</a>",
    "<a>\xE4\xB8</a>",
    "<a>\xED\xA0\x80</a>",
    "<a>\xEF\xBF\xBF</a>",
    "<a>\xF4\x90\x80\x80</a>",
    "<a b='\xFF'/>",
    "<a><b></a></b>",
    "</a>",
    "<a></a></a>",
};
enum { COUNT = sizeof(DOCUMENTS) / sizeof(DOCUMENTS[0]), GOOD = 12 };

static void test_documents(void **state)
{
	struct twin t;

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		const char *s = DOCUMENTS[i];
		int head = sheet_scan_head(s, strlen(s));

		for (size_t piece = 1; piece < 9; piece++)
			twin_compare(s, strlen(s), piece);
		if (head < 0)
			continue;
		assert_int_equal(twin_scan(&t, s + head, strlen(s) - (size_t)head, 3) == SCAN_GOOD,
				 i < GOOD);
		buf_free(&t.out);
	}
}

/* Documents with a few bytes of another one, or of chance, in them. */
static void test_changed(void **state)
{
	static const char ODD[] = "<>&;/'\"=!-?[] \r\n\tax:#\x01\x80\xE4\xBF\xEF";
	char text[256];

	(void)state;
	srandom(7);
	for (int i = 0; i < 60000; i++) {
		const char *from = DOCUMENTS[random() % COUNT];
		size_t n = strlen(from), at;

		memcpy(text, from, n);
		for (int k = 0; n && k < 1 + i % 3; k++) {
			at = (size_t)random() % n;
			text[at] = ODD[(size_t)random() % (sizeof(ODD) - 1)];
		}
		twin_compare(text, n, 1 + (size_t)random() % 12);
	}
}

/* What it leaves to expat. */
static void test_heads(void **state)
{
	static const char *const OTHERS[] = {
	    "<?xml version=\"1.0\" encoding=\"GBK\"?><a/>",
	    "<?xml version=\"1.0\"?><a/>",
	    "<?xml version=\"1.1\" encoding=\"UTF-8\"?><a/>",
	    "<?xml version=\"1.0\" encoding=\"UTF-8\" x=\"1\"?><a/>",
	    "<?xml version=\"1.0\" encoding=\"UTF-8",
	    "\xFE\xFF<a/>",
	    " <a/>",
	    "",
	};

	(void)state;
	assert_int_equal(sheet_scan_head("<a/>", 4), 0);
	assert_int_equal(sheet_scan_head("\xEF\xBB\xBF<a/>", 7), 3);
	assert_int_equal(sheet_scan_head("<?xml version='1.0' encoding='UTF-8'?><a/>", 42), 38);
	assert_int_equal(sheet_scan_head("<\0a\0/\0>\0", 8), -1);
	for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++)
		assert_int_equal(sheet_scan_head(OTHERS[i], strlen(OTHERS[i])), -1);
}

static enum sheet_scan_verdict scan_repeated(const char *head, const char *unit, int times)
{
	enum sheet_scan_verdict v;
	struct twin t;
	struct buf b;

	buf_init(&b, TWIN_MAX);
	buf_adds(&b, head);
	while (times--)
		buf_adds(&b, unit);
	v = twin_scan(&t, b.data, b.len, 65536);
	buf_free(&t.out);
	buf_free(&b);
	return v;
}

static void test_bounds(void **state)
{
	(void)state;
	assert_int_equal(scan_repeated("", "<a>", 2000), SCAN_LARGE);
	assert_int_equal(scan_repeated("", "<a>", 999), SCAN_BROKEN);
	assert_int_equal(scan_repeated("<", "aaaaaaaaaaaaaaaa", 100000), SCAN_LARGE);
	assert_int_equal(scan_repeated("<a b='", "aaaaaaaaaaaaaaaa", 100000), SCAN_LARGE);
	assert_int_equal(scan_repeated("<!--", "aaaaaaaaaaaaaaaa", 100000), SCAN_LARGE);
	assert_int_equal(scan_repeated("<a>", "<!DOCTYPE", 1), SCAN_TYPE);
}

struct stopper {
	struct sheet_scan *scan;
	int calls;
};

static void stop_start(void *user, const char *name, const char **attributes)
{
	struct stopper *s = user;

	(void)name, (void)attributes;
	s->calls++;
	sheet_scan_stop(s->scan);
}

static void stop_end(void *user, const char *name)
{
	(void)name;
	((struct stopper *)user)->calls++;
}

static void test_stop(void **state)
{
	static const struct sheet_scan_ops OPS = {.start = stop_start, .end = stop_end};
	static const char TEXT[] = "<a/><<<";
	struct stopper s = {0};

	(void)state;
	s.scan = sheet_scan_new(&OPS, &s);
	memcpy(sheet_scan_room(s.scan, sizeof(TEXT)), TEXT, sizeof(TEXT) - 1);
	assert_int_equal(sheet_scan_piece(s.scan, sizeof(TEXT) - 1), SCAN_STOPPED);
	assert_int_equal(s.calls, 1);
	sheet_scan_free(&s.scan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_documents), cmocka_unit_test(test_changed),
	    cmocka_unit_test(test_heads),     cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
