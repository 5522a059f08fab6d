/* Separated text: encodings, quotes, separators, and the signs spreadsheet programs are given. */
#include "sheet_lab.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void write_text(const char *text)
{
	lab_write(text, strlen(text));
}

static void assert_text(const char *text, const char *want)
{
	write_text(text);
	assert_reads(want);
}

static void reads_rows(void **state)
{
	struct sheet_reader *r;
	struct err_info e;

	(void)state;
	assert_text("a,b,c\n1,,3\n", "1 t:a|t:b|t:c\n2 t:1|e:|t:3\n");
	assert_text("a,b\r\n\r\n,,\r\nc,d", "1 t:a|t:b\n4 t:c|t:d\n");
	assert_text("a\rb\rc", "1 t:a\n2 t:b\n3 t:c\n");
	assert_text("one column\n二\n", "1 t:one column\n2 t:二\n");
	assert_text("\n\n,,,\n", "");
	assert_text("a,b,,,\n", "1 t:a|t:b\n");
	assert_text(" a , b\n", "1 t: a |t: b\n");
	write_text("a,b");
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	assert_int_equal(sheet_count(r), 1);
	assert_string_equal(sheet_name(r, 0), "");
	assert_false(sheet_hidden(r, 0));
	assert_int_equal(sheet_select(r, 1, &e), ERR_INVALID);
	sheet_close(&r);
}

static void takes_quotes(void **state)
{
	(void)state;
	assert_text("\"a,b\",\"c\"\"d\",\"\"\n\"x\ny\",\"1\r\n2\"\nlast\n",
		    "1 t:a,b|t:c\"d\n2 t:x\ny|t:1\n2\n5 t:last\n");
	assert_text("a\"b,\"c\"d,\"e\" \n", "1 t:a\"b|t:cd|t:e \n");
	assert_text("\"a\r\rb\"\rc", "1 t:a\n\nb\n4 t:c\n");
	assert_text("\"\"\"\"\n", "1 t:\"\n");
}

static void names_the_line_of_an_open_quote(void **state)
{
	struct buf b;
	int i;

	(void)state;
	write_text("a,b\nc,\"d\ne,f\n");
	assert_refused("sheet.broken", "第 2 行");
	buf_init(&b, 1 << 22);
	buf_adds(&b, "a\n\"open,1\n");
	for (i = 0; i < 30000; i++)
		buf_adds(&b, "some,cells\n");
	lab_write(b.data, b.len);
	assert_refused("sheet.broken", "第 2 行");
	buf_reset(&b);
	for (i = 0; i < 200000; i++)
		buf_adds(&b, "x");
	lab_write(b.data, b.len);
	assert_refused("sheet.hostile", "第 1 行");
	buf_free(&b);
}

static void guesses_the_separator(void **state)
{
	(void)state;
	assert_text("a;b\n\"x;y\";1,5\n", "1 t:a|t:b\n2 t:x;y|t:1,5\n");
	assert_text("a\tb\tc\n1,2\t3\t4\n", "1 t:a|t:b|t:c\n2 t:1,2|t:3|t:4\n");
	assert_text("title\na,b,c\n1\t,2\t,3\t\n", "1 t:title\n2 t:a|t:b|t:c\n3 t:1|t:2|t:3\n");
	assert_text("sep=;\na;b,c\n", "2 t:a|t:b,c\n");
	assert_text("sep=|\r\na|b\r\n", "2 t:a|t:b\n");
	assert_text("sep=,x\n", "1 t:sep=|t:x\n");
}

static void takes_signs_off(void **state)
{
	(void)state;
	assert_text("'=1+1,'+86,'-a,'@x,'＝1,'＋,'－,'＠,'\"\n",
		    "1 t:=1+1|t:+86|t:-a|t:@x|t:＝1|t:＋|t:－|t:＠|t:'\"\n");
	assert_text("''=1,'a,',it's,-5,=A1\n", "1 t:'=1|t:'a|t:'|t:it's|t:-5|t:=A1\n");
	assert_text("\"'\tx\",\"6222021234567890123\t\",\"\t\"\n",
		    "1 t:\tx|t:6222021234567890123\n");
	assert_text("=\"007\",\"=\"\"008\"\"\",=\"a\"&\"b\",=\"\"\n",
		    "1 t:007|t:008|t:=\"a\"&\"b\"\n");
}

static void cleans_text(void **state)
{
	(void)state;
	assert_text("a\xE2\x80\x8B"
		    "b\x01,_x0041_\n",
		    "1 t:ab|t:_x0041_\n");
}

static void assert_bytes(const char *bytes, size_t n, const char *want)
{
	lab_write(bytes, n);
	assert_reads(want);
}

static void knows_encodings(void **state)
{
	static const char utf16[] = "\377\376\062\165\054\000\141\000\012\000\100\330\000\334";
	static const char utf16be[] = "\376\377\165\062\000\054\000\141";
	static const char gb[] = "\xBC\xD7,\xD2\xD2\n\x81\x30\x84\x36,\x95\x32\x82\x36\n";

	(void)state;
	assert_text("\xEF\xBB\xBF甲,乙\n", "1 t:甲|t:乙\n");
	assert_text("甲,乙\n", "1 t:甲|t:乙\n");
	assert_bytes(utf16, sizeof(utf16) - 1, "1 t:甲|t:a\n2 t:𠀀\n");
	assert_bytes(utf16be, sizeof(utf16be) - 1, "1 t:甲|t:a\n");
	assert_bytes(gb, sizeof(gb) - 1, "1 t:甲|t:乙\n2 t:¥|t:𠀀\n");
	/* Cut in the middle of the last character. */
	assert_text("甲,\xE4\xB9", "1 t:甲\n");
	assert_text("\xBC\xD7,\xD2", "1 t:甲\n");
	/* Neither. */
	write_text("\xBC\xD7,\xFF\xFF,x\n");
	assert_refused("sheet.encoding", "UTF-8");
	write_text("\xEF\xBB\xBF\xE7\x94\xB2\xFF,abcdef\n");
	assert_refused("sheet.encoding", "UTF-8");
}

/* Characters lie across the pieces in which a file is read, whatever they are cut at. */
static void joins_pieces(void **state)
{
	static const struct {
		const char *cell, *want;
	} FORMS[] = {{"甲\xF0\xA0\x80\x80", "t:甲\xF0\xA0\x80\x80"},
		     {"\xBC\xD7\x95\x32\x82\x36", "t:甲\xF0\xA0\x80\x80"},
		     {"\"a\"\"b\"", "t:a\"b"}};
	struct buf text, want;
	size_t i, k, shift;

	(void)state;
	for (i = 0; i < COUNT(FORMS); i++) {
		for (shift = 0; shift < 8; shift++) {
			buf_init(&text, 1 << 22);
			buf_init(&want, 1 << 22);
			buf_add(&text, "xxxxxxxx", shift);
			buf_adds(&text, "x\r\n");
			buf_addf(&want, "1 t:%.*s\n", (int)shift + 1, "xxxxxxxxx");
			for (k = 0; k < 30000; k++) {
				buf_addf(&text, "%s\r\n", FORMS[i].cell);
				buf_addf(&want, "%zu %s\n", k + 2, FORMS[i].want);
			}
			lab_write(text.data, text.len);
			assert_reads(want.data);
			buf_free(&text);
			buf_free(&want);
		}
	}
}

static void cuts_wide_rows(void **state)
{
	struct sheet_reader *r;
	struct sheet_row row;
	struct err_info e;
	struct buf b;
	bool end;
	int i;

	(void)state;
	buf_init(&b, 1 << 16);
	for (i = 0; i < 300; i++)
		buf_addf(&b, "%d,", i);
	buf_adds(&b, "\"x\ny\"\nnext\n");
	lab_write(b.data, b.len);
	buf_free(&b);
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
	assert_int_equal(row.count, SHEET_WIDTH);
	assert_string_equal(row.cells[255].text, "255");
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
	assert_int_equal(row.number, 3);
	assert_string_equal(row.cells[0].text, "next");
	sheet_close(&r);
}

static void begins_again(void **state)
{
	struct sheet_reader *r;
	struct err_info e;
	struct buf b;
	int64_t done, total;

	(void)state;
	write_text("sep=;\n\xBC\xD7;1\n");
	buf_init(&b, 1 << 10);
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	assert_int_equal(lab_rows(r, &b, &e), ERR_OK);
	assert_int_equal(sheet_select(r, 0, &e), ERR_OK);
	assert_int_equal(lab_rows(r, &b, &e), ERR_OK);
	assert_string_equal(b.data, "2 t:甲|t:1\n2 t:甲|t:1\n");
	sheet_progress(r, &done, &total);
	assert_int_equal(done, 11);
	assert_int_equal(total, 11);
	sheet_close(&r);
	buf_free(&b);
}

/* A child writes the file into a pipe that is read as standard input. */
static void assert_piped(const char *want)
{
	size_t n;
	char *data = lab_bytes(&n), *got;
	int ends[2], keep = dup(STDIN_FILENO), status;
	struct sheet_reader *r = NULL;
	struct err_info e;
	struct buf b;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child)
		_exit(close(ends[0]) || write(ends[1], data, n) != (ssize_t)n);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	buf_init(&b, 1 << 20);
	assert_int_equal(sheet_open("-", &r, &e), ERR_OK);
	assert_int_equal(lab_rows(r, &b, &e), ERR_OK);
	sheet_close(&r);
	dup2(keep, STDIN_FILENO);
	close(keep);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	got = buf_detach(&b);
	assert_string_equal(got, want);
	free(got);
	free(data);
}

static void reads_standard_input(void **state)
{
	(void)state;
	assert_text("甲,1\n", "1 t:甲|t:1\n");
	assert_piped("1 t:甲|t:1\n");
	lab_book(&(struct lab_book) {.rows = "<row><c><v>1</v></c></row>"});
	assert_piped("1 n:1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_rows),
	    cmocka_unit_test(takes_quotes),
	    cmocka_unit_test(names_the_line_of_an_open_quote),
	    cmocka_unit_test(guesses_the_separator),
	    cmocka_unit_test(takes_signs_off),
	    cmocka_unit_test(cleans_text),
	    cmocka_unit_test(knows_encodings),
	    cmocka_unit_test(joins_pieces),
	    cmocka_unit_test(cuts_wide_rows),
	    cmocka_unit_test(begins_again),
	    cmocka_unit_test(reads_standard_input),
	};

	return cmocka_run_group_tests(tests, lab_begin, lab_end);
}
