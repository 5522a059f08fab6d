/* red_apply_file.c - a blue invoice that was not issued here, read from a file. */
#include <stdlib.h>

#include "base/base.h"
#include "ui/screen/import_p.h"
#include "ui/screen/red_apply_p.h"

enum { SENTENCE = 1200, FILE_FIELD = 1 };

void apply_take_given(struct apply *s, char *text, bool file)
{
	apply_forget_source(s);
	free(s->given);
	s->given = text;
	s->given_file = file;
	s->number[0] = 0;
	apply_keep(s);
}

static const struct field FILE_FIELDS[] = {
    {.id = FILE_FIELD,
     .kind = FIELD_TEXT,
     .label = "文件",
     .col = 7,
     .width = 56,
     .wide_width = 76,
     .max_chars = 500,
     .required = true,
     .help =
	 "这台服务器上的文件：数电发票的 XML 版式文件，或 JSON（写法同命令行 red apply --blue）。"},
    {.id = 0},
};

static bool take_file(struct form *f, void *arg)
{
	struct apply *s = arg;
	char path[IMPORT_PATH], sentence[SENTENCE], *data;
	struct red_given_blue blue;
	struct err_info e = {0};
	size_t size;

	if (!import_find(f, FILE_FIELD, path))
		return false;
	if (file_read(path, RED_GIVEN_MAX, &data, &size, &e)) {
		form_fail(f, FILE_FIELD, ui_sentence(&e, sentence, sizeof(sentence)));
		return false;
	}
	if (red_given_read(data, size, &blue, &e)) {
		form_fail(f, FILE_FIELD, ui_sentence(&e, sentence, sizeof(sentence)));
		free(data);
		return false;
	}
	red_given_free(&blue);
	apply_take_given(s, mem_strndup(data, size), true);
	free(data);
	return true;
}

bool apply_ask_file(struct apply *s)
{
	return view_ask(
	    s->frame.view, APPLY_ASK_FILE, &view_form_ops,
	    &(struct ask_form_arg) {.title = "从文件读蓝字发票",
				    .fields = FILE_FIELDS,
				    .arg = s,
				    .note = "一张不是在这里开的蓝字发票：XML 版式文件，或 JSON。",
				    .submit = take_file});
}
